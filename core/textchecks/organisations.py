"""«It is another organisation's matter» without that organisation informed (R26; 4.6¶7)."""

from collections.abc import Iterator
from itertools import pairwise

from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.promises import judge
from core.textchecks.sentences import Clause, Sentence, Token

_PREPOSITIONS = frozenset({
    "в", "во", "к", "ко", "с", "со", "от", "из", "у", "для", "на", "по", "при", "до", "участием",
    "совместно", "адрес", "между", "через",
})  # fmt: skip

_PRONOUNS = frozenset({"он", "она", "оно", "они"})
"""Stand for the organisation that the sentence has named: «…застройщик, он его и содержит»."""


def passed_on(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences that leave the matter to another organisation."""
    for sentence in sentences:
        if _passes(sentence):
            yield sentence


def informs(sentences: tuple[Sentence, ...]) -> bool:
    """Whether the text says that an organisation has been informed."""
    words = lexicon("organisations")
    return any(_informs(clause, words) for one in sentences for clause in _whole(one))


def _whole(sentence: Sentence) -> Iterator[Clause]:
    """The clauses, and each that has a verb together with the verbless one before or after it.

    «Копия письма у них, отправлена вчера»; «…решает учредитель, Министерство образования».
    """
    yield from sentence.clauses
    for first, second in pairwise(sentence.clauses):
        if first.finite is not second.finite:
            yield Clause(first.tokens + second.tokens)


def _passes(sentence: Sentence) -> bool:
    words = lexicon("organisations")
    tokens = sentence.tokens
    if tokens in words["not_ours"]:
        return True
    if tokens in words["own"] and tokens not in words["theirs"]:
        return False
    if tokens not in words["other"]:
        return any(_owned(clause, words) or (tokens in words["firms"] and _run_by(clause, words))
                   for clause in sentence.clauses)
    return (
        any(_belongs(clause, words) for clause in _whole(sentence))
        or tuple(token for token in tokens if not (token.word.past or token.word.future))
        in words["advice"]
        or (tokens[:4] in words["quoted"] and _promises_something(sentence))
        or tokens in words["vows"]
        or _will_be_done(sentence, words)
    )


def _belongs(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Belongs to, or is constantly done by, an organisation named in the sentence."""
    tokens = clause.tokens
    if tokens in words["belongs"] or (not clause.finite and tokens in words["belongs_in_a_word"]):
        return True
    named = tokens in words["other"] or any(token.text in _PRONOUNS for token in tokens)
    if any(token.word.past for token in tokens) or not named:
        return False
    return (tuple(token for token in tokens if token.word.finite) in words["operates"]
            or _does_it(tokens, words))


def _owned(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Манеж принадлежит конному клубу»: somebody named, and neither us nor a citizen."""
    tokens = clause.tokens
    found = words["owned"].find(tokens)
    if found is None or tokens in words["ours"] or any(token.text == "не" for token in tokens):
        return False
    return any(token.word.noun for token in tokens[found[1] : found[1] + 3])


def _run_by(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Стрелку чистит депо»: done in the present by a firm, which elsewhere is but a place."""
    tokens = clause.tokens
    verbs = tuple(token for token in tokens if token.word.present)
    past = any(token.word.past for token in tokens)
    named = _is_doer(tokens, words, "firms") or any(token.text in _PRONOUNS for token in tokens)
    return not past and verbs in words["operates"] and named and tokens not in words["ours"]


def _does_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Трубу красит Мособлгаз»: the doer of whatever is done in the present."""
    verbs = [place for place, token in enumerate(tokens) if token.word.present]
    if len(verbs) != 1 or tokens in words["of_itself"] or tokens in words["by_right"]:
        return False
    negated = verbs[0] > 0 and tokens[verbs[0] - 1].text == "не"
    return not negated and _is_doer(tokens, words)


def _promises_something(sentence: Sentence) -> bool:
    return any(one.promises for one in judge(sentence, done_later=False, done=False))


def _will_be_done(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Управляющая компания проведёт…»: a promise whose doer is another organisation."""
    for one in judge(sentence, done_later=False, done=False):
        if one.promises and _is_doer(one.clause.tokens, words):
            return True
    return False


def _is_doer(tokens: tuple[Token, ...], words: dict[str, Phrases], who: str = "other") -> bool:
    if tokens in words["theirs"]:
        return True
    place = words[who].find(tokens)
    if place is None:
        return False
    start, end = place
    before = tokens[start - 1] if start else None
    if tokens[max(0, start - 1) : start] in words["workers"]:
        return True
    if before and before.text in _PREPOSITIONS:
        return False
    words_named = [token.word for token in tokens[start:end]]
    head = next((place for place, word in enumerate(words_named) if word.noun), None)
    if head is None or len(words_named[head].cases) > 1:  # an abbreviation: «АО», «ГБУ»
        return before is None or not before.word.noun
    named = words_named[: head + 1]  # «Фонда» in «Фонд капремонта» agrees with nothing
    return any(all(case in word.cases for word in named) for case in ("nomn", "ablt"))


def _informs(clause: Clause, words: dict[str, Phrases]) -> bool:
    tokens = clause.tokens
    if any(token.word.future for token in tokens) or tokens in words["to_citizen"]:
        return False
    if tokens in words["at_our_request"]:
        return True
    acts = tuple(token for token in tokens if token.word.past)
    if not acts:
        return False
    if acts in words["informed"] or (tokens in words["informed"]):
        return True
    return acts in words["handed"] and tokens in words["papers"]
