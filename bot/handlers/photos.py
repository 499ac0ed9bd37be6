"""Photos of the work: files and compressed photos, albums as one submission (4.6¶2, ¶6)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from aiogram import Bot, F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, InlineKeyboardMarkup, Message

from bot import cards, downloads
from bot.downloads import Sent
from bot.handlers.asking import ASK, PHOTOS, Asked, Asks, ask, close, question_of
from bot.handlers.showing import answered, edit, fresh, near, offer, put, show_done
from bot.handlers.start import person_of
from bot.handlers.tools import Tools
from bot.keyboards import lists
from bot.keyboards.callbacks import CaseAct, Do, FileHere, Look, View
from bot.keyboards.case import by_mail as mail_button
from bot.keyboards.case import (
    call_for_photos,
    caption_as_report,
    photo_buttons,
    sending_photos,
)
from bot.middlewares import Toast
from bot.statuses import judging_note, status_text
from bot.texts import general, outcomes, questions
from core.cards import CaseCard, CaseLine
from core.errors import AlreadyDoneError, NotAcceptedError, NotFoundError, StaleCardError
from core.people import Actor
from core.ports import Prompt
from core.regulation.terms import Event
from core.usecases import execution
from core.usecases.office import CaseRef

router = Router(name="photos")

PHOTO = "photo"
CASES_ASKED = 10
GUIDE = "photo_guide"
"""The duty of showing once to every executor how photos are sent."""


@router.callback_query(CaseAct.filter(F.do == Do.PHOTOS))
async def wait_for_photos(query: CallbackQuery, callback_data: CaseAct, actor: Actor,
                          tools: Tools) -> None:
    """«Фото работ»: how to send them; the next files belong to this case."""
    card = await fresh(tools, actor, callback_data.ref)
    sent = await near(query).answer(questions.send_photos(card.number),
                                    reply_markup=call_for_photos(card, tools.camera))
    now, shown_to = tools.office.clock.now(), f"person:{actor.person_id}"
    async with tools.office.work() as work:
        await work.prompts.put(Prompt(
            sent.chat.id, sent.message_id, actor.person_id or 0, PHOTOS, card.id), now)
        first = not await work.routines.done(GUIDE, shown_to)
    if first:
        await show_guide(query)
        async with tools.office.work() as work:
            await work.routines.mark(GUIDE, shown_to, now)


@router.callback_query(Look.filter(F.view == View.HOW_TO_SEND))
async def show_guide(query: CallbackQuery) -> None:
    """How to send a photo as a file, in one picture."""
    from core.photos.guide import guide
    picture = await asyncio.to_thread(guide)
    await near(query).answer_photo(BufferedInputFile(picture, "Фото файлом.png"),
                                   caption=general.GUIDE_CAPTION)


@router.callback_query(CaseAct.filter(F.do == Do.BY_MAIL))
async def by_mail(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                  toast: Toast) -> None:
    """«Прислать мне письмо»: to be answered with what Telegram does not carry."""
    await tools.office.do(actor, CaseRef(callback_data.case), execution.write_to_me)
    toast.text = outcomes.LETTER_TO_SELF
    await near(query).edit_reply_markup()


@router.message(F.document | F.photo)
async def take(message: Message, bot: Bot, actor: Actor, tools: Tools,
               prompt: Prompt | None = None) -> None:
    """A file that came: to which case, then into it; parts of an album share one status."""
    sent = downloads.sent_file(message)
    if sent is None:
        raise NotAcceptedError(general.UNKNOWN_KIND)
    album = await _album(tools, message)
    case_id = await _case_of(message, actor, tools, prompt, album)
    if case_id is None:
        await _ask_which(message, actor, tools, sent, album)
        await _caption(message, None)
        return
    if downloads.beyond_telegram(bot, sent):
        await message.reply(general.FILE_TOO_BIG.format(name=escape(sent.name)),
                            reply_markup=mail_button(case_id))
        return
    await add(bot, tools, actor, case_id, sent)
    await _tell(message, bot, actor, tools, case_id, sent, album)
    await _caption(message, await _card(tools, actor, case_id))


async def _caption(message: Message, card: CaseCard | None) -> None:
    """Words under a photo must not be lost unnoticed: whose turn it is may report with them."""
    if message.caption is None:
        return
    if card is not None and Event.SUBMIT_MATERIALS in card.actions:
        await message.reply(general.CAPTION_MAY_REPORT, reply_markup=caption_as_report(card.id))
    else:
        await message.reply(general.CAPTION_IS_NO_REPORT)


@router.callback_query(CaseAct.filter(F.do == Do.REPORT_CAPTION))
async def report_by_caption(query: CallbackQuery, callback_data: CaseAct, actor: Actor,
                            tools: Tools, toast: Toast) -> None:
    """«Сдать как отчёт»: the caption answers «Отчёт», asked or not."""
    note = near(query)
    caption = note.reply_to_message.caption if note.reply_to_message else None
    if caption is None:
        raise StaleCardError(general.OLD_BUTTON)
    await tools.office.do(actor, CaseRef(callback_data.case), execution.submit_materials, caption)
    async with tools.office.work() as work:
        asked = await work.prompts.find_purpose(note.chat.id, ASK)
    if asked is not None and question_of(asked) is Asks.REPORT:
        await close(tools, asked)
    await show_done(query, tools, actor, callback_data.case, outcomes.REPORTED, toast)


async def add(bot: Bot, tools: Tools, actor: Actor, case_id: int, sent: Sent) -> None:
    """Fetch a file, keep it, then put it into the person's part."""
    kept = await downloads.take(bot, tools.office.files, sent, downloads.PICTURES,
                                general.PHOTO_TYPES)
    await tools.office.do(actor, CaseRef(case_id), execution.add_photo, kept,
                          without_exif=sent.compressed)


