"""Any bytes are a letter: real ones read right, broken ones read as far as they go."""

import base64
import random
import time
import tracemalloc

import pybase64
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inbound import Unrecognised
from mail.charsets import decode
from mail.headers import from_base64, parameters_of, text_of
from mail.hypertext import to_text
from mail.msed import understand
from mail.parsing import Letter, parse
from mail.rules import MailRules
from tests.mail.test_reading import DATA

RULES = MailRules(mail_from="bot@mytischi.example", msed_senders=("msed.example",))
SAMPLES = [path.read_bytes() for path in sorted(DATA.glob("*.eml"))]
PIECES = (
    b"",
    b"\0",
    b"\xff",
    b"\r\n\r\n",
    b"--",
    b"=?",
    b";",
    b'"',
    b"(",
    b"<",
    b":",
    b"\r\n ",
    b"=",
)
SENTENCE = "Работы по ремонту дорожного покрытия у дома № 15 выполнены"


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "iso8859_5", "mac_cyrillic", "utf-8"])
@pytest.mark.parametrize("said", ["", "us-ascii", "utf-8", "iso-8859-1", "x-unknown", "koi8-r"])
def test_russian_text_is_read_whatever_charset_is_claimed(charset: str, said: str) -> None:
    sentence = SENTENCE.replace("№", "N")
    assert decode(sentence.encode(charset), said)[0] == sentence


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "utf-8"])
def test_subject_in_raw_bytes_is_read(charset: str) -> None:
    raw = b"Subject: " + "Ответ на поручение".encode(charset) + b"\r\n\r\n"
    assert parse(raw).subject == "Ответ на поручение"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("=?utf-8?B?0J/R?= =?utf-8?B?gNC40LLQtdGC?=", "Привет"),
        ("=?utf-8?Q?=D0=9F=D1?=\r\n =?utf-8?Q?=80=D0=B8?=", "При"),
        ("=?koi8-r?B?8NLJ18XU?= мир", "Привет мир"),
        ("=?windows-1251?Q?=CF=F0=E8?= =?utf-8?B?0LI=?=", "Прив"),
        ("=?utf-8*ru?B?0J/RgNC4?=", "При"),
        ("=?utf-8?Q?a b?= c", "a b c"),
        ("=?нет?X?y?=", "=?нет?X?y?="),
        ("=?utf-8?B?0J/RgNC4=?=", "При"),
    ],
)  # fmt: skip
def test_encoded_words_are_read_generously(field: str, text: str) -> None:
    raw = f"Subject: {field}\r\n\r\n".encode()
    assert parse(raw).subject == text


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("attachment; filename*=utf-8''%D0%90%D0%BA%D1%82.pdf", "Акт.pdf"),
        ("attachment; filename*0*=cp1251''%C0%EA; filename*1*=%F2; filename*2=.pdf", "Акт.pdf"),
        ('attachment; filename="=?utf-8?B?0JDQutGCLnBkZg==?="', "Акт.pdf"),
        ("attachment; filename=Акт.pdf", "Акт.pdf"),
        ('attachment; filename="a;b.pdf"; size=1', "a;b.pdf"),
        ('attachment; filename="не закрыта.pdf', "не закрыта.pdf"),
        (r'attachment; filename="C:\\Users\\a\\Акт.pdf"', "C:\\Users\\a\\Акт.pdf"),
        ("attachment; filename*1*=%82; filename*0*=utf-8''%D0%90%D0%BA%D1", "Акт"),
    ],
)  # fmt: skip
def test_file_names_of_every_spelling_are_read(field: str, name: str) -> None:
    assert parameters_of(field)["filename"] == name


def test_path_in_a_file_name_is_dropped() -> None:
    raw = b'Content-Type: application/pdf; name="../../etc/passwd"\r\n\r\nx'
    assert parse(raw).attachments[0].name == "passwd"


