"""``Hand``: one person at the page, for tests and the demonstration. Speaks HTTP only."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, TypeAlias

import aiohttp

from bot.sandbox.spec import Json, as_array, as_number, as_object, as_text

POLL_SECONDS = 25


@dataclass(frozen=True)
class SeenButton:
    """An inline button: ``data`` for the bot, or ``url`` to open (``web_app``: as a Mini App)."""

    text: str
    data: str = ""
    url: str = ""
    web_app: bool = False


@dataclass(frozen=True)
class SeenFile:
    """A photo or document in a message."""

    file_id: str
    kind: str
    name: str
    media_type: str
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class SeenMessage:
    """A message as the person sees it. ``text`` is the text or the caption, without markup."""

    id: int
    mine: bool
    text: str
    buttons: tuple[tuple[SeenButton, ...], ...]
    files: tuple[SeenFile, ...]
    date: datetime
    edited: bool
    deleted: bool
    change: int
    reply_to: int
    album: str
    force_reply: bool
    keyboard: tuple[tuple[str, ...], ...]
    reactions: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Texts of all inline buttons, row by row."""
        return tuple(button.text for row in self.buttons for button in row)


@dataclass(frozen=True)
class PressAnswer:
    """The toast (or ``alert``) after a press; ``answered`` False: the bot kept silent."""

    answered: bool
    text: str
    alert: bool
    url: str


Wanted: TypeAlias = str | Callable[[SeenMessage], bool]


class HandError(Exception):
    """The person could not do or see what was wanted; the text says what there was instead."""


class Hand:
    """A person with a telephone. ``async with Hand(page_url, user_id) as hand``."""

    def __init__(self, page_url: str, user_id: int) -> None:
        self._base = f"{page_url.rstrip('/')}/chats/{user_id}"
        self._session: aiohttp.ClientSession | None = None
        self._mark = 0
        self._known: dict[int, SeenMessage] = {}
        self._change = 0

    async def __aenter__(self) -> "Hand":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def starts(self, payload: str = "") -> SeenMessage:
        """Presses «Начать», as after a link with ``?start=payload``."""
        return _message(await self._acts("start", {"payload": payload}))

    async def blocks(self) -> None:
        """Blocks the bot; ``starts`` lets it in again."""
        await self._acts("block", {})

    async def says(self, text: str, reply_to: SeenMessage | int | None = None) -> SeenMessage:
        """Writes a text."""
        return _message(await self._acts("text", {"text": text, "reply_to": _number(reply_to)}))

    async def sends(
        self,
        files: Sequence[tuple[str, bytes]],
        as_: Literal["document", "photo"] = "document",
        caption: str = "",
        reply_to: SeenMessage | int | None = None,
    ) -> list[SeenMessage]:
        """Sends files by name and bytes; several are an album. Own messages, in order."""
        await self.catches_up()
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("as", as_)
        form.add_field("caption", caption)
        form.add_field("reply_to", str(_number(reply_to)))
        for name, data in files:
            form.add_field("files", io.BytesIO(data), filename=name)
        answer = await self._ask("POST", "files", data=form)
        return [_message(each) for each in as_array(answer["messages"])]

    async def presses(
        self,
        label_or_data: str,
        message: SeenMessage | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - a deadline in seconds is what a caller thinks in
    ) -> PressAnswer:
        """Presses a button by its data, its label, or words of its label.

        Without ``message``: on the newest message that has such a button; waits until there is
        one. With it: also a button that the message has lost meanwhile. In one message an exact
        label (leading icons aside) goes before one that merely contains the words.
        """
        if message is None:
            message = await self._message_with(label_or_data, timeout)
        button = _button_of(message, label_or_data)
        if button is None:
            raise HandError(f"Нет кнопки «{label_or_data}»; есть: {', '.join(message.labels)}")
        if not button.data:
            raise HandError(f"Кнопка «{button.text}» не для бота: она ведёт на {button.url}")
        answer = await self._acts("press", {"message_id": message.id, "data": button.data})
        return PressAnswer(
            bool(answer["answered"]),
            as_text(answer["text"]),
            bool(answer["alert"]),
            as_text(answer["url"]),
        )

    async def opens(self, label: str, message: SeenMessage | None = None) -> str:
        """Opens the Mini App behind a button; its address, with what Telegram signs in it."""
        shown = message or await self._message_with(label, 10.0)
        button = _button_of(shown, label)
        if button is None or not button.web_app:
            raise HandError(f"Нет кнопки «{label}», которая открывает страницу")
        answer = await self._ask(
            "POST", "web_app", json={"message_id": shown.id, "url": button.url}
        )
        return as_text(answer["url"])

    async def awaits(
        self,
        wanted: Wanted,
        timeout: float = 10.0,  # noqa: ASYNC109 - a deadline in seconds is what a caller thinks in
        *,
        since: int | None = None,
    ) -> SeenMessage:
        """The newest message of the bot that has the words, or satisfies the predicate.

        Only messages written or edited since this person's last act count (or after change
        number ``since``; 0 means all). Waits for one; ``HandError`` after ``timeout`` seconds.
        """
        mark = self._mark if since is None else since
        fits = wanted if callable(wanted) else lambda each: wanted in each.text

        def found() -> SeenMessage | None:
            fresh = [each for each in self._alive() if each.change > mark and not each.mine]
            return next((each for each in reversed(fresh) if fits(each)), None)

        return await self._until(found, f"Не дождались: {wanted}", timeout)

    async def messages(self) -> list[SeenMessage]:
        """The whole chat, oldest first, without deleted messages."""
        await self._look(0)
        return self._alive()

    async def catches_up(self) -> None:
        """Everything written so far counts as old for ``awaits``."""
        await self._look(0)
        self._mark = self._change

    async def downloads(self, file: SeenFile) -> bytes:
        """The bytes of a file."""
        async with self._http().get(f"{self._base}/files/{file.file_id}") as response:
            if response.status != 200:
                raise HandError(f"Файл «{file.name}» не скачан: {response.status}")
            return await response.read()

    def _alive(self) -> list[SeenMessage]:
        return [
            self._known[number]
            for number in sorted(self._known)
            if not self._known[number].deleted
        ]

    async def _message_with(self, wanted: str, seconds: float) -> SeenMessage:
        def found() -> SeenMessage | None:
            return next(
                (each for each in reversed(self._alive()) if _button_of(each, wanted)), None
            )

        return await self._until(found, f"Нет кнопки «{wanted}»", seconds)

    async def _until(
        self, found: Callable[[], SeenMessage | None], sentence: str, seconds: float
    ) -> SeenMessage:
        from time import monotonic

        deadline = monotonic() + seconds
        await self._look(0)
        while (message := found()) is None:
            left = deadline - monotonic()
            if left <= 0:
                raise HandError(f"{sentence}. В чате: {self._told()}")
            await self._look(left)
        return message

    def _told(self) -> str:
        last = self._alive()[-5:]
        lines = [f"[{each.text[:160]!r} {list(each.labels)}]" for each in last]
        return " ".join(lines) or "пусто"

    async def _look(self, seconds: float) -> None:
        wait = min(max(int(seconds + 0.999), 0), POLL_SECONDS)
        answer = await self._ask("GET", f"messages?after={self._change}&wait={wait}")
        self._change = max(self._change, as_number(answer["change"]))
        for each in as_array(answer["messages"]):
            message = _message(each)
            self._known[message.id] = message

    async def _acts(self, act: str, body: Json) -> Json:
        await self.catches_up()
        return await self._ask("POST", act, json=body)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        json: Json | None = None,
        data: aiohttp.FormData | None = None,
    ) -> Json:
        async with self._http().request(
            method, f"{self._base}/{path}", json=json, data=data
        ) as response:
            answer = as_object(await response.json())
            if response.status != 200:
                raise HandError(as_text(answer.get("error")))
            return answer

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120))
        return self._session


