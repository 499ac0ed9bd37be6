"""What is remembered of every photo, to notice one that is used again."""

from collections.abc import Sequence

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from core.ports import PhotoKind, PhotoPrint
from storage.records import FingerprintRecord

AT_ONCE = 500
"""Numbers in one question: SQLite takes no more than some thousands of parameters."""


class FingerprintRepository:
    """Implements ``core.ports.Fingerprints``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[FingerprintRecord]:
        return FingerprintRecord.all().using_db(self._client)

    async def add(self, photo: PhotoPrint) -> None:
        """Remember; a photo that is remembered already is passed over in silence."""
        place = {"sha256": photo.sha256, "case_id": photo.case_id, "kind": photo.kind.value}
        if not await self._rows().filter(**place).exists():
            await FingerprintRecord.create(
                fingerprint=photo.fingerprint, using_db=self._client, **place)

    async def after(self, last_id: int, limit: int) -> Sequence[PhotoPrint]:
        """The next ones in the order in which they were added."""
        return await self._read(self._rows().filter(id__gt=last_id).order_by("id").limit(limit))

    async def get(self, ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these ids."""
        return await self._read(self._rows().filter(id__in=list(ids)))

    async def of_cases(self, case_ids: Sequence[int]) -> Sequence[PhotoPrint]:
        """Those of these cases, however many they are."""
        found: list[PhotoPrint] = []
        for first in range(0, len(case_ids), AT_ONCE):
            part = list(case_ids[first:first + AT_ONCE])
            found += await self._read(self._rows().filter(case_id__in=part))
        return found

    async def _read(self, rows: QuerySet[FingerprintRecord]) -> list[PhotoPrint]:
        found = await rows.values_list("sha256", "case_id", "kind", "fingerprint", "id")
        return [PhotoPrint(str(sha256), int(case_id), PhotoKind(kind), bytes(print_), int(number))
                for sha256, case_id, kind, print_, number in found]
