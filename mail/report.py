"""A report as a letter: the figures in sentences, the files beside."""

from collections.abc import Sequence

from core.notices import NoticeKind
from core.people import Directory, Person
from core.reports.book import Report
from mail.replies import OWN_END

HOW = ("Чтобы утвердить отчёт, ответьте на это письмо: «Утверждаю». Если что-то неверно, "
       "ответьте, что исправить: показатели будут посчитаны заново, выйдет новая версия с вашим "
       "пояснением.")
SIGNED = f"\n\n-- \n{OWN_END}\n"
OPENINGS = {
    NoticeKind.REPORT_READY: "Отчёт составлен по журналу и ждёт вашего утверждения.",
    NoticeKind.REPORT_WAITS: "Отчёт ещё не утверждён и не направлен руководителю.",
    NoticeKind.REPORT: "Направляем утверждённый отчёт.",
}


def text(kind: NoticeKind, report: Report, person: Person | None, directory: Directory) -> str:
    """The whole letter."""
    by = directory.people.get(report.confirmed_by or 0)
    blocks = [f"Здравствуйте{_name(person)}!", OPENINGS[kind],
              f"{report.title} {report.label}", "\n".join(report.said), news(report)]
    if kind is NoticeKind.REPORT:
        blocks += [f"Утвердил: {by.post} {by.short_name}"] if by else []
    else:
        blocks.append(HOW)
    blocks.append("Документ PDF, таблица XLSX и диаграммы — во вложении.")
    return "\n\n".join(one for one in blocks if one) + SIGNED


def several(found: Sequence[Report], person: Person | None) -> str:
    """The letter about several that wait."""
    lines = [f"- {one.title} {one.label}" for one in found]
    return "\n\n".join((
        f"Здравствуйте{_name(person)}!",
        "Эти отчёты ещё не утверждены и не направлены руководителю:", "\n".join(lines),
        "Чтобы утвердить их все, ответьте на это письмо: «Утверждаю». Чтобы утвердить или "
        "исправить один, ответьте на письмо, в котором он пришёл: там же его документы.",
    )) + SIGNED


def _name(person: Person | None) -> str:
    name = " ".join(person.name.split()[1:]) if person else ""
    return f", {name}" if name else ""


def news(report: Report) -> str:
    """What a later version changes."""
    if report.version == 1:
        return ""
    lines = [f"Версия {report.version}, заменяет предыдущую."]
    lines += [f"Исправлено: {report.note}"] if report.note else []
    lines += ["Изменились показатели:", *(f"- {one}" for one in report.changes)] if (
        report.changes) else ["Показатели не изменились."]
    return "\n".join(lines)
