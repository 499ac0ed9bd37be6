"""The tables as one Russian page with state diagrams, for the office to check against the paper.

Nothing is said here that the tables do not say; the page is written by
``python -m core.regulation`` and a test fails where it is stale.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

from core.regulation.clauses import CLAUSES, spoken
from core.regulation.deadlines import DEADLINES, Counting, Deadline
from core.regulation.escalation import ESCALATION, Rung
from core.regulation.lifecycle import (
    ASSIGNMENT_BIRTH,
    ASSIGNMENT_FINAL,
    ASSIGNMENT_LIFECYCLE,
    AT_WORK,
    BIRTH,
    FINAL,
    HOLDER,
    LETTER_BIRTH,
    LETTER_FINAL,
    LETTER_LIFECYCLE,
    LIFECYCLE,
    Move,
)
from core.regulation.limits import LIMITS, READINGS
from core.regulation.routines import ROUTINES, Period
from core.regulation.terms import Event, State, Term

S = TypeVar("S", bound=Term)

_COUNTING = {
    Counting.SAME_DAY: "в тот же рабочий день; поступившее после 18:00 или в выходной — "
    "в первые часы следующего рабочего дня",
    Counting.PROMISED: "дата, названная в промежуточном ответе",
}
_PERIODS = {
    Period.WORKING_DAY: "каждый рабочий день", Period.WEEK: "еженедельно",
    Period.MONTH: "ежемесячно", Period.YEAR: "ежегодно",
}
_HEAD = """\
# Жизненный цикл сообщения

Эта страница составлена программой из таблиц `core/regulation` (команда
`python -m core.regulation`). Править её руками не нужно: правятся таблицы, каждая строка которых
ссылается на пункт Регламента и на требование R1–R50. То, чего в таблицах нет, программа делать
отказывается и называет причину.
"""


def lifecycle_page() -> str:
    """The whole page."""
    return "\n".join([
        _HEAD,
        "## Сообщение\n",
        f"Рождается событием «{Event.RECEIVE.label}» в состоянии «{BIRTH.label}».",
        f"Завершается в состояниях: {_labels(FINAL)}.",
        f"Исполнители работают в состояниях: {_labels(AT_WORK)}.\n",
        "### От поступления до публикации ответа\n",
        diagram([row for row in LIFECYCLE if not _after_answer(row)], FINAL, BIRTH),
        "### Возвраты пользователем, оператор и комиссия\n",
        diagram([row for row in LIFECYCLE if _after_answer(row)], FINAL),
        "### Кто отвечает за ход дела\n",
        _table(("Состояние", "За кем"), (
            (state.label, HOLDER[state].label if state in HOLDER else "—") for state in State)),
        "### Состояния и переходы\n",
        _moves(LIFECYCLE),
        "## Поручение исполнителю\n",
        "У каждого исполнителя резолюции своё поручение; оно движется, пока сообщение у "
        "исполнителей.\n",
        diagram(ASSIGNMENT_LIFECYCLE, ASSIGNMENT_FINAL, ASSIGNMENT_BIRTH),
        _moves(ASSIGNMENT_LIFECYCLE),
        "## Письмо в организацию, не работающую в МСЭД\n",
        diagram(LETTER_LIFECYCLE, LETTER_FINAL, LETTER_BIRTH),
        _moves(LETTER_LIFECYCLE),
        "## Сроки\n",
        "Первый день срока — рабочий день, следующий за начальным (ст. 191 ГК РФ). Срок истекает "
        "в конце рабочего дня.\n",
        _table(("Срок", "Отсчёт от", "Продолжительность", "Исполнен событием", "Возобновляется",
                "Кто отвечает", "Пункт", "Требование"), map(_deadline, DEADLINES)),
        "### Кого, кроме ответственного, ставят в известность\n",
        "Каждого — один раз; ответственному о просрочке напоминают ежедневно.\n",
        _table(("Кого", "Когда", "Пункт", "Требование"), (
            (row.superior.label, _rung(row), spoken(row.clause), row.requirement)
            for row in ESCALATION)),
        "## Обязанности подразделения\n",
        _table(("Что", "Когда", "Кто готовит", "Кому", "Пункт", "Требование"), (
            (row.label, _PERIODS[row.period], row.prepared_by.label,
             ", ".join(role.label for role in row.told_to), spoken(row.clause), row.requirement)
            for row in ROUTINES)),
        "## Ограничения\n",
        _table(("Ограничение", "Значение", "Пункт", "Требование"), (
            (row.label, f"{row.value} {row.unit}".strip(), spoken(row.clause), row.requirement)
            for row in LIMITS)),
        "### Как понято то, о чём Регламент молчит\n",
        *(f"- {reading}" for reading in READINGS),
        "\n## Пункты Регламента, на которые ссылаются таблицы\n",
        _table(("Пункт", "Слова Регламента"), (
            (spoken(clause), f"«{CLAUSES[clause]}»") for clause in cited())),
    ])


def cited() -> tuple[str, ...]:
    """Every clause behind a row of some table, in the order of the paper."""
    used = {row.clause for row in LIFECYCLE} | {row.clause for row in ASSIGNMENT_LIFECYCLE}
    used |= {row.clause for row in LETTER_LIFECYCLE} | {row.clause for row in DEADLINES}
    used |= {row.clause for row in LIMITS} | {row.clause for row in ROUTINES}
    used |= {row.clause for row in ESCALATION}
    return tuple(clause for clause in CLAUSES if clause in used)


def _after_answer(row: Move[State]) -> bool:
    """Section 2.1: what follows when the citizen is not satisfied."""
    return row.clause.startswith("2.1") or row.state is State.RETURNED_THRICE


def diagram(table: Sequence[Move[S]], final: frozenset[S], birth: S | None = None) -> str:
    """A Mermaid state diagram; the codes are the ids, the Russian labels are what is seen."""
    states = _in_order({one for row in table if row.state is not row.to
                        for one in (row.state, row.to)})
    lines = [f'    state "{state.label}" as {state.value}' for state in states]
    lines += [f"    [*] --> {birth.value}"] if birth is not None else []
    events: dict[tuple[S, S], dict[str, None]] = {}
    for row in table:
        if row.state is not row.to:
            events.setdefault((row.state, row.to), {})[_arrow(row, table)] = None
    lines += [f"    {start.value} --> {to.value} : {', '.join(labels)}"
              for (start, to), labels in events.items()]
    lines += [f"    {state.value} --> [*]" for state in states if state in final]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```\n"])


def _arrow(row: Move[S], table: Sequence[Move[S]]) -> str:
    """The event, and at a fork the condition; a colon or a semicolon would end Mermaid's label."""
    ways = {one.to for one in table if one.state is row.state and one.event is row.event}
    shown = f"{row.event.label} ({row.provided.label})" if len(ways) > 1 else row.event.label
    return shown.replace(":", " —").replace(";", ",")


