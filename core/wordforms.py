"""Russian words beside numbers."""


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form of a noun for a number: 1 день, 2 дня, 5 дней, 11 дней, 21 день."""
    tail, last = abs(number) % 100, abs(number) % 10
    if 11 <= tail <= 14:
        return many
    return one if last == 1 else few if 2 <= last <= 4 else many


def counted(number: int, one: str, few: str, many: str) -> str:
    """The number with its noun: «2 рабочих дня»."""
    return f"{number} {plural(number, one, few, many)}"


def working_days(number: int) -> str:
    """«1 рабочий день», «2 рабочих дня», «5 рабочих дней»."""
    return counted(number, "рабочий день", "рабочих дня", "рабочих дней")


def megabytes(size: int) -> str:
    """Bytes as «53,1 Мб»."""
    return f"{size / 1024**2:.1f} Мб".replace(".", ",")


def gigabytes(size: int) -> str:
    """Bytes as «0,4 Гб»."""
    return f"{size / 1024**3:.1f} Гб".replace(".", ",")
