"""One Russian word: its dictionary forms and the grammar that the checks need.

The dictionary (pymorphy3, OpenCorpora) is loaded on the first word, not on import.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

from core.textchecks.names import is_abbreviated_body, is_office

_MARKS = frozenset({
    "VERB", "PRTF", "PRTS", "INFN", "NOUN", "ADJS", "perf", "futr", "pres", "past", "impr", "1per",
    "2per", "3per", "sing", "plur", "nomn", "gent", "datv", "accs", "ablt", "PRED", "ADJF", "Orgn",
    "Surn", "Name", "Patr", "anim", "inan", "tran",
})  # fmt: skip


class _Reading(Protocol):
    tag: "_Tag"
    normal_form: str
    score: float
    is_known: bool


class _Tag(Protocol):
    grammemes: frozenset[str]


class _Analyzer(Protocol):
    def parse(self, word: str) -> list[_Reading]: ...


@dataclass(frozen=True, slots=True)
class Word:
    """What the dictionary says of a word form, in all its readings at once."""

    lemmas: frozenset[str]
    future: bool = False
    """A finite verb of the future that an office would write («восстановят», «будет»)."""
    past: bool = False
    """A finite past verb or a short passive participle («выполнен», «провели»)."""
    we: bool = False
    """A present of the first person: «ищем», «добиваемся»."""
    transitive: bool = False
    """A verb that takes an object («чистит»)."""
    turned: bool = False
    """A future that may as well be a short participle without its «ё»: «повернут»."""
    they: bool = False
    """A present of the third person plural: «чистят»."""
    habitual: bool = False
    """Present, or a future that may mean what is always done («организует»)."""
    short_participle: bool = False
    """«выполнен», «внесена»."""
    present: bool = False
    infinitive: bool = False
    perfective: bool = False
    participle: bool = False
    """A full participle («заключённый», «планируемый»)."""
    past_participle: bool = False
    """A full past participle («заключённый»)."""
    noun: bool = False
    adjective: bool = False
    """A full adjective («детская»), participles aside."""
    common: bool = False
    """A noun that is no part of a person's name («мороз»)."""
    person: frozenset[str] = frozenset()
    """Which part of a person's name it may be: "Surn", "Name", "Patr"."""
    subject: frozenset[str] = frozenset()
    """The numbers, "sing" and "plur", in which a thing's name may be a subject («рейсы»)."""
    third: frozenset[str] = frozenset()
    """The numbers of the third person that a future verb may stand in («разгрузят»)."""
    animate: bool = False
    """A noun for a person («инспектор»)."""
    addressed: bool = False
    """A verb said to the reader: «сможете», «звоните»."""
    imperative: bool = False
    """«звоните»."""
    abbreviation: bool = False
    """Written in capitals: «ТСЖ»."""
    cases: frozenset[str] = frozenset()
    """The cases it may stand in, of "nomn", "gent", "datv", "accs" and "ablt"."""

    @property
    def indeclinable(self) -> bool:
        """Whether its case cannot be told: «АО», «депо»."""
        return {"nomn", "ablt"} <= self.cases

    @property
    def finite(self) -> bool:
        """Whether a clause can be built on it."""
        return self.future or self.past or self.present


PRESENT_AFTER_ALL = frozenset({
    "рекомендовать", "использовать", "гарантировать", "обещать", "просить", "информировать",
    "инициировать", "арендовать", "фиксировать", "регистрировать", "финансировать",
    "координировать", "транслировать", "блокировать", "стимулировать", "адресовать", "дублировать",
    "констатировать", "мотивировать", "регламентировать", "курсировать", "лимитировать",
})  # fmt: skip
"""Verbs of both aspects that the office writes in the present («рекомендуем обратиться»)."""

_NEVER_FUTURE = frozenset({
    "вывозиться", "завозиться", "развозиться", "провозиться", "увозиться",
    "закупаться", "раскупаться",
})
"""The dictionary knows but «вывозиться в грязи» and «закупиться впрок»."""

HABITUAL_TOO = frozenset({"организовать", "согласовать", "реализовать"})
"""Futures that of another body mean what it always does: «уборку организует ТСЖ»."""

NOUNS_AFTER_ALL = frozenset({"начало", "дело", "зло", "спил", "распил", "надел", "мыло"})
"""Nouns that look like past verbs («начало работ»)."""

_CASES = ("nomn", "gent", "datv", "accs", "ablt")

