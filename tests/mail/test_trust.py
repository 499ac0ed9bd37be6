"""Exports are taken only from who can prove to be МСЭД, as the office has settled it."""

import asyncio
from dataclasses import replace
from pathlib import Path
from time import monotonic

import dkim
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.inbound import MailPlace, NewMessage, PersonReply, Reading, Unrecognised
from mail.inbox import Inbox
from mail.msed import understand
from mail.parsing import parse
from mail.reading import too_large
from mail.rules import MailRules
from mail.trust import Trust, doubt_about
from tests.mail.keeping import Keeping, now
from tests.mail.scripted import serving
from tests.mail.test_inbox import imap

SAMPLES = Path(__file__).parent / "samples"
KEY = (SAMPLES / "dkim_test_only.pem").read_bytes()
RECORD = b"v=DKIM1; k=rsa; p=" + (SAMPLES / "dkim_test_only.pub").read_bytes()
CARD = "Номер: 700\r\nАдрес: Мира\r\nТекст: Яма\r\n"
HEAD = (
    "From: МСЭД <export@msed.example>\r\nTo: bot@gorod.test\r\nSubject: card\r\n"
    "Message-ID: <a@msed.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"
)
LETTER = f"{HEAD}\r\n{CARD}".encode()
RULES = MailRules("bot@gorod.test", ("msed.example",))


def dns(name: bytes, **_: object) -> bytes | None:
    return RECORD if name.startswith(b"key._domainkey.") else None


BY_DKIM = replace(RULES, trust=Trust.DKIM, dns=dns)
BY_SERVER = replace(RULES, trust=Trust.RESULTS, authserv_id="mx.gorod.test")


def _signed(letter: bytes = LETTER, domain: bytes = b"msed.example", **options: object) -> bytes:
    headers = [b"From", b"To", b"Subject", b"Message-ID", b"Content-Type"]
    signature = dkim.sign(letter, b"key", domain, KEY, include_headers=headers, **options)
    return bytes(signature) + letter


def _read(raw: bytes, rules: MailRules) -> Reading:
    return understand(parse(raw), rules, raw).reading


def _refused(raw: bytes, rules: MailRules, why: str) -> None:
    reading = _read(raw, rules)
    assert isinstance(reading, Unrecognised)
    assert why in reading.reason


def test_by_name_alone_the_sender_is_taken_at_his_word() -> None:
    assert isinstance(_read(LETTER, RULES), NewMessage)


@pytest.mark.parametrize("report", [
    "mx.gorod.test; dmarc=fail (p=none) header.from=msed.example",
    "mx.gorod.test; spf=pass smtp.mailfrom=evil.example; dmarc=fail header.from=msed.example"])
def test_even_by_name_a_letter_that_the_server_calls_forged_is_not_taken(report: str) -> None:
    _refused(f"Authentication-Results: {report}\r\n".encode() + LETTER, RULES, "подделан")


@pytest.mark.parametrize("report", [
    "mx.gorod.test; dmarc=pass header.from=msed.example",
    "mx.gorod.test; dkim=fail header.d=list.example; dmarc=none header.from=msed.example",
    "mx.gorod.test; dmarc=fail header.from=other.example", "nonsense;;", ""])
def test_by_name_nothing_but_a_failed_check_of_that_sender_speaks_against_him(
        report: str) -> None:
    letter = f"Authentication-Results: {report}\r\n".encode() + LETTER
    assert isinstance(_read(letter, RULES), NewMessage)


def test_letter_with_a_sound_signature_of_its_domain_is_believed() -> None:
    assert isinstance(_read(_signed(), BY_DKIM), NewMessage)


def test_signature_of_the_domain_above_is_believed() -> None:
    letter = LETTER.replace(b"@msed.example>\r\nTo", b"@out.msed.example>\r\nTo")
    rules = replace(BY_DKIM, msed_senders=("out.msed.example",))
    assert isinstance(_read(_signed(letter), rules), NewMessage)


def test_unsigned_or_changed_letter_waits_for_a_person() -> None:
    _refused(LETTER, BY_DKIM, "нет подписи DKIM")
    changed = _signed().replace("Яма".encode(), "Лес".encode())
    _refused(changed, BY_DKIM, "подпись DKIM домена msed.example не подтвердилась")
    _refused(_signed(), replace(BY_DKIM, dns=lambda *_, **__: None), "не подтвердилась")


