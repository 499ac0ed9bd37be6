"""What changed between two versions of a text, by words: for an approver who saw the earlier."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 6
"""Words kept on each side of a change; longer stretches that stayed are left out."""
GAP = " … "

_WORD = re.compile(r"\s*\S+")


class Change(StrEnum):
    """What became of a stretch of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words with the space before it."""

    change: Change
    text: str


def changes(old: str, new: str) -> tuple[Piece, ...]:
    """The stretches in the order of reading, what went before what came; empty if all stayed."""
    was, now = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, [one.strip() for one in was], [one.strip() for one in now],
                              autojunk=False)
    steps = matcher.get_opcodes()
    if all(tag == "equal" for tag, *_ in steps):
        return ()
    return tuple(_pieces(was, now, steps))


def _pieces(was: list[str], now: list[str], steps: Sequence[tuple[str, int, int, int, int]]
            ) -> Iterator[Piece]:
    for place, (tag, left, left_end, right, right_end) in enumerate(steps):
        if tag == "equal":
            yield Piece(Change.SAME, _shortened(
                now[right:right_end], opens=place == 0, ends=place == len(steps) - 1))
            continue
        if left < left_end:
            yield Piece(Change.GONE, "".join(was[left:left_end]))
        if right < right_end:
            yield Piece(Change.NEW, "".join(now[right:right_end]))


def _shortened(words: list[str], *, opens: bool, ends: bool) -> str:
    """A stretch that stayed: its words beside the changes, the middle left out."""
    head = [] if opens else words[:AROUND]
    tail = [] if ends else words[-AROUND:]
    if len(words) <= len(head) + len(tail):
        return "".join(words)
    return f"{''.join(head)}{GAP}{''.join(tail).lstrip()}"


def as_text(pieces: tuple[Piece, ...]) -> str:
    """For plain letters: «… уложен [24 → 25] ноября …»; «[+ слово]» came, «[− слово]» went."""
    said, place = "", 0
    while place < len(pieces):
        one, after = pieces[place], pieces[place + 1] if place + 1 < len(pieces) else None
        space = one.text[:len(one.text) - len(one.text.lstrip())]
        words = one.text.strip()
        if one.change is Change.SAME:
            said += one.text
        elif one.change is Change.GONE and after is not None and after.change is Change.NEW:
            said += f"{space}[{words} → {after.text.strip()}]"
            place += 1
        else:
            said += f"{space}[{'−' if one.change is Change.GONE else '+'} {words}]"
        place += 1
    return said
