"""Scans beside the draft in the chat, known by their content (4.6¶6)."""

from tests.bot import city
from tests.bot.house import House
from tests.bot.test_findings import drafted
from tests.bot.test_story import ANSWER

PDF, WORD = b"%PDF-1.4 act", b"PK\x03\x04 [Content_Types].xml"


async def test_the_lead_attaches_scans_and_takes_one_back(house: House) -> None:
    case_id = await drafted(house, ANSWER, scan=False)
    await house.press(city.LEAD, "Приложить скан")
    lead = house[city.LEAD]
    await lead.sends([("акт.pdf", PDF), ("наряд.pdf", PDF + b" other")])
    await house.handled()
    shown = await lead.awaits("2. наряд.pdf", since=0)
    assert "1. акт.pdf" in shown.text

    await house.press(city.LEAD, "Приложить скан")
    await lead.sends([("акт.pdf", WORD)])
    await house.handled()
    await lead.awaits("«акт.pdf» не принимается", since=0)

    await house.press(city.LEAD, "Убрать: акт.pdf")
    draft = (await house.case(case_id)).draft
    assert draft is not None
    assert [one.name for one in draft.files] == ["наряд.pdf"]
    await house.press(city.LEAD, "На согласование")
    card = await house[city.APPROVER].awaits("Вам на согласование", since=0)
    assert "К ответу приложено: «наряд.pdf»" in card.text
