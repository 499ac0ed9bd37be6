"""The bot put together: routers in order, middlewares, errors; and the line to Telegram."""

from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.types import LinkPreviewOptions

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
    desk.router, resolutions.router, assignments.router, drafts.router, approvals.router,
    approval_list.router, attachments.router,
    signing.router, letters.router, registers.router, mailroom.router, photos.router,
    menu.search_router, fallback.router, errors.router)
"""Commands before questions, questions before searches, what nobody understood last."""


def build(tools: Tools) -> Dispatcher:
    """The dispatcher: feed it updates by ``bot.updates``."""
    dispatcher = Dispatcher(disable_fsm=True, tools=tools)
    dispatcher.update.outer_middleware(Answering())
    dispatcher.update.outer_middleware(Acting(tools))
    dispatcher.include_routers(*(_own(router) for router in ORDER))
    return dispatcher


def _own(router: Router) -> Router:
    """A copy of a desk's router: a router belongs to one dispatcher, the desks to every one."""
    copy = Router(name=router.name)
    for name, observer in router.observers.items():
        copy.observers[name].handlers.extend(observer.handlers)
    return copy


def connect(token: str, pace: Pace, *, api_url: str = "", local: bool = False) -> Bot:
    """The line to Telegram, or to an own Bot API server at ``api_url`` (``local``: files by path).

    ``pace`` is shared with the courier.
    """
    server = TelegramAPIServer.from_base(api_url, is_local=local) if api_url else PRODUCTION
    session = AiohttpSession(api=server)
    session.middleware(Paced(pace))
    return Bot(token, session=session, default=DefaultBotProperties(
        parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)))
