"""The monthly report: topics, broken deadlines, rejected answers (6¶5, R42)."""

from core.documents.values import Chart, Column, Kind, ReportDocument, Section
from core.photos import words as photo_words
from core.reports.daily import MOST, said
from core.reports.figures import REASONS, STAGES
from core.reports.tables import (
    DISCIPLINE,
    ON_PAPER,
    UNKNOWN,
    Ground,
    by_key,
    cases,
    main_figures,
    notes,
)
from core.reports.tally import Tally, snapshot
from core.reports.values import Bars, Made, Series

TITLE = "Отчёт по учёту и анализу работы с сообщениями портала «Добродел»"
SHORT = "Отчёт за месяц"
CODES = ("arrived", "returned", "returned_thrice", "registered", "registered_late", "redirected",
         "resolutions", "resolutions_late", "declined", "drafts", "drafts_late", "materials",
         "materials_late", "answers", "answers_late", "interim", "breached", "reworked",
         "published", "closed", "photos", "photos_kept", "in_work", "due_next", "overdue")
TOPICS = ("arrived", "returned", "answers", "answers_late", "breached")


def make(ground: Ground, before: Tally) -> Made:
    """The report of a month, beside the month before."""
    tally = ground.tally
    this, earlier = ground.titles("За месяц", "Месяцем ранее")
    sections = (
        main_figures("Показатели", CODES, tally, ((earlier, before),), this),
        by_key("Тематика сообщений", "Тема", "topic", TOPICS, tally, _topic,
               Chart("Поступило по темам", 0, (1,)), order="arrived"),
        by_key("Исполнительская дисциплина по органам", "Орган", "body", DISCIPLINE, tally,
               ground.body, Chart("Направлено ответов и нарушен срок", 0, (4, 7)),
               order="answers"),
        cases("Нарушен срок подготовки ответа", tally.of("breached"), ground),
        _returned(ground),
        _stages(tally),
        _reasons(tally),
        _photos(tally),
    )
    lines = said(tally)
    return Made(
        ReportDocument(TITLE, ground.period, sections, ground.made_at, "\n".join(lines),
                       notes(CODES), landscape=True, short=SHORT),
        lines, topics_chart(tally), figures=snapshot(tally, CODES))


def _topic(key: object) -> str:
    return str(key) if key else UNKNOWN


def topics_chart(tally: Tally) -> Bars | None:
    """The commonest topics."""
    keys = sorted(tally.keys("topic", "arrived"),
                  key=lambda key: (-tally.number("arrived", "topic", key), str(key)))
    if len(keys) < 2:
        return None
    shown = keys[:MOST]
    rest = sum(tally.number("arrived", "topic", key) for key in keys[MOST:])
    labels = [_topic(key) for key in shown] + (["Прочие темы"] if rest else [])
    values = [tally.number("arrived", "topic", key) for key in shown] + ([rest] if rest else [])
    return Bars("Поступило по темам", tuple(labels), (Series("сообщений", tuple(values)),))


def _returned(ground: Ground) -> Section:
    columns = (Column("Номер", width=2.2), Column("Тема", width=2.4),
               Column("Орган, чей ответ возвращён", width=2.6),
               Column("Ответственный", width=2.0), Column("Возвращено", Kind.DATE))
    rows = tuple((ground.number(one), _topic(one.topic), ground.body(one.body_id),
                  ground.person(one.person_id), ground.day(one.at))
                 for one in ground.tally.of("returned"))
    return Section("Ответы, отмеченные как неудовлетворительные и возвращённые", columns, rows,
                   on_paper=ON_PAPER)


def _stages(tally: Tally) -> Section:
    columns = (Column("Этап"), Column("Завершено", Kind.NUMBER),
               Column("Медиана, рабочих дней", Kind.NUMBER),
               Column("Девять из десяти не дольше", Kind.NUMBER))
    found = ((name, *tally.days(code)) for code, name in STAGES.items())
    rows = tuple((name, count, round(middle, 1), round(most, 1))
                 for name, count, middle, most in found if count)
    return Section("Время по этапам", columns, rows,
                   chart=Chart("Медиана, рабочих дней", 0, (2,)))


def _reasons(tally: Tally) -> Section:
    rows = tuple((name, tally.number("reworked", "label", code)) for code, name in REASONS.items())
    return Section("Причины доработки", (Column("Причина"), Column("Возвратов", Kind.NUMBER)),
                   rows, ("Всего", tally.number("reworked")))


def _photos(tally: Tally) -> Section:
    columns = (Column("Вердикт проверки"), Column("Фотографий", Kind.NUMBER),
               Column("Оставлено с объяснением", Kind.NUMBER))
    rows = tuple((photo_words.verdict(str(key)), tally.number("photos", "label", key),
                  tally.number("photos_kept", "label", key))
                 for key in tally.keys("label", "photos", "photos_kept") if key)
    total = ("Всего", tally.number("photos"), tally.number("photos_kept"))
    return Section("Проверка фотографий работ", columns, rows, total if rows else None)
