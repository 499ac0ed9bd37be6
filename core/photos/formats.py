"""What a file is, by its first bytes, whatever its name says (R22); loads no library."""


def sniff(data: bytes) -> str:
    """Format by the first bytes, ``""`` when nothing known."""
    box = data[4:12]
    if box[:4] == b"ftyp":
        brand = data[8:12]
        if brand in (b"avif", b"avis"):
            return "AVIF"
        if brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"):
            return "HEIC"
        return "видео"
    for start, name in _SIGNATURES:
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return ""


_SIGNATURES = (
    (b"\xff\xd8", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "BigTIFF"),
    (b"MM\x00+", "BigTIFF"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"%PDF-", "PDF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"FUJIFILMCCD-RAW", "RAW"),
)

HEIC = "image/heic"
"""Accepted, and turned into JPEG before it goes anywhere."""

PHOTOS = frozenset({"image/jpeg", "image/png", "image/tiff", HEIC})
"""What an executor may send as a photo of the work (4.6¶6; HEIC is what iPhones make)."""

_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "HEIC": HEIC,
    "AVIF": "image/avif",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "PDF": "application/pdf",
}


SCANS = frozenset({"image/jpeg", "image/png", "image/tiff", "application/pdf"})
"""What may stand beside an answer as a document: a scan or a photo (4.6¶6)."""

NO_PICTURE = "image/x-unknown"
"""Declared to be a picture, but the bytes are none that is known."""
NO_PDF = "application/octet-stream"
"""Declared to be a PDF, but it does not begin as one."""
PDF_STARTS_WITHIN = 1024
"""Some programs write a few bytes before the mark of a PDF."""


def media_type(content: bytes, declared: str = "") -> str:
    """What the bytes are; ``declared`` where they say nothing, unless it says a picture."""
    found = _MEDIA_TYPES.get(sniff(content), "")
    if not found and declared == "application/pdf":
        return declared if b"%PDF-" in content[:PDF_STARTS_WITHIN] else NO_PDF
    return found or (NO_PICTURE if declared.startswith("image/") else declared)
