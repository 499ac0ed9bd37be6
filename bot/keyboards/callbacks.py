"""What the buttons carry back: at most 64 bytes each, always with the card's stamp.

Codes are short because Telegram counts bytes (Bot API, ``callback_data``).
"""

from enum import StrEnum
from functools import lru_cache
from typing import Self, TypeVar

from aiogram.filters.callback_data import CallbackData

from core.usecases.office import CaseRef

Kind = TypeVar("Kind", bound="Button")


class Button(CallbackData, prefix="-"):
    """What a button carries. Dozens of handlers look at each press: it is read once for all."""

    @classmethod
    def unpack(cls, value: str) -> Self:
        """See the base class."""
        if not value.startswith(f"{cls.__prefix__}{cls.__separator__}"):
            raise ValueError(value)
        read: Self = _read(cls, value)
        return read


@lru_cache(maxsize=64)
def _read(kind: type[Kind], value: str) -> Kind:
    read: Kind = super(Button, kind).unpack(value)
    return read


class Do(StrEnum):
    """The acts on a case that a button can ask for."""

    REGISTER = "reg"
    ROUTE = "rt"
    ROUTE_OTHER = "rto"
    ROUTE_USUAL = "rtu"
    REDIRECT = "rd"
    ESCALATE = "esc"
    DUPLICATE = "dup"
    FROM_FIRST = "ff"
    AS_PROPOSED = "res"
    CHANGE = "chg"
    HAND_BACK = "hb"
    ACCEPT = "acc"
    DECLINE = "dec"
    DELEGATE = "dlg"
    PHOTOS = "ph"
    PHOTO_REMOVE = "phr"
    PHOTO_KEEP = "phk"
    BY_MAIL = "bym"
    REPORT = "rep"
    REPORT_CAPTION = "rpc"
    DRAFT = "dr"
    INTERIM = "int"
    EDIT = "ed"
    WHOLE_TEXT = "all"
    PREVIEW = "pv"
    SUBMIT = "sub"
    ATTACH = "att"
    DETACH = "det"
    LIGHTEN = "lgt"
    INSIST = "ins"
    LETTER = "let"
    MATERIALS_OK = "mok"
    MATERIALS_BACK = "mbk"
    APPROVE = "ok"
    REMARK = "rem"
    APPROVERS = "apl"
    APPROVER_ADD = "apa"
    APPROVER_REMOVE = "apr"
    APPROVER_UP = "apu"
    APPROVERS_RESET = "aps"
    SIGN = "sgn"
    SIGNATURE_FILE = "sgf"
    REFUSE = "ref"
    FORM_OK = "frm"
    SEND_BACK = "bk"
    DISPATCH = "dsp"
    TO_OPERATOR = "op"
    TO_COMMISSION = "com"
    ALLOW_DECLINE = "ald"
    CLOSE = "cls"
    CLOSE_BY_DECISION = "cld"
    REWORK = "rw"
    CITIZEN_RETURN = "ret"
    PUBLISHED = "pub"
    NOT_TAKEN = "ntk"


class CaseAct(Button, prefix="c"):
    """An act on a case as the card showed it; ``arg`` is a person, body, part, kind or photo."""

    do: Do
    case: int
    stamp: str
    arg: str = ""

    @property
    def ref(self) -> CaseRef:
        """The case as the card showed it."""
        return CaseRef(self.case, self.stamp)


class Page(Button, prefix="p"):
    """Another page of the list that the act offers to choose from."""

    do: Do
    case: int
    stamp: str
    page: int

    @property
    def ref(self) -> CaseRef:
        """The case as the card showed it."""
        return CaseRef(self.case, self.stamp)


class View(StrEnum):
    """What of a case to look at."""

    CARD = "card"
    BELOW = "below"
    """The card in a message of its own: the list that the button stands under remains."""
    HISTORY = "hist"
    FILES = "files"
    WHOLE = "whole"
    PHOTOS = "phs"
    COMPARISONS = "cmp"
    HOW_TO_SEND = "how"
    NOTICES = "ntc"
    ROUNDS = "rnd"
    """The citizen's returns, each beside what was answered before it."""


class Look(Button, prefix="o"):
    """Look at a case; changes nothing, so no stamp."""

    case: int
    view: View = View.CARD


class Section(StrEnum):
    """The sections of the menu."""

    MENU = "menu"
    MINE = "my"
    OVERDUE = "late"
    MAIL = "mail"
    REPORT = "rep"
    LETTERS = "letters"
    HELP = "help"
    FOUND = "found"
    DUE_TODAY = "today"
    AT_RISK = "risk"
    CAME_BACK = "back"
    UNANSWERED = "silent"
    REGISTER = "register"
    ROUTE = "route"
    DECIDE = "decide"
    RESOLVE = "resolve"
    EXECUTE = "execute"
    APPROVE = "approve"
    SIGN = "sign"
    CHECK = "check"
    DISPATCH = "dispatch"
    RETURNED = "returned"


class Go(Button, prefix="n"):
    """To a section of the menu, on a page of it."""

    to: Section
    page: int = 0


class Below(Button, prefix="b"):
    """A section in a message of its own: what the button stands under remains."""

    to: Section


class Step(StrEnum):
    """The steps of changing a proposed resolution."""

    LEADS = "ls"
    LEAD = "l"
    HELPERS = "hs"
    HELPER = "h"
    SUMMARY = "s"
    PERSON = "p"
    DATE = "d"
    SCOPE = "sc"
    IMPOSE = "ok"


class Choice(Button, prefix="x"):
    """A step of a resolution in the making; the choice itself lies in the message's Prompt."""

    step: Step
    case: int
    arg: int = 0
    on: str = ""


class LetterDo(StrEnum):
    """What a button can ask for on a letter outside МСЭД."""

    SCAN = "scan"
    REGISTER = "reg"


class LetterAct(Button, prefix="l"):
    """An act on a letter."""

    do: LetterDo
    letter: int


class Span(StrEnum):
    """The period of a dispatch register."""

    CHOOSE = "c"
    TODAY = "d"
    YESTERDAY = "d1"
    WEEK = "w"
    MONTH = "m"
    LAST_MONTH = "m1"
    OTHER = "o"


class RegisterAct(Button, prefix="g"):
    """A dispatch register to be printed; ``sender`` 0 is the desk's."""

    sender: int
    span: Span = Span.CHOOSE


class MailDo(StrEnum):
    """The desk's word on mail that the program could not read."""

    REGISTER = "reg"
    DISMISS = "no"
    ANSWER = "ans"
    JOIN = "case"


class MailAct(Button, prefix="m"):
    """An act on unclear mail."""

    do: MailDo
    mail: int


class MailAnswer(CallbackData, prefix="ma"):
    """Which of our letters the unclear one answers; ``letter`` 0 turns to the page."""

    mail: int
    letter: int = 0
    page: int = 0


class RowDo(StrEnum):
    """The desk's word on a delivery in trouble."""

    AGAIN = "again"
    LEAVE = "leave"


class RowAct(Button, prefix="r"):
    """An act on a row of the outbox."""

    do: RowDo
    row: int


class FileHere(Button, prefix="f"):
    """The case to which the files that were just sent belong."""

    case: int