def _in_order(states: set[S]) -> list[S]:
    """In the order in which the terms are listed."""
    order = [one for state in states for one in type(state)]
    return sorted(states, key=order.index)


def _moves(table: Sequence[Move[S]]) -> str:
    rows = []
    order = _in_order({row.state for row in table})
    in_order = sorted(table, key=lambda row: order.index(row.state))
    for state, moves in groupby(in_order, key=lambda row: row.state):
        shown = f"**{state.label}**"
        for row in moves:
            to = row.to.label if row.to is not row.state else "—"
            rows.append((shown, row.event.label, ", ".join(role.label for role in row.by), to,
                         row.provided.label, spoken(row.clause), row.requirement))
            shown = ""
    return _table(("Состояние", "Действие", "Кто", "Новое состояние", "При условии", "Пункт",
                   "Требование"), rows)


def _deadline(row: Deadline) -> tuple[str, ...]:
    length = _COUNTING.get(row.counting) or (
        f"{row.days} календарных дней" if row.counting is Counting.CALENDAR_DAYS
        else f"рабочих дней: {row.days}")
    again = ", ".join(event.label for event in row.reopened_by)
    if again:
        again += " (отсчёт заново)" if row.counted_anew else " (прежняя дата)"
    owed_by = row.whose.label if row.binding else f"право, {row.whose.label}"
    return (row.label, row.counted_from.label, length,
            ", ".join(event.label for event in row.met_by), again, owed_by, spoken(row.clause),
            row.requirement)


def _rung(row: Rung) -> str:
    if row.left > 0:
        return f"до срока, рабочих дней: {row.left}"
    return f"после срока, рабочих дней: {-row.left}" if row.left else "в последний день срока"


def _labels(states: frozenset[State]) -> str:
    return ", ".join(f"«{state.label}»" for state in State if state in states)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |"
                     for line in lines) + "\n"
