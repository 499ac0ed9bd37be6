"""The body of a signed letter is hashed by pieces as dkimpy hashes it whole (RFC 6376, 3.4)."""

import hashlib

import dkim
import pytest
from dkim.canonicalization import Relaxed, Simple
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mail.signedbody import MOST_HEADER, SignedLetter, hash_of

PIECES = st.lists(st.sampled_from(
    [b"text", b" ", b"\t", b"  ", b"\r\n", b"\r\n\r\n", b"\n", b"\r"]), max_size=14).map(b"".join)


@pytest.mark.parametrize("form", [Simple, Relaxed])
@given(body=PIECES, block=st.sampled_from([1, 2, 5, 1000]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_hashed_as_the_library_does_it(
        monkeypatch: pytest.MonkeyPatch, form: type[Simple] | type[Relaxed], body: bytes,
        block: int) -> None:
    monkeypatch.setattr("core.files.BLOCK", block)
    whole = dkim.rfc822_parse(b"From: a@b.example\r\n\r\n" + body)[1]
    expected = hashlib.sha256(form.canonicalize_body(whole)).digest()
    assert hash_of(memoryview(body), "sha256", relaxed=form is Relaxed) == expected


@given(end=st.sampled_from([b"\r\n", b"\n", b""]), body=PIECES)
def test_the_header_ends_where_the_library_sees_its_end(end: bytes, body: bytes) -> None:
    raw = b"From: a@b.example\r\nSubject: x\r\n folded\n" + end + body
    try:
        expected = dkim.rfc822_parse(raw)[0]
    except dkim.MessageFormatError:
        return  # neither can the header alone be read
    assert dkim.rfc822_parse(SignedLetter(raw).header)[0] == expected


def test_a_header_without_an_end_is_not_read_on_and_on() -> None:
    with pytest.raises(dkim.MessageFormatError):
        SignedLetter(b"X: y\r\n" * (MOST_HEADER // 4))
