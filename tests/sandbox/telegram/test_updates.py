"""Updates reach the bot: by long poll, after a restart, by webhook."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    CallbackQuery,
    ForceReply,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from bot.sandbox.people import Hand, HandError
from bot.sandbox.telegram import TelegramSandbox
from tests.sandbox.telegram.office import ANNA, BORIS, Call

CARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="✅ Принять", callback_data="take:1")]]
)


def office_bot() -> Dispatcher:
    """A small bot with everything a conversation has."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("<b>Поручение</b> 1", parse_mode="HTML", reply_markup=CARD)

    @dispatcher.message(Command("note"))
    async def note(message: Message) -> None:
        await message.answer("Напишите замечание", reply_markup=ForceReply(force_reply=True))

    @dispatcher.message(F.reply_to_message)
    async def replied(message: Message) -> None:
        original = message.reply_to_message
        assert original is not None
        await message.reply(f"К «{original.text}»: {message.text}")

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("Принято", show_alert=True)
        if isinstance(query.message, InaccessibleMessage):
            await query.message.answer("Этой карточки уже нет")
        elif query.message is not None:
            await query.message.edit_text("В работе")

    return dispatcher


@pytest.fixture
async def polled(bot: Bot) -> AsyncIterator[Dispatcher]:
    """The bot program at work by long poll."""
    dispatcher = office_bot()
    running = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    yield dispatcher
    await dispatcher.stop_polling()
    await running


async def test_conversation_with_buttons_edits_and_replies(
    polled: Dispatcher, sandbox: TelegramSandbox
) -> None:
    async with Hand(sandbox.page_url, BORIS) as boris:
        await boris.starts()
        card = await boris.awaits("Поручение 1")
        assert card.labels == ("✅ Принять",)
        answer = await boris.presses("Принять")
        assert (answer.answered, answer.text, answer.alert) == (True, "Принято", True)
        edited = await boris.awaits("В работе")
        assert (edited.id, edited.edited, edited.buttons) == (card.id, True, ())
        await boris.says("/note")
        asked = await boris.awaits(lambda message: message.force_reply)
        await boris.says("Нет даты", reply_to=asked)
        told = await boris.awaits("К «Напишите замечание»: Нет даты")
        assert told.reply_to == (await boris.messages())[-2].id
    assert sandbox.violations == []
    assert sandbox.refusals == []


async def test_button_that_is_gone_can_still_be_pressed_by_who_saw_it(
    polled: Dispatcher, bot: Bot, anna: Hand
) -> None:
    card = await anna.awaits("Поручение 1")
    await anna.presses("Принять", card)
    await anna.awaits("В работе")
    assert (await anna.presses("Принять", card)).answered
    await bot.delete_message(ANNA, card.id)
    assert (await anna.presses("Принять", card)).answered
    await anna.awaits("Этой карточки уже нет")
    with pytest.raises(HandError, match="нет и не было"):
        await anna._acts("press", {"message_id": card.id, "data": "take:2"})


async def test_unconfirmed_updates_come_again_after_the_bot_was_killed(
    bot: Bot, sandbox: TelegramSandbox, anna: Hand
) -> None:
    await anna.says("Первое")
    seen = await bot.get_updates()
    assert [each.message.text for each in seen if each.message] == ["/start", "Первое"]
    again = await bot.get_updates(offset=seen[-1].update_id)
    assert [each.update_id for each in again] == [seen[-1].update_id]
    assert await bot.get_updates(offset=seen[-1].update_id + 1, timeout=0) == []
    assert sandbox.pending_updates == 0


async def test_long_poll_returns_as_soon_as_something_comes(bot: Bot, anna: Hand) -> None:
    (last,) = await bot.get_updates()
    waiting = asyncio.create_task(bot.get_updates(offset=last.update_id + 1, timeout=30))
    await anna.says("Пришло")
    (update,) = await asyncio.wait_for(waiting, 5)
    assert update.message is not None
    assert update.message.text == "Пришло"


