"""Small made-up pictures, with and without shooting data."""

from io import BytesIO

from PIL import Image


def picture(colour: str = "#4a7", kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture of one colour; each colour makes other bytes."""
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    return out.getvalue()


def heic(colour: str = "#4a7") -> bytes:
    """The same as a phone of Apple's keeps it."""
    import pillow_heif
    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (640, 480), colour)).save(out)
    return out.getvalue()
