"""Every reader on spoilt letters: always a reading, never a crash, never half a character.

``RAKURS_FUZZ=5000`` for a long run; each sample of the folder is spoilt in every way below.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadTableError
from core.inbound import InboundMail, MailPlace, Unrecognised
from mail.bounces import bounce_from, delivery_from
from mail.parsing import Letter, parse
from mail.profiles import read_profile
from mail.reading import read_mail
from mail.replies import cut, own_words
from mail.rules import MailRules
from mail.trust import Trust

EXAMPLES = int(os.environ.get("RAKURS_FUZZ", "60"))
SAMPLES = sorted(path.read_bytes() for path in (Path(__file__).parent / "samples").glob("*.eml"))
PLACE, NOW = MailPlace("INBOX", 7, 1), datetime(2026, 11, 23, 7, tzinfo=UTC)
RULES = MailRules("bot@mytischi.example", ("msed.example", "gkh.example"))
WAYS = (
    RULES,
    replace(RULES, trust=Trust.RESULTS, authserv_id="mx.mytischi.example"),
    replace(RULES, trust=Trust.DKIM, dns=lambda *_, **__: b"v=DKIM1; p=AAAA",
            arc_sealers=("msed.example",)),
)  # fmt: skip
PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([
        b"\0", b"\r\n\r\n", b"\r\n", b"--", b"=", b"=?utf-8?B?", b"?=", b"charset=cp1251", b"; ",
        b"\xff\xfe", b"<table><tr><td>", b"multipart/mixed; boundary=", b"message/rfc822", b"\r",
        b"ARC-Seal: i=1; a=rsa-sha256; d=msed.example; s=k; cv=none; b=AAAA\r\n",
        b"DKIM-Signature: v=1; d=msed.example; s=k; h=from; bh=AA; b=AA\r\n",
        b"Authentication-Results: mx.mytischi.example; dkim=pass header.d=msed.example\r\n"]))
CUTS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES), max_size=8)


def spoilt(raw: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    data = bytearray(raw)
    for place, length, piece in cuts:
        start = int(place * len(data))
        data[start:start + length] = piece
    return bytes(data)


def assert_sound(mail: InboundMail) -> None:
    for text in (mail.subject, mail.sender, mail.text, mail.message_id, *mail.problems):
        text.encode()
    assert "\0" not in mail.text
    assert all(one.name for one in mail.attachments)
    assert not (isinstance(mail.reading, Unrecognised)
                and "не удалось разобрать" in mail.reading.reason), mail.reading


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(SAMPLES), CUTS)
def test_a_letter_that_lies_in_a_file_reads_the_same(
        raw: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    data = spoilt(raw, cuts) or b"\n"
    with TemporaryFile() as aside:
        aside.write(data)
        aside.flush()
        lying = mmap(aside.fileno(), 0, access=ACCESS_READ)
    assert parse(lying) == parse(data)
    assert replace(read_mail(lying, PLACE, NOW, RULES), raw=data) == read_mail(
        data, PLACE, NOW, RULES)


@settings(max_examples=EXAMPLES * 3, deadline=None, database=None)
@given(st.sampled_from(SAMPLES), st.sampled_from(WAYS), CUTS)
def test_spoilt_letters_are_read_in_every_way_of_trust(
        raw: bytes, rules: MailRules, cuts: list[tuple[float, int, bytes]]) -> None:
    assert_sound(read_mail(spoilt(raw, cuts), PLACE, NOW, rules))


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(st.sampled_from(SAMPLES), st.sampled_from(SAMPLES), CUTS)
def test_a_letter_within_a_letter_is_read(
        outer: bytes, inner: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    head = outer.split(b"\r\n\r\n")[0].split(b"\n\n")[0]
    raw = head + b"\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    assert_sound(read_mail(spoilt(raw, cuts), PLACE, NOW, RULES))


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(st.lists(st.tuples(
    st.sampled_from(["Action", "Status", "Final-Recipient", "Original-Recipient",
                     "Diagnostic-Code", "X-Other"]),
    st.one_of(st.text(max_size=20), st.sampled_from(["failed", "delivered", "delayed", "relayed",
                                                     "5.1.1", "rfc822; a@b.example"]))),
    max_size=10), st.text(max_size=40))
def test_any_report_of_a_server_is_read(fields: list[tuple[str, str]], name: str) -> None:
    report = "\n".join(f"{key}: {value}" for key, value in fields)
    letter = parse((
        "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=B\n\n--B\n"
        f"Content-Type: message/delivery-status\n\n{report}\n--B\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{name}>\n--B--\n"
    ).encode("utf-8", "replace"))
    bounce, delivered = bounce_from(letter), delivery_from(letter)
    assert bounce is None or bounce.reason == bounce.reason.strip()
    assert delivered is None or delivered.message_id


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(st.lists(st.sampled_from([
    "> ", "\n", "On ", "wrote:", "02.03.2026 10:15, Иванов пишет:", "От: a@b.example", "--", "___",
    "С уважением,", "Согласовано", "Тема: x", "<div>", "</blockquote>", "<p>", " ", "»", "\xa0"]),
    max_size=200))
def test_any_quotation_is_cut_in_time(pieces: list[str]) -> None:
    text = "".join(pieces)
    own = own_words(Letter(text=text, html=text))
    assert len(own) <= len(text)
    assert cut(cut(text)) == cut(cut(cut(text)))


@settings(max_examples=EXAMPLES, deadline=None, database=None)
@given(st.text(max_size=200), st.sampled_from(["", 'reader = "card"\n', "[fields]\nnumber = "]))
def test_any_profile_is_read_or_refused_in_a_sentence(text: str, before: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_text(f"{before}{text}", encoding="utf-8", errors="replace", newline="")
        said = "x.toml"
        try:
            read_profile(path)
        except BadTableError as refusal:
            said = str(refusal)
    assert "x.toml" in said
