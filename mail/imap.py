"""One connection to an IMAP mailbox that cannot hang.

aioimaplib 2.0.3 does not notice a lost connection: after a ``BYE`` its calls wait for ever. So
every call here races with the loss of the line and with a time limit, and after any fault the
connection is thrown away, never mended. Mailbox names and the login name are quoted here, since
the library does not.
"""

import asyncio
import base64
import logging
import re
import ssl
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from mmap import ACCESS_READ, mmap
from typing import Any, TypeVar

import aioimaplib

from core.errors import AssistantError
from core.files import Content
from mail.address import ServerAddress
from mail.headers import moment_of
from mail.linefaults import line_fault

T = TypeVar("T")

_UIDVALIDITY = re.compile(rb"\[UIDVALIDITY (\d+)\]", re.IGNORECASE)
_WHOLE = "(UID BODY.PEEK[])"
_FETCH = re.compile(rb"\d+ FETCH \(", re.IGNORECASE)
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_SHORT_BODY = re.compile(rb'BODY\[(?:HEADER)?\](?:<\d+>)? "((?:[^"\\]|\\.)*)"', re.DOTALL)
_EXISTS = re.compile(rb"\d+ EXISTS", re.IGNORECASE)
_STORAGE = re.compile(rb"\b(?:STORAGE|MESSAGE) (\d+) (\d+)", re.IGNORECASE)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEARCHES = 3
"""Searches in a row after announcements: some servers announce the same letters over and over."""
PORTION = 1024 * 1024
"""Bytes of a letter that are asked for at once."""
_SLOWEST = 20_000
"""Bytes a second below which a line is taken for dead."""
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")

