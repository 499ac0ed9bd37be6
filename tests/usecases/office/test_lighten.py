"""Photos made lighter on request, by who works with them (4.6¶6)."""

from datetime import datetime

import pytest

from core.bell import Bell
from core.errors import MoveNotAllowedError, NotFoundError
from core.inbound import Attachment, PersonReply
from core.notices import NoticeKind
from core.photos.workers import JudgeFailedError, PhotoNotReadError
from core.regulation.terms import State
from core.usecases import execution
from core.usecases.attachments import Attachments
from core.usecases.judging import Judgement
from core.usecases.photos import PhotoDesk
from core.usecases.resolutions import Task
from core.usecases.whereabouts import Where
from tests.bot import city
from tests.usecases.office.house import House

JPEG = b"\xff\xd8\xff\xe0"


class Halving:
    """Half of every photo is enough; one that begins with a dash cannot be read."""

    async def lighter(self, data: bytes) -> bytes:
        if data.endswith(b"-"):
            raise PhotoNotReadError("reject_corrupt", "Файл повреждён.")
        return data[:len(data) // 2]


async def test_heavy_photos_become_lighter_and_the_others_stay(house: House) -> None:
    case = await house.at_work()
    for name, content in (("heavy.jpg", JPEG + b"1" * 600_000), ("light.jpg", JPEG + b"2" * 9),
                          ("broken.jpg", JPEG + b"3" * 600_000 + b"-")):
        file = await house.keep(content, name, "image/jpeg")
        await house.do(city.LEAD, case.id, execution.add_photo, file)
    attachments = Attachments(house.office, Halving())
    weight = await attachments.lighten(await house.actor(city.LEAD), case.id)
    assert (weight.before, weight.after) == (1_200_022, 900_020)
    photos = (await house.case(case.id)).photos
    assert [(one.file.name, one.file.size) for one in photos] == [
        ("heavy.jpg", 300_002), ("light.jpg", 13), ("broken.jpg", 600_005)]
    assert photos[0].original is not None
    assert photos[0].original.size == 600_004
    assert (await house.journal(case.id))[-1].fact.details == {"saved": "300002"}
    with pytest.raises((MoveNotAllowedError, NotFoundError)):
        await attachments.lighten(await house.actor(city.IDLE), case.id)


# Who has no Telegram asks by a word in a letter.

HEAVY = tuple(Attachment(f"{number}.jpg", "image/jpeg", JPEG + bytes([number]) * 18_000_000)
              for number in range(3))
"""54 MB together."""
SAID_YES = "Сжать фотографии, пожалуйста. С уважением, Помощникова"


class Kind:
    """A judge to whom every photo is right; made lighter it is halved."""

    lighter = Halving.lighter

    async def inspect(self, new: bytes, arrived_at: datetime, now: datetime, *,
                      address: Where | None = None) -> Judgement:
        return Judgement("same_angle", 0.9, "")

    compare = fingerprint = to_jpeg = None


class Broken(Kind):
    """Its worker dies of every photo that is to be made lighter."""

    async def lighter(self, data: bytes) -> bytes:
        raise JudgeFailedError


async def letter(house: House, text: str, *attachments: Attachment) -> str:
    """A letter of the lead's who works by mail; what the program answers at once."""
    newest = house.email.carried[-1].token
    await house.intake.accept(house.mail(PersonReply(newest, text), f"p{city.HELPER}@gorod.test",
                                         text=text, attachments=attachments))
    await house.carry()
    return house.email.of(NoticeKind.REPLY)[-1].facts["said"]


def desk(house: House, judge: Kind) -> PhotoDesk:
    return PhotoDesk(house.office, judge, Bell().another(),  # type: ignore[arg-type]
                     attachments=Attachments(house.office, judge))


async def test_too_heavy_photos_that_came_by_letter_are_made_lighter_by_a_word(
    house: House
) -> None:
    case = await house.at_work(None, Task(city.HELPER))
    said = await letter(house, "", *HEAVY)
    assert "вместе занимают 51,5 Мб при допустимых 50 Мб (п. 4.6, абз. 6)" in said
    assert "ответьте на это письмо «Сжать фотографии»" in said
    photos = desk(house, Kind())
    await photos.judge_pending()

    assert "О результате придёт письмо" in await letter(house, SAID_YES)
    assert await photos.judge_pending()
    await house.carry()
    after = house.email.of(NoticeKind.REPLY)[-1].facts["said"]
    assert after.startswith("Фотографии сжаты: было 51,5 Мб, стало 25,7 Мб.")
    case = await house.case(case.id)
    assert sum(one.file.size for one in case.photos) == 27_000_006
    assert [one.verdict for one in case.photos] == ["same_angle"] * 3
    assert case.lighten_for is None
    assert not await photos.judge_pending(), "it is done once"

    said = await letter(house, "Решено: Яма на проезде заделана, асфальт уложен 25 ноября.")
    assert "Проект ответа сохранён" in said
    assert "Проект ответа направлен дальше" in await letter(house, "На согласование")
    assert (await house.case(case.id)).state is State.APPROVING


async def test_what_cannot_be_made_lighter_is_said_by_letter_and_nobody_waits(
    house: House
) -> None:
    case = await house.at_work(None, Task(city.HELPER))
    await letter(house, "", *HEAVY)
    await letter(house, "Сжать")
    photos = desk(house, Broken())
    for _ in range(3):
        await photos.judge_pending()
        house.clock.moment = house.clock.moment.replace(hour=house.clock.moment.hour + 1)
    await house.carry()
    assert "не удалось" in house.email.of(NoticeKind.REPLY)[-1].facts["said"]
    assert (await house.case(case.id)).lighten_for is None


async def test_there_must_be_something_to_make_lighter(house: House) -> None:
    await house.at_work(None, Task(city.HELPER))
    said = await letter(house, "Сжать фото")
    assert said == "Не выполнено. Сжимать нечего: больших фотографий среди приложений нет."
