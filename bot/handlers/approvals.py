"""Approvers: agree in one tap, or say what to mend (4.6¶9-10)."""

from aiogram import Router

from bot.handlers.asking import Asks
from bot.handlers.taps import tap, tap_and_say
from bot.keyboards.callbacks import Do
from bot.texts import outcomes, questions
from core.usecases import approvals

router = Router(name="approvals")

tap(router, Do.APPROVE, approvals.approve, outcomes.APPROVED)
tap_and_say(router, Do.REMARK, Asks.REMARK, questions.what_remark, approvals.remark,
            outcomes.REMARKED)
