"""What a person wrote is cut out of what their mail program sent."""

import time

import pytest

from mail.parsing import parse
from mail.replies import OWN_END, REPLY_MARK, cut, own_words

ANSWERS = {
    "Outlook": (
        "Согласовано.\n\nС уважением,\nПетров И.И.\nначальник отдела\n\n"
        "От: Ракурс [mailto:bot@mytischi.example]\nОтправлено: Monday, March 2, 2026 10:15 AM\n"
        "Кому: Петров И.И.\nТема: [ЕКЖ-2026-000123] Согласование\n\nПросим согласовать.",
        "Согласовано.",
    ),
    "Outlook с чертой": (
        "Замечание: укажите дату.\n\n________________________________\nОт: Ракурс\n"
        "Отправлено: 2 марта 2026 г. 10:15\nКому: Петров\nТема: Согласование\n\nстарое",
        "Замечание: укажите дату.",
    ),
    "Outlook по-английски": (
        "Согласовано\r\n\r\nFrom: Rakurs <bot@mytischi.example>\r\nSent: Monday\r\n"
        "To: Petrov\r\nSubject: approval\r\n\r\nold text\r\n",
        "Согласовано",
    ),
    "mail.ru": (
        "Работы выполнены, фото прилагаю.\n\n--\nИван Сидоров\n\n"
        "Понедельник, 2 марта 2026, 10:15 +03:00 от Ракурс <bot@mytischi.example>:\n"
        ">Просим устранить яму.\n>",
        "Работы выполнены, фото прилагаю.",
    ),
    "mail.ru с телефона": (
        "Принято в работу\n--\nОтправлено из Mail для Android\n"
        "понедельник, 2 марта 2026г., 10:15 +03:00 от Ракурс  bot@mytischi.example:\n\n>текст",
        "Принято в работу",
    ),
    "Yandex": (
        'Добрый день!\n\nЯма заделана 28.02.2026.\n\n02.03.2026, 10:15, "Ракурс" '
        "<bot@mytischi.example>:\n\nПросим устранить яму.\n\n-- \nПетров",
        "Добрый день!\n\nЯма заделана 28.02.2026.",
    ),
    "Yandex новый": (
        "Согласовано\n \n10:15, 2 марта 2026 г., Ракурс <bot@mytischi.example>:\n> старое",
        "Согласовано",
    ),
    "Yandex с чертой": (
        "Не согласовано: нет фото.\n\n----------------\nКому: petrov@mytischi.example;\n"
        'Тема: Согласование;\n02.03.2026, 10:15, "Ракурс" <bot@mytischi.example>:\nтекст',
        "Не согласовано: нет фото.",
    ),
    "Gmail": (
        "Согласовано\n\nпн, 2 мар. 2026 г. в 10:15, Ракурс <bot@mytischi.example>:\n\n> старое\n>",
        "Согласовано",
    ),
    "Gmail старый": (
        "Принято\n\n2 марта 2026 г., 10:15 пользователь Ракурс <\nbot@mytischi.example> "
        "написал:\n\n> старое",
        "Принято",
    ),
    "Roundcube": (
        "Согласовано с замечанием: поправьте адрес.\n\nРакурс писал 2026-03-02 10:15:\n> старое",
        "Согласовано с замечанием: поправьте адрес.",
    ),
    "Roundcube (а)": ("Да\n\nРакурс писал(а) 02.03.2026 10:15:\n> старое", "Да"),
    "Thunderbird": ("Согласовано\n\n02.03.2026 10:15, Ракурс пишет:\n> старое\n", "Согласовано"),
    "iPhone": (
        "Сделано\n\nОтправлено с iPhone\n\n> 2 марта 2026 г., в 10:15, Ракурс "
        "<bot@mytischi.example> написал(а):\n> \n> старое",
        "Сделано",
    ),
    "Samsung": (
        "Сделано\n\nОтправлено с моего Galaxy\n\n-------- Исходное сообщение --------\n"
        "От: Ракурс <bot@mytischi.example>\nДата: 02.03.2026 10:15 (GMT+03:00)\n"
        "Кому: petrov@mytischi.example\nТема: Поручение\n\nстарое",
        "Сделано",
    ),
    "ответ под цитатой": (
        "02.03.2026 10:15, Ракурс пишет:\n> Просим согласовать.\n> Ракурс\n\nСогласовано.\n",
        "Согласовано.",
    ),
    "ответ между строк цитаты": (
        "02.03.2026 10:15, Ракурс пишет:\n> Когда?\n5 марта\n> Кто?\nПетров\n",
        "5 марта\nПетров",
    ),
    "наша черта": (
        f"Согласовано\n\nкакая-то программа:\n{REPLY_MARK}\nПросим согласовать.",
        "Согласовано\n\nкакая-то программа:",
    ),
    "список через дефис": (
        "Выполнено:\n- яма заделана\n- знак установлен\n\nС уважением,\nПетров",
        "Выполнено:\n- яма заделана\n- знак установлен",
    ),
    "без цитаты и подписи": ("Яма заделана.\nФото приложены.", "Яма заделана.\nФото приложены."),
    "слово «Дата» в отчёте": (
        "Дата: 05.03.2026 яма заделана.\nФото приложены.",
        "Дата: 05.03.2026 яма заделана.\nФото приложены.",
    ),
    "дата в начале строки": (
        "02.03.2026 работы начаты.\nЖитель пишет: спасибо.\n05.03.2026 закончены.",
        "02.03.2026 работы начаты.\nЖитель пишет: спасибо.\n05.03.2026 закончены.",
    ),
    "одни фотографии": ("\n\n-- \nОтправлено из мобильной Почты", ""),
    "пусто": ("", ""),
}


