"""Cuts the full description of the Bot API down to what the sandbox serves.

To renew the packaged file:
``python tests/sandbox/telegram/compact_spec.py bot_api_spec.json > bot/sandbox/bot_api.json``
"""

import json
import sys
from pathlib import Path
from typing import Any

METHODS = (
    "getMe",
    "logOut",
    "close",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendMediaGroup",
    "sendChatAction",
    "editMessageText",
    "editMessageCaption",
    "editMessageMedia",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "answerCallbackQuery",
    "setMessageReaction",
    "getFile",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyName",
    "getMyName",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "setChatMenuButton",
    "getChatMenuButton",
)

TYPES = (
    "User",
    "Chat",
    "Message",
    "MaybeInaccessibleMessage",
    "InaccessibleMessage",
    "MessageEntity",
    "PhotoSize",
    "Document",
    "File",
    "Update",
    "CallbackQuery",
    "ChatMemberUpdated",
    "ChatMember",
    "ChatMemberMember",
    "ChatMemberBanned",
    "WebhookInfo",
    "InlineKeyboardMarkup",
    "InlineKeyboardButton",
    "WebAppInfo",
    "CopyTextButton",
    "ReplyKeyboardMarkup",
    "KeyboardButton",
    "ReplyKeyboardRemove",
    "ForceReply",
    "ReplyParameters",
    "LinkPreviewOptions",
    "InputFile",
    "InputMediaPhoto",
    "InputMediaDocument",
    "BotCommand",
    "BotCommandScope",
    "BotCommandScopeDefault",
    "BotCommandScopeAllPrivateChats",
    "BotCommandScopeAllGroupChats",
    "BotCommandScopeAllChatAdministrators",
    "BotCommandScopeChat",
    "BotCommandScopeChatAdministrators",
    "BotCommandScopeChatMember",
    "BotName",
    "BotDescription",
    "BotShortDescription",
    "MenuButton",
    "MenuButtonCommands",
    "MenuButtonWebApp",
    "MenuButtonDefault",
    "ReactionType",
    "ReactionTypeEmoji",
    "ReactionTypeCustomEmoji",
    "ReactionTypePaid",
    "InputMedia",
)


def compact(full: dict[str, Any]) -> dict[str, Any]:
    """The packaged form: ``required`` and ``optional`` fields by name, types joined with ``|``."""
    return {
        "version": full["version"],
        "sources": full["sources"],
        "note": "Only the methods and types that the sandbox serves; see compact_spec.py.",
        "methods": {
            name: fields_of(full["methods"][name])
            | {"returns": "|".join(full["methods"][name]["returns"])}
            for name in METHODS
        },
        "types": {name: type_of(full["types"][name]) for name in TYPES},
    }


def type_of(described: dict[str, Any]) -> dict[str, Any]:
    """One type: its fields, or what it may be one of."""
    if described.get("subtypes"):
        return {"one_of": described["subtypes"]}
    return fields_of(described)


def fields_of(described: dict[str, Any]) -> dict[str, Any]:
    """Fields by name; ``String=photo`` is a string that must be exactly «photo»."""
    fields: dict[str, dict[str, str]] = {"required": {}, "optional": {}}
    for field in described["fields"]:
        kind = "|".join(field["types"])
        if "const" in field:
            kind += f"={field['const']}"
        fields["required" if field["required"] else "optional"][field["name"]] = kind
    return {name: kinds for name, kinds in fields.items() if kinds}


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    sys.stdout.write(json.dumps(compact(whole), ensure_ascii=False, indent=1) + "\n")
