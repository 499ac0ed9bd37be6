"""Every letter of the program in words: courteous, exact, naming no citizen."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.cards import Expiry, ForecastLine, KinLine, LetterLine
from core.notices import NoticeKind
from core.outbound import OutgoingLetter
from core.usecases.post import REPLY, TABLE
from mail import digest, wording
from mail.composing import as_bytes, compose
from mail.parsing import parse
from tests import builders as b
from tests.mail.parcels import CITIZEN, DIGEST, PHONE, TO_THE_WORLD, parcel

ANSWERED = {
    NoticeKind.ASSIGNMENT: ("«Принято»", "«Не моё:»", "того же ракурса"),
    NoticeKind.NOT_TAKEN_UP: ("«Принято»", "«Не моё:»"),
    NoticeKind.PHOTO_VERDICT: ("новую фотографию", "«Оставить:»", "«Убрать»"),
    NoticeKind.MATERIALS_SUBMITTED: ("«Принято»", "«Вернуть:»"),
    NoticeKind.MATERIALS_RETURNED: ("отчётом", "фотографиями"),
    NoticeKind.TO_APPROVE: ("«Согласовано»", "замечания"),
    NoticeKind.TO_SIGN: ("файлом подписи (.sig, .p7s, .sgn)", "«Подписано»", "«Вернуть:»"),
    NoticeKind.REMARK: ("«Решено: …»", "«На согласование»"),
    NoticeKind.REWORK: ("«Решено: …»", "«На согласование»"),
    NoticeKind.REMINDER: ("что сделано",), NoticeKind.OVERDUE: ("что сделано",),
    NoticeKind.UNCLEAR_MAIL: (
        "«К сообщению ЕКЖ-2026-000123»", "«К письму № А-0001/2026»: это ответ на наше письмо, АО "
        "«Теплосеть» (ЕКЖ-2026-000001);", "«Зарегистрировать»", "«Не относится»"),
    NoticeKind.LETTER_OUT: ("Ответьте, пожалуйста, на это письмо",),
    NoticeKind.LETTER_REMINDER: ("№ А-0001/2026 от 24.11.2026", "ответить на это письмо"),
}
"""Where an answer is awaited, and what the letter must tell about it."""


def letter(kind: NoticeKind, person_id: int | None = None, **facts: str) -> OutgoingLetter:
    return wording.letter_of(parcel(kind, person_id, **facts), "<rakurs.7@gorod.test>",
                             ("somebody@gorod.test",))


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_letter_is_whole_and_tidy(kind: NoticeKind) -> None:
    said = letter(kind)
    assert said.subject.strip()
    assert len(said.subject) < 120
    assert said.subject.count(": ") <= 1
    text = said.text
    assert text.endswith("\n")
    assert ".." not in text.replace("…", "")
    assert "None" not in text
    assert "  " not in text
    assert "\n\n\n" not in text
    assert not re.search(r": *\n(?!\S)", text), "no label without its value"
    assert not re.search(r"[«(] |,,| ,|\(\)", text)
    if kind not in TO_THE_WORLD and kind is not NoticeKind.DIGEST:
        assert re.match(r"Здравствуйте, [А-Я][а-яё]+ [А-Я][а-яё]+!\n\n[А-Я]", text)
        assert text.endswith("\n\n-- \nРакурс, помощник исполнителей\n")


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_letter_goes_over_the_wire_and_is_read_back(kind: NoticeKind) -> None:
    said = letter(kind)
    read = parse(as_bytes(compose(said, "Ракурс <rakurs@gorod.test>",
                                  datetime(2026, 11, 23, 7, tzinfo=UTC))))
    assert said.text.strip() in read.text.replace("\r\n", "\n")
    if said.case_number:
        assert read.subject.startswith("[ЕКЖ-2026-000001]")


@pytest.mark.parametrize("kind", [one for one in NoticeKind if one not in TO_THE_WORLD])
def test_no_letter_to_staff_shows_the_citizens_contacts(kind: NoticeKind) -> None:
    said = letter(kind)
    assert PHONE not in said.text + said.subject


@pytest.mark.parametrize("kind", [NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE,
                                  NoticeKind.LETTER_OUT])
def test_what_leaves_the_office_names_no_citizen(kind: NoticeKind) -> None:
    said = letter(kind)
    assert PHONE not in said.text
    assert CITIZEN not in said.text


@pytest.mark.parametrize("kind", NoticeKind)
def test_where_an_answer_is_awaited_the_letter_says_how(kind: NoticeKind) -> None:
    said = letter(kind)
    words = ANSWERED.get(kind)
    if words is None:
        assert "Как ответить" not in said.text
    else:
        assert said.token
        for word in words:
            assert word in said.text


def test_the_desk_sees_of_an_unclear_letter_what_it_needs_to_decide() -> None:
    said = letter(NoticeKind.UNCLEAR_MAIL).text
    for words in ("От кого: office@heat.test", "Тема: О люке, [телефон скрыт]", "Файлы: акт.pdf",
                  "Люк закрыт. Звоните [телефон скрыт]."):
        assert words in said


def test_a_colleagues_riddle_or_a_table_asks_only_to_be_closed() -> None:
    made = parcel(NoticeKind.UNCLEAR_MAIL)
    assert made.mail is not None
    for kind in (REPLY, TABLE):
        said = wording.letter_of(replace(made, mail=replace(made.mail, kind=kind)), "<x@y>",
                                 ("a@b.ru",)).text
        assert "ответьте на это извещение «Разобрано»" in said
        assert "К сообщению" not in said


def test_a_very_long_letter_is_shown_by_its_beginning() -> None:
    made = parcel(NoticeKind.UNCLEAR_MAIL)
    assert made.mail is not None
    long = replace(made.mail, text="Люк закрыт. " * 1000)
    said = wording.letter_of(replace(made, mail=long), "<x@y>", ("a@b.ru",)).text
    assert len(said) < 5000
    assert "Люк закрыт. …" in said


def test_the_lead_is_told_how_to_draft_by_mail() -> None:
    said = letter(NoticeKind.ASSIGNMENT, b.LEAD, part="0").text
    assert "Вы ответственный исполнитель." in said
    assert "«На согласование»" in said


def test_who_does_not_draft_is_not_asked_to() -> None:
    assert "Как ответить" not in letter(NoticeKind.REWORK, b.DESK).text


def test_a_fit_photo_asks_for_nothing() -> None:
    made = parcel(NoticeKind.PHOTO_VERDICT)
    assert made.case is not None
    part = made.case.part(1)
    fit = replace(part.photos[0], verdict="same_angle", advice="Ракурс совпадает.")
    made = replace(made, case=made.case.with_part(replace(part, photos=(fit,))))
    said = wording.letter_of(made, "<x@y>", ("a@b.ru",)).text
    assert "Фотография «work.jpg» проверена. Ракурс совпадает." in said
    assert "Как ответить" not in said


def test_an_approver_sees_why_a_photo_was_kept() -> None:
    made = parcel(NoticeKind.TO_APPROVE)
    assert made.card is not None
    part = made.card.parts[1]
    photo = replace(parcel(NoticeKind.PHOTO_VERDICT).card.parts[1].photos[0],  # type: ignore[union-attr]
                    override="мешает забор")
    card = replace(made.card, parts=(made.card.parts[0], replace(part, photos=(photo,))))
    said = wording.letter_of(replace(made, card=card), "<x@y>", ("a@b.ru",)).text
    assert "Фото «work.jpg» оставлено с объяснением: мешает забор" in said


def test_the_package_for_msed_carries_the_cards_fields() -> None:
    said = letter(NoticeKind.ANSWER_PACKAGE)
    for line in ("Номер: ЕКЖ-2026-000001", "Номер на портале: ДД-1001",
                 "Регистрационный номер: ЕКЖ-2026-000001/1", "Подписал: Подписов Ю.Ю."):
        assert line in said.text.splitlines()
    assert [one.name for one in said.files] == ["Ответ.pdf"]
    assert said.token == ""


def test_the_operator_is_asked_for_closing_or_for_the_commission() -> None:
    assert "закрытии" in letter(NoticeKind.CLOSING_PACKAGE).text
    assert "Межведомственную комиссию" in letter(
        NoticeKind.CLOSING_PACKAGE, commission="1").text


@pytest.mark.parametrize(("kind", "left", "words"), [
    (NoticeKind.REMINDER, "2", "Напоминаем о сроке «материал соисполнителя» — 27.11.2026 "
                               "(п. 4.6, абз. 2). Осталось: 2 рабочих дня."),
    (NoticeKind.REMINDER, "0", "Сегодня последний день срока «материал соисполнителя»"),
    (NoticeKind.OVERDUE, "0", "Истёк срок"),
    (NoticeKind.OVERDUE, "-1", "Просрочено: 1 рабочий день.")])
def test_a_deadline_is_said_in_a_sentence(kind: NoticeKind, left: str, words: str) -> None:
    facts = dict(parcel(NoticeKind.REMINDER).facts) | {"left": left}
    assert words in letter(kind, b.CO, **facts).text


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.OVERDUE])
@pytest.mark.parametrize(("person", "words"), [
    (b.CO, "Ответьте на это письмо, что сделано"), (b.LEAD, "«Решено: …»"),
    (b.CLERK, "")])
def test_a_reminder_says_what_to_answer_to_whom_it_may_concern(
        kind: NoticeKind, person: int, words: str) -> None:
    text = letter(kind, person, **parcel(NoticeKind.REMINDER).facts).text
    assert words in text
    assert ("Как ответить." in text) is bool(words)


def test_a_superior_reads_whose_deadline_it_is() -> None:
    text = letter(NoticeKind.ESCALATION, b.CO).text
    assert "Истёк срок «проект ответа» — 01.12.2026 (п. 4.6, абз. 3)" in text
    assert "Отвечает: Дорохов С.И.\n" in text


def test_a_reply_says_what_was_understood_in_the_same_thread() -> None:
    said = letter(NoticeKind.REPLY)
    assert "Поручение принято к исполнению." in said.text
    assert "Текст сообщения" not in said.text
    assert said.in_reply_to == "<in.1@gorod.test>"
    assert said.references == ("<in.1@gorod.test>",)


def test_trouble_names_what_to_whom_and_what_to_decide() -> None:
    said = letter(NoticeKind.DELIVERY_TROUBLE).text
    for line in ("Что: Поручение", "Кому: Парков И.И.", "Причина: 550 нет такого ящика"):
        assert line in said.splitlines()
    assert "ещё раз" in said


def test_the_digest_says_since_when_it_counts_and_who_owes() -> None:
    said = letter(NoticeKind.DIGEST)
    assert said.subject == "Сводка на 02.12.2026"
    assert "С 01.12.2026 09:00 поступило: 3, направлено ответов: 1. В работе: 12." in said.text
    assert "просрочено: 1 рабочий день" in said.text
    assert "у кого: Дорожный С.К." in said.text
    assert "Ракурс работает" not in said.text


def test_a_quiet_day_still_says_that_the_program_lives() -> None:
    quiet = replace(DIGEST, overdue=(), unclear_mail=0, troubled=0)
    assert digest.text(quiet).endswith("Срочного нет. Ракурс работает.\n")


def test_the_end_of_the_calendar_is_announced() -> None:
    assert "обновите программу" in digest.text(replace(DIGEST, calendar_months_left=2))


def test_the_digest_warns_before_the_disk_is_full() -> None:
    said = digest.text(replace(DIGEST, room_left=429_496_729))
    assert "На диске мало места: 0,4 Гб." in said
    assert "На диске" not in digest.text(DIGEST)


def test_who_keeps_silent_reads_until_when_the_assignment_can_be_handed_back() -> None:
    text = letter(NoticeKind.NOT_TAKEN_UP, b.CO).text
    assert "вернуть его можно до 25.11.2026 18:00 (п. 4.4, абз. 2)" in text
    assert "Ответьте на это письмо «Принято», или «Не моё:»" in text


def test_the_digest_tells_what_is_to_be_expected_at_the_present_pace() -> None:
    likely = DIGEST.overdue[0]
    ahead = ForecastLine(date(2026, 12, 9), 3, (likely,))
    said = digest.text(replace(DIGEST, forecast=ahead))
    assert "При нынешнем темпе до 09.12.2026 выйдут за срок 3 сообщения.\nСкорее всего:" in said
    calm = digest.text(replace(DIGEST, forecast=replace(ahead, late=0, likely=())))
    assert "до 09.12.2026 новых просрочек не ожидается." in calm


def test_the_digest_names_letters_that_nobody_answered_and_says_how_to_open_a_case() -> None:
    said = digest.text(replace(DIGEST, letters=(
        LetterLine(1, "ЕКЖ-2026-000001", "А-0007/2026", "Железная дорога", date(2026, 11, 25),
                   5),)))
    assert ("Письма без ответа: 1\n- ЕКЖ-2026-000001: Железная дорога, письмо А-0007/2026 от "
            "25.11.2026; ответа нет 5 рабочих дней") in said
    assert "отправьте ему /case и номер" in said


def test_the_digest_names_certificates_that_end_and_deliveries_in_doubt() -> None:
    said = digest.text(replace(DIGEST, troubled=3, in_doubt=1, expiring=(
        Expiry("Почта IMAP", date(2026, 12, 10)),)))
    assert "Не доставлено: 3. Неизвестно, доставлено ли: 1." in said
    assert "Почта IMAP: сертификат действует до 10.12.2026." in said


def test_a_hostile_subject_is_one_line() -> None:
    made = parcel(NoticeKind.TO_RESOLVE)
    assert made.case is not None
    message = replace(made.case.message, topic="Дороги\r\nBcc: all@gorod.test")
    made = replace(made, case=replace(made.case, message=message))
    raw = as_bytes(compose(wording.letter_of(made, "<x@y>", ("a@b.ru",)), "r@g.test",
                           datetime(2026, 11, 23, tzinfo=UTC)))
    assert b"\r\nBcc:" not in raw


def test_desk_without_telegram_reads_what_looks_alike() -> None:
    made = parcel(NoticeKind.NEW_MESSAGE)
    assert made.card is not None
    card = replace(made.card, duplicates=("ЕКЖ-2026-000009",), kin=(
        KinLine(7, "ЕКЖ-2026-000007", "на исполнении", "ул. Мира, 5", "похожая фотография"),))
    said = wording.letter_of(replace(made, card=card), "<1@gorod.test>", ("a@gorod.test",)).text
    assert "Похоже на ЕКЖ-2026-000007 (на исполнении): похожая фотография." in said
    assert "О том же: ЕКЖ-2026-000009; каждому нужен свой ответ." in said
