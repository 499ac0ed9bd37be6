"""What a person's letter asks for, and what of a citizen's text is hidden (R9, R11, R29)."""

from datetime import date

import pytest

from core.mailcommands import (
    Said,
    Wish,
    is_consent,
    is_misspelt,
    points_elsewhere,
    read,
    says_only,
)
from core.privacy import CONTACT_MASK, EMAIL_MASK, PAPER_MASK, PHONE_MASK, masked
from core.regulation.terms import AnswerKind


@pytest.mark.parametrize("text", [
    "Согласовано", "согласовано.", "  СОГЛАСОВАНО!\n", "Согласовываю", "Согласован",
    "Согласовано без замечаний", "Без замечаний.", "Замечаний нет", "Согласовано. Спасибо!",
    "Согласовано\n\nС уважением,\nИванов Пётр Сергеевич"])
def test_a_plain_agreement_is_an_approval(text: str) -> None:
    assert read(text) == Said(Wish.APPROVE)


@pytest.mark.parametrize("before", [
    "Добрый день! ", "Добрый день, ", "Здравствуйте.\n\n", "Доброе утро, коллеги!\n", "Коллеги, ",
    "Да, ", "Ок. ", "Добрый день, Марина Игоревна!\n", "Уважаемая Марина Игоревна! ",
    "Здравствуйте, Марина. "])
@pytest.mark.parametrize(("words", "said"), [
    ("Согласовано.", Said(Wish.APPROVE)), ("принято в работу", Said(Wish.ACCEPT)),
    ("На согласование, пожалуйста", Said(Wish.SUBMIT_DRAFT)),
    ("не моё: лес", Said(Wish.DECLINE, "лес")),
    ("Решено: яма заделана.", Said(Wish.DRAFT, "яма заделана.", AnswerKind.SOLVED))])
def test_a_greeting_before_the_word_of_command_changes_nothing(
        before: str, words: str, said: Said) -> None:
    assert read(before + words) == said


@pytest.mark.parametrize("text", [
    "Согласую", "Проект ответа согласован.", "Согласен с проектом ответа", "Возражений нет",
    "Без замечаний, согласовано", "Согласованно", "Согласовано 👍", "Одобряю.", "Утверждаю",
    "Замечания отсутствуют", "Согласовано. Спасибо за работу!"])
def test_an_approver_may_agree_in_the_usual_words(text: str) -> None:
    assert read(text) == Said(Wish.APPROVE)


def test_a_greeting_is_no_part_of_a_report_or_an_answer() -> None:
    assert read("Добрый день, Марина Игоревна!\nяма заделана.").text == "Яма заделана."
    assert read("Добрый день!").text == "Добрый день!"
    assert read("Хорошо видно, что яма заделана.").text == "Хорошо видно, что яма заделана."


@pytest.mark.parametrize("text", ["Сагласовано", "Приято", "На соглосование", "Несогласовано"])
def test_a_nearly_right_word_of_command_is_no_text(text: str) -> None:
    assert is_misspelt(text)
    assert read(text).wish is Wish.TEXT


@pytest.mark.parametrize("text", ["Яма заделана", "Исправьте дату", "Нет срока", "Сделано"])
def test_a_short_report_or_remark_is_no_misspelt_command(text: str) -> None:
    assert not is_misspelt(text)


@pytest.mark.parametrize("text", [
    "Замечания во вложении", "См. вложение.", "Добрый день! Отчёт прилагаю", "Файл приложен"])
def test_a_letter_may_only_point_to_its_attachment(text: str) -> None:
    assert points_elsewhere(text)
    assert not points_elsewhere(f"{text} Исправьте дату.")


@pytest.mark.parametrize(("text", "consents"), [
    ("Утверждаю", True), ("Добрый день! Утверждаю отчёт.", True), ("Согласовано", True),
    ("Утверждаю, но исправьте число просроченных", False), ("Число просроченных неверно", False)])
def test_a_report_is_confirmed_only_where_nothing_is_to_be_mended(
        text: str, consents: bool) -> None:
    assert is_consent(text) is consents


