"""A server that does exactly what a test tells it, to see how we live with bad ones."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Handler = Callable[["Line"], Awaitable[None]]


@dataclass
class Line:
    """One client's connection, seen from the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    news: asyncio.Condition
    heard: list[str] = field(default_factory=list)

    async def say(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.writer.write(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        await self.writer.drain()

    async def hear(self) -> str:
        """The next line of the client; raises when the client has gone."""
        line = await self.reader.readline()
        if not line:
            raise ConnectionResetError
        self.heard.append(line.decode("utf-8", "replace").rstrip())
        async with self.news:
            self.news.notify_all()
        return self.heard[-1]

    async def until(self, pattern: str) -> str:
        """Hear until a line that matches; the match itself."""
        while not re.search(pattern, await self.hear()):
            pass
        return self.heard[-1]

    def drop(self) -> None:
        """Break the line without a word."""
        self.writer.transport.abort()

    async def hang(self) -> None:
        """Say nothing more until the client goes."""
        while await self.reader.read(65536):
            pass


class Scripted:
    """The server: each connection is played by the next script, the last one repeated."""

    def __init__(self, *scripts: Handler) -> None:
        self.scripts = list(scripts)
        self.lines: list[Line] = []
        self.port = 0
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        line = Line(reader, writer, self._news)
        script = self.scripts[min(len(self.lines), len(self.scripts) - 1)]
        self.lines.append(line)
        try:
            await script(line)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    @property
    def heard(self) -> list[str]:
        return [said for line in self.lines for said in line.heard]

    async def until(self, wanted: Callable[[str], bool], seconds: float = 10) -> None:
        """Wait until some client has said a line that is wanted."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: any(map(wanted, self.heard)))

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def serving(*scripts: Handler) -> AsyncIterator[Scripted]:
    scripted = Scripted(*scripts)
    server = await asyncio.start_server(scripted._serve, "127.0.0.1", 0)
    scripted.port = server.sockets[0].getsockname()[1]
    try:
        yield scripted
    finally:
        server.close()
        await scripted.stop()
        await server.wait_closed()
