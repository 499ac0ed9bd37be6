"""The CMS container (RFC 5652, CAdES) as asn1crypto reads it, turned into plain values.

DER, BER, PEM and bare base64 are read: programs for signing save all of them under ``.sig``.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from asn1crypto import cms, pem, tsp, x509

from core.signatures.proof import BadSignatureError

T = TypeVar("T")

SUFFIXES = (".sig", ".p7s", ".sgn", ".p7m")
"""How signing programs call their files."""
MOST_BYTES = 60 * 1024 * 1024
BROKEN = ("Файл подписи не читается: он повреждён или это не электронная подпись. Пришлите файл "
          ".sig, .p7s или .sgn, который сохранила программа подписи.")
EMPTY = "В файле подписи нет ни одной подписи. Подпишите документ ещё раз."
_TIME_STAMP = "1.2.840.113549.1.9.16.2.14"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of its owner; ``der`` is the certificate itself."""

    der: bytes
    owner: str
    organisation: str
    post: str
    serial: str
    issuer: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature of the container; ``message_digest`` None: it is over the content itself.

    ``signed`` are the signed attributes, encoded as they were signed.
    """

    digest: str
    algorithm: str
    signature: bytes
    signed: bytes | None
    message_digest: bytes | None
    signed_at: datetime | None
    stamped: bool
    certificate: Certificate | None
    serial: str


@dataclass(frozen=True, slots=True)
class Container:
    """The signatures, and the document where it lies inside (not detached)."""

    signers: tuple[Signer, ...]
    content: bytes | None


def looks_like_one(name: str, content: bytes) -> bool:
    """Whether a file is a signature by its content; the name decides where that is base64."""
    if content[:1] == b"\x30" and b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" in content[:64]:
        return True
    return name.lower().endswith(SUFFIXES) or content[:64].lstrip().startswith(
        (b"-----BEGIN PKCS7", b"-----BEGIN CMS"))


def read(content: bytes) -> Container:
    """The container of that file; raises BadSignatureError."""
    try:
        data = _signed_data(_binary(content))
        certificates = [one.chosen for one in data["certificates"] or ()
                        if one.name == "certificate"]
        signers = tuple(_signer(one, certificates) for one in data["signer_infos"])
        inside = data["encap_content_info"]["content"].native
    except BadSignatureError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as fault:
        raise BadSignatureError(BROKEN) from fault
    if not signers:
        raise BadSignatureError(EMPTY)
    return Container(signers, inside if isinstance(inside, bytes) else None)


def _signed_data(der: bytes) -> cms.SignedData:
    info = cms.ContentInfo.load(der, strict=True)
    if info["content_type"].native != "signed_data":
        raise BadSignatureError(BROKEN)
    return info["content"]


def _binary(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise BadSignatureError(BROKEN)
    if pem.detect(content):
        return bytes(pem.unarmor(content)[2])
    if content[:1] == b"\x30":
        return content
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadSignatureError(BROKEN) from fault


def _signer(info: cms.SignerInfo, certificates: list[x509.Certificate]) -> Signer:
    attributes = info["signed_attrs"]
    has_any = bool(attributes.native)
    digest = _attribute(info, "message_digest", lambda value: bytes(value.native))
    if has_any and digest is None:
        raise BadSignatureError(BROKEN)
    sid = info["sid"]
    found = next((one for one in certificates if _is_of(one, sid)), None)
    serial = sid.chosen["serial_number"].native if sid.name == "issuer_and_serial_number" else None
    stamp = _stamp(info)
    return Signer(
        digest=info["digest_algorithm"]["algorithm"].dotted,
        algorithm=info["signature_algorithm"]["algorithm"].dotted,
        signature=bytes(info["signature"].native),
        signed=b"\x31" + attributes.dump()[1:] if has_any else None,
        message_digest=digest,
        signed_at=stamp or _attribute(info, "signing_time", lambda value: _aware(value.native)),
        stamped=stamp is not None,
        certificate=_certificate(found) if found is not None else None,
        serial=f"{serial:X}" if serial is not None else "")


def _is_of(certificate: x509.Certificate, sid: cms.SignerIdentifier) -> bool:
    if sid.name == "issuer_and_serial_number":
        return bool(certificate.serial_number == sid.chosen["serial_number"].native
                    and certificate.issuer.dump() == sid.chosen["issuer"].dump())
    return bool(certificate.key_identifier == sid.chosen.native)


def _attribute(info: cms.SignerInfo, name: str, of: Callable[[cms.Any], T]) -> T | None:
    for one in info["signed_attrs"] or ():
        if one["type"].native == name:
            return of(one["values"][0])
    return None


def _stamp(info: cms.SignerInfo) -> datetime | None:
    """The moment of the time stamp (CAdES-T), where there is one that can be read."""
    for one in info["unsigned_attrs"] or ():
        if one["type"].dotted == _TIME_STAMP:
            token = one["values"][0]
            inside = token["content"]["encap_content_info"]["content"]
            return _aware(tsp.TSTInfo.load(inside.contents)["gen_time"].native)
    return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _certificate(one: x509.Certificate) -> Certificate:
    subject, issuer = _said(one.subject), _said(one.issuer)
    full = " ".join(filter(None, (subject.get("surname", ""), subject.get("given_name", ""))))
    validity = one["tbs_certificate"]["validity"]
    return Certificate(
        der=one.dump(), owner=full or subject.get("common_name", "не указан"),
        organisation=subject.get("organization_name", ""), post=subject.get("title", ""),
        serial=f"{one.serial_number:X}",
        issuer=issuer.get("common_name") or issuer.get("organization_name", ""),
        valid_from=_aware(validity["not_before"].native),
        valid_until=_aware(validity["not_after"].native))


def _said(name: x509.Name) -> dict[str, str]:
    """The parts of a name that are of use to the office; numbers of persons are left alone."""
    found: dict[str, str] = {}
    for part in name.chosen:
        for one in part:
            value = one["value"].native
            if isinstance(value, str):
                found.setdefault(str(one["type"].native), " ".join(value.split()))
    return found
