"""Bot API methods that change, delete or mark messages that are there."""

from dataclasses import dataclass, replace

from bot.sandbox.formatting import MAX_TEXT, utf16_length
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.refusals import TelegramRefusalError, bad_request
from bot.sandbox.render import message_as_json
from bot.sandbox.request import Call
from bot.sandbox.sending import Sending, caption_of, text_of
from bot.sandbox.spec import Json, as_array, as_number, as_object, as_text
from bot.sandbox.store import StoredMessage

DELETE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


@dataclass
class Editing:
    """``editMessage*``, ``deleteMessage``, ``deleteMessages``, ``setMessageReaction``."""

    sending: Sending

    async def edit_message_text(self, call: Call) -> Json:
        """New text; without ``reply_markup`` the buttons go away."""
        text = text_of(call.fields, "text", "entities")
        if not text.text:
            raise bad_request("message text is empty")
        message = self._own(call)
        if message.has_media:
            raise bad_request("there is no text in the message to edit")
        if utf16_length(text.text) > MAX_TEXT:
            raise bad_request("MESSAGE_TOO_LONG")
        return self._changed(message, call, text=text.text, entities=text.entities)

    async def edit_message_caption(self, call: Call) -> Json:
        """New caption of a photo or document."""
        caption = caption_of(dict(call.fields))
        message = self._own(call)
        if not message.has_media:
            raise bad_request("there is no caption in the message to edit")
        return self._changed(message, call, text=caption.text, entities=caption.entities)

    async def edit_message_reply_markup(self, call: Call) -> Json:
        """New buttons."""
        return self._changed(self._own(call), call)

    async def edit_message_media(self, call: Call) -> Json:
        """Another photo or document with its caption; inside an album only of the same kind."""
        message = self._own(call)
        item = as_object(call.fields.get("media"))
        if message.album and (item["type"] == "photo") != (message.photo is not None):
            raise bad_request("message can't be edited")
        fresh = replace(message, past_data=message.past_data)
        await self.sending.put_media(fresh, item, call)
        return self._changed(
            message,
            call,
            text=fresh.text,
            entities=fresh.entities,
            photo=fresh.photo,
            document=fresh.document,
            caption_above=fresh.caption_above,
            spoiler=fresh.spoiler,
        )

    async def delete_message(self, call: Call) -> bool:
        """Own messages and the person's, for 48 hours."""
        chat = self.sending.chat(call)
        message = chat.alive(as_number(call.fields.get("message_id")))
        if message is None:
            raise bad_request("message to delete not found")
        if self.sending.store.now() - message.date > DELETE_SECONDS:
            raise bad_request("message can't be deleted")
        self._delete(message)
        return True

    async def delete_messages(self, call: Call) -> bool:
        """Several at once; those that are not there are skipped."""
        numbers = as_array(call.fields.get("message_ids"))
        if not numbers:
            raise bad_request("message identifiers are not specified")
        if len(numbers) > 100:
            raise bad_request("too many message identifiers specified")
        chat = self.sending.chat(call)
        for number in numbers:
            message = chat.alive(as_number(number))
            if message is not None:
                self._delete(message)
        return True

    async def set_message_reaction(self, call: Call) -> bool:
        """The bot's emoji on a message; none takes it away. A bot may put one."""
        chat = self.sending.chat(call)
        message = chat.alive(as_number(call.fields.get("message_id")))
        if message is None:
            raise bad_request("message to react not found")
        given = [as_object(each) for each in as_array(call.fields.get("reaction"))]
        if len(given) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        if any(each.get("type") != "emoji" for each in given):
            raise bad_request("REACTION_INVALID")
        message.reactions = tuple(as_text(each.get("emoji")) for each in given)
        self.sending.store.touch(message)
        return True

    def _delete(self, message: StoredMessage) -> None:
        message.deleted = True
        self.sending.store.touch(message)

    def _own(self, call: Call) -> StoredMessage:
        """The bot's message to edit; 400 if it is not there or not the bot's."""
        number = as_number(call.fields.get("message_id"))
        if "chat_id" not in call.fields or not number:
            raise _missing(call)
        message = self.sending.chat(call).alive(number)
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot:
            raise bad_request("message can't be edited")
        return message

    def _changed(self, message: StoredMessage, call: Call, **content: object) -> Json:
        """Puts the new content and markup; 400 if nothing would change."""
        content["markup"] = checked_markup(call.fields.get("reply_markup"))
        if all(getattr(message, name) == value for name, value in content.items()):
            raise bad_request(NOT_MODIFIED)
        for name, value in content.items():
            setattr(message, name, value)
        store = self.sending.store
        message.edit_date = store.now()
        store.touch(message)
        return message_as_json(store, self.sending.bot, message)


def _missing(call: Call) -> TelegramRefusalError:
    if "chat_id" not in call.fields and "message_id" in call.fields:
        return bad_request("chat_id is empty")
    return bad_request("message identifier is not specified")
