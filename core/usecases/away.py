"""Absences told of by letter, for who has no Telegram (contract: «By e-mail»)."""

from dataclasses import dataclass

from core import mailcommands
from core.errors import NotAcceptedError, NotFoundError
from core.mailcommands import Away
from core.people import Absence, Actor, Directory, Person, by_name
from core.ports import UnitOfWork
from core.usecases.absences import Absences
from core.usecases.office import Office

HOW = ("Если вас не будет, ответьте: «Отсутствую с 01.12.2026 по 14.12.2026, замещает Иванов "
       "И.И.» — поручения получит заместитель.")


def is_meant(text: str) -> bool:
    """Whether the letter is about its writer's absence, and not about the case it answers."""
    return mailcommands.read_absence(text) is not None or mailcommands.is_back(text)


@dataclass(frozen=True, slots=True)
class AwayByLetter:
    """Two sentences that are understood: who is away and who stands in, and that it is over."""

    office: Office

    async def take(self, work: UnitOfWork, actor: Actor, person: Person, text: str) -> str:
        """Note or take back; what was understood. Raises what :class:`Absences` does."""
        absences, directory = Absences(self.office), await work.people.directory()
        away = mailcommands.read_absence(text)
        if away is None:
            return await self._back(work, actor, person, directory)
        substitute = _substitute(away, person, directory)
        await absences.note_in(
            work, actor, Absence(person.id, substitute.id, away.first, away.last))
        days = f"{away.first:%d.%m.%Y}"
        days = days if away.first == away.last else f"с {days} по {away.last:%d.%m.%Y}"
        return (f"Отмечено: вы отсутствуете {days}, замещает {substitute.name}. Поручения и "
                "письма пойдут заместителю, он сможет делать то же, что и вы. Вернётесь раньше — "
                "ответьте «Отсутствие отменить».")

    async def _back(self, work: UnitOfWork, actor: Actor, person: Person, directory: Directory
                    ) -> str:
        absences = Absences(self.office)
        noted = sorted((one for one in directory.absences
                        if one.person_id == person.id and one.last >= absences.today),
                       key=lambda one: one.first)
        if not noted:
            raise NotFoundError("Ваше отсутствие не отмечено: отменять нечего.")
        await absences.cancel_in(work, actor, noted[0].id)
        return (f"Отсутствие {noted[0].first:%d.%m.%Y} — {noted[0].last:%d.%m.%Y} отменено: "
                "поручения снова приходят вам.")


def _substitute(away: Away, person: Person, directory: Directory) -> Person:
    found = by_name(away.substitute, (
        one for one in directory.people.values() if one.active and one.id != person.id))
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAcceptedError(f"«{away.substitute}»: таких сотрудников несколько. Укажите "
                               "фамилию, имя и отчество полностью.")
    raise NotAcceptedError(f"«{away.substitute}»: такого сотрудника в справочнике нет. Укажите "
                           "фамилию и инициалы, как в справочнике.")
