"""The office's own photos as material for refitting the judge: what people decided of them (R17).

A pair that an answer was approved with is a same angle in people's eyes, whatever the judge said
of it. Photos taken back are not kept, so what is another angle or place a person has to say: their
lines come without a label, with the judge's word beside.
"""

import asyncio
import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from core.assignment import Photo
from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.ports import PhotoKind
from core.regulation.terms import State
from core.usecases.office import Office

PAGE = 500
COLUMNS = ("ref", "new", "label", "scene", "verdict", "override")
LISTING = "pairs.csv"
SAME_ANGLE = "same_angle"

APPROVED = frozenset({
    State.SIGNING, State.CHECKING, State.ANSWER_REGISTERED, State.DISPATCHED, State.PUBLISHED,
    State.CLOSED})
"""Past the approval sheet: the photos of such an answer were seen and let pass."""


@dataclass(frozen=True, slots=True)
class Collected:
    """How many pairs were written, and how many of them bear a label already."""

    pairs: int
    labelled: int


async def collect(office: Office, folder: Path) -> Collected:
    """Write every compared pair of the office with ``pairs.csv``; raises OSError.

    Citizens' photos leave the storage here: the folder is for who may see them.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    pairs = labelled = 0
    with (folder / LISTING).open("w", encoding="utf-8-sig", newline="") as target:
        table = csv.writer(target)
        table.writerow(COLUMNS)
        async for case, photo, reference in _compared(office):
            try:
                names = [await _copied(office, one, folder) for one in (reference, photo.file)]
            except NotFoundError:
                continue
            label = label_of(case, photo)
            table.writerow([*names, label, case.message.place or case.number, photo.verdict,
                            photo.override])
            pairs, labelled = pairs + 1, labelled + bool(label)
    return Collected(pairs, labelled)


def label_of(case: Case, photo: Photo) -> str:
    """``same_angle`` where people let the photo pass as one; else empty."""
    fits = photo.verdict == SAME_ANGLE or bool(photo.override)
    reused = photo.verdict == "reused_photo"  # kept for another reason than its angle
    return SAME_ANGLE if fits and not reused and case.state in APPROVED else ""


async def _compared(office: Office) -> AsyncIterator[tuple[Case, Photo, FileRef]]:
    """Every photo of the work that was compared with the citizen's, in the order of the index."""
    last, seen = 0, set[int]()
    while True:
        async with office.work() as work:
            page = await work.fingerprints.after(last, PAGE)
            ids = dict.fromkeys(one.case_id for one in page if one.kind is PhotoKind.EXECUTOR)
            cases = await work.cases.several([number for number in ids if number not in seen])
        for case in cases:
            for part in case.parts:
                for photo in part.photos:
                    if photo.reference is not None:
                        yield case, photo, photo.reference
        if not page:
            return
        seen |= set(ids)
        last = page[-1].id


async def _copied(office: Office, file: FileRef, folder: Path) -> str:
    """The file under its hash; the name that the listing gives it."""
    name = f"{file.sha256[:20]}{PurePath(file.name).suffix.lower()[:5]}"
    path = folder / name
    await asyncio.to_thread(path.write_bytes, await office.files.get(file))
    return name
