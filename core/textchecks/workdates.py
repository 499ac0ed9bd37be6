"""The dates of work in a text, told from those of papers (R25; 4.6¶7)."""

from collections.abc import Iterator

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
        yield place


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


def work_dates(sentence: Sentence) -> Iterator[tuple[Clause, Token]]:
    """The dates of work in a sentence, each with its clause."""
    for clause in sentence.clauses:
        for place in dated_as_work(clause):
            yield clause, clause.tokens[place]
