"""Carries parcels to Telegram: a notice becomes messages, within the limits of the Bot API.

Certainly not sent, perhaps sent and never to be sent are told apart for the outbox.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
)
from aiohttp import ClientConnectorError

from bot import bundle, cards, digest, reports
from bot.handlers.asking import ASSIGNMENT
from bot.keyboards import lists, people, staff
from bot.keyboards.callbacks import Section
from bot.keyboards.case import case_buttons, open_case, photo_buttons
from bot.livecards import Shown, remember
from bot.pace import Pace, patiently
from bot.statuses import bring_up_to_date
from bot.texts import news
from bot.turns import Turns
from core.cards import CaseCard
from core.errors import AssistantError
from core.notices import NoticeKind
from core.outbound import InDoubtError, LetterFile, RefusedError, TryLaterError, UnreachableError
from core.ports import Prompt
from core.reports.book import Report
from core.usecases.office import Office
from core.usecases.parcels import REPORTS, Leaving, Parcel, at_once

log = logging.getLogger(__name__)

ALBUM: Final = 10
CAPTION: Final = 1024
"""Characters of a caption (Bot API, ``sendDocument``); ours, with the markup, are no more."""
PHOTO_BYTES: Final = 10 * 1024 * 1024
FOR_MACHINES: Final = frozenset({"application/xml"})
"""The machine-readable card goes with letters, not to people."""

BRIEF = frozenset({NoticeKind.MATERIALS_ACCEPTED, NoticeKind.DISPATCHED, NoticeKind.PUBLISHED,
                   NoticeKind.LETTER_TO_SIGN, NoticeKind.LETTER_TO_REGISTER,
                   NoticeKind.LETTER_ANSWERED, NoticeKind.LETTER_BOUNCED, NoticeKind.REPLY,
                   NoticeKind.LETTER_SILENT, NoticeKind.UNCLEAR_MAIL, NoticeKind.MAIL_JOINED,
                   NoticeKind.DELIVERY_TROUBLE})
"""These ask nothing of the case itself: a sentence and which case, not the whole card."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a parcel says: files first, then the text with its buttons."""

    text: str
    markup: InlineKeyboardMarkup | None = None
    files: tuple[LetterFile, ...] = ()
    captioned: bool = False
    """The one file carries the text as its caption."""
    head: str | None = None
    """The sentence above a card that is kept up to date; None where there is no such card."""


@dataclass(frozen=True, slots=True)
class TelegramCourier:
    """Implements ``core.usecases.parcels.Courier``."""

    bot: Bot
    office: Office
    pace: Pace
    camera: str = ""
    """The address of the camera's page, where there is one."""
    turns: Turns = field(default_factory=Turns)
    """Shared with the handlers."""

    async def deliver(self, parcel: Parcel, leaving: Leaving = at_once) -> str:
        """Send; returns «chat:message». Raises TryLaterError, RefusedError, InDoubtError."""
        person = parcel.person
        if person is None or person.telegram_id is None:
            raise RefusedError(news.NO_TELEGRAM)
        said = self._word(parcel)
        await self.pace.wait(person.telegram_id)
        await leaving()
        with telling_faults(), patiently():
            message_id = await self._send(person.telegram_id, said)
        if parcel.kind is NoticeKind.ASSIGNMENT and parcel.card is not None:
            prompt = Prompt(person.telegram_id, message_id, person.id, ASSIGNMENT, parcel.card.id)
            async with self.office.work() as work:
                await work.prompts.put(prompt, self.office.clock.now())
        if parcel.card is not None and said.head is not None:
            await self._remember(person.telegram_id, message_id, parcel.card, said, person.id)
        if parcel.kind is NoticeKind.PHOTO_VERDICT and parcel.card is not None:
            await self._update_status(person.telegram_id, parcel.card)
        return f"{person.telegram_id}:{message_id}"

    async def _remember(self, chat_id: int, message_id: int, card: CaseCard, said: Wording,
                        person_id: int) -> None:
        """The notice has been sent, whatever becomes of the cards above it."""
        living = Shown(card, said.text, said.markup, said.head or "")
        try:
            async with self.turns.of(chat_id):
                await remember(self.bot, self.office, living,
                               living.at(chat_id, message_id, person_id))
        except AssistantError as fault:
            log.warning("a card will not be kept up to date: %s", fault)

    async def _update_status(self, chat_id: int, card: CaseCard) -> None:
        """The verdict has been sent, whatever becomes of the line «сравниваю…»."""
        try:
            await bring_up_to_date(self.bot, self.office, chat_id, card)
        except AssistantError as fault:
            log.warning("a status of photos was left as it is: %s", fault)

    def _word(self, parcel: Parcel) -> Wording:
        said = word(parcel, self.office, self.camera)
        if not parcel.repeated:
            return said
        return replace(said, text=news.repeated(said.text))

    async def _send(self, chat_id: int, said: Wording) -> int:
        if said.captioned and said.files and len(said.text) <= CAPTION:
            send = self.bot.send_photo if is_photo(said.files[0]) else self.bot.send_document
            message = await send(
                chat_id, as_input(said.files[0]), caption=said.text, reply_markup=said.markup)
            return message.message_id
        await send_files(self.bot, chat_id, said.files)
        message = await self.bot.send_message(chat_id, said.text, reply_markup=said.markup)
        return message.message_id


