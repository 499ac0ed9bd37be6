"""How messages went: each course is played by the real deeds of the core, act after act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Concatenate, ParamSpec

from core.assignment import Photo
from core.calendar import MOSCOW, WorkingCalendar
from core.case import Case, CitizenMessage, born
from core.files import FileRef
from core.journal import Fact
from core.letters import Letter, form_for
from core.notices import Notice, NoticeKind
from core.people import Actor, Channel
from core.regulation.lifecycle import LETTER_LIFECYCLE
from core.regulation.terms import AnswerKind, Event, LetterState, Role
from core.reports.facts import subject_of
from core.usecases import approvals, dispatch, execution, resolutions, returns, routing
from core.usecases.office import Act, Rules, address
from core.usecases.photos import judged
from core.usecases.resolutions import Task
from tests.benchmarks import history_city as city

P = ParamSpec("P")

CALENDAR = WorkingCalendar.official()
RULES = Rules(msed_address="msed@gorod.test", operator_address="operator@gorod.test")
MSED = frozenset({Role.MSED, Role.OPERATOR, Role.CITIZEN})
SYSTEM = frozenset({Role.SYSTEM})

CASE_ID, LETTER_ID = 918273645, 928273645
"""Stand for the ids until the history gives them."""
NUMBER, EARLIER, PORTAL, TEXT, PLACE, LETTER_NUMBER = (
    "@NUMBER@", "@EARLIER@", "@PORTAL@", "@TEXT@", "@PLACE@", "@LETTER@")
SHA = "fedcba98765"
"""Begins the hash of a photo: eleven digits for the case, the twelfth for the photo."""


@dataclass(frozen=True, slots=True)
class Course:
    """One way of a message through the office; ``weight`` among all, days are working days."""

    weight: float
    drafted: tuple[int, int] = (3, 6)
    signed_after: tuple[int, int] = (1, 2)
    co_executors: int = 0
    delegated: bool = False
    photos: int = 0
    verdict: str = "same_angle"
    kind: AnswerKind = AnswerKind.SOLVED
    trouble: str = ""
    """Who sends the draft back once: ``remark``, ``signature``, ``form``, ``operator``."""
    start: str = ""
    """How it begins: ``redirect``, ``escalate``, ``hand_back``, ``decline``, ``duplicate``."""
    returns: int = 0
    letter: bool = False
    closed: bool = False
    evening: bool = False


COURSES: tuple[Course, ...] = (
    Course(20, photos=1),
    Course(8, photos=2, delegated=True, closed=True),
    Course(8, evening=True, photos=1, closed=True),
    Course(7, co_executors=1, photos=1),
    Course(4, co_executors=2, photos=1, delegated=True, closed=True),
    Course(5, kind=AnswerKind.PLANNED, delegated=True),
    Course(3, kind=AnswerKind.IMPOSSIBLE, closed=True),
    Course(5, photos=1, verdict="different_angle", evening=True),
    Course(6, trouble="remark", photos=1),
    Course(2, trouble="signature"),
    Course(2, trouble="form", closed=True),
    Course(1, trouble="operator"),
    Course(5, drafted=(7, 9), signed_after=(2, 4), photos=1),
    Course(2, drafted=(8, 12), signed_after=(2, 3), delegated=True),
    Course(6, kind=AnswerKind.INTERIM, photos=1),
    Course(4, start="redirect"),
    Course(3, start="decline"),
    Course(1, start="hand_back"),
    Course(2, start="escalate"),
    Course(2, start="duplicate", photos=1),
    Course(3, letter=True),
    Course(4, returns=1, photos=1),
    Course(1, returns=2, photos=1),
    Course(0.4, returns=3),
    Course(0.1, returns=4),
)


class EnoughError(Exception):
    """The next act lies beyond the end of the history."""


@dataclass
class Player:
    """Plays acts on one case at moments of its choice; keeps all that came of them.

    Day 0 is the working day of registration, counted on from ``monday``. ``until`` ends the
    play: (day, local time) of the history's end.
    """

    rng: Random
    message: CitizenMessage
    monday: date
    until: datetime | None = None
    case: Case = field(init=False)
    now: datetime = field(init=False)
    facts: list[Fact] = field(default_factory=list)
    notices: list[tuple[Notice, Channel, datetime]] = field(default_factory=list)
    letter: Letter | None = None
    prints: list[FileRef] = field(default_factory=list)
    answered: int = 0
    _acts: int = 0

    def receive(self, *, evening: bool) -> None:
        """The message comes: in the day, or on the evening before, which may be a day off."""
        day = self.monday - timedelta(days=1) if evening else self.monday
        hour = self.rng.randint(19, 21) if evening else self.rng.randint(7, 9)
        self.now = self._moment(day, hour)
        self._not_beyond()
        self.case = born(CASE_ID, NUMBER, self.message, self.now)
        actor = self._actor(None, MSED)
        self.facts.append(Fact(
            at=self.now, subject="case", event=Event.RECEIVE.value, actor=actor.name,
            channel=actor.channel.value, source=actor.source, case_id=CASE_ID, round=1,
            after=self.case.state.value, clause="2.1¶5", requirement="R1",
            details=subject_of(self.message)))
        for one in city.DESK:
            self._tell(Notice(NoticeKind.NEW_MESSAGE, f"new_message:{CASE_ID}:{one}", one,
                              case_id=CASE_ID))

    def at(self, day: int, hour: int) -> "Player":
        """Go on to that working day, not before that hour; never back."""
        wanted = self._moment(CALENDAR.add_working_days(self.monday, day), hour)
        self.now = max(wanted, self.now + timedelta(seconds=self.rng.randint(40, 400)))
        self._not_beyond()
        return self

    def day(self) -> int:
        """Working days since registration by now."""
        return CALENDAR.working_days_between(self.monday, CALENDAR.local_date(self.now))

    def do(self, who: int | frozenset[Role], deed: Callable[Concatenate[Act, P], None],
           *args: P.args, **kwargs: P.kwargs) -> None:
        """A person, МСЭД or the program acts now; a little time passes."""
        self._not_beyond()
        person_id = who if isinstance(who, int) else None
        actor = self._actor(person_id, frozenset() if isinstance(who, int) else who)
        act = Act(self.case, actor, self.now, city.directory(), CALENDAR, RULES)
        deed(act, *args, **kwargs)
        self.case = replace(act.case, version=self.case.version + 1)
        self.facts += act.facts
        self.notices += [(notice, channel, self.now) for notice, channel in act.notices]
        self.now += timedelta(seconds=self.rng.randint(20, 900))

    def write(self, event: Event, state: LetterState, author_id: int, **changes: object) -> None:
        """A step of the letter outside."""
        self._not_beyond()
        author = city.directory().person(author_id)
        row = next((one for one in LETTER_LIFECYCLE if one.event is event), None)
        before = self.letter.state.value if self.letter else ""
        if self.letter is None:
            form = form_for(city.directory().bodies[city.RAILWAY].kind)
            self.letter = Letter(
                LETTER_ID, 0, CASE_ID, NUMBER, city.RAILWAY, form, "О шуме у путей",
                "Просим проверить состояние ограждения и сообщить о принятых мерах.", author_id,
                author.body_id)
        moved = replace(self.letter, version=self.letter.version + 1, **changes)  # type: ignore[arg-type]
        self.letter = moved.after(event, state, self.now)
        actor = self._actor(author_id, frozenset())
        self.facts.append(Fact(
            at=self.now, subject=f"letter:{LETTER_ID}", event=event.value, actor=actor.name,
            channel=actor.channel.value, source=actor.source, case_id=CASE_ID,
            round=self.case.round, actor_id=author_id, before=before, after=state.value,
            clause=row.clause if row else "5¶3", requirement=row.requirement if row else "R34",
            details={"number": self.letter.number} if self.letter.number else {}))
        self.now += timedelta(seconds=self.rng.randint(60, 900))

    def photograph(self, who: int, key: int, verdict: str) -> None:
        """A photo of the work, judged; one that did not pass is kept with a reason."""
        file = FileRef(f"{SHA}{len(self.prints):x}".ljust(64, "0"), f"фото {len(self.prints)}.jpg",
                       "image/jpeg", self.rng.randint(400_000, 4_000_000))
        self.prints.append(file)
        self.do(who, execution.add_photo, file)
        photo = next(one for one in self.case.part(key).photos if one.file == file)
        self.do(SYSTEM, judged, key, self._judged(photo, verdict))
        if verdict in execution.TO_RETAKE:
            self.do(who, execution.keep_photo, file.sha256, "иначе не подойти: стройка")

    def _judged(self, photo: Photo, verdict: str) -> Photo:
        reference = self.message.files[0] if self.message.files else None
        return replace(photo, verdict=verdict, confidence=0.9, reference=reference)

    def _moment(self, day: date, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, self.rng.randint(0, 59),
                        self.rng.randint(0, 59), tzinfo=MOSCOW)

    def _not_beyond(self) -> None:
        if self.until is not None and self.now > self.until:
            raise EnoughError

    def _actor(self, person_id: int | None, speaks_for: frozenset[Role]) -> Actor:
        self._acts += 1
        if person_id is not None:
            return Actor(Channel.TELEGRAM, f"tg:{CASE_ID}:{self._acts:03}",
                         city.directory().person(person_id))
        if Role.MSED in speaks_for:
            return Actor(Channel.MSED, f"mail:INBOX:1:{CASE_ID}{self._acts:03}",
                         speaks_for=speaks_for)
        return Actor(Channel.SYSTEM, f"auto:{CASE_ID}:{self._acts:03}", speaks_for=speaks_for)

    def _tell(self, notice: Notice) -> None:
        self.notices.append((*address(notice, city.directory()), self.now))


def play(player: Player, course: Course, body_id: int, lead: int) -> Player:
    """The whole course, or as far as the history reaches."""
    try:
        player.receive(evening=course.evening)
        for number in range(course.returns + 1):
            _round(player, course, body_id, lead, player.day() + 1 if number else 0)
            if player.case.state.value == "redirected":
                return player
            if number < course.returns:
                player.at(player.day() + player.rng.randint(1, 6), 11)
                player.do(MSED, returns.citizen_return, replace(
                    player.case.message, text=f"Не решено. {TEXT}",
                    portal_number=f"{PORTAL}-{number + 2}"))
                _third(player)
        if course.closed:
            player.at(player.day() + player.rng.randint(5, 9), 16)
            player.do(city.DESK[0], returns.close)
    except EnoughError:
        pass
    return player


def _third(player: Player) -> None:
    """After the third return: the operator, then the commission, decide on more work."""
    if player.case.returns < 3:
        return
    player.at(player.day() + 1, 15)
    if player.case.returns == 3:
        player.do(city.DESK_HEAD, returns.refer_to_operator)
    else:
        player.do(city.DESK_HEAD, returns.refer_to_commission)
    player.at(player.day() + 4, 11).do(city.DESK_HEAD, returns.decide_rework, "проверить")


def _round(player: Player, course: Course, body_id: int, lead: int, day: int) -> None:
    """From registration to publication."""
    desk, official = player.rng.choice(city.DESK), city.official_of(body_id)
    player.at(day, 10).do(desk, routing.register)
    if course.start == "redirect":
        player.do(desk, routing.redirect, city.SECOND_MINISTRY)
        return
    _route(player, course, desk, official, lead)
    co_executors = _neighbours(body_id, course.co_executors)
    player.at(player.day() + player.rng.randint(0, 1), 11)
    player.do(official, resolutions.impose, [Task(lead), *(Task(one) for one in co_executors)])
    for key in range(len(co_executors) + 1):
        player.do(SYSTEM, execution.delivered, key)
    player.do(lead, execution.accept)
    holder = lead
    if course.delegated:
        holder = city.staff_of(body_id)[2 + lead % (city.STAFF - 2)]
        if holder != lead:
            player.do(lead, execution.delegate, holder)
    _materials(player, co_executors, lead, day)
    _answer(player, course, holder, desk, day)


def _route(player: Player, course: Course, desk: int, official: int, lead: int) -> None:
    """To the official, by the straight way or a crooked one."""
    if course.start == "duplicate":
        player.do(desk, routing.mark_duplicate, EARLIER)
    if course.start == "escalate":
        player.do(desk, routing.escalate)
        player.at(player.day() + player.rng.randint(0, 1), 11)
        player.do(city.CHIEF, routing.route, official)
        return
    player.do(desk, routing.route, official)
    if course.start == "hand_back":
        player.do(official, resolutions.hand_back, "не в моих полномочиях")
        player.do(desk, routing.route, official)
    if course.start == "decline":
        other = city.staff_of(city.BODIES if lead < city.staff_of(city.BODIES)[0] else 2)[3]
        player.do(official, resolutions.impose, [Task(other)])
        player.do(SYSTEM, execution.delivered, 0)
        player.do(other, execution.decline, "ремонт ведёт другой орган")
        player.do(desk, routing.route, official)


def _neighbours(body_id: int, count: int) -> Sequence[int]:
    """Heads of the next bodies, as co-executors."""
    return [city.staff_of((body_id + step) % city.BODIES + 1)[0] for step in range(count)]


def _materials(player: Player, co_executors: Sequence[int], lead: int, day: int) -> None:
    for key, who in enumerate(co_executors, 1):
        player.at(day + 1, 11).do(who, execution.accept)
        player.photograph(who, key, "same_angle")
        player.at(day + player.rng.randint(1, 2), 14)
        player.do(who, execution.submit_materials, "Работы выполнены, фотографии приложены.")
        if player.rng.random() < 0.2:
            player.do(lead, execution.return_materials, key, "добавьте дату")
            player.do(who, execution.submit_materials, "Работы выполнены вчера.")
        player.do(lead, execution.accept_materials, key)


def _answer(player: Player, course: Course, holder: int, desk: int, day: int) -> None:
    """Photos, letters, drafts, approvals, signature, dispatch."""
    drafted = day + player.rng.randint(*course.drafted)
    player.at(drafted, 10)
    for _ in range(course.photos):
        player.photograph(holder, 0, course.verdict)
    if course.letter and player.letter is None:
        _letter(player, holder)
    if course.kind is AnswerKind.INTERIM:
        promised = CALENDAR.add_working_days(player.monday, day + 10)
        _draft(player, course, holder, desk, AnswerKind.INTERIM, promised)
        player.at(day + player.rng.randint(7, 9), 11)
        _draft(player, course, holder, desk, AnswerKind.SOLVED)
        return
    if course.trouble:
        _draft(player, course, holder, desk, course.kind, trouble=course.trouble)
        player.at(player.day() + 1, 10)
    _draft(player, course, holder, desk, course.kind)


def _draft(player: Player, course: Course, holder: int, desk: int, kind: AnswerKind,
           promised_on: date | None = None, trouble: str = "") -> None:
    """One version of the draft on its way, to publication or to where it is sent back."""
    text = (f"По Вашему сообщению ({PLACE}) проведена проверка, работы выполнены в полном объёме "
            "и приняты. Фотографии прилагаются.")
    player.do(holder, execution.save_draft, kind, text, promised_on)
    player.do(holder, execution.submit_draft)
    player.answered += 1
    if player.case.sheet is None and trouble == "remark":
        trouble = "form"
    if player.case.sheet is not None:
        first, second = (step.approver_id for step in player.case.sheet.steps)
        player.do(first, approvals.approve)
        if trouble == "remark":
            player.do(second, approvals.remark, "укажите дату окончания работ")
            return
        player.at(player.day() + player.rng.randint(0, 1), 11).do(second, approvals.approve)
    player.at(player.day() + player.rng.randint(*course.signed_after) - 1, 12)
    signatory = player.case.signatory_id or city.SIGNATORIES[0]
    if trouble == "signature":
        player.do(signatory, approvals.refuse_signature, "неточный адрес")
        return
    player.do(signatory, approvals.sign)
    if trouble == "form":
        player.do(desk, dispatch.send_back, "нет номера приложения")
        return
    player.at(player.day() + player.rng.randint(0, 1), 15).do(desk, dispatch.confirm_form)
    if player.rng.random() < 0.3:
        player.at(player.day() + 1, 9)
    player.do(desk, dispatch.dispatch)
    if trouble == "operator":
        player.do(MSED, dispatch.refuse, "не открывается вложение")
        return
    player.do(MSED, dispatch.acknowledge, f"ЕС-{NUMBER}")
    player.at(player.day() + 1, 10).do(MSED, dispatch.publish)


def _letter(player: Player, author: int) -> None:
    """A letter to the railway, answered one time in three."""
    scan = FileRef(f"{SHA}f".ljust(64, "0"), "письмо.pdf", "application/pdf", 200_000)
    player.write(Event.DRAFT_LETTER, LetterState.DRAFTED, author)
    player.write(Event.SIGN_BY_HAND, LetterState.HAND_SIGNED, author, scan=scan)
    player.write(Event.REGISTER_LETTER, LetterState.REGISTERED, city.DESK[0],
                 number=LETTER_NUMBER, registered_by_id=city.DESK[0])
    player.write(Event.SEND_LETTER, LetterState.SENT, city.DESK[0])
    if player.rng.random() < 0.3:
        player.at(player.day() + 2, 12)
        player.write(Event.LETTER_ANSWERED, LetterState.ANSWERED, city.DESK[0],
                     answer="Ограждение проверено и отремонтировано.")
