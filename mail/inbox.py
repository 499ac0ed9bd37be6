"""Takes every letter of a mailbox in, exactly once, for as long as the program lives.

Knows nothing of МСЭД. What a letter means is settled by :mod:`mail.msed`; that it is stored once
is settled by the intake, in one transaction with the cursor.
"""

import asyncio
import logging
import ssl
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from core.errors import AssistantError
from core.inbound import InboundMail, MailboxEvent, MailboxNews, MailPlace, Unrecognised
from mail.address import ServerAddress, server_address
from mail.imap import Mailbox, MailUnavailableError, Outline, open_mailbox
from mail.reading import not_given, read_mail, too_large
from mail.rules import MailRules

SCHEMES = ("imaps", "imap")
_BATCH = 100
"""Letters whose outlines are asked for at once: aioimaplib recurses once a line, so not many."""
_ATTEMPTS = 3
_GROUP = 50
"""Letters that are kept in one transaction while the next ones are fetched."""
_GROUP_BYTES = 8 * 1024 * 1024
"""A group is closed at so many bytes, so that few letters are held in memory."""
_KEPT_AT_ONCE = 2
"""Groups whose files are put on the disk at the same time; they are committed in order."""
MANY = 200
"""More letters waiting than this are a backlog: a first start, or a long absence."""
NEARLY_FULL = 90
"""Per cent of the quota from which the office is warned."""

Unread = Callable[[], InboundMail]
"""A letter that was fetched; reading it takes a worker: a signature may ask DNS, too."""

log = logging.getLogger(__name__)


