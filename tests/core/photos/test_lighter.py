"""4.6¶6: a photo made lighter shows the same dots and says the same of itself."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageDraw

from core.photos.lighter import LEAST_PSNR, lighter, psnr

PHOTO = Path(__file__).parents[3] / "bot" / "rehearsal" / "after.jpg"


def heavy(kind: str, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A photo as a camera saves it: heavy, with its time, place and a turn of the camera."""
    picture = Image.open(PHOTO).resize(size)
    noise = np.random.default_rng(7).normal(0, 2, (size[1], size[0], 3))
    dots = np.clip(np.asarray(picture, np.float32) + noise, 0, 255).astype(np.uint8)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2026:11:25 12:00:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (55.0, 54.0, 30.0)
    out = io.BytesIO()
    options = {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}
    Image.fromarray(dots).save(out, kind, exif=exif, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_a_heavy_photo_loses_bytes_but_neither_dots_nor_what_it_says(kind: str) -> None:
    before = heavy(kind)
    after = lighter(before)
    assert len(after) < 0.6 * len(before)
    made, was = opened(after), opened(before)
    exif = made.getexif()
    assert made.size == was.size
    # a TIFF is turned upright as it is opened
    assert exif.get(ExifTags.Base.Orientation, 1) == (1 if kind == "TIFF" else 6)
    was.load()
    assert psnr(was, after) >= LEAST_PSNR
    assert exif[ExifTags.Base.DateTime] == "2026:11:25 12:00:00"
    if kind != "TIFF":  # the test's own TIFF has no place in it
        assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] == (55.0, 54.0, 30.0)


def test_a_photo_that_is_light_already_stays_as_it_is() -> None:
    light = PHOTO.read_bytes()
    assert lighter(light) == light


def test_every_page_of_a_scan_stays_a_page_and_loses_no_dot() -> None:
    pages = []
    for number in range(3):
        page = Image.new("1", (1240, 1754), 1)
        ImageDraw.Draw(page).text((100, 100), f"АКТ № {number}", fill=0)
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    made = opened(lighter(out.getvalue()))
    assert getattr(made, "n_frames", 1) == 3
    for number, page in enumerate(pages):
        made.seek(number)
        assert np.array_equal(np.asarray(made.convert("1")), np.asarray(page))
