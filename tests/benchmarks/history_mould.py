"""A played course as a mould: the same rows for any day, case and address, quickly.

Every moment of a play lies on a working day counted from its first, so the same play on another
day differs in its dates alone. The rows are written by the storage's own mapping once; then the
dates, ids and texts in them are filled in anew for each case.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from core.calendar import WorkingCalendar
from core.case import CitizenMessage
from core.files import FileRef
from core.letters import Letter
from core.outbound import Delivery
from core.people import Channel
from core.regulation.terms import Event
from storage import cases, documents, journal
from tests.benchmarks import history_city as city
from tests.benchmarks.history_courses import (
    CALENDAR,
    CASE_ID,
    EARLIER,
    LETTER_ID,
    LETTER_NUMBER,
    NUMBER,
    PLACE,
    PORTAL,
    SHA,
    TEXT,
    Course,
    Player,
    play,
)

MONDAY = date(2026, 3, 16)
"""Plays begin here: weeks without a holiday lie ahead."""

_BLANKS = re.compile(
    r"(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)|(?P<day>\d{4}-\d\d-\d\d)"
    rf"|{CASE_ID}|{LETTER_ID}|{SHA}[0-9a-f]|{NUMBER}|{EARLIER}|{PORTAL}|{TEXT}|{PLACE}"
    rf"|{LETTER_NUMBER}")

Key = str | tuple[int, str]
"""What stands in a blank: a word of the case, or a day of the play with a time behind it."""


def _offset(day: date) -> int:
    """Working days since the play's Monday; the evening before it is -1."""
    return -1 if day < MONDAY else CALENDAR.working_days_between(MONDAY, day)


def _key(match: re.Match[str]) -> Key:
    if text := match["moment"] or match["day"]:
        return _offset(date.fromisoformat(text[:10])), text[10:]
    return match[0]


class Text:
    """A text with blanks."""

    __slots__ = ("_keys", "_parts")

    def __init__(self, text: str) -> None:
        self._parts: list[Any] = []
        self._keys: list[tuple[int, Key]] = []
        end = 0
        for match in _BLANKS.finditer(text):
            self._parts += [text[end:match.start()], ""]
            self._keys.append((len(self._parts) - 1, _key(match)))
            end = match.end()
        self._parts.append(text[end:])

    @property
    def constant(self) -> bool:
        """Without a blank."""
        return not self._keys

    def fill(self, words: dict[str, str], day: "Day") -> str:
        """The text of one case."""
        if not self._keys:
            return str(self._parts[0])
        parts = self._parts.copy()
        for place, key in self._keys:
            parts[place] = words[key] if isinstance(key, str) else day[key]
        return "".join(parts)


@lru_cache(100_000)
def text_of(text: str) -> Text:
    """The same text with blanks for the same text: many are."""
    return Text(text)


class Day(dict[tuple[int, str], str]):
    """A working day on which a play begins: dates and moments of that play as they fall."""

    def __init__(self, working: Sequence[date], place: int, kept: Callable[[datetime], Any]
                 ) -> None:
        super().__init__()
        self._working = working
        self._place = place
        self._kept = kept
        self._moments: dict[tuple[int, str], Any] = {}

    def date(self, offset: int) -> date:
        """The date of that day of the play."""
        if offset < 0:
            return self._working[self._place] - timedelta(days=1)
        return self._working[self._place + offset]

    def __missing__(self, key: tuple[int, str]) -> str:
        offset, rest = key
        text = self[key] = f"{self.date(offset).isoformat()}{rest}"
        return text

    def moment(self, key: tuple[int, str]) -> Any:
        """A moment as the database keeps it."""
        if key not in self._moments:
            self._moments[key] = self._kept(datetime.combine(
                self.date(key[0]), time.fromisoformat(key[1][1:-1]), UTC))
        return self._moments[key]


def moment_key(moment: datetime) -> tuple[int, str]:
    """Where a moment of a play lies in it."""
    at = moment.astimezone(UTC)
    return _offset(at.date()), f"T{at:%H:%M:%S}Z"