@pytest.mark.parametrize("text", [
    "Согласовано. Белов А.И.", "Согласовано, А. И. Белов", "Согласовано Белов А.И.",
    "Согласовано. Белов Антон Игоревич.", "Согласовано. Антон Белов", "Согласовано — БЕЛОВ А.И.",
    "Согласовано. Начальник управления ЖКХ Белов А.И.", "Не возражаю. Худайбердыев Р.Р.",
    "Согласовано. Белов А.И., заместитель главы", "Замечаний нет. И.о. директора Римская-Щука Е.",
    "Согласовано. Зам. начальника отдела по благоустройству Толстой Л.Н.",
    "Согласовано. Главный инженер МБУ «Парк» Белов А.И.",
    "Согласовано. Спасибо! Белов А.И.", "Согласовано. С уважением, эксперт Белова Вера Павловна"])
def test_the_writers_name_and_post_on_the_same_line_are_no_remark(text: str) -> None:
    assert read(text) == Said(Wish.APPROVE)


@pytest.mark.parametrize("text", [
    "Согласовано. Белову А.И. указать срок", "Согласовано. Белову А.И.", "Согласовано. Частично",
    "Согласовано. Корпус А.", "Согласовано. Срок Белов А.И.", "Согласовано. Исправьте Дату",
    "Согласовано. Начальник управления не согласен, Белов А.И.",
    "Согласовано с учётом: Белов А.И.",
    "Согласовано. Уточнить дату. Белов А.И.", "Согласовано. Исполнитель Белов А.И.",
    "Согласовано с замечаниями эксперта Белов А.И.", "Согласовано. Эксперт указал дату Белов А.И.",
    "Согласовано. Ответственный мастер Белов А.И.", "Согласовано. Дату указать. Белов А.И.",
    "Согласовано. Начальник отдела Белов А.И. просит указать срок", "Согласовано. Начальник"])
def test_a_remark_beside_a_name_remains_a_remark(text: str) -> None:
    assert read(text) == Said(Wish.TEXT, text)


@pytest.mark.parametrize(("text", "wish"), [
    ("Принято. Петров П.П.", Wish.ACCEPT), ("На согласование. Мастер Петров П.П.",
                                            Wish.SUBMIT_DRAFT)])
def test_a_name_after_any_word_of_command_only_signs_it(text: str, wish: Wish) -> None:
    assert read(text) == Said(wish)
    assert says_only(f"Подписано. {text.partition('. ')[2]}", frozenset({"подписано"}))
    assert not says_only("Подписано. Петрову П.П.", frozenset({"подписано"}))


@pytest.mark.parametrize("text", [
    "Согласовано, но исправьте дату", "Согласовано. Спасибо, исправьте дату",
    "Согласовано с замечаниями: нет адреса", "Не согласовано", "Несогласовано",
    "Согласовано. С уважением отнеситесь к жителям", "Согласованность не обеспечена", "",
    "Без замечаний обойтись нельзя: нет даты"])
def test_whatever_says_more_is_a_text_for_a_person_to_judge(text: str) -> None:
    assert read(text) == Said(Wish.TEXT, text)


