"""The whole file of a case leaves as one archive that anybody can open (R50)."""

import email
import re
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.rehearsal import city
from core.bell import Bell
from core.calendar import WorkingCalendar
from core.case import CitizenMessage
from core.errors import NotFoundError
from core.inbound import Applicant, Attachment, InboundMail, MailPlace, MessageCard, NewMessage
from core.outbound import OutgoingLetter
from core.people import Actor, Channel
from core.photos import samples
from core.regulation.terms import AnswerKind, Role
from core.secret import Secret
from core.usecases import approvals, dispatch, execution, resolutions, returns, routing
from core.usecases.casefile import CaseFile
from core.usecases.intake import Intake
from core.usecases.letters import Letters
from core.usecases.office import CaseRef, Office, Rules
from core.usecases.papers import Papers
from core.usecases.parcels import Leaving, at_once
from core.usecases.replies import Replies
from mail.carrier import MailCarrier
from mail.composing import as_bytes, compose
from storage.database import Database
from storage.template import open_fresh
from tests.bot import city as town
from tests.usecases.office.house import House, StillClock

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
    assert not any("Возврат" in one for one in links), "nobody has returned anything"
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


class Server:
    """Takes every letter, as the real sender hands it over."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.taken: list[bytes] = []

    async def send(self, letter: OutgoingLetter, leaving: Leaving = at_once) -> None:
        raw = as_bytes(compose(letter, "Ракурс <rakurs@gorod.test>", self.clock.now()))
        await leaving(raw)
        self.taken.append(raw)


async def test_letters_as_they_went_and_drafts_of_every_round_are_in_the_file(
        tmp_path: Path) -> None:
    database = await open_fresh(tmp_path / "data")
    try:
        house = await House.open(database)
        await house.settle_in()
        server = Server(house.clock)
        house.delivery = replace(house.delivery, couriers={
            **house.delivery.couriers, Channel.EMAIL: MailCarrier(server, "gorod.test")})
        case = await house.at_work()
        await house.drafted(case, text="Яма на проезде засыпана щебнем 24 ноября 2026 года.")
        await house.do(town.APPROVER, case.id, approvals.remark, "Щебня мало: уложите асфальт.")
        await house.sent(case)
        await house.carry()
        await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
        await house.office.do(house.msed(), CaseRef(case.id), returns.citizen_return,
                              CitizenMessage("MO-1-2", "Яма осталась."))
        out = tmp_path / "дело.zip"
        await CaseFile(house.office, Papers(house.office)).write(CONSOLE, case.number, out)
    finally:
        await database.close()

    with zipfile.ZipFile(out) as archive:
        page = archive.read("index.html").decode()
        letters = [archive.read(one) for one in archive.namelist() if "исходящее" in one]
    assert sorted(letters) == sorted(server.taken), "byte for byte"
    subjects = [email.message_from_bytes(one, policy=default)["Subject"] for one in letters]
    assert any("Ответ на сообщение" in one for one in subjects)
    sent = page[page.index("Письма, как они ушли"):page.index("Ход дела")]
    assert sent.count("<td>отправлено<td>") == len(letters)
    assert "msed@gorod.test" in sent

    first, second = page.index("Круг 1, версия 1"), page.index("Круг 1, версия 2")
    assert "засыпана щебнем" in page[first:second]
    assert "Щебня мало: уложите асфальт." in page[first:second]
    assert "<ins>" in page[second:]


async def _returned_after_work_and_a_letter(folder: Path, out: Path) -> None:
    database = await open_fresh(folder)
    try:
        house = await House.open(database)
        await house.settle_in()
        case = await house.at_work(town.message(text="Яма у дома 5."), *map(resolutions.Task, (
            town.LEAD, town.HELPER)))
        await house.do(town.HELPER, case.id, execution.submit_materials, "Фонарь <заменён>.")
        await house.do(town.LEAD, case.id, execution.return_materials, 1, "Укажите адрес фонаря.")
        await house.do(town.HELPER, case.id, execution.submit_materials, "Фонарь № 7 заменён.")
        await house.do(town.LEAD, case.id, execution.accept_materials, 1)
        letter = await house.letters.draft(
            await house.actor(town.LEAD), case.id, town.HEAT, "О трубе", "Просим закрыть люк.")
        scan = await house.keep(name="письмо с подписью.pdf")
        await house.letters.signed_by_hand(await house.actor(town.LEAD), letter.id, scan)
        await house.letters.register(await house.actor(town.DESK), letter.id)
        await house.sent(case)
        await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
        await house.office.do(house.msed(), CaseRef(case.id), returns.citizen_return,
                              CitizenMessage("MO-1-2", "Яма осталась."))
        await CaseFile(house.office, Papers(house.office)).write(CONSOLE, case.number, out)
    finally:
        await database.close()


async def test_the_file_reads_from_the_first_message_to_the_last_return(tmp_path: Path) -> None:
    out = tmp_path / "дело.zip"
    await _returned_after_work_and_a_letter(tmp_path / "data", out)
    with zipfile.ZipFile(out) as archive:
        page = archive.read("index.html").decode()
    said = page[page.index("<h2>Сообщение"):page.index("<h2>Документы")]
    assert said.index("Круг 1, 23.11.2026, № MO-1") < said.index("Яма у дома 5.")
    assert said.index("Яма у дома 5.") < said.index("Ответ № ЕКЖ-2026-000001/1 от 23.11.2026")
    assert said.index("(вопрос решён)") < said.index("Круг 2, 23.11.2026, № MO-1-2")
    assert said.index("№ MO-1-2") < said.index("Яма осталась.")


async def test_the_file_tells_who_did_what_and_what_they_reported(tmp_path: Path) -> None:
    out = tmp_path / "дело.zip"
    await _returned_after_work_and_a_letter(tmp_path / "data", out)
    with zipfile.ZipFile(out) as archive:
        page = archive.read("index.html").decode()
    work = page[page.index("<h2>Исполнители"):page.index("<h2>Проекты ответа")]
    assert "Дорохов С.И. (ответственный)" in work
    assert "Светлова А.Ю.<td>" in work
    assert "27.11.2026" in work, "the co-executor's four working days"
    assert "Фонарь № 7 заменён." in work
    assert "Укажите адрес фонаря." in page[page.index("<h2>Ход дела"):]


async def test_the_file_holds_the_letter_to_an_organisation_itself(tmp_path: Path) -> None:
    out = tmp_path / "дело.zip"
    await _returned_after_work_and_a_letter(tmp_path / "data", out)
    with zipfile.ZipFile(out) as archive:
        page = archive.read("index.html").decode()
    letters = page[page.index("<h2>Письма вне МСЭД"):page.index("<h2>Ход дела")]
    assert "АО «Теплосеть»" in letters
    assert "Просим закрыть люк." in letters
    assert "письмо с подписью.pdf</a>" in letters
    assert "регистрация письма 23.11.2026" in letters
