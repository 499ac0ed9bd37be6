"""What a letter is, in the order of trust: bounce, МСЭД, machine, person, stranger."""

from dataclasses import dataclass

from core.inbound import (
    Attachment,
    AutoReply,
    NewMessage,
    PersonReply,
    Reading,
    Unrecognised,
)
from mail import cards, exports, notices
from mail.autoreplies import is_automatic
from mail.bounces import bounce_from
from mail.parsing import Letter
from mail.replies import own_words
from mail.rules import MailRules


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a letter was taken for, and what in it was doubtful, in Russian.

    ``files`` go with the reading in place of the letter's own attachments: the table of many
    citizens does not belong to the case of one.
    """

    reading: Reading
    problems: tuple[str, ...] = ()
    files: tuple[Attachment, ...] | None = None


def read(letter: Letter, rules: MailRules) -> Reading:
    """What the letter says, as a core value. Total: what is unclear is :class:`Unrecognised`."""
    return understand(letter, rules).reading


def understand(letter: Letter, rules: MailRules) -> Understanding:
    """As :func:`read`, with what was doubtful; never raises."""
    try:
        return _understand(letter, rules)
    except Exception as error:  # a letter nobody foresaw is a row for a person, not a stop
        reason = f"Письмо не удалось разобрать ({type(error).__name__}), посмотрите его сами."
        return Understanding(Unrecognised(reason))


def _understand(letter: Letter, rules: MailRules) -> Understanding:
    bounce = bounce_from(letter)
    if bounce:
        return Understanding(bounce)
    trusted = rules.believes(letter.sender)
    export = _export(letter) if trusted else None
    if export:
        return export
    token = rules.token_in(letter.recipients)
    if is_automatic(letter):
        return Understanding(AutoReply(token=token))
    if token:
        return Understanding(PersonReply(token=token, text=own_words(letter)))
    tables = exports.found_in(letter.attachments).problems if trusted else ()
    return Understanding(Unrecognised(_why_not(letter, trusted=trusted)), tables)


def _export(letter: Letter) -> Understanding | None:
    """A table, a notice or a card of МСЭД; None where the letter is none of these."""
    for reader in (_tables, _notice, _card):
        seen = reader(letter)
        if seen:
            return seen
    return None


def _tables(letter: Letter) -> Understanding | None:
    found = exports.found_in(letter.attachments)
    messages = found.messages
    if messages is None:
        return None
    others = tuple(one for one in letter.attachments if one not in found.used)
    if len(messages.cards) == 1 and not messages.problems:
        return Understanding(NewMessage(messages.cards[0]), found.problems, others)
    return Understanding(messages, found.problems)


def _notice(letter: Letter) -> Understanding | None:
    found = notices.found_in(letter)
    return Understanding(notices.notice_from(found)) if found else None


def _card(letter: Letter) -> Understanding | None:
    found = cards.found_in(letter)
    if not cards.looks_like_card(found):
        return None
    card, problems = cards.card_from(found)
    missing = "номера" if not card.number else "текста сообщения" if not card.text else ""
    if missing:
        return Understanding(Unrecognised(f"В карточке МСЭД нет {missing}."), problems)
    return Understanding(NewMessage(card), problems)


def _why_not(letter: Letter, *, trusted: bool) -> str:
    if trusted:
        return "Письмо от МСЭД, но в нём нет ни карточки сообщения, ни уведомления."
    if _export(letter):
        return (
            f"Карточка или уведомление пришли с адреса {letter.sender or 'без отправителя'}, "
            "которого нет среди отправителей МСЭД (настройка MSED_SENDERS)."
        )
    return "Письмо не от МСЭД и не ответ на наше письмо: решите, относится ли оно к сообщению."
