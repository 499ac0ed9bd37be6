"""How the office writes a phrase of the lexicons, and what it then finds."""

import pytest

from core.textchecks.lexicon import Phrases
from core.textchecks.sentences import split


def found(phrase: str, text: str) -> list[str]:
    (sentence,) = split(text, ())
    return [" ".join(token.text for token in sentence.tokens[start:end])
            for start, end in Phrases([phrase]).every(sentence.tokens)]  # fmt: skip


@pytest.mark.parametrize(("phrase", "text", "places"), [
    ("яма", "Ям во дворе нет", ["ям"]),
    ("=яма", "Ям во дворе нет", []),
    ("мосавто*", "Дорога Мосавтодора", ["мосавтодора"]),
    ("яма/люк", "Люка и ямы нет", ["люка", "ямы"]),
    ("=яма/люк", "Люка и ямы нет, есть люк", ["люк"]),
    ("=яма/=люк", "Люка и ямы нет, есть люк", ["люк"]),
    ("яма/=люк", "Люка и ямы нет, есть люк", ["ямы", "люк"]),
    ("яма … засыпать", "Яма у дома сразу засыпана", ["яма у дома сразу засыпана"]),
    ("яма … засыпать", "Яма у дома номер пять была ещё вчера засыпана", []),
    ("яма … засыпать", "Яма осмотрена, канава засыпана", []),
    ("яма … , =что", "Яма такова, что её видно", ["яма такова , что"]),
])
def test_a_phrase_finds_the_forms_that_it_is_written_for(
    phrase: str, text: str, places: list[str]
) -> None:
    assert found(phrase, text) == places


def test_an_exception_bars_the_phrases_that_begin_within_it() -> None:
    (sentence,) = split("Жилищный фонд и Фонд капремонта", ())
    phrases = Phrases(["фонд", "!жилищный фонд"])
    assert list(phrases.every(sentence.tokens)) == [(3, 4)]
