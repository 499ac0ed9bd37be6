"""The office writes its own layout in a file; a fault in it is named, a good one is obeyed."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import BadTableError
from core.inbound import MsedNotice, NewMessage, NewMessages, NoticeKind, Reading, Unrecognised
from mail.msed import understand
from mail.parsing import parse
from mail.profiles import load_profiles
from mail.rules import MailRules
from mail.samples import as_table, read_samples

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"
TABLE = """
name = "Наша выгрузка"
reader = "table"
sender = "@msed.example"
subject = "^Выгрузка"
file = "report*.csv"

[fields]
"Рег. № МСЭД" = "номер"
"Суть" = "текст"
"Когда" = "дата"
"Категория" = "тема"
"Текст" = "-"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    return tmp_path / "profiles"


def _rules(folder: Path) -> MailRules:
    return MailRules("bot@gorod.test", ("msed.example",), profiles=load_profiles(folder))


def _read(folder: Path, body: str, *, subject: str = "Выгрузка", name: str = "report1.csv",
          sender: str = "a@msed.example") -> Reading:
    head = (f"From: {sender}\nSubject: {subject}\nMessage-ID: <a@b>\n"
            "Content-Type: multipart/mixed; boundary=x\n\n--x\n"
            f"Content-Disposition: attachment; filename={name}\n\n")
    return understand(parse(f"{head}{body}\n--x--\n".encode()), _rules(folder)).reading


CSV = "Рег. № МСЭД;Суть;Когда;Категория;Текст\nА-1;Яма;02.03.2026;Дороги;внутренний\n"


def test_table_is_read_by_the_offices_own_headings(folder: Path) -> None:
    (folder / "ours.toml").write_text(TABLE)
    reading = _read(folder, CSV)
    assert isinstance(reading, NewMessage)
    card = reading.card
    assert (card.number, card.text, card.sent_on) == ("А-1", "Яма", date(2026, 3, 2))
    assert (card.topic, card.category) == ("Дороги", "")


def test_without_the_profile_the_same_table_is_not_read(folder: Path) -> None:
    assert isinstance(_read(folder, CSV), Unrecognised)


@pytest.mark.parametrize("other", [
    {"subject": "Отчёт"}, {"name": "other.csv"}, {"sender": "a@stranger.example"}])  # fmt: skip
def test_profile_reads_only_letters_it_is_meant_for(folder: Path, other: dict[str, str]) -> None:
    (folder / "ours.toml").write_text(TABLE)
    assert isinstance(_read(folder, CSV, **other), Unrecognised)


def test_profile_grants_no_trust(folder: Path) -> None:
    (folder / "ours.toml").write_text(TABLE.replace("@msed.example", "@stranger.example"))
    reading = _read(folder, CSV, sender="a@stranger.example")
    assert isinstance(reading, Unrecognised)
    assert "MSED_SENDERS" in reading.reason


def test_lines_and_notices_are_read_by_profiles_too(folder: Path) -> None:
    (folder / "card.toml").write_text(
        'reader = "lines"\n[fields]\n"Вх. номер" = "номер"\n"Жалоба" = "текст"\n'
        '"Абонент" = "заявитель"\n')  # fmt: skip
    (folder / "notice.toml").write_text(
        'reader = "notice"\n[fields]\n"Состояние" = "уведомление"\n'
        '"По обращению" = "номер сообщения"\n')  # fmt: skip
    rules = _rules(folder)

    def read(body: str) -> Reading:
        head = "From: a@msed.example\nMessage-ID: <a@b>\nContent-Type: text/plain; charset=utf-8"
        return understand(parse(f"{head}\n\n{body}".encode()), rules).reading

    card = read("Вх. номер: 7\nАдрес: Мира\nЖалоба: Яма\nАбонент: Иванов\n")
    assert isinstance(card, NewMessage)
    assert (card.card.number, card.card.text) == ("7", "Яма")
    assert card.card.applicant.name == "Иванов"
    assert read("Состояние: Зарегистрирован\nПо обращению: 7\n") == MsedNotice(
        NoticeKind.REGISTERED, "7")


def test_profile_may_switch_the_built_in_headings_off(folder: Path) -> None:
    (folder / "only.toml").write_text(
        'builtin = false\n[fields]\n"Код" = "номер"\n"Суть" = "текст"\n"Где" = "адрес"\n')
    reading = _read(folder, "Номер;Код;Суть;Где\n1;77;Яма;Мира\n")
    assert isinstance(reading, NewMessage)
    assert reading.card.number == "77"


