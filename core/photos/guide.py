"""One picture that shows how to send a photo as a file, so that time and place stay in it.

Made for a telephone: few words, large letters, no side over 1280 px, which Telegram would shrink.
"""

import io
from functools import cache
from math import cos, pi, sin

from PIL import Image, ImageDraw

from core.photos.lettering import font

WIDTH, HEIGHT = 1080, 1280
_INK, _PAPER, _CARD, _MUTED = (28, 30, 33), (241, 244, 247), (255, 255, 255), (98, 104, 112)
_BLUE, _GREEN, _RED, _LINE = (36, 113, 190), (24, 128, 56), (179, 38, 30), (211, 217, 224)
_MARGIN = 48

Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw


@cache
def guide() -> bytes:
    """The picture as PNG."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, WIDTH, 150), fill=_BLUE)
    pen.text((_MARGIN, 20), "Отправляйте фото файлом", fill=_CARD, font=font(58))
    pen.text((_MARGIN, 94), "так в нём останутся время и место съёмки", fill=_CARD,
             font=font(36))
    _clip(pen, 174)
    _tabs(pen, 432)
    _gallery(pen, 690)
    _outcome(pen, 948)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _step(pen: Pen, top: int, number: str, text: str) -> None:
    """A card with its number and what to do."""
    pen.rounded_rectangle((_MARGIN, top, WIDTH - _MARGIN, top + 240), 28, fill=_CARD)
    pen.ellipse((_MARGIN + 28, top + 18, _MARGIN + 92, top + 82), fill=_BLUE)
    pen.text((_MARGIN + 60, top + 50), number, fill=_CARD, font=font(40), anchor="mm")
    pen.text((_MARGIN + 120, top + 50), text, fill=_INK, font=font(42), anchor="lm")


def _clip(pen: Pen, top: int) -> None:
    _step(pen, top, "1", "Нажмите скрепку")
    left, line, right = _MARGIN + 60, top + 114, WIDTH - _MARGIN - 60
    pen.rounded_rectangle((left, line, right, line + 96), 48, fill=_PAPER, outline=_LINE, width=3)
    pen.text((left + 50, line + 48), "Сообщение", fill=_MUTED, font=font(36), anchor="lm")
    _paper_clip(pen, right - 90, line + 48)
    pen.ellipse((right - 138, line, right - 42, line + 96), outline=_RED, width=7)


def _paper_clip(pen: Pen, x: int, y: int) -> None:
    """One wire, bent three times."""
    path = [(x + 16.0, y - 14.0)]
    for centre, end, radius, half in ((x, y + 18, 16, 1), (x - 3, y - 20, 13, -1),
                                      (x, y + 12, 10, 1)):
        path += [(centre + half * radius * cos(pi * step / 12),
                  end + half * radius * sin(pi * step / 12)) for step in range(13)]
    path.append((x + (-10.0), y - 10.0))
    pen.line(path, fill=_INK, width=6, joint="curve")


def _tabs(pen: Pen, top: int) -> None:
    _step(pen, top, "2", "Внизу выберите «Файл»")
    names = (("Галерея", _MUTED), ("Файл", _BLUE), ("Геопозиция", _MUTED))
    wide = (WIDTH - 2 * _MARGIN - 120) // len(names)
    for place, (name, colour) in enumerate(names):
        x, y = _MARGIN + 60 + place * wide + wide // 2, top + 142
        pen.ellipse((x - 42, y - 42, x + 42, y + 42), fill=colour)
        _sheet(pen, x, y) if name == "Файл" else pen.ellipse(
            (x - 14, y - 14, x + 14, y + 14), fill=_CARD)
        pen.text((x, y + 66), name, fill=_INK if name == "Файл" else _MUTED, font=font(32),
                 anchor="mm")
        if name == "Файл":
            pen.rounded_rectangle((x - 120, y - 54, x + 120, y + 90), 30, outline=_RED, width=7)


def _sheet(pen: Pen, x: int, y: int, colour: Colour = _CARD) -> None:
    """A sheet with a bent corner."""
    pen.polygon(((x - 16, y - 24), (x + 6, y - 24), (x + 18, y - 12), (x + 18, y + 24),
                 (x - 16, y + 24)), fill=colour)


def _gallery(pen: Pen, top: int) -> None:
    _step(pen, top, "3", "«Из галереи» — и отметьте снимок")
    left = _MARGIN + 60
    for place in range(5):
        x, y = left + place * 176, top + 100
        _landscape(pen, x, y, 160, 124)
        chosen = place == 1
        pen.ellipse((x + 112, y + 10, x + 150, y + 48), fill=_BLUE if chosen else None,
                    outline=_CARD, width=4)
        if chosen:
            pen.line(((x + 121, y + 29), (x + 129, y + 37), (x + 142, y + 20)), fill=_CARD,
                     width=5, joint="curve")


def _landscape(pen: Pen, x: int, y: int, wide: int, high: int) -> None:
    """A photo of a road, in a few strokes."""
    pen.rectangle((x, y, x + wide, y + high), fill=(176, 206, 230))
    horizon = y + high * 45 // 100
    pen.rectangle((x, horizon, x + wide, y + high), fill=(122, 158, 110))
    middle = x + wide // 2
    pen.polygon(((middle - wide // 24, horizon), (middle + wide // 24, horizon),
                 (x + wide * 85 // 100, y + high), (x + wide * 15 // 100, y + high)),
                fill=(110, 112, 118))
    pen.rectangle((x + wide // 12, y + high // 5, x + wide * 3 // 10, horizon),
                  fill=(205, 170, 140))


def _outcome(pen: Pen, top: int) -> None:
    """What the chat shows: a file is right, a picture is not."""
    half = (WIDTH - 3 * _MARGIN) // 2
    left, right = _MARGIN, 2 * _MARGIN + half
    for x, colour, title in ((left, _GREEN, "Правильно: файл"), (right, _RED, "Неверно: фото")):
        pen.rounded_rectangle((x, top, x + half, top + 306), 28, fill=_CARD, outline=colour,
                              width=5)
        pen.text((x + half // 2, top + 40), title, fill=colour, font=font(38), anchor="mm")
    pen.rounded_rectangle((left + 30, top + 82, left + half - 30, top + 202), 22,
                          fill=(226, 242, 228))
    pen.ellipse((left + 50, top + 98, left + 138, top + 186), fill=_GREEN)
    _sheet(pen, left + 94, top + 142)
    pen.text((left + 158, top + 124), "IMG_2041.jpg", fill=_INK, font=font(32), anchor="lm")
    pen.text((left + 158, top + 166), "3,4 МБ", fill=_MUTED, font=font(30), anchor="lm")
    _landscape(pen, right + 110, top + 70, half - 220, 140)
    for x, first, second in ((left, "время и место", "сохранены"),
                             (right, "Telegram сжал снимок:", "время и место пропали")):
        for line, text in enumerate((first, second)):
            pen.text((x + half // 2, top + 240 + 40 * line), text, fill=_INK, font=font(32),
                     anchor="mm")
