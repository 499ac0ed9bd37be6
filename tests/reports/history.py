"""A few months of a small office as facts, made by chance from a seed; no rule is asked."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from core.calendar import MOSCOW, WorkingCalendar
from core.journal import Fact
from core.regulation.terms import Event

CALENDAR = WorkingCalendar.official()
START = datetime(2026, 9, 1, tzinfo=MOSCOW)
TOPICS = ("Содержание дорог", "Освещение", "Дворовые территории", "Общественный транспорт",
          "Отопление и горячее водоснабжение", "Детские площадки", "Вывоз мусора")
PLACES = ("г. Мытищи, ул. Мира, д. 5", "г. Мытищи, ул. Мира, д. 7", "д. Беляниново, д. 12",
          "п. Пироговский, ул. Лесная, 1", "г. Мытищи, Олимпийский проспект, д. 12")
SPOTS = ((55.9105, 37.7360), (55.9121, 37.7375), (55.9980, 37.6680), (55.9760, 37.7190),
         (55.9200, 37.7650))
ORGANS = {
    1: "Администрация городского округа",
    11: "Управление жилищно-коммунального хозяйства и благоустройства",
    12: "Управление дорог и транспорта", 13: "МБУ «Центр благоустройства»",
    14: "Управление образования", 15: "МУП «Мытищинская электросеть»",
}
LEADS = {21: 11, 22: 11, 23: 12, 24: 13, 25: 14, 26: 15, 27: 12}
"""Person and body."""
STAFF = {
    1: "Белова Ольга Игоревна", 2: "Орлов Павел Андреевич", 3: "Громова Ирина Львовна",
    4: "Соколов Андрей Викторович", 5: "Главный Пётр Петрович", 8: "Рыбаков Олег Ильич",
    9: "Крылов Игорь Петрович",
    21: "Журавлёва Елена Николаевна", 22: "Петрова Мария Сергеевна",
    23: "Дорохов Степан Ильич", 24: "Лебедев Сергей Андреевич", 25: "Учителева Нина Юрьевна",
    26: "Светлов Артём Олегович", 27: "Мостовой Егор Егорович",
}
DESK, OFFICIAL = 1, 4


class Chance:
    """One case after another, each on its own way."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.made: list[Fact] = []

    def month(self, cases: int, days: int = 60) -> list[Fact]:
        """Facts of so many cases that arrive over so many days, in the order of time."""
        for case_id in range(1, cases + 1):
            self.made += Way(self.dice, case_id).walk(
                START + timedelta(days=self.dice.uniform(0, days)))
        return sorted(self.made, key=lambda one: one.at)


