"""Signatures made on the spot: RSA, ECDSA, and one that has the shape of a GOST signature."""

import base64
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

GOST_KEY, GOST_SIGNATURE, GOST_DIGEST = (
    "1.2.643.7.1.1.1.1", "1.2.643.7.1.1.3.2", "1.2.643.7.1.1.2.2")
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Signatory:
    """A key with its certificate."""

    key: Key
    certificate: x509.Certificate

    def signs(self, document: bytes, *, inside: bool = False, bare: bool = False) -> bytes:
        """A detached DER signature; ``inside`` puts the document into it, ``bare`` signs the
        document itself with no attributes."""
        options = [pkcs7.PKCS7Options.Binary]
        options += [] if inside else [pkcs7.PKCS7Options.DetachedSignature]
        options += [pkcs7.PKCS7Options.NoAttributes] if bare else []
        return pkcs7.PKCS7SignatureBuilder().set_data(document).add_signer(
            self.certificate, self.key, hashes.SHA256()).sign(
                serialization.Encoding.DER, options)


def signatory(key: Key | None = None, name: str = "Главный Пётр Петрович",
              until: datetime = UNTIL) -> Signatory:
    """Somebody with a certificate of a made-up authority, signed by the own key."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    family, given = name.split(" ", 1)
    subject = x509.Name([
        x509.NameAttribute(NameOID.COMMON_NAME, "Администрация г.о. Мытищи"),
        x509.NameAttribute(NameOID.SURNAME, family),
        x509.NameAttribute(NameOID.GIVEN_NAME, given),
        x509.NameAttribute(NameOID.TITLE, "Первый заместитель"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Администрация г.о. Мытищи"),
        x509.NameAttribute(x509.ObjectIdentifier("1.2.643.100.3"), "11223344595"),
    ])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "УЦ Учебный")])
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
        .public_key(own.public_key()).serial_number(0xB1C2D3).not_valid_before(FROM)
        .not_valid_after(until).sign(own, hashes.SHA256()))
    return Signatory(own, certificate)


def as_gost(signature: bytes, message_digest: bytes = b"\x11" * 32) -> bytes:
    """The same container with the identifiers of ГОСТ Р 34.10-2012 and 34.11-2012 in it."""
    info = cms.ContentInfo.load(signature)
    data = info["content"]
    certificate = data["certificates"][0].chosen
    spki = certificate["tbs_certificate"]["subject_public_key_info"]
    spki["algorithm"] = asn1.PublicKeyInfo._fields[0][1]({"algorithm": GOST_KEY})
    for place in ("signature", ):
        certificate["tbs_certificate"][place]["algorithm"] = GOST_SIGNATURE
    certificate["signature_algorithm"]["algorithm"] = GOST_SIGNATURE
    one = data["signer_infos"][0]
    one["digest_algorithm"] = {"algorithm": GOST_DIGEST}
    one["signature_algorithm"] = {"algorithm": GOST_KEY}
    for attribute in one["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            attribute["values"] = [core.OctetString(message_digest)]
    return bytes(info.dump(force=True))


def as_base64(signature: bytes) -> bytes:
    """As a well-known Russian program saves it: base64 in lines."""
    return "\r\n".join(textwrap.wrap(base64.b64encode(signature).decode(), 64)).encode()


def as_pem(signature: bytes) -> bytes:
    """Armoured."""
    return b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signature) + b"-----END PKCS7-----\n"


def every_cut(content: bytes, step: int = 37) -> Sequence[bytes]:
    """The file broken off at many places."""
    return [content[:place] for place in range(0, len(content), step)]


def with_stamp(signature: bytes, moment: datetime) -> bytes:
    """CAdES-T: the time of a stamp authority among the unsigned attributes."""
    info = cms.ContentInfo.load(signature)
    said = tsp.TSTInfo({
        "version": "v1", "policy": "1.2.3.4", "serial_number": 1, "gen_time": moment,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"},
                            "hashed_message": b"\x00" * 32}})
    token = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v3", "digest_algorithms": [], "signer_infos": [],
        "encap_content_info": {"content_type": "tst_info", "content": said}})})
    info["content"]["signer_infos"][0]["unsigned_attrs"] = [
        {"type": "signature_time_stamp_token", "values": [token]}]
    return bytes(info.dump(force=True))


def without_certificate(signature: bytes) -> bytes:
    """As programs do that leave the certificate out."""
    info = cms.ContentInfo.load(signature)
    info["content"]["certificates"] = []
    return bytes(info.dump(force=True))
