"""The signatory's file in the chat: of this answer, of another, broken (R32)."""

from core.regulation.terms import State
from tests.bot import city
from tests.bot.house import PDF, House
from tests.bot.test_findings import drafted
from tests.bot.test_story import ANSWER
from tests.core.signatures.making import signatory


async def test_the_signatory_sends_the_file_of_the_signature(house: House) -> None:
    await house.join(city.STATE, city.SIGNATORY)
    case_id = await drafted(house, ANSWER)
    await house.press(city.LEAD, "На согласование")
    await house.press(city.APPROVER, "Согласовать")
    await house.press(city.STATE, "Согласовать")
    asked = await house[city.SIGNATORY].awaits("файл подписи присланного документа", since=0)
    assert any("Файл подписи" in label for label in asked.labels)

    owner = signatory()
    await house[city.SIGNATORY].sends([("Ответ.pdf.sig", owner.signs(b"%PDF another"))])
    await house.handled()
    told = await house[city.SIGNATORY].awaits("относится к другому документу", since=0)
    assert "пришлите его файл подписи" in told.text
    assert (await house.case(case_id)).state is State.SIGNING

    await house.press(city.SIGNATORY, "Файл подписи")
    await house[city.SIGNATORY].sends([("подпись.bin", owner.signs(PDF))])
    await house.handled()
    taken = await house[city.SIGNATORY].awaits("подпись принята", since=0)
    assert "Владелец сертификата: Главный Пётр Петрович" in taken.text
    assert "подпись верна и относится к этому документу" in taken.text
    card = await house[city.DESK].awaits("Проверьте оформление", since=0)
    assert "Подписано: Главный Пётр Петрович" in card.text
    assert (await house.case(case_id)).state is State.CHECKING
