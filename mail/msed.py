"""What a letter is, in the order of trust: bounce, МСЭД, machine, person, stranger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from core.files import Content
from core.inbound import (
    Attachment,
    AutoReply,
    NewMessage,
    PersonReply,
    Reading,
    Unrecognised,
)
from mail import archives, cards, exports, notices, packets, trust
from mail.autoreplies import is_automatic
from mail.bounces import bounce_from, delivery_from
from mail.pairs import Field
from mail.parsing import Letter
from mail.profiles import Profile
from mail.receipts import receipt_from
from mail.replies import own_words
from mail.rules import MailRules


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a letter was taken for, and what in it was doubtful, in Russian.

    ``files`` go with the reading in place of the letter's own attachments: archives are opened,
    and the table of many citizens does not belong to the case of one. ``profile`` names the
    office's layout that read it, ``unread`` the headings of a table that nothing made use of.
    """

    reading: Reading
    problems: tuple[str, ...] = ()
    files: tuple[Attachment, ...] | None = None
    profile: str = ""
    unread: tuple[str, ...] = ()


def read(letter: Letter, rules: MailRules) -> Reading:
    """What the letter says, as a core value. Total: what is unclear is :class:`Unrecognised`."""
    return understand(letter, rules).reading


def understand(letter: Letter, rules: MailRules, raw: Content = b"") -> Understanding:
    """As :func:`read`, with what was doubtful; never raises.

    ``raw`` are the letter's bytes; where the rules ask for more than the sender's name, a letter
    without them is not believed. Checking DKIM asks DNS and blocks.
    """
    try:
        return _understand(letter, rules, raw)
    except Exception as error:  # a letter nobody foresaw is a row for a person, not a stop
        reason = f"Письмо не удалось разобрать ({type(error).__name__}), посмотрите его сами."
        return Understanding(Unrecognised(reason))


def _understand(letter: Letter, rules: MailRules, raw: Content) -> Understanding:
    report = bounce_from(letter) or delivery_from(letter)
    if report:
        return Understanding(report)
    files, sealed = archives.opened(letter.attachments)
    doubt = _doubt_about(letter, raw, rules)
    seen = _by_trust(replace(letter, attachments=files), rules, doubt)
    return replace(
        seen, files=files if seen.files is None else seen.files, problems=(*sealed, *seen.problems)
    )


def _doubt_about(letter: Letter, raw: Content, rules: MailRules) -> str:
    if not rules.believes(letter.sender):
        return "отправителя нет среди отправителей МСЭД"
    return trust.doubt_about(
        letter, raw, rules.trust, server=rules.authserv_id, dns=rules.dns,
        sealers=rules.arc_sealers,
    )


def _by_trust(letter: Letter, rules: MailRules, doubt: str) -> Understanding:
    """``doubt``: why the letter is not believed to be from МСЭД, empty if it is."""
    trusted = not doubt
    export = _export(letter, rules) if trusted else None
    if export:
        return export
    token = rules.token_in(letter.recipients)
    if is_automatic(letter):
        return Understanding(AutoReply(token=token))
    if token:
        return Understanding(PersonReply(token=token, text=own_words(letter)))
    problems: tuple[str, ...] = ()
    if trusted:
        tables = exports.found_in(letter.attachments).problems
        problems = (*packets.unreadable(letter.attachments), *tables)
    return Understanding(Unrecognised(_why_not(letter, rules, doubt), keyless=True), problems)


def _export(letter: Letter, rules: MailRules) -> Understanding | None:
    """An export or a notice of МСЭД, by the office's own layouts first; None if neither."""
    for profile in rules.profiles:
        seen = _by_profile(letter, profile) if profile.reads(letter) else None
        if seen:
            return replace(seen, profile=profile.name)
    return _layout(letter) or _receipt(letter, rules)


def _layout(letter: Letter) -> Understanding | None:
    """An export or a notice in one of the known layouts, whoever sent it."""
    return _packet(letter) or _tables(letter) or _notice(letter) or _card(letter)


def _by_profile(letter: Letter, profile: Profile) -> Understanding | None:
    match profile.reader:
        case "table":
            return _tables(letter, profile.fields, profile.takes)
        case "notice":
            return _notice(letter, profile.fields)
        case _:
            return _card(letter, profile.fields)


def _packet(letter: Letter) -> Understanding | None:
    packet = packets.found_in(letter.attachments)
    return Understanding(packet.reading, packet.problems, packet.files) if packet else None


def _tables(
    letter: Letter,
    columns: Sequence[Field] = exports.COLUMNS,
    takes: Callable[[str], bool] = lambda _: True,
) -> Understanding | None:
    found = exports.found_in([one for one in letter.attachments if takes(one.name)], columns)
    messages = found.messages
    if messages is None:
        return None
    if len(messages.cards) == 1 and not messages.problems:
        others = tuple(one for one in letter.attachments if one not in found.used)
        one_card = NewMessage(messages.cards[0])
        return Understanding(one_card, found.problems, others, unread=found.unread)
    return Understanding(messages, found.problems, unread=found.unread)


def _notice(letter: Letter, layout: Sequence[Field] = notices.FIELDS) -> Understanding | None:
    found = notices.found_in(letter, layout)
    return Understanding(notices.notice_from(found)) if found else None


def _card(letter: Letter, layout: Sequence[Field] = cards.FIELDS) -> Understanding | None:
    found = cards.found_in(letter, layout)
    if not cards.looks_like_card(found):
        return None
    card, problems = cards.card_from(found, layout)
    missing = "номера" if not card.number else "текста сообщения" if not card.text else ""
    if missing:
        return Understanding(Unrecognised(f"В карточке МСЭД нет {missing}."), problems)
    return Understanding(NewMessage(card), problems)


def _receipt(letter: Letter, rules: MailRules) -> Understanding | None:
    """A few words about our package; an answer to a letter with a token is a person's."""
    notice = None if rules.token_in(letter.recipients) else receipt_from(letter)
    return Understanding(notice) if notice else None


def _why_not(letter: Letter, rules: MailRules, doubt: str) -> str:
    if not doubt:
        return "Письмо от МСЭД, но в нём нет ни карточки сообщения, ни уведомления."
    if not _layout(letter) and not any(_by_profile(letter, one) for one in rules.profiles
                                       if one.reads(letter)):
        return "Письмо не от МСЭД и не ответ на наше письмо: решите, относится ли оно к сообщению."
    if rules.believes(letter.sender):
        return f"Письмо названо письмом МСЭД, но {doubt}: проверьте, кто его прислал."
    return (
        f"Карточка или уведомление пришли с адреса {letter.sender or 'без отправителя'}, "
        "которого нет среди отправителей МСЭД (настройка MSED_SENDERS)."
    )