@pytest.mark.parametrize(
    ("data", "content"),
    [(b"0JDQ\r\nutGC", "Акт"), (b"0JDQutGC=", "Акт"), (b"0JD!Q utGC", "Акт"),
     (b"0JDQutGCx", "Акт"), (b"0JDQ\nugo=\n0YI=", "Ак\nт")],
)  # fmt: skip
def test_broken_base64_gives_what_it_holds(data: bytes, content: str) -> None:
    assert from_base64(data).decode() == content


def letter_with(encoding: str, written: bytes) -> bytes:
    return (b'\xef\xbb\xbf\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
            b"--b\r\n\r\ntext\r\n"
            b"--b\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Transfer-Encoding: "
            + encoding.encode() + b"\r\n\r\n" + written + b"\r\n--b--\r\n")


@pytest.mark.parametrize("written", [b"0JDQ\r\nutGC", b"0JDQutGC\r\n", b"0JDQutI=", b""])
def test_attachment_in_base64_says_where_in_the_letter_it_stands(written: bytes) -> None:
    raw = letter_with("BASE64", written)
    (found,) = parse(raw).attachments
    assert found.place is not None
    assert raw[slice(*found.place)] == written
    assert pybase64.b64decode(raw[slice(*found.place)]) == found.content


@pytest.mark.parametrize(("encoding", "written"), [
    ("base64", b"0JDQutGCx"), ("base64", b"0JDQugo=\n0YI="), ("7bit", b"0JDQutGC"),
    ("quoted-printable", b"=D0"), ("base64", base64.b64encode(b"0" * 1_000_000))])
def test_other_attachments_say_no_place_and_are_kept_by_themselves(
        encoding: str, written: bytes) -> None:
    (found,) = parse(letter_with(encoding, written)).attachments
    assert found.place is None


def test_html_becomes_the_text_a_reader_sees() -> None:
    html = (
        "<style>p{}</style><p>Уваж<b>аем</b>ый!</p><table><tr><td>Срок</td><td>5 марта</td></tr>"
        "</table><ul><li>раз<li>два</ul><script>alert(1)</script>a<br>b&nbsp;&laquo;c&raquo;"
    )
    assert to_text(html) == "Уважаемый!\n\nСрок 5 марта\n• раз\n• два\na\nb «c»"


def test_text_wins_over_html_and_html_over_an_empty_text() -> None:
    def alternative(plain: str) -> bytes:
        return (
            'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n'
            f"Content-Type: text/plain\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n"
            "<p>html</p>\r\n--b--\r\n"
        ).encode()

    assert parse(alternative("plain")).text == "plain"
    assert parse(alternative("  ")).text == "html"


def test_letter_inside_a_letter_is_a_file_and_not_the_text() -> None:
    inner = "From: a@b.example\r\nSubject: =?utf-8?B?0JDQutGC?=\r\n\r\nвнутри"
    raw = (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nснаружи\r\n--b\r\n'
        f"Content-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    ).encode()
    letter = parse(raw)
    assert letter.text == "снаружи"
    assert letter.attachments[0].name == "Акт.eml"
    assert parse(letter.attachments[0].content).text == "внутри"


def test_deeply_nested_parts_are_read_as_text_with_the_problem_said() -> None:
    raw = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(3000)
    )
    letter = parse(b"Subject: x\r\n" + raw + b"\r\ntext")
    assert letter.subject == "x"
    assert any("слишком глубоко" in one for one in letter.problems)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0" * 1000, b"\xff\xfe" * 500, b"\r\n\r\n\r\n", b"From", b":", b": \r\n:\r\n",
     b"Content-Type: multipart/mixed\r\n\r\n--\r\n", b"From: " + b"<" * 50_000,
     b"To: " + b"a@b," * 50_000, b"Subject: " + b"=?utf-8?B?" * 20_000,
     b"Content-Type: text/plain; charset=" + b"x" * 10_000 + b"\r\n\r\n\xff",
     b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000,
     b"References: " + b"<a@b> " * 50_000, b"Date: 99 Foo 99999 99:99:99 +9999\r\n\r\n",
     b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"\xe0." * 50_000,
     b"begin 644 a\n" + b"M" * 100_000 + b"\nend\n", b"a:b\r\n" * 100_000],
    ids=range(18),
)  # fmt: skip
def test_hostile_bytes_are_a_letter_within_moments(raw: bytes) -> None:
    started = time.process_time()
    letter = parse(raw)
    understand(letter, RULES)
    assert isinstance(letter, Letter)
    assert time.process_time() - started < 5


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None, database=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    letter = parse(raw)
    letter.text.encode()
    letter.subject.encode()
    assert "\0" not in letter.text