async def test_second_receiver_ends_the_first_with_a_conflict(
    bot: Bot, sandbox: TelegramSandbox, anna: Hand
) -> None:
    (last,) = await bot.get_updates()
    after = last.update_id + 1
    first = asyncio.create_task(bot.get_updates(offset=after, timeout=30))
    await sandbox.polled()
    second = asyncio.create_task(bot.get_updates(offset=after, timeout=30))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 5)
    await anna.says("Кому")
    assert len(await asyncio.wait_for(second, 5)) == 1


async def test_only_wanted_kinds_of_updates_come(bot: Bot, anna: Hand) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    await anna.says("Не нужно")
    await anna.blocks()
    kinds = [each.event_type for each in await bot.get_updates()]
    assert kinds == ["message", "my_chat_member"], "only /start came before the wish was told"


async def test_blocking_and_coming_back_are_told(bot: Bot, anna: Hand) -> None:
    await anna.blocks()
    await anna.starts("invite-7")
    changes = [each.my_chat_member for each in await bot.get_updates() if each.my_chat_member]
    assert [each.new_chat_member.status for each in changes] == ["kicked", "member"]
    last = (await bot.get_updates())[-1].message
    assert last is not None
    assert last.text == "/start invite-7"


async def test_callback_query_that_is_too_old_cannot_be_answered(bot: Bot, anna: Hand) -> None:
    await bot.send_message(ANNA, "Карточка", reply_markup=CARD)
    answer = await anna.presses("Принять")
    assert not answer.answered
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired"):
        await bot.answer_callback_query(query.id)


async def test_profile_commands_and_reactions_are_kept(
    bot: Bot, anna: Hand, call: Call, sandbox: TelegramSandbox
) -> None:
    await bot.set_my_name("Ракурс Еткуль")
    assert (await bot.get_me()).first_name == "Ракурс Еткуль"
    await bot.set_my_commands([{"command": "my", "description": "Мои поручения"}])  # type: ignore[list-item]
    assert [each.command for each in await bot.get_my_commands()] == ["my"]
    assert await bot.delete_my_commands()
    assert await bot.get_my_commands() == []
    own = await anna.says("Готово")
    reaction = [{"type": "emoji", "emoji": "👍"}]
    answer = await call("setMessageReaction", chat_id=ANNA, message_id=own.id, reaction=reaction)
    assert answer["result"] is True
    assert (await anna.messages())[-1].reactions == ("👍",)
    assert await bot.set_chat_menu_button()
    assert await bot.close()
    assert await bot.log_out()
    assert sandbox.violations == []


class Receiver:
    """The bot's own web server."""

    def __init__(self) -> None:
        self.refuse = 0
        self.secrets: list[str | None] = []
        self.url = ""

    async def start(self, dispatcher: Dispatcher, bot: Bot) -> web.AppRunner:
        handler = SimpleRequestHandler(
            dispatcher, bot, handle_in_background=False, secret_token="word"
        )

        async def receive(request: web.Request) -> web.StreamResponse:
            self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            if self.refuse:
                self.refuse -= 1
                return web.Response(status=500)
            answer: web.StreamResponse = await handler.handle(request)
            return answer

        app = web.Application()
        app.router.add_post("/hook", receive)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        return runner


async def test_webhook_delivers_with_its_secret_and_tries_again(
    bot: Bot, sandbox: TelegramSandbox, call: Call
) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> Any:
        return message.answer(f"Получено: {message.text}")

    receiver = Receiver()
    runner = await receiver.start(dispatcher, bot)
    receiver.refuse = 2
    async with Hand(sandbox.page_url, BORIS) as boris:
        assert await bot.set_webhook(receiver.url, secret_token="word")
        refused = await call("getUpdates")
        assert refused["error_code"] == 409
        assert "webhook is active" in refused["description"]
        await boris.starts()
        await boris.awaits("Получено: /start")
        await boris.says("Второе")
        await boris.awaits("Получено: Второе")
        info = await bot.get_webhook_info()
        assert (
            info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        )
        assert await bot.delete_webhook()
        await boris.says("Третье")
        (update,) = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "Третье"
    assert receiver.secrets == ["word"] * 4
    await runner.cleanup()
