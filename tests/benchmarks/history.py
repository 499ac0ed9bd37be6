"""A city's history for measurements: a year is 100,000 messages with winter peaks, 40 bodies, 400
executors; every state, returns, reworks, interim answers, letters, photos with their verdicts.

``python tests/benchmarks/history.py --cases 100000 FOLDER`` makes ``FOLDER/rakurs.db``; with
``--postgres URL`` an empty PostgreSQL database is filled instead. The history ends at ``NOW``; the
last year is always as busy, so a longer history has no more open cases than a short one. Each
course is played by the real deeds of the core and written by the storage's own mapping
(``history_courses``, ``history_mould``); the journal's chain holds.
"""

import argparse
import asyncio
import hashlib
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.calendar import FIRST_OFFICIAL_YEAR, MOSCOW  # noqa: E402
from core.outbound import Delivery  # noqa: E402
from core.photos.reuse import CROPS  # noqa: E402
from core.places import read_place  # noqa: E402
from core.regulation.terms import Event  # noqa: E402
from storage import cases, documents, journal  # noqa: E402
from storage import records as r  # noqa: E402
from storage.database import is_postgres, open_database  # noqa: E402
from storage.people import REVISION  # noqa: E402
from storage.places import place_folded  # noqa: E402
from storage.template import open_fresh  # noqa: E402
from tests.benchmarks import history_city as city  # noqa: E402
from tests.benchmarks import history_courses as courses  # noqa: E402
from tests.benchmarks.history_courses import Player  # noqa: E402
from tests.benchmarks.history_mould import (  # noqa: E402
    MONDAY,
    Day,
    Mould,
    mould_of,
    played,
    working_days,
)
from tests.benchmarks.history_tables import (  # noqa: E402
    Pages,
    PostgresTables,
    SqliteTables,
    Tables,
)

NOW = datetime(2026, 1, 27, 10, 0, tzinfo=MOSCOW)
"""The end of the history: a Tuesday of the winter's peak, after the morning's digest."""
A_YEAR = 100_000
SEASON = (1.5, 1.4, 1.2, 0.9, 0.8, 0.8, 0.7, 0.7, 0.85, 0.95, 1.2, 1.6)
WINTER = frozenset({11, 12, 1, 2, 3})
AHEAD = timedelta(days=200)
"""Known working days after the end: the longest course reaches no farther."""

Bucket = list[tuple[str, dict[str, Any], str]]


def rhythm(total: int, days: list[date], a_year: int) -> list[int]:
    """How many messages each of these working days brings, ``total`` together."""
    weights = [SEASON[day.month - 1] * (1.3 if day.weekday() == 0 else 0.95) for day in days]
    year = [n for n, day in enumerate(days) if day > days[-1] - timedelta(days=365)]
    rate = a_year / sum(weights[n] for n in year)
    lately = sum(round(weights[n] * rate) for n in year)
    before = sum(weights[:year[0]])
    earlier = max(rate, (total - lately) / before) if before and total > lately else rate
    left, counts = total, [0] * len(days)
    for n in reversed(range(len(days))):
        wanted = round(weights[n] * (rate if n >= year[0] else earlier))
        counts[n] = min(wanted, left)
        left -= counts[n]
    counts[0] += left
    return counts


