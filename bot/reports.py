"""Reports in Telegram: a few sentences, the picture and the files before them, buttons under."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot import words
from bot.keyboards.case import Rows, button
from core.notices import NoticeKind
from core.people import Directory
from core.reports.book import LABELS, Report, Standing
from core.reports.values import Made
from core.wordforms import counted

CHANGES = 12
"""Changed figures named in a message; all stand in the document."""

OPENINGS: Mapping[NoticeKind, str] = {
    NoticeKind.REPORT_READY: "📊 Отчёт готов. Проверьте и утвердите",
    NoticeKind.REPORT_WAITS: "⏰ Отчёт {label} ждёт утверждения, руководителю он ещё не направлен",
    NoticeKind.REPORT: "📊 Отчёт утверждён и направлен вам",
}
SHORT: Mapping[str, str] = {
    "daily": "За день", "weekly": "За неделю", "monthly": "За месяц", "public": "Для сайта и СМИ",
    "programmes": "Для программ", "bonus": "Премирование"}
"""What the buttons call the reports."""
CONFIRMED = "Отчёт утверждён и направляется."
LATER = "Отчёт утверждён. Документ составить пока не удалось: он уйдёт, как только получится."
REMADE = "Показатели с тех пор изменились. Составлена новая версия: проверьте и утвердите её."
NEW_VERSION = "Составлена новая версия отчёта: она придёт отдельным сообщением."
WHAT_TO_CORRECT = (
    "Что исправлено или что нужно пояснить? Напишите одним сообщением. Показатели будут посчитаны "
    "заново, выйдет новая версия с вашим пояснением и перечнем изменений.")
MAKING = "Составляю отчёт: {title}…"
NOT_CONFIRMED = "Составлен по запросу, не утверждён."


class ReportDo(StrEnum):
    """What a button asks of a report."""

    CONFIRM = "ok"
    CORRECT = "fix"
    LOOK = "see"


class ReportAct(CallbackData, prefix="rp"):
    """An act on a version of a report."""

    do: ReportDo
    report: int


class ReportMake(CallbackData, prefix="rpm"):
    """A report of the period that is going on, on demand."""

    kind: str


def notice(kind: NoticeKind, report: Report, directory: Directory) -> str:
    """What is said of a report."""
    by = directory.people.get(report.confirmed_by or 0)
    opening = OPENINGS[kind].format(label=escape(report.label))
    blocks = [f"<b>{opening}</b>", head(report.title, report.label, report.said),
              news(report)]
    if kind is NoticeKind.REPORT and by is not None:
        blocks.append(f"Утвердил: {escape(by.short_name)}")
    return "\n\n".join(one for one in blocks if one)


def waiting(found: Sequence[Report]) -> str:
    """Several that wait for their confirmation, each opened by its button."""
    count = counted(len(found), "отчёт", "отчёта", "отчётов")
    lines = [f"• {escape(one.title)} {escape(one.label)}" for one in found]
    return "\n".join([f"<b>⏰ Ждут утверждения: {count}. Руководителю они ещё не направлены</b>",
                      "", *lines])


def head(title: str, label: str, said: Sequence[str]) -> str:
    """The title, the period, the figures."""
    return f"<b>{escape(title)}</b>\n{escape(label)}\n\n" + "\n".join(map(escape, said))


def news(report: Report) -> str:
    """What a later version changes."""
    if report.version == 1:
        return ""
    lines = [f"<b>Версия {report.version}</b>, заменяет предыдущую"]
    lines += [f"Исправлено: {escape(words.cut(report.note, 500))}"] if report.note else []
    lines += [f"• {escape(one)}" for one in report.changes[:CHANGES]]
    more = len(report.changes) - CHANGES
    lines += [f"и ещё {more}, все — в документе"] if more > 0 else []
    lines += [] if report.changes else ["Показатели не изменились"]
    return "\n".join(lines)


def on_demand(made: Made) -> str:
    """A report that nobody confirms."""
    text = head(made.document.title, made.document.period, made.said)
    return f"{text}\n\n<i>{NOT_CONFIRMED}</i>"


def buttons(report: Report, kind: NoticeKind) -> InlineKeyboardMarkup | None:
    """«Утвердить отчёт» and «Исправить», while they can be pressed."""
    if kind is NoticeKind.REPORT or report.standing not in {Standing.READY, Standing.SENT}:
        return None
    return InlineKeyboardMarkup(inline_keyboard=own(report))


def own(report: Report) -> Rows:
    """The buttons of who answers for the report."""
    fix = button("✏️ Исправить", ReportAct(do=ReportDo.CORRECT, report=report.id))
    if report.standing is Standing.SENT:
        return [[fix]]
    ok = button("✅ Утвердить отчёт", ReportAct(do=ReportDo.CONFIRM, report=report.id))
    return [[ok], [fix]]


def makers() -> Rows:
    """A button for each report, two in a row."""
    row = [button(f"📊 {name}", ReportMake(kind=code)) for code, name in SHORT.items()]
    return [row[start:start + 2] for start in range(0, len(row), 2)]


def latest(found: Sequence[Report]) -> Rows:
    """The latest reports, a button each."""
    return [[button(words.cut(f"{SHORT[one.routine]} {one.label.removeprefix('за ')} · "
                              f"{LABELS[one.standing]}", 60),
                    ReportAct(do=ReportDo.LOOK, report=one.id))] for one in found]
