"""Russian words around numbers, dates and long texts: plurals, «до 14.12, вт», safe cuts."""

from datetime import date, datetime, tzinfo

from core.regulation.clauses import spoken
from core.wordforms import counted, plural, working_days

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
ELLIPSIS = "…"


CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def circled(place: int) -> str:
    """«①» for the first place, 0; «21.» where there is no such sign."""
    return CIRCLED[place] if place < len(CIRCLED) else f"{place + 1}."


def photos(number: int) -> str:
    """«1 фотография», «2 фотографии», «5 фотографий»."""
    return counted(number, "фотография", "фотографии", "фотографий")


def day(on: date) -> str:
    """«14.12, вт»."""
    return f"{on:%d.%m}, {WEEKDAYS[on.weekday()]}"


def moment(at: datetime, zone: tzinfo) -> str:
    """«14.12 в 10:05», by the office's clock."""
    return f"{at.astimezone(zone):%d.%m в %H:%M}"


def deadline(left: int, due_on: date, *, late: bool) -> str:
    """«осталось 2 рабочих дня, до 14.12, вт»; ``left`` as in ``core.cards.DueLine``."""
    if late:
        passed = f"просрочено на {working_days(-left)}" if left < 0 else "срок истёк"
        return f"{passed}, был до {day(due_on)}"
    if left <= 0:
        return f"последний день, до {day(due_on)}"
    verb = plural(left, "остался", "осталось", "осталось")
    return f"{verb} {working_days(left)}, до {day(due_on)}"


def clause(key: str) -> str:
    """A clause key for people: ``4.6¶2 срок`` is «п. 4.6, абз. 2»; empty for none."""
    return spoken(key) if key else ""


def sure(share: float) -> str:
    """How often, in words: «почти всегда», «чаще всего», «обычно»."""
    return "почти всегда" if share >= 0.95 else "чаще всего" if share >= 0.88 else "обычно"


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units (Bot API, «Formatting options»)."""
    return len(text.encode("utf-16-le")) // 2


def head(text: str, limit: int) -> str:
    """The longest beginning of at most ``limit`` units; never half a character."""
    if units(text) <= limit:
        return text
    raw = text.encode("utf-16-le")[:limit * 2]
    return raw.decode("utf-16-le", errors="ignore")


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with «…» at a word's end, at most ``limit`` units."""
    if units(text) <= limit:
        return text
    short = head(text, limit - 1)
    whole_words = short.rsplit(maxsplit=1)[0] if " " in short[len(short) // 2:] else short
    return whole_words.rstrip(" ,.;:—-") + ELLIPSIS


def pages(text: str, limit: int) -> tuple[str, ...]:
    """The text in pieces of at most ``limit`` units, broken at lines or words where possible.

    Nothing is lost: the pieces hold every character but the white space at the breaks.
    """
    pieces, rest = [], text.strip()
    while units(rest) > limit:
        piece = head(rest, limit)
        half = len(piece) // 2
        place = max(piece.rfind("\n", half), piece.rfind(" ", half))
        piece = piece[:place] if place > 0 else piece
        pieces.append(piece.rstrip())
        rest = rest[len(piece):].lstrip()
    return (*pieces, rest) if rest else tuple(pieces)
