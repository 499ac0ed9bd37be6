"""What a day's work would give: verbs of the future, dates, and a list of organisations.

A text that this floor judges well is an easy one. Its figures beside ours tell how hard a set of
answers is, since no two sets are alike.
"""

import re
from datetime import date
from functools import cache

import pymorphy3

from core.textchecks.dates import find_dates
from core.textchecks.sentences import split

_WORD = re.compile(r"[А-Яа-яЁё-]+")
_PLANS = frozenset({
    "планироваться", "планировать", "запланировать", "предусмотреть", "наметить", "намеченный",
    "рассматриваться", "прорабатываться", "включить", "поручить",
})  # fmt: skip
_BODIES = re.compile(
    r"\b(?:ООО|АО|ПАО|ГБУ|ГУП|ГКУ|УК|ТСЖ|ТСН|СНТ|РЖД|ГИБДД|Мос[а-яё]+|Россет\w+|министерств\w+|"
    r"управляющ\w+ (?:компани|организац)\w+|минтранс\w*|росреестр\w*|роспотребнадзор\w*|полици\w+|"
    r"фонд\w*|застройщик\w*|собственник\w*|регоператор\w*|региональн\w+ оператор\w*|инспекци\w+|"
    r"комитет\w*|перевозчик\w*|оператор\w*|провайдер\w*)", re.IGNORECASE)
_BELONGS = re.compile(
    "относит|компетенц|полномоч|ведени|баланс|собственност|обслужива|отвечает|принадлеж|выполняет|"
    "ответственност|обратит|обращ|занимается|проводит|осуществляет|должн|обязан", re.IGNORECASE)
_TOLD = re.compile(
    "направлен|уведомлен|проинформирован|передан|сообщено|известили|извещен|уведомили|направили|"
    "письмо", re.IGNORECASE)


@cache
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@cache
def _promises(word: str) -> bool:
    reading = _dictionary().parse(word)[0]
    return "futr" in reading.tag or reading.normal_form in _PLANS


def judge(text: str, today: date) -> tuple[bool, bool]:
    """Whether it promises without a date; whether another body that knows nothing is to act."""
    sentences = split(text, find_dates(text, today))
    undated = any(
        any(map(_promises, _WORD.findall(one.text)))
        and not any(token.date and not token.date.requisite for token in one.tokens)
        for one in sentences)
    passes = any(_BODIES.search(one.text) and _BELONGS.search(one.text) for one in sentences)
    return undated, passes and not _TOLD.search(text)