class Intake(Protocol):
    """The core's use case that keeps letters; the inbox calls it and nothing else."""

    async def cursor(self, mailbox: str) -> tuple[int, int] | None:
        """UIDVALIDITY and the last UID taken in from that mailbox, or None at the first start."""

    async def accept(self, mail: InboundMail) -> None:
        """In one transaction: store the letter, act on it, move the cursor to its place.

        A letter already there (same place, same Message-ID or same bytes) only moves the cursor.
        """

    async def accept_all(self, mails: Sequence[InboundMail],
                         before: Awaitable[None] | None = None) -> None:
        """The same for several letters in one transaction: all of them, or none.

        Their files may be put on the disk at once; the transaction begins when ``before`` has
        ended well, and what ``before`` raises is passed on.
        """

    async def note(self, news: MailboxNews) -> None:
        """Tell the office of the mailbox as a whole."""


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """How the mailbox fares: for ``doctor``, the log and the progress of a first start."""

    last_success: datetime | None = None
    last_error: str = ""
    waiting: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How the taking in of a backlog goes; it begins anew where a restart left off."""

    total: int
    began: datetime

    def said(self, taken: int, now: datetime) -> str:
        """For the log: how many, how fast, how long it will take yet."""
        seconds = max((now - self.began).total_seconds(), 0.001)
        left = (self.total - taken) * seconds / taken / 60
        return (f"mail backlog: {taken} of {self.total} letters taken in "
                f"({100 * taken // self.total} %), {taken / seconds:.0f}/s, "
                f"about {left:.0f} min left")


class Inbox:
    """The loop over one mailbox: IDLE plus polling, a fresh connection after any fault.

    ``poll`` is the longest time in seconds between two looks, ``limit`` the longest wait for an
    answer, ``pauses`` the first and the longest pause after a fault.
    """

    def __init__(
        self,
        url: str,
        intake: Intake,
        rules: MailRules,
        clock: Callable[[], datetime],
        *,
        poll: float = 60,
        limit: float = 30,
        pauses: tuple[float, float] = (1, 300),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server_address(url, *SCHEMES)
        self._intake = intake
        self._rules = rules
        self._clock = clock
        self._poll = poll
        self._limit = limit
        self._pauses = pauses
        self._tls = tls
        self._failures: Counter[MailPlace] = Counter()
        self._unmarked: list[MailPlace] = []
        self._at_once = _GROUP
        """Fewer after a line that broke before anything was kept: it may be a bad one."""
        self.health = InboxHealth()

    @property
    def mailbox(self) -> str:
        """The mailbox's name in the cursor: the folder of that user on that server."""
        return mailbox_name(self._server)

    async def run(self) -> None:
        """Work until cancelled. No fault of the server, the line or the intake ends it."""
        pause = self._pauses[0]
        while True:
            before = self.health.last_success
            try:
                async with open_mailbox(self._server, limit=self._limit, tls=self._tls) as mailbox:
                    await self._serve(mailbox)
            except MailUnavailableError as fault:
                self._note(str(fault))
            except Exception as fault:  # the intake's: the letter stays and is tried again
                why = fault if isinstance(fault, AssistantError) else type(fault).__name__
                self._note(f"Письмо не удалось сохранить, повторяем: {why}")
                log.exception("a letter could not be taken in")
            worked = self.health.last_success != before
            pause = self._pauses[0] if worked else min(pause * 2, self._pauses[1])
            self._at_once = _GROUP if worked else max(self._at_once // 5, 1)
            await asyncio.sleep(pause)

    def _note(self, sentence: str) -> None:
        self.health = replace(self.health, last_error=sentence)
        log.warning("%s", sentence)

    async def _serve(self, mailbox: Mailbox) -> None:
        cursor = await self._intake.cursor(self.mailbox)
        known = cursor is not None and cursor[0] == mailbox.uidvalidity
        if cursor is not None and not known:
            log.warning("UIDVALIDITY of %s changed, the mailbox is read anew", self.mailbox)
        last = cursor[1] if cursor is not None and known else 0
        await self._look_how_full(mailbox)
        while True:
            last = await self._drain(mailbox, last)
            self.health = replace(
                self.health, last_success=self._clock(), last_error="", waiting=0
            )
            await mailbox.idle(self._poll)

    async def _drain(self, mailbox: Mailbox, last: int) -> int:
        """Take in everything above ``last``, until nothing is left; the last UID seen.

        A letter that comes while others are being taken in is announced in the answer to some
        command, where the library drops the announcement: only an empty search shows the end,
        so nothing else may be asked between it and IDLE.
        """
        await self._mark(mailbox)
        while uids := await mailbox.uids_after(last, self._rules.since):
            self.health = replace(self.health, waiting=len(uids))
            backlog = len(uids) > MANY
            if backlog:
                await self._tell(MailboxEvent.BACKLOG, len(uids))
            async with _InTurn() as keeper:
                await self._take_all(mailbox, uids, keeper, backlog=backlog)
            await self._mark(mailbox)
            last = uids[-1]
            if backlog:
                await self._tell(MailboxEvent.CAUGHT_UP, len(uids))
        return last

    async def _take_all(self, mailbox: Mailbox, uids: Sequence[int], keeper: "_InTurn", *,
                        backlog: bool) -> None:
        """Fetch group after group; the next one while the last ones are read and kept."""
        progress, taken = Progress(len(uids), self._clock()), 0
        async for group in self._groups(mailbox, uids):
            if next(iter(group.values())).size >= _GROUP_BYTES:  # one such at a time is in memory
                await keeper.ended()
            letters = await self._fetched(mailbox, group)
            self._passed(len(group) - len(letters))
            if letters:
                await keeper.then(partial(self._keep, letters, backlog))
            if len(self._unmarked) >= _BATCH:
                await self._mark(mailbox)
            before, taken = taken, taken + len(group)
            if backlog and taken // _BATCH > before // _BATCH:
                log.info("%s", progress.said(taken, self._clock()))

    async def _tell(self, event: MailboxEvent, count: int) -> None:
        await self._intake.note(MailboxNews(event, self.mailbox, count))

    async def _look_how_full(self, mailbox: Mailbox) -> None:
        """A full mailbox takes in nothing and says so to nobody but the sender."""
        percent = await mailbox.filled()
        if percent is not None and percent >= NEARLY_FULL:
            log.warning("the mailbox %s is %d per cent full", self.mailbox, percent)
            await self._tell(MailboxEvent.FILLING, percent)

    async def _groups(self, mailbox: Mailbox, uids: Sequence[int]
                      ) -> AsyncIterator[Mapping[int, Outline]]:
        """The letters in order, so many in a group that not much is held in memory."""
        group: dict[int, Outline] = {}
        weight = 0
        for start in range(0, len(uids), _BATCH):
            batch = uids[start : start + _BATCH]
            outlines = await mailbox.outlines(batch)
            there = [uid for uid in batch if uid in outlines]  # else expunged meanwhile
            self._passed(len(batch) - len(there))
            for uid in there:
                size = outlines[uid].size
                if group and (len(group) >= self._at_once or weight + size > _GROUP_BYTES):
                    yield group
                    group, weight = {}, 0
                group[uid] = outlines[uid]
                weight += size
        if group:
            yield group

    def _passed(self, letters: int) -> None:
        self.health = replace(self.health, waiting=max(self.health.waiting - letters, 0))

    async def _fetched(self, mailbox: Mailbox, group: Mapping[int, Outline]) -> list[Unread]:
        """The letters of the group that are still there, as they came."""
        given = await mailbox.fetch({uid: one.size for uid, one in group.items()
                                     if one.size <= self._rules.largest})
        letters = []
        for uid, outline in group.items():
            place, now = MailPlace(self.mailbox, mailbox.uidvalidity, uid), self._clock()
            arrived = min(outline.arrived, now) if outline.arrived else now
            raw = given.pop(uid, None)
            letter: Unread | None
            if raw is not None:
                letter = partial(read_mail, raw, place, arrived, self._rules)
            elif outline.size > self._rules.largest:
                header = await mailbox.fetch_header(uid) or b""
                letter = partial(too_large, header, outline.size, place, arrived, self._rules)
            else:
                letter = await self._missing(mailbox, place, arrived)
            if letter is not None:
                letters.append(letter)
        return letters

    async def _keep(self, letters: Sequence[Unread], backlog: bool,
                    before: Awaitable[None] | None) -> None:
        """All in one transaction; where that fails, one by one, to find whose fault it is.

        Never before the letters ``before`` are kept: the cursor passes over nothing.
        """
        group = await asyncio.to_thread(
            lambda: [replace(read(), backlog=backlog) for read in letters])
        together = len(group) > 1
        if together:
            try:
                await self._intake.accept_all(group, before)
            except Exception as fault:  # whatever it was, each letter is tried by itself
                log.info("a group of letters is taken in one by one: %s", type(fault).__name__)
                together = False
        if before is not None:
            await before
        for mail in group:
            if not together:
                await self._accept(mail)
            self._unmarked.append(mail.place)
            self._passed(1)
            self.health = replace(
                self.health, taken=self.health.taken + 1, last_success=self._clock()
            )

    async def _missing(
        self, mailbox: Mailbox, place: MailPlace, arrived: datetime
    ) -> Unread | None:
        """Expunged between two commands, or the server will not give it: told apart here."""
        if place.uid not in await mailbox.outlines([place.uid]):
            return None
        self._failures[place] += 1
        if self._failures[place] < _ATTEMPTS:
            raise MailUnavailableError(f"Сервер не отдал письмо UID {place.uid}, повторяем.")
        return partial(not_given, place, arrived, self._rules)

    async def _accept(self, mail: InboundMail) -> None:
        """Hand the letter over. What keeps failing to be acted on becomes a row for a person.

        The true reading is always tried first, so a database that was away demotes nothing.
        """
        try:
            await self._intake.accept(mail)
        except Exception as fault:
            self._failures[mail.place] += 1
            if self._failures[mail.place] < _ATTEMPTS:
                raise
            reason = f"Письмо прочитано, но применить его не удалось ({type(fault).__name__})."
            await self._intake.accept(replace(mail, reading=Unrecognised(reason)))
        self._failures.pop(mail.place, None)

    async def _mark(self, mailbox: Mailbox) -> None:
        """Set ``\\Seen`` on what was taken in, also before the line was lost."""
        uids = [one.uid for one in self._unmarked if one.uidvalidity == mailbox.uidvalidity]
        if uids:
            await mailbox.mark_seen(uids[-2 * _BATCH:])
        self._unmarked.clear()


class _InTurn:
    """Runs a few things beside the caller, each told which one it comes after.

    Whoever leaves waits for all of them, and hears of the first failure.
    """

    def __init__(self) -> None:
        self._running: deque[asyncio.Task[None]] = deque()

    async def __aenter__(self) -> "_InTurn":
        return self

    async def then(self, work: Callable[[Awaitable[None] | None], Coroutine[None, None, None]]
                   ) -> None:
        """Begin this when there is room for one more, all before having gone well so far."""
        while len(self._running) >= _KEPT_AT_ONCE or (self._running and self._running[0].done()):
            await self._running[0]
            self._running.popleft()
        before = self._running[-1] if self._running else None
        self._running.append(asyncio.create_task(work(before)))

    async def ended(self) -> None:
        """Wait until none is running; the first failure is raised."""
        while self._running:
            await self._running[0]
            self._running.popleft()

    async def __aexit__(self, *_: object) -> None:
        ended = await asyncio.gather(*self._running, return_exceptions=True)
        for one in ended:
            if isinstance(one, BaseException):
                raise one


def mailbox_name(server: ServerAddress) -> str:
    """``host/user/folder``."""
    return f"{server.host}/{server.user}/{server.folder}"


async def check_mailbox(url: str, *, limit: float = 15, tls: ssl.SSLContext | None = None,
                        since: date | None = None,
                        cursor: Callable[[str], Awaitable[tuple[int, int] | None]] | None = None
                        ) -> str:
    """Connect, log in, open the folder: a sentence for ``doctor``.

    ``cursor`` tells how far the mailbox has been read, ``since`` from which day on letters are
    taken in. A mailbox nearly full is a fault.

    Raises :class:`MailUnavailableError` or :class:`~mail.address.BadAddressError`.
    """
    server = server_address(url, *SCHEMES)
    async with open_mailbox(server, limit=limit, tls=tls) as mailbox:
        uids = await mailbox.uids_after(0)
        taken = await mailbox.uids_after(0, since) if since else uids
        filled = await mailbox.filled()
        known = await cursor(mailbox_name(server)) if cursor else None
        uidvalidity = mailbox.uidvalidity
    if filled is not None and filled >= NEARLY_FULL:
        raise MailUnavailableError(
            f"Почтовый ящик {server.shown} заполнен на {filled} %: освободите место, иначе новые "
            "письма не будут приняты.")
    last = known[1] if known and known[0] == uidvalidity else 0
    left = sum(uid > last for uid in taken)
    waiting = f", из них ещё не принято: {left}" if cursor and left else ""
    old = (f", пришли до {since:%d.%m.%Y} и не принимаются (MAIL_SINCE): {len(uids) - len(taken)}"
           if since else "")
    return (f"IMAP {server.shown}: вход выполнен, писем в папке «{server.folder}»: "
            f"{len(uids)}{waiting}{old}.")
