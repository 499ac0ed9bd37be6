"""Promises without an exact date (R25; 4.6¶7 «без указания точных сроков»)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core.textchecks.intentions import (
    demanded,
    foreseen,
    has_future,
    intends,
    is_done,
    tells_no_day,
    tells_when,
)
from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.sentences import DASHES, Clause, Sentence
from core.textchecks.workdates import dated_as_work, retellings

_JOINED = frozenset({"и", "а", "также", "затем"})
"""How a clause begins that shares what the one before it has begun."""

_SO = DASHES | {"так", "это"}
"""How a clause begins that says what comes of the citizen's doing."""

_THEN = _SO | {"тогда", "и", "а", "мы"}
"""The same where the citizen is to do it on a condition: «если увидите — звоните, мы приедем»."""

_TERM = frozenset({"дата", "срок", "день"})

_THEREFORE = frozenset({"что", "поэтому", "потому", "и", "следовательно"})
"""How a clause begins that judges what the one before it would lead to."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause and what was seen in it."""

    clause: Clause
    promises: bool
    vague: bool
    reports: bool
    """Tells of something past."""
    retold: bool = False
    """Tells the citizen's words again."""

    @property
    def work_dates(self) -> tuple[int, ...]:
        """Token numbers of dates of work that the calendar has."""
        tokens = self.clause.tokens
        if self.retold:
            return ()
        return tuple(place for place in dated_as_work(self.clause)
                     if (mention := tokens[place].date) and mention.day)  # fmt: skip


