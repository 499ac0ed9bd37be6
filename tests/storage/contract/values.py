"""What the contract's tests save and read."""

from datetime import UTC, datetime, timedelta, timezone

from core.case import Case, CitizenMessage
from core.inbound import Applicant
from core.journal import Fact
from core.ports import UnitOfWork
from tests.builders import kept_case

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOSCOW = timezone(timedelta(hours=3))
WHO = Applicant("Сидоров Пётр", "+7 900 000-00-00")


def message(portal_number: str = "ДБ-77", text: str = "Яма у дома") -> CitizenMessage:
    return CitizenMessage(portal_number, text, category="Дороги", place="Улица ЛЕНИНА, 5")


def fact(event: str = "register", case_id: int | None = 1) -> Fact:
    return Fact(at=NOW, subject="case", event=event, actor="Иванова А.П.", channel="telegram",
                source="tg:1", case_id=case_id, details={"куда": "МБУ «Дороги»"})


async def add_case(work: UnitOfWork, portal_number: str = "ДБ-77", at: datetime = NOW) -> Case:
    return await kept_case(work, message(portal_number), WHO, at)