_LEAST_HEAD = 4
"""Letters of a first half that is a word in itself: not «по-прежнему»."""

NOT_A_WORD = Word(frozenset())


def plain(text: str) -> str:
    """Lower case, «ё» as «е»: how words are compared."""
    return text.lower().replace("ё", "е")


@cache
def _analyzer() -> _Analyzer:
    import pymorphy3

    analyzer: _Analyzer = pymorphy3.MorphAnalyzer(lang="ru")
    return analyzer


def _lemmas(form: str, readings: list[tuple[_Reading, frozenset[str], float]]) -> frozenset[str]:
    """Dictionary forms, with a common noun for what is an office's name."""
    lemmas = frozenset(plain(one.normal_form) for one, _, _ in readings) | {plain(form)}
    head, _, rest = form.partition("-")
    if rest and len(head) >= _LEAST_HEAD:
        lemmas |= read(head).lemmas  # «банк-владелец» is a bank
    known = any(one.is_known for one, _, _ in readings)
    if is_office(form, known=known):
        lemmas |= {"ведомство"}
    body = any("Orgn" in marks for _, marks, _ in readings)
    if is_abbreviated_body(form, known=known, body=body):
        lemmas |= {"организация-по-имени"}
    return lemmas


@lru_cache(maxsize=50_000)
def read(form: str) -> Word:
    """Look one word form up, letter case aside."""
    readings = [
        (one, one.tag.grammemes & _MARKS, one.score)
        for one in _analyzer().parse(form.lower())
    ]
    lemmas = _lemmas(form, readings)

    def weight(*marks: str, without: tuple[str, ...] = ()) -> float:
        wanted, unwanted = set(marks), set(without)
        return sum(s for _, m, s in readings if wanted <= m and not unwanted & m)

    future = weight("VERB", "futr", without=("2per",))
    if weight("VERB", "futr", "1per", "sing"):
        future = 0.0  # «смету», «дам»: the office never says «я»
    present = weight("VERB", "pres") + weight("PRED")
    if weight("ADJS") > 0.5:
        present += 1  # «исправен», but not «согласно»
    if lemmas & _NEVER_FUTURE:
        present, future = 1.0, 0.0
    if present and lemmas & PRESENT_AFTER_ALL:
        future = 0.0
    if future and present and not any(one.endswith("овать") for one in lemmas):
        future = 0.0  # «строит», «вывозит»: the perfective twin is not the office's
    if weight("NOUN") > 2 * future or weight("PRTS", without=("pres",)) >= future:
        future = 0.0  # «снят запрет», «договор расторгнут» are no «запрёт», «расторгнут его»
    return Word(
        lemmas=lemmas,
        future=future > 0 and future >= present,
        past=weight("VERB", "past") + weight("PRTS") > 0.3 and plain(form) not in NOUNS_AFTER_ALL,
        we=present > future and weight("VERB", "pres", "1per", "plur") > 0,
        they=weight("VERB", "pres", "3per", "plur") > 0.3,
        transitive=weight("VERB", "tran") > 0.5,
        turned=future > 0 and weight("PRTS") > 0,
        habitual=present > future or bool(
            weight("3per") and (weight("VERB", "pres") or lemmas & HABITUAL_TOO)),
        short_participle=weight("PRTS") > 0.3,
        present=present > future,
        infinitive=weight("INFN") > 0,
        perfective=weight("perf") > 0,
        participle=weight("PRTF") > 0,
        past_participle=weight("PRTF", "past") > 0,
        noun=weight("NOUN") > 0,
        adjective=weight("ADJF", without=("PRTF",)) > 0.3,
        imperative=weight("impr", "plur") > 0.3,
        abbreviation=len(form) > 1 and form.isupper(),
        subject=frozenset(n for n in ("sing", "plur") if weight("NOUN", "inan", "nomn", n)),
        third=frozenset(n for n in ("sing", "plur") if weight("VERB", "futr", "3per", n)),
        animate=weight("NOUN", "anim") > 0.3,
        addressed=weight("VERB", "2per", "plur") + weight("impr", "plur") > 0.3,
        common=weight("NOUN", without=("Surn", "Name", "Patr")) > 0.1,
        person=frozenset(mark for mark in ("Surn", "Name", "Patr") if weight(mark) > 0.1),
        cases=frozenset(case for case in _CASES if weight(case)),
    )
