"""Bot API methods that put new messages into a chat."""

import secrets
from dataclasses import dataclass

from bot.sandbox.formatting import MAX_CAPTION, MAX_TEXT, Formatted, formatted, utf16_length
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.limits import RateLimits
from bot.sandbox.pictures import (
    Document,
    NotAPictureError,
    Photo,
    StoredFile,
    as_document,
    as_photo,
    refuse_big_photo,
)
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.render import message_as_json
from bot.sandbox.request import Call
from bot.sandbox.spec import Json, Upload, as_array, as_number, as_object, as_text
from bot.sandbox.store import Chat, Store, StoredMessage

ALBUM = range(2, 11)
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
ACTION_SECONDS = 5.0


@dataclass
class Sending:
    """``sendMessage``, ``sendPhoto``, ``sendDocument``, ``sendMediaGroup``, ``sendChatAction``."""

    store: Store
    bot: Json
    limits: RateLimits

    async def send_message(self, call: Call) -> Json:
        """A text of 1 to 4096 characters after parsing."""
        chat = self.writable_chat(call)
        text = text_of(call.fields, "text", "entities")
        if not text.text:
            raise bad_request("message text is empty")
        if utf16_length(text.text) > MAX_TEXT:
            raise bad_request("message is too long")
        message = self._prepared(call, chat)
        message.text, message.entities = text.text, text.entities
        return self._sent(message)

    async def send_photo(self, call: Call) -> Json:
        """A photo by upload (10 MB) or by a file id of a photo."""
        chat = self.writable_chat(call)
        message = self._prepared(call, chat)
        message.photo = await self.photo(call.fields.get("photo"), call)
        self._captioned(message, call.fields)
        return self._sent(message)

    async def send_document(self, call: Call) -> Json:
        """A file by upload (50 MB) or by a file id of a document."""
        chat = self.writable_chat(call)
        message = self._prepared(call, chat)
        message.document = await self.document(call.fields.get("document"), call)
        self._captioned(message, call.fields)
        return self._sent(message)

    async def send_media_group(self, call: Call) -> list[Json]:
        """An album of 2 to 10 photos or documents, not mixed."""
        items = [as_object(item) for item in as_array(call.fields.get("media"))]
        if not items:
            raise bad_request("there are no messages to send")
        if len(items) > ALBUM[-1]:
            raise bad_request("too many messages to send as an album")
        if len(items) < ALBUM[0]:
            raise bad_request("album must include 2-10 items")
        if len({item["type"] for item in items}) > 1:
            raise bad_request("document can't be mixed with other media types")
        chat = self.writable_chat(call, messages=len(items))
        album = str(secrets.randbits(48))
        messages = []
        for item in items:
            message = self._prepared(call, chat)
            message.album = album
            await self.put_media(message, item, call)
            messages.append(message)
        return [self._sent(message) for message in messages]

    async def send_chat_action(self, call: Call) -> bool:
        """«печатает…» for five seconds."""
        chat = self.chat(call)
        self._refuse_closed(chat)
        action = as_text(call.fields.get("action"))
        if action not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat.action, chat.action_until = action, self.store.clock() + ACTION_SECONDS
        self.store.changes.grow()
        return True

    def chat(self, call: Call) -> Chat:
        """The private chat of ``chat_id``; 400 if there is no such person."""
        number = call.fields.get("chat_id")
        chat = self.store.chats.get(as_number(number))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, call: Call, messages: int = 1) -> Chat:
        """The chat if the bot may write there; 403 or 429 otherwise."""
        chat = self.chat(call)
        self._refuse_closed(chat)
        self.limits.count(chat.person.user_id, messages)
        return chat

    def _refuse_closed(self, chat: Chat) -> None:
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")

    def _prepared(self, call: Call, chat: Chat) -> StoredMessage:
        """An empty message with its markup and what it replies to."""
        markup = checked_markup(call.fields.get("reply_markup"))
        reply = as_object(call.fields.get("reply_parameters"))
        wanted = as_number(reply.get("message_id"))
        if wanted and chat.alive(wanted) is None:
            if not reply.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            wanted = 0
        message = self.store.new_message(chat.person.user_id, from_bot=True)
        message.markup, message.reply_to = markup, wanted
        message.protected = bool(call.fields.get("protect_content"))
        return message

    def _sent(self, message: StoredMessage) -> Json:
        chat = self.store.chats[message.user_id]
        chat.action_until = 0.0
        self.store.add(message)
        return message_as_json(self.store, self.bot, message)

    def _captioned(self, message: StoredMessage, fields: Json | object) -> None:
        given = fields if isinstance(fields, dict) else {}
        caption = caption_of(given)
        message.text, message.entities = caption.text, caption.entities
        message.caption_above = bool(given.get("show_caption_above_media"))
        message.spoiler = bool(given.get("has_spoiler"))

    async def put_media(self, message: StoredMessage, item: Json, call: Call) -> None:
        """Photo or document with its caption, from an ``InputMedia``."""
        source = item.get("media")
        if item["type"] == "photo":
            message.photo, message.document = await self.photo(source, call, album=True), None
        else:
            message.document, message.photo = await self.document(source, call, album=True), None
        self._captioned(message, item)

    async def photo(self, source: object, call: Call, *, album: bool = False) -> Photo:
        """The photo that ``source`` names: an upload, ``attach://`` or a file id."""
        given = self._source(source, call, "photo", album=album)
        if isinstance(given, StoredFile):
            return self._photo_of(given)
        refuse_big_photo(given.data)
        try:
            photo = await as_photo(given.data)
        except NotAPictureError as error:
            raise bad_request(str(error)) from error
        for size in photo.sizes:
            self.store.keep(size)
        return photo

    async def document(self, source: object, call: Call, *, album: bool = False) -> Document:
        """The document that ``source`` names: an upload, ``attach://`` or a file id."""
        given = self._source(source, call, "document", album=album)
        if isinstance(given, StoredFile):
            return Document(given)
        document = await as_document(given.name, given.data)
        self.store.keep(document.file)
        if document.thumbnail is not None:
            self.store.keep(document.thumbnail)
        return document

    def _photo_of(self, file: StoredFile) -> Photo:
        for chat in self.store.chats.values():
            for message in chat.messages.values():
                if message.photo is not None and file in message.photo.sizes:
                    return message.photo
        return Photo((file,))

    def _source(
        self, source: object, call: Call, kind: str, *, album: bool
    ) -> Upload | StoredFile:
        """What a file field stands for; 400 where it stands for nothing."""
        if isinstance(source, str) and source.startswith("attach://"):
            source = call.uploads.get(source.removeprefix("attach://"))
        if isinstance(source, Upload):
            if not source.data:
                raise bad_request("file must be non-empty")
            return source
        if source is None:
            absent = "can't parse InputMedia: media not found"
            raise bad_request(absent if album else f"there is no {kind} in the request")
        return self._known(as_text(source), kind)

    def _known(self, text: str, kind: str) -> StoredFile:
        if text.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        file = self.store.files.get(text)
        if file is None:
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        if file.kind != kind:
            wrong, right = file.kind.capitalize(), kind.capitalize()
            raise bad_request(f"can't use file of type {wrong} as {right}")
        return file


def text_of(fields: object, words: str, marks: str) -> Formatted:
    """A text field with its parse mode or entities, parsed."""
    given = fields if isinstance(fields, dict) else {}
    entities = [as_object(each) for each in as_array(given.get(marks))]
    return formatted(as_text(given.get(words)), as_text(given.get("parse_mode")), entities)


def caption_of(fields: Json) -> Formatted:
    """A caption of at most 1024 characters after parsing."""
    caption = text_of(fields, "caption", "caption_entities")
    if utf16_length(caption.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return caption
