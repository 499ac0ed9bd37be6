"""The journal's chain followed from end to end while the office works on (R9)."""

from core.journal import Checked
from core.ports import WorkFactory

AT_ONCE = 5000
"""Entries looked at in one transaction: some tenths of a second, and then others have their turn;
a year's journal takes the better part of a minute."""


async def first_break(work_of: WorkFactory) -> int | None:
    """The id of the first entry that was changed, removed or added by another hand."""
    checked = Checked()
    while not checked.over:
        async with work_of() as work:
            checked = await work.journal.check(checked, AT_ONCE)
    return checked.broken
