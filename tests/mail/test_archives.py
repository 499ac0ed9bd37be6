"""Files inside files: ZIP and winmail.dat are opened, bombs and broken ones stay whole."""

import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inbound import Attachment, NewMessages, PersonReply
from mail import tnef
from mail.archives import MOST_ENTRIES, opened
from mail.msed import understand
from mail.parsing import Letter
from mail.rules import MailRules

RULES = MailRules("bot@gorod.test", ("msed.example",))


def _zip(files: dict[str, bytes], *, packed: bool = True) -> Attachment:
    stream = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Attachment("архив.zip", "application/zip", stream.getvalue())


def test_files_of_a_zip_take_its_place() -> None:
    files, problems = opened([_zip({"фото/1.jpg": b"JPEG", "акт.pdf": b"%PDF", "пусто/": b""})])
    assert [(one.name, one.media_type, one.content) for one in files] == [
        ("1.jpg", "image/jpeg", b"JPEG"), ("акт.pdf", "application/pdf", b"%PDF")]
    assert problems == ()


def test_names_written_by_old_windows_archivers_are_read() -> None:
    archive = _zip({"________.txt": b"1"})
    renamed = archive.content.replace(b"________.txt", "Обращени.txt".encode("cp866"))
    files, _ = opened([Attachment("a.zip", "", renamed)])
    assert [one.name for one in files] == ["Обращени.txt"]


@pytest.mark.parametrize(
    ("inside", "bare"),
    [("../../etc/passwd", "passwd"), ("/abs/x.txt", "x.txt"), ("C:\\Windows\\a.dll", "a.dll"),
     ("..", "файл"), ("a\x01b|c.txt", "a_b_c.txt")],
)  # fmt: skip
def test_names_that_point_elsewhere_lose_their_way(inside: str, bare: str) -> None:
    files, _ = opened([_zip({inside: b"x"})])
    assert [one.name for one in files] == [bare]


def test_litter_of_archivers_is_left_out() -> None:
    files, _ = opened([_zip({"__MACOSX/._1.jpg": b"x", ".DS_Store": b"x", "1.jpg": b"x"})])
    assert [one.name for one in files] == ["1.jpg"]


def _locked() -> Attachment:
    archive = bytearray(_zip({"a.txt": b"x"}).content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + flags] |= 1
    return Attachment("a.zip", "", bytes(archive))


KEPT_WHOLE: dict[str, Callable[[], Attachment]] = {
    "неправдоподобно сильно": lambda: _zip({"a.bin": b"0" * 30_000_000}),
    "больше 100 МБ": lambda: _zip({f"{n}": b"ab" * 14_000_000 for n in range(4)}),
    f"больше {MOST_ENTRIES} файлов": lambda: _zip({f"{n}.txt": b"" for n in range(201)}),
    "защищён паролем": _locked,
    "повреждён": lambda: Attachment("a.zip", "", _zip({"a.txt": b"x" * 99}).content[:-30]),
}


@pytest.mark.parametrize("why", KEPT_WHOLE)
def test_archive_that_is_not_opened_stays_whole_and_says_why(why: str) -> None:
    archive = KEPT_WHOLE[why]()
    started = time.process_time()
    files, problems = opened([archive])
    assert time.process_time() - started < 1
    assert files == (archive,)
    assert why in problems[0]
    assert archive.name in problems[0]


def test_entry_that_lies_about_its_size_unpacks_no_further() -> None:
    archive = bytearray(_zip({"a.bin": b"0" * 200_000_000}).content)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = archive.index(mark) + place
        archive[start : start + 4] = struct.pack("<I", 1000)
    started = time.process_time()
    files, problems = opened([Attachment("a.zip", "", bytes(archive))])
    assert time.process_time() - started < 0.1
    assert len(files) == 1
    assert "повреждён" in problems[0]


def test_archive_inside_an_archive_and_documents_are_not_opened() -> None:
    inner = _zip({"a.txt": b"x"})
    document = Attachment("отчёт.docx", "application/octet-stream", inner.content)
    container = Attachment("document.edc.zip", "application/zip", inner.content)
    files, problems = opened([_zip({"inner.zip": inner.content}), document, container])
    assert [one.name for one in files] == ["inner.zip", "отчёт.docx", "document.edc.zip"]
    assert problems == ()


def test_photos_sent_in_an_archive_come_with_the_answer() -> None:
    letter = Letter(sender="a@b.example", recipients=("bot+k3v9x2m7q5w8@gorod.test",),
                    text="Сделано", attachments=(_zip({"1.jpg": b"JPEG"}),))  # fmt: skip
    seen = understand(letter, RULES)
    assert seen.reading == PersonReply("k3v9x2m7q5w8", "Сделано")
    assert [one.name for one in seen.files or ()] == ["1.jpg"]