def _report(parcel: Parcel, report: Report) -> Wording:
    """A report with its files; a reminder of several names them, each opened by its button."""
    if len(parcel.reports) > 1:
        return Wording(reports.waiting(parcel.reports),
                       InlineKeyboardMarkup(inline_keyboard=reports.latest(parcel.reports)))
    return Wording(reports.notice(parcel.kind, report, parcel.directory),
                   reports.buttons(report, parcel.kind),
                   () if parcel.kind is NoticeKind.REPORT_WAITS else parcel.files)


def word(parcel: Parcel, office: Office, camera: str = "") -> Wording:
    """The words, buttons and files of a parcel. Pure; raises RefusedError for other kinds."""
    card = parcel.card
    if parcel.more:
        together = (parcel, *parcel.more)
        return Wording(bundle.text(together), bundle.buttons(together))
    if parcel.kind is NoticeKind.MY_DAY:
        return Wording(cards.case_list(news.MY_DAY, parcel.lines, 0, news.NOTHING_TODAY),
                       lists.case_list(Section.MINE, parcel.lines, 0))
    if parcel.kind is NoticeKind.DIGEST and parcel.digest is not None:
        return Wording(digest.text(parcel.digest), digest.buttons(parcel.digest), parcel.files,
                       captioned=True)
    if parcel.kind in REPORTS and parcel.report is not None:
        return _report(parcel, parcel.report)
    if parcel.kind is NoticeKind.PHOTO_VERDICT and card is not None:
        return _verdict(parcel, card)
    if parcel.kind not in news.NOTICES:
        raise RefusedError(news.NOT_FOR_TELEGRAM)
    files = tuple(one for one in parcel.files if one.media_type not in FOR_MACHINES)
    head = news.head(parcel.kind, parcel.facts)
    if card is None or parcel.kind in BRIEF:
        text = cards.brief(head, card) if card is not None else head
        return Wording(text, _buttons(parcel), files)
    shown = cards.noticed(head, card, office.calendar.zone)
    markup = case_buttons(card, shortened=shown.shortened, camera=camera)
    return Wording(shown.text, markup, files, head=head)


def _verdict(parcel: Parcel, card: CaseCard) -> Wording:
    sha256 = parcel.facts.get("photo", "")
    photos = [one for one in (card.mine.photos if card.mine else ())
              if one.file.sha256 == sha256]
    return Wording(cards.photo_verdict(card, sha256), photo_buttons(card, photos), parcel.files,
                   captioned=True)


