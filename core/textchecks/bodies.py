"""Whom a clause names: us, another body, or somebody whom no list knows."""

from collections.abc import Iterator
from itertools import pairwise

from core.textchecks.lexicon import Phrases
from core.textchecks.morphology import Word
from core.textchecks.sentences import Token

_PREPOSITIONS = frozenset({
    "в", "во", "к", "ко", "с", "со", "от", "из", "у", "для", "на", "по", "при", "до", "участием",
    "совместно", "адрес", "между", "через", "перед", "о", "об", "под", "над", "без", "около",
    "возле", "вместо", "ради", "кроме",
})  # fmt: skip

_BY_PAPER = frozenset({"по", "от", "до", "сроком", "согласно"})
"""After these no holder is named: «передано в аренду по договору»."""

_PLURAL = ("ут", "ют", "ат", "ят", "утся", "ются", "атся", "ятся", "ли", "лись", "ны", "ты")

_TO_HIM = frozenset({"ему", "ей", "им"})
"""«Принадлежащего ему имущества» names nobody."""

_TO_BE = frozenset({"будет", "будут"})

_QUOTES = frozenset("«\"")

_JOINTS = frozenset({"и", "или"})

NEAR = 4
"""Among so many tokens after «принадлежит» somebody must be named."""

PRONOUNS = frozenset({"он", "она", "оно", "они"})
"""Stand for the organisation that the sentence has named: «…застройщик, он его и содержит»."""