async def add_all(bot: Bot, tools: Tools, actor: Actor, case_id: int, files: Sequence[Sent]
                  ) -> list[str]:
    """A deed for each file; one that is refused does not hold up the others. The refusals."""
    refusals = []
    for place, sent in enumerate(files):
        one = replace(actor, source=f"{actor.source}:{place}")
        try:
            await add(bot, tools, one, case_id, sent)
        except AlreadyDoneError:
            continue
        except NotAcceptedError as refusal:
            refusals.append(str(refusal))
    return refusals


async def _album(tools: Tools, message: Message) -> Prompt | None:
    """The status message of the album that this is a part of."""
    if message.media_group_id is None:
        return None
    async with tools.office.work() as work:
        return await work.prompts.find_purpose(message.chat.id, album_purpose(message))


def album_purpose(message: Message) -> str:
    """Under what the status of this submission is kept."""
    return f"album:{message.media_group_id or message.message_id}"


async def _case_of(message: Message, actor: Actor, tools: Tools, prompt: Prompt | None,
                   album: Prompt | None) -> int | None:
    """The album's case, else the card replied to, else «Фото работ», else the only one."""
    if album is not None:
        return album.case_id
    replied = case_replied_to(message, prompt)
    if replied is not None:
        return replied
    if prompt is not None and question_of(prompt) is Asks.REPORT:
        return prompt.case_id
    async with tools.office.work() as work:
        waiting = await work.prompts.find_purpose(message.chat.id, PHOTOS)
    if waiting is not None and waiting.person_id == actor.person_id:
        card = await _card(tools, actor, waiting.case_id or 0)
        if card is not None and Event.ADD_PHOTO in card.actions:
            return card.id
        await close(tools, waiting)
    mine = await _assignments(tools, actor)
    if not mine:
        raise NotFoundError(general.NO_ASSIGNMENT)
    return mine[0].id if len(mine) == 1 else None


async def _card(tools: Tools, actor: Actor, case_id: int) -> CaseCard | None:
    try:
        return await tools.lookups.card(actor, case_id)
    except NotFoundError:
        return None


