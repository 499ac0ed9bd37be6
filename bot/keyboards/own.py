"""``/settings``: what a person may choose for the own telephone."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.case import Rows, button
from bot.keyboards.people import Away, AwayAct, markup
from core.people import Person, Quiet


class Own(StrEnum):
    """What may be set."""

    SHOW = "s"
    QUIET = "q"
    QUIET_IS = "qi"
    DAYS_OFF = "qd"
    DIGEST = "d"
    DIGEST_AT = "di"


class OwnAct(CallbackData, prefix="s"):
    """A choice; ``arg`` is its value, empty for what is usual in the office."""

    do: Own
    arg: str = ""


QUIET_CHOICES = ((20 * 60, 8 * 60), (21 * 60, 8 * 60), (22 * 60, 7 * 60), (18 * 60, 9 * 60))
DIGEST_CHOICES = (7 * 60 + 30, 8 * 60, 8 * 60 + 30, 9 * 60, 9 * 60 + 30, 10 * 60)


def clock(minute: int) -> str:
    """«08:30»."""
    return f"{minute // 60:02}:{minute % 60:02}"


def settings() -> InlineKeyboardMarkup:
    """Under ``/settings``."""
    return markup([[button("🌙 Тихие часы", OwnAct(do=Own.QUIET)),
                    button("🗞 Время сводки", OwnAct(do=Own.DIGEST))],
                   [button("🏖 Отсутствие", AwayAct(do=Away.SHOW))]])


def quiet(person: Person, usual: Quiet) -> InlineKeyboardMarkup:
    """When to be left in peace."""
    now = person.quiet or usual
    choices = [button(f"{clock(start)} — {clock(end)}",
                      OwnAct(do=Own.QUIET_IS, arg=f"{start}-{end}"))
               for start, end in QUIET_CHOICES]
    days_off = "🔔 В выходные присылать" if now.days_off else "🔕 В выходные не присылать"
    rows: Rows = [choices[:2], choices[2:],
                  [button("🔔 Присылать всегда", OwnAct(do=Own.QUIET_IS, arg="0-0")),
                   button("↺ Как в отделе", OwnAct(do=Own.QUIET_IS))],
                  [button(days_off, OwnAct(do=Own.DAYS_OFF, arg="" if now.days_off else "1"))],
                  [button("‹ Назад", OwnAct(do=Own.SHOW))]]
    return markup(rows)


def digest(*, desk: bool) -> InlineKeyboardMarkup:
    """When the digest comes; who is not of the desk may do without."""
    choices = [button(clock(one), OwnAct(do=Own.DIGEST_AT, arg=str(one)))
               for one in DIGEST_CHOICES]
    usual = "↺ Как в отделе" if desk else "🚫 Не присылать"
    return markup([choices[:3], choices[3:], [button(usual, OwnAct(do=Own.DIGEST_AT))],
                   [button("‹ Назад", OwnAct(do=Own.SHOW))]])