for _name in ("aioimaplib", "aioimaplib.aioimaplib"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # its DEBUG prints the letters (R9)


class MailUnavailableError(AssistantError):
    """The mailbox cannot be reached, or let go in the middle; try anew later."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What the server says of a letter before it is fetched."""

    size: int
    arrived: datetime | None


def _spare_the_log(protocol: Any) -> None:
    """Whatever comes in the library prints into a string for its log, even where nothing is
    logged: four fifths of the time of a fetch. A view of the bytes is printed in no time."""
    receive = protocol.data_received
    protocol.data_received = lambda data: receive(memoryview(data))


def quoted(name: str) -> str:
    """An argument as an IMAP quoted string (RFC 3501, 9)."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def modified_utf7(folder: str) -> str:
    """A mailbox name as RFC 3501, 5.1.3 writes it."""

    def shift(match: re.Match[str]) -> str:
        code = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{code.replace('/', ',')}-"

    return _BEYOND_ASCII.sub(shift, folder.replace("&", "&-"))


def _day(day: date) -> str:
    """A date as RFC 3501 writes it, in English whatever the locale."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _no_longer_awaited(call: "asyncio.Future[Any]") -> None:
    """A call may fail when its caller has been cancelled already; nobody misses its error."""
    if not call.cancelled():
        call.exception()


class Mailbox:
    """A selected mailbox. Made by :func:`open_mailbox`, not by hand."""

    def __init__(self, server: ServerAddress, limit: float) -> None:
        self._server = server
        self._limit = limit
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._client: Any = None
        self._clean = False
        self.uidvalidity = 0

    async def enter(self, tls: ssl.SSLContext | None) -> None:
        """Connect, log in, select. Raises :class:`MailUnavailableError` with the step named."""
        server = self._server
        kind = aioimaplib.IMAP4_SSL if server.scheme == "imaps" else aioimaplib.IMAP4
        self._client = kind(host=server.host, port=server.port, timeout=self._limit,
                            ssl_context=tls)  # fmt: skip
        self._client.protocol.conn_lost_cb = self._on_lost
        _spare_the_log(self._client.protocol)
        await self._call(self._client.wait_hello_from_server(), self._limit)
        answer = await self._call(
            self._client.login(quoted(server.user), server.password), self._limit
        )
        self._require(answer, "не принял имя и пароль (IMAP_URL)")
        name = quoted(modified_utf7(server.folder))
        answer = await self._call(self._client.select(name), self._limit)
        self._require(answer, f"не открыл папку «{server.folder}»")
        found = _UIDVALIDITY.search(b"\n".join(bytes(line) for line in answer.lines))
        self.uidvalidity = int(found[1]) if found else 0

    async def uids_after(self, last: int, since: date | None = None) -> list[int]:
        """The UIDs above ``last``, ascending; none only if no letter was told of meanwhile.

        With ``since`` only of letters that arrived on that day (by the server's clock) or later.
        """
        for _ in range(_SEARCHES):
            found, news = await self._search(last, since)
            if found or not news:
                return found
        return []

    async def _search(self, last: int, since: date | None) -> tuple[list[int], bool]:
        """One search, and whether a letter was announced in the answer.

        The library drops an announcement (``EXISTS``) in the answer to a command, and no server
        repeats it in IDLE. What comes while a NOOP is awaited it keeps, so one goes right behind.
        """
        said = f"UID {last + 1}:*{f' SINCE {_day(since)}' if since else ''}"

        async def both() -> tuple[Any, Any]:
            protocol = self._client.protocol  # the client's own methods do not send in order
            search = protocol.search(said, charset=None, by_uid=True)
            return await asyncio.gather(search, protocol.simple_command("NOOP"))

        answer, told = await self._call(both(), self._limit)
        self._require(answer, "не нашёл новые письма")
        lines = (line for line in answer.lines if not isinstance(line, bytearray))
        numbers = {
            int(word) for line in lines if re.fullmatch(rb"[\d ]+", line) for word in line.split()
        }
        news = any(_EXISTS.search(bytes(line)) for line in told.lines)
        found = sorted(uid for uid in numbers if uid > last)  # «n:*» names the last one always
        return found, news

    async def filled(self) -> int | None:
        """How full the mailbox is, in per cent of its quota (RFC 2087); None if nobody says."""
        if not self._client.has_capability("QUOTA"):
            return None
        answer = await self._call(self._client.getquotaroot(self._server.folder), self._limit)
        found = [_STORAGE.search(bytes(line)) for line in answer.lines]
        shares = [100 * int(one[1]) // int(one[2]) for one in found if one and int(one[2])]
        return max(shares, default=None)

    async def outlines(self, uids: Sequence[int]) -> dict[int, Outline]:
        """Size and arrival of those letters that are still there."""
        numbers = ",".join(map(str, uids))
        lines = await self._command(
            self._client.uid("FETCH", numbers, "(UID RFC822.SIZE INTERNALDATE)"),
            "не сказал размеры писем",
        )
        found = {}
        for line in lines:
            uid, size, arrived = _UID.search(line), _SIZE.search(line), _ARRIVED.search(line)
            if uid and size:
                moment = moment_of(arrived[1].decode("ascii", "replace")) if arrived else None
                found[int(uid[1])] = Outline(int(size[1]), moment)
        return found

    async def fetch(self, sizes: Mapping[int, int]) -> dict[int, Content]:
        """The letters of these UIDs and sizes that the server gives, unchanged and left unread.

        A large one lies in a file that is gone when it is let go of.
        """
        small = {uid: size for uid, size in sizes.items() if size <= PORTION}
        found: dict[int, Content] = {**await self._bodies(small)}
        for uid in [one for one in sizes if one not in found]:  # all may be refused for one
            raw = (await self._body(uid, _WHOLE, PORTION) if uid in small
                   else await self._in_portions(uid))
            if raw is not None:
                found[uid] = raw
        return found

    async def _bodies(self, sizes: Mapping[int, int]) -> dict[int, bytes]:
        """Of small letters those that come in answer to one command for all."""
        if len(sizes) < 2:
            return {}
        numbers, limit = ",".join(map(str, sizes)), self._limit + sum(sizes.values()) / _SLOWEST
        answer = await self._call(self._client.uid("FETCH", numbers, _WHOLE), limit)
        return _bodies_in(answer.lines)

    async def _in_portions(self, uid: int) -> Content | None:
        """A large letter, never in memory as a whole; the library would hold it there twice."""
        with tempfile.TemporaryFile() as aside:
            place = 0
            while True:
                what = f"(UID BODY.PEEK[]<{place}.{PORTION}>)"
                portion = await self._body(uid, what, PORTION)
                if portion is None and place == 0:
                    return None
                aside.write(portion or b"")
                place += len(portion or b"")
                if len(portion or b"") < PORTION:
                    break
            aside.flush()
            return mmap(aside.fileno(), 0, access=ACCESS_READ) if place else b""

    async def fetch_header(self, uid: int) -> bytes | None:
        """Only the header of the letter."""
        return await self._body(uid, "(UID BODY.PEEK[HEADER])", 100_000)

    async def mark_seen(self, uids: Sequence[int]) -> None:
        """Set ``\\Seen``. A mailbox that may only be read is no fault."""
        numbers = ",".join(map(str, uids))
        await self._call(
            self._client.uid("STORE", numbers, "+FLAGS.SILENT", "(\\Seen)"), self._limit
        )

    async def idle(self, seconds: float) -> None:
        """Wait until the server tells of something, but no longer than that."""
        if not self._client.has_capability("IDLE"):
            await asyncio.wait({self._lost}, timeout=seconds)
            self._require_line()
            return
        ended = await self._call(self._client.idle_start(timeout=seconds + 60), self._limit)
        with suppress(asyncio.TimeoutError):
            await self._call(self._client.wait_server_push(seconds), seconds + self._limit)
        self._require_line()
        self._client.idle_done()
        await self._call(_result(ended), self._limit)

    async def leave(self) -> None:
        """Say good-bye where the line is sound, and leave nothing running or open.

        A stop of the program may come while the answer is awaited: then the line is cut at once.
        """
        client = self._client
        if client is None:
            return
        tasks = {client._client_task}
        try:
            if self._clean and not self._lost.done():
                with suppress(MailUnavailableError, asyncio.TimeoutError):
                    await self._call(client.logout(), 2)
        finally:
            tasks |= {*client.tasks, *client.protocol.tasks}
            for task in tasks:
                task.cancel()
            if client.protocol.transport:
                client.protocol.transport.abort()
            self._lost.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _body(self, uid: int, what: str, size: int) -> bytes | None:
        limit = self._limit + size / _SLOWEST
        answer = await self._call(self._client.uid("FETCH", str(uid), what), limit)
        if answer.result == "BAD":
            self._require(answer, "не понял запрос письма")
        return _bodies_in(answer.lines).get(uid)

    async def _command(self, call: Coroutine[Any, Any, Any], refusal: str) -> list[bytes]:
        answer = await self._call(call, self._limit)
        self._require(answer, refusal)
        return [line for line in answer.lines if not isinstance(line, bytearray)]

    async def _call(self, call: Coroutine[Any, Any, T], seconds: float) -> T:
        """The call's result, or :class:`MailUnavailableError` if the line or the time runs out."""
        self._clean = False
        task = asyncio.ensure_future(call)
        task.add_done_callback(_no_longer_awaited)
        try:
            either: set[asyncio.Future[Any]] = {task, self._lost}
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                result = self._outcome(task)
                self._clean = True
                return result
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=1)
        self._require_line()
        raise MailUnavailableError(
            f"Почтовый сервер {self._server.shown} не ответил за {seconds:.0f} с."
        )

    def _outcome(self, task: "asyncio.Future[T]") -> T:
        try:
            return task.result()
        except TimeoutError:
            self._require_line()
            raise
        except (OSError, aioimaplib.AioImapException, ValueError, IndexError) as fault:
            raise MailUnavailableError(
                f"Нет связи с почтовым сервером {self._server.shown}: {line_fault(fault)}."
            ) from None

    def _require(self, answer: Any, refusal: str) -> None:
        if answer.result != "OK":
            last = bytes(answer.lines[-1]).decode("utf-8", "replace") if answer.lines else ""
            raise MailUnavailableError(
                f"Почтовый сервер {self._server.shown} {refusal}: {answer.result} {last[:200]}"
            )

    def _require_line(self) -> None:
        if self._lost.done():
            raise MailUnavailableError(
                f"Связь с почтовым сервером {self._server.shown} прервалась."
            )

    def _on_lost(self, _: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)


def _bodies_in(lines: Sequence[bytes | bytearray]) -> dict[int, bytes]:
    """The bodies in an answer by the UIDs, which stand before them or behind."""
    found = {}
    uid: int | None = None
    body: bytes | None = None
    for line in lines:
        if isinstance(line, bytearray):
            body = bytes(line)
            line.clear()  # else a whole group would be held twice
        else:
            if _FETCH.match(line):
                uid = body = None
            if named := _UID.search(line):
                uid = int(named[1])
            if short := _SHORT_BODY.search(line):
                body = re.sub(rb"\\(.)", rb"\1", short[1], flags=re.DOTALL)
        if uid is not None and body is not None:
            found[uid] = body
            uid = body = None
    return found


async def _result(future: "asyncio.Future[T]") -> T:
    return await future


@asynccontextmanager
async def open_mailbox(
    server: ServerAddress, *, limit: float = 30, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Mailbox]:
    """A fresh connection with the folder of the address selected; closed on the way out.

    ``limit`` is the longest wait in seconds for any one answer.
    """
    mailbox = Mailbox(server, limit)
    try:
        try:
            await mailbox.enter(tls)
        except TimeoutError:
            raise MailUnavailableError(f"Почтовый сервер {server.shown} не отвечает.") from None
        yield mailbox
    finally:
        await mailbox.leave()
