"""What a person wishes for the own telephone: quiet hours, and the hour of the digest."""

from dataclasses import dataclass, replace

from core.errors import NotAcceptedError, UnknownPersonError
from core.people import Actor, Person, Quiet
from core.ports import UnitOfWork
from core.usecases.office import Office

MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """Each wish takes effect with the next notice."""

    office: Office

    async def be_quiet(self, actor: Actor, quiet: Quiet | None) -> Person:
        """Nothing but the urgent at these hours; None: as is usual in the office."""
        if quiet is not None and not all(0 <= one < MINUTES for one in (quiet.start, quiet.end)):
            raise NotAcceptedError("Часы не поняты. Напишите, например: 21:00-08:00")
        async with self.office.work() as work:
            person = await self._begin(work, actor)
            wished = replace(person, quiet=quiet)
            await work.people.save_person(wished)
        return wished

    async def digest_at(self, actor: Actor, minute: int | None) -> Person:
        """The digest at that minute of the day; None: the desk's as usual, nobody else's."""
        if minute is not None and not 0 <= minute < MINUTES:
            raise NotAcceptedError("Время не понято. Напишите, например: 08:30")
        async with self.office.work() as work:
            person = await self._begin(work, actor)
            wished = replace(person, digest_at=minute)
            await work.people.save_person(wished)
        return wished

    async def _begin(self, work: UnitOfWork, actor: Actor) -> Person:
        if actor.person is None:
            raise UnknownPersonError(
                "Настройки есть только у сотрудников из справочника. Обратитесь к администратору.")
        await work.sources.mark(actor.source, self.office.clock.now())
        return (await work.people.directory()).working(actor.person.id)
