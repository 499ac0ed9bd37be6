"""A report as a letter: the figures in sentences, the files beside."""

from core.notices import NoticeKind
from core.people import Directory, Person
from core.reports.book import Report

HOW = ("Чтобы утвердить отчёт, ответьте на это письмо: «Утверждаю». Если что-то неверно, "
       "ответьте, что исправить: показатели будут посчитаны заново, выйдет новая версия с вашим "
       "пояснением.")
OPENINGS = {
    NoticeKind.REPORT_READY: "Отчёт составлен по журналу и ждёт вашего утверждения.",
    NoticeKind.REPORT_WAITS: "Отчёт ещё не утверждён и не направлен руководителю.",
    NoticeKind.REPORT: "Направляем утверждённый отчёт.",
}


def text(kind: NoticeKind, report: Report, person: Person | None, directory: Directory) -> str:
    """The whole letter."""
    name = " ".join(person.name.split()[1:]) if person else ""
    by = directory.people.get(report.confirmed_by or 0)
    blocks = [f"Здравствуйте{f', {name}' if name else ''}!", OPENINGS[kind],
              f"{report.title} {report.label}", "\n".join(report.said), news(report)]
    if kind is NoticeKind.REPORT:
        blocks += [f"Утвердил: {by.post} {by.short_name}"] if by else []
    else:
        blocks.append(HOW)
    blocks.append("Документ PDF, таблица XLSX и диаграммы — во вложении.")
    return "\n\n".join(one for one in blocks if one) + "\n\n-- \nРакурс, помощник исполнителей\n"


def news(report: Report) -> str:
    """What a later version changes."""
    if report.version == 1:
        return ""
    lines = [f"Версия {report.version}, заменяет предыдущую."]
    lines += [f"Исправлено: {report.note}"] if report.note else []
    lines += ["Изменились показатели:", *(f"- {one}" for one in report.changes)] if (
        report.changes) else ["Показатели не изменились."]
    return "\n".join(lines)
