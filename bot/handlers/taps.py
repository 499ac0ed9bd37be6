"""How an act becomes a handler: one tap does it, or one tap asks and the answer does it."""

from collections.abc import Callable

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.asking import Asked, Asks, ask, ref_of
from bot.handlers.showing import answered, fresh, near, show_done
from bot.handlers.tools import Tools
from bot.keyboards.callbacks import CaseAct, Do
from bot.middlewares import Toast
from core.people import Actor
from core.ports import Prompt
from core.usecases.office import Act, CaseRef


def tap(router: Router, do: Do, deed: Callable[[Act], None], said: str) -> None:
    """The button does the deed at once and shows the card as it is then."""
    async def pressed(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                      toast: Toast) -> None:
        await tools.office.do(actor, callback_data.ref, deed)
        await show_done(query, tools, actor, callback_data.case, said, toast)

    router.callback_query.register(pressed, CaseAct.filter(F.do == do))


def tap_choice(router: Router, do: Do, deed: Callable[[Act, int], None], said: str) -> None:
    """As ``tap``, for a button that names a person, body or part by its number."""
    async def pressed(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools,
                      toast: Toast) -> None:
        await tools.office.do(actor, callback_data.ref, deed, int(callback_data.arg))
        await show_done(query, tools, actor, callback_data.case, said, toast)

    router.callback_query.register(pressed, CaseAct.filter((F.do == do) & F.arg))


def tap_and_say(router: Router, do: Do, what: Asks, question: Callable[[str], str],
                deed: Callable[[Act, str], None], said: str, *, binding: bool = True) -> None:
    """The button asks; the text that answers does the deed.

    ``binding``: the act holds only for the case as the card showed it. Not so for long writing,
    during which the person's own part may well move.
    """
    async def pressed(query: CallbackQuery, callback_data: CaseAct, actor: Actor, tools: Tools
                      ) -> None:
        card = await fresh(tools, actor, callback_data.ref)
        ref = callback_data.ref if binding else CaseRef(card.id)
        await ask(tools, actor, near(query), what, question(card.number), ref=ref)

    async def told(message: Message, bot: Bot, prompt: Prompt, actor: Actor, tools: Tools
                   ) -> None:
        await tools.office.do(actor, ref_of(prompt), deed, message.text or "")
        await answered(message, bot, tools, actor, prompt, said)

    router.callback_query.register(pressed, CaseAct.filter(F.do == do))
    router.message.register(told, Asked(what), F.text)
