"""What a person can do in Telegram: press start, write, send files, press a button, block."""

import asyncio
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.formatting import MAX_CAPTION, MAX_TEXT, formatted, utf16_length
from bot.sandbox.pictures import Document, NotAPictureError, Photo, as_document, as_photo
from bot.sandbox.render import blocking_as_json, chat_of, message_as_json, person_as_user
from bot.sandbox.spec import Json, Upload, as_object, as_text
from bot.sandbox.store import CallbackAnswer, Chat, PressedButton, Store, StoredMessage
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webapp import init_data, opened_with

MAX_FILES = 10
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
"""What a deep link may carry (Bot API, «Deep linking»)."""


class ImpossibleActError(Exception):
    """Telegram would not let the person do this; the text says why, in Russian."""

    def __init__(self, sentence: str, status: int = 409) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass
class PersonActs:
    """The acts; each becomes updates for the bot."""

    store: Store
    bot: Json
    queue: UpdateQueue
    callback_seconds: float
    token: str = field(repr=False)

    def chat(self, user_id: int) -> Chat:
        """The person's chat with the bot."""
        chat = self.store.chats.get(user_id)
        if chat is None:
            raise ImpossibleActError("Такого человека здесь нет.", 404)
        return chat

    def start(self, user_id: int, payload: str) -> StoredMessage:
        """«Начать» or «Перезапустить»; ``payload`` comes from a deep link."""
        chat = self.chat(user_id)
        if not PAYLOAD.fullmatch(payload):
            raise ImpossibleActError(
                "В ссылке допустимы до 64 латинских букв, цифр, «_» и «-».", 400
            )
        if chat.blocked:
            self._set_blocked(chat, blocked=False)
        chat.started = True
        return self.say(user_id, f"/start {payload}".strip(), 0)

    def block(self, user_id: int) -> None:
        """«Заблокировать бота»."""
        chat = self.chat(user_id)
        if not chat.started:
            raise ImpossibleActError("Человек ещё не начинал разговор с ботом.")
        if not chat.blocked:
            self._set_blocked(chat, blocked=True)

    def _set_blocked(self, chat: Chat, *, blocked: bool) -> None:
        chat.blocked = blocked
        self.queue.put("my_chat_member", blocking_as_json(chat, self.bot, self.store.now()))
        self.store.changes.grow()

    def say(self, user_id: int, text: str, reply_to: int) -> StoredMessage:
        """A text message."""
        chat = self._open(user_id)
        parsed = formatted(text[: MAX_TEXT * 4], "", None)
        if not parsed.text:
            raise ImpossibleActError("Пустое сообщение отправить нельзя.", 400)
        if utf16_length(text) > MAX_TEXT:
            raise ImpossibleActError("Сообщение длиннее 4096 знаков: разделите его.", 400)
        message = self._new(chat, reply_to)
        message.text, message.entities = parsed.text, parsed.entities
        self._deliver(message)
        return message

    async def send_files(
        self,
        user_id: int,
        uploads: Sequence[Upload],
        *,
        as_photos: bool,
        caption: str,
        reply_to: int,
    ) -> list[StoredMessage]:
        """Files as they are, or as photos re-encoded by Telegram; several make an album."""
        chat = self._open(user_id)
        if not 1 <= len(uploads) <= MAX_FILES:
            raise ImpossibleActError("За один раз можно отправить от 1 до 10 файлов.", 400)
        if utf16_length(caption) > MAX_CAPTION:
            raise ImpossibleActError("Подпись длиннее 1024 знаков.", 400)
        parsed = formatted(caption, "", None)
        contents = [await self._content(upload, as_photos=as_photos) for upload in uploads]
        album = str(secrets.randbits(48)) if len(uploads) > 1 else ""
        messages = []
        for number, (photo, document) in enumerate(contents):
            message = self._new(chat, reply_to)
            message.photo, message.document, message.album = photo, document, album
            if number == 0:
                message.text, message.entities = parsed.text, parsed.entities
            messages.append(message)
        for message in messages:
            self._deliver(message)
        return messages

    async def _content(
        self, upload: Upload, *, as_photos: bool
    ) -> tuple[Photo | None, Document | None]:
        if not upload.data:
            raise ImpossibleActError(f"Файл «{upload.name}» пуст.", 400)
        if not as_photos:
            document = await as_document(upload.name, upload.data, upload.media_type)
            self.store.keep(document.file)
            if document.thumbnail is not None:
                self.store.keep(document.thumbnail)
            return None, document
        try:
            photo = await as_photo(upload.data)
        except NotAPictureError as error:
            raise ImpossibleActError(
                f"«{upload.name}» не отправить как фото: отправьте как файл.", 415
            ) from error
        for size in photo.sizes:
            self.store.keep(size)
        return photo, None

    async def press(self, user_id: int, message_id: int, data: str) -> CallbackAnswer:
        """Presses a button and waits for the bot's answer as long as a query lives.

        A button that was on the message earlier can be pressed too: a person may look at an old
        picture of it. A deleted message reaches the bot as ``InaccessibleMessage``.
        """
        chat = self._open(user_id)
        message = chat.messages.get(message_id)
        if message is None or not message.from_bot:
            raise ImpossibleActError("Такого сообщения бота нет.", 404)
        if data not in message.past_data:
            raise ImpossibleActError("Такой кнопки под сообщением нет и не было.", 404)
        pressed = PressedButton(
            str(secrets.randbits(62)),
            user_id,
            self.store.clock() + self.callback_seconds,
            asyncio.get_running_loop().create_future(),
        )
        self.store.pressed[pressed.query_id] = pressed
        self.queue.put("callback_query", self._query(chat, message, pressed, data))
        try:
            return await asyncio.wait_for(pressed.answer, self.callback_seconds)
        except TimeoutError:
            return CallbackAnswer(answered=False)
        finally:
            del self.store.pressed[pressed.query_id]

    def _query(
        self, chat: Chat, message: StoredMessage, pressed: PressedButton, data: str
    ) -> Json:
        seen = message_as_json(self.store, self.bot, message)
        if message.deleted:
            seen = {"chat": chat_of(chat.person), "message_id": message.message_id, "date": 0}
        return {
            "id": pressed.query_id,
            "from": person_as_user(chat.person),
            "message": seen,
            "chat_instance": chat.instance,
            "data": data,
        }

    def open_web_app(self, user_id: int, message_id: int, url: str) -> str:
        """The address of a Mini App behind a button, with the data that Telegram signs."""
        chat = self._open(user_id)
        message = chat.alive(message_id)
        buttons = [each for row in message.buttons() for each in row] if message else []
        if url not in {as_text(as_object(each.get("web_app")).get("url")) for each in buttons}:
            raise ImpossibleActError("Такой кнопки под сообщением нет.", 404)
        signed = init_data(chat.person, self.token, self.store.now())
        return opened_with(url, signed)

    def see(self, user_id: int, message_id: int) -> None:
        """The person has read everything up to this message."""
        chat = self.chat(user_id)
        if message_id > chat.seen:
            chat.seen = message_id
            self.store.changes.grow()

    def _open(self, user_id: int) -> Chat:
        chat = self.chat(user_id)
        if not chat.started:
            raise ImpossibleActError("Сначала нажмите «Начать».")
        if chat.blocked:
            raise ImpossibleActError("Бот заблокирован: нажмите «Перезапустить».")
        return chat

    def _new(self, chat: Chat, reply_to: int) -> StoredMessage:
        if reply_to and chat.alive(reply_to) is None:
            raise ImpossibleActError("Сообщения, на которое вы отвечаете, уже нет.", 404)
        message = self.store.new_message(chat.person.user_id, from_bot=False)
        message.reply_to = reply_to
        return message

    def _deliver(self, message: StoredMessage) -> None:
        self.store.add(message)
        self.queue.put("message", message_as_json(self.store, self.bot, message))
