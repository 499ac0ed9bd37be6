"""The program's own font (Latin, Cyrillic, punctuation): no machine has to have one."""

import io
from functools import cache
from importlib.resources import files

from PIL import ImageFont


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at so many pixels."""
    data = files("core.photos").joinpath("DejaVuSans-subset.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)