def test_table_inside_an_archive_is_read() -> None:
    table = "Номер;Адрес;Текст\n700;Мира;Яма\n701;Мира;Лужа\n".encode("cp1251")
    letter = Letter(sender="a@msed.example", attachments=(_zip({"a.csv": table}),))
    seen = understand(letter, RULES)
    assert isinstance(seen.reading, NewMessages)
    assert len(seen.reading.cards) == 2


def _object(level: int, kind: int, data: bytes) -> bytes:
    checksum = struct.pack("<H", sum(data) % 65536)
    return struct.pack("<BHHI", level, kind, 6, len(data)) + data + checksum


def _property(kind: int, name: int, data: bytes) -> bytes:
    padded = data + b"\0" * (-len(data) % 4)
    return struct.pack("<HHII", kind, name, 1, len(data)) + padded


def _tnef(*objects: bytes) -> bytes:
    return tnef.SIGNATURE + b"\x01\x00" + b"".join(objects)


def _winmail() -> bytes:
    """As Outlook makes it: a short name in cp1251, and once a long one in UTF-16."""
    named = struct.pack("<I", 3) + b"".join((
        struct.pack("<HHI", 0x0003, 0x0E20, 4),
        struct.pack("<HH", 0x000B, 0x8001) + b"G" * 16 + struct.pack("<III", 0, 5, 1),
        _property(0x001F, 0x3707, "Фото после работ.jpg\0".encode("utf-16-le")),
    ))  # fmt: skip
    return _tnef(
        _object(1, 0x9006, b"\0\0\1\0"), _object(1, 0x9007, struct.pack("<II", 1251, 0)),
        _object(1, 0x8004, b"subject\0"),
        _object(2, 0x9002, b"\0" * 14), _object(2, 0x8010, "Акт.pdf\0".encode("cp1251")),
        _object(2, 0x800F, b"%PDF-1.4"),
        _object(2, 0x9002, b"\0" * 14), _object(2, 0x8010, b"FOTO~1.JPG\0"),
        _object(2, 0x800F, b"JPEG"), _object(2, 0x9005, named),
    )  # fmt: skip


def test_files_of_winmail_dat_take_its_place() -> None:
    parcel = Attachment("winmail.dat", "application/ms-tnef", _winmail())
    files, problems = opened([parcel])
    assert [(one.name, one.media_type, one.content) for one in files] == [
        ("Акт.pdf", "application/pdf", b"%PDF-1.4"),
        ("Фото после работ.jpg", "image/jpeg", b"JPEG"),
    ]
    assert problems == ()


def test_torn_winmail_dat_stays_whole() -> None:
    parcel = Attachment("winmail.dat", "application/ms-tnef", _winmail()[:-40])
    files, problems = opened([parcel])
    assert files == (parcel,)
    assert "вложение Outlook повреждено" in problems[0]


def test_parcel_that_claims_billions_of_properties_is_done_with_at_once() -> None:
    many = struct.pack("<I", 2**32 - 1)
    several = struct.pack("<IHHI", 1, 0x101E, 0x3707, 2**32 - 1) + b"\0" * 400_000
    started = time.process_time()
    for properties in (many, several):
        objects = _object(2, 0x9002, b""), _object(2, 0x800F, b"x"), _object(2, 0x9005, properties)
        opened([Attachment("winmail.dat", "application/ms-tnef", _tnef(*objects))])
    opened([Attachment("winmail.dat", "", _tnef(*[_object(2, 0x9002, b"")] * 300_000))])
    assert time.process_time() - started < 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(6, len(_winmail()) - 1), st.binary(max_size=4)), max_size=8))
def test_spoilt_parcels_are_opened_or_kept_whole(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(_winmail())
    for place, piece in changes:
        data[place : place + len(piece)] = piece
    parcel = Attachment("winmail.dat", "application/ms-tnef", bytes(data))
    files, problems = opened([parcel])
    assert (files == (parcel,)) == bool(problems)


SAMPLE = _zip({"1.jpg": b"JPEG" * 50, "a/b.txt": b"text"}).content


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(2, len(SAMPLE) - 1), st.binary(max_size=4)), max_size=8),
       st.integers(2, len(SAMPLE)))  # fmt: skip
def test_spoilt_zips_are_opened_or_kept_whole(changes: list[tuple[int, bytes]], end: int) -> None:
    data = bytearray(SAMPLE)
    for place, piece in changes:
        data[place : place + len(piece)] = piece
    for content in (bytes(data), SAMPLE[:end]):
        archive = Attachment("a.zip", "application/zip", content)
        files, problems = opened([archive])
        assert bool(problems) == (files == (archive,))