def is_somebody(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether these words, that tell whose it is, name somebody, and not us."""
    near = tokens[:NEAR]
    stop = next((place for place, token in enumerate(near) if token.text in _BY_PAPER), NEAR)
    named = any(token.word.noun or token.word.abbreviation for token in near[:stop])
    if not named or tokens[0].text in _TO_HIM:
        return False
    ours = tokens in words["ours"] or near in words["institutions"]
    return not ours or tokens in words["theirs"]


def somebody_else(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether the subject is somebody, and not us."""
    subject = any(_may_be_subject(token) for token in tokens)
    return subject and (not ours_acts(tokens, words) or tokens in words["theirs"])


def ours_acts(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether we, or a citizen, may be the subject."""
    theirs = set(_their_people(tokens, words))
    return any(_may_be_subject(token) and not _disagrees(token, tokens)
               for who in ("ours", "institutions") for start, end in words[who].every(tokens)
               if start not in theirs for token in tokens[start:end])  # fmt: skip


def _their_people(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> Iterator[int]:
    """Where people stand whose organisation is named after them: «сотрудники части РЖД»."""
    for place, token in enumerate(tokens):
        if (token,) not in words["workers"] or not token.word.cases & {"nomn", "ablt"}:
            continue
        after = tokens[place + 1 : place + 1 + NEAR]
        body = words["other"].find(after)
        between = after[: body[0]] if body else after
        apart = any(one.word.finite or one.text in _PREPOSITIONS for one in between)
        if _of_a_noun(tokens[: place + 1]):
            continue
        if body and not apart and not _governed(_without_adjectives(tokens[:place])):
            yield place


def _of_a_noun(tokens: tuple[Token, ...]) -> bool:
    """«По протоколу лаборатории»: the last word is what the noun before it is of."""
    *_, before, last = (None, *tokens)
    return bool(before and before.word.noun and "gent" in last.word.cases)


def own_acts(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether the administration's institution or contractor may be the doer."""
    if tokens in words["by_contract"]:
        return True
    heads = (next((token.word for token in tokens[start:end] if token.word.noun), None)
             for start, end in words["own"].every(tokens))  # fmt: skip
    return any(head is None or head.cases & {"nomn", "ablt"} for head in heads)


def _may_be_subject(token: Token) -> bool:
    return "nomn" in token.word.cases or token.word.abbreviation or token.text in PRONOUNS


def is_others_doing(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether whatever the clause says is done by another organisation or firm."""
    if own_acts(tokens, words) and tokens not in words["theirs"]:
        return False
    return body_acts(tokens, words) or tokens in words["by_them"]


def stands_after(
    tokens: tuple[Token, ...], prepositions: frozenset[str], words: dict[str, Phrases],
    who: str = "other",
) -> bool:
    """Whether one of those in the list ``who`` is named right after one of ``prepositions``."""
    before = (_without_adjectives(tokens[:start]) for start, _ in words[who].every(tokens))
    return any(opening and opening[-1].text in prepositions for opening in before)


def is_passive(tokens: tuple[Token, ...]) -> bool:
    """«Оно будет подано»: the subject is what it is done to."""
    return any(first.text in _TO_BE and second.word.short_participle
               for first, second in pairwise(tokens))  # fmt: skip


def is_person(token: Token) -> bool:
    """A noun for a person in the nominative («инженеры»): told by its other accusative."""
    return token.word.animate and "nomn" in token.word.cases and "accs" not in token.word.cases


def is_doer(tokens: tuple[Token, ...], words: dict[str, Phrases], who: str = "other") -> bool:
    """Whether one of those in the list ``who`` does what the clause says."""
    if any(not _governed(tokens[:start]) for start, _ in words["theirs"].every(tokens)):
        return True
    if next(_their_people(tokens, words), None) is not None:
        return True
    return any(_is_subject(tokens, place, words) for place in words[who].every(tokens)
               if tokens[slice(*place)] not in words["residents"])  # fmt: skip


def body_acts(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether another organisation does what the clause says, or a firm."""
    return is_doer(tokens, words) or is_doer(tokens, words, "firms")


def _is_subject(tokens: tuple[Token, ...], place: tuple[int, int], words: dict[str, Phrases]
                ) -> bool:
    """Whether what stands there does what the clause says: in its case or by its people."""
    start, _end = place
    before = _without_adjectives(tokens[:start])
    if before[-1:] in words["workers"]:  # «инспекторы ГИБДД», but «с сотрудником МФЦ…»
        return not (_governed(before[:-1]) or _of_a_noun(before))
    if [token.text for token in before[-1:]] == ["из"] and any(map(is_person, before[-2:-1])):
        return True  # «дорожники из Мосавтодора»
    if _names_of_ours(tokens[start], before, words):
        return False
    if tokens[start].text in _QUOTES and before and before[-1].word.noun:
        before = _without_adjectives(before[:-1])  # «у кафе «Встреча»»: the name of the noun
    if _governed(before) or _names_abbreviated(before):
        return False
    return _agrees(tokens, place, before, words)


def _agrees(tokens: tuple[Token, ...], place: tuple[int, int], before: tuple[Token, ...],
            words: dict[str, Phrases]) -> bool:
    """Whether the name may stand in a case of who acts, with what is ``before`` it."""
    start, end = place
    if not any(token.word.noun for token in tokens[start:end]) and tokens[end - 1].word.adjective:
        end += 1  # «воинская часть», known by the adjective
    words_named = [token.word for token in tokens[start:end]]
    head = next((place for place, word in enumerate(words_named) if word.noun), None)
    if head is None or words_named[head].indeclinable:
        given = before[-1:] in words["giving"] or _in_the_dative(tokens[:start])
        return not given and _abbreviation_acts(tokens[:start], tokens[start:])
    named = words_named[: head + 1]  # «Фонда» in «Фонд капремонта» agrees with nothing
    cases = frozenset.intersection(*(word.cases for word in named))
    if "gent" in cases and before and before[-1].word.noun and not _of_many(tokens, named[-1]):
        return False  # «по запросу полиции»
    if _disagrees(tokens[start + head], tokens):
        cases -= {"nomn"}  # «отдаётся полиции»
    return bool(_agreed(tokens[:start], cases) & {"nomn", "ablt"})


def _names_of_ours(
    quote: Token, before: tuple[Token, ...], words: dict[str, Phrases]
) -> bool:
    """«В 7 «Б» классе», «Дом культуры «Яуза»: no firm's name in quotation marks."""
    if quote.text not in _QUOTES or not before:
        return False
    return before[-1].text.isdigit() or before[-NEAR:] in words["institutions"]


def _of_many(tokens: tuple[Token, ...], named: Word) -> bool:
    """Whether the verb is of many, as the name may be: an office's («Минздрав») is not."""
    return any(map(_is_plural, tokens)) and "ведомство" not in named.lemmas


def _disagrees(name: Token, tokens: tuple[Token, ...]) -> bool:
    """Whether the name could be a subject only as many, and the verb is of one."""
    verbs = [token for token in tokens if token.word.finite]
    if not verbs or any(map(_is_plural, verbs)) or "ведомство" in name.word.lemmas:
        return False
    return _are_many((name,))


def _is_plural(token: Token) -> bool:
    """A verb of many: «энергетики восстановят», not «по запросу полиции выдаётся»."""
    return token.word.finite and token.text.endswith(_PLURAL)


def _agreed(before: tuple[Token, ...], cases: frozenset[str]) -> frozenset[str]:
    """The cases of a name that its adjectives leave: «муниципального общежития»."""
    for token in reversed(before):
        if not (token.word.adjective or token.word.participle) or not cases & token.word.cases:
            return cases
        cases &= token.word.cases
    return cases


def _without_adjectives(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """«в садовое» of «в садовое товарищество»: the preposition governs it all the same."""
    while tokens and tokens[-1].word.adjective and not tokens[-1].word.common:
        tokens = tokens[:-1]
    return tokens[:-1] if tokens and tokens[-1].text in _QUOTES else tokens


def _names_abbreviated(before: tuple[Token, ...]) -> bool:
    """«в парке АО «Мостранс…»: the name is judged by «АО»."""
    return bool(before) and before[-1].word.abbreviation


def _governed(before: tuple[Token, ...]) -> bool:
    """Whether a preposition governs what follows: «с УК и теплосетью» both."""
    if not before or before[-1].text not in _JOINTS:
        return bool(before) and before[-1].text in _PREPOSITIONS
    for token in before[-2 - NEAR : -1][::-1]:
        if token.text in _PREPOSITIONS or token.word.finite:
            return not token.word.finite
    return False


def _abbreviation_acts(before: tuple[Token, ...], here: tuple[Token, ...]) -> bool:
    """Of «АО» and «ГБУ» the case does not tell: nothing it could belong to stands before it.

    Unless a verb follows («протечку кровли УК собирается…») or stands right before the noun
    («назначает агрегатор ООО…»).
    """
    if not before or not before[-1].word.noun or _verb_follows(here) or _lacks_subject(before):
        return True
    return "nomn" in before[-1].word.cases and any(token.word.finite for token in before[-2:-1])


def _lacks_subject(before: tuple[Token, ...]) -> bool:
    """«Лифты обслуживает по договору с жильцами ООО…»: nothing else can be who acts."""
    verbs = [token for token in before if token.word.habitual and token.word.transitive]
    subjects = [token.word.subject for token in before
                if token.word.noun and "nomn" in token.word.cases
                and token.text not in _PREPOSITIONS]
    return bool(verbs) and not any(map(_is_plural, verbs)) and all(
        numbers == {"plur"} for numbers in subjects)


def _in_the_dative(before: tuple[Token, ...]) -> bool:
    """«Вашему СНТ»: told by the adjective."""
    return bool(before) and before[-1].word.adjective and before[-1].word.cases == {"datv"}


def _verb_follows(tokens: tuple[Token, ...]) -> bool:
    """«УК «Мир» собирается»: right after the abbreviation, or after the name."""
    tokens = tokens[tokens[0].word.abbreviation :]
    if tokens and tokens[0].text in _QUOTES:
        close = next((place for place, token in enumerate(tokens) if token.text == "»"), -1)
        tokens = tokens[close + 1 :]
    passive = any(token.word.short_participle for token in tokens[:2])  # «… будет согласована»
    return bool(tokens) and tokens[0].word.finite and not passive


def is_given(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether an organisation stands in the dative: «диспетчеру компании сообщено»."""
    of_one = any(token.word.past and not token.text.endswith(_PLURAL) for token in tokens)
    return any("datv" in cases and ("nomn" not in cases or (of_one and _are_many(name)))
               for who in ("other", "firms") for start, end in words[who].every(tokens)
               for name in [tokens[start:end]] for cases in [_common_cases(name)])


def _are_many(name: tuple[Token, ...]) -> bool:
    """«Компании об этом сообщено»: its nominative is of many, and the verb is of one."""
    return any(token.word.subject == {"plur"} for token in name)


def _common_cases(name: tuple[Token, ...]) -> frozenset[str]:
    """The cases that the words of a name may all stand in."""
    declined = [token.word.cases for token in name if token.word.cases]
    return frozenset.intersection(*declined) if declined else frozenset()


def names_agent(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether a person or a body is named that may act."""
    return (body_acts(tokens, words) or tokens in words["own"]
            or any(map(is_person, tokens)) or ours_acts(tokens, words))  # fmt: skip
