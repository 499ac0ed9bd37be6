"""R33: what МСЭД answers in a few words to the package we sent."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inbound import MsedNotice, NoticeKind, PersonReply, Reading, Unrecognised
from mail.msed import understand
from mail.parsing import Letter
from mail.rules import MailRules

RULES = MailRules("bot@gorod.test", ("msed.example",))
SUBJECT = "RE: [ЕКЖ-2026-000123] Ответ на сообщение: Дороги"


def read(text: str, subject: str = SUBJECT, sender: str = "export@msed.example",
         to: str = "bot@gorod.test") -> Reading:
    return understand(Letter(sender=sender, subject=subject, text=text, recipients=(to,)),
                      RULES).reading


@pytest.mark.parametrize(("text", "kind", "number", "reason"), [
    ("Зарегистрировано: вх. № 145-В от 24.11.2026", NoticeKind.REGISTERED, "145-В", ""),
    ("Документ зарегистрирован под номером 77/2026.", NoticeKind.REGISTERED, "77/2026", ""),
    ("Отказано: не приложен документ в формате PDF.", NoticeKind.RETURNED, "",
     "не приложен документ в формате PDF."),
    ("Здравствуйте!\nОтказано в регистрации. Причина: нет подписи.", NoticeKind.RETURNED, "",
     "нет подписи."),
    ("Отклонено.\nПричина отказа: ответ\nне по существу", NoticeKind.RETURNED, "",
     "ответ не по существу"),
    ("Ответ не принят", NoticeKind.RETURNED, "", "Ответ не принят"),
    ("Ответ опубликован на портале 25.11.2026", NoticeKind.PUBLISHED, "", ""),
    ("Получено.", NoticeKind.RECEIVED, "", "")])
def test_the_first_words_say_what_became_of_the_answer(
        text: str, kind: NoticeKind, number: str, reason: str) -> None:
    notice = read(text)
    assert isinstance(notice, MsedNotice)
    assert (notice.kind, notice.case_number) == (kind, "ЕКЖ-2026-000123")
    assert (notice.document_number, notice.reason) == (number, reason)


def test_the_day_is_read_where_it_is_said() -> None:
    notice = read("Зарегистрировано: вх. № 145-В от 24.11.2026")
    assert isinstance(notice, MsedNotice)
    assert notice.on == date(2026, 11, 24)


@pytest.mark.parametrize("text", [
    "Просим сообщить, зарегистрировано ли обращение.",
    "Зарегистрировано по ЕКЖ-2026-000124",
    "> Отказано: прежнее письмо"])
def test_what_is_no_receipt_or_names_two_cases_goes_to_a_person(text: str) -> None:
    assert isinstance(read(text), Unrecognised)


def test_a_colleagues_word_without_the_key_is_not_called_a_card_of_msed() -> None:
    reading = read("Принято", subject="[ЕКЖ-2026-000123] Поручение", sender="ivanov@gorod.test")
    assert isinstance(reading, Unrecognised)
    assert reading.reason.startswith("Письмо не от МСЭД и не ответ на наше письмо")


def test_a_stranger_or_an_answer_by_key_is_no_receipt() -> None:
    said = "Зарегистрировано: вх. № 1"
    assert isinstance(read(said, sender="a@stranger.example"), Unrecognised)
    assert isinstance(read(said, to="bot+k3v9x2m7q5w8@gorod.test"), PersonReply)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["Отказано", "Зарегистрировано", ":", " № ", "12/7", "\n", "вх.",
                                 "Причина", "от 31.02.2026", "ЕКЖ-2026-000123", "> ", "не "]),
                max_size=12))
def test_any_words_are_read_without_a_crash(pieces: list[str]) -> None:
    reading = read("".join(pieces))
    assert not (isinstance(reading, Unrecognised) and "не удалось разобрать" in reading.reason)