def case_replied_to(message: Message, prompt: Prompt | None) -> int | None:
    """The case of the card or question that this message replies to."""
    replied = message.reply_to_message
    if replied is None:
        return None
    if prompt is not None and prompt.case_id is not None:
        return prompt.case_id
    markup = replied.reply_markup
    for row in markup.inline_keyboard if markup else []:
        for button in row:
            for kind in (CaseAct, Look):
                if (button.callback_data or "").startswith(f"{kind.__prefix__}:"):
                    return kind.unpack(button.callback_data or "").case
    return None


async def _assignments(tools: Tools, actor: Actor) -> list[CaseLine]:
    """Cases in which this person may add a photo now."""
    lines = await tools.lookups.mine(person_of(actor))
    return [line for line in lines
            if Event.ADD_PHOTO in (await tools.lookups.card(actor, line.id)).actions]


async def _ask_which(message: Message, actor: Actor, tools: Tools, sent: Sent,
                     album: Prompt | None) -> None:
    """Several assignments: the files wait for the person's word, kept by their Telegram ids."""
    if album is None:
        mine = (await _assignments(tools, actor))[:CASES_ASKED]
        asked = await message.answer(general.WHICH_PHOTO_CASE,
                                     reply_markup=lists.which_case(mine))
        album = Prompt(message.chat.id, asked.message_id, actor.person_id or 0,
                       album_purpose(message))
        async with tools.office.work() as work:
            await work.prompts.put(album, tools.office.clock.now())
    waiting = replace(album, facts={**album.facts, f"{len(album.facts):02}": write_sent(sent)})
    async with tools.office.work() as work:
        await work.prompts.update(waiting)


def write_sent(sent: Sent) -> str:
    """A file that waits, as one small value of a Prompt."""
    return "\n".join((sent.file_id, sent.name.replace("\n", " "), str(sent.size),
                      "1" if sent.compressed else ""))


def read_sent(text: str) -> Sent:
    """The file from its small value."""
    file_id, name, size, compressed = text.split("\n")
    return Sent(file_id, name, int(size), bool(compressed))


@router.callback_query(FileHere.filter())
async def belongs(query: CallbackQuery, callback_data: FileHere, bot: Bot, actor: Actor,
                  tools: Tools) -> None:
    """The case is named; everything that waited goes there, and the album's late parts too."""
    asked = near(query)
    async with tools.office.work() as work:
        album = await work.prompts.find(asked.chat.id, asked.message_id)
    if album is None or not album.facts:
        raise StaleCardError(general.OLD_BUTTON)
    files = [read_sent(album.facts[key]) for key in sorted(album.facts)]
    refusals = await add_all(bot, tools, actor, callback_data.case, files)
    async with tools.office.work() as work:
        await work.prompts.update(replace(album, case_id=callback_data.case, facts={}))
    compressed = any(one.compressed for one in files)
    text, markup, judging = await _status(tools, actor, callback_data.case, compressed=compressed)
    shown = await put(query, "\n".join([text, *(escape(one) for one in refusals)]), markup)
    if shown is not None and judging:
        await _note(tools, actor, callback_data.case, shown, compressed=compressed)


async def _status(tools: Tools, actor: Actor, case_id: int, *, compressed: bool
                  ) -> tuple[str, InlineKeyboardMarkup, bool]:
    """The text and button of a status, and whether a photo is still being compared."""
    card = await tools.lookups.card(actor, case_id)
    text, judging = status_text(card, compressed=compressed)
    return text, sending_photos(card.id, again=compressed), judging


async def _tell(message: Message, bot: Bot, actor: Actor, tools: Tools, case_id: int, sent: Sent,
                album: Prompt | None) -> None:
    """One status for a submission: sent for its first part, edited for the others."""
    text, markup, judging = await _status(tools, actor, case_id, compressed=sent.compressed)
    if album is not None:
        await edit(bot, album.chat_id, album.message_id, text, markup)
        return
    status = await message.reply(text, reply_markup=markup)
    if message.media_group_id is not None:
        async with tools.office.work() as work:
            await work.prompts.put(Prompt(
                message.chat.id, status.message_id, actor.person_id or 0,
                album_purpose(message), case_id), tools.office.clock.now())
    if judging:
        await _note(tools, actor, case_id, status, compressed=sent.compressed)


