"""How organisations are called in one word, whether or not a list knows them."""

import re

_OFFICE = re.compile(r"(?:Мин|Рос|Мос|Гос|Глав)[а-яё]{4,}")
"""«Росводресурсы», «Минцифры»: ministries and services."""

_COMPOUND = re.compile(
    r"[А-ЯЁ][а-яё]{2,}(?:надзор|реестр|потреб|автодор|авто|фонд|банк|транс|энерго|газ|строй|канал|"
    r"сет[ьи]|связ[ьи]|сервис|инспекци[яией]+|контрол[ья]|имуществ[оа]|гварди[яией]+|лес|торг|снаб|"
    r"сбыт|стат|архив)"
    r"(?:ами|ам|ах|ом|у|а|е|ы)?"
)
"""«Соцфонд», «Рособрнадзор», «Водосвет»: offices and firms."""

_LEAST, _LONGEST = 2, 6
"""Letters of an abbreviation that may be an organisation: «СФР»."""

_NO_BODIES = frozenset({
    "СП", "РП", "ГП", "МКД", "ТКО", "ТБО", "КГО", "КГМ", "ИТП", "ЦТП", "ТП", "КТП", "ВРУ", "РФ",
    "МО", "ГВС", "ХВС", "ПСД", "ПИР", "СМР", "ТУ", "ТЗ", "ФЗ", "ГОСТ", "КОАП", "НПА", "ЕГРН",
    "ЕГЭ", "ОГЭ", "ГТО", "СМС", "ФИО", "ИНН", "ОМС", "ДК", "ФОК", "ТЦ", "ТРЦ", "БЦ", "ЖК", "МКАД",
    "ЦКАД", "ГРП", "ШРП", "ВЗУ", "КНС", "АДС", "ДТП", "ПДД", "НТО", "ИЖС", "ЛЭП", "ЖКХ", "КУСП",
    "КАД", "ТК", "ЛК", "РД", "ГК", "СССР", "ВОВ", "КПП", "АЗС", "ТВ", "США", "МЦД", "МЦК", "АТС",
    "СНИП", "СНИЛС",
})  # fmt: skip
"""Abbreviations of other things: laws, networks, buildings, waste."""


def is_office(form: str, *, known: bool) -> bool:
    """Whether one word, as written, is a ministry's, a service's or a firm's name.

    ``known``: the dictionary has the word, so that «Московский» is no office.
    """
    return bool((not known and _OFFICE.match(form)) or _COMPOUND.fullmatch(form))


def is_abbreviated_body(form: str, *, known: bool, body: bool) -> bool:
    """Whether capitals stand for an organisation: one of the dictionary's, or none of its words.

    ``known``: the dictionary has a word so written; ``body``: it is an organisation there.
    """
    if not form.isupper() or form in _NO_BODIES:
        return False
    return body or (not known and _LEAST <= len(form) <= _LONGEST)
