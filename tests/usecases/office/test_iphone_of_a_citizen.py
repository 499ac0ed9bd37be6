"""4.6¶2: the citizen's photo of an iPhone, for those whose programs do not open HEIC."""

from io import BytesIO

from PIL import Image

from core.documents.house import BUILT_IN
from core.inbound import Attachment
from core.notices import NoticeKind
from core.usecases.resolutions import Task
from core.usecases.rounds import Rounds
from tests.bot import city
from tests.bot.pictures import heic
from tests.core.documents.opening import pdf_pictures
from tests.usecases.office.house import House

PHOTO = Attachment("IMG_1.HEIC", "image/heic", heic())
BROKEN = Attachment("IMG_2.HEIC", "image/heic", heic()[:400])


async def test_the_executor_gets_it_as_a_jpeg_and_a_broken_one_as_it_came(house: House) -> None:
    case = await house.at_work(None, Task(city.HELPER), attachments=(PHOTO, BROKEN))
    (letter,) = house.email.of(NoticeKind.ASSIGNMENT)
    good, bad = letter.files
    assert (good.name, good.media_type) == ("IMG_1.jpg", "image/jpeg")
    assert Image.open(BytesIO(good.content)).size == (640, 480)
    assert (bad.name, bad.content) == (BROKEN.name, BROKEN.content)
    assert [one.name for one in case.message.photos] == ["IMG_1.HEIC", "IMG_2.HEIC"], (
        "the case keeps what the citizen sent")


async def test_it_stands_on_the_sheet_of_what_the_citizen_wrote(house: House) -> None:
    case = await house.at_work(attachments=(PHOTO,))
    _, sheet = await Rounds(house.office, BUILT_IN).returned(case)
    assert len(pdf_pictures(sheet.content)) == 1
