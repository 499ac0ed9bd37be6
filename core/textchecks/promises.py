"""Promises without an exact date (R25; 4.6¶7 «без указания точных сроков»)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from core.textchecks.bodies import is_others_doing, names_agent
from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.sentences import DASHES, Clause, Sentence, Token

DOCUMENT_ACTS = frozenset({
    "подписать", "заключить", "направить", "перенаправить", "переслать", "передать", "отправить",
    "выдать", "вручить", "утвердить", "зарегистрировать", "поступить", "получить", "уведомить",
    "известить", "проинформировать", "сообщить", "поставить", "дать", "направлять",
})  # fmt: skip
"""What is done to papers: a date beside it is the paper's."""

_GOES_ON = frozenset({"что", "когда", "якобы", "как", "где", "чтобы"})
"""How a clause begins that goes on with the citizen's words."""

_THEREFORE = frozenset({"что", "поэтому", "потому", "и", "следовательно"})
"""How a clause begins that judges what the one before it would lead to."""

_OPENING = 2
"""A condition opens its clause; tokens that may stand before it («и если», «но, если»)."""

_EFFECT = 4
"""Tokens that a verb of effect takes with its object: «закроет водителям обзор»."""

_EASILY = frozenset({"легко", "вполне", "трудно", "едва"})

_DATED_AS_WORK = frozenset({
    "назначенный", "запланированный", "намеченный", "назначить", "запланировать", "наметить",
    "провести", "выполнить", "завершить", "закончить", "окончить", "осуществить", "произвести",
})  # fmt: skip
"""Participles that date the work itself («работы, проведённые 12 апреля»)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A clause and what was seen in it."""

    clause: Clause
    promises: bool
    vague: bool
    reports: bool
    """Tells of something past."""

    @property
    def work_dates(self) -> tuple[int, ...]:
        """Token numbers of dates of work that the calendar has."""
        tokens = self.clause.tokens
        return tuple(place for place in _work_dates(self.clause)
                     if (mention := tokens[place].date) and mention.day)  # fmt: skip


