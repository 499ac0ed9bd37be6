"""What the sandbox remembers, in the Bot API's words."""

from bot.sandbox.pictures import Document, StoredFile
from bot.sandbox.spec import Json
from bot.sandbox.store import Chat, SandboxPerson, Store, StoredMessage


def person_as_user(person: SandboxPerson) -> Json:
    """``User`` of a person."""
    user: Json = {"id": person.user_id, "is_bot": False, "first_name": person.first_name}
    if person.last_name:
        user["last_name"] = person.last_name
    if person.username:
        user["username"] = person.username
    return user | {"language_code": "ru"}


def chat_of(person: SandboxPerson) -> Json:
    """``Chat``: the private chat with a person."""
    chat: Json = {"id": person.user_id, "type": "private", "first_name": person.first_name}
    if person.last_name:
        chat["last_name"] = person.last_name
    if person.username:
        chat["username"] = person.username
    return chat


def message_as_json(
    store: Store, bot: Json, message: StoredMessage, *, nested: bool = False
) -> Json:
    """``Message``; inside another one (``nested``) without the message it replies to."""
    chat = store.chats[message.user_id]
    said: Json = {
        "message_id": message.message_id,
        "from": bot if message.from_bot else person_as_user(chat.person),
        "chat": chat_of(chat.person),
        "date": message.date,
    }
    if message.edit_date:
        said["edit_date"] = message.edit_date
    if message.album:
        said["media_group_id"] = message.album
    original = chat.alive(message.reply_to) if not nested else None
    if original is not None:
        said["reply_to_message"] = message_as_json(store, bot, original, nested=True)
    if message.protected:
        said["has_protected_content"] = True
    said |= _content(message)
    if message.markup and "inline_keyboard" in message.markup and message.from_bot:
        said["reply_markup"] = message.markup
    return said


def _content(message: StoredMessage) -> Json:
    content: Json = {}
    if message.photo is not None:
        content["photo"] = [photo_size(size) for size in message.photo.sizes]
    if message.document is not None:
        content["document"] = document_as_json(message.document)
    words, marks = ("caption", "caption_entities") if message.has_media else ("text", "entities")
    if message.text:
        content[words] = message.text
        if message.entities:
            content[marks] = list(message.entities)
    if message.caption_above:
        content["show_caption_above_media"] = True
    if message.spoiler:
        content["has_media_spoiler"] = True
    return content


def photo_size(file: StoredFile) -> Json:
    """``PhotoSize``."""
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "width": file.width,
        "height": file.height,
        "file_size": len(file.data),
    }


def document_as_json(document: Document) -> Json:
    """``Document``."""
    file = document.file
    said: Json = {
        "file_name": file.name,
        "mime_type": file.media_type,
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
    }
    if document.thumbnail is not None:
        said["thumbnail"] = photo_size(document.thumbnail)
    return said


def blocking_as_json(chat: Chat, bot: Json, date: int) -> Json:
    """``ChatMemberUpdated``: the person blocked the bot or let it in again."""
    inside: Json = {"user": bot, "status": "member"}
    outside: Json = {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (inside, outside) if chat.blocked else (outside, inside)
    return {
        "chat": chat_of(chat.person),
        "from": person_as_user(chat.person),
        "date": date,
        "old_chat_member": old,
        "new_chat_member": new,
    }
