"""The dates of work in a text, told from those of papers (R25; 4.6¶7)."""

from collections.abc import Iterator

from core.textchecks.lexicon import lexicon
from core.textchecks.sentences import Clause, Sentence, Token

DOCUMENT_ACTS = frozenset({
    "подписать", "заключить", "направить", "перенаправить", "переслать", "передать", "отправить",
    "выдать", "вручить", "утвердить", "зарегистрировать", "поступить", "получить", "уведомить",
    "известить", "проинформировать", "сообщить", "дать", "направлять", "написать",
    "позвонить", "звонить", "уйти", "ответить", "отвечать", "датировать", "составить", "присвоить",
})  # fmt: skip
"""What is done to papers: a date beside it is the paper's."""

_DATED_AS_WORK = frozenset({
    "назначенный", "запланированный", "намеченный", "назначить", "запланировать", "наметить",
    "провести", "выполнить", "завершить", "закончить", "окончить", "осуществить", "произвести",
})  # fmt: skip
"""Participles that date the work itself («работы, проведённые 12 апреля»)."""


_TROUBLES = frozenset({
    "сбой", "замыкание", "поломка", "повреждение", "неисправность", "протечка", "перебой",
    "случай", "утечка", "прорыв", "порыв", "обрыв", "авария", "возгорание",
})  # fmt: skip
"""What happened on the day that stands after it: «сбой 5 апреля произошёл»."""

_MEETINGS = frozenset({
    "встреча", "собрание", "заседание", "прием", "совещание", "слушание", "сход", "комиссия",
    "сессия",
})  # fmt: skip
_WHERE = ("и", "е", "х")
"""How a meeting's name ends where something was done there: not «вынесен на комиссию»."""

_BACK = 3
"""Tokens before a date among which what it is the day of stands."""

GOES_ON = frozenset({"что", "когда", "якобы", "как", "где", "чтобы"})
"""How a clause begins that goes on with the citizen's words."""


def dated_as_work(clause: Clause) -> Iterator[int]:
    """Numbers of the tokens that are dates of work, not of papers."""
    tokens = clause.tokens
    papers = any(_is_of_papers(tokens, place) for place in range(len(tokens)))
    for place, token in enumerate(tokens):
        mention = token.date
        if mention is None or mention.requisite or _after_participle(tokens, place):
            continue
        if papers and not mention.as_deadline and not any(token.word.future for token in tokens):
            continue
        if _is_of_trouble(tokens, place) or _is_of_meeting(tokens, place):
            continue
        yield place


def _is_of_trouble(tokens: tuple[Token, ...], place: int) -> bool:
    """«Поломка лифта 1 апреля вызвана…», but not «устранение поломки 1 апреля»."""
    for token in reversed(tokens[max(0, place - _BACK) : place]):
        if not token.word.noun or token.word.finite:
            return False
        if token.word.lemmas & _TROUBLES:
            return "sing" in token.word.subject
    return False


def _is_of_meeting(tokens: tuple[Token, ...], place: int) -> bool:
    """«Поддержана на встрече 28 марта»: of one that has been."""
    if any(token.word.future or token.word.present for token in tokens):
        return False
    before = tokens[max(0, place - _BACK) : place]
    at = next((number for number, token in enumerate(before)
               if token.word.lemmas & _MEETINGS and token.text.endswith(_WHERE)), None)
    if at is None or any(token.word.finite for token in before[at + 1 :]):
        return False
    opening = tokens[: max(0, place - _BACK) + at]
    return any(token.text == "на" for token in opening[-2:]) and any(
        token.word.past for token in tokens)


def _is_of_papers(tokens: tuple[Token, ...], place: int) -> bool:
    """«Письмо направлено», «вопрос поставлен на контроль», but not «забор поставлен»."""
    word, following = tokens[place].word, [token.text for token in tokens[place + 1 : place + 2]]
    listed = "поставить" in word.lemmas and following in (["на"], ["в"])
    return word.past and (listed or bool(word.lemmas & DOCUMENT_ACTS))


def _after_participle(tokens: tuple[Token, ...], place: int) -> bool:
    """«заключённому 20.03.2026», «поступившее в администрацию 03.04.2026»."""
    mention, before = tokens[place].date, tokens[max(0, place - 3) : place]
    if (mention and mention.as_deadline) or any(token.word.finite for token in before):
        return False
    return any(
        token.word.past_participle and not token.word.lemmas & _DATED_AS_WORK for token in before
    )


def retellings(sentence: Sentence) -> Iterator[bool]:
    """Of each clause, whether it tells the citizen's words: «Вы указали, что 9 апреля…»."""
    words = lexicon("promises")["retold"]
    retold = goes_on = aside = False
    for clause in sentence.clauses:
        first = clause.tokens[0].text
        goes_on = retold and (aside or first in GOES_ON or (goes_on and first == "и"))
        retold = goes_on or clause.tokens in words
        aside = not clause.finite  # «по Вашим словам, …»
        yield retold


def work_dates(sentence: Sentence) -> Iterator[tuple[Clause, Token]]:
    """The dates of work in a sentence, each with its clause."""
    for clause, retold in zip(sentence.clauses, retellings(sentence), strict=True):
        for place in () if retold else dated_as_work(clause):
            yield clause, clause.tokens[place]