class Way:
    """The way of one case."""

    def __init__(self, dice: random.Random, case_id: int) -> None:
        self.dice, self.case_id, self.round, self.state = dice, case_id, 1, ""
        self.photo_dice = random.Random(case_id)
        self.topic, number = dice.choice(TOPICS), dice.randrange(len(PLACES))
        self.about = {"topic": self.topic, "place": PLACES[number],
                      "latitude": str(SPOTS[number][0]), "longitude": str(SPOTS[number][1])}
        self.at = START
        self.facts: list[Fact] = []

    def happens(self, event: Event | str, state: str, actor_id: int | None = None,
                subject: str = "case", **details: str) -> None:
        """A fact, and the state after it."""
        before = self.state
        if subject == "case":
            self.state = state
        self.facts.append(Fact(
            at=self.at, subject=subject, event=str(event), actor="", channel="test",
            source="test", case_id=self.case_id, round=self.round, actor_id=actor_id,
            before=before, after=state, details=details))

    def wait(self, low: float, high: float) -> None:
        """Time goes by, in days."""
        self.at += timedelta(days=self.dice.uniform(low, high))

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def walk(self, at: datetime) -> list[Fact]:
        """From arrival to wherever it gets."""
        self.at = at
        self.happens(Event.RECEIVE, "received", None, **self.about)
        while self.round_goes_back() and self.round < 5:
            self.round += 1
        if self.state == "returned_thrice":
            self.at += timedelta(hours=30)
            self.happens(Event.REFER_TO_OPERATOR, "at_operator")
            self.at += timedelta(hours=50)
            self.happens(Event.CLOSE, "closed")
        elif self.state == "published" and self.photo_dice.random() < 0.2:
            self.at += timedelta(hours=6)
            self.happens(Event.CLOSE, "closed")
        return self.facts

    def round_goes_back(self) -> bool:
        """One round; whether the citizen returns the answer."""
        self.wait(0, 1.5)
        self.happens(Event.REGISTER, "registered", DESK)
        if self.chance(0.05):
            self.happens(Event.REDIRECT, "redirected", DESK)
            return False
        if self.chance(0.05):
            return False  # waits to this day
        self.assigned()
        if self.chance(0.1):
            self.wait(0, 1)
            self.happens(Event.DECLINE, "declined", subject="part:0")
            self.happens(Event.DECLINE, "registered", OFFICIAL)
            self.assigned()
        if self.chance(0.05):
            return False
        self.answered("solved")
        if self.chance(0.15):
            self.at += timedelta(hours=5)
            self.happens(Event.REFUSE, "reworking", None, reason="x")
            self.answered("solved")
        elif self.chance(0.1):
            self.facts[-1].details["kind"] = "interim"  # type: ignore[index]
            day = (self.at + timedelta(days=self.dice.randint(2, 20))).date()
            self.facts[-1].details["promised"] = day.isoformat()  # type: ignore[index]
            self.wait(0, 1)
            self.happens(Event.PUBLISH, "deferred")
            self.answered("solved")
        self.wait(0, 2)
        self.happens(Event.PUBLISH, "published")
        if not self.chance(0.25):
            return False
        self.wait(1, 10)
        thrice = self.round >= 3
        self.happens(Event.CITIZEN_RETURN, "returned_thrice" if thrice else "received",
                     None, **self.about)
        return True

    def assigned(self) -> None:
        """A resolution, and the co-executor's materials."""
        self.wait(0, 2.5)
        people = self.dice.sample(sorted(LEADS), 2)
        days = [(self.at + timedelta(days=self.dice.randint(2, 9))).date() for _ in people]
        self.happens(Event.IMPOSE_RESOLUTION, "assigned", OFFICIAL,
                     people=" ".join(map(str, people)),
                     bodies=" ".join(str(LEADS[one]) for one in people),
                     days=" ".join(one.isoformat() for one in days))
        self.lead = people[0]
        self.photographed()
        if self.chance(0.6):
            self.wait(0, 4)
            self.happens(Event.SUBMIT_MATERIALS, "submitted", people[1], "part:1")

    def photographed(self) -> None:
        """Photos of the work by the lead or the co-executor; some are kept against the verdict."""
        for part in self.photo_dice.sample(("part:0", "part:1"), self.photo_dice.randrange(3)):
            self.at += timedelta(minutes=5)
            verdict = self.photo_dice.choice(("same_angle", "different_angle"))
            self.happens("photo_judged", "", None, part, verdict=verdict)
            if verdict == "different_angle":
                self.happens("keep_photo", "", None, part, verdict=verdict)

    def answered(self, kind: str) -> None:
        """From the draft to the operator."""
        self.wait(0, 7)
        self.happens(Event.SUBMIT_DRAFT, "approving", self.lead, kind=kind)
        if self.chance(0.3):
            self.wait(0, 1)
            self.happens(self.dice.choice((Event.REMARK, Event.SEND_BACK)), "reworking", 8)
            self.wait(0, 1)
            self.happens(Event.SUBMIT_DRAFT, "signing", self.lead, kind=kind)
        self.wait(0, 1)
        self.happens(Event.SIGN, "checking", 9)
        self.wait(0, 0.5)
        self.happens(Event.DISPATCH, "dispatched", DESK, kind=kind)


def rounds(facts: list[Fact]) -> Iterator[list[Fact]]:
    """The facts of each case."""
    by_case: dict[int, list[Fact]] = {}
    for one in facts:
        by_case.setdefault(one.case_id or 0, []).append(one)
    yield from by_case.values()
