"""Letters of the made-up city by the real protocols: read by IMAP, sent by SMTP."""

import asyncio
import email
import imaplib
import smtplib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import make_msgid, parseaddr
from time import monotonic
from urllib.parse import unquote, urlsplit

from bot.rehearsal.city import DOMAIN

LOOK_EVERY = 0.25


class NoLetterError(Exception):
    """The letter that was awaited did not come; tells what came instead."""


@dataclass(slots=True)
class Post:
    """Everyone's mailbox. A letter is taken once: the next wait looks at later ones."""

    imap_url: Callable[[str], str]
    smtp_url: str
    taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kept: dict[str, dict[bytes, EmailMessage]] = field(
        default_factory=lambda: defaultdict(dict))
    """What was fetched of each mailbox, by UID: nobody takes a letter away from there."""

    async def awaits(self, address: str, words: str, seconds: float = 25.0) -> EmailMessage:
        """The first letter not yet taken whose subject or text has the words."""
        deadline = monotonic() + seconds
        while True:
            letters = await asyncio.to_thread(self._read, address)
            for letter in letters:
                key, said = str(letter["Message-ID"]), f"{letter['Subject']}\n{text_of(letter)}"
                if key not in self.taken[address] and words in said:
                    self.taken[address].add(key)
                    return letter
            if monotonic() > deadline:
                subjects = [str(one["Subject"]) for one in letters]
                raise NoLetterError(f"{address}: не дождались письма «{words}»; есть: {subjects}")
            await asyncio.sleep(LOOK_EVERY)

    async def letters(self, address: str) -> list[EmailMessage]:
        """Everything in a mailbox."""
        return await asyncio.to_thread(self._read, address)

    def _read(self, address: str) -> list[EmailMessage]:
        url = urlsplit(self.imap_url(address))
        with imaplib.IMAP4(url.hostname or "", url.port or 0, timeout=10) as line:
            line.login(unquote(url.username or ""), unquote(url.password or ""))
            line.select("INBOX", readonly=True)
            _, found = line.uid("SEARCH", "ALL")
            there = (found[0] or b"").split()
            kept = self.kept[address]
            for number in there:
                if number not in kept:
                    _, parts = line.uid("FETCH", number.decode(), "(BODY.PEEK[])")
                    kept.update((number, email.message_from_bytes(part[1], policy=default))
                                for part in parts if isinstance(part, tuple))
        return [kept[number] for number in there if number in kept]

    async def sends(self, sender: str, to: str, raw: bytes) -> None:
        """A finished letter by SMTP."""
        await asyncio.to_thread(self._send, sender, to, raw)

    def _send(self, sender: str, to: str, raw: bytes) -> None:
        url = urlsplit(self.smtp_url)
        with smtplib.SMTP(url.hostname or "", url.port or 0, timeout=20) as line:
            line.sendmail(parseaddr(sender)[1], [to], raw)

    async def answers(self, sender: str, letter: EmailMessage, text: str,
                      files: Sequence[tuple[str, bytes]] = ()) -> None:
        """A reply as a mail program writes it: quoted, to Reply-To, with In-Reply-To."""
        reply = EmailMessage()
        to = parseaddr(str(letter["Reply-To"] or letter["From"]))[1]
        reply["From"] = sender
        reply["To"] = to
        reply["Subject"] = f"Re: {letter['Subject']}"
        reply["Message-ID"] = make_msgid(domain=DOMAIN)
        reply["In-Reply-To"] = str(letter["Message-ID"])
        reply["References"] = str(letter["Message-ID"])
        quoted = "\n".join(f"> {line}" for line in text_of(letter).splitlines()[:12])
        reply.set_content(f"{text}\n\n05.10.2026 10:00, Ракурс пишет:\n{quoted}\n")
        for name, content in files:
            reply.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
        await self.sends(sender, to, reply.as_bytes(policy=SMTP))


def text_of(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def files_of(letter: EmailMessage) -> dict[str, bytes]:
    """Attachments by name."""
    return {str(part.get_filename()): bytes(part.get_payload(decode=True) or b"")
            for part in letter.iter_attachments()}
