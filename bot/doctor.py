"""``rakurs doctor``: is everything in order? One line for each thing looked at."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import app, room
from bot.console import explained
from bot.dictation import Dictation
from bot.settings import Settings, is_set
from core.cards import CALENDAR_WARNS_MONTHS
from core.documents import checking
from core.errors import AssistantError
from core.regulation.terms import Role
from core.wordforms import gigabytes

NEEDED = ("BOT_TOKEN", "IMAP_URL", "SMTP_URL", "MAIL_FROM", "MSED_ADDRESS", "MSED_SENDERS",
          "OPERATOR_ADDRESS")
"""Without these some part of the office's work stands still."""
BELIEVES_ANYBODY = ("Письмам МСЭД верим по адресу отправителя, а его можно подделать: если ваша "
                    "почта проверяет подписи, задайте MAIL_TRUST")
INDISPENSABLE = (Role.DESK, Role.DESK_HEAD, Role.OFFICIAL, Role.SIGNATORY)
"""Without any one of them a message stops on its way."""
LATELY = 2000
"""Messages whose addresses are looked up."""
MANY_LACKING = 0.2
"""A share of them without coordinates that is worth a word."""
CLOCK_MAY_DIFFER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """``ok`` False makes the command fail; ``said`` tells what to do then."""

    what: str
    ok: bool
    said: str


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; one failure does not hide the next."""
    looks: tuple[tuple[str, Callable[[Settings], Awaitable[str]]], ...] = (
        ("Настройки", _settings), ("База данных", _database), ("Справочник", _directory),
        ("Адреса", _addresses), ("Telegram", _telegram),
        ("Почта IMAP", app.check_imap), ("Почта SMTP", app.check_smtp), ("Календарь", _calendar),
        ("Шаблоны", _templates), ("Диктовка", _dictation), ("Диск", _disk), ("Часы", _clock),
    )
    found = []
    for what, look in looks:
        try:
            found.append(Finding(what, True, await look(settings)))
        except AssistantError as trouble:
            found.append(Finding(what, False, str(trouble)))
        except OSError as trouble:
            found.append(Finding(what, False, explained(trouble)))
    return found


async def _database(settings: Settings) -> str:
    async with app.program(settings, migrate=False, create=False) as program:
        return await program.database.check()


async def _directory(settings: Settings) -> str:
    """Who is there; a part of the regulation that nobody does is named, and so is who cannot be
    told of anything."""
    async with app.program(settings, migrate=False, create=False) as program:
        directory = await program.lookups.directory()
    people = [one for one in directory.people.values() if one.active]
    if not people:
        return "пуст; загрузите его командой rakurs import-directory"
    lacking = [role.label for role in INDISPENSABLE if not directory.holding(role)]
    silent = [one.code for one in people if one.telegram_id is None and not one.email]
    return "; ".join(filter(None, (
        f"действующих сотрудников {len(people)}",
        f"некому быть: {', '.join(lacking)}" if lacking else "",
        f"нет ни Telegram, ни почты: {', '.join(silent)}" if silent else "")))


async def _addresses(settings: Settings) -> str:
    """Whether the map of the reports knows most of the places that people write about (R44)."""
    async with (app.program(settings, migrate=False, create=False) as program,
                program.office.work() as work):
        addresses = await work.people.addresses()
        places = await work.cases.latest_places(LATELY)
    if not addresses.listed:
        return ("координат нет, на карте отчёта — только места с фотографий; добавьте в "
                "справочник лист «Адреса»")
    lacking = Counter(one for one in places if one and addresses.nearest(one) is None)
    said = f"адресов с координатами {len(addresses.listed)}"
    if lacking.total() <= MANY_LACKING * len(places):
        return said
    named = ", ".join(f"«{place}»" for place, _ in lacking.most_common(3))
    return (f"{said}; среди последних {len(places)} сообщений без координат {lacking.total()}, "
            f"чаще всего {named}: дополните лист «Адреса»")


async def _settings(settings: Settings) -> str:
    missing = [name for name in NEEDED if not is_set(settings, name)]
    if missing:
        raise AssistantError(f"не задано: {', '.join(missing)}; впишите в .env")
    if settings.mail_trust == "from":
        return f"всё нужное задано. {BELIEVES_ANYBODY}"
    return "всё нужное задано"


async def _telegram(settings: Settings) -> str:
    me = await app.ask_telegram(settings)
    return f"бот @{me.username} отвечает"


async def _calendar(settings: Settings) -> str:
    calendar = app.calendar_of(settings)
    months = calendar.months_left(calendar.local_date(app.clock_of(settings).now()))
    if months < CALENDAR_WARNS_MONTHS:
        raise AssistantError(
            f"официального календаря хватит на {months} мес.: обновите программу")
    return f"официальный календарь известен ещё на {months} мес."


async def _templates(settings: Settings) -> str:
    problems = checking.check(settings.templates_dir)
    if problems:
        raise AssistantError("; ".join(problems))
    return "все шаблоны документов собираются"


async def _dictation(settings: Settings) -> str:
    dictation = Dictation(settings.speech_command)
    if dictation.missing():
        raise AssistantError(f"в SPEECH_COMMAND названа программа {dictation.missing()}, а её на "
                             "этом компьютере нет; установите её или укажите путь к ней")
    return "программа распознавания на месте" if dictation.command else "не настроена"


async def _disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = room.left(settings.data_dir)
    if free < room.LEAST:
        raise AssistantError(
            f"свободно {gigabytes(free)}, нужно не меньше {gigabytes(room.LEAST)}")
    return f"свободно {gigabytes(free)}"


async def _clock(settings: Settings) -> str:
    if settings.clock_file is not None:
        raise AssistantError("задан CLOCK_FILE: часы репетиции; в работе уберите эту настройку")
    try:
        theirs = (await app.ask_telegram(settings)).clock
    except AssistantError:
        return "сверить не с чем: Telegram не отвечает"
    if theirs is None:
        return "сверить не с чем: сервер не сообщил время"
    apart = abs(datetime.now(UTC) - theirs)  # noqa: TID251 (this is the look at the clock)
    if apart > CLOCK_MAY_DIFFER:
        raise AssistantError(
            f"часы расходятся с сервером Telegram на {apart.total_seconds():.0f} с: "
            "включите синхронизацию времени")
    return "идут верно"
