"""R32: what a file of an electronic signature proves, and what it cannot."""

import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.signatures import BadSignatureError, Check, check
from core.signatures.container import looks_like_one
from tests.core.signatures.making import (
    FROM,
    UNTIL,
    Signatory,
    as_base64,
    as_gost,
    as_pem,
    every_cut,
    signatory,
    with_stamp,
    without_certificate,
)

PDF = b"%PDF-1.7 the answer"
DOCUMENTS = {"Ответ.docx": b"PK the same answer", "Ответ.pdf": PDF}


@pytest.fixture(scope="module", params=["rsa", "ecdsa"])
def signer(request: pytest.FixtureRequest) -> Signatory:
    return signatory(rsa.generate_private_key(65537, 2048) if request.param == "rsa"
                     else ec.generate_private_key(ec.SECP256R1()))


def test_the_signature_of_this_document_says_who_signed_and_when(signer: Signatory) -> None:
    proof = check(signer.signs(PDF), DOCUMENTS)
    assert (proof.check, proof.document) == (Check.VALID, "Ответ.pdf")
    assert proof.owner == "Главный Пётр Петрович"
    assert (proof.post, proof.issuer, proof.certificate) == (
        "Первый заместитель", "УЦ Учебный", "B1C2D3")
    assert (proof.valid_from, proof.valid_until) == (FROM, UNTIL)
    assert proof.signed_at is not None
    assert proof.signed_at.tzinfo is not None
    assert not proof.stamped
    assert proof.algorithm.endswith("с SHA-256")


def test_numbers_of_persons_are_not_taken_from_the_certificate(signer: Signatory) -> None:
    assert "11223344595" not in repr(check(signer.signs(PDF), DOCUMENTS))


@pytest.mark.parametrize("how", ["inside", "bare", "base64", "pem"])
def test_signatures_are_read_however_a_program_saves_them(signer: Signatory, how: str) -> None:
    made = signer.signs(PDF, inside=how == "inside", bare=how == "bare")
    saved = {"base64": as_base64, "pem": as_pem}.get(how, bytes)(made)
    proof = check(saved, DOCUMENTS)
    assert (proof.check, proof.document) == (Check.VALID, "Ответ.pdf")


@pytest.mark.parametrize("how", ["detached", "inside", "bare"])
def test_the_signature_of_another_document_is_refused(signer: Signatory, how: str) -> None:
    made = signer.signs(b"%PDF another", inside=how == "inside", bare=how == "bare")
    with pytest.raises(BadSignatureError, match="относится к другому документу"):
        check(made, DOCUMENTS)


def test_a_signature_that_somebody_changed_is_refused(signer: Signatory) -> None:
    made = bytearray(signer.signs(PDF))
    made[-9] ^= 0x55
    with pytest.raises(BadSignatureError, match=r"не сходится|не читается"):
        check(bytes(made), DOCUMENTS)


def test_a_certificate_of_another_key_is_refused(signer: Signatory) -> None:
    other = (rsa.generate_private_key(65537, 2048) if isinstance(signer.key, rsa.RSAPrivateKey)
             else ec.generate_private_key(ec.SECP256R1()))
    forged = Signatory(other, signer.certificate)
    with pytest.raises(BadSignatureError, match="не сходится"):
        check(forged.signs(PDF), DOCUMENTS)


def test_gost_is_read_and_honestly_not_checked(signer: Signatory) -> None:
    proof = check(as_gost(signer.signs(PDF)), DOCUMENTS)
    assert proof.check is Check.NOT_CHECKED
    assert "здесь не выполняется" in proof.check.label
    assert proof.algorithm == "ГОСТ Р 34.10-2012, 256 бит с ГОСТ Р 34.11-2012, 256 бит"
    assert (proof.owner, proof.document) == ("Главный Пётр Петрович", "")


def test_gost_with_the_document_inside_is_of_that_document_alone(signer: Signatory) -> None:
    proof = check(as_gost(signer.signs(PDF, inside=True)), DOCUMENTS)
    assert (proof.check, proof.document) == (Check.NOT_CHECKED, "Ответ.pdf")
    with pytest.raises(BadSignatureError, match="другому документу"):
        check(as_gost(signer.signs(b"%PDF another", inside=True)), DOCUMENTS)


def test_why_it_is_not_checked_is_said_as_it_is(signer: Signatory) -> None:
    assert check(signer.signs(PDF), {}).check is Check.NO_DOCUMENT
    proof = check(without_certificate(signer.signs(PDF)), DOCUMENTS)
    assert (proof.check, proof.owner, proof.certificate) == (
        Check.NO_CERTIFICATE, "владелец не указан", "B1C2D3")
    assert proof.document == "Ответ.pdf", "the digest tells it all the same"
    with pytest.raises(BadSignatureError, match="другому документу"):
        check(without_certificate(signer.signs(b"%PDF another")), DOCUMENTS)


def test_a_certificate_that_had_ended_is_told() -> None:
    ended = signatory(until=datetime(2026, 2, 1, tzinfo=UTC))
    assert check(ended.signs(PDF), DOCUMENTS).notes == (
        "на момент подписания сертификат не действовал",)


def test_the_moment_of_a_time_stamp_goes_before_the_signers_own_clock(signer: Signatory) -> None:
    moment = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    proof = check(with_stamp(signer.signs(PDF), moment), DOCUMENTS)
    assert (proof.check, proof.signed_at, proof.stamped) == (Check.VALID, moment, True)


def test_the_same_is_read_from_another_program(tmp_path: Path) -> None:
    """OpenSSL writes CAdES-BES with a stream of unknown length (BER)."""
    one = signatory()
    pem = serialization.Encoding.PEM
    (tmp_path / "c.pem").write_bytes(one.certificate.public_bytes(pem))
    (tmp_path / "k.pem").write_bytes(one.key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    (tmp_path / "d").write_bytes(PDF)
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-cades", "-stream", "-outform", "DER",
         "-in", "d", "-signer", "c.pem", "-inkey", "k.pem", "-out", "d.sig"],
        cwd=tmp_path, check=True, capture_output=True)
    proof = check((tmp_path / "d.sig").read_bytes(), DOCUMENTS)
    assert (proof.check, proof.owner) == (Check.VALID, "Главный Пётр Петрович")


def test_a_broken_file_is_told_in_one_sentence_wherever_it_is_broken() -> None:
    made = signatory().signs(PDF)
    for cut in (*every_cut(made), b"%PDF-1.7", "Подписано".encode(), b"PK\x03\x04"):
        with pytest.raises(BadSignatureError):
            check(cut, DOCUMENTS)


MADE = signatory().signs(PDF)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(MADE) - 1), st.integers(1, 255)), min_size=1,
                max_size=4))
def test_no_change_of_the_bytes_makes_anything_but_a_refusal_or_a_reading(
        changes: list[tuple[int, int]]) -> None:
    content = bytearray(MADE)
    for place, flip in changes:
        content[place] ^= flip
    with suppress(BadSignatureError):
        proof = check(bytes(content), DOCUMENTS)
        assert proof.check is not Check.VALID or proof.document == "Ответ.pdf"


def test_signatures_are_known_by_their_content_whatever_their_name() -> None:
    assert looks_like_one("документ.bin", MADE)
    assert looks_like_one("Ответ.pdf.SIG", as_base64(MADE))
    assert looks_like_one("x", as_pem(MADE))
    assert not looks_like_one("Ответ.pdf", PDF)