def _buttons(parcel: Parcel) -> InlineKeyboardMarkup | None:
    facts = parcel.facts
    match parcel.kind:
        case NoticeKind.UNCLEAR_MAIL:
            case_id = parcel.card.id if parcel.card is not None else None
            return lists.mail(int(facts["mail"]), case_id)
        case NoticeKind.LEFT_WITHOUT_HANDS:
            return people.heir(int(facts["person"]))
        case NoticeKind.REFERENCE_DATA:
            return staff.body(int(facts["body"]))
        case NoticeKind.STANDING_IN | NoticeKind.BACK_AT_WORK:
            return lists.my_work()
        case NoticeKind.DELIVERY_TROUBLE:
            return lists.delivery(int(facts["row"]))
        case NoticeKind.LETTER_TO_SIGN:
            return lists.letter_scan(int(facts["letter"]))
        case NoticeKind.LETTER_TO_REGISTER:
            return lists.letter_register(int(facts["letter"]))
        case _:
            return (open_case(parcel.card.id)
                    if parcel.card is not None and parcel.may_open else None)


def is_photo(file: LetterFile) -> bool:
    """Whether Telegram shows it as a picture: JPEG or PNG of at most 10 MB."""
    return file.media_type in {"image/jpeg", "image/png"} and len(file.content) <= PHOTO_BYTES


def as_input(file: LetterFile) -> BufferedInputFile:
    """A file for aiogram."""
    return BufferedInputFile(file.content, file.name)


async def send_files(bot: Bot, chat_id: int, files: Sequence[LetterFile]) -> None:
    """Pictures as albums, other files as albums of documents; the two never mix (Bot API)."""
    pictures = [one for one in files if is_photo(one)]
    others = [one for one in files if not is_photo(one)]
    for group, photo in ((pictures, True), (others, False)):
        for place in range(0, len(group), ALBUM):
            part = group[place:place + ALBUM]
            await _send_group(bot, chat_id, part, photo=photo)


async def _send_group(bot: Bot, chat_id: int, files: Sequence[LetterFile], *, photo: bool) -> None:
    if len(files) > 1 and photo:
        try:
            await bot.send_media_group(
                chat_id, [InputMediaPhoto(media=as_input(one)) for one in files])
        except TelegramBadRequest:  # one that Telegram does not show must not hold up the others
            await _send_group(bot, chat_id, files, photo=False)
    elif len(files) > 1:
        await bot.send_media_group(
            chat_id, [InputMediaDocument(media=as_input(one)) for one in files])
    elif photo:
        try:
            await bot.send_photo(chat_id, as_input(files[0]))
        except TelegramBadRequest:
            await bot.send_document(chat_id, as_input(files[0]))
    else:
        await bot.send_document(chat_id, as_input(files[0]))


@contextmanager
def telling_faults() -> Iterator[None]:
    """aiogram's errors as the outbox understands them."""
    try:
        yield
    except TelegramRetryAfter as pause:
        raise TryLaterError(news.SLOW_DOWN, float(pause.retry_after)) from pause
    except (TelegramForbiddenError, TelegramNotFound, TelegramBadRequest) as refusal:
        raise _refused(refusal) from refusal
    except (ClientDecodeError, TelegramServerError, TelegramNetworkError) as fault:
        if certainly_not_sent(fault):
            raise TryLaterError(news.NO_LINE) from fault
        raise InDoubtError(news.MAYBE_SENT) from fault
    except AiogramError as fault:
        raise TryLaterError(news.refused(str(fault))) from fault


def _refused(refusal: TelegramAPIError) -> RefusedError:
    if isinstance(refusal, TelegramForbiddenError):
        return UnreachableError(news.BLOCKED)
    if isinstance(refusal, TelegramNotFound) or "chat not found" in refusal.message:
        return UnreachableError(news.NO_CHAT)
    return RefusedError(news.refused(refusal.message))


def certainly_not_sent(fault: AiogramError) -> bool:
    """No line was made, or Telegram says that it is restarting; a cut line proves nothing."""
    return isinstance(fault, RestartingTelegram) or isinstance(
        fault.__cause__, ClientConnectorError)