def undated(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences that promise something and are not covered by an exact date."""
    words = lexicon("promises")
    done = [any(_done(clause, words) for clause in one.clauses) for one in sentences]
    last_done = max((number for number, one in enumerate(done) if one), default=-1)
    terms = [sentence for sentence in sentences if _names_term(sentence)]
    for number, sentence in enumerate(sentences):
        judged = judge(sentence, done_later=number <= last_done, done=last_done >= 0)
        if _lacks_date(judged) and not any(term is not sentence for term in terms):
            yield sentence


def judge(sentence: Sentence, *, done_later: bool, done: bool) -> list[Judged]:
    """Each clause of the sentence with its promise, vagueness and past."""
    words = lexicon("promises")
    judged: list[Judged] = []
    carried_out = done or any(clause.tokens in words["carried_out"] for clause in sentence.clauses)
    retelling = False
    refused = max((number for number, clause in enumerate(sentence.clauses)
                   if clause.tokens[0].text in _THEREFORE and clause.tokens in words["refused"]),
                  default=-1)
    pairs = zip_longest(sentence.clauses, sentence.clauses[1:])
    if sentence.tokens in words["residents_decide"]:
        return [Judged(one, promises=False, vague=False, reports=False)
                for one in sentence.clauses]
    for number, (clause, following) in enumerate(pairs):
        tokens = clause.tokens
        aside = following and following.tokens[0].text == "что" and tokens in words["aside"]
        goes_on = retelling and tokens[0].text in _GOES_ON
        retelling = goes_on or tokens in words["retold"]
        planned_before = carried_out and tokens in words["planned_before"]
        liable = tokens in words["liability"] and sentence.tokens in words["by_norm"]
        promises = not (retelling or aside or planned_before or liable or number < refused) and (
            _promises(clause, words, done_later=done_later, done=done)
            or _dated_vaguely(clause, judged, words)
            or (not carried_out and _foreseen(tokens, words))
            or (not done_later and _demanded(clause, sentence, words)))
        judged.append(
            Judged(
                clause,
                promises,
                vague=tokens in words["vague"] or tokens in words["term_unknown"],
                reports=any(token.word.past for token in tokens) and not _has_future(tokens),
            )
        )
    if not any(token.word.finite or token.word.addressed for token in sentence.tokens):
        return _nominal(judged)
    return judged


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


def _dated_vaguely(clause: Clause, before: list[Judged], words: dict[str, Phrases]) -> bool:
    """«…, запуск — к дню города»: a term after a dash, neither side of which has a verb."""
    return (
        clause.tokens[0].text in DASHES
        and clause.tokens in words["vague"]
        and not clause.finite
        and bool(before)
        and not before[-1].clause.finite
        and clause.tokens not in words["habit"]
    )


def _promises(clause: Clause, words: dict[str, Phrases], *, done_later: bool, done: bool) -> bool:
    tokens = clause.tokens
    return (
        _future(tokens, words)
        or (_affirmed(tokens, words["plan"]) and not _subject_to_no_work(tokens, words)
            and tokens not in words["from_citizen"])
        or _still_handled(tokens, words)
        or (not done and _we_are_at_it(tokens, words))
        or (_affirmed(tokens, words["scheduled"]) and tokens in words["vague"])
        or (not done_later and _assigned(tokens, words))
        or _put_off(tokens, words)
        or (not done and _affirmed(tokens, words["weak"]))
        or (tokens not in words["habit"] and _affirmed(tokens, words["in_progress"])
            and not is_others_doing(tokens, lexicon("organisations")))
        or _committed(tokens, words)
        or tokens in words["term_unknown"]
        or (tokens in words["term"] and tokens not in words["standard"]
            and not _has_past(tokens))
        or (_has_present(tokens) and tokens in words["strongly_vague"])
        or (_has_present(tokens) and not clause.dates and tokens not in words["habit"]
            and tokens in words["month"])
    )


def _assigned(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Включён в план», «поручено подрядчику»: what somebody of ours is to do."""
    if tokens in words["penalty"] or tokens in words["habit"]:
        return False
    ours = tokens in lexicon("organisations")["own"]
    return _affirmed(tokens, words["assigned"]) or (ours and _affirmed(tokens, words["handed_on"]))


def _subject_to_no_work(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Билеты подлежат возврату»."""
    return any("подлежать" in token.word.lemmas
               and tokens[place + 1 : place + 3] in words["not_work"]
               for place, token in enumerate(tokens))  # fmt: skip


def _we_are_at_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Разбираемся», «добиваемся»: whatever we do now, unless we only say or think it."""
    return tokens not in words["habit"] and any(
        token.word.we and not _negated(tokens, place)
        and tokens[place : place + 1] not in words["we_say"]
        for place, token in enumerate(tokens))


def _still_handled(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Сведения проверяются», «нарушитель устанавливается»: by the office, and not as a rule."""
    verbs = [place for place, token in enumerate(tokens)
             if token.word.present and token.text.endswith("ся")]  # fmt: skip
    if not verbs or any(tokens in words[no] for no in ("habit", "norm", "standard", "by_norm")):
        return False
    subject = any("nomn" in token.word.cases and tokens[place : place + 1] in words["matter"]
                  for place, token in enumerate(tokens[: verbs[0] + 3]))  # fmt: skip
    others = is_others_doing(tokens, lexicon("organisations")) or tokens in words["stative"]
    return subject and not others and not _negated(tokens, verbs[0])


def _future(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    verbs = [place for place, token in enumerate(tokens) if token.word.future]
    condition = words["condition"].find(tokens)
    if not verbs or (condition and condition[0] <= min(_OPENING, verbs[0])):
        return False
    verbs = [place for place in verbs if not _asked(tokens, place)]
    verbs = [place for place in verbs if not _says_nothing(tokens[place:], words)]
    verbs = [place for place in verbs if not _is_effect(tokens, place, words)]
    if is_others_doing(tokens, lexicon("organisations")):
        verbs = [place for place in verbs if not tokens[place].word.habitual]
    if tokens in words["able"] and tokens not in words["vague"]:
        return False
    return any(not _negated(tokens, place) and not _is_quality(tokens, place) for place in verbs)


def _asked(tokens: tuple[Token, ...], place: int) -> bool:
    """«будет ли построен»: the citizen's question told again."""
    return any(token.text == "ли" for token in tokens[place + 1 : place + 2])


def _is_quality(tokens: tuple[Token, ...], place: int) -> bool:
    """«легко заменим»: an adjective that looks like a verb."""
    return bool(place) and tokens[place - 1].text in _EASILY


def _is_effect(tokens: tuple[Token, ...], place: int, words: dict[str, Phrases]) -> bool:
    """«Новые рейсы разгрузят маршрут»: what a thing leads to, nobody being named who acts."""
    if tokens[place : place + _EFFECT] not in words["effect"] or tokens in words["vague"]:
        return False
    numbers = tokens[place].word.third
    thing = any(token.word.subject & numbers for token in tokens[:place])
    return thing and not names_agent(tokens, lexicon("organisations"))


def _says_nothing(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether the future verb that these begin with promises nothing: «хватит», «будет мешать»."""
    found = words["no_promise"].find(tokens)
    return found is not None and found[0] <= 1


def _affirmed(tokens: tuple[Token, ...], phrases: Phrases) -> bool:
    """Whether one of the phrases stands there without «не» before it."""
    place = phrases.find(tokens)
    if place is None or _negated(tokens, place[0]):
        return False
    first = tokens[place[0]].word
    return first.finite or not first.participle  # «запланированные работы выполнены»


def _committed(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«обязан завершить»: a duty with a perfective infinitive, not the citizen's to apply."""
    place = words["commitment"].find(tokens)
    if place is None or _negated(tokens, place[0]) or tokens in words["once"]:
        return False
    if tokens in words["of_residents"]:
        return False
    infinitives = [token for token in tokens[place[1]:]
                   if token.word.infinitive and token.word.perfective]  # fmt: skip
    if infinitives[:1] in words["commitment_of_citizen"]:
        return False
    bodies = lexicon("organisations")
    others = (tokens[place[0] : place[0] + 1] in words["duty"] and tokens not in bodies["own"]
              and is_others_doing(tokens, bodies))  # fmt: skip
    return bool(infinitives) and not others  # another's duty is his, and no promise of ours


def _put_off(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Внесена в план на третий квартал»."""
    period = words["on_period"].find(tokens)
    return period is not None and any(
        token.word.short_participle and not _negated(tokens, place)
        for place, token in enumerate(tokens[: period[0]]))


def _foreseen(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Предусмотрена замена», by a plan and not by a rule."""
    return _affirmed(tokens, words["foreseen"]) and tokens not in words["norm"]


def _demanded(clause: Clause, sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Потребовали переделать швы», unless the sentence says that it has been done."""
    place = words["demanded"].find(clause.tokens)
    if place is None or _negated(clause.tokens, place[0]):
        return False
    past = {lemma for token in sentence.tokens if token.word.past for lemma in token.word.lemmas}
    infinitives = [token.word for token in clause.tokens[place[1]:]
                   if token.word.infinitive and token.word.perfective]  # fmt: skip
    return any(not word.lemmas & past for word in infinitives)


def _done(clause: Clause, words: dict[str, Phrases]) -> bool:
    return _affirmed(clause.tokens, words["done"]) and not _has_future(clause.tokens)


def _negated(tokens: tuple[Token, ...], place: int) -> bool:
    return any(token.text == "не" for token in tokens[max(0, place - 1) : place])


def _has_future(tokens: tuple[Token, ...]) -> bool:
    return any(token.word.future for token in tokens)


def _has_past(tokens: tuple[Token, ...]) -> bool:
    return any(token.word.past for token in tokens)


def _has_present(tokens: tuple[Token, ...]) -> bool:
    return any(token.word.present for token in tokens)


def _lacks_date(judged: list[Judged]) -> bool:
    """Whether a promise of the sentence has no date, its own or one it shares."""
    for number, one in enumerate(judged):
        if not one.promises or one.work_dates:
            continue
        neighbours = [other for place, other in enumerate(judged) if place != number]
        if one.vague and one.clause.finite and not _verbless_date_follows(judged, number):
            return True
        if not any(other.work_dates and not other.reports for other in neighbours):
            return True
    return False


def _verbless_date_follows(judged: list[Judged], number: int) -> bool:
    """«в мае, но не позднее 25.05.2026»: the next clause only makes the term exact."""
    following = judged[number + 1 : number + 2]
    return any(other.work_dates and not other.clause.finite for other in following)


def _names_term(sentence: Sentence) -> bool:
    """A sentence that only names the term of what another one promises."""
    return sentence.tokens[:4] in lexicon("promises")["term"] and any(
        _work_dates(clause) for clause in sentence.clauses
    )


def _work_dates(clause: Clause) -> Iterator[int]:
    """Numbers of the tokens that are dates of work, not of papers."""
    tokens = clause.tokens
    papers = any(token.word.past and token.word.lemmas & DOCUMENT_ACTS for token in tokens)
    for place, token in enumerate(tokens):
        mention = token.date
        if mention is None or mention.requisite or _after_participle(tokens, place):
            continue
        if papers and not mention.as_deadline and not _has_future(tokens):
            continue
        yield place


def _after_participle(tokens: tuple[Token, ...], place: int) -> bool:
    """«заключённому 20.03.2026», «поступившее в администрацию 03.04.2026»."""
    mention, before = tokens[place].date, tokens[max(0, place - 3) : place]
    if (mention and mention.as_deadline) or any(token.word.finite for token in before):
        return False
    return any(
        token.word.past_participle and not token.word.lemmas & _DATED_AS_WORK for token in before
    )


def work_dates(sentence: Sentence) -> Iterator[tuple[Clause, Token]]:
    """The dates of work in a sentence, each with its clause."""
    for clause in sentence.clauses:
        for place in _work_dates(clause):
            yield clause, clause.tokens[place]
