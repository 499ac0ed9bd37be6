"""The signature, and the desk after it: form, number, operator (4.6¶11, 5¶1)."""

from pathlib import PurePath

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot import downloads
from bot.handlers.asking import Asked, Asks, ask, close, put_away, ref_of
from bot.handlers.showing import fresh, near, show
from bot.handlers.start import person_of
from bot.handlers.taps import tap, tap_and_say
from bot.handlers.tools import Tools
from bot.keyboards.callbacks import CaseAct, Do
from bot.texts import outcomes, questions, signatures
from core.errors import NotAcceptedError
from core.people import Actor
from core.ports import Prompt
from core.signatures.container import SUFFIXES
from core.usecases import approvals, dispatch
from core.usecases.office import CaseRef
from core.usecases.signing import Signing, sign_by_word

router = Router(name="signing")

tap(router, Do.SIGN, sign_by_word, outcomes.SIGNED)
tap_and_say(router, Do.REFUSE, Asks.REFUSE, questions.why_not_signed, approvals.refuse_signature,
            outcomes.NOT_SIGNED)
tap(router, Do.FORM_OK, dispatch.confirm_form, outcomes.FORM_OK)
tap(router, Do.DISPATCH, dispatch.dispatch, outcomes.DISPATCHED)
tap_and_say(router, Do.SEND_BACK, Asks.SEND_BACK, questions.what_form, dispatch.send_back,
            outcomes.SENT_BACK)


@router.callback_query(CaseAct.filter(F.do == Do.SIGNATURE_FILE))
async def ask_file(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                   ) -> None:
    """«Файл подписи»: made with the signatory's own tool over the document that was sent."""
    card = await fresh(tools, actor, callback_data.ref)
    await ask(tools, actor, near(query), Asks.SIGNATURE_FILE, signatures.wanted(card.number),
              ref=CaseRef(card.id))


@router.message(Asked(Asks.SIGNATURE_FILE), F.document)
async def take_asked(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                     ) -> None:
    """The file that was asked for, whatever its name."""
    await _take(message, bot, actor, tools, ref_of(prompt))
    await close(tools, prompt)
    await put_away(bot, prompt)


@router.message(F.document.file_name.func(
    lambda name: PurePath(name).suffix.casefold() in SUFFIXES))
async def take_by_itself(message: Message, bot: Bot, actor: Actor, tools: Tools) -> None:
    """A signature that came without a question: the document it signs tells the case."""
    await _take(message, bot, actor, tools, None)


async def _take(message: Message, bot: Bot, actor: Actor, tools: Tools, ref: CaseRef | None
                ) -> None:
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(signatures.FILE_WANTED)
    content = await downloads.fetch(bot, sent)
    file = await tools.office.files.put(content, sent.name, "application/pkcs7-signature")
    signing = Signing(tools.office)
    where = ref or CaseRef(await signing.which(person_of(actor), file))
    case, proof = await signing.take(actor, where, file)
    await message.answer(signatures.taken(case.number, proof, tools.office.calendar.zone))
    await show(message, tools, actor, case.id, outcomes.SIGNED)
