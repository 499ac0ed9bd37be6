"""The directory in words, for its administrator."""

from collections.abc import Sequence
from datetime import date
from html import escape

from core.people import Absence, Body, Directory, Person
from core.usecases.importing import Changes
from core.wordforms import counted

WRITE_NAME = "Напишите фамилию или её начало."
NOBODY = "Никого не нашлось. Напишите фамилию или её начало."
SEND_BOOK = ("Пришлите справочник файлом .xlsx, листы «Органы», «Люди», «Маршруты», "
             "«Согласование» и, если есть координаты, «Адреса». Образец — «Выгрузить XLSX». "
             "Сначала покажу, что изменится.")
BOOK_WANTED = "Здесь нужен файл .xlsx со справочником. Отменить — /cancel"
WHERE_TO = "В какой орган перевести?"
ROLES = "Нажмите роль, чтобы дать её или снять. Исполнителю и соисполнителю роль не нужна."
MOVED = "Переведён."
BLOCKED = "Заблокирован."
UNBLOCKED = "Разблокирован."
OLD_BOOK = "Этот файл уже загружен или отменён. Пришлите справочник ещё раз."
CONFIRMED = "Подтверждено."
WRITE_REFERENCE = ("Пришлите одним сообщением, по строке: адрес, телефон, почта, режим работы. "
                   "Чего нет — поставьте «-». Например:\nул. Мира, д. 1\n8 (495) 000-00-02\n"
                   "ugkh@example.ru\nпн–чт 9:00–18:00, пт 9:00–16:45")


def home(directory: Directory) -> str:
    """The first page."""
    people = directory.people.values()
    active = [one for one in people if one.active]
    waiting = sum(one.telegram_id is None for one in active)
    lost = sum(one.unreachable_since is not None for one in active)
    lines = ["<b>Справочник</b>",
             f"Сотрудников: {len(active)}, без Telegram ✉️: {waiting}, "
             f"бот не достаёт 📵: {lost}",
             f"Заблокировано ⛔: {sum(one.blocked for one in people)}",
             f"Органов и организаций: {len(directory.bodies)}, маршрутов: "
             f"{len(directory.routes)}, правил согласования: {len(directory.approvals)}"]
    return "\n".join(lines)


def people(count: int) -> str:
    """Above a list."""
    return f"<b>Сотрудники</b>: {count}\n✉️ без Telegram · 📵 бот не достаёт · ⛔ заблокирован"


def person(one: Person, directory: Directory, absences: Sequence[Absence], held: int) -> str:
    """Everything of a person."""
    body = directory.body_of(one)
    offices = "; ".join(sorted(role.label for role in one.offices)) or "исполнитель"
    state = ("заблокирован" if one.blocked else "работает" if one.active
             else "больше не работает (нет в загруженном справочнике)")
    lines = [f"<b>{escape(one.name)}</b>", escape(one.post),
             escape(body.name) if body else "",
             f"Код: {escape(one.code)} · {state}", f"Роли: {escape(offices)}",
             f"Почта: {escape(one.email) or 'не указана'}", f"Telegram: {telegram(one)}",
             f"Открытых дел: {held}"]
    lines += [f"🏖 {away.first:%d.%m.%Y} — {away.last:%d.%m.%Y}, замещает "
              f"{escape(directory.names([away.substitute_id]))}" for away in absences]
    return "\n".join(line for line in lines if line)


def telegram(one: Person) -> str:
    """Whether the bot reaches the person."""
    if one.telegram_id is None:
        return "не подключён, извещения идут на почту"
    if one.unreachable_since is not None:
        return (f"недоступен с {one.unreachable_since:%d.%m.%Y}: бот заблокирован или удалён. "
                "Извещения идут на почту")
    return "подключён"


def invitation(one: Person, days: int) -> str:
    """Under the picture with the link."""
    return (f"Приглашение: {escape(one.name)}. Перешлите ссылку или покажите код: действует "
            f"{days} дней, один раз.")


def sure_to_block(one: Person, held: int) -> str:
    """After blocking, what is left to be done."""
    left = counted(held, "открытое дело", "открытых дела", "открытых дел")
    return (f"{escape(one.short_name)}: доступ закрыт. Остаётся {left} — передайте другому "
            "сотруднику." if held else f"{escape(one.short_name)}: доступ закрыт.")


def changes(found: Changes) -> str:
    """What an import would do."""
    lines = ["<b>Что изменится</b>", _named("Новые сотрудники", found.new_people),
             _named("Изменятся", found.changed_people),
             _named("Больше не работают (нет в файле)", found.leaving),
             _named("Новые органы", found.new_bodies),
             f"Без изменений: {found.unchanged}. Маршрутов станет {found.routes}, правил "
             f"согласования — {found.approvals}.",
             "" if found.addresses is None
             else f"Адресов с координатами станет {found.addresses}."]
    if found.leaving:
        lines.append("У кого из них останутся открытые дела, узнает руководитель подразделения: "
                     "их нужно передать.")
    return "\n".join(line for line in lines if line)


def _named(title: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" и ещё {len(names) - 15}" if len(names) > 15 else ""
    return f"{title}: {len(names)} — {escape(', '.join(names[:15]))}{more}"


def loaded(found: Changes) -> str:
    """After an import."""
    return (f"Справочник загружен. Новых: {len(found.new_people)}, изменено: "
            f"{len(found.changed_people)}, больше не работают: {len(found.leaving)}.")


def reference(stale: int) -> str:
    """Above the bodies."""
    said = f"Пора подтвердить: {stale} (⏳)." if stale else "Все подтверждены в течение года."
    return f"<b>Справочные данные</b> (п. 2.1)\n{said}"


def body(one: Body) -> str:
    """The reference data of a body."""
    def shown(value: str) -> str:
        return escape(value) or "не указано"

    confirmed = f"{one.confirmed_on:%d.%m.%Y}" if one.confirmed_on else "ещё ни разу"
    return (f"<b>{escape(one.name)}</b>\n📍 {shown(one.address)}\n☎️ {shown(one.phone)}\n"
            f"✉️ {shown(one.email)}\n🕘 {shown(one.hours)}\nПодтверждено: {confirmed}")


def since(on: date | None) -> str:
    """«с 01.12.2025», or «ни разу»."""
    return f"с {on:%d.%m.%Y}" if on else "ни разу"
