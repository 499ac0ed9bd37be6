"""Photos made ready for a page: upright, of a sensible size, without metadata."""

import base64
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.documents.errors import BadPictureError
from core.documents.values import Picture

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 150_000_000  # a phone's largest mode is 108 or 200 MP; above this memory is at risk
MAX_SIDE_PX = 1400  # about 200 dpi across the page, 430 dpi in a pair
QUALITY = 85
_FORMATS = ("JPEG", "PNG", "TIFF", "MPO")


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture for the page: JPEG bytes and its size there in millimetres."""

    content: bytes = field(repr=False)
    width_mm: float
    height_mm: float

    def svg(self) -> bytes:
        """The picture inside an SVG: typst takes files from memory only if they are UTF-8."""
        size = f'width="{self.width_mm}mm" height="{self.height_mm}mm"'
        data = base64.b64encode(self.content).decode("ascii")
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
            f'<image {size} href="data:image/jpeg;base64,{data}"/></svg>'
        ).encode("ascii")


def placed(picture: Picture, max_width_mm: float, max_height_mm: float) -> Placed:
    """Turn ``picture`` upright (EXIF), scale it to fit the box and drop its metadata.

    The copy is for the page only; the photo itself goes as a file of its own, untouched.
    Raises BadPictureError naming the file if it cannot be opened.
    """
    # Pillow loads a hundred modules; the bot starts without them.
    from PIL import Image

    name = picture.name or picture.caption or "без имени"
    try:
        with Image.open(io.BytesIO(picture.content), formats=_FORMATS) as opened:
            too_large = opened.width * opened.height > MAX_PIXELS
            flat = Image.new("RGB", (1, 1)) if too_large else _upright(opened)
        saved = io.BytesIO()
        flat.info.clear()  # else Pillow writes the file's own comment into the copy
        flat.save(saved, "JPEG", quality=QUALITY)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        too_large = True
    except Exception as error:  # a decoder raises whatever it stumbles on in a broken file
        raise BadPictureError(
            f"Файл «{name}» не открывается как изображение: "
            "приложите его заново в формате JPG, PNG или TIFF."
        ) from error
    if too_large:
        raise BadPictureError(
            f"Изображение «{name}» слишком большое: "
            f"уменьшите его до {MAX_PIXELS // 1_000_000} мегапикселей или меньше."
        )
    scale = min(max_width_mm / flat.width, max_height_mm / flat.height)
    return Placed(saved.getvalue(), round(flat.width * scale, 2), round(flat.height * scale, 2))


def opens(picture: Picture) -> bool:
    """Whether the picture can be put on a page at all."""
    try:
        placed(picture, 10, 10)
    except BadPictureError:
        return False
    return True


def _upright(opened: "Image.Image") -> "Image.Image":
    """Turned as the camera was held, no larger than a page needs, on white."""
    from PIL import Image, ImageOps

    opened.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
    if upright.mode not in ("RGBA", "LA", "PA", "P"):
        return upright.convert("RGB")
    coloured = upright.convert("RGBA")
    flat = Image.new("RGB", coloured.size, "white")
    flat.paste(coloured, mask=coloured.getchannel("A"))
    return flat
