"""Where a message is about, by the coordinates that its photos keep (R44)."""

from dataclasses import replace

from core.inbound import InboundMail, NewMessage
from core.photos import formats

Where = tuple[float, float]
"""Latitude and longitude, degrees."""
PLACES_KEPT = 3
"""Decimals of a degree: about a hundred metres, so that no flat is told from its neighbour."""


def located(mail: InboundMail) -> InboundMail:
    """The letter with the place of its first photo that has one; opens files, so in a worker."""
    reading = mail.reading
    if not isinstance(reading, NewMessage) or reading.where is not None:
        return mail
    for one in mail.attachments:
        if (where := where_taken(one.content, one.media_type)) is not None:
            return replace(mail, reading=replace(reading, where=where))
    return mail


def where_taken(content: bytes, media_type: str = "") -> Where | None:
    """Where a photo says that it was taken; opens it, so in a worker. None: not said, no photo."""
    if formats.media_type(content, media_type) not in formats.PHOTOS:
        return None
    from core.photos import exif
    gps = exif.read(content).gps
    if gps is None or not gps.usable:
        return None
    return round(gps.latitude, PLACES_KEPT), round(gps.longitude, PLACES_KEPT)
