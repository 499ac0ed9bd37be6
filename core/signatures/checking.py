"""Whether a signature is of this document and made by the key of its certificate.

The digest of the very document is compared first: a signature of another document is refused
whatever its algorithm, wherever the digest can be computed here. Then the signature itself is
verified where the library knows its algorithm. The chain of certificates is not judged here.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from core.signatures import algorithms, container
from core.signatures.container import Container, Signer
from core.signatures.proof import BadSignatureError, Check, Proof

ANOTHER = ("Эта подпись относится к другому документу. Подпишите документ, который пришёл на "
           "подпись по этому сообщению, и пришлите его файл подписи.")
FORGED = ("Подпись не сходится с сертификатом: файл изменён или повреждён. Подпишите документ ещё "
          "раз и пришлите новый файл подписи.")
OUT_OF_DATE = "на момент подписания сертификат не действовал"
PSS = "1.2.840.113549.1.1.10"
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def check(signature: bytes, documents: Mapping[str, bytes]) -> Proof:
    """What the file proves of one of these documents, named by the keys.

    Raises BadSignatureError for a broken file, and for the signature of another document or one
    that does not verify. Without documents only the structure is read.
    """
    found = container.read(signature)
    proofs = [_proof(one, found, documents) for one in found.signers]
    others = len(proofs) - 1
    first = proofs[0]
    return replace(first, notes=(*first.notes, f"в файле есть ещё подписи: {others}")
                   ) if others else first


def _proof(one: Signer, found: Container, documents: Mapping[str, bytes]) -> Proof:
    name, known = _document(one, found, documents)
    outcome = _verify(one, documents[name]) if known else _why_not(one, documents)
    notes = []
    certificate = one.certificate
    if certificate is None:
        return Proof("владелец не указан", certificate=one.serial, signed_at=one.signed_at,
                     stamped=one.stamped, check=outcome, document=name,
                     algorithm=algorithms.name_of(one.algorithm, one.digest))
    if one.signed_at and not certificate.valid_from <= one.signed_at <= certificate.valid_until:
        notes.append(OUT_OF_DATE)
    return Proof(
        owner=certificate.owner, organisation=certificate.organisation, post=certificate.post,
        certificate=certificate.serial, issuer=certificate.issuer,
        valid_from=certificate.valid_from, valid_until=certificate.valid_until,
        signed_at=one.signed_at, stamped=one.stamped,
        algorithm=algorithms.name_of(one.algorithm, one.digest), check=outcome, document=name,
        notes=tuple(notes))


def _document(one: Signer, found: Container, documents: Mapping[str, bytes]) -> tuple[str, bool]:
    """Which document is signed, and whether its digest could be computed here."""
    if not documents:
        return "", False
    if found.content is not None:
        inside = next((name for name, content in documents.items()
                       if content == found.content), None)
        if inside is None:
            raise BadSignatureError(ANOTHER)
        return inside, one.digest in algorithms.DIGESTS
    if one.digest not in algorithms.DIGESTS or (one.message_digest is None and not _known(one)):
        return "", False
    signed = next((name for name, content in documents.items() if _is_over(one, content)), None)
    if signed is None:
        raise BadSignatureError(ANOTHER)
    return signed, True


def _is_over(one: Signer, document: bytes) -> bool:
    """Whether the signature names that document: by its digest, or by being over it itself."""
    if one.message_digest is None:
        return _verifies(one, document)
    digest = hashlib.new(algorithms.DIGESTS[one.digest], document).digest()
    return digest == one.message_digest


def _verify(one: Signer, document: bytes) -> Check:
    if not _known(one):
        return _why_not(one, (document,))
    if not _is_over(one, document) or not _verifies(one, document):
        raise BadSignatureError(FORGED)
    return Check.VALID


def _why_not(one: Signer, documents: Collection[object]) -> Check:
    """Why the signature itself is not verified."""
    if not documents:
        return Check.NO_DOCUMENT
    return Check.NO_CERTIFICATE if one.certificate is None else Check.NOT_CHECKED


def _known(one: Signer) -> bool:
    return one.digest in algorithms.DIGESTS and _key(one) is not None


def _key(one: Signer) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None:
    """The key of the certificate, if it is of a kind that is verified here."""
    if one.certificate is None:
        return None
    try:
        key = x509.load_der_x509_certificate(one.certificate.der).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None
    return key if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) else None


def _verifies(one: Signer, document: bytes) -> bool:
    key, digest = _key(one), _HASHES.get(algorithms.DIGESTS.get(one.digest, ""))
    if key is None or digest is None:
        return False
    signed = one.signed if one.signed is not None else document
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(one.signature, signed, ec.ECDSA(digest))
        else:
            key.verify(one.signature, signed, padding.PSS(
                padding.MGF1(digest), padding.PSS.AUTO) if one.algorithm == PSS
                else padding.PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True