@dataclass(frozen=True, slots=True)
class FactMould:
    """A fact: its columns, those with blanks apart, and the text that is chained."""

    at: tuple[int, str]
    fixed: dict[str, Any]
    blanks: dict[str, Text]
    canonical: Text


@dataclass(frozen=True, slots=True)
class NoticeMould:
    """A notice that was sent."""

    at: tuple[int, str]
    fixed: dict[str, Any]
    key: Text
    facts: Text


@dataclass(frozen=True, slots=True)
class Mould:
    """All rows that one play leaves behind."""

    received: tuple[int, str]
    registered: tuple[int, str] | None
    fixed: dict[str, Any]
    document: Text
    people: tuple[int, ...]
    numbers: tuple[Text, ...]
    facts: tuple[FactMould, ...]
    notices: tuple[NoticeMould, ...]
    letter: tuple[dict[str, Any], Text, tuple[int, str] | None] | None
    photos: int
    answered: bool


def message(topic: city.Topic, photos: int) -> CitizenMessage:
    """What the citizen wrote, its own words left blank."""
    files = (FileRef(f"{SHA}e".ljust(64, "0"), "1.jpg", "image/jpeg", 1_500_000),)
    return CitizenMessage(PORTAL, TEXT, topic.category, topic.name, PLACE, public=True,
                          files=files if photos else ())


def played(course: Course, topic: city.Topic, body_id: int, lead: int, seed: int,
           until: datetime | None = None, first: date = MONDAY) -> Player:
    """The course played from that day on; without a fact if the end came before the message."""
    player = Player(Random(seed), message(topic, course.photos), first, until)
    return play(player, course, body_id, lead)


def mould_of(player: Player) -> Mould:
    """All that the play left behind, ready to be filled in."""
    case = player.case
    fixed = cases.columns(case)
    for name in ("portal_number_folded", "place_folded", "received_at", "registered_at",
                 "document"):
        del fixed[name]
    return Mould(
        moment_key(case.received_at),
        moment_key(case.registered_at) if case.registered_at else None, fixed,
        Text(documents.write(case)), tuple(sorted(cases.participants(case))),
        tuple(Text(one.portal_number) for one in (case.message, *(
            past.message for past in case.past))),
        tuple(_fact(one) for one in player.facts),
        tuple(_notice(one) for one in player.notices), _letter(player.letter),
        len(player.prints), player.answered > 0)


def _fact(fact: Any) -> FactMould:
    columns = journal.columns(fact)
    canonical = Text(documents.write(columns))
    at = moment_key(columns.pop("at"))
    del columns["case_id"]
    texts = {name: text_of(columns[name]) for name in ("subject", "source", "details")}
    blanks = {name: text for name, text in texts.items() if not text.constant}
    return FactMould(at, columns, blanks, canonical)


def _notice(sent: Any) -> NoticeMould:
    notice, channel, at = sent
    fixed = {
        "kind": notice.kind.value, "channel": channel.value, "wanted_channel": None,
        "person_id": notice.person_id, "address": notice.address, "not_before": None,
        "expires_at": None, "state": Delivery.SENT.value, "attempts": 1, "claimed_until": None,
        "dealt_at": None, "last_error": ""}
    assert channel in {Channel.TELEGRAM, Channel.EMAIL}
    return NoticeMould(moment_key(at), fixed, Text(notice.key),
                       text_of(documents.write(dict(notice.facts))))


def _letter(letter: Letter | None) -> tuple[dict[str, Any], Text, tuple[int, str] | None] | None:
    if letter is None:
        return None
    registered = letter.moment_of(Event.REGISTER_LETTER)
    return ({"version": letter.version, "state": letter.state.value},
            Text(documents.write(letter)), moment_key(registered) if registered else None)


def working_days(calendar: WorkingCalendar, first: date, last: date) -> list[date]:
    """Every working day of [first, last]."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if calendar.is_working(day)]
