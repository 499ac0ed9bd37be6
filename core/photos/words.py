"""The verdicts in words, for every face: exact, and never an accusation. Loads no library."""

from collections.abc import Mapping

VERDICTS: Mapping[str, str] = {
    "same_angle": "Ракурс совпадает",
    "different_angle": "Другой ракурс",
    "other_place": "Не удаётся узнать место",
    "needs_editing": "Снимок требует правки",
    "reused_photo": "Похоже, этот снимок уже использован",
    "unsure": "Уверенно сравнить не удалось",
    "reject_format": "Формат не подходит",
    "reject_corrupt": "Файл повреждён",
    "reject_not_image": "Это не изображение",
    "reject_too_large": "Снимок слишком большой",
    "reject_too_small": "Снимок слишком маленький",
}
COMPARING = "Сравнивается"


def certainty(share: float) -> str:
    """«99%»: rounded down, since no look at two photos is wholly sure."""
    return f"{int(share * 100 + 1e-6)}%"


def verdict(code: str) -> str:
    """The verdict of that code; an empty one is still to come."""
    return VERDICTS.get(code, COMPARING)
