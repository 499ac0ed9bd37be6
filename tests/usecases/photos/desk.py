"""Cases with real pictures in the office of ``house``, and the real judge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.ExifTags import GPS, IFD

from bot.judge import Judge
from core.assignment import Photo
from core.bell import Bell
from core.case import Case, CitizenMessage, new_round
from core.photos.samples import Camera, Picture
from core.photos.workers import PhotoJudge
from core.regulation.terms import State
from core.usecases import execution
from core.usecases.office import CaseRef
from core.usecases.photos import PhotoDesk
from core.usecases.resolutions import Task
from tests import builders as b
from tests.builders import Story
from tests.core.photos.scenes import jpeg, yard
from tests.usecases.photos.house import House

BACK = Camera(x=0.5, z=0.3, yaw=2.0, roll=-1.5)
STEADY = Camera(x=0.56, z=0.33, yaw=2.2, roll=-1.4)
"""A hand that came back to where it was."""
GARAGES = 2
"""Another place."""


def citizen(place: int = 1) -> bytes:
    """What the citizen sent of the place."""
    return jpeg(yard(place=place))


def work(camera: Camera = BACK, place: int = 1) -> Picture:
    """The place after the work."""
    return yard(camera, repaired=True, place=place)


def cropped(picture: Picture) -> bytes:
    """The same exposure again, cut on all sides, darker, and saved badly."""
    high, wide = picture.shape[:2]
    part = picture[high // 14:-high // 14, wide // 14:-wide // 14]
    return jpeg(np.clip(part * 0.9, 0, 255).astype(np.uint8), quality=70)


def at_place(content: bytes, latitude: float, longitude: float) -> bytes:
    """The same photo with where it was taken, to the north and east."""
    exif, saved = Image.Exif(), BytesIO()
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (latitude, 0.0, 0.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "E", (longitude, 0.0, 0.0)
    Image.open(BytesIO(content)).save(saved, "JPEG", exif=exif, quality=95)
    return saved.getvalue()


def heic(picture: Picture, model: str = "iPhone") -> bytes:
    """The picture as a phone of Apple's keeps it."""
    import pillow_heif
    exif = Image.Exif()
    exif[0x0110] = model
    made = pillow_heif.from_pillow(Image.fromarray(picture))
    out = BytesIO()
    made.save(out, exif=exif.tobytes())
    return out.getvalue()


@dataclass
class Desk:
    """The photo desk and the people who send it photos."""

    house: House
    photos: PhotoDesk

    async def case(self, *references: bytes, lead: int = b.LEAD, number: str = "ДД-1",
                   duplicate_of: str = "") -> Case:
        """A case at work, with the citizen's photos."""
        files = tuple([await self.house.office.files.put(one, f"{n}.jpg", "image/jpeg")
                       for n, one in enumerate(references)])
        story = Story(now=self.house.clock.moment)
        story.case = replace(story.case, duplicate_of=duplicate_of, message=CitizenMessage(
            number, "Во дворе яма.", "Дороги", files=files))
        return await self.house.keep(story.at_work(Task(lead)))

    async def send(self, case: Case, content: bytes, name: str = "работа.jpg",
                   by: int = b.LEAD, media_type: str = "image/jpeg") -> None:
        """The executor sends a photo."""
        file = await self.house.office.files.put(content, name, media_type)
        await self.house.office.do(self.house.actor(by), CaseRef(case.id), execution.add_photo,
                                   file)
        self.later()

    async def take_back(self, case: Case, by: int = b.LEAD) -> None:
        """The executor removes the only photo."""
        photo = await self.photo(case)
        await self.house.office.do(self.house.actor(by), CaseRef(case.id),
                                   execution.remove_photo, photo.file.sha256)

    async def next_round(self, case: Case) -> Case:
        """The citizen sent it back, and it is at work again."""
        self.later()
        kept = await self.house.case(case.id)
        again = new_round(kept, kept.message, self.house.clock.moment)
        story = Story(case=replace(again, state=State.RECEIVED), now=self.house.clock.moment)
        story.at_work()
        self.house.clock.moment = story.now
        async with self.house.office.work() as work:
            return await work.cases.save(replace(story.case, version=kept.version))

    async def photo(self, case: Case) -> Photo:
        """The only photo of the only part, as it stands."""
        (found,) = (await self.house.case(case.id)).parts[0].photos
        return found

    async def judge_all(self) -> None:
        """Until nothing is left to be done."""
        while await self.photos.judge_pending():
            pass

    async def sent_and_judged(self, case: Case, content: bytes, **how: str) -> Photo:
        """What becomes of a photo."""
        await self.send(case, content, **how)  # type: ignore[arg-type]
        await self.judge_all()
        return await self.photo(case)

    def later(self, minutes: int = 1) -> None:
        """Time passes."""
        self.house.clock.moment += timedelta(minutes=minutes)


@asynccontextmanager
async def a_desk(house: House, *, full: bool = True, seconds: float = 30.0, waiting: int = 100,
                 workers: int = 1) -> AsyncIterator[Desk]:
    """A photo desk with its workers; ``full``: what is kept has been read."""
    async with PhotoJudge(workers, seconds=seconds, waiting=waiting) as judge:
        photos = PhotoDesk(house.office, Judge(judge), Bell().another(), workers)
        if full:
            await photos.memory.fill()
            await photos.judge_pending()
        yield Desk(house, photos)
