"""The whole file of a case leaves as one archive that anybody can open (R50)."""

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.rehearsal import city
from core.bell import Bell
from core.calendar import WorkingCalendar
from core.errors import NotFoundError
from core.inbound import Applicant, Attachment, InboundMail, MailPlace, MessageCard, NewMessage
from core.people import Actor, Channel
from core.photos import samples
from core.regulation.terms import AnswerKind, Role
from core.secret import Secret
from core.usecases import approvals, execution, resolutions, routing
from core.usecases.casefile import CaseFile
from core.usecases.intake import Intake
from core.usecases.letters import Letters
from core.usecases.office import CaseRef, Office, Rules
from core.usecases.papers import Papers
from core.usecases.replies import Replies
from storage.database import Database
from storage.template import open_fresh

MONDAY = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
CONSOLE = Actor(Channel.CONSOLE, "export:1", speaks_for=frozenset({Role.SYSTEM}))


@dataclass(frozen=True)
class FixedClock:
    def now(self) -> datetime:
        return MONDAY


async def _file_of_a_drafted_case(folder: Path, out: Path) -> None:
    database = await open_fresh(folder)
    try:
        await _drafted_and_exported(database, out)
    finally:
        await database.close()


async def _drafted_and_exported(database: Database, out: Path) -> None:
    office = Office(database.work, FixedClock(), WorkingCalendar.official(), Rules(),
                    database.files, Bell(), Secret(b"1" * 32))
    plan = city.plan()
    async with office.work() as work:
        await work.people.import_all(plan.bodies, plan.people, plan.routes, plan.approvals)
        directory = await work.people.directory()
    letters = Letters(office)
    card = MessageCard("777", "Яма <b>у дома</b> 20", category="Дороги", topic="Ямы на дорогах",
                       place="ул. Лётная", applicant=Applicant("Петрова Анна", "8 916 000-00-00"))
    await Intake(office, letters, Replies(office, letters)).accept(InboundMail(
        MailPlace("INBOX", 1, 1), b"Subject: card\r\n\r\nbody", MONDAY, "<1@msed>", "msed@x",
        "Карточка", "текст", NewMessage(card),
        (Attachment("../../фото?.jpg", "image/jpeg", samples.make("before")),)))
    staff = {one.code: one for one in directory.people.values()}

    async def does(code: str, deed: object, *arguments: object) -> None:
        async with office.work() as work:
            case = await work.cases.find("777")
        assert case is not None
        actor = Actor(Channel.TELEGRAM, f"{code}:{deed}:{arguments}", staff[code])
        await office.do(actor, CaseRef(case.id), deed, *arguments)  # type: ignore[arg-type]

    await does("sokolova", routing.register)
    await does("sokolova", routing.route, staff["vetrov"].id)
    await does("vetrov", resolutions.as_proposed)
    await does("kuznetsov", execution.save_draft, AnswerKind.SOLVED,
               "Яма у дома 20 заделана 05.10.2026, покрытие восстановлено.")
    await does("kuznetsov", execution.save_draft, AnswerKind.INTERIM,
               "Яма у дома 20 будет заделана до 20.10.2026.", date(2026, 10, 20))
    await does("kuznetsov", execution.submit_draft)
    await does("romanova", approvals.remark, "Укажите <площадь>.")
    await CaseFile(office, Papers(office)).write(CONSOLE, "777", out)
    with pytest.raises(NotFoundError):
        await CaseFile(office, Papers(office)).write(CONSOLE, "нет такого", out.with_name("x"))
    async with office.work() as work:
        entries = await work.journal.of_case(1)
    assert entries[-1].fact.event == "export"


async def test_everything_that_the_index_names_lies_in_the_archive(tmp_path: Path) -> None:
    out = tmp_path / "дело.zip"
    await _file_of_a_drafted_case(tmp_path / "data", out)
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        page = archive.read("index.html").decode()
    links = {unquote(one) for one in re.findall(r"href='([^']+)'", page)}
    assert links <= names
    assert {one.split("/")[0] for one in names} == {
        "index.html", "journal.json", "documents", "files", "letters"}
    assert any(one.endswith(".pdf") for one in links)
    assert "наложение резолюции" in page


async def test_texts_of_citizens_and_names_of_files_cannot_break_the_archive(
        tmp_path: Path) -> None:
    out = tmp_path / "дело.zip"
    await _file_of_a_drafted_case(tmp_path / "data", out)
    with zipfile.ZipFile(out) as archive:
        page = archive.read("index.html").decode()
        assert all(".." not in name and "?" not in name for name in archive.namelist())
    assert "&lt;b&gt;у дома" in page
    assert "Петрова" not in page
    assert "<h3>Версия 1 (вопрос решён)</h3>" in page
    assert "<h3>Версия 2 (промежуточный ответ, до 20.10.2026)</h3>" in page
    assert "<td>замечание<td>" in page
    assert "<ins> будет</ins> заделана" in page
    assert "покрытие восстановлено.</del><ins> до 20.10.2026.</ins>" in page
    assert "Укажите &lt;площадь&gt;." in page
    assert "http" not in page
