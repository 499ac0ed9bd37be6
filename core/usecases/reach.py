"""People whom the messenger does not reach: their notices go by e-mail, the desk knows (R11)."""

from datetime import datetime

from core.notices import Notice, NoticeKind
from core.people import Person
from core.ports import UnitOfWork
from core.regulation.terms import Role
from core.usecases.office import address


async def note_lost(work: UnitOfWork, person: Person, now: datetime) -> None:
    """From now on by e-mail; the desk and the administrators are told once."""
    if person.unreachable_since is not None:
        return
    await work.people.reached(person.id, now)
    directory = await work.people.directory()
    await work.outbox.put([address(Notice(
        NoticeKind.UNREACHABLE, f"unreachable:{person.id}:{now.isoformat()}:{one.id}", one.id,
        facts={"who": person.short_name, "mail": "1" if person.email else ""}), directory)
        for one in directory.to_tell(Role.DESK, Role.ADMIN) if one.id != person.id], now)
