"""From the bytes of one e-mail to what the core takes in."""

from dataclasses import replace
from datetime import datetime

from core.files import Content
from core.inbound import InboundMail, MailPlace, Unrecognised
from mail.msed import understand
from mail.parsing import parse
from mail.rules import MEGABYTE, MailRules
from mail.trust import Trust


def read_mail(
    raw: Content, place: MailPlace, received_at: datetime, rules: MailRules
) -> InboundMail:
    """One letter, read. Never raises."""
    letter = parse(raw)
    seen = understand(letter, rules, raw)
    return InboundMail(
        place=place,
        raw=raw,
        received_at=received_at,
        message_id=letter.message_id,
        sender=letter.sender,
        subject=letter.subject,
        text=letter.text,
        reading=seen.reading,
        attachments=letter.attachments if seen.files is None else seen.files,
        problems=letter.problems + seen.problems,
        in_reply_to=letter.in_reply_to,
    )


def too_large(
    header: bytes, size: int, place: MailPlace, received_at: datetime, rules: MailRules
) -> InboundMail:
    """A letter over the limit: only its header is kept, and a person sees why."""
    reason = (
        f"Письмо весит {size / MEGABYTE:.0f} МБ, принимается не больше "
        f"{rules.largest / MEGABYTE:.0f} МБ. Оно осталось в почтовом ящике."
    )
    return _unread(header, place, received_at, rules, reason)


def not_given(place: MailPlace, received_at: datetime, rules: MailRules) -> InboundMail:
    """A letter that the server lists and does not hand out."""
    reason = f"Почтовый сервер не отдаёт письмо (UID {place.uid}), посмотрите его в ящике."
    return _unread(b"", place, received_at, rules, reason)


def _unread(
    header: bytes, place: MailPlace, received_at: datetime, rules: MailRules, reason: str
) -> InboundMail:
    """What the header says, for a person; no signature is checked, so DNS is not asked."""
    mail = read_mail(header, place, received_at, replace(rules, trust=Trust.FROM))
    return replace(mail, reading=Unrecognised(reason), problems=())
