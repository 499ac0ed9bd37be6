"""A small office, a case and an act, valid by default: the beginnings of stories."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.calendar import MOSCOW, WorkingCalendar
from core.case import Case, CitizenMessage, born
from core.files import FileRef
from core.inbound import Applicant
from core.notices import NoticeKind
from core.people import Actor, ApprovalRule, Body, Channel, Directory, Person, Route
from core.ports import UnitOfWork
from core.regulation.terms import AnswerKind, BodyKind, Role, State
from core.usecases import approvals, dispatch, execution, resolutions, routing
from core.usecases.office import Act, Rules

CALENDAR = WorkingCalendar.official()
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=MOSCOW)
"""The 23rd of November 2026, a Monday before three ordinary working weeks."""

DESK, DESK_HEAD, CHIEF, OFFICIAL, SIGNATORY, HEAD_OF_DISTRICT, ADMIN = 1, 2, 3, 4, 5, 6, 7
LEAD, LEAD_STAFF, CO, CO_STAFF, CLERK = 10, 11, 12, 13, 14
ROADS_HEAD, STATE_APPROVER, STRANGER = 20, 21, 30
OTHER_OFFICIAL = 31

ADMINISTRATION, ROADS, PARKS, MINISTRY, RAILWAY, UTILITY = 1, 2, 3, 4, 5, 6

ENOUGH = "Яма на проезде заделана, асфальт уложен 25 ноября."


def _person(number: int, name: str, body: int, *offices: Role) -> Person:
    return Person(number, f"p{number}", name, "сотрудник", body, frozenset(offices),
                  telegram_id=1000 + number, email=f"p{number}@example.ru")


def a_directory(**changes: Any) -> Directory:
    """The office: two bodies with their people, a ministry, a railway outside МСЭД."""
    people = [
        _person(DESK, "Деснова Анна Петровна", ADMINISTRATION, Role.DESK),
        _person(DESK_HEAD, "Главина Ольга Ивановна", ADMINISTRATION, Role.DESK_HEAD),
        _person(CHIEF, "Управов Пётр Сергеевич", ADMINISTRATION, Role.CHIEF_OF_STAFF),
        _person(OFFICIAL, "Замов Иван Иванович", ADMINISTRATION, Role.OFFICIAL),
        _person(OTHER_OFFICIAL, "Второв Олег Олегович", ADMINISTRATION, Role.OFFICIAL),
        _person(SIGNATORY, "Подписов Юрий Юрьевич", ADMINISTRATION, Role.SIGNATORY),
        _person(HEAD_OF_DISTRICT, "Главный Виктор Сергеевич", ADMINISTRATION,
                Role.HEAD_OF_DISTRICT),
        _person(ADMIN, "Админов Лев Львович", ADMINISTRATION, Role.ADMIN),
        _person(LEAD, "Дорожный Семён Кузьмич", ROADS),
        _person(LEAD_STAFF, "Мастеров Глеб Глебович", ROADS),
        _person(CO, "Парков Илья Ильич", PARKS),
        _person(CO_STAFF, "Садовая Нина Львовна", PARKS),
        _person(CLERK, "Делова Вера Павловна", ROADS, Role.CLERK),
        _person(ROADS_HEAD, "Начальников Олег Петрович", ROADS, Role.HEAD_OF_BODY),
        _person(STATE_APPROVER, "Министров Игорь Львович", MINISTRY),
        _person(STRANGER, "Чужой Павел Павлович", MINISTRY),
    ]
    bodies = [
        Body(ADMINISTRATION, "adm", "Администрация", BodyKind.DEPARTMENT),
        Body(ROADS, "roads", "Управление дорог", BodyKind.DEPARTMENT),
        Body(PARKS, "parks", "МБУ «Парки»", BodyKind.SUBORDINATE),
        Body(MINISTRY, "min", "Минтранс Московской области", BodyKind.STATE,
             email="min@example.ru"),
        Body(RAILWAY, "rail", "Московская железная дорога", BodyKind.OUTSIDE,
             email="rail@example.ru"),
        Body(UTILITY, "util", "Водоканал", BodyKind.OUTSIDE),
    ]
    usual = Directory(
        people={one.id: one for one in people}, bodies={one.id: one for one in bodies},
        routes=(Route("Дороги", "", OFFICIAL, LEAD, (CO,), SIGNATORY),),
        approvals=(ApprovalRule("", (STATE_APPROVER, ROADS_HEAD)),))
    return replace(usual, **changes)


def a_file(name: str = "photo.jpg", size: int = 1_000_000) -> FileRef:
    """A stored picture; its hash is made of its name."""
    return FileRef(name.ljust(64, "0"), name, "image/jpeg", size)


def a_message(**changes: Any) -> CitizenMessage:
    """A citizen's message about a pothole, with one photo."""
    usual = CitizenMessage(
        portal_number="ДД-1001", text="Во дворе яма, колесо пробито.", category="Дороги",
        topic="Дороги и дворы", place="Мытищи, ул. Мира, 12", files=(a_file("citizen.jpg"),))
    return replace(usual, **changes)


