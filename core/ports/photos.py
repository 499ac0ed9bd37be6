"""What is remembered of the photos of all cases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class PhotoKind(StrEnum):
    """Whose photo it is."""

    CITIZEN = "citizen"
    EXECUTOR = "executor"


@dataclass(frozen=True, slots=True)
class PhotoPrint:
    """What is remembered of one photo of a case: its perceptual fingerprint (160 bytes).

    An executor's photo is remembered once it was compared with all that came before it.
    """

    sha256: str
    case_id: int
    kind: PhotoKind
    fingerprint: bytes = field(repr=False)
    id: int = 0


class Fingerprints(Protocol):
    """The photos of all cases, to notice one that is used again (R17)."""

    async def add(self, photo: PhotoPrint) -> None:
        """Remember; a photo that is remembered already is passed over in silence."""
        ...

    async def after(self, last_id: int, limit: int) -> Sequence[PhotoPrint]:
        """The next ones in the order in which they were added."""
        ...

    async def get(self, ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these ids, in any order."""
        ...

    async def of_cases(self, case_ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these cases."""
        ...
