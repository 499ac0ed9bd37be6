"""МЭДО and ГОСТ packets: each folder of ``samples/packets``, with what is to be read in it."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inbound import Attachment, MsedNotice, NewMessage, Unrecognised
from mail import packets
from mail.bodies import guess_type
from mail.msed import Understanding, understand
from mail.parsing import Letter
from mail.rules import MailRules
from mail.xmltree import DEEPEST, MOST_BYTES, MOST_ELEMENTS, BadXmlError, parse_xml

PACKETS = Path(__file__).parent / "samples" / "packets"
FOLDERS = sorted(path for path in PACKETS.iterdir())
RULES = MailRules("bot@gorod.test", ("msed.example",))


def _files(folder: Path) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(path.name, guess_type(path.name), path.read_bytes())
        for path in sorted(folder.iterdir())
        if path.name != "expected.json"
    )


def _seen(files: tuple[Attachment, ...]) -> Understanding:
    return understand(Letter(sender="export@msed.example", attachments=files), RULES)


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_packet_is_read_as_written_beside_it(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    seen = _seen(_files(folder))
    reading = seen.reading
    assert type(reading).__name__ == expected["kind"]
    if isinstance(reading, NewMessage):
        card = _plain(asdict(reading.card))
        assert {name: card[name] for name in expected["card"]} == expected["card"]
    if isinstance(reading, MsedNotice):
        assert _plain(asdict(reading)) == expected["notice"]
    if isinstance(reading, Unrecognised):
        assert expected["reason"] in reading.reason
    assert [one.name for one in seen.files or ()] == expected["files"]


def test_packet_of_a_stranger_is_not_obeyed() -> None:
    files = _files(PACKETS / "medo_notice_refused")
    seen = understand(Letter(sender="a@b.example", attachments=files), RULES)
    assert isinstance(seen.reading, Unrecognised)
    assert "MSED_SENDERS" in seen.reading.reason


def test_citizen_of_a_packet_is_kept_apart_from_the_text() -> None:
    reading = _seen(_files(PACKETS / "gost_2010")).reading
    assert isinstance(reading, NewMessage)
    assert "Петров" not in repr(reading)


@pytest.mark.parametrize(
    "name", ["feed.xml", "report.xml", "letter.xml"])  # fmt: skip
def test_xml_of_other_kinds_is_no_packet(name: str) -> None:
    bodies = {"feed.xml": b"<rss/>", "report.xml": b"<Report><Row/></Report>",
              "letter.xml": b"<Header><Title/></Header>"}  # fmt: skip
    assert packets.found_in([Attachment(name, "text/xml", bodies[name])]) is None


def test_broken_passport_is_named() -> None:
    seen = _seen((Attachment("document.xml", "text/xml", b"<communication><header>"),))
    assert isinstance(seen.reading, Unrecognised)
    assert "«document.xml»: файл XML повреждён (строка 1" in seen.problems[0]


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij",
                                                                       strict=True))
    + "]><communication>&j;</communication>"
)  # fmt: skip
REFUSED = {
    "миллиард смешков": LAUGHS,
    "внешняя сущность": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "внешняя DTD": '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>',
    "параметрическая сущность": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://e.example/"> %x;]><a/>',
}


@pytest.mark.parametrize("what", REFUSED)
def test_dtd_and_entities_are_refused_at_once(what: str) -> None:
    started = time.process_time()
    with pytest.raises(BadXmlError, match="DTD или сущности"):
        parse_xml(f'<?xml version="1.0"?>{REFUSED[what]}'.encode())
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"<a>" * (DEEPEST + 1), "слишком глубоко"),
     (b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>", "слишком велик"),
     (b" " * (MOST_BYTES + 1), "больше 20 МБ"), (b"<a>", "повреждён"), (b"", "повреждён")],
    ids=["глубина", "число", "размер", "обрыв", "пусто"],
)  # fmt: skip
def test_limits_of_xml_are_said(data: bytes, said: str) -> None:
    with pytest.raises(BadXmlError, match=said):
        parse_xml(data)


@pytest.mark.parametrize("declared", ["utf-8", "windows-1251", "koi8-r", "нет", "utf-16"])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_words_are_read_whatever_encoding_is_declared(declared: str, real: str) -> None:
    said = "О ремонте дорожного покрытия на улице Мира"
    text = f'<?xml version="1.0" encoding="{declared}"?><a b="{said}">{said}</a>'
    root = parse_xml(text.encode(real))
    assert (root.own_text, root.attribute("b")) == (said, said)


WHOLE = [(_files(folder), folder.name) for folder in FOLDERS]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_spoilt_packets_are_read_without_a_crash(
    packet: tuple[tuple[Attachment, ...], str], data: st.DataObject
) -> None:
    files = list(packet[0])
    number = data.draw(st.integers(0, len(files) - 1))
    content = bytearray(files[number].content)
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    spoilt = Attachment(files[number].name, files[number].media_type, bytes(content))
    reading = _seen((*files[:number], spoilt, *files[number + 1 :])).reading
    assert not (isinstance(reading, Unrecognised) and "не удалось разобрать" in reading.reason)


ELEMENTS = [
    "communication", "document", "notification", "acknowledgment", "container", "body", "num",
    "documentAccepted", "number", "Header", "DocInfo", "Report", "InitialDoc", "Document",
    "Acknowledgement", "files", "file",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters="<>&", exclude_categories=["Cc"]),
            max_size=8),
    lambda inner: st.builds(
        lambda name, children: f"<{name} uid='x' type='y'>{''.join(children)}</{name}>",
        st.sampled_from(ELEMENTS),
        st.lists(inner, max_size=4)), max_leaves=20))  # fmt: skip
def test_any_arrangement_of_known_elements_is_read_without_a_crash(tree: str) -> None:
    for root in ("communication", "container", "DocInfo", "Report", "Header"):
        text = f"<{root} msg_id='1'>{tree}</{root}>"
        reading = _seen((Attachment("a.xml", "text/xml", text.encode()),)).reading
        assert not (isinstance(reading, Unrecognised) and "не удалось разобрать" in reading.reason)
