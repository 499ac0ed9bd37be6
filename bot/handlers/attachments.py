"""Scans beside the draft, by their content; photos made lighter on request (4.6¶6)."""

from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot import downloads
from bot.handlers.asking import Asked, Asks, ask, close
from bot.handlers.showing import fresh, near, show, show_done
from bot.handlers.tools import Tools
from bot.keyboards.attachments import scans
from bot.keyboards.callbacks import CaseAct, Do
from bot.middlewares import Toast
from bot.texts import attachments as texts
from bot.texts import general
from core.errors import NotAcceptedError
from core.people import Actor
from core.photos.formats import SCANS
from core.ports import Prompt
from core.usecases.answers import Answers
from core.usecases.attachments import detach
from core.usecases.office import CaseRef

router = Router(name="attachments")

ALBUM = "attach:"
"""So begins the purpose under which a question waits for the rest of an album."""


@router.callback_query(CaseAct.filter(F.do == Do.ATTACH))
async def ask_scan(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Приложить скан»: the next files belong to the draft."""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.ATTACH, texts.wanted(card.number),
              ref=CaseRef(card.id))


class RestOfAlbum(Filter):
    """Lets through the further files of an album whose first one answered the question."""

    async def __call__(self, message: Message, tools: Tools) -> bool | dict[str, Prompt]:
        """Whether it is such a file; the question goes with it."""
        if message.media_group_id is None:
            return False
        async with tools.office.work() as work:
            found = await work.prompts.find_purpose(
                message.chat.id, f"{ALBUM}{message.media_group_id}")
        return {"prompt": found} if found is not None else False


@router.message(RestOfAlbum(), F.document | F.photo)
async def take_next(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                    ) -> None:
    """Another scan of the same album."""
    await _attach(message, bot, prompt, actor, tools)


@router.message(Asked(Asks.ATTACH), F.document | F.photo)
async def take_scan(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                    ) -> None:
    """One of them; the question stays open for the rest of its album alone: what comes later
    without a button is a photo of the work."""
    await _attach(message, bot, prompt, actor, tools)
    if message.media_group_id is None:
        await close(tools, prompt)
        return
    async with tools.office.work() as work:
        await work.prompts.update(replace(prompt, purpose=f"{ALBUM}{message.media_group_id}"))


async def _attach(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(general.FILE_WANTED)
    scan = await downloads.take(bot, tools.office.files, sent, SCANS, texts.TYPES)
    case_id = prompt.case_id or 0
    case = await Answers(tools.office).attach(actor, CaseRef(case_id), scan)
    card = await tools.lookups.card(actor, case_id)
    files = case.draft.files if case.draft else ()
    await message.answer(texts.attached(card.number, files), reply_markup=scans(card, files))


@router.callback_query(CaseAct.filter(F.do == Do.DETACH))
async def take_back(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                    toast: Toast) -> None:
    """«Убрать»."""
    await tools.office.do(actor, callback_data.ref, detach, callback_data.arg)
    await show_done(query, tools, actor, callback_data.case, texts.REMOVED, toast)


@router.callback_query(CaseAct.filter(F.do == Do.LIGHTEN))
async def lighten(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                  toast: Toast) -> None:
    """«Сжать фотографии»."""
    card = await fresh(tools, actor, callback_data.ref)
    weight = await tools.attachments.lighten(actor, card.id)
    toast.text = texts.LIGHTENED
    await near(query).answer(texts.lightened(card.number, weight))
    await show(query, tools, actor, card.id, texts.LIGHTENED)
