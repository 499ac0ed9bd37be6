"""Letters of the office as they come: ``samples`` with what is to be read beside them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from core.inbound import (
    AutoReply,
    Bounce,
    Delivered,
    MsedNotice,
    NewMessage,
    NewMessages,
    PersonReply,
    Reading,
    Unrecognised,
)
from mail.msed import read, understand
from mail.parsing import parse
from mail.rules import MailRules

DATA = Path(__file__).parent / "samples"
SAMPLES = sorted(path.stem for path in DATA.glob("*.eml"))
OURS = "bot@mytischi.example"
RULES = MailRules(mail_from="Ракурс <bot@mytischi.example>", msed_senders=("msed.example",))


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value, default=str))


def _described(reading: Reading) -> dict[str, Any]:  # noqa: C901 (one line a kind)
    match reading:
        case NewMessage(card):
            return {"card": _plain(asdict(card))}
        case NewMessages(cards):
            return {"cards": [_plain(asdict(card)) for card in cards]}
        case MsedNotice():
            return {"notice": _plain(asdict(reading))}
        case PersonReply(token, text):
            return {"token": token, "text": text}
        case Bounce():
            return {"bounce": _plain(asdict(reading))}
        case Delivered():
            return {"delivered": _plain(asdict(reading))}
        case AutoReply(token):
            return {"token": token}
        case Unrecognised(reason):
            return {"reason": reason}


@pytest.mark.parametrize("sample", SAMPLES)
def test_sample_is_read_as_written_beside_it(sample: str) -> None:
    letter = parse((DATA / f"{sample}.eml").read_bytes())
    expected = json.loads((DATA / f"{sample}.json").read_text())
    seen = understand(letter, RULES)
    described = _described(seen.reading)
    assert type(seen.reading).__name__ == expected.pop("kind")
    assert list(letter.problems + seen.problems) == expected.pop("problems")
    if "reason" in expected:
        assert expected.pop("reason") in described["reason"]
    if "attachments" in expected:
        files = [[one.name, one.media_type, len(one.content)] for one in letter.attachments]
        assert files == expected.pop("attachments")
    if "bounce_start" in expected:
        assert expected.pop("bounce_start").items() <= described["bounce"].items()
    for name in ("message_id", "sender", "sender_name", "subject"):
        if name in expected:
            assert getattr(letter, name) == expected.pop(name)
    assert described.items() >= expected.items()


def _letter(
    body: str, sender: str = "export@msed.example", to: str = "bot@mytischi.example"
) -> Reading:
    raw = (
        f"From: {sender}\nTo: {to}\nMessage-ID: <a@b>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}"
    )
    return read(parse(raw.encode()), RULES)


def test_citizens_contacts_never_stay_in_the_text() -> None:
    reading = _letter(
        "Номер: 1\nТекст: яма\nТелефон: 8 900 000 00 00\nпроезда нет\nЗаявитель: Иванов\n"
    )
    assert isinstance(reading, NewMessage)
    assert "900" not in reading.card.text
    assert "Иванов" not in reading.card.text
    assert "8 900 000 00 00" in reading.card.applicant.contacts


def test_name_written_by_the_citizen_inside_the_text_is_taken_out_too() -> None:
    reading = _letter(
        "Номер: 1\nЗаявитель: Иванов\nКонтакты: 1\nКатегория: x\nТекст: яма\nТелефон: 8 900\n"
    )
    assert isinstance(reading, NewMessage)
    assert reading.card.text == "яма"
    assert "8 900" in reading.card.applicant.contacts


def test_applicant_is_not_shown_when_a_card_is_printed() -> None:
    reading = _letter("Номер: 1\nТекст: яма\nЗаявитель: Иванов Пётр\n")
    assert "Иванов" not in repr(reading)


def test_unclear_publicity_is_taken_as_not_public_and_said() -> None:
    raw = (
        "From: a@msed.example\nMessage-ID: <a@b>\nContent-Type: text/plain; charset=utf-8\n\n"
        "Номер: 1\nТекст: яма\nАдрес: там\nПубличность: по усмотрению\n"
    )
    seen = understand(parse(raw.encode()), RULES)
    assert isinstance(seen.reading, NewMessage)
    assert not seen.reading.card.public
    assert "Публичность указана непонятно" in seen.problems[0]


def test_subdomain_or_lookalike_of_a_believed_domain_is_a_stranger() -> None:
    for sender in ("a@evil-msed.example", "a@msed.example.evil", "a@x.msed.example"):
        assert isinstance(_letter("Номер: 1\nТекст: яма\nАдрес: там\n", sender), Unrecognised)


def test_token_counts_only_at_our_own_address() -> None:
    reading = _letter("Согласовано", "a@b.example", "bot+k3v9x2m7q5w8@elsewhere.example")
    assert isinstance(reading, Unrecognised)


def test_stranger_who_quotes_a_case_number_joins_nothing() -> None:
    assert isinstance(_letter("ЕКЖ-2026-000123 согласовано", "a@b.example"), Unrecognised)


def test_msed_address_on_holiday_does_not_open_a_case() -> None:
    raw = (
        "From: export@msed.example\nTo: bot@mytischi.example\nMessage-ID: <a@b>\n"
        "Auto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n\nВыходной день."
    )
    assert isinstance(read(parse(raw.encode()), RULES), AutoReply)


def test_notice_of_an_unknown_kind_is_shown_to_a_person() -> None:
    reading = _letter("Уведомление: переслан в архив\nНомер: 1\n")
    assert isinstance(reading, Unrecognised)
    assert "переслан в архив" in reading.reason
