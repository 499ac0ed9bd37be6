"""What handlers work with: the core's use cases, given by the composition root."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.dictation import Dictation
from core.documents.values import RegisterDocument
from core.outbound import LetterFile
from core.people import Actor
from core.usecases.absences import Absences
from core.usecases.attachments import Attachments
from core.usecases.control import Control
from core.usecases.delivery import Delivery
from core.usecases.enrolment import Enrolment
from core.usecases.importing import Importing
from core.usecases.letters import Letters
from core.usecases.lookups import Lookups
from core.usecases.mailroom import Mailroom
from core.usecases.office import Office
from core.usecases.reference import Reference
from core.usecases.reporting import Reporting
from core.usecases.staff import Staff
from core.usecases.wishes import Wishes


class RegisterPapers(Protocol):
    """Makes a dispatch register as files."""

    async def register(self, register: RegisterDocument) -> tuple[LetterFile, ...]:
        """PDF and workbook."""
        ...


class Preview(Protocol):
    """Makes the draft as the citizen will get it, and the sheet of what was before."""

    async def answer(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        """The documents of the draft; raises NotFoundError for who may not see them."""
        ...

    async def returned(self, actor: Actor, case_id: int) -> tuple[LetterFile, ...]:
        """The citizen's returns beside the answers; raises NotFoundError as ``answer`` does."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """The use cases behind the bot; ``office.work`` also keeps the bot's questions (Prompts)."""

    office: Office
    lookups: Lookups
    enrolment: Enrolment
    letters: Letters
    delivery: Delivery
    control: Control
    preview: Preview
    registers: RegisterPapers
    attachments: Attachments
    reporting: Reporting
    camera: str = ""
    """The address of the camera's page; empty where it is not served."""
    dictation: Dictation = field(default_factory=Dictation)

    @property
    def absences(self) -> Absences:
        """Who is away and who stands in."""
        return Absences(self.office)

    @property
    def importing(self) -> Importing:
        """The directory from a workbook."""
        return Importing(self.office)

    @property
    def mailroom(self) -> Mailroom:
        """The desk's word on unclear mail."""
        return Mailroom(self.office, self.letters)

    @property
    def reference(self) -> Reference:
        """Reference data of the bodies."""
        return Reference(self.office)

    @property
    def wishes(self) -> Wishes:
        """What a person chose for the own telephone."""
        return Wishes(self.office)

    @property
    def staff(self) -> Staff:
        """Who works here."""
        return Staff(self.office)
