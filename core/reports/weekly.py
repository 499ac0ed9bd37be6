"""The weekly account of the chief of staff to the head of the district (6¶4, R41)."""

from collections.abc import Sequence

from core.documents.values import Cell, Chart, Column, Kind, ReportDocument, Section
from core.reports.daily import MOST, said
from core.reports.periods import Span
from core.reports.tables import DISCIPLINE, Ground, by_key, cases, main_figures, notes
from core.reports.tally import Tally, snapshot
from core.reports.values import Bars, Made, Series

TITLE = "Доклад о работе органов администрации с сообщениями портала «Добродел»"
SHORT = "Доклад за неделю"
CODES = ("arrived", "returned", "registered", "answers", "answers_late", "interim", "breached",
         "reworked", "published", "in_work", "due_next", "overdue")
WEEKS = 4
"""Earlier weeks to compare with."""

Earlier = Sequence[tuple[Span, Tally]]


def make(ground: Ground, earlier: Earlier) -> Made:
    """The account of a week; ``earlier`` weeks, the latest first."""
    tally = ground.tally
    named = [(_short(span), one) for span, one in earlier]
    sections = (
        main_figures("Показатели по неделям", CODES, tally, named, _short(ground.span)),
        by_key("По органам", "Орган", "body", DISCIPLINE, tally, ground.body,
               Chart("Направлено ответов и с опозданием", 0, (4, 5)), order="answers"),
        _against(ground, earlier),
        cases("Просроченные на конец недели", tally.of("overdue"), ground),
    )
    return Made(
        ReportDocument(TITLE, ground.period, sections, ground.made_at,
                       "\n".join((*said(tally), *_trend(tally, earlier))), notes(CODES),
                       landscape=True, short=SHORT),
        (*said(tally), *_trend(tally, earlier)), _bars(ground, earlier),
        figures=snapshot(tally, CODES))


def _short(span: Span) -> str:
    return f"{span.first:%d.%m}–{span.last:%d.%m}"


def _against(ground: Ground, earlier: Earlier) -> Section:
    """The bodies this week and the week before."""
    tally = ground.tally
    before = earlier[0][1] if earlier else None
    columns = (Column("Орган"), Column("Ответов", Kind.NUMBER),
               Column("Неделей ранее", Kind.NUMBER), Column("В срок", Kind.PERCENT),
               Column("В срок неделей ранее", Kind.PERCENT),
               Column("Нарушен срок", Kind.NUMBER),
               Column("Нарушен неделей ранее", Kind.NUMBER))
    keys = set(tally.keys("body", "answers", "breached"))
    if before is not None:
        keys |= set(before.keys("body", "answers", "breached"))

    def row(key: object) -> tuple[Cell, ...]:
        return (ground.body(key), tally.number("answers", "body", key),
                before.number("answers", "body", key) if before else None,
                tally.share("on_time", "body", key),
                before.share("on_time", "body", key) if before else None,
                tally.number("breached", "body", key),
                before.number("breached", "body", key) if before else None)

    rows = tuple(row(key) for key in sorted(keys, key=ground.body))
    return Section("Органы: эта неделя и предыдущая", columns, rows)


def _trend(tally: Tally, earlier: Earlier) -> tuple[str, ...]:
    if not earlier:
        return ()
    before = earlier[0][1]
    moved = [f"{name} {was} → {now}" for name, was, now in (
        ("поступило", before.number("arrived"), tally.number("arrived")),
        ("нарушен срок", before.number("breached"), tally.number("breached")),
        ("просрочено", before.number("overdue"), tally.number("overdue"))) if was != now]
    return (f"К предыдущей неделе: {'; '.join(moved)}.",) if moved else (
        "К предыдущей неделе без изменений.",)


def _bars(ground: Ground, earlier: Earlier) -> Bars | None:
    """Answers in time and late: by body where there are several, else by week."""
    tally = ground.tally
    keys = sorted(tally.keys("body", "answers"),
                  key=lambda key: (-tally.number("answers", "body", key), ground.body(key)))
    if len(keys) >= 2:
        late = [tally.number("answers_late", "body", key) for key in keys[:MOST]]
        total = [tally.number("answers", "body", key) for key in keys[:MOST]]
        labels = tuple(ground.body(key) for key in keys[:MOST])
        title = "Ответы органов за неделю"
    else:
        weeks = [*reversed(earlier), (ground.span, tally)]
        late = [one.number("answers_late") for _, one in weeks]
        total = [one.number("answers") for _, one in weeks]
        labels, title = tuple(_short(span) for span, _ in weeks), "Ответы по неделям"
    if not any(total):
        return None
    in_time = tuple(all_ - bad for all_, bad in zip(total, late, strict=True))
    return Bars(title, labels, (Series("в срок", in_time), Series("с опозданием", tuple(late))),
                stacked=True)
