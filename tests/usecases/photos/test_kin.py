"""Messages of different citizens with like photos are shown to the desk (R24)."""

from dataclasses import replace

from core.cards import KinLine
from core.case import Case, CitizenMessage
from core.regulation.terms import State
from core.usecases.lookups import Lookups
from tests import builders as b
from tests.builders import Story
from tests.core.photos.scenes import jpeg, yard
from tests.usecases.photos.desk import BACK, GARAGES, Desk, citizen, cropped

TEXTS = {"ДД-1": "Во дворе яма, колесо пробил.", "ДД-2": "Разбили клумбу, просим убрать машины.",
         "ДД-3": "Снег не чистят вторую неделю."}


async def arrives(desk: Desk, number: str, place: str, photo: bytes) -> Case:
    """A citizen's message with a photo; what can be compared is compared."""
    desk.later()
    file = await desk.house.office.files.put(photo, f"{number}.jpg", "image/jpeg")
    story = Story(now=desk.house.clock.moment)
    story.case = replace(story.case, message=CitizenMessage(
        number, TEXTS[number], "Дороги", topic=number, place=place, files=(file,)),
        state=State.RECEIVED)
    case = await desk.house.keep(story)
    await desk.judge_all()
    return case


async def kin(desk: Desk, case: Case, person: int = b.DESK) -> list[tuple[str, str]]:
    """What is shown beside the message."""
    card = await Lookups(desk.house.office).card(desk.house.actor(person), case.id)

    def said(one: KinLine) -> tuple[str, str]:
        return one.number, one.why

    return list(map(said, card.kin))


async def test_same_exposure_on_another_street_is_shown_and_another_picture_is_not(desk: Desk
                                                                                   ) -> None:
    first = await arrives(desk, "ДД-1", "ул. Мира, 5", citizen())
    second = await arrives(desk, "ДД-2", "у школы", cropped(yard()))
    third = await arrives(desk, "ДД-3", "ул. Мира, 7", citizen(GARAGES))
    assert await kin(desk, second) == [(first.number, "похожая фотография")]
    assert await kin(desk, third) == []
    assert await kin(desk, first) == [], "the earlier one stands alone"


async def test_same_view_of_the_same_house_is_shown(desk: Desk) -> None:
    first = await arrives(desk, "ДД-1", "ул. Мира, 5", citizen())
    second = await arrives(desk, "ДД-2", "Мира, дом 5", jpeg(yard(BACK)))
    elsewhere = await arrives(desk, "ДД-3", "ул. Лесная, 5", jpeg(yard(BACK)))
    assert await kin(desk, second) == [(first.number, "похожая фотография")]
    assert (first.number, "похожая фотография") not in await kin(desk, elsewhere)
