"""What nobody else understood: one sentence that says what to do."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import FILES_ASKED_FOR, question_of
from bot.middlewares import Toast
from bot.texts import general
from core.ports import Prompt

router = Router(name="fallback")


@router.message(F.func(lambda message: message.content_type not in {"text", "photo", "document"}))
async def unknown_kind(message: Message, prompt: Prompt | None = None) -> None:
    """A sticker, a voice, a place."""
    wanted = question_of(prompt)
    if wanted is None:
        await message.answer(general.UNKNOWN_KIND)
        return
    await message.answer(general.FILE_WANTED if wanted in FILES_ASKED_FOR else general.TEXT_WANTED)


@router.message()
async def not_understood(message: Message, prompt: Prompt | None = None) -> None:
    """Words that are neither a command, an answer nor a number."""
    if question_of(prompt) in FILES_ASKED_FOR:
        await message.answer(general.FILE_WANTED)
        return
    replied = message.reply_to_message
    ours = replied is not None and replied.from_user is not None and replied.from_user.is_bot
    await message.answer(general.QUESTION_CLOSED if ours else general.NOT_UNDERSTOOD)


@router.callback_query()
async def old_button(_: CallbackQuery, toast: Toast) -> None:
    """A button of an earlier version of the program."""
    await toast.give(general.OLD_BUTTON, alert=True)
