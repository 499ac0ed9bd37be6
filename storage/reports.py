"""The reports of the office: a JSON document for each version, with columns for finding it."""

from collections.abc import Sequence
from dataclasses import replace

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.queryset import QuerySet

from core.errors import NotFoundError, StaleCardError
from core.reports.book import Report, Standing
from storage import documents
from storage.fields import utc
from storage.records import ReportRecord


def columns(report: Report) -> dict[str, object]:
    """What is kept beside the document."""
    return {"routine": report.routine, "period": report.period, "version": report.version,
            "standing": report.standing.value, "made_at": utc(report.made_at),
            "document": documents.write(report)}


class ReportRepository:
    """Implements ``core.ports.ReportBook``."""

    def __init__(self, client: BaseDBAsyncClient) -> None:
        self._client = client

    def _rows(self) -> QuerySet[ReportRecord]:
        return ReportRecord.all().using_db(self._client)

    async def add(self, report: Report) -> Report:
        """Keep a new version (its ``id`` is given here)."""
        record = ReportRecord(**columns(report))
        await record.save(using_db=self._client)
        record.document = documents.write(replace(report, id=record.id))
        await record.save(using_db=self._client, update_fields=["document"])
        return documents.read(record.document, Report)

    async def get(self, report_id: int) -> Report:
        """The version; raises NotFoundError."""
        found = await self._read(self._rows().filter(id=report_id))
        if not found:
            raise NotFoundError("Такого отчёта нет.")
        return found[0]

    async def save(self, report: Report, was: Standing) -> None:
        """Write over it, if it still stands as it ``was``; raises StaleCardError."""
        changed = await self._rows().filter(id=report.id, standing=was.value).update(
            **columns(report))
        if not changed:
            raise StaleCardError("С этим отчётом уже что-то сделано: откройте его заново.")

    async def newest(self, routine: str, period: str) -> Report | None:
        """The newest version of a report."""
        found = await self._read(self._rows().filter(
            routine=routine, period=period).order_by("-version").limit(1))
        return found[0] if found else None

    async def earliest(self, routine: str) -> str:
        """The earliest period of which that routine made a report; empty if of none."""
        first = await self._rows().filter(routine=routine).order_by("period").first().values_list(
            "period", flat=True)
        return str(first or "")

    async def standing(self, *standings: Standing) -> Sequence[Report]:
        """Those that stand so, oldest first."""
        return await self._read(self._rows().filter(
            standing__in=[one.value for one in standings]).order_by("id"))

    async def latest(self, limit: int) -> Sequence[Report]:
        """The newest versions of the latest reports, newest first."""
        return await self._read(self._rows().exclude(
            standing=Standing.REPLACED.value).order_by("-id").limit(limit))

    async def _read(self, rows: QuerySet[ReportRecord]) -> list[Report]:
        return [documents.read(str(text), Report)
                for text in await rows.values_list("document", flat=True)]