@pytest.mark.parametrize("program", ANSWERS)
def test_only_the_persons_own_words_are_left(program: str) -> None:
    letter, own = ANSWERS[program]
    assert cut(letter) == own


OURS = f"{REPLY_MARK}\n\nПросим согласовать проект ответа.\n\n-- \n{OWN_END}"
UNDER = {
    "Thunderbird": "02.03.2026 10:15, Ракурс пишет:\n{quoted}\n\nСогласовано.\n",
    "Roundcube": "Ракурс писал 2026-03-02 10:15:\n{quoted}\n\nСогласовано.\n-- \nПетров",
    "Evolution": "В Пн, 02/03/2026 в 10:15 +0300, Ракурс пишет:\n{quoted}\nСогласовано.",
    "The Bat!": "Здравствуйте, Ракурс.\n\nВы писали 2 марта 2026 г., 10:15:\n\n{initialled}\n\n"
                "Согласовано.\n\n-- \nС уважением, Петров",
    "без знака цитаты": "{plain}\n\nСогласовано.",
}


@pytest.mark.parametrize("program", UNDER)
def test_an_answer_under_our_letter_is_found_where_nothing_stands_above(program: str) -> None:
    lines = OURS.split("\n")
    assert cut(UNDER[program].format(
        plain=OURS, quoted="\n".join(f"> {one}" for one in lines),
        initialled="\n".join(f"Р> {one}" for one in lines))) == "Согласовано."


def test_an_answer_under_our_letter_is_found_in_html_too() -> None:
    quoted = "<br>".join(OURS.split("\n"))
    letter = parse("Content-Type: text/html; charset=utf-8\n\n<div>Ракурс пишет:</div>"
                   f"<blockquote>{quoted}</blockquote><p>Согласовано.</p>".encode())
    assert own_words(letter).endswith("Согласовано.")


def test_an_empty_answer_stays_empty_whatever_is_quoted() -> None:
    quoted = "\n".join(f"> {one}" for one in OURS.split("\n"))
    torn = quoted.replace("проект ответа.", "проект\nответа.")
    assert cut(f"\n\n02.03.2026 10:15, Ракурс пишет:\n{torn}\n") == ""


@pytest.mark.parametrize("notice", [
    "Это сообщение и любые вложения конфиденциальны и предназначены только адресату.",
    "CONFIDENTIALITY NOTICE: This message is intended for the addressee.",
    "Данное электронное письмо предназначено исключительно для адресата.",
    "Уведомление о конфиденциальности: сведения не подлежат разглашению."])
def test_the_notice_of_confidentiality_is_no_word_of_the_person(notice: str) -> None:
    assert cut(f"Согласовано\n\n{notice}\n\n02.03.2026 10:15, Ракурс пишет:\n> x") == "Согласовано"


def test_quotation_is_cut_from_html_that_has_no_plain_text() -> None:
    letter = parse(
        "Content-Type: text/html; charset=utf-8\n\n"
        "<div>Согласовано<br>без замечаний</div><div class='gmail_quote'>пн, 2 мар. 2026 г.<br>"
        "<blockquote>Просим согласовать</blockquote></div>".encode()
    )
    assert own_words(letter) == "Согласовано\nбез замечаний"


def test_outlook_html_quotation_is_cut() -> None:
    letter = parse(
        "Content-Type: text/html; charset=utf-8\n\n<p>Замечание: нет даты</p><hr>"
        "<div id='divRplyFwdMsg'><b>От:</b> Ракурс<br><b>Тема:</b> x</div>"
        "<div>старое</div>".encode()
    )
    assert own_words(letter) == "Замечание: нет даты"


@pytest.mark.parametrize(
    "piece",
    ["\n", "> ", "On a ", "От: a\n", "-", "_", "12.03.2026 a\n", "С уважением\n", "a@", ": "],
)
def test_hostile_letter_is_cut_at_once(piece: str) -> None:
    started = time.process_time()
    cut(piece * 200_000)
    assert time.process_time() - started < 2
