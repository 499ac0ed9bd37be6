"""What the bridge would make of one e-mail, as plain values: for the console, changing nothing."""

import hashlib
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from core.inbound import (
    AutoReply,
    Bounce,
    Delivered,
    MessageCard,
    MsedNotice,
    NewMessage,
    NewMessages,
    NoticeKind,
    PersonReply,
    Reading,
    Unrecognised,
)
from mail.msed import understand
from mail.parsing import Letter, parse
from mail.replies import is_verdict
from mail.rules import MailRules

_NOTICES = {
    NoticeKind.APPROVED: "approval",
    NoticeKind.REMARKED: "approval",
    NoticeKind.SIGNED: "signature",
    NoticeKind.REGISTERED: "registration",
    NoticeKind.PUBLISHED: "publication",
    NoticeKind.RETURNED: "return",
    NoticeKind.RECEIVED: "receipt",
}
_NO_SENDERS = "Отправители МСЭД не заданы (MSED_SENDERS), отправитель письма не проверялся."


def preview_mail(path: Path, rules: MailRules | None = None) -> dict[str, object]:
    """What would become of the e-mail in the file; keys as in ``rakurs parse-mail --json``.

    Without ``rules``, or where they name no senders, the sender is taken at his word and the
    answer says so. Raises :class:`OSError` if the file cannot be read.
    """
    raw = path.read_bytes()
    letter = parse(raw)
    asked = rules or MailRules(mail_from="")
    assumed = _assumed(letter, asked)
    seen = understand(letter, assumed, raw)
    problems = [*letter.problems, *seen.problems]
    if isinstance(seen.reading, NewMessage | NewMessages | MsedNotice) and not asked.msed_senders:
        problems.append(_NO_SENDERS)
    if isinstance(seen.reading, NewMessages):
        problems += seen.reading.problems
    if isinstance(seen.reading, Unrecognised):
        problems.append(seen.reading.reason)
    return {
        "kind": kind_of(seen.reading),
        "message_id": letter.message_id,
        "from": letter.sender,
        "subject": letter.subject,
        "date": letter.date.isoformat() if letter.date else None,
        "text": letter.text,
        "card": _card(seen.reading),
        "attachments": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "bytes": len(one.content),
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in letter.attachments
        ],
        "problems": problems,
    }


def kind_of(reading: Reading) -> str:
    """The reading's name in the contract. Whose answer a reply is, only the token tells later:
    here a bare «Согласовано» or «Замечание» counts as an approval."""
    match reading:
        case NewMessage(card):
            return "repeat" if card.repeat_of else "new_message"
        case NewMessages():
            return "new_message"
        case MsedNotice(kind):
            return _NOTICES[kind]
        case PersonReply(text=text):
            return "approval" if is_verdict(text) else "executor_reply"
        case Bounce():
            return "bounce"
        case AutoReply() | Delivered():
            return "auto_reply"
        case Unrecognised():
            return "unrecognised"


def _assumed(letter: Letter, rules: MailRules) -> MailRules:
    """The rules with what is missing taken from the letter itself."""
    own = rules.mail_from or next(
        (_without_token(one) for one in letter.recipients if "+" in one.partition("@")[0]), ""
    )
    return replace(
        rules, mail_from=own, msed_senders=rules.msed_senders or (letter.sender.lower(),)
    )


def _without_token(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _card(reading: Reading) -> dict[str, object]:
    if isinstance(reading, NewMessages):
        rows = zip(reading.places, reading.cards, strict=True)
        return {place: _plain_fields(card) for place, card in rows}
    value = reading.card if isinstance(reading, NewMessage) else reading
    return _plain_fields(value)


def _plain_fields(value: MessageCard | Reading) -> dict[str, object]:
    return {name: _plain(one) for name, one in asdict(value).items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
