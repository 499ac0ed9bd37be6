"""``rakurs due``: every deadline of the regulation for a message that arrived at a moment."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.console import (
    BAD_CALL,
    FOUND_FAULT,
    OK,
    CommandFailedError,
    Subcommands,
    say,
    say_json,
    unreadable,
)
from core.calendar import WorkingCalendar
from core.due import latest_part_due, reckon
from core.errors import BeyondCalendarError
from core.regulation.clauses import spoken
from core.regulation.deadlines import BY_CODE, Counting, Deadline

CODES = ("registration", "resolution", "delivery", "misroute_return", "coexecutor", "draft",
         "answer", "interim_limit")
"""The deadlines that can be told before any work is done, in the order of the answer."""

FROM_ASSIGNMENT = frozenset({"misroute_return", "coexecutor"})
_EXAMPLE = "2026-11-23T18:30+03:00"
_HEAD = ("Срок", "Дата и время", "Отсчёт", "Пункт", "Требование")


class BadMomentError(Exception):
    """A moment or a date cannot be read, or contradicts another; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline of the answer; ``working_days`` lie after the start up to the due date."""

    row: Deadline
    due_on: date
    due_at: datetime
    working_days: int


def add_to(commands: Subcommands) -> None:
    """Add ``due``."""
    parser = commands.add_parser(
        "due", help="сроки регламента для сообщения, поступившего в указанный момент",
        description="Все сроки регламента для сообщения по официальному производственному "
        "календарю. Момент без смещения понимается как московское время.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--received", metavar="МОМЕНТ", help=f"поступило, например {_EXAMPLE}")
    source.add_argument("--input", type=Path, metavar="ФАЙЛ",
                        help="файл, в каждой строке момент поступления")
    parser.add_argument("--registered", metavar="МОМЕНТ",
                        help="зарегистрировано (иначе — как велит разд. 3 Регламента)")
    parser.add_argument("--assigned", metavar="ДАТА",
                        help="поручено исполнителям (иначе — день регистрации)")
    parser.add_argument("--json", action="store_true", help="ответ в формате JSON")
    parser.set_defaults(run=_run)


def _run(call: argparse.Namespace) -> int:
    calendar = WorkingCalendar.official()
    if call.input is not None:
        if call.registered or call.assigned:
            raise CommandFailedError(
                "--registered и --assigned относятся к одному сообщению: укажите их вместе с "
                "--received.", BAD_CALL)
        return _many(call.input, calendar, as_json=call.json)
    try:
        lines = deadlines(call.received, call.registered, call.assigned, calendar)
    except BadMomentError as fault:
        raise CommandFailedError(str(fault), BAD_CALL) from None
    except BeyondCalendarError as fault:
        raise CommandFailedError(str(fault)) from None
    if call.json:
        say_json([_as_json(line) for line in lines])
    else:
        _say_table(call.received, lines)
    return OK


def _many(path: Path, calendar: WorkingCalendar, *, as_json: bool) -> int:
    code = OK
    for text in _read(path):
        try:
            lines = deadlines(text, None, None, calendar)
        except (BadMomentError, BeyondCalendarError) as fault:
            code = FOUND_FAULT
            if as_json:
                say_json({"received": text, "error": str(fault)})
            else:
                say(f"Поступило: {text.strip()}\n{fault}\n")
            continue
        if as_json:
            say_json([_as_json(line) for line in lines])
        else:
            _say_table(text, lines)
            say()
    return code


def _read(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as failure:
        raise CommandFailedError(f"{path}: {unreadable(failure)}", BAD_CALL) from None


def deadlines(received: str, registered: str | None, assigned: str | None,
              calendar: WorkingCalendar) -> tuple[Line, ...]:
    """Every deadline of :data:`CODES`, in that order.

    Raises BadMomentError (unreadable or contradictory) and BeyondCalendarError.
    """
    arrival = _moment(received, calendar)
    start = (_moment(registered, calendar) if registered is not None
             else calendar.registration_due(arrival))
    if start < arrival:
        raise BadMomentError("Регистрация раньше поступления: проверьте --registered.")
    given = _assignment(assigned, start, calendar)
    return tuple(_lines(arrival, start, given, calendar))


def _lines(arrival: datetime, start: datetime, given: datetime, calendar: WorkingCalendar
           ) -> Iterator[Line]:
    for code in CODES:
        row = BY_CODE[code]
        begin = given if code in FROM_ASSIGNMENT else start
        if row.counting is Counting.SAME_DAY:
            begin = arrival
        due_on, due_at = reckon(row, begin, calendar)
        if code == "coexecutor":
            due_on = latest_part_due(start, given, calendar)
            due_at = calendar.end_of_work(due_on)
        yield Line(row, due_on, due_at, calendar.working_days_between(
            calendar.local_date(begin), due_on))


def _moment(text: str, calendar: WorkingCalendar) -> datetime:
    if not text.strip():
        raise BadMomentError(f"Пустая строка: нужен момент вида {_EXAMPLE}.")
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)).astimezone(
            calendar.zone)
    except (ValueError, OverflowError):
        raise BadMomentError(
            f"Не удалось прочитать момент «{text.strip()}»: нужен вид {_EXAMPLE}.") from None


def _assignment(text: str | None, start: datetime, calendar: WorkingCalendar) -> datetime:
    if text is None:
        return start
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadMomentError(
            f"Не удалось прочитать дату «{text.strip()}»: нужен вид 2026-11-25.") from None
    if day < calendar.local_date(start):
        raise BadMomentError("Поручено раньше регистрации: проверьте --assigned.")
    return calendar.start_of_work(day)


def _as_json(line: Line) -> dict[str, str | int]:
    return {"code": line.row.code, "requirement": line.row.requirement,
            "clause": line.row.clause.split(" ")[0], "due_on": line.due_on.isoformat(),
            "due_at": line.due_at.isoformat(), "working_days": line.working_days}


def _say_table(received: str, lines: Sequence[Line]) -> None:
    say(f"Поступило: {received.strip()}")
    rows = [_HEAD, *((line.row.label, f"{line.due_at:%d.%m.%Y %H:%M}", _counting(line),
                      spoken(line.row.clause), line.row.requirement) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for number, row in enumerate(rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            say("  ".join("─" * width for width in widths))


def _counting(line: Line) -> str:
    if line.row.counting is Counting.SAME_DAY:
        return "тот же рабочий день" if line.working_days == 0 else "первые часы рабочего дня"
    if line.row.counting is Counting.CALENDAR_DAYS:
        return f"{line.row.days} календарных дней"
    if line.working_days != line.row.days:
        return f"{_days(line.row.days)}, но не позже проекта ответа"
    return _days(line.working_days)


def _days(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return f"{n} рабочий день"
    if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}:
        return f"{n} рабочих дня"
    return f"{n} рабочих дней"