def test_signature_of_somebody_else_proves_nothing() -> None:
    for domain in (b"evil.example", b"example", b"evil-msed.example", b"x.msed.example"):
        _refused(_signed(domain=domain), BY_DKIM, "не подтвердилась")


def test_signature_of_the_beginning_alone_proves_nothing() -> None:
    _refused(_signed(length=True) + b"more\r\n", BY_DKIM, "не подтвердилась")


def test_second_sender_is_not_overlooked() -> None:
    letter = b"From: a@evil.example\r\n" + _signed()
    _refused(letter.replace(b"a@evil", b"b@msed"), BY_DKIM, "не один отправитель")
    _refused(_signed(LETTER.replace(b"From: ", b"Sender: ")), BY_DKIM, "не один отправитель")


def test_dns_that_fails_stops_nothing() -> None:
    def broken(*_: object, **__: object) -> bytes | None:
        raise TimeoutError

    _refused(_signed(), replace(BY_DKIM, dns=broken), "не подтвердилась")


def test_answer_with_a_token_needs_no_signature() -> None:
    raw = LETTER.replace(b"bot@", b"bot+k3v9x2m7q5w8@").replace(b"@msed", b"@b")
    assert isinstance(_read(raw, BY_DKIM), PersonReply)


def _reported(*reports: str) -> bytes:
    lines = "".join(f"Authentication-Results: {one}\r\n" for one in reports)
    return lines.encode() + LETTER


@pytest.mark.parametrize("report", [
    "mx.gorod.test; dkim=pass header.d=msed.example",
    "MX.gorod.test 1; spf=fail; dkim=fail header.d=b.example; dkim=pass header.i=@msed.example",
    "mx.gorod.test;\r\n dmarc=pass (p=reject) header.from=msed.example",
])  # fmt: skip
def test_letter_that_our_own_server_found_sound_is_believed(report: str) -> None:
    assert isinstance(_read(_reported(report), BY_SERVER), NewMessage)


@pytest.mark.parametrize(("reports", "why"), [
    ((), "не записал"),
    (("mx.evil.example; dkim=pass header.d=msed.example",), "не от нашего сервера"),
    (("mx.gorod.test; dkim=fail header.d=msed.example",), "не подтвердил"),
    (("mx.gorod.test; dkim=pass header.d=evil.example",), "не подтвердил"),
    (("mx.gorod.test; spf=pass smtp.mailfrom=msed.example",), "не подтвердил"),
    (("mx.gorod.test; none",), "не подтвердил"),
    (("чепуха ;;; =",), "не записал"),
    (("mx.gorod.test; dkim=none", "mx.gorod.test; dkim=pass header.d=msed.example"),
     "не подтвердил"),
])  # fmt: skip
def test_report_that_proves_nothing_leaves_the_letter_to_a_person(
    reports: tuple[str, ...], why: str
) -> None:
    _refused(_reported(*reports), BY_SERVER, why)


def test_without_the_servers_name_no_report_is_believed() -> None:
    rules = replace(BY_SERVER, authserv_id="")
    _refused(_reported("mx.gorod.test; dkim=pass header.d=msed.example"), rules, "не от нашего")


def test_stranger_with_a_sound_signature_is_a_stranger() -> None:
    letter = LETTER.replace(b"msed.example", b"b.example")
    _refused(_signed(letter, b"b.example"), BY_DKIM, "MSED_SENDERS")


