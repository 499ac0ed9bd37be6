"""``rakurs check-text``: the checks of an answer's text, from the console (R24–R27)."""

import argparse
from datetime import date
from pathlib import Path

from bot.clock import SystemClock
from bot.console import (
    BAD_CALL,
    FOUND_FAULT,
    OK,
    Subcommands,
    a_day,
    complain,
    say,
    say_json,
    unreadable,
)
from core.calendar import WorkingCalendar
from core.regulation.clauses import spoken
from core.regulation.terms import AnswerKind
from core.textchecks import Finding, TextReport, check


def add_to(commands: Subcommands) -> None:
    """Hang ``check-text`` on the command line."""
    parser = commands.add_parser(
        "check-text",
        help="проверить текст ответа: обещания без дат, чужое ведение, даты (4.6)",
        description="Проверяет тексты ответов в файлах UTF-8: что регламент вернёт на доработку.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="ФАЙЛ", help="текст ответа, UTF-8")
    parser.add_argument(
        "--result-kind",
        metavar="ВИД",
        choices=[kind.value for kind in AnswerKind],
        help="результат: " + ", ".join(f"{kind.value} ({kind.label})" for kind in AnswerKind),
    )
    parser.add_argument(
        "--letter-registered",
        action="store_true",
        help="письмо в другую организацию уже зарегистрировано",
    )
    parser.add_argument(
        "--today",
        type=a_day,
        metavar="ДАТА",
        help="считать сегодняшним этот день, например 2026-04-15 (по умолчанию — сегодня)",
    )
    parser.add_argument("--json", action="store_true", help="ответ в JSON")
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    calendar = WorkingCalendar.official()
    today: date = asked.today or calendar.local_date(SystemClock().now())
    files: list[Path] = asked.files
    many = len(files) > 1
    code = OK
    for path in files:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as failure:
            _refuse(path, failure, as_json=asked.json, many=many)
            code = max(code, FOUND_FAULT if many else BAD_CALL)
            continue
        report = check(
            text,
            today=today,
            result_kind=asked.result_kind,
            calendar=calendar,
            registered_letter=asked.letter_registered,
        )
        if report.findings:
            code = max(code, FOUND_FAULT)
        if asked.json:
            say_json(_as_json(report, path if many else None))
        else:
            _tell(path, text, report)
    return code


def _refuse(
    path: Path, failure: OSError | UnicodeDecodeError, *, as_json: bool, many: bool
) -> None:
    if isinstance(failure, UnicodeDecodeError):
        sentence = f"{path}: файл не в кодировке UTF-8; сохраните текст как UTF-8"
    else:
        sentence = f"{path}: {unreadable(failure)}"
    if as_json:
        say_json({"file": str(path), "error": sentence})
    complain(sentence)


def _as_json(report: TextReport, path: Path | None) -> dict[str, object]:
    answer: dict[str, object] = {} if path is None else {"file": str(path)}
    answer["findings"] = [
        {
            "code": one.code.value,
            "sentence": one.sentence,
            "start": one.start,
            "end": one.end,
            "requirement": one.requirement,
            "clause": one.clause,
            "advice": one.advice,
        }
        for one in report.findings
    ]
    answer["dates"] = [day.isoformat() for day in report.dates]
    return answer


def _tell(path: Path, text: str, report: TextReport) -> None:
    for finding in report.findings:
        say(f"{path}:{_place(text, finding)}: {_sentence(finding)}")
    if not report.findings:
        dates = ", ".join(f"{day:%d.%m.%Y}" for day in report.dates)
        say(f"{path}: замечаний нет" + (f"; даты работ: {dates}" if dates else ""))


def _place(text: str, finding: Finding) -> str:
    """Line and column, counted from 1, as editors count them."""
    before = text[: finding.start]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def _sentence(finding: Finding) -> str:
    quoted = " ".join(finding.sentence.split())
    return (
        f"{finding.code.label} ({finding.requirement}, {spoken(finding.clause)}): «{quoted}» "
        f"{finding.advice}"
    )