@dataclass
class History:
    """Makes the cases of each day and writes what they left behind in the order of time."""

    tables: Tables
    seed: int = 1
    a_year: int = A_YEAR

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.pages = Pages(self.tables)
        self.moulds: dict[tuple[tuple[int, int, int, int], int | None], Mould | None] = {}
        self.lengths: dict[tuple[int, int, int, int], int] = {}
        self.weights = [one.weight for one in courses.COURSES]
        self.facts: dict[str, Bucket] = defaultdict(list)
        self.notices: dict[str, Bucket] = defaultdict(list)
        self.sequences: dict[int, int] = defaultdict(int)
        self.letters: dict[int, int] = defaultdict(int)
        self.entry, self.digest = 0, journal.BEGINNING
        self.earlier, self.last_source = "ЕКЖ-2018-000001", ""
        self.places: set[str] = set()
        first = date(FIRST_OFFICIAL_YEAR, 1, 9)
        self.today = courses.CALENDAR.local_date(NOW)
        self.working = working_days(courses.CALENDAR, first, self.today + AHEAD)
        self.end = self.working.index(self.today)
        months = range(1, 13)
        self.topics = {month: [one.weight * (one.winter if month in WINTER else 1.0)
                               for one in city.TOPICS] for month in months}

    async def fill(self, total: int) -> None:
        """The directory, then day after day."""
        await self._directory()
        counts = rhythm(total, self.working[:self.end + 1], self.a_year)
        for place, count in enumerate(counts):
            if count:
                self._one_day(place, count)
                self._write_until(self.working[place] - timedelta(days=1))
                await self.pages.flush(Pages.PAGE)
        self._write_until(date.max)
        self._troubles()
        for year, value in self.sequences.items():
            self._counter(cases.SERIES, year, value)
        for year, value in self.letters.items():
            self._counter("letters:А", year, value)
        await self.pages.flush()
        await self.tables.done(self.entry, self.digest)

    def _counter(self, series: str, year: int, value: int) -> None:
        self.pages.add(r.CounterRecord, {"series": series, "year": year, "value": value})

    async def _directory(self) -> None:
        known = city.directory()
        await self.pages.write(r.BodyRecord, ({
            "id": one.id, "code": one.code, "name": one.name, "kind": one.kind.value,
            "address": one.address, "phone": one.phone, "email": one.email, "hours": one.hours,
            "confirmed_on": None} for one in known.bodies.values()))
        await self.pages.write(r.PersonRecord, ({
            "id": one.id, "code": one.code, "name": one.name, "post": one.post,
            "body_id": one.body_id, "offices": documents.write(one.offices),
            "telegram_id": one.telegram_id, "email": one.email, "email_folded": one.email,
            "active": one.active} for one in known.people.values()))
        for route in known.routes:
            self.pages.add(r.RouteRecord, {
                "topic": route.topic, "territory": route.territory, "lead_id": route.lead_id,
                "official_id": route.official_id, "signatory_id": route.signatory_id,
                "co_executor_ids": documents.write(route.co_executor_ids)})
        for rule in known.approvals:
            self.pages.add(r.ApprovalRuleRecord, {
                "category": rule.category, "approver_ids": documents.write(rule.approver_ids)})
        self._counter(REVISION, 0, 1)

    def _one_day(self, place: int, count: int) -> None:
        day = Day(self.working, place, self.tables.moment)
        chosen = [one for one in (self._choose(place) for _ in range(count)) if one]
        for topic, mould in sorted(chosen, key=lambda one: day[one[1].received]):
            self._case(topic, mould, day)

    def _choose(self, place: int) -> tuple[int, Mould] | None:
        """A message of that day: what it is about, who works on it and how it goes."""
        rng = self.rng
        course = rng.choices(range(len(courses.COURSES)), self.weights)[0]
        topic = rng.choices(range(len(city.TOPICS)), self.topics[self.working[place].month])[0]
        body = city.body_for(topic, rng.randrange(3))
        staff = [one for n, one in enumerate(city.staff_of(body)) if n != 1]
        lead = staff[(course * 3 + topic + rng.randrange(2) * 4) % len(staff)]
        passed = self.end - place
        wanted = (course, topic, body, lead)
        mould = self._mould(wanted, passed if passed <= self._length(wanted) else None)
        return None if mould is None else (topic, mould)

    def _length(self, wanted: tuple[int, int, int, int]) -> int:
        """Working days that the whole course takes."""
        if wanted not in self.lengths:
            self.lengths[wanted] = self._play(wanted, None).day()
        return self.lengths[wanted]

    def _mould(self, wanted: tuple[int, int, int, int], passed: int | None) -> Mould | None:
        """Of the whole course, or of what was done after so many days; None if nothing was."""
        key = (wanted, passed)
        if key not in self.moulds:
            player = self._play(wanted, passed)
            self.moulds[key] = mould_of(player) if player.facts else None
        return self.moulds[key]

    def _play(self, wanted: tuple[int, int, int, int], passed: int | None) -> Player:
        course, topic, body, lead = wanted
        until = None if passed is None else datetime.combine(
            courses.CALENDAR.add_working_days(MONDAY, passed), NOW.timetz())
        return played(courses.COURSES[course], city.TOPICS[topic], body, lead, hash(wanted), until)

    def _case(self, topic: int, mould: Mould, day: Day) -> None:
        received = datetime.fromisoformat(day[mould.received])
        year = received.astimezone(MOSCOW).year
        self.sequences[year] += 1
        case_id = self.pages.number(r.CaseRecord)
        number = f"{cases.PREFIX}-{year}-{self.sequences[year]:06d}"
        place = city.place(case_id)
        words = {
            str(courses.CASE_ID): str(case_id), courses.NUMBER: number, courses.PLACE: place,
            courses.PORTAL: f"ДД-{case_id:07}", courses.EARLIER: self.earlier,
            courses.TEXT: f"{city.TOPICS[topic].name}: {place}. Прошу принять меры, номер моего "
                          f"прежнего сообщения {case_id * 7 % 100_003}."}
        words |= {f"{courses.SHA}{n:x}": f"{case_id:011x}{n:x}" for n in range(16)}
        self.earlier = number
        if mould.letter is not None:
            self._letter(mould, words, day, case_id)
        numbers = {cases.folded(one.fill(words, day)) for one in mould.numbers}
        self.pages.add(r.CaseRecord, {
            **mould.fixed, "id": case_id, "year": year, "sequence": self.sequences[year],
            "number": number,
            "portal_number_folded": cases.folded(mould.numbers[0].fill(words, day)),
            "place_folded": place_folded(place), "received_at": day.moment(mould.received),
            "registered_at": mould.registered and day.moment(mould.registered),
            "document": mould.document.fill(words, day)})
        for one in sorted(numbers):
            self.pages.add(r.CaseNumberRecord, {"case_id": case_id, "number_folded": one})
        self._words(place)
        for person_id in mould.people:
            self.pages.add(r.CasePersonRecord, {"case_id": case_id, "person_id": person_id})
        self.pages.add(r.ApplicantRecord, {
            "case_id": case_id, "name": f"Иванов Иван № {case_id}",
            "contacts": f"+7 900 {case_id:07}"})
        self._photos_and_marks(mould, words, case_id)
        self._facts(mould, words, day, case_id)
        self._notices(mould, words, day, case_id)

    def _words(self, place: str) -> None:
        folded = place_folded(place)
        if folded not in self.places:
            self.places.add(folded)
            for word in sorted(read_place(folded).words):
                self.pages.add(r.PlaceWordRecord, {"word": word, "place_folded": folded})

    def _letter(self, mould: Mould, words: dict[str, str], day: Day, case_id: int) -> None:
        assert mould.letter is not None
        fixed, document, registered = mould.letter
        letter_id, number, at = self.pages.number(r.LetterRecord), "", None
        if registered is not None:
            at = day.moment(registered)
            year = day.date(registered[0]).year
            self.letters[year] += 1
            number = f"А-{self.letters[year]:04d}/{year}"
        words |= {str(courses.LETTER_ID): str(letter_id), courses.LETTER_NUMBER: number}
        self.pages.add(r.LetterRecord, {
            **fixed, "id": letter_id, "case_id": case_id, "number": number, "registered_at": at,
            "document": document.fill(words, day)})

    def _photos_and_marks(self, mould: Mould, words: dict[str, str], case_id: int) -> None:
        """Fingerprints and marks as many and as various as real ones; not made of pictures and
        texts, which would take a thousand times as long."""
        for n in range(mould.photos):
            self.pages.add(r.FingerprintRecord, {
                "sha256": words[f"{courses.SHA}{n:x}"].ljust(64, "0"), "case_id": case_id,
                "kind": "executor", "fingerprint": self.rng.randbytes(8 * (2 + len(CROPS)))})
        for band in range(16) if mould.answered else ():
            self.pages.add(r.AnswerMarkRecord, {
                "case_id": case_id, "mark": f"t{band}:{self.rng.getrandbits(64):016x}"})

    def _facts(self, mould: Mould, words: dict[str, str], day: Day, case_id: int) -> None:
        for one in mould.facts:
            row = {**one.fixed, "case_id": case_id, "at": day.moment(one.at)}
            for name, blank in one.blanks.items():
                row[name] = blank.fill(words, day)
            at = day[one.at]
            self.facts[at[:10]].append((at, row, one.canonical.fill(words, day)))

    def _notices(self, mould: Mould, words: dict[str, str], day: Day, case_id: int) -> None:
        for one in mould.notices:
            at, moment = day[one.at], day.moment(one.at)
            row = {**one.fixed, "case_id": case_id, "queued_at": moment, "settled_at": moment}
            self.notices[at[:10]].append((at, {
                **row, "key": one.key.fill(words, day), "facts": one.facts.fill(words, day)}, ""))

    def _write_until(self, day: date) -> None:
        """Everything that happened before that day, in the order of time."""
        for text in sorted(one for one in {*self.facts, *self.notices} if one < day.isoformat()):
            for at, row, canonical in sorted(self.facts.pop(text, []), key=lambda one: one[0]):
                self._entry(row, canonical)
                self._incoming(at, row)
            for _, row, _ in sorted(self.notices.pop(text, []), key=lambda one: one[0]):
                number = self.pages.number(r.OutboxRecord)
                self.pages.add(r.OutboxRecord, {
                    **row, "id": number, "message_ref": f"<{number}@gorod.test>"})

    def _entry(self, row: dict[str, Any], canonical: str) -> None:
        """The same text as ``journal.digest_of`` chains, of parts that are ready."""
        self.entry += 1
        chained = f'{{"fact":{canonical},"id":{self.entry},"previous":"{self.digest}"}}'
        previous, self.digest = self.digest, hashlib.sha256(chained.encode()).hexdigest()
        self.pages.add(r.JournalRecord, {
            **row, "id": self.entry, "previous": previous, "digest": self.digest})

    def _incoming(self, at: str, row: dict[str, Any]) -> None:
        """The update or letter behind a fact; one source may have brought several facts."""
        if row["source"] != self.last_source:
            self.last_source = row["source"]
            self.pages.add(r.SourceRecord, {"source": row["source"], "at": row["at"]})
            if row["channel"] == "msed":
                self._mail(row, row["event"])

    def _mail(self, row: dict[str, Any], kind: str, *, handled: bool = True) -> None:
        number = self.pages.number(r.MailRecord)
        sha = hashlib.sha256(row["source"].encode()).hexdigest()
        self.pages.add(r.MailRecord, {
            "id": number, "mailbox": "INBOX", "uidvalidity": 1, "uid": number,
            "message_id": f"<{number}@msed.test>", "content_digest": sha,
            "sender": "msed@gorod.test", "subject": f"Документ {number}",
            "text": "Карточка сообщения во вложении.", "received_at": row["at"],
            "raw_file": f'{{"media_type":"message/rfc822","name":"{number}.eml",'
                        f'"sha256":"{sha}","size":20000}}',
            "kind": "new_message" if kind == Event.RECEIVE.value else kind,
            "outcome": "Принято." if handled else "Письмо не распознано.", "handled": handled,
            "case_id": row["case_id"], "files": "[]"})

    def _troubles(self) -> None:
        """What waits for the desk: letters not understood, deliveries that failed."""
        at = self.tables.moment(NOW.astimezone(UTC))
        for n in range(5):
            self._mail({"source": f"unclear:{n}", "at": at, "case_id": None}, "unrecognised",
                       handled=False)
        for n in range(12):
            number = self.pages.number(r.OutboxRecord)
            state = Delivery.FAILED if n % 3 else Delivery.IN_DOUBT
            self.pages.add(r.OutboxRecord, {
                "id": number, "key": f"trouble:{n}", "kind": "published", "channel": "email",
                "wanted_channel": None, "person_id": city.DESK[0], "address": "",
                "case_id": n + 1, "facts": "{}", "not_before": None, "expires_at": None,
                "state": state.value, "attempts": 3, "queued_at": at, "claimed_until": None,
                "settled_at": at, "dealt_at": None, "message_ref": "", "last_error": "нет ответа"})


async def make(folder: Path, total: int, postgres: str = "", seed: int = 1) -> str:
    """A history of that many cases in a fresh database; the URL."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if postgres:
        assert is_postgres(postgres)
        database = await open_database(postgres, folder)
        await database.migrate()
        await database.close()
        await History(await PostgresTables.connect(postgres), seed).fill(total)
        return postgres
    await (await open_fresh(folder)).close()
    path = folder / "rakurs.db"
    await History(SqliteTables(path, alone=True), seed).fill(total)
    return f"sqlite://{path}"


def main() -> None:
    """Make one history and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=A_YEAR)
    parser.add_argument("--postgres", default="")
    arguments = parser.parse_args()
    began = time.perf_counter()
    url = asyncio.run(make(arguments.folder, arguments.cases, arguments.postgres))
    sys.stdout.write(f"{arguments.cases} cases in {time.perf_counter() - began:.0f} s: {url}\n")


if __name__ == "__main__":
    main()
