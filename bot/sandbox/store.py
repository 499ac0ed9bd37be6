"""What the sandbox remembers: people, chats, messages, buttons pressed. In memory only."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.sandbox.pictures import Document, Photo, StoredFile
from bot.sandbox.spec import Json, as_array, as_object, as_text


@dataclass(frozen=True)
class SandboxPerson:
    """Somebody with a Telegram account. ``note`` is shown on the page, for example the role."""

    user_id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class StoredMessage:
    """A message of a private chat. ``change`` grows whenever the message is touched."""

    message_id: int
    user_id: int
    from_bot: bool
    date: int
    text: str = ""
    entities: tuple[Json, ...] = ()
    photo: Photo | None = None
    document: Document | None = None
    album: str = ""
    reply_to: int = 0
    markup: Json | None = None
    edit_date: int = 0
    change: int = 0
    deleted: bool = False
    caption_above: bool = False
    spoiler: bool = False
    protected: bool = False
    reactions: tuple[str, ...] = ()
    past_data: set[str] = field(default_factory=set)

    @property
    def has_media(self) -> bool:
        """Whether the text is a caption."""
        return self.photo is not None or self.document is not None

    def buttons(self) -> list[list[Json]]:
        """Rows of inline buttons."""
        rows = as_array((self.markup or {}).get("inline_keyboard"))
        return [[as_object(button) for button in as_array(row)] for row in rows]

    def keep_data(self) -> None:
        """Remembers the data of today's buttons: a person may press what was there before."""
        for row in self.buttons():
            self.past_data |= {
                as_text(each["callback_data"]) for each in row if "callback_data" in each
            }


@dataclass
class Chat:
    """The private chat of one person with the bot."""

    person: SandboxPerson
    started: bool = False
    blocked: bool = False
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    seen: int = 0
    action: str = ""
    action_until: float = 0.0
    instance: str = field(default_factory=lambda: str(secrets.randbits(62)))

    def alive(self, message_id: int) -> StoredMessage | None:
        """The message, unless it was deleted or never was."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message


@dataclass(frozen=True)
class CallbackAnswer:
    """What the person sees after pressing a button; ``answered`` False: the bot kept silent."""

    answered: bool
    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass
class PressedButton:
    """A callback query that waits for its answer until ``until`` (clock seconds)."""

    query_id: str
    user_id: int
    until: float
    answer: asyncio.Future[CallbackAnswer]


class Changes:
    """One growing number for everything a page shows, and the waiting for it to grow."""

    def __init__(self) -> None:
        self.number = 0
        self._grown = asyncio.Event()

    def grow(self) -> int:
        """The next number; everybody who waits is woken."""
        self.number += 1
        self._grown.set()
        self._grown = asyncio.Event()
        return self.number

    async def beyond(self, number: int) -> None:
        """Returns once the number is greater than ``number``."""
        while self.number <= number:
            await self._grown.wait()


class Store:
    """All chats of one bot, their files and counters."""

    def __init__(self, people: Sequence[SandboxPerson], clock: Callable[[], float]) -> None:
        self.clock = clock
        self.chats = {person.user_id: Chat(person) for person in people}
        self.files: dict[str, StoredFile] = {}
        self.paths: dict[str, StoredFile] = {}
        self._path_of_id: dict[str, str] = {}
        self.pressed: dict[str, PressedButton] = {}
        self.changes = Changes()
        self.commands: dict[str, list[Json]] = {}
        self.profile: dict[str, str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self._message_ids = count(1)

    def now(self) -> int:
        """Unix time in seconds."""
        return int(self.clock())

    def new_message(self, user_id: int, *, from_bot: bool) -> StoredMessage:
        """An empty message with its number; it becomes visible by ``add``."""
        return StoredMessage(next(self._message_ids), user_id, from_bot, self.now())

    def add(self, message: StoredMessage) -> None:
        """Puts the message into its chat."""
        self.chats[message.user_id].messages[message.message_id] = message
        self.touch(message)

    def touch(self, message: StoredMessage) -> None:
        """Marks the message as changed."""
        message.keep_data()
        message.change = self.changes.grow()

    def keep(self, file: StoredFile) -> StoredFile:
        """Keeps the file under its id."""
        self.files[file.file_id] = file
        return file

    def path_of(self, file: StoredFile) -> str:
        """The path by which the file can be downloaded from now on (``getFile``)."""
        known = self._path_of_id.get(file.file_id)
        if known is not None:
            return known
        folder = "documents" if file.kind == "document" else "photos"
        dot, suffix = file.name.rpartition(".")[1:]
        path = f"{folder}/file_{len(self.paths)}{dot}{suffix if dot else ''}"
        self.paths[path] = file
        self._path_of_id[file.file_id] = path
        return path
