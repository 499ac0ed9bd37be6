"""The link by which a person joins, and its picture to be shown from a screen."""

from io import BytesIO

from aiogram.types import User

SCALE = 8
"""Pixels of one square: read from a screen at arm's length."""


def link_to(me: User, code: str) -> str:
    """The deep link that opens the bot and sends it the code."""
    return f"https://t.me/{me.username}?start={code}"


def picture_of(link: str) -> bytes:
    """The link as a QR code, PNG."""
    import segno
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=SCALE, border=4)
    return out.getvalue()
