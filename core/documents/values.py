"""What a document says, as plain values: the only input of this package.

No value here has room for a citizen's name or contacts (4.1): an answer is addressed to
«Пользователю портала «Добродел»», a report speaks of cases.

``made_at`` is the moment the document is made, an aware datetime: it dates the file's
metadata, so that the same values give the same bytes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

PORTAL_USER = "Пользователю портала «Добродел»"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of an official form (бланк).

    ``authority`` is the administration; ``body`` its organ, empty on the administration's own
    form (5¶3); ``details`` the lines beneath: address, telephone, registration numbers.
    """

    authority: str
    body: str = ""
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Registration:
    """The number and the date that registration gave (5¶2)."""

    number: str
    on: date


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: «Заместитель главы администрации», «А.В. Соколов»."""

    post: str
    name: str


@dataclass(frozen=True, slots=True)
class ElectronicSignature:
    """What the stamp of an electronic signature shows (63-ФЗ; requirement R32)."""

    owner: str
    certificate: str
    signed_on: date
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Executor:
    """The executor's line at the foot of an official letter."""

    name: str
    post: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as bytes: JPEG, PNG or TIFF. ``name`` is used in errors only."""

    content: bytes = field(repr=False)
    caption: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """One place on the photo page: as it was, as it is, or both side by side (4.6¶2)."""

    title: str = ""
    before: Picture | None = None
    after: Picture | None = None


@dataclass(frozen=True, slots=True)
class AnswerDocument:
    """An answer of the administration to a portal message (4.6), final or interim.

    ``text`` is divided into paragraphs at its line breaks. ``final_answer_on`` makes the answer
    an interim one: the exact date by which the final answer is due (4.6¶5). Without
    ``registration`` the document is a draft and every page says so; ``version`` numbers it.
    ``attachments`` names the files that go beside the document; the photos are counted by
    themselves.
    """

    case_number: str
    topic: str
    place: str
    result: str
    text: str
    signatory: Signatory
    executor: Executor
    made_at: datetime
    received_on: date | None = None
    final_answer_on: date | None = None
    registration: Registration | None = None
    signature: ElectronicSignature | None = None
    version: int | None = None
    attachments: tuple[str, ...] = ()
    photos: tuple[PhotoRow, ...] = ()
    addressee: tuple[str, ...] = (PORTAL_USER,)
    letterhead: Letterhead | None = None


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """A letter on paper to an organisation outside МСЭД, signed by hand (5¶3).

    ``letterhead`` chooses the form: None is the administration's (to an authority), a body's
    own is given for a subordinate organisation. Without ``registration`` the number and the
    date are blanks to fill in by hand.
    """

    addressee: tuple[str, ...]
    subject: str
    text: str
    signatory: Signatory
    executor: Executor
    made_at: datetime
    salutation: str = ""
    case_number: str = ""
    registration: Registration | None = None
    attachments: tuple[str, ...] = ()
    letterhead: Letterhead | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One sent letter in the dispatch register."""

    sent_on: date
    number: str
    addressee: str
    subject: str
    way: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class RegisterDocument:
    """The register of letters sent by the desk or by a body's clerk over a period (5¶4)."""

    sender: str
    first_day: date
    last_day: date
    rows: tuple[Dispatch, ...]
    made_by: Signatory
    made_at: datetime


class Kind(StrEnum):
    """What the cells of a column hold; decides the format and the alignment."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    ``width`` is a relative share of the page; 0 lets the kind decide. A PERCENT cell is a
    fraction: 0.125 is printed as «12,5 %».
    """

    title: str
    kind: Kind = Kind.TEXT
    width: float = 0.0


MOST_BARS = 14
"""More bars can be taken in by nobody, nor do they fit a page: of two to a row, half the rows."""
LONGEST_LABEL = 70
"""Signs of a bar's name: two lines of the printed page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart of a section: which column names the bars, which ones give their length.

    Of many rows the first ones are drawn.
    """

    title: str
    labels: int
    values: tuple[int, ...]

    @property
    def most(self) -> int:
        """Rows drawn at most."""
        return MOST_BARS // len(self.values)

    def titled(self, rows: int) -> str:
        """The title; of many rows it says how many are drawn."""
        return self.title if rows <= self.most else f"{self.title} (первые {self.most} из {rows})"


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a report.

    Rows and ``total`` have as many cells as there are columns; raises ValueError otherwise.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    chart: Chart | None = None
    note: str = ""
    on_paper: int | None = None
    """Rows that the printed page shows, where all stand in the workbook alone."""

    def __post_init__(self) -> None:
        wide = len(self.columns)
        lengths = {len(row) for row in (*self.rows, self.total or self.columns)}
        if lengths != {wide}:
            raise ValueError(f"section {self.heading!r}: {wide} columns, rows of {lengths}")


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A report made of tables: daily, weekly, monthly, statistics, bonuses (section 6).

    ``summary`` is a few sentences before the tables, ``notes`` how the figures are counted.
    ``pictures`` (a map, say) stand after the tables. Without ``approved_by`` the report is
    marked as not yet confirmed. ``short`` names the file where the title is too long for that.
    """

    title: str
    period: str
    sections: tuple[Section, ...]
    made_at: datetime
    summary: str = ""
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    prepared_by: Signatory | None = None
    approved_by: Signatory | None = None
    landscape: bool = False
    letterhead: Letterhead | None = None
    short: str = ""
    to_approve: bool = True
    """Whether somebody is to confirm it; a digest is nobody's to confirm."""

    @property
    def waits(self) -> bool:
        """Whether its confirmation is still awaited."""
        return self.to_approve and self.approved_by is None


@dataclass(frozen=True, slots=True)
class Approval:
    """One line of the approval sheet, in order (4.6¶9-10).

    ``decision`` as people read it: «Согласовано», «Замечание», empty while awaited.
    ``void`` marks an approval of an earlier version that no longer counts.
    """

    name: str
    post: str
    body: str
    version: int
    decision: str = ""
    decided_at: datetime | None = None
    remark: str = ""
    void: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalDocument:
    """The approval sheet (лист согласования) of a draft answer."""

    case_number: str
    subject: str
    version: int
    rows: tuple[Approval, ...]
    executor: Executor
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """What one party said in a round, with its photos."""

    title: str
    text: str
    photos: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round: the user's words, and the answer to them where one was given."""

    said: Side
    answered: Side | None = None


@dataclass(frozen=True, slots=True)
class ReturnsDocument:
    """The user's returns (2.1¶2, R46): every round's words and answer side by side."""

    case_number: str
    topic: str
    place: str
    returns: int
    rounds: tuple[RoundRow, ...]
    made_at: datetime
    now: str = ""
    """What is to be done where there is no answer yet."""


Document = (AnswerDocument | LetterDocument | RegisterDocument | ReportDocument
            | ApprovalDocument | ReturnsDocument)