async def announce(bot: Bot, tools: Tools, actor: Actor, case_id: int, chat_id: int) -> None:
    """The status of a shot that came by the camera's page and not by the chat."""
    text, markup, judging = await _status(tools, actor, case_id, compressed=False)
    status = await bot.send_message(chat_id, text, reply_markup=markup)
    if judging:
        await _note(tools, actor, case_id, status, compressed=False)


async def _note(tools: Tools, actor: Actor, case_id: int, status: Message, *, compressed: bool
                ) -> None:
    """The courier finds the status by this when the verdict comes; the verdict may be first."""
    now = tools.office.clock.now()
    async with tools.office.work() as work:
        await work.prompts.put(judging_note(
            status.chat.id, status.message_id, actor.person_id or 0, case_id,
            compressed=compressed), now)
    text, markup, judging = await _status(tools, actor, case_id, compressed=compressed)
    if not judging and status.bot is not None:
        await edit(status.bot, status.chat.id, status.message_id, text, markup)


@router.callback_query(Look.filter(F.view == View.COMPARISONS))
async def comparisons(query: CallbackQuery, callback_data: Look, actor: Actor, tools: Tools,
                      bot: Bot) -> None:
    """«Сравнение фото»: each picture with the verdict, the advice and why it was kept."""
    card = await tools.lookups.card(actor, callback_data.case)
    chat_id = near(query).chat.id
    for part in card.parts:
        for number, photo in enumerate(part.photos, 1):
            if photo.picture is None:
                continue
            file, content = await tools.lookups.file(actor, card.id, photo.picture.sha256)
            await bot.send_photo(chat_id, BufferedInputFile(content, file.name),
                                 caption=cards.comparison(card, part, number))


@router.callback_query(CaseAct.filter(F.do == Do.PHOTO_REMOVE))
async def remove(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                 toast: Toast) -> None:
    """«Убрать»."""
    sha256 = await _photo(tools, actor, callback_data)
    await tools.office.do(actor, CaseRef(callback_data.case), execution.remove_photo, sha256)
    toast.text = outcomes.PHOTO_REMOVED
    card = await tools.lookups.card(actor, callback_data.case)
    await offer(query, tools, cards.photo_list(card), photo_buttons(
        card, card.mine.photos if card.mine else ()))


async def _photo(tools: Tools, actor: Actor, act: CaseAct) -> str:
    """The whole hash of the photo whose beginning the button carries."""
    card = await tools.lookups.card(actor, act.case)
    for photo in card.mine.photos if card.mine else ():
        if any(one.sha256.startswith(act.arg) for one in (photo.file, photo.original) if one):
            return photo.file.sha256
    raise NotFoundError("Этой фотографии уже нет в поручении.")


@router.callback_query(CaseAct.filter(F.do == Do.PHOTO_KEEP))
async def ask_why(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                  ) -> None:
    """«Оставить с объяснением»: why?"""
    sha256 = await _photo(tools, actor, callback_data)
    card = await tools.lookups.card(actor, callback_data.case)
    await ask(tools, actor, near(query), Asks.PHOTO_KEEP, questions.why_keep_photo(card.number),
              ref=CaseRef(card.id), facts={PHOTO: sha256, "card": ""})


@router.message(Asked(Asks.PHOTO_KEEP), F.text)
async def keep(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools) -> None:
    """Kept against the verdict; the approvers see why (R17)."""
    await tools.office.do(actor, CaseRef(prompt.case_id or 0), execution.keep_photo,
                          prompt.facts[PHOTO], message.text or "")
    await answered(message, bot, tools, actor, prompt, outcomes.PHOTO_KEPT)
