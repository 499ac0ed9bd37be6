"""«It is another organisation's matter» without that organisation informed (R26; 4.6¶7)."""

from collections.abc import Iterator
from itertools import pairwise

from core.textchecks.bodies import (
    NEAR,
    PRONOUNS,
    body_acts,
    is_doer,
    is_given,
    is_others_doing,
    is_passive,
    is_person,
    is_somebody,
    ours_acts,
    own_acts,
    somebody_else,
    stands_after,
)
from core.textchecks.intentions import has_future, negated
from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.promises import judge
from core.textchecks.sentences import Clause, Sentence, Token

_AFTER = 3
"""Tokens after the verb among which its subject stands: «уточняют кадастровые инженеры»."""

_AT = frozenset({"в", "во", "через", "у"})
_TO = frozenset({"в", "во"})
_OF = frozenset({"у", "от", "с", "со"})
_TOWARDS = frozenset({"к", "ко"})

_ONCE = frozenset({"ранее", "прежде", "раньше", "до"})
_OF_DOERS = frozenset({"заниматься", "являться"})
_DUTY = frozenset({"должный"})
"""The duty that things have too: «опрессовка должна пройти»."""

_HOLDER = 6
"""Tokens after «принадлежит» that tell to whom."""


def passed_on(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    """The sentences that leave the matter to another organisation."""
    there = lexicon("organisations")["there"]
    found = False
    for sentence in sentences:
        if _passes(sentence) or (not found and _without_past(sentence.tokens) in there):
            found = True
            yield sentence


def informs(sentences: tuple[Sentence, ...]) -> bool:
    """Whether the text says that an organisation has been informed."""
    words = lexicon("organisations")
    return any(_informs(clause, words) for one in sentences for clause in _whole(one)) or any(
        _are_there(clause.tokens, words) for one in sentences for clause in one.clauses)


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
    if tokens in words["appeal"] or tokens in words["optional"]:
        return False
    if tokens in words["not_ours"] or any(_declined(one, words) for one in sentence.clauses):
        return True
    if _refused_as_others(sentence, words):
        return True
    if tokens in words["keepers"] or _is_for_next_time(sentence) or _of_a_home(tokens, words):
        return False
    if own_acts(tokens, words) and tokens not in words["theirs"]:
        return any(_owned(clause, words) for clause in sentence.clauses
                   if not own_acts(clause.tokens, words))  # fmt: skip
    return _left_to_somebody(sentence, words) or _left_to_known(sentence, words)


def _is_for_next_time(sentence: Sentence) -> bool:
    """«Если снова повредят, вызовите полицию»: whom to call then, not whose matter it is now."""
    first, *rest = sentence.clauses
    return bool(rest) and first.tokens[0].text == "если" and has_future(first.tokens)


def _of_a_home(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Борщевик на собственном участке удаляет его владелец»: a citizen's own, nobody's matter."""
    if tokens not in words["at_home"] or tokens in words["rules"]:
        return False
    return all(tokens[slice(*place)] in words["householder"]
               for who in ("other", "firms", "theirs") for place in words[who].every(tokens))


def _refused_as_others(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Дорога лесхоза, отсыпать её мы не вправе»: a right refused because it is somebody's."""
    if sentence.tokens not in words["no_right"]:
        return False
    first = sentence.clauses[0]
    word = first.tokens[0].word
    names_holder = (not first.finite and word.noun and "nomn" in word.cases
                    and first.tokens in words["other"])
    return names_holder or any(not clause.finite and clause.tokens in words["of_somebody"]
                               for clause in sentence.clauses)


def _left_to_somebody(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """By how the sentence is built, whoever is named."""
    tokens = sentence.tokens
    return (
        any(_owned(clause, words) or _advised(clause, words) for clause in _whole(sentence))
        or any(_run_by(clause, sentence, words) for clause in sentence.clauses)
        or any(is_somebody(tokens[end : end + _HOLDER], words)
               for start, end in words["owner"].every(tokens)
               if not any(token.word.finite for token in tokens[start:end]))
        or _vowed(sentence, words)
        or _will_be_done(sentence, words)
    )  # fmt: skip


def _left_to_known(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """To an organisation of the lists, in words that elsewhere say little."""
    tokens = sentence.tokens
    if tokens not in words["other"] and tokens not in words["theirs"]:
        return False
    return (
        any(_belongs(clause, words) for clause in _whole(sentence))
        or (tokens not in lexicon("promises")["retold"]
            and _without_past(tokens) in words["advice"])
        or (tokens[:4] in words["quoted"] and _promises_something(sentence))
        or tokens in words["vows"]
    )


def _without_past(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """What is advised, without what was or will be done."""
    return tuple(token for token in tokens if not (token.word.past or token.word.future))


def _declined(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Администрация цены не контролирует»: what we do not do, as a rule."""
    tokens = clause.tokens
    right = words["no_right"].find(tokens)
    if right and (tokens in words["right_of_ours"] or any(
            token.word.infinitive and token.word.perfective for token in tokens[: right[0]])):
        return False  # «откачать выгреб округ не вправе»: a request refused
    return tokens in words["we"] and tokens not in words["we_mean"] and any(
        first.text == "не" and second.word.present
        for first, second in pairwise(tokens))


def _belongs(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Belongs to, or is constantly done by, an organisation named in the sentence."""
    tokens = clause.tokens
    if any(tokens[end : end + 1] in words["ours"] and tokens[end].word.noun
           for _, end in words["owned"].every(tokens)):
        return False  # «принадлежит округу»
    place = words["belongs"].find(tokens)
    if place and not negated(tokens, place[0]) and not _was(tokens, place[0]):
        return True
    if tokens in words["belongs_to"] and stands_after(tokens, _TOWARDS, words):
        return not any(token.text == "не" for token in tokens)
    if not clause.finite and tokens in words["belongs_in_a_word"]:
        return True
    named = is_doer(tokens, words) or _pronoun_acts(tokens)
    if any(token.word.past or token.word.we for token in tokens) or not named:
        return False
    return (tuple(token for token in tokens if token.word.finite) in words["operates"]
            or _does_it(tokens, words))


def _was(tokens: tuple[Token, ...], place: int) -> bool:
    """«Дорога до 2025 года принадлежала заводу»: it no longer does."""
    word = tokens[place].word
    return (word.past and not word.short_participle and not word.perfective
            and any(token.text in _ONCE for token in tokens))


def _pronoun_acts(tokens: tuple[Token, ...]) -> bool:
    """«Он её содержит», but not «он выполняется», where a thing is meant."""
    done = any(token.word.present and token.text.endswith("ся")
               and not token.word.lemmas & _OF_DOERS for token in tokens)
    return not done and any(token.text in PRONOUNS for token in tokens)


def _owned(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Манеж принадлежит конному клубу»: to somebody, and neither to us nor to a citizen."""
    tokens = clause.tokens
    if any(token.text == "не" for token in tokens):
        return False
    done_to = any(token.text == "быть" for token in tokens)  # «работы должны быть закончены»
    if tokens in words["rules"]:
        return not done_to and somebody_else(tokens, words)
    if tokens in words["duty"]:
        if any(token.word.lemmas & _DUTY for token in tokens) and not _agent_named(tokens, words):
            return False
        return not done_to and somebody_else(tokens, words) and tokens not in words["duty_of_all"]
    return any(is_somebody(tokens[end : end + _HOLDER], words)
               for _, end in words["owned"].every(tokens))


def _agent_named(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether somebody who can act is named: a body, a person, or whom a pronoun stands for."""
    return (body_acts(tokens, words)
            or any((is_person(token) and not token.word.subject) or token.text in PRONOUNS
                   for token in tokens))


def _advised(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Рекомендуем обратиться в …»: sent there himself, wherever but to us."""
    tokens = _without_past(clause.tokens)
    return _to_be_got_there(tokens, words) or any(
        _is_addressee(tokens[end : end + _HOLDER], words)
        for _, end in words["address"].every(tokens)) or any(
        _is_recipient(tokens[end : end + NEAR], words)
        for _, end in words["address_to"].every(tokens))


def _is_recipient(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Направляйте этой организации»: the dative alone."""
    nouns = [token.word for token in tokens if token.word.noun]
    given = bool(nouns) and "datv" in nouns[0].cases and (
        nouns[0].abbreviation or not nouns[0].indeclinable)  # «о граффити»
    given = given or any(noun.cases == {"datv"} for noun in nouns)  # «жалобу — перевозчику»
    return given and is_somebody(tokens, words) and tokens not in words["not_there"]


def _to_be_got_there(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Выписку можно заказать в Росреестре»: whatever it is, it is done by them."""
    may = tokens in words["may"] and any(token.word.infinitive for token in tokens)
    if not may and not any(token.word.imperative for token in tokens):
        return False
    return stands_after(tokens, _AT, words)


def _is_addressee(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    if tokens[:1] in words["pronoun"]:
        return True
    noun = next((token.word for token in tokens[:NEAR] if token.word.noun), None)
    declined = noun is None or noun.cases & {"accs", "datv", "gent"} or tokens[0].word.participle
    return bool(declined) and is_somebody(tokens, words) and tokens not in words["not_there"]


def _run_by(clause: Clause, sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Стрелку чистит депо»: done in the present by a firm, which elsewhere is but a place.

    Also by people who are not of ours: «границы уточняют кадастровые инженеры».
    """
    tokens = clause.tokens
    verbs = [place for place, token in enumerate(tokens) if token.word.habitual]
    if not verbs or any(token.word.past or token.word.we for token in tokens):
        return False
    if ours_acts(tokens, words) and tokens not in words["theirs"]:
        return False
    named = is_doer(tokens, words, "firms") or (
        any(token.text in PRONOUNS for token in tokens) and sentence.tokens in words["firms"])
    operates = tuple(token for token in tokens if token.word.habitual) in words["operates"] and (
        tokens not in words["of_visitors"])
    after = tokens[verbs[0] + 1 : verbs[0] + 1 + _AFTER]
    people = verbs[0] > 0 and any(map(is_person, after)) and after not in words["ours"]
    anyhow = (tokens[verbs[0]].word.transitive and tokens not in words["of_itself"]
              and is_doer(tokens[verbs[0] :], words, "firms"))  # fmt: skip
    return (operates and (named or people)) or anyhow


def _does_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Трубу красит Мособлгаз»: the doer of whatever is done in the present."""
    verbs = [place for place, token in enumerate(tokens) if token.word.habitual]
    if verbs and any(token.word.infinitive for token in tokens) and (
            tokens[verbs[0] : verbs[0] + 1] in words["can"]):
        return is_others_doing(tokens[verbs[0] :], words)  # «проверить может Госжилинспекция»
    by_name = any(tokens[slice(*place)] not in words["by_right"]
                  for place in words["other"].every(tokens))  # fmt: skip
    if len(verbs) != 1 or tokens in words["of_itself"] or not by_name:
        return False
    negated = verbs[0] > 0 and tokens[verbs[0] - 1].text == "не"
    return not (negated or tokens[verbs[0]].word.addressed) and is_doer(tokens, words)


def _promises_something(sentence: Sentence) -> bool:
    return any(one.promises for one in judge(sentence, done_later=False, done=False))


def _vowed(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Магазин обещал расчистить стоянку», «перевозчик сообщил, что добавит рейс»."""
    if any(clause.tokens in words["vows"] and is_others_doing(clause.tokens, words)
           for clause in sentence.clauses):
        return True
    said = sentence.tokens in words["said"] and is_others_doing(sentence.clauses[0].tokens, words)
    return said and _promises_something(sentence)


def _named_after_verb(tokens: tuple[Token, ...]) -> bool:
    """«Мост построит «Автодор»»: a name in quotation marks, right after the verb."""
    return any(verb.word.future and name.text == "«" for verb, name in pairwise(tokens))


def _will_be_done(sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Управляющая компания проведёт…»: a promise whose doer is another organisation."""
    other = sentence.tokens in words["other"] or sentence.tokens in words["theirs"]
    for one in judge(sentence, done_later=False, done=False):
        tokens = one.clause.tokens
        doer = is_doer(tokens, words) or _named_after_verb(tokens) or (
            other and not is_passive(tokens) and any(token.text in PRONOUNS for token in tokens))
        if one.promises and doer and tokens not in words["residents"]:
            return True
    return False


def _informs(clause: Clause, words: dict[str, Phrases]) -> bool:
    tokens = clause.tokens
    if tokens in words["at_our_request"]:
        return True
    if tokens in words["to_citizen"] and not stands_after(tokens, _TO, words):
        return False  # «направлено в управляющую компанию для ответа заявителю» is no such case
    if any(token.word.future for token in tokens) or _are_told_by_citizen(tokens):
        return False
    if tokens not in words["other"] and (
            _is_told_to_ours(tokens, words) or tokens in words["to_us"]):
        return False
    acts = _acts(tokens)
    return bool(acts) and _are_told(acts, tokens, words)


def _are_told_by_citizen(tokens: tuple[Token, ...]) -> bool:
    """«Вы обратились в компанию»."""
    return any(token.text == "вы" for token in tokens) and not any(
        token.word.short_participle for token in tokens)


def _is_told_to_ours(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Подрядчику направлено требование»."""
    return any("datv" in token.word.cases and not token.word.cases & {"nomn", "gent", "ablt"}
               for start, end in words["own"].every(tokens)
               for token in tokens[start:end] if token.word.noun)


def _are_told(
    acts: tuple[Token, ...], tokens: tuple[Token, ...], words: dict[str, Phrases]
) -> bool:
    """Whether these past acts of a clause let the organisation know."""
    return (
        acts in words["informed"]
        or tokens in words["informed"]
        or (acts in words["told"] and tokens in words["recipient"])
        or (acts in words["told_given"] and is_given(tokens, words))
        or (acts in words["told_to"]
            and (stands_after(tokens, _TO, words) or stands_after(tokens, _TO, words, "firms")))
        or (acts in words["asked_of"] and stands_after(tokens, _OF, words))
        or (acts in words["sent_for"] and tokens in words["sent_for_whom"]
            and any(tokens in words[who] for who in ("other", "firms", "theirs")))
        or (acts in words["handed"] and tokens in words["papers"])
    )


def _are_there(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Заявка принята её диспетчером»: a message of which is said that they have or had it."""
    if tokens not in words["messages"] or not _acts(tokens):
        return False
    if any(token.word.we or token.word.future or token.word.addressed or token.text == "вы"
           for token in tokens):
        return False
    return (tokens in words["them"] or is_given(tokens, words) or stands_after(tokens, _TO, words)
            or is_others_doing(tokens, words))  # fmt: skip


def _acts(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """What has been done: not «не подана» and not «может быть подана»."""
    return tuple(token for place, token in enumerate(tokens)
                 if token.word.past and not negated(tokens, place)
                 and tokens[max(0, place - 1)].text != "быть")  # fmt: skip
