"""Where a message is about, by the coordinates that the citizen's own photo keeps (R44)."""

from dataclasses import replace

from core.inbound import InboundMail, NewMessage
from core.photos import formats

PLACES_KEPT = 3
"""Decimals of a degree: about a hundred metres, so that no flat is told from its neighbour."""


def located(mail: InboundMail) -> InboundMail:
    """The letter with the place of its first photo that has one; opens files, so in a worker."""
    reading = mail.reading
    if not isinstance(reading, NewMessage) or reading.where is not None:
        return mail
    for one in mail.attachments:
        if formats.media_type(one.content, one.media_type) in formats.PHOTOS:
            from core.photos import exif
            gps = exif.read(one.content).gps
            if gps is not None and gps.usable:
                where = (round(gps.latitude, PLACES_KEPT), round(gps.longitude, PLACES_KEPT))
                return replace(mail, reading=replace(reading, where=where))
    return mail
