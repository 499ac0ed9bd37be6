"""The administrator's directory: people, bodies, roles."""

from collections.abc import Sequence
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.cards import on_page
from bot.keyboards.case import Rows, button
from bot.keyboards.people import LABEL, Away, AwayAct, Hand, markup, turn
from bot.texts import general
from core.errors import NotFoundError
from core.people import Body, Person
from core.regulation.terms import OFFICES, Role


class Keep(StrEnum):
    """What may be done in the directory."""

    HOME = "h"
    PEOPLE = "p"
    FIND = "f"
    PERSON = "o"
    INVITE = "i"
    ROLES = "r"
    ROLE = "t"
    BODIES = "m"
    MOVE = "v"
    BLOCK = "b"
    UNBLOCK = "u"
    LOAD = "l"
    LOAD_SURE = "y"
    SAVE = "s"
    REFERENCE = "c"
    BODY = "d"
    CONFIRM = "k"
    MEND = "e"


class KeepAct(CallbackData, prefix="k"):
    """An act on a person or a body; ``arg`` is a role, a page's filter or a file."""

    do: Keep
    id: int = 0
    page: int = 0
    arg: str = ""


ROLES = tuple(sorted(OFFICES))


def home(*, stale: int) -> InlineKeyboardMarkup:
    """The first page."""
    reference = f"☎️ Справочные данные ({stale})" if stale else "☎️ Справочные данные"
    return markup([
        [button("👥 Сотрудники", KeepAct(do=Keep.PEOPLE)),
         button("🔎 Найти", KeepAct(do=Keep.FIND))],
        [button(reference, KeepAct(do=Keep.REFERENCE))],
        [button("📥 Загрузить XLSX", KeepAct(do=Keep.LOAD)),
         button("📤 Выгрузить XLSX", KeepAct(do=Keep.SAVE))]])


def people(found: Sequence[Person], page: int) -> InlineKeyboardMarkup:
    """One person a row, in pages."""
    rows: Rows = [[button(words.cut(f"{mark(one)}{one.short_name}, {one.post}", LABEL),
                          KeepAct(do=Keep.PERSON, id=one.id))] for one in on_page(found, page)]
    rows.append(turn(len(found), page, lambda to: KeepAct(do=Keep.PEOPLE, page=to)))
    rows.append([button("‹ Назад", KeepAct(do=Keep.HOME))])
    return markup(rows)


def mark(one: Person) -> str:
    """⛔ blocked, ▫️ left, ✉️ not in the bot, 📵 not reached; nothing where all is well."""
    if one.blocked:
        return "⛔ "
    if not one.active:
        return "▫️ "
    if one.unreachable_since is not None:
        return "📵 "
    return "" if one.telegram_id is not None else "✉️ "


def person(one: Person, *, held: int) -> InlineKeyboardMarkup:
    """What may be done about a person."""
    rows: Rows = []
    if one.active:
        rows += [[button("📨 Пригласить", KeepAct(do=Keep.INVITE, id=one.id)),
                  button("🎭 Роли", KeepAct(do=Keep.ROLES, id=one.id))],
                 [button("🏢 Перевести", KeepAct(do=Keep.MOVE, id=one.id)),
                  button("🏖 Отсутствие", AwayAct(do=Away.SHOW, whom=one.id))]]
    if held or one.active:
        label = f"🤝 Передать дела ({held})" if held else "🤝 Передать дела"
        rows.append([button(label, Hand(whom=one.id))])
    rows.append([button("⛔ Заблокировать", KeepAct(do=Keep.BLOCK, id=one.id)) if one.active
                 else button("✅ Разблокировать", KeepAct(do=Keep.UNBLOCK, id=one.id))])
    rows.append([button("‹ Назад", KeepAct(do=Keep.PEOPLE))])
    return markup(rows)


def roles(one: Person) -> InlineKeyboardMarkup:
    """Every office, those of the person marked; a tap turns one."""
    rows: Rows = [[button(words.cut(f"{'✅' if role in one.offices else '▫️'} {role.label}", LABEL),
                          KeepAct(do=Keep.ROLE, id=one.id, arg=role.value))] for role in ROLES]
    rows.append([button("‹ Назад", KeepAct(do=Keep.PERSON, id=one.id))])
    return markup(rows)


def role_of(code: str) -> Role:
    """The office of a button; raises NotFoundError for what no button of ours says."""
    found = next((role for role in ROLES if role.value == code), None)
    if found is None:
        raise NotFoundError(general.OLD_BUTTON)
    return found


def bodies(found: Sequence[Body], page: int, person_id: int) -> InlineKeyboardMarkup:
    """Where to move a person."""
    rows: Rows = [[button(words.cut(one.name, LABEL),
                          KeepAct(do=Keep.MOVE, id=person_id, arg=str(one.id)))]
                  for one in on_page(found, page)]
    rows.append(turn(len(found), page, lambda to: KeepAct(do=Keep.MOVE, id=person_id, page=to)))
    rows.append([button("‹ Назад", KeepAct(do=Keep.PERSON, id=person_id))])
    return markup(rows)


def sure_to_load(name: str) -> InlineKeyboardMarkup:
    """After the preview of a workbook."""
    return markup([[button("✅ Загрузить", KeepAct(do=Keep.LOAD_SURE, arg=name))],
                   [button("‹ Не загружать", KeepAct(do=Keep.HOME))]])


def reference(found: Sequence[Body], stale: frozenset[int], page: int) -> InlineKeyboardMarkup:
    """The bodies, those whose data are old first."""
    rows: Rows = [[button(words.cut(f"{'⏳ ' if one.id in stale else ''}{one.name}", LABEL),
                          KeepAct(do=Keep.BODY, id=one.id))] for one in on_page(found, page)]
    rows.append(turn(len(found), page, lambda to: KeepAct(do=Keep.REFERENCE, page=to)))
    rows.append([button("‹ Назад", KeepAct(do=Keep.HOME))])
    return markup(rows)


def body(body_id: int) -> InlineKeyboardMarkup:
    """The yearly confirmation of a body's reference data (2.1)."""
    return markup([[button("✅ Всё верно", KeepAct(do=Keep.CONFIRM, id=body_id)),
                    button("✏️ Исправить", KeepAct(do=Keep.MEND, id=body_id)),
                    button("👁 Показать", KeepAct(do=Keep.BODY, id=body_id))]])