def undated(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences that promise something and are not covered by an exact date."""
    words = lexicon("promises")
    done = [any(is_done(clause, words) for clause in one.clauses) for one in sentences]
    last_done = max((number for number, one in enumerate(done) if one), default=-1)
    terms = [sentence for sentence in sentences if _names_term(sentence)]
    judged = _judge_all(sentences, last_done, done=last_done >= 0)
    if last_done < 0 and any(map(_is_dated_promise, judged)):
        # «откроется 30 мая, сейчас льют фундамент»
        judged = _judge_all(sentences, last_done, done=True)
    told = False
    for sentence, clauses, following in zip_longest(sentences, judged, judged[1:]):
        lacks = _lacks_date(clauses, told=told) and not (
            told and _tells_how(sentence, clauses, words))
        told = _is_dated_promise(clauses) or (told and not lacks)
        if not lacks or any(term is not sentence for term in terms):
            continue
        if not (_only_sets_going(clauses, words) and _is_dated_promise(following or [])):
            yield sentence


def _judge_all(
    sentences: tuple[Sentence, ...], last_done: int, *, done: bool
) -> list[list[Judged]]:
    return [judge(sentence, done_later=number <= last_done, done=done)
            for number, sentence in enumerate(sentences)]  # fmt: skip


def _tells_how(sentence: Sentence, judged: list[Judged], words: dict[str, Phrases]) -> bool:
    """«(Бордюр переложим 18 мая.) Работать станут по половине улицы»: of what is dated before."""
    return sentence.tokens[:3] not in words["new_subject"] and not any(
        one.promises and (one.vague or tells_no_day(one.clause, words)) for one in judged)


def _only_sets_going(judged: list[Judged], words: dict[str, Phrases]) -> bool:
    """«Яма внесена в план», which a day in the next sentence makes exact."""
    return not any(one.promises and (one.vague or tells_when(one.clause, words)) for one in judged)


def _is_dated_promise(judged: list[Judged]) -> bool:
    return any(one.promises and one.work_dates for one in judged) and not _lacks_date(judged)


def judge(sentence: Sentence, *, done_later: bool, done: bool) -> list[Judged]:
    """Each clause of the sentence with its promise, vagueness and past."""
    words = lexicon("promises")
    judged: list[Judged] = []
    carried_out = done or any(clause.tokens in words["carried_out"] for clause in sentence.clauses)
    future = False
    refused = max((number for number, clause in enumerate(sentence.clauses)
                   if clause.tokens[0].text in _THEREFORE and clause.tokens in words["refused"]),
                  default=-1)
    so = _THEN if sentence.tokens in words["condition"] else _SO
    pairs = zip_longest(sentence.clauses, sentence.clauses[1:], retellings(sentence))
    if sentence.tokens in words["residents_decide"]:
        return [Judged(one, promises=False, vague=False, reports=False)
                for one in sentence.clauses]
    for number, (clause, following, retold) in enumerate(pairs):
        tokens = clause.tokens
        aside = following and following.tokens[0].text == "что" and tokens in words["aside"]
        planned_before = carried_out and tokens in words["planned_before"]
        liable = tokens in words["liability"] and sentence.tokens in words["by_norm"]
        future = has_future(tokens) or (future and _shares_auxiliary(clause))
        follows = tokens[0].text in so and sentence.tokens in words["citizen_is_to"]
        no_promise = aside or follows or planned_before or liable or number < refused
        promises = not (retold or no_promise) and (
            intends(clause, words, done_later=done_later, done=done)
            or _dated_vaguely(clause, judged, words)
            or _is_agenda(clause, words)
            or (not carried_out and foreseen(tokens, words))
            or (not done_later and demanded(clause, sentence, words)))
        judged.append(
            Judged(
                clause,
                promises,
                vague=tokens in words["vague"] or tokens in words["term_unknown"],
                reports=_tells_of_past(clause, words) and not future,
                retold=bool(retold),
            )
        )
    if not any(token.word.finite or token.word.addressed for token in sentence.tokens):
        return _nominal(judged)
    return judged


def _tells_of_past(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Яма заделана», but not «монтаж перенесён на 10 июня»: that day is yet to come."""
    past = tuple(token for token in clause.tokens if token.word.past)
    return bool(past) and not all((token,) in words["appointed"] for token in past)


def _shares_auxiliary(clause: Clause) -> bool:
    """«…(будет снята) и заменена до 20.05»: the next of several predicates of one subject."""
    first, *rest = [token for token in clause.tokens if token.text not in _JOINED] or clause.tokens
    return first.word.short_participle and not any(
        token.word.past for token in rest if not token.word.short_participle)


def _nominal(judged: list[Judged]) -> list[Judged]:
    """«Замена светильника — II квартал»: without a verb, a vague term is a plan."""
    words = lexicon("promises")
    if any(one.vague for one in judged) and not any(
        one.clause.tokens in words["habit"] or one.clause.tokens in words["standard"]
        for one in judged
    ):
        return [
            Judged(one.clause, promises=True, vague=one.vague, reports=False) for one in judged
        ]
    return judged


def _is_agenda(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«…, сборка на следующей неделе»: a work's name and a term ahead, no verb."""
    first = clause.tokens[0].word
    return (
        first.noun and "nomn" in first.cases and not clause.finite and not clause.dates
        and (clause.tokens in words["strongly_vague"] or clause.tokens in words["month"])
        and clause.tokens not in words["habit"]
    )


def _dated_vaguely(clause: Clause, before: list[Judged], words: dict[str, Phrases]) -> bool:
    """«…, запуск — к дню города»: a term after a dash, neither side of which has a verb."""
    return (
        clause.tokens[0].text in DASHES
        and clause.tokens in words["vague"]
        and not clause.finite
        and bool(before)
        and not before[-1].clause.finite
        and not any(one.clause.tokens in words[no] for one in before
                    for no in ("standard", "habit"))
        and clause.tokens not in words["habit"]
    )


def _lacks_date(judged: list[Judged], *, told: bool = False) -> bool:
    """Whether a promise of the sentence has no date, its own or one it shares.

    ``told``: a day was named before, to which «в тот же день» points.
    """
    for number, one in enumerate(judged):
        if not one.promises or one.work_dates:
            continue
        pointed_at = told or any(other.work_dates for other in judged[:number])
        if pointed_at and one.clause.tokens in lexicon("promises")["same_day"]:
            continue
        first_words = [token.text for token in one.clause.tokens[:2]]
        opposed = one.clause.finite and first_words[0] == "а" and first_words[1:] != ["также"]
        first = number if opposed else 0  # «яму — до 20.05, а газон восстановят»
        neighbours = [other for place, other in enumerate(judged)
                      if place != number and place >= first]
        of_its_own = one.clause.finite or one.clause.tokens[0].text in DASHES
        if one.vague and of_its_own and not _verbless_date_follows(judged, number):
            return True  # «первый этап — 5 мая, второй — в августе»
        if not any(other.work_dates and not other.reports for other in neighbours):
            return True
    return False


def _verbless_date_follows(judged: list[Judged], number: int) -> bool:
    """«в мае, но не позднее 25.05.2026»: the next clause only makes the term exact."""
    following = judged[number + 1 : number + 2]
    if following and following[0].clause.tokens[0].word.lemmas & _TERM:
        following = judged[number + 2 : number + 3]  # «…, дата выхода — 12 мая»
    return any(other.work_dates and not other.clause.finite for other in following)


def _names_term(sentence: Sentence) -> bool:
    """A sentence that only names the term of what another one promises."""
    words = lexicon("promises")
    dated = any(True for clause in sentence.clauses for _ in dated_as_work(clause))
    return dated and (sentence.tokens[:4] in words["term"] or any(
        clause.tokens in words["whole"] for clause in sentence.clauses))
