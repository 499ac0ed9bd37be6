"""An intake for the tests: keeps letters in memory as the core keeps them in the database."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from core.inbound import InboundMail, MailboxNews, MailPlace


class Keeping:
    """Stores once by place and by Message-ID, moves the cursor; can be told to fail."""

    def __init__(self) -> None:
        self.rows: list[InboundMail] = []
        self.calls: list[MailPlace] = []
        self.news: list[MailboxNews] = []
        self.groups: list[list[str]] = []
        """Subjects of what was handed over together."""
        self.place: tuple[int, int] | None = None
        self.failing: Callable[[InboundMail], bool] = lambda _: False
        self._changed = asyncio.Condition()

    async def cursor(self, mailbox: str) -> tuple[int, int] | None:
        return self.place

    async def accept(self, mail: InboundMail) -> None:
        self.calls.append(mail.place)
        async with self._changed:
            self._changed.notify_all()
        if self.failing(mail):
            raise RuntimeError("база недоступна")
        known = {row.message_id for row in self.rows}
        async with self._changed:
            if mail.message_id not in known or not mail.message_id:
                self.rows.append(mail)
            self.place = (mail.place.uidvalidity, mail.place.uid)
            self._changed.notify_all()

    async def accept_all(self, mails: Sequence[InboundMail],
                         before: Awaitable[None] | None = None) -> None:
        if before is not None:
            await before
        if any(map(self.failing, mails)):
            raise RuntimeError("база недоступна")
        self.groups.append([mail.subject for mail in mails])
        for mail in mails:
            await self.accept(mail)

    async def note(self, news: MailboxNews) -> None:
        async with self._changed:
            self.news.append(news)
            self._changed.notify_all()

    async def until(self, done: "Callable[[Keeping], bool]", seconds: float = 20) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: done(self))

    @property
    def subjects(self) -> list[str]:
        return [row.subject for row in self.rows]


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


def letter(number: int, body: str = "Яма.") -> bytes:
    return (
        f"From: a@b.example\r\nTo: bot@mytischi.example\r\nSubject: {number}\r\n"
        f"Message-ID: <n{number}@b.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{body}\r\n"
    ).encode()