@pytest.mark.parametrize(("text", "said"), [
    ("Принято", Said(Wish.ACCEPT)), ("принимаю.", Said(Wish.ACCEPT)),
    ("Принято в работу.", Said(Wish.ACCEPT)), ("Принято к исполнению", Said(Wish.ACCEPT)),
    ("Принято. Яма заделана.", Said(Wish.TEXT, "Принято. Яма заделана.")),
    ("На согласование", Said(Wish.SUBMIT_DRAFT)),
    ("Не моё: дорога областная", Said(Wish.DECLINE, "дорога областная")),
    ("не мое — лес", Said(Wish.DECLINE, "лес")), ("Не наше", Said(Wish.DECLINE)),
    ("Это не к нам, дорога областная", Said(Wish.DECLINE, "дорога областная")),
    ("Не наш вопрос: лес", Said(Wish.DECLINE, "лес")),
    ("Яма заделана.", Said(Wish.TEXT, "Яма заделана.")),
    ("Решено: яма заделана.", Said(Wish.DRAFT, "яма заделана.", AnswerKind.SOLVED)),
    ("Запланировано: работы до 01.06.2027.",
     Said(Wish.DRAFT, "работы до 01.06.2027.", AnswerKind.PLANNED)),
    ("Невозможно : земля частная", Said(Wish.DRAFT, "земля частная", AnswerKind.IMPOSSIBLE)),
    ("Промежуточный ответ до 14.12.2026: ждём поставку",
     Said(Wish.DRAFT, "ждём поставку", AnswerKind.INTERIM, date(2026, 12, 14))),
    ("Промежуточный ответ: ждём", Said(Wish.DRAFT, "ждём", AnswerKind.INTERIM)),
    ("Промежуточный ответ до 31.02.2027: ждём",
     Said(Wish.TEXT, "Промежуточный ответ до 31.02.2027: ждём", AnswerKind.INTERIM)),
    ("Решено давно", Said(Wish.TEXT, "Решено давно", AnswerKind.SOLVED)),
    ("Запланировано устройство тротуара до 01.06.2027.", Said(
        Wish.TEXT, "Запланировано устройство тротуара до 01.06.2027.", AnswerKind.PLANNED)),
    ("Решено. Яма заделана.", Said(Wish.DRAFT, "Яма заделана.", AnswerKind.SOLVED)),
    ("Невозможно — земля частная", Said(Wish.DRAFT, "земля частная", AnswerKind.IMPOSSIBLE)),
    *((f"Промежуточный ответ до {day}: ждём поставку", Said(
        Wish.DRAFT, "ждём поставку", AnswerKind.INTERIM, date(2026, 12, 14)))
      for day in ("14.12.26", "14 декабря 2026 г.", "14 дек 2026", "14.12.2026 г.")),
    ("Решено: яма заделана.\n\nНа согласование.",
     Said(Wish.DRAFT, "яма заделана.", AnswerKind.SOLVED)),
    ("Принято. Решено: яма заделана.", Said(Wish.DRAFT, "яма заделана.", AnswerKind.SOLVED)),
])
def test_the_first_words_of_a_letter_tell_the_wish(text: str, said: Said) -> None:
    assert read(text) == said


@pytest.mark.parametrize("phone", [
    "+7 (916) 123-45-67", "8 916 123 45 67", "89161234567", "79161234567", "8-495-586-12-34",
    "8.916.123.45.67", "8916 12 34 567", "(495) 586-12-34", "9161234567", "586-12-34"])
def test_telephone_numbers_are_hidden(phone: str) -> None:
    assert masked(f"Звоните {phone}, жду.") == f"Звоните {PHONE_MASK}, жду."


@pytest.mark.parametrize(("text", "shown"), [
    ("Пишите: ivan.petrov@example.ru.", f"Пишите: {EMAIL_MASK}."),
    ("почта иван@почта.рф!", f"почта {EMAIL_MASK}!"),
    ("телеграм @ivan_petrov", f"телеграм {CONTACT_MASK}"),
    ("см. https://t.me/ivan и vk.com/id1", f"см. {CONTACT_MASK} и {CONTACT_MASK}")])
def test_other_contacts_are_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize("number", [
    "паспорт 4510 123456", "Паспорт серии 45 10 № 123456", "112-233-445 95",
    "4276 1234 5678 9010"])
def test_numbers_of_personal_documents_are_hidden(number: str) -> None:
    assert masked(f"Вот: {number}, жду.") == f"Вот: {PAPER_MASK}, жду."


@pytest.mark.parametrize("text", [
    "Яма у дома 8, 495 метров от остановки.", "Ответ ЕКЖ-2026-000123 от 12.10.2026 18:30",
    "кадастровый номер 50:12:0101001:1234", "№ 1234567890 от 12.10.2026",
    "договор 123456789012", "ИНН 5029123456", "с 8 до 18 часов", "потрачено 8 500 000 рублей",
    "автобус 8, 12, 23", "проспект, д. 12, корп. 3, кв. 45"])
def test_what_is_no_contact_stays(text: str) -> None:
    assert masked(text) == text
