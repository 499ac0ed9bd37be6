"""All Bot API methods of the sandbox by name, and those about the bot itself."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from bot.sandbox.editing import Editing
from bot.sandbox.limits import RateLimits
from bot.sandbox.refusals import bad_request, conflict
from bot.sandbox.request import Call
from bot.sandbox.sending import Sending
from bot.sandbox.spec import Json, as_array, as_number, as_object, as_text
from bot.sandbox.store import CallbackAnswer, Store
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.webhook import WebhookDelivery, WebhookState

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_COMMANDS = 100
MAX_CALLBACK_TEXT = 200
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
PROFILE_LIMITS = {
    "name": (64, "BOT_TITLE_INVALID"),
    "description": (512, "BOT_ABOUT_INVALID"),
    "short_description": (120, "BOT_ABOUT_INVALID"),
}
"""Longest texts of the profile; the codes of the refusals are not published."""

Method: TypeAlias = Callable[[Call], Awaitable[object]]


class Methods:
    """The served methods."""

    def __init__(
        self,
        store: Store,
        bot: Json,
        queue: UpdateQueue,
        webhook: WebhookDelivery,
        limits: RateLimits,
    ) -> None:
        self.store, self.bot, self.queue, self.webhook = store, bot, queue, webhook
        sending = Sending(store, bot, limits)
        editing = Editing(sending)
        self.sending = sending
        self.by_name: Mapping[str, Method] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "logOut": self._log_out,
            "close": self._close,
            "sendMessage": sending.send_message,
            "sendPhoto": sending.send_photo,
            "sendDocument": sending.send_document,
            "sendMediaGroup": sending.send_media_group,
            "sendChatAction": sending.send_chat_action,
            "editMessageText": editing.edit_message_text,
            "editMessageCaption": editing.edit_message_caption,
            "editMessageMedia": editing.edit_message_media,
            "editMessageReplyMarkup": editing.edit_message_reply_markup,
            "deleteMessage": editing.delete_message,
            "deleteMessages": editing.delete_messages,
            "setMessageReaction": editing.set_message_reaction,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "deleteMyCommands": self._delete_my_commands,
            "setMyName": self._set_profile("name"),
            "getMyName": self._get_profile("name"),
            "setMyDescription": self._set_profile("description"),
            "getMyDescription": self._get_profile("description"),
            "setMyShortDescription": self._set_profile("short_description"),
            "getMyShortDescription": self._get_profile("short_description"),
            "setChatMenuButton": self._set_chat_menu_button,
            "getChatMenuButton": self._get_chat_menu_button,
        }

    async def _get_me(self, _: Call) -> Json:
        return {
            **self.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def _get_updates(self, call: Call) -> list[Json]:
        if self.webhook.state.url:
            raise conflict(WEBHOOK_ACTIVE)
        self.queue.allow(_kinds(call))
        return await self.queue.poll(
            as_number(call.fields.get("offset")),
            as_number(call.fields.get("limit"), 100),
            as_number(call.fields.get("timeout")),
        )

    async def _set_webhook(self, call: Call) -> bool:
        url = as_text(call.fields.get("url"))
        if not url:
            return await self._delete_webhook(call)
        secret = as_text(call.fields.get("secret_token"))
        if not re.match(r"https?://[^\s/]+", url):
            raise bad_request("invalid webhook URL specified")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        await self._delete_webhook(call)
        self.queue.allow(_kinds(call))
        self.queue.interrupt("terminated by setWebhook request")
        connections = min(max(as_number(call.fields.get("max_connections"), 40), 1), 100)
        self.webhook.start(WebhookState(url, secret, connections))
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        await self.webhook.stop()
        if call.fields.get("drop_pending_updates"):
            self.queue.clear()
        return True

    async def _get_webhook_info(self, _: Call) -> Json:
        return self.webhook.state.info(self.queue)

    async def _log_out(self, _: Call) -> bool:
        await self.webhook.stop()
        self.queue.clear()
        return await self._close(_)

    async def _close(self, _: Call) -> bool:
        self.queue.interrupt("terminated by close request")
        return True

    async def _answer_callback_query(self, call: Call) -> bool:
        text = as_text(call.fields.get("text"))
        if len(text) > MAX_CALLBACK_TEXT:
            raise bad_request("MESSAGE_TOO_LONG")
        pressed = self.store.pressed.get(as_text(call.fields.get("callback_query_id")))
        if pressed is None or pressed.answer.done() or self.store.clock() > pressed.until:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        alert = bool(call.fields.get("show_alert"))
        url = as_text(call.fields.get("url"))
        pressed.answer.set_result(CallbackAnswer(True, text, alert, url))
        return True

    async def _get_file(self, call: Call) -> Json:
        file = self.store.files.get(as_text(call.fields.get("file_id")))
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > MAX_DOWNLOAD:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.data),
            "file_path": self.store.path_of(file),
        }

    async def _set_my_commands(self, call: Call) -> bool:
        commands = [as_object(each) for each in as_array(call.fields.get("commands"))]
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", as_text(command["command"])):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(as_text(command["description"])) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.store.commands[self._scope(call)] = commands
        self.store.changes.grow()
        return True

    async def _get_my_commands(self, call: Call) -> list[Json]:
        return self.store.commands.get(self._scope(call), [])

    async def _delete_my_commands(self, call: Call) -> bool:
        self.store.commands.pop(self._scope(call), None)
        self.store.changes.grow()
        return True

    def _scope(self, call: Call) -> str:
        scope = as_object(call.fields.get("scope"))
        kind = as_text(scope.get("type")) or "default"
        if kind.startswith("chat"):
            number = as_number(scope.get("chat_id"))
            if number not in self.store.chats:
                raise bad_request("chat not found")
            kind = f"{kind}:{number}"
        language = as_text(call.fields.get("language_code"))
        return f"{kind}@{language}" if language else kind

    def _set_profile(self, name: str) -> Method:
        longest, code = PROFILE_LIMITS[name]

        async def set_text(call: Call) -> bool:
            text = as_text(call.fields.get(name))
            if len(text) > longest:
                raise bad_request(code)
            self.store.profile[name + as_text(call.fields.get("language_code"))] = text
            if name == "name" and text and "language_code" not in call.fields:
                self.bot["first_name"] = text
            self.store.changes.grow()
            return True

        return set_text

    def _get_profile(self, name: str) -> Method:
        async def get_text(call: Call) -> Json:
            key = name + as_text(call.fields.get("language_code"))
            default = as_text(self.bot["first_name"]) if name == "name" else ""
            return {name: self.store.profile.get(key) or default}

        return get_text

    async def _set_chat_menu_button(self, call: Call) -> bool:
        button = as_object(call.fields.get("menu_button")) or {"type": "default"}
        self.store.menu_buttons[self._menu_chat(call)] = button
        return True

    async def _get_chat_menu_button(self, call: Call) -> Json:
        return self.store.menu_buttons.get(self._menu_chat(call), {"type": "commands"})

    def _menu_chat(self, call: Call) -> int:
        if "chat_id" not in call.fields:
            return 0
        return self.sending.chat(call).person.user_id


def _kinds(call: Call) -> list[str] | None:
    if "allowed_updates" not in call.fields:
        return None
    return [as_text(each) for each in as_array(call.fields["allowed_updates"])]
