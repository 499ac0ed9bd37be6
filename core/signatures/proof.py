"""What a file of an electronic signature proves, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import NotAcceptedError


class BadSignatureError(NotAcceptedError):
    """The file is no signature, a broken one, or that of another document."""


class Check(StrEnum):
    """What was found out about the signature itself."""

    VALID = "valid"
    """Made with the key of the certificate inside, over this very document."""
    NOT_CHECKED = "not_checked"
    """The structure is read, the signature is not: the algorithm is not known here."""
    NO_CERTIFICATE = "no_certificate"
    """There is no certificate inside to verify it by."""
    NO_DOCUMENT = "no_document"
    """Nothing was handed over that it could belong to."""

    @property
    def label(self) -> str:
        """For people."""
        return {
            Check.VALID: "подпись верна и относится к этому документу; цепочка сертификатов здесь "
            "не проверяется",
            Check.NOT_CHECKED: "проверка подписи этим алгоритмом здесь не выполняется",
            Check.NO_CERTIFICATE: "проверить подпись нечем: сертификата в файле нет",
            Check.NO_DOCUMENT: "сверить подпись не с чем: документ на подпись не передавался",
        }[self]


@dataclass(frozen=True, slots=True)
class Proof:
    """Who signed, by which certificate, when and how; ``check`` says what was found out.

    ``signed_at`` is the time that the signer's program wrote down, or the one of a time stamp
    (``stamped``). ``document`` names the file to which the signature belongs, where that was
    found out; ``notes`` are doubts for people.
    """

    owner: str
    organisation: str = ""
    post: str = ""
    certificate: str = ""
    issuer: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    signed_at: datetime | None = None
    stamped: bool = False
    algorithm: str = ""
    check: Check = Check.NOT_CHECKED
    document: str = ""
    notes: tuple[str, ...] = ()
