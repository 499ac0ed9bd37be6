"""A fact as the reports read it, and what a fact says of its message so that they can.

Facts written before these details were kept have none; the view of the database completes those
of arrival and return from the case as it stands (``docs/figures.md``).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from core.case import CitizenMessage
from core.regulation.terms import Event

NOTHING: Mapping[str, str] = {}

PHOTO_JUDGED = "photo_judged"
PHOTO_KEPT = "keep_photo"

MESSAGES = (Event.RECEIVE.value, Event.CITIZEN_RETURN.value)
"""Facts by which messages are counted; each says what the message is about."""

COUNTED = (
    *MESSAGES,
    *(one.value for one in (
        Event.REGISTER, Event.REDIRECT, Event.HAND_BACK, Event.IMPOSE_RESOLUTION, Event.DECLINE,
        Event.SUBMIT_MATERIALS, Event.RETURN_MATERIALS, Event.SUBMIT_DRAFT, Event.REMARK,
        Event.SIGN, Event.REFUSE_SIGNATURE, Event.SEND_BACK, Event.DISPATCH, Event.REFUSE,
        Event.PUBLISH, Event.REFER_TO_OPERATOR, Event.REFER_TO_COMMISSION, Event.DECIDE_REWORK,
        Event.CLOSE)),
)
"""The events from which the figures are counted; the others change none of them."""

PHOTOS = (PHOTO_JUDGED, PHOTO_KEPT)
"""Facts about photos of the work; only the monthly report reads them."""

_FLAT = re.compile(r",?\s*(?:кв(?:артира)?|комн(?:ата)?|оф(?:ис)?)\b\.?\s*№?\s*[\w/-]+",
                   re.IGNORECASE)


TELLING = frozenset({*MESSAGES, *PHOTOS, *(one.value for one in (
    Event.DECIDE_REWORK, Event.IMPOSE_RESOLUTION, Event.SUBMIT_DRAFT, Event.DISPATCH))})
"""Facts whose details the figures read."""


class FactRow(msgspec.Struct, frozen=True, gc=False):
    """A line of the journal, without its chain. ``subject`` is ``case`` or ``part:KEY``.

    ``details`` are those of ``TELLING`` facts alone.
    """

    id: int
    at: datetime
    case_id: int
    event: str
    subject: str
    after: str
    actor_id: int | None
    details: Mapping[str, str] = NOTHING


def place_of(text: str) -> str:
    """The place as the reports name it: to the building, never to the flat (4.1)."""
    return " ".join(_FLAT.sub("", text).split()).strip(" ,;")


def subject_of(message: CitizenMessage, where: tuple[float, float] | None = None
               ) -> dict[str, str]:
    """What the facts of arrival and return keep of the message, none of it personal."""
    said = {"topic": message.topic, "category": message.category,
            "place": place_of(message.place)}
    kept = {name: text.strip() for name, text in said.items() if text.strip()}
    return kept | located_at(where)


def located_at(where: tuple[float, float] | None) -> dict[str, str]:
    """What a fact keeps of the place where a photo was taken (latitude, longitude)."""
    return {} if where is None else {"latitude": str(where[0]), "longitude": str(where[1])}


def led_by(people: Iterable[tuple[int, int, date]]) -> dict[str, str]:
    """What the fact of a resolution keeps: executors, their bodies and days, the lead first."""
    listed = list(people)
    return {"people": " ".join(str(person) for person, _, _ in listed),
            "bodies": " ".join(str(body) for _, body, _ in listed),
            "days": " ".join(day.isoformat() for _, _, day in listed)}


class Executor(msgspec.Struct, frozen=True, gc=False):
    """One executor of a resolution, as its fact names him. ``due_on`` None: not noted then."""

    person_id: int
    body_id: int | None
    due_on: date | None


def executors_of(details: Mapping[str, str]) -> tuple[Executor, ...]:
    """The executors that the fact of a resolution names, the lead first."""
    people = details.get("people", "").split()
    bodies = details.get("bodies", "").split()
    days = details.get("days", "").split()
    return tuple(
        Executor(int(person), int(bodies[place]) if place < len(bodies) else None,
                 date.fromisoformat(days[place]) if place < len(days) else None)
        for place, person in enumerate(people))
