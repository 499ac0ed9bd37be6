"""The bot put together: routers in order, middlewares, errors; and the line to Telegram."""

import asyncio
import gc
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import msgspec
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.dispatcher.event.handler import FilterObject, HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.enums import ParseMode
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    Response,
    SendMessage,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import (
    CallbackQuery,
    InputFile,
    LinkPreviewOptions,
    Message,
    TelegramObject,
    Update,
)
from aiohttp import BytesPayload

from bot import errors
from bot.handlers import (
    absences,
    approval_list,
    approvals,
    assignments,
    attachments,
    desk,
    drafts,
    fallback,
    halves,
    letters,
    mailroom,
    menu,
    own,
    photos,
    reference,
    registers,
    reports,
    resolutions,
    signing,
    staff,
    start,
)
from bot.handlers.tools import Preview, Tools
from bot.middlewares import Acting, Answering
from bot.pace import Pace, Paced

__all__ = ["Preview", "Tools", "build", "connect"]

ORDER = (
    start.router, own.router, absences.router, staff.router,
    reference.router, reports.router, menu.router,
    approval_list.router,  # before who would take what it refuses for a text
    desk.router, resolutions.router, assignments.router, drafts.router, halves.router,
    approvals.router, attachments.router,
    signing.router, letters.router, registers.router, mailroom.router, photos.router,
    menu.search_router, fallback.router, errors.router)
"""Commands before questions, questions before searches, what nobody understood last."""


def build(tools: Tools) -> Dispatcher:
    """The dispatcher: feed it updates by ``bot.updates``."""
    dispatcher = Dispatcher(disable_fsm=True, tools=tools)
    dispatcher.observers["callback_query"] = Presses(dispatcher)
    dispatcher.update.outer_middleware(Answering())
    dispatcher.update.outer_middleware(Acting(tools))
    for router in ORDER:
        _take_over(router, dispatcher)
    return dispatcher


def _take_over(router: Router, dispatcher: Dispatcher) -> None:
    """A desk's handlers become the dispatcher's own: a router belongs to one dispatcher, the
    desks to every one; and to ask twenty routers in turn takes longer than to ask their handlers.
    """
    for name, observer in router.observers.items():
        for handler in observer.handlers:
            for one in handler.filters or ():
                _ask_in_place(one)
        if isinstance(presses := dispatcher.observers[name], Presses):
            presses.take_over(observer.handlers)
        else:
            dispatcher.observers[name].handlers.extend(observer.handlers)


def _ask_in_place(one: FilterObject) -> None:
    """aiogram asks a magic filter in another thread, which takes many times as long as to ask."""
    magic = one.magic
    if magic is None:
        return

    async def ask(event: TelegramObject) -> Any:
        return magic.resolve(event)

    one.callback, one.awaitable = ask, True


class Presses(TelegramEventObserver):
    """The handlers of pressed buttons: only those for that kind of button are asked, in their
    order, and then those for any."""

    def __init__(self, router: Router) -> None:
        super().__init__(router, "callback_query")
        self._kinds: dict[str, TelegramEventObserver] = {}

    def take_over(self, handlers: Iterable[HandlerObject]) -> None:
        """Each to those of its kind."""
        for handler in handlers:
            kinds = [one.callback.callback_data.__prefix__ for one in handler.filters or ()
                     if isinstance(one.callback, CallbackQueryFilter)]
            known = self._kinds.setdefault(
                kinds[0], TelegramEventObserver(self.router, self.event_name)) if kinds else self
            known.handlers.append(handler)

    async def trigger(self, event: TelegramObject, **kwargs: Any) -> Any:
        """See the base class."""
        data = event.data if isinstance(event, CallbackQuery) else None
        known = self._kinds.get((data or "").partition(":")[0])
        if known is not None and (done := await known.trigger(event, **kwargs)) is not UNHANDLED:
            return done
        return await super().trigger(event, **kwargs)


WARM_UP_AFTER = 1.0
"""Seconds; the first updates are asked for before."""


@cache
def _answer_type(returning: Any) -> type[Response[Any]]:
    """The type of an answer, held: pydantic forgets one that nobody holds, and builds it anew."""
    answer: type[Response[Any]] = Response[returning]
    return answer


class Session(AiohttpSession):
    """aiogram's session, with the types of the answers built once, and bodies in JSON.

    A form writes a Russian letter as six signs, JSON in UTF-8 as two bytes; files need the form.
    """

    def build_form_data(self, bot: Bot, method: TelegramMethod[TelegramType]) -> Any:
        """See the base class."""
        files: dict[str, InputFile] = {}
        fields = {}
        for name, value in method.model_dump(warnings=False, exclude_none=True).items():
            prepared = self.prepare_value(value, bot=bot, files=files, _dumps_json=False)
            if prepared is not None and prepared != "":
                fields[name] = prepared
        if files:
            return super().build_form_data(bot, method)
        return BytesPayload(msgspec.json.encode(fields), content_type="application/json")

    def check_response(self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int,
                       content: str) -> Response[TelegramType]:
        """See the base class. What an edit gives back, the message as we have just written it, is
        not taken to pieces."""
        if isinstance(method, EditMessageText) and status_code == HTTPStatus.OK:
            return cast("Response[TelegramType]", _answer_type(bool)(ok=True, result=True))
        _answer_type(method.__returning__)
        return super().check_response(bot, method, status_code, content)


def connect(token: str, pace: Pace, *, api_url: str = "", local: bool = False) -> Bot:
    """The line to Telegram, or to an own Bot API server at ``api_url`` (``local``: files by path).

    ``pace`` is shared with the courier.
    """
    server = TelegramAPIServer.from_base(api_url, is_local=local) if api_url else PRODUCTION
    session = Session(api=server)
    session.middleware(Paced(pace))
    return Bot(token, session=session, default=DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)))


async def warm_up() -> None:
    """Build, one after another, the types that every update needs, while nobody waits for them."""
    await asyncio.sleep(WARM_UP_AFTER)
    for kind in (Update, SendMessage, EditMessageText, AnswerCallbackQuery):
        kind.model_rebuild()
        await asyncio.sleep(0)
    for answer in (bool, Message, Message | bool):
        _answer_type(answer)
        await asyncio.sleep(0)
    gc.freeze()  # what was made so far stays: looking through it for garbage stops all for 0.2 s
