"""The citizen's photos in a form that any program opens: an iPhone's HEIC as JPEG (4.6¶2)."""

import asyncio
from pathlib import PurePath

from core.errors import AssistantError
from core.files import FileRef
from core.outbound import LetterFile
from core.photos import formats
from core.usecases.office import Office


async def readable(office: Office, file: FileRef) -> LetterFile:
    """The file as it is kept, or a JPEG made of a HEIC that can be read."""
    kept = LetterFile(file.name, file.media_type, await office.files.get(file))
    if file.media_type != formats.HEIC:
        return kept
    from core.photos.files import to_jpeg
    try:
        jpeg = await asyncio.to_thread(to_jpeg, kept.content)
    except AssistantError:  # a broken file goes as it came
        return kept
    return LetterFile(f"{PurePath(file.name).stem or 'photo'}.jpg", "image/jpeg", jpeg)
