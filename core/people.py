"""The directory: bodies, people, routes and approval lists (R2), and who is acting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.errors import UnknownPersonError
from core.regulation.limits import EXECUTING_BODIES
from core.regulation.terms import BodyKind, Role


@dataclass(frozen=True, slots=True)
class Body:
    """An organ of the administration, an organisation or an authority."""

    id: int
    code: str
    name: str
    kind: BodyKind
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a person is left in peace, in minutes of the office's day; the same twice: never.

    ``days_off`` adds the days on which the office does not work.
    """

    start: int
    end: int
    days_off: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. ``offices`` are what the person is; a case gives further roles.

    ``stands_for`` are the people away today whose part this person does, each as they are in the
    directory (``core.substitution``). ``blocked`` keeps an inactive person inactive through
    imports. ``quiet`` and ``digest_at`` (a minute of the day) are the person's own wishes, None
    where the office's usual is good enough. ``unreachable_since``: Telegram takes nothing for
    this person since then.
    """

    id: int
    code: str
    name: str
    post: str
    body_id: int
    offices: frozenset[Role] = frozenset()
    telegram_id: int | None = None
    email: str = ""
    active: bool = True
    blocked: bool = False
    quiet: Quiet | None = None
    digest_at: int | None = None
    unreachable_since: datetime | None = None
    stands_for: tuple["Person", ...] = ()

    @property
    def hats(self) -> tuple["Person", ...]:
        """The person, then everyone whose part this person does today: each with own rights."""
        return (self, *self.stands_for)

    @property
    def all_offices(self) -> frozenset[Role]:
        """The offices of all hats."""
        return frozenset(role for hat in self.hats for role in hat.offices)

    @property
    def short_name(self) -> str:
        """«Иванова А.П.»"""
        family, *rest = self.name.split() or [""]
        initials = "".join(f"{word[0]}." for word in rest)
        return f"{family} {initials}".strip()


@dataclass(frozen=True, slots=True)
class Route:
    """A line of the routing table: topic and territory (empty: any) -> who decides, who does."""

    topic: str
    territory: str
    official_id: int
    lead_id: int
    co_executor_ids: tuple[int, ...] = ()
    signatory_id: int | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who approves answers of a category, in order; ЦИОГВ last (4.6¶9, ¶11)."""

    category: str
    approver_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """That a person is away from the first day to the last, and who does his part meanwhile."""

    person_id: int
    substitute_id: int
    first: date
    last: date
    id: int = 0


@dataclass(frozen=True, slots=True)
class Directory:
    """The whole directory as one value; small, read often, changed rarely.

    ``absences`` are those that are not over; ``acting`` says of whom is away today who does his
    part (``core.substitution.on_day``).
    """

    people: dict[int, Person] = field(default_factory=dict)
    bodies: dict[int, Body] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    absences: tuple[Absence, ...] = ()
    acting: Mapping[int, int] = field(default_factory=dict)
    _holding: dict[frozenset[Role], tuple[Person, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False)
    """Who holds which offices, once asked: lists of thousands of cases ask for each of them."""

    def person(self, person_id: int) -> Person:
        """The person of that id; refuses one who is not in the directory."""
        try:
            return self.people[person_id]
        except KeyError:
            raise UnknownPersonError(
                "Такого сотрудника нет в справочнике. Обратитесь к администратору.") from None

    def working(self, person_id: int) -> Person:
        """The same, for giving work to; refuses one who has left."""
        person = self.person(person_id)
        if not person.active:
            raise UnknownPersonError(
                f"{person.short_name} больше не работает с сообщениями. Выберите другого "
                "сотрудника или попросите администратора обновить справочник.")
        return person

    def is_working(self, person_id: int | None) -> bool:
        """Whether that person is in the directory and active."""
        person = self.people.get(person_id) if person_id is not None else None
        return person is not None and person.active

    def body_of(self, person: Person) -> Body | None:
        """The body a person works in."""
        return self.bodies.get(person.body_id)

    def may_execute(self, person: Person) -> bool:
        """Whether a resolution may name this person: not one of ЦИОГВ, of an authority or of an
        organisation that is not the administration's (4.2, 4.3)."""
        body = self.body_of(person)
        return body is None or body.kind in EXECUTING_BODIES

    def holding(self, *offices: Role) -> tuple[Person, ...]:
        """Active people who hold any of these offices, in the order of the directory."""
        wanted = frozenset(offices)
        if wanted not in self._holding:
            self._holding[wanted] = tuple(one for one in self.people.values()
                                          if one.active and wanted & one.offices)
        return self._holding[wanted]

    def to_tell(self, *offices: Role) -> tuple[Person, ...]:
        """Those of them to be told something of their office: each of the present once."""
        return tuple(self.people[one] for one in self.told(
            person.id for person in self.holding(*offices)))

    def names(self, person_ids: Iterable[int]) -> str:
        """«Иванова А.П., Петров С.С.»; someone no longer in the directory is left out."""
        return ", ".join(
            self.people[one].short_name for one in person_ids if one in self.people)

    def names_today(self, person_ids: Iterable[int]) -> str:
        """«Иванова А.П. (замещает Петров С.С.)»: with who does the part of whom is away today."""
        def named(person: Person) -> str:
            deputy = self.people.get(self.acting.get(person.id, 0))
            return (f"{person.short_name} (замещает {deputy.short_name})" if deputy
                    else person.short_name)

        return ", ".join(named(self.people[one]) for one in person_ids if one in self.people)

    def told(self, person_ids: Iterable[int | None]) -> tuple[int, ...]:
        """Those of these people to be told, so that nobody hears the same thing twice.

        Who is away is told through the substitute (``address``), unless he is told already.
        """
        wanted = tuple(dict.fromkeys(one for one in person_ids if one is not None))
        present = [one for one in wanted if one not in self.acting]
        heard, through = set(present), []
        for one in wanted:
            if one in self.acting and self.acting[one] not in heard:
                heard.add(self.acting[one])
                through.append(one)
        return (*present, *through)


class Channel(StrEnum):
    """Through what a person acted."""

    TELEGRAM = "telegram"
    EMAIL = "email"
    MSED = "msed"
    CONSOLE = "console"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and by which incoming thing.

    ``source`` names the update or letter that caused the act (``tg:123``, ``mail:INBOX:1:7``): an
    act is done once for each source, however often the source comes. ``speaks_for`` are the
    outside roles of a letter from МСЭД, which has no person behind it.
    """

    channel: Channel
    source: str
    person: Person | None = None
    speaks_for: frozenset[Role] = frozenset()

    @property
    def name(self) -> str:
        """Who it was, for the journal and the history."""
        if self.person is not None:
            return self.person.short_name
        return "МСЭД" if self.channel is Channel.MSED else "Ракурс"

    @property
    def person_id(self) -> int | None:
        """The person's id, if there is a person."""
        return self.person.id if self.person else None

    @property
    def hat_ids(self) -> frozenset[int]:
        """The person's id and those of everyone whose part the person does today."""
        return frozenset(hat.id for hat in self.person.hats) if self.person else frozenset()


def by_name(name: str, known: Iterable[Person]) -> list[Person]:
    """Those of that family name, and of the initials or names where they are given."""
    plain = _plain(name)
    return [one for one in known if plain and (
        _plain(one.short_name).startswith(plain) or _plain(one.name).startswith(plain))]


def _plain(name: str) -> str:
    return name.casefold().replace("ё", "е").replace(" ", "").replace(".", "")
