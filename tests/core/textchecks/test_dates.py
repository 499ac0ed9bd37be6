"""Which dates a text names, and which of them are dates of work."""

from datetime import date

import pytest

from core.textchecks import check
from core.textchecks.dates import find_dates

TODAY = date(2026, 4, 15)


def named(text: str, today: date = TODAY) -> list[str]:
    return [day.isoformat() for day in check(text, today=today).dates]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Яму заделают до 20.05.2026.", ["2026-05-20"]),
        ("Яму заделают до 20.05.26.", ["2026-05-20"]),
        ("Яму заделают до 20.05, не позже.", ["2026-05-20"]),
        ("Яму заделают до 2026-05-20.", ["2026-05-20"]),
        ("Яму заделают не позднее 20 мая 2026 года.", ["2026-05-20"]),
        ("Яму заделают к 20-му мая.", ["2026-05-20"]),
        ("Яму заделают до двадцатого мая.", ["2026-05-20"]),
        ("Яму заделают до двадцать первого мая.", ["2026-05-21"]),
        ("Яму заделают до пятнадцатого мая.", ["2026-05-15"]),
        ("Яму заделают третьего июня.", ["2026-06-03"]),
        ("Яму заделают 20–21 мая.", ["2026-05-20", "2026-05-21"]),
        ("Яму заделают с 20 по 25 мая.", ["2026-05-20", "2026-05-25"]),
        ("Яму заделают с 20.05.2026 по 25.05.2026.", ["2026-05-20", "2026-05-25"]),
        ("Срок перенесён с 30 апреля на 30 мая.", ["2026-05-30"]),
    ],
)
def test_exact_dates_are_read_however_they_are_written(text: str, days: list[str]) -> None:
    assert named(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "Согласно контракту от 12.04.2026 № 15 яму заделают.",
        "Ваше сообщение от 3 апреля 2026 года № 4471 рассмотрено.",
        "Письмо № 114 от 08.04.2026 рассмотрено специалистами.",
        "Сообщение, поступившее 03.04.2026, рассмотрено специалистами.",
        "Согласно заключённому 20.03.2026 контракту работы ведутся.",
        "В управляющую компанию направлено письмо 10.04.2026.",
        "Договор с подрядчиком подписан 3 апреля.",
        "Договор действует до 31.12.2026 и продлению не подлежит.",
        "По состоянию на 14.04.2026 замечаний нет.",
        "По итогам осмотра 10.04.2026 нарушений нет.",
    ],
)
def test_dates_of_papers_and_occasions_are_not_dates_of_work(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Яму заделают в мае.",
        "Яму заделают во II квартале 2026 года.",
        "Яму заделают до 15 числа.",
        "Яму заделают до конца мая 2026 года.",
        "Яма площадью 12.05 кв. м по ГОСТ 10.20.2026.1 осмотрена.",
        "Версия 1.2.2026.5 и п. 4.6 регламента учтены в работе.",
    ],
)
def test_what_is_not_an_exact_date_is_not_taken_for_one(text: str) -> None:
    assert named(text) == []


def test_a_year_that_is_not_written_is_this_one_or_the_coming_one_at_the_years_end() -> None:
    december = date(2026, 12, 10)
    assert named("Яму заделают до 20 января.", december) == ["2027-01-20"]
    assert named("Яму заделали 5 декабря.", december) == ["2026-12-05"]
    assert named("Яму заделали 12 апреля.") == ["2026-04-12"]


def test_a_date_knows_its_place_in_the_text() -> None:
    text = "До 20 мая 2026 г. яму заделают."
    (mention,) = find_dates(text, TODAY)
    assert text[mention.start : mention.end] == "20 мая 2026 г."
