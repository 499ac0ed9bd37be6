"""Photos for the tests, drawn on the spot."""

import io

import numpy as np
from PIL import Image


def photo(
    wide: int = 1600, high: int = 1200, kind: str = "JPEG", mode: str = "RGB", turned: int = 1
) -> bytes:
    """A picture with detail; ``turned`` is the EXIF orientation it claims."""
    grain = np.random.default_rng(wide * high).integers(
        0, 255, (high // 8, wide // 8, 3), np.uint8
    )
    drawn = Image.fromarray(grain).resize((wide, high)).convert(mode)
    plain = Image.new(mode, (wide // 2, high // 4))
    drawn.paste(plain, (0, 0))
    exif = Image.Exif()
    exif[0x0112] = turned
    saved = io.BytesIO()
    drawn.save(saved, kind, exif=exif)
    return saved.getvalue()
