"""«It is another organisation's matter» without that organisation informed (R26; 4.6¶7)."""

from collections.abc import Iterator

from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.promises import judge
from core.textchecks.sentences import Clause, Sentence, Token

_PREPOSITIONS = frozenset({
    "в", "во", "к", "ко", "с", "со", "от", "из", "у", "для", "на", "по", "при", "до", "участием",
    "совместно", "адрес", "между", "через",
})  # fmt: skip


def passed_on(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences that leave the matter to another organisation."""
    for sentence in sentences:
        if _passes(sentence):
            yield sentence


def informs(sentences: tuple[Sentence, ...]) -> bool:
    """Whether the text says that an organisation has been informed."""
    words = lexicon("organisations")
    return any(_informs(clause, words) for one in sentences for clause in one.clauses)


def _passes(sentence: Sentence) -> bool:
    words = lexicon("organisations")
    tokens = sentence.tokens
    if tokens in words["not_ours"]:
        return True
    if tokens not in words["other"] or tokens in words["own"]:
        return False
    return (
        any(_belongs(clause, words) for clause in sentence.clauses)
        or tokens in words["advice"]
        or tokens[:4] in words["quoted"]
        or _will_be_done(sentence, words)
    )


def _belongs(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Belongs to, or is constantly done by, an organisation named in the sentence."""
    tokens = clause.tokens
    if any(token.word.past for token in tokens) and tokens not in words["belongs"]:
        return False
    return tokens in words["belongs"] or tokens in words["operates"]


def _will_be_done(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Управляющая компания проведёт…»: a promise whose doer is another organisation."""
    for one in judge(sentence, done_later=False, done=False):
        if one.promises and _is_doer(one.clause.tokens, words["other"]):
            return True
    return False


def _is_doer(tokens: tuple[Token, ...], other: Phrases) -> bool:
    place = other.find(tokens)
    if place is None:
        return False
    start, end = place
    before = tokens[start - 1] if start else None
    if before and before.text in _PREPOSITIONS:
        return False
    head = tokens[end - 1].word
    if not head.noun:  # an abbreviation: «АО», «ГБУ»
        return before is None or not before.word.noun
    return head.subject_case or head.agent_case


def _informs(clause: Clause, words: dict[str, Phrases]) -> bool:
    tokens = clause.tokens
    if any(token.word.future for token in tokens) or tokens in words["to_citizen"]:
        return False
    acts = tuple(token for token in tokens if token.word.past)
    if not acts:
        return False
    if acts in words["informed"] or (tokens in words["informed"]):
        return True
    return acts in words["handed"] and tokens in words["papers"]