async def kept_case(work: UnitOfWork, message: CitizenMessage, applicant: Applicant, at: datetime
                    ) -> Case:
    """A case in the storage, just arrived."""
    (case,) = await work.cases.add_all([(message, applicant)], at)
    return case


def a_case(message: CitizenMessage | None = None, at: datetime = MONDAY) -> Case:
    """A case that has just arrived."""
    return born(1, "ЕКЖ-2026-000001", message or a_message(), at)


MSED = frozenset({Role.MSED, Role.OPERATOR, Role.CITIZEN})
SYSTEM = frozenset({Role.SYSTEM})
RULES = Rules(msed_address="msed@example.ru", operator_address="operator@example.ru")


@dataclass
class Story:
    """A case and its office through time: ``act`` is what somebody does now."""

    case: Case = field(default_factory=a_case)
    directory: Directory = field(default_factory=a_directory)
    now: datetime = MONDAY
    rules: Rules = RULES
    last: Act | None = None
    _acts: int = 0

    def act(self, person_id: int | None = None, speaks_for: frozenset[Role] = frozenset()) -> Act:
        """An act by a person, or by МСЭД or the program where there is none."""
        self._acts += 1
        person = self.directory.person(person_id) if person_id is not None else None
        channel = Channel.TELEGRAM if person else (
            Channel.MSED if Role.MSED in speaks_for else Channel.SYSTEM)
        actor = Actor(channel, f"test:{self._acts}", person, speaks_for)
        return Act(self.case, actor, self.now, self.directory, CALENDAR, self.rules)

    def done(self, act: Act) -> Case:
        """The act succeeded: its case is the case, a minute passes."""
        self.case, self.last = act.case, act
        self.now += timedelta(minutes=1)
        return act.case

    def later(self, day: int, hour: int = 10, month: int = 11) -> "Story":
        """The same story on that day of 2026."""
        self.now = datetime(2026, month, day, hour, tzinfo=MOSCOW)
        return self

    def told(self, kind: NoticeKind) -> set[int | None]:
        """Whom the last act told of that."""
        assert self.last is not None
        return {notice.person_id for notice, _ in self.last.notices if notice.kind is kind}

    def letters(self) -> list[str]:
        """The addresses outside to which the last act sends something."""
        assert self.last is not None
        return [notice.address for notice, _ in self.last.notices if notice.address]

    def register(self) -> Case:
        """The desk registers; after the third return it is for its head."""
        act = self.act(DESK_HEAD if self.case.state is State.RETURNED_THRICE else DESK)
        routing.register(act)
        return self.done(act)

    def route(self, official_id: int = OFFICIAL) -> Case:
        """The desk routes."""
        act = self.act(DESK)
        routing.route(act, official_id)
        return self.done(act)

    def resolve(self, *tasks: resolutions.Task) -> Case:
        """The official lays a resolution; by default the lead alone."""
        act = self.act(OFFICIAL)
        resolutions.impose(act, tasks or (resolutions.Task(LEAD),))
        return self.done(act)

    def at_work(self, *tasks: resolutions.Task) -> "Story":
        """Registered, routed, resolved and delivered to every executor."""
        self.register()
        self.route()
        self.resolve(*tasks)
        for part in self.case.parts:
            act = self.act(speaks_for=SYSTEM)
            execution.delivered(act, part.key)
            self.done(act)
        return self

    def with_co_executor(self) -> "Story":
        """At work, with a lead and a co-executor."""
        return self.at_work(resolutions.Task(LEAD), resolutions.Task(CO))

    def draft(self, kind: AnswerKind = AnswerKind.SOLVED, until: datetime | None = None,
              text: str = ENOUGH) -> Case:
        """The lead saves a draft."""
        act = self.act(LEAD)
        execution.save_draft(act, kind, text, until.date() if until else None)
        return self.done(act)

    def submit(self) -> Case:
        """The lead hands the draft on."""
        act = self.act(LEAD)
        execution.submit_draft(act)
        return self.done(act)

    def approve(self, *approver_ids: int) -> Case:
        """These approve one after another; by default the whole list."""
        for one in approver_ids or (ROADS_HEAD, STATE_APPROVER):
            act = self.act(one)
            approvals.approve(act)
            self.done(act)
        return self.case

    def sign(self) -> Case:
        """The signatory signs."""
        act = self.act(SIGNATORY)
        approvals.sign(act)
        return self.done(act)

    def confirm(self) -> Case:
        """The desk finds the form right."""
        act = self.act(DESK)
        dispatch.confirm_form(act)
        return self.done(act)

    def dispatch(self) -> Case:
        """The desk sends the answer to the operator."""
        act = self.act(DESK)
        dispatch.dispatch(act)
        return self.done(act)

    def publish(self) -> Case:
        """МСЭД's notice of publication."""
        act = self.act(speaks_for=MSED)
        dispatch.publish(act)
        return self.done(act)

    def answer(self, kind: AnswerKind = AnswerKind.SOLVED, until: datetime | None = None,
               text: str = ENOUGH) -> Case:
        """From the draft to the publication."""
        self.draft(kind, until, text)
        self.submit()
        self.approve()
        self.sign()
        self.confirm()
        self.dispatch()
        return self.publish()