def _button_of(message: SeenMessage, wanted: str) -> SeenButton | None:
    buttons = [button for row in message.buttons for button in row]
    by_data = [each for each in buttons if each.data == wanted]
    exact = [each for each in buttons if _words(each.text) == _words(wanted)]
    part = [each for each in buttons if wanted in each.text]
    return next(iter(by_data + exact + part), None)


def _words(label: str) -> str:
    """The label without the icon before it."""
    return re.sub(r"^[^\w«]+", "", label).strip()


def _number(message: SeenMessage | int | None) -> int:
    return message.id if isinstance(message, SeenMessage) else message or 0


def _message(value: object) -> SeenMessage:
    given = as_object(value)
    return SeenMessage(
        id=as_number(given["id"]),
        mine=bool(given["mine"]),
        text=as_text(given["text"]),
        buttons=tuple(
            tuple(_button(button) for button in as_array(row))
            for row in as_array(given["buttons"])
        ),
        files=tuple(_file(file) for file in as_array(given["files"])),
        date=datetime.fromtimestamp(as_number(given["date"]), UTC),
        edited=bool(given["edited"]),
        deleted=bool(given["deleted"]),
        change=as_number(given["change"]),
        reply_to=as_number(given["reply_to"]),
        album=as_text(given["album"]),
        force_reply=bool(given["force_reply"]),
        keyboard=tuple(
            tuple(as_text(each) for each in as_array(row)) for row in as_array(given["keyboard"])
        ),
        reactions=tuple(as_text(each) for each in as_array(given["reactions"])),
    )


def _button(value: object) -> SeenButton:
    given = as_object(value)
    return SeenButton(
        as_text(given["text"]),
        as_text(given["data"]),
        as_text(given["url"]),
        bool(given["web_app"]),
    )


def _file(value: object) -> SeenFile:
    given = as_object(value)
    return SeenFile(
        file_id=as_text(given["id"]),
        kind=as_text(given["kind"]),
        name=as_text(given["name"]),
        media_type=as_text(given["media_type"]),
        size=as_number(given["bytes"]),
        width=as_number(given["width"]),
        height=as_number(given["height"]),
    )
