"""How an answer of each kind begins (4.6¶4): to be copied, with gaps that the lead fills.

Each kind says what the regulation asks of it: what was done, by when it will be, why it cannot be.
"""

from html import escape

from core.cards import CaseCard
from core.draft import GAP
from core.regulation.terms import AnswerKind

_WHAT_DONE, _WHEN, _WHAT_WILL, _WHY, _LAW, _INSTEAD = (
    GAP.format(what) for what in (
        "что сделано", "дата", "что будет сделано", "почему", "норма или документ",
        "что можно сделать взамен"))

_TEXTS = {
    AnswerKind.SOLVED: (
        "По адресу: {place} {when} выполнены работы: {done}. Вопрос решён. Фотографии после "
        "выполнения работ прилагаются."),
    AnswerKind.PLANNED: (
        "По адресу: {place} проведён осмотр {when}. Работы ({will}) будут выполнены до {when}."),
    AnswerKind.IMPOSSIBLE: (
        "По адресу: {place} вопрос рассмотрен {when}. Выполнить просьбу невозможно: {why} "
        "({law}). {instead}."),
    AnswerKind.INTERIM: (
        "По адресу: {place} {when} проведено обследование: {done}. Для полного решения вопроса "
        "необходимо {will}. Работы будут завершены до {until}."),
}


def skeleton(kind: AnswerKind, card: CaseCard, until: str = "") -> str:
    """The text for this message, escaped, in a block that Telegram copies by one tap."""
    text = _TEXTS[kind].format(
        place=card.place or GAP.format("адрес"), when=_WHEN, done=_WHAT_DONE, will=_WHAT_WILL,
        why=_WHY, law=_LAW, instead=_INSTEAD, until=until or _WHEN)
    return f"<code>{escape(text)}</code>"
