"""A resolution in the making: the choice so far, as the small values of a Prompt."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from core.usecases.resolutions import Task


@dataclass(frozen=True, slots=True)
class Making:
    """Who leads, who helps, by when and what; ``stamp`` is the card's the choice began on,
    ``number`` the case's.

    ``reason`` says why the lead was proposed; it goes when another lead is named.
    """

    stamp: str
    number: str = ""
    lead: int | None = None
    helpers: tuple[int, ...] = ()
    days: Mapping[int, date] = field(default_factory=dict)
    scopes: Mapping[int, str] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def read(cls, facts: Mapping[str, str]) -> "Making":
        """From a Prompt's facts."""
        helpers = tuple(int(one) for one in facts.get("helpers", "").split(",") if one)
        days = {int(key[4:]): date.fromisoformat(value) for key, value in facts.items()
                if key.startswith("day:")}
        scopes = {int(key[6:]): value for key, value in facts.items()
                  if key.startswith("scope:")}
        lead = facts.get("lead", "")
        return cls(facts.get("stamp", ""), facts.get("number", ""), int(lead) if lead else None,
                   helpers, days, scopes, facts.get("reason", ""))

    def facts(self) -> dict[str, str]:
        """As a Prompt's facts."""
        found = {"stamp": self.stamp, "number": self.number, "lead": str(self.lead or ""),
                 "reason": self.reason, "helpers": ",".join(str(one) for one in self.helpers)}
        found |= {f"day:{one}": day.isoformat() for one, day in self.days.items()}
        return found | {f"scope:{one}": text for one, text in self.scopes.items()}

    def with_lead(self, person_id: int) -> "Making":
        """Another lead; a person cannot be both."""
        reason = self.reason if person_id == self.lead else ""
        return replace(self, lead=person_id, reason=reason, helpers=tuple(
            one for one in self.helpers if one != person_id))

    def toggled(self, person_id: int) -> "Making":
        """A co-executor more, or one less."""
        if person_id in self.helpers:
            return replace(self, helpers=tuple(one for one in self.helpers if one != person_id))
        return replace(self, helpers=(*self.helpers, person_id))

    def with_day(self, person_id: int, day: date | None) -> "Making":
        """By when; None for the latest that the regulation allows. No co-executor's date stays
        after the lead's (4.6¶1)."""
        latest = day if person_id == self.lead and day else date.max
        days = {one: known for one, known in self.days.items()
                if one != person_id and known <= latest}
        return replace(self, days=days if day is None else {**days, person_id: day})

    def with_scope(self, person_id: int, scope: str) -> "Making":
        """What this executor is to do."""
        return replace(self, scopes={**self.scopes, person_id: scope.strip()})

    @property
    def everyone(self) -> tuple[int, ...]:
        """The lead first (4.6¶1)."""
        return (*([self.lead] if self.lead is not None else []), *self.helpers)

    def tasks(self) -> list[Task]:
        """The lines of the resolution."""
        return [Task(one, self.scopes.get(one, ""), self.days.get(one)) for one in self.everyone]
