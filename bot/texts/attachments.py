"""Scans beside the draft, and photos made lighter (R22)."""

from collections.abc import Sequence
from html import escape

from bot import words
from core.files import FileRef
from core.usecases.attachments import Weight
from core.wordforms import megabytes

TYPES = ("«{name}» не принимается: к ответу прикладывают скан или фотографию — PDF, JPG, PNG, "
         "TIFF (п. 4.6, абз. 6). Отсканируйте документ или сохраните его в PDF.")
REMOVED = "Документ убран из проекта ответа."
LIGHTENED = "Фотографии сжаты."


def wanted(number: str) -> str:
    """For «Приложить скан»."""
    return (f"{escape(number)}: пришлите скан или фотографию документа (PDF, JPG, PNG, TIFF). "
            "Можно несколько сразу, альбомом.")


def attached(number: str, files: Sequence[FileRef]) -> str:
    """What is beside the draft now."""
    lines = [f"{place}. {escape(words.cut(one.name, 100))}, {megabytes(one.size)}"
             for place, one in enumerate(files, 1)]
    return "\n".join([f"📎 <b>{escape(number)}</b>. К проекту ответа приложено:", *lines])


def lightened(number: str, weight: Weight) -> str:
    """How much lighter."""
    if weight.after >= weight.before:
        return (f"{escape(number)}: сжать не удалось, фотографии уже малы. Уберите лишние: вместе "
                f"{megabytes(weight.before)}.")
    return (f"🗜 {escape(number)}: было {megabytes(weight.before)}, стало "
            f"{megabytes(weight.after)}. Размер снимков в точках, дата и место съёмки "
            "сохранены.")
