"""What confirms the answer beside the photos of the work: scans and pictures (4.6¶6)."""

from dataclasses import replace

from aiogram import Bot, F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot import downloads
from bot.handlers.asking import Asked, Asks, ask
from bot.handlers.showing import answered, fresh, near, put, show
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do
from bot.middlewares import Toast
from bot.texts import choices, general, outcomes, questions
from core.errors import NotAcceptedError
from core.people import Actor
from core.ports import Prompt
from core.usecases.answers import Answers
from core.usecases.office import CaseRef

router = Router(name="attachments")

ALBUM = "attach:"
"""So begins the purpose under which a question waits for the rest of an album."""
MORE = "add"
SHORT_HASH = 12


@router.callback_query(CaseAct.filter((F.do == Do.ATTACH) & (F.arg == MORE)))
async def ask_file(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Приложить»: which file?"""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.ATTACH, questions.attach_what(card.number),
              ref=CaseRef(card.id))


@router.callback_query(CaseAct.filter((F.do == Do.ATTACH) & F.arg))
async def detach(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """The file whose button was pressed is taken off."""
    await fresh(tools, actor, callback_data.ref)
    await Answers(tools.office).detach(actor, callback_data.ref, callback_data.arg)
    toast.text = outcomes.DETACHED
    await show(query, tools, actor, callback_data.case, outcomes.DETACHED)


@router.callback_query(CaseAct.filter(F.do == Do.ATTACH))
async def attached(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Приложения»: what is there, to be taken off; another file."""
    card = await fresh(tools, actor, callback_data.ref)
    files = card.draft.files if card.draft else ()
    if not files:
        await ask_file(query, callback_data, actor, tools)
        return
    items = [(one.sha256[:SHORT_HASH], f"🗑 {one.name}") for one in files]
    await put(query, choices.attachments(card.number, files),
              lists.choose(Do.ATTACH, callback_data.ref, [*items, (MORE, choices.MORE_FILES)]))


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
async def take(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """A scan or picture; the question stays open for the rest of its album alone."""
    await _attach(message, bot, prompt, actor, tools)
    if message.media_group_id is None:
        await answered(message, bot, tools, actor, prompt, outcomes.ATTACHED)
        return
    async with tools.office.work() as work:
        await work.prompts.update(replace(prompt, purpose=f"{ALBUM}{message.media_group_id}"))


async def _attach(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(general.FILE_WANTED)
    file = await downloads.take(bot, tools.office.files, sent, downloads.SCANS,
                                general.SCAN_TYPES)
    await Answers(tools.office).attach(actor, CaseRef(prompt.case_id or 0), file)
    await message.reply(outcomes.attached(file.name))
