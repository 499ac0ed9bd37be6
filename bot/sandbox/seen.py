"""What a person sees of a chat, as JSON for the page."""

import re

from bot.sandbox.keyboards import people_see
from bot.sandbox.pictures import StoredFile
from bot.sandbox.spec import Json, as_object, as_text
from bot.sandbox.store import Chat, Store, StoredMessage


def person_as_seen(store: Store, chat: Chat) -> Json:
    """One line of the list of people."""
    person = chat.person
    alive = [each for each in chat.messages.values() if not each.deleted]
    unread = [each for each in alive if each.from_bot and each.message_id > chat.seen]
    last = max(alive, key=lambda each: each.message_id, default=None)
    return {
        "user_id": person.user_id,
        "name": person.name,
        "username": person.username,
        "note": person.note,
        "started": chat.started,
        "blocked": chat.blocked,
        "unread": len(unread),
        "last": {"text": _gist(last), "date": last.date, "mine": not last.from_bot}
        if last
        else None,
        "commands": commands_of(store, person.user_id),
    }


def _gist(message: StoredMessage) -> str:
    text = re.sub(r"\s+", " ", message.text)
    if text:
        return text[:120]
    return "Фото" if message.photo is not None else "Файл" if message.document is not None else ""


def commands_of(store: Store, user_id: int) -> list[Json]:
    """The commands a person is offered: the narrowest scope that has any, Russian first."""
    for scope in (f"chat:{user_id}", "all_private_chats", "default"):
        for key in (f"{scope}@ru", scope):
            if store.commands.get(key):
                return store.commands[key]
    return []


def message_as_seen(message: StoredMessage) -> Json:
    """A message: words, entities (UTF-16 offsets), buttons, files; see ``people.SeenMessage``."""
    markup = message.markup or {}
    return {
        "id": message.message_id,
        "change": message.change,
        "mine": not message.from_bot,
        "date": message.date,
        "edited": bool(message.edit_date),
        "deleted": message.deleted,
        "text": "" if message.deleted else message.text,
        "entities": [] if message.deleted else list(message.entities),
        "buttons": [] if message.deleted else _buttons(message),
        "keyboard": people_see(message.markup),
        "keyboard_removed": bool(markup.get("remove_keyboard")),
        "force_reply": bool(markup.get("force_reply")),
        "placeholder": as_text(markup.get("input_field_placeholder")),
        "files": [] if message.deleted else _files(message),
        "album": message.album,
        "reply_to": message.reply_to,
        "reactions": list(message.reactions),
    }


def _buttons(message: StoredMessage) -> list[list[Json]]:
    return [[_button(each) for each in row] for row in message.buttons()]


def _button(button: Json) -> Json:
    page = as_text(as_object(button.get("web_app")).get("url"))
    return {
        "text": button["text"],
        "data": as_text(button.get("callback_data")),
        "url": as_text(button.get("url")) or page,
        "web_app": bool(page),
        "copy": as_text(as_object(button.get("copy_text")).get("text")),
        "style": as_text(button.get("style")),
    }


def _files(message: StoredMessage) -> list[Json]:
    if message.photo is not None:
        largest = message.photo.sizes[-1]
        return [_file(largest, "photo", largest.file_id)]
    if message.document is not None:
        thumbnail = message.document.thumbnail
        return [_file(message.document.file, "document", thumbnail.file_id if thumbnail else "")]
    return []


def _file(file: StoredFile, kind: str, picture: str) -> Json:
    return {
        "id": file.file_id,
        "kind": kind,
        "name": file.name,
        "media_type": file.media_type,
        "bytes": len(file.data),
        "width": file.width,
        "height": file.height,
        "picture": picture,
    }