FAULTS = {
    'reader = "tabel"': ["reader", "«tabel» неизвестно", "table, lines, notice"],
    'sender = 5': ["sender", "адрес или список адресов"],
    'builtin = "нет"': ["builtin", "true или false"],
    'subject = "("': ["subject", "записано неверно"],
    'colour = "red"': ["colour", "такого ключа нет"],
    '[fields]\n"Суть" = "nomber"': ["fields.Суть", "поля «nomber» нет", "номер"],
    '[fields]\n"Суть" = 5': ["fields", '"Заголовок столбца" = "номер"'],
    'builtin = false\n[fields]\n"Где" = "адрес"': ["builtin", "встроенные отключены"],
    'name = "a': ["не по правилам TOML", "конец файла"],
    'name = "a"\nreader table': ["не по правилам TOML", "строка 2, знак 8"],
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_fault_names_the_file_the_key_and_what_to_write(folder: Path, text: str) -> None:
    (folder / "наш.toml").write_text(text)
    with pytest.raises(BadTableError) as raised:
        load_profiles(folder)
    assert "Профиль наш.toml" in str(raised.value)
    for piece in FAULTS[text]:
        assert piece in str(raised.value)


def test_all_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    (folder / "a.toml").write_text('reader = "x"\nsender = 1\n')
    (folder / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadTableError, match=r"a\.toml.*sender.*reader.*b\.toml.*UTF-8"):
        load_profiles(folder)


def test_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match="PROFILES_DIR"):
        load_profiles(tmp_path / "nowhere")


def test_example_of_the_page_for_the_office_works(folder: Path) -> None:
    example = PAGE.read_text().split("```toml\n")[1].split("```")[0]
    (folder / "example.toml").write_text(example)
    (profile,) = load_profiles(folder)
    assert profile.name in PAGE.read_text()
    table = "Рег. номер;Дата регистрации;Содержание обращения;Место;Исполнитель\n"
    reading = _read(folder, table + "1;02.03.2026;Яма;Мира;ДУ\n2;03.03.2026;Лужа;Мира;ДУ\n",
                    subject="Выгрузка за март", name="vygruzka-03.csv")
    assert isinstance(reading, NewMessages)
    assert [(one.number, one.text, one.place) for one in reading.cards] == [
        ("1", "Яма", "Мира"), ("2", "Лужа", "Мира")]


def test_samples_are_told_file_by_file_with_what_was_not_read(
    folder: Path, tmp_path: Path
) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "1.eml").write_bytes(
        "From: a@b.example\nMessage-ID: <1@b>\nContent-Type: text/plain; charset=utf-8\n\n"
        "Номер: 1\nТекст: яма\nАдрес: там\nЗаявитель: Иванов\n".encode())
    (samples / "2.csv").write_text(
        "Рег. № МСЭД;Суть;Когда;Бригада\nА-1;Яма;02.03.2026;3\nА-2;Лужа;;3\n;Снег;;3\n")
    (samples / "3.csv").write_text("Цена;Вес\n1;2\n")
    (folder / "ours.toml").write_text(
        TABLE.replace("report*.csv", "*.csv").replace("^Выгрузка", ""))
    first, second, third = read_samples(samples, _rules(folder))
    assert (first.kind, first.understood) == ("new_message", True)
    assert dict(first.filled) == {"номер": 1, "текст": 1, "адрес": 1, "заявитель": 1}
    assert any("a@b.example нет в MSED_SENDERS" in one for one in first.problems)
    assert (second.profile, second.count) == ("Наша выгрузка", 2)
    assert dict(second.filled) == {"номер": 2, "текст": 2, "дата": 1}
    assert second.unread == ("Бригада",)
    assert second.problems == ("«2.csv», строка 4: нет номера.",)
    assert not third.understood
    shown = as_table((first, second, third))
    assert "✗ 3.csv: НЕ РАСПОЗНАНО" in shown
    assert "прочитано: номер, текст, дата (1 из 2)" in shown
    assert "столбцы без поля: «Бригада»" in shown
    assert shown.endswith("Распознано 2 из 3.")
    assert "Иванов" not in shown


def test_empty_folder_of_samples_says_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(BadTableError, match="положите туда письма"):
        read_samples(tmp_path, MailRules("bot@gorod.test"))