async def test_slow_dns_holds_nothing_else_up() -> None:
    """The key is asked for in a thread: the loop goes on meanwhile."""
    asked: list[float] = []
    loop = asyncio.get_running_loop()
    free = asyncio.Event()

    def slow(name: bytes, **_: object) -> bytes | None:
        asked.append(monotonic())
        loop.call_soon_threadsafe(free.set)
        asyncio.run_coroutine_threadsafe(free.wait(), loop).result(5)
        return dns(name)

    kept = Keeping()
    async with serving(imap({5: _signed()})) as server:
        url = f"imap://u:p@127.0.0.1:{server.port}/INBOX"
        inbox = Inbox(url, kept, replace(BY_DKIM, dns=slow), now, poll=20, limit=5)
        task = asyncio.create_task(inbox.run())
        await kept.until(lambda _: len(kept.rows) == 1, seconds=10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert asked
    assert isinstance(kept.rows[0].reading, NewMessage)


def test_letter_left_on_the_server_asks_dns_nothing() -> None:
    """Its header alone is read, in the loop itself: nothing may block there."""
    asked = []
    rules = replace(BY_DKIM, dns=lambda name, **_: asked.append(name))
    mail = too_large(_signed(), 70_000_000, MailPlace("INBOX", 1, 1), now(), rules)
    assert isinstance(mail.reading, Unrecognised)
    assert "67 МБ" in mail.reading.reason
    assert asked == []


SIGNED = _signed()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SIGNED) - 2), st.binary(min_size=1, max_size=4)),
                min_size=1, max_size=5), st.sampled_from([Trust.DKIM, Trust.RESULTS]))  # fmt: skip
@example([(0, b" ")], Trust.DKIM)
def test_spoilt_letter_is_doubted_or_sound_and_never_a_crash(
    changes: list[tuple[int, bytes]], trust: Trust
) -> None:
    data = bytearray(SIGNED)
    for place, piece in changes:
        data[place : place + len(piece)] = piece
    raw = bytes(data)
    doubt = doubt_about(parse(raw), raw, trust, server="mx.gorod.test", dns=dns)
    body_changed = not raw.rstrip(b"\r\n").endswith(CARD.rstrip().encode())
    assert doubt or (trust is Trust.DKIM and not body_changed)


# Letters that came through a forwarder --------------------------------------------------------

FORWARDED = replace(BY_DKIM, arc_sealers=("forward.example",))


def _forwarded(letter: bytes, by: bytes = b"forward.example", found: str = "pass") -> bytes:
    """The letter with a line added on the way, and the forwarder's seal over what it had found."""
    report = (f"Authentication-Results: {by.decode()}; dkim={found} header.d=msed.example\r\n"
              if b"ARC-Seal" not in letter else
              f"Authentication-Results: {by.decode()}; arc=pass\r\n")
    changed = report.encode() + letter + b"-- \r\nlist footer\r\n"
    headers = [b"From", b"To", b"Subject", b"Message-ID", b"Content-Type"]
    seals = dkim.arc_sign(changed, b"key", by, KEY, by, include_headers=headers)
    assert seals
    return b"".join(seals) + changed


def test_a_named_forwarders_seal_stands_in_for_the_signature_it_broke() -> None:
    forwarded = _forwarded(_signed())
    _refused(forwarded, BY_DKIM, "не подтвердилась")
    assert isinstance(_read(forwarded, FORWARDED), NewMessage)


def test_a_seal_proves_only_what_the_forwarder_had_found() -> None:
    _refused(_forwarded(_signed(), found="fail"), FORWARDED, "не подтвердилась")
    _refused(_forwarded(LETTER, by=b"stranger.example"), FORWARDED, "нет подписи")
    changed = _forwarded(_signed()).replace("Яма".encode(), "Ямы".encode())
    _refused(changed, FORWARDED, "не подтвердилась")


def test_every_forwarder_of_the_chain_must_be_named() -> None:
    twice = _forwarded(_forwarded(_signed()), by=b"second.example")
    _refused(twice, FORWARDED, "не подтвердилась")
    both = replace(FORWARDED, arc_sealers=("forward.example", "second.example"))
    assert isinstance(_read(twice, both), NewMessage)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1500), st.binary(min_size=1, max_size=3)), min_size=1,
                max_size=4))
def test_a_spoilt_chain_is_never_believed_to_say_more(changes: list[tuple[int, bytes]]) -> None:
    raw = bytearray(_SEALED)
    for place, piece in changes:
        raw[place:place + len(piece)] = piece
    reading = _read(bytes(raw), FORWARDED)
    said = isinstance(reading, NewMessage)
    assert not said or reading == _read(_SEALED, FORWARDED)


_SEALED = _forwarded(_signed())
