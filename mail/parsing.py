"""Bytes to a letter: headers, text and attachments of any mail whatever.

Total: on any bytes at all it returns a :class:`Letter`, with a list of what was wrong. What
was measured and why it is built so: ``docs/decisions/0002-mail-parsing.md``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.files import Content
from core.inbound import Attachment
from mail import headers as fields
from mail.bodies import Contents, contents_of
from mail.charsets import decode
from mail.mime import Part, split

RECIPIENT_FIELDS = (
    "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to",
)  # fmt: skip
"""Where the address stands to which a letter came, the plus-address with its token included."""


_LEFT_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*")


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail, read.

    ``recipients`` are all addresses the letter came to, those of the envelope where
    the server noted them included. ``text`` is the best text; ``html`` the HTML body if there was
    one; ``headers`` every field, decoded, by lower-case name; ``problems`` Russian sentences.
    """

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    media_type: str = "text/plain"
    problems: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first field of that name, decoded, or an empty string."""
        return next(iter(self.headers.get(name.lower(), ())), "")


def parse(raw: Content) -> Letter:
    """Read one letter; never raises, whatever the bytes."""
    start = _start_of(raw)
    try:
        letter = split(raw, start)
        return _assembled(_fields_of(letter), contents_of(letter), letter.media_type)
    except Exception as error:  # the promise of this module; none is known that gets here
        problem = f"Письмо не удалось разобрать ({type(error).__name__}), оно сохранено как есть."
        text = decode(raw[start:start + 100_000])[0]
        return Letter(text=text.replace("\0", ""), problems=(problem,))


def parse_headers(raw: bytes) -> Letter:
    """Read only the header of a letter (its body may be missing)."""
    letter = split(raw, _start_of(raw))
    return _assembled(_fields_of(letter), Contents(), letter.media_type)


def _start_of(raw: Content) -> int:
    """Where the letter begins, after what mail programs leave before it: BOM, empty lines."""
    left = _LEFT_BEFORE.match(raw)
    return left.end() if left else 0


def _fields_of(letter: Part) -> dict[str, list[str]]:
    raw: dict[str, list[str]] = {}
    for name, value in letter.fields:
        raw.setdefault(name.lower(), []).append(value)
    return raw


def _assembled(raw: dict[str, list[str]], contents: Contents, media_type: str) -> Letter:
    sender_name, sender = _sender(raw)
    identifiers = fields.identifiers_of(_first(raw, "message-id"))
    written = _first(raw, "date")
    date = fields.moment_of(written) if written else None
    return Letter(
        message_id=identifiers[0] if identifiers else "",
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(raw),
        subject=fields.text_of(_first(raw, "subject")),
        date=date,
        in_reply_to=next(iter(fields.identifiers_of(_first(raw, "in-reply-to"))), ""),
        references=fields.identifiers_of(_first(raw, "references")),
        text=contents.text,
        html=contents.html,
        attachments=contents.attachments,
        headers={name: tuple(map(fields.text_of, values)) for name, values in raw.items()},
        media_type=media_type,
        problems=_problems(raw, contents, sender, bad_date=bool(written) and date is None),
    )


def _first(raw: Mapping[str, list[str]], name: str) -> str:
    return next((value for value in raw.get(name, ()) if value.strip()), "")


def _sender(raw: Mapping[str, list[str]]) -> tuple[str, str]:
    for name in ("from", "sender", "reply-to", "return-path"):
        for value in raw.get(name, ()):
            found = fields.addresses_of(value)
            if found:
                return found[0]
    return fields.text_of(_first(raw, "from")), ""


def _recipients(raw: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = (
        address
        for name in RECIPIENT_FIELDS
        for value in raw.get(name, ())
        for _, address in fields.addresses_of(value)
    )
    return tuple(dict.fromkeys(found))


def _problems(raw: Mapping[str, list[str]], contents: Contents, sender: str, *, bad_date: bool
              ) -> tuple[str, ...]:
    problems = list(contents.problems)
    if not sender:
        problems.append("Не указан отправитель.")
    if not _first(raw, "message-id"):
        problems.append("Нет идентификатора письма (Message-ID).")
    if bad_date:
        problems.append("Дата письма записана неверно.")
    return tuple(dict.fromkeys(problems))
