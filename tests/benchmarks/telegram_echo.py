"""The floor for ``telegram.py``: the least bot that aiogram makes, against the same server.

``python tests/benchmarks/telegram_echo.py URL TOKEN``: a text is echoed with a button, a press
edits the message and is answered.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

BUTTON = InlineKeyboardMarkup(inline_keyboard=[[
    InlineKeyboardButton(text="Зарегистрировать", callback_data="press")]])


async def echo(message: Message) -> None:
    """The same text with a button."""
    await message.answer(message.text or "", reply_markup=BUTTON)


async def pressed(query: CallbackQuery) -> None:
    """Edited and answered."""
    if isinstance(query.message, Message):
        await query.message.edit_text(f"{query.message.text}: нажато")
    await query.answer("Нажато")


async def run(url: str, token: str) -> None:
    """Until the process is ended."""
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.callback_query.register(pressed)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    await dispatcher.start_polling(Bot(token, session=session), handle_signals=False)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2]))
