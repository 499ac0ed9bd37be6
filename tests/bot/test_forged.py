"""Every button there is, pressed with made-up data by somebody without a part in the case (R9).

A client of one's own may send any data, so nothing rests on a button not having been shown.
"""

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.keyboards.callbacks import (
    CaseAct,
    Choice,
    Do,
    FileHere,
    LetterAct,
    LetterDo,
    Look,
    MailAct,
    MailDo,
    Page,
    RowAct,
    RowDo,
    Step,
    View,
)
from bot.keyboards.people import Hand
from bot.keyboards.staff import Keep, KeepAct
from bot.reports import ReportAct, ReportDo
from core.access import card_stamp
from tests.bot import city
from tests.bot.house import House

SECRETS = ("глубокая", "ул. Мира", "MO-1", "Гражданинова", "123-45-67", "Дорохов")


def everything(case: int, stamp: str) -> list[str]:
    """The data of every button about a case, its letters, its mail, the reports, the directory."""
    found: list[CallbackData] = [
        *(CaseAct(do=do, case=case, stamp=stamp, arg=arg)
          for do in Do for arg in ("", "1", f"{city.IDLE}")),
        *(Page(do=do, case=case, stamp=stamp, page=0) for do in Do),
        *(Look(case=case, view=view) for view in View),
        *(Choice(step=step, case=case, arg=city.IDLE) for step in Step),
        *(LetterAct(do=do, letter=1) for do in LetterDo),
        *(MailAct(do=do, mail=1) for do in MailDo),
        *(RowAct(do=do, row=1) for do in RowDo),
        *(ReportAct(do=do, report=1) for do in ReportDo),
        *(KeepAct(do=do, id=city.LEAD) for do in Keep),
        Hand(whom=city.LEAD, to=city.IDLE, sure=True), FileHere(case=case)]
    return [one.pack() for one in found]


async def forged(house: House, person: int, case: int) -> str:
    """All of it pressed by the person; everything the bot said to them."""
    now = await house.case(case)
    known = (await house.tools.lookups.directory()).person(person)
    sender = {"id": city.telegram_id(person), "is_bot": False, "first_name": "И"}
    await house.queue.accept([{
        "update_id": 10_000 * person + number, "callback_query": {
            "id": f"{number}", "chat_instance": "1", "data": data, "from": sender,
            "message": {"message_id": 1, "date": 0,
                        "chat": {"id": sender["id"], "type": "private"}}}}
        for number, data in enumerate(everything(case, card_stamp(now, known)))])
    await house.queue.idle()
    await house.carry()
    return "\n".join(one.text for one in await house[person].messages())


@pytest.mark.parametrize("outsider", [city.IDLE, city.WORKER])
async def test_no_button_moves_or_shows_a_case_to_a_person_without_a_part(
        house: House, outsider: int) -> None:
    case = await house.at_work()
    await house.join(outsider)
    directory = await house.tools.lookups.directory()
    before = await house.case(case.id)
    said = await forged(house, outsider, case.id)
    assert await house.case(case.id) == before
    assert await house.tools.lookups.directory() == directory
    assert [one for one in SECRETS if one in said] == []
