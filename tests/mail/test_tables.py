"""Tables of ЕЦУР and «Добродел»: samples in ``samples/tables`` with what is to be read beside."""

import io
import json
import mimetypes
import time
import zipfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadTableError
from core.inbound import Attachment, InboundMail, MailPlace, NewMessage, NewMessages, Unrecognised
from mail import exports, tables
from mail.reading import read_mail
from mail.rules import MailRules
from tests.mail.keeping import now

TABLES = Path(__file__).parent / "samples" / "tables"
FILES = sorted(path for path in TABLES.iterdir() if path.suffix != ".json")
HEADER = "Номер;Адрес;Текст\n"


def _file(path: Path) -> Attachment:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path.name, kind, path.read_bytes())


def _csv(text: str, name: str = "выгрузка.csv") -> Attachment:
    return Attachment(name, "text/csv", text.encode())


def _plain(value: object) -> Any:
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_table_is_read_as_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    found = exports.found_in([_file(path)])
    read = found.messages or NewMessages((), ())
    assert list(read.places) == list(expected["cards"])
    for card, fields in zip(read.cards, expected["cards"].values(), strict=True):
        assert _plain(asdict(card)).items() >= fields.items()
    if found.messages:
        assert list(read.problems) == expected["problems"]
        assert list(found.problems) == expected["doubts"]
    else:
        assert list(found.problems) == expected["problems"]
    assert list(read.notes) == expected["notes"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", list(";,\t|"))
def test_csv_is_read_whatever_its_charset_and_delimiter(charset: str, delimiter: str) -> None:
    rows = [["Номер", "Дата", "Текст"], ["700100", "02.03.2026", "Яма на дороге, у дома; опасно"],
            ["700101", "2026-03-03", "Не горит фонарь"]]  # fmt: skip
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    file = Attachment("a.csv", "text/csv", "\r\n".join(lines).encode(charset))
    found = exports.found_in([file]).messages
    assert found
    assert [(one.number, one.sent_on, one.text) for one in found.cards] == [
        ("700100", date(2026, 3, 2), "Яма на дороге, у дома; опасно"),
        ("700101", date(2026, 3, 3), "Не горит фонарь"),
    ]


def test_unquoted_commas_of_citizens_do_not_move_the_columns() -> None:
    text = "".join(f"7000{n};Мира, {n}, подъезд 1, 2, 3;Яма, грязь, {'лужа, ' * n}вода\n"
                   for n in range(1, 9))  # fmt: skip
    found = exports.found_in([_csv(HEADER + text)]).messages
    assert found
    assert found.cards[2].place == "Мира, 3, подъезд 1, 2, 3"
    assert len(found.cards) == 8


def test_number_of_the_other_system_serves_where_the_first_is_empty() -> None:
    table = "Номер ЕЦУР;Номер в источнике;Текст\n;ВК-7;Яма\n700;ВК-8;Лужа\n"
    found = exports.found_in([_csv(table)]).messages
    assert found
    assert [one.number for one in found.cards] == ["ВК-7", "700"]


def test_ordinal_column_is_not_taken_for_the_number() -> None:
    found = exports.found_in([_csv("№;№ п/п;Адрес;Текст;Статус\n1;1;Мира;Яма;В работе\n")])
    assert found.messages is None
    assert "нет столбцов номера и текста" in found.problems[0]


def test_citizens_contacts_go_to_the_applicant_and_out_of_the_text() -> None:
    table = "Номер;Почта заявителя;Заявитель;Текст\n7;a@b.example;Иванов;\"Яма\nТелефон: 8 900\"\n"
    found = exports.found_in([_csv(table)]).messages
    assert found
    card = found.cards[0]
    assert card.text == "Яма"
    assert card.applicant.name == "Иванов"
    assert "8 900" in card.applicant.contacts
    assert "Иванов" not in repr(found)


def test_every_sheet_with_messages_is_read_and_named() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first
    first.title = "Февраль"
    second, third = book.create_sheet("Март"), book.create_sheet("Справка")
    for sheet, number in ((first, 71), (second, 72)):
        sheet.append(["Номер", "Текст", "Адрес"])
        sheet.append([number, "Яма", "Мира"])
    third.append(["Всего", 2])
    stream = io.BytesIO()
    book.save(stream)
    found = exports.found_in([Attachment("a.xlsx", "", stream.getvalue())]).messages
    assert found
    assert found.places == tuple(
        f"«a.xlsx», лист «{month}», строка 2" for month in ("Февраль", "Март"))
    assert [one.number for one in found.cards] == ["71", "72"]


def test_too_many_rows_are_cut_and_said() -> None:
    rows = "".join(f"7{n};Мира;Яма\n" for n in range(tables.MOST_ROWS + 50))
    found = exports.found_in([_csv(HEADER + rows)]).messages
    assert found
    assert len(found.cards) == tables.MOST_ROWS - 1  # the header is a row too
    assert "остальные не прочитаны" in found.problems[0]


def test_rows_far_below_and_columns_far_right_cost_nothing() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet.append(["Номер", "Текст", "Адрес"])
    sheet.append([71, "Яма", "Мира"])
    sheet.cell(2, 16384, "x")
    sheet.cell(1_048_576, 1, "x")
    stream = io.BytesIO()
    book.save(stream)
    started = time.process_time()
    found = exports.found_in([Attachment("a.xlsx", "", stream.getvalue())]).messages
    assert time.process_time() - started < 2
    assert found
    assert len(found.cards) == 1


def test_workbook_that_unpacks_to_gigabytes_is_refused_unread() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MOST_UNPACKED + 1))
    with pytest.raises(BadTableError, match="в распакованном виде больше 64 МБ"):
        tables.sheets_of(Attachment("a.xlsx", "", stream.getvalue()))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "старый формат Excel"), (b"PK\3\4oops", "не читается"),
     (b"0" * (tables.MOST_BYTES + 1), "не больше 20 МБ")],
)  # fmt: skip
def test_table_that_cannot_be_read_says_what_to_do(content: bytes, said: str) -> None:
    found = exports.found_in([Attachment("a.xlsx", "", content)])
    assert found.messages is None
    assert said in found.problems[0]


