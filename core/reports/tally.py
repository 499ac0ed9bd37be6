"""Marks added up: every number of every report is asked here and nowhere else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from statistics import median, quantiles

from core.reports.figures import BY_CODE, Kind
from core.reports.standing import Mark

BY = {"": attrgetter("figure"), "body": attrgetter("figure", "body_id"),
      "person": attrgetter("figure", "person_id"), "topic": attrgetter("figure", "topic"),
      "label": attrgetter("figure", "label")}
"""What marks are counted by; each way is counted when it is first asked for."""


class Tally:
    """The figures of a period, in all and by body, person, topic and label."""

    def __init__(self, marks: Sequence[Mark], cut: datetime,
                 figures: Collection[str] | None = None) -> None:
        """Of these marks; ``cut`` is the end of what was counted, ``figures`` all that were."""
        self.marks = marks
        self.cut = cut
        self.figures = figures
        self._counts: dict[str, Counter[object]] = {}
        self._spent: dict[str, list[float]] | None = None

    def _by(self, by: str) -> Counter[object]:
        if by not in self._counts:
            self._counts[by] = Counter(map(BY[by], self.marks))
        return self._counts[by]

    def number(self, code: str, by: str = "", key: object = None) -> int:
        """How many marks of that figure; of one body, person, topic or label.

        Raises KeyError for a figure that was not counted: none must pass for nought.
        """
        if self.figures is not None and code not in self.figures:
            raise KeyError(code)
        return self._by(by)[(code, key) if by else code]

    def share(self, code: str, by: str = "", key: object = None) -> float | None:
        """A share by its definition; None where nothing is divided by."""
        row = BY_CODE[code]
        if row.kind is not Kind.SHARE or row.of is None:
            raise ValueError(f"{code} is no share")
        part, whole = (self.number(one, by, key) for one in row.of)
        if not whole:
            return None
        return 1 - part / whole if row.less else part / whole

    def value(self, code: str, by: str = "", key: object = None) -> int | float | None:
        """The figure, whatever its kind."""
        if BY_CODE[code].kind is Kind.SHARE:
            return self.share(code, by, key)
        return self.number(code, by, key)

    def keys(self, by: str, *codes: str) -> list[object]:
        """The bodies, people, topics or labels for which any of these figures is not zero."""
        wanted = set(codes)
        found = {pair[1] for pair in self._by(by)
                 if isinstance(pair, tuple) and pair[0] in wanted}
        return sorted(found, key=lambda key: (key is None, str(key)))

    def of(self, *codes: str) -> list[Mark]:
        """The marks of these figures, in the order of time."""
        wanted = set(codes)
        return sorted((one for one in self.marks if one.figure in wanted),
                      key=lambda one: (one.at, one.fact_id, one.figure))

    def _stages(self) -> dict[str, list[float]]:
        """Working days of everything that passed each stage."""
        if self._spent is None:
            self._spent = defaultdict(list)
            for one in self.marks:
                if one.figure == "stage_days":
                    self._spent[one.label].append(one.value)
        return self._spent

    def days(self, stage: str) -> tuple[int, float, float]:
        """How many passed that stage, and their median and ninth decile in working days."""
        spent = self._stages()[stage]
        if not spent:
            return 0, 0.0, 0.0
        decile = quantiles(spent, n=10, method="inclusive")[-1] if len(spent) > 1 else spent[0]
        return len(spent), median(spent), decile


def snapshot(tally: Tally, codes: Iterable[str]) -> dict[str, float]:
    """The figures in all and by body (``code:body``), to tell later what has changed."""
    found: dict[str, float] = {}
    for code in codes:
        total = tally.value(code)
        if total is not None:
            found[code] = float(total)
        for body_id in tally.keys("body", code):
            part = tally.value(code, "body", body_id)
            if part and body_id is not None:
                found[f"{code}:{body_id}"] = float(part)
    return found