@given(st.integers(0, len(SAMPLES) - 1), st.randoms(use_true_random=False), st.integers(1, 12))
@settings(max_examples=250, deadline=None, database=None)
def test_spoilt_letters_are_read_without_a_crash(
    sample: int, chance: random.Random, times: int
) -> None:
    raw = bytearray(SAMPLES[sample])
    for _ in range(times):
        start = chance.randrange(len(raw) + 1)
        end = min(len(raw), start + chance.randrange(40))
        raw[start:end] = chance.choice([*PIECES, bytes(raw[end : end + 60])])
    letter = parse(bytes(raw))
    for text in (letter.text, letter.subject, letter.sender, letter.message_id):
        text.encode()
    seen = understand(letter, RULES)
    crashed = (
        isinstance(seen.reading, Unrecognised) and "не удалось разобрать" in seen.reading.reason
    )
    assert not crashed


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None, database=None)
def test_any_header_is_one_clean_line(text: str) -> None:
    clean = text_of(text.encode("utf-8", "replace").decode("ascii", "surrogateescape"))
    assert "\n" not in clean
    assert "\0" not in clean


def test_photograph_of_a_letter_is_held_once() -> None:
    """Beside the letter's own bytes little more than the attachment is needed."""
    photo = random.Random(3).randbytes(8_000_000)
    body = base64.encodebytes(photo).replace(b"\n", b"\r\n")
    raw = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    del body
    tracemalloc.start()
    try:
        letter = parse(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert letter.attachments[0].content == photo
    assert peak < 1.6 * len(photo)


LINES = st.sampled_from([
    "Номер", "Текст", "Адрес", "Дата", "Публичность", "Заявитель", "Контакты", "Повтор к",
    "Уведомление", "Причина", "Регистрационный номер", "нечто"])  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(LINES, st.text(max_size=20)), max_size=12), st.booleans())
def test_any_card_or_notice_is_read_without_a_crash(
    lines: list[tuple[str, str]], table: bool
) -> None:
    rows = "".join(f"<tr><td>{name}</td><td>{said}</td></tr>" for name, said in lines)
    text = "\n".join(f"{name}: {said}" for name, said in lines)
    letter = Letter(sender="a@msed.example", text=text, html=f"<table>{rows}</table>" * table)
    reading = understand(letter, RULES).reading
    assert not (isinstance(reading, Unrecognised) and "не удалось разобрать" in reading.reason)


def test_a_spoilt_field_amid_others_does_not_end_the_header() -> None:
    raw = (b"From: a@b.example\r\nSubject: \xd0\xaf\xd0\xbc\xd0\xb0\r\n"
           b"User-\x98\x91Mail/0.9 (x: 1.0\r\n"
           b"Content-Type: text/html\r\nMessage-ID: <1@b.example>\r\n\r\n<p>\xd0\x94\xd0\xb0</p>")
    letter = parse(raw)
    assert (letter.subject, letter.message_id, letter.text) == ("Яма", "<1@b.example>", "Да")


def test_a_body_without_an_empty_line_before_it_stays_a_body() -> None:
    letter = parse(b"From: a@b.example\r\nSubject: x\r\nHello Bob,\r\nNote: this is text\r\n")
    assert letter.text == "Hello Bob,\nNote: this is text"