def test_workbook_with_entities_of_its_own_is_not_expanded() -> None:
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi",
                                                                    strict=True))
        + "]><worksheet><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData>"
        "</worksheet>"
    )  # fmt: skip
    spoilt = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(spoilt, "w") as new:
        for one in old.infolist():
            sheet = one.filename.endswith("sheet1.xml")
            new.writestr(one, bomb if sheet else old.read(one))
    started = time.process_time()
    found = exports.found_in([Attachment("a.xlsx", "", spoilt.getvalue())])
    assert time.process_time() - started < 2
    assert found.messages is None


def _mail(body: bytes, name: str, sender: str = "export@msed.example") -> InboundMail:
    head = (
        f"From: {sender}\r\nTo: bot@mytischi.example\r\nMessage-ID: <a@b>\r\n"
        f"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nВыгрузка\r\n--x\r\n"
        f"Content-Type: image/jpeg; name=1.jpg\r\n\r\nJPEG\r\n--x\r\n"
        f"Content-Disposition: attachment; filename={name}\r\n\r\n"
    )
    raw = head.encode() + body + b"\r\n--x--\r\n"
    rules = MailRules("bot@mytischi.example", msed_senders=("msed.example",))
    return read_mail(raw, MailPlace("INBOX", 1, 1), now(), rules)


def test_table_of_one_message_is_a_message_with_the_other_files() -> None:
    mail = _mail((HEADER + "700;Мира;Яма").encode(), "a.csv")
    assert isinstance(mail.reading, NewMessage)
    assert [one.name for one in mail.attachments] == ["1.jpg"]


def test_table_of_many_messages_is_read_row_by_row() -> None:
    mail = _mail((HEADER + "700;Мира;Яма\n701;Мира;Лужа").encode(), "a.csv")
    assert isinstance(mail.reading, NewMessages)
    assert [one.number for one in mail.reading.cards] == ["700", "701"]


def test_table_of_a_stranger_opens_nothing_and_says_why() -> None:
    mail = _mail((HEADER + "700;Мира;Яма\n701;Мира;Лужа").encode(), "a.csv", "a@b.example")
    assert isinstance(mail.reading, Unrecognised)
    assert "MSED_SENDERS" in mail.reading.reason


def test_table_that_is_no_export_is_explained() -> None:
    mail = _mail("Материал;Цена\nЩебень;100".encode(), "a.csv")
    assert isinstance(mail.reading, Unrecognised)
    assert any("Опишите" in one or "опишите" in one for one in mail.problems)


CELLS = st.text(max_size=30) | st.integers().map(str) | st.sampled_from(
    ["Номер", "Текст", "Адрес", "Статус", "511", "закрыто", "2026-03-01", '"', ";", "\n", "<br>"])
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=8)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "cp1251", "utf-16"]))
def test_any_delimited_rows_are_read_without_a_crash(
    rows: list[list[str]], delimiter: str, charset: str
) -> None:
    text = "\n".join([delimiter.join(("Номер", "Текст", "Адрес")),
                      *(delimiter.join(row) for row in rows)])  # fmt: skip
    found = exports.found_in([Attachment("a.csv", "", text.encode(charset, "replace"))])
    read = found.messages
    assert read is None or len(read.places) == len(read.cards)
    assert read is None or all(one.number and one.text for one in read.cards)


WORKBOOK = (TABLES / "operational.xlsx").read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), max_size=12),
       st.integers(0, len(WORKBOOK)))  # fmt: skip
def test_spoilt_workbooks_are_read_without_a_crash(
    changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(WORKBOOK)
    for place, value in changes:
        data[place] = value
    for content in (bytes(data), WORKBOOK[:end]):
        found = exports.found_in([Attachment("a.xlsx", "", content)])
        assert found.messages or found.problems
