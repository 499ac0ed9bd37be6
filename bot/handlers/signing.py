"""The signature, and the desk after it: form, number, operator (4.6¶11, 5¶1)."""

from aiogram import Router

from bot.handlers.asking import Asks
from bot.handlers.taps import tap, tap_and_say
from bot.keyboards.callbacks import Do
from bot.texts import outcomes, questions
from core.usecases import approvals, dispatch

router = Router(name="signing")

tap(router, Do.SIGN, approvals.sign, outcomes.SIGNED)
tap_and_say(router, Do.REFUSE, Asks.REFUSE, questions.why_not_signed, approvals.refuse_signature,
            outcomes.NOT_SIGNED)
tap(router, Do.FORM_OK, dispatch.confirm_form, outcomes.FORM_OK)
tap(router, Do.DISPATCH, dispatch.dispatch, outcomes.DISPATCHED)
tap_and_say(router, Do.SEND_BACK, Asks.SEND_BACK, questions.what_form, dispatch.send_back,
            outcomes.SENT_BACK)
