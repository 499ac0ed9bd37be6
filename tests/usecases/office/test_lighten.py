"""Photos made lighter on request, by who works with them (4.6¶6)."""

import pytest

from core.errors import MoveNotAllowedError, NotFoundError
from core.photos.workers import PhotoNotReadError
from core.usecases import execution
from core.usecases.attachments import Attachments
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
