"""An outgoing letter as an e-mail: a stable identifier, the token, no line a server would refuse.

RFC 5322 for the form, RFC 2231 for Russian file names, RFC 3834 for a machine's letters.
"""

import re
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from core.outbound import LetterFile, OutgoingLetter, RefusedError
from mail.replies import REPLY_MARK
from mail.rules import with_token

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_VERBATIM = frozenset({"message-id", "in-reply-to", "references"})
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")


class _Policy(policy.EmailPolicy):
    """The SMTP policy with long identifiers left whole and with every space kept.

    Python folds a long identifier as an encoded word, which no program recognises any more; and
    between two encoded words of Russian text it loses a space now and then (RFC 2047, 6.2: spaces
    between encoded words do not count, so each must be inside one).
    """

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _VERBATIM:
            return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"
        if isinstance(value, AddressHeader):
            boxes = (_encoded(one, name) for one in value.addresses)
            return f"{name}: " + ",\r\n ".join(boxes) + "\r\n"
        if name.lower() == "subject" and not value.isascii():
            return f"{name}: {_words(value, name)}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "replace")


def _words(text: str, name: str) -> str:
    """Encoded words of at most 75 characters, a line each, the first after «name: »."""
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _encoded(one: Address, name: str) -> str:
    if one.display_name.isascii():
        return str(one)
    return f"{_words(one.display_name, name)}\r\n <{one.addr_spec}>"


_POLICY = _Policy(linesep="\r\n", cte_type="7bit", max_line_length=76)


def compose(letter: OutgoingLetter, mail_from: str, at: datetime) -> EmailMessage:
    """The letter as it goes over the wire, dated ``at`` (aware).

    Raises :class:`RefusedError` where an address of it cannot be written in an e-mail.
    """
    name, own = parseaddr(mail_from)
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox(own, name)
    message["To"] = [_mailbox(one) for one in letter.to]
    if letter.token:
        message["Reply-To"] = _mailbox(with_token(own, letter.token), name)
    message["Subject"] = _subject(letter)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = bracketed(letter.message_id)
    if letter.in_reply_to:
        message["In-Reply-To"] = bracketed(letter.in_reply_to)
    references = dict.fromkeys([*letter.references, letter.in_reply_to])
    if any(references):
        message["References"] = " ".join(bracketed(one) for one in references if one)
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(_body(letter), subtype="plain", charset="utf-8", cte="base64")
    for file in letter.files:
        _attach(message, file)
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """The wire form: CRLF, ASCII only, no line over 998 characters."""
    return message.as_bytes(policy=_POLICY)


def bracketed(identifier: str) -> str:
    """An identifier in its angle brackets, without anything that could break the header."""
    bare = re.sub(r"[\s<>\x00-\x1f\x7f]+", "", identifier)
    return f"<{bare.encode('ascii', 'ignore').decode()}>"


def wire_address(address: str) -> str:
    """An address for the envelope: a Russian domain in its ASCII form (IDNA).

    Raises :class:`RefusedError` where it is no address, or has Russian letters before the ``@``.
    """
    local, _, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        local.encode("ascii")
    except UnicodeError:
        raise RefusedError(f"Почтовый адрес «{address}» записан неверно.") from None
    if not local or not ascii_domain or re.search(r"[\s<>,;:\x00-\x1f\x7f]", local + domain):
        raise RefusedError(f"Почтовый адрес «{address}» записан неверно.")
    return f"{local}@{ascii_domain}"


def _mailbox(address: str, name: str = "") -> Address:
    try:
        return Address(display_name=_one_line(name), addr_spec=wire_address(address))
    except (ValueError, IndexError):
        raise RefusedError(f"Почтовый адрес «{address}» записан неверно.") from None


def _subject(letter: OutgoingLetter) -> str:
    subject = _one_line(letter.subject)
    mark = f"[{_one_line(letter.case_number)}]" if letter.case_number else ""
    return subject if not mark or mark in subject else f"{mark} {subject}".strip()


def _body(letter: OutgoingLetter) -> str:
    text = letter.text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return f"{REPLY_MARK}\n\n{text}\n" if letter.token else f"{text}\n"


def _attach(message: EmailMessage, file: LetterFile) -> None:
    declared = file.media_type.strip().lower()
    kind = declared if _MEDIA_TYPE.fullmatch(declared) else "application/octet-stream"
    main, _, sub = kind.partition("/")
    if main in {"multipart", "message"}:
        main, sub = "application", "octet-stream"
    name = re.sub(r"[\\/]+", "_", _one_line(file.name)) or "файл"
    message.add_attachment(file.content, maintype=main, subtype=sub, filename=name, cte="base64")


def _one_line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
