"""What the bot asks."""

from datetime import date, datetime, tzinfo
from html import escape

from bot.texts.general import HOW_TO_PHOTO
from core.regulation.limits import INTERIM_DAYS


def why_hand_back(number: str) -> str:
    """For «Вернуть регистратору»."""
    return f"{number}: почему сообщение возвращается регистратору?"


def why_not_ours(number: str) -> str:
    """For «Не моё»."""
    return f"{number}: почему это не относится к вашим полномочиям?"


def what_remark(number: str) -> str:
    """For «Замечание»."""
    return f"{number}: что исправить в проекте ответа?"


def why_not_signed(number: str) -> str:
    """For the signatory's «Вернуть»."""
    return f"{number}: почему ответ возвращается?"


def what_form(number: str) -> str:
    """For the desk's «Вернуть»."""
    return f"{number}: что исправить в оформлении?"


def what_done(number: str) -> str:
    """For «Отчёт»."""
    return f"{number}: что сделано? Одного-двух предложений достаточно."


def what_missing(number: str) -> str:
    """For «Вернуть материал»."""
    return f"{number}: что нужно доработать соисполнителю?"


def which_duplicate(number: str) -> str:
    """For «Дубликат»."""
    return f"{number}: номер более раннего сообщения о том же?"


WHICH_CASE_OF_MAIL = "К какому сообщению приобщить письмо? Пришлите его номер."
"""For «К сообщению» under an unclear letter."""


def what_decided(number: str) -> str:
    """For «Продолжить работу»."""
    return f"{number}: какое решение принято, что поручено сделать?"


def closing_decision(number: str) -> str:
    """For closing by the operator's or the commission's decision."""
    return f"{number}: каким решением закрыто (чьим, номер и дата)?"


def why_not_taken(number: str) -> str:
    """For a refusal of the operator noted by hand."""
    return f"{number}: почему оператор не принял ответ?"


def what_citizen_says(number: str) -> str:
    """For a citizen's return noted by hand."""
    return f"{number}: что написал пользователь, возвращая ответ? Без имени и контактов."


def why_keep_photo(number: str) -> str:
    """For «Оставить с объяснением»."""
    return f"{number}: почему эту фотографию следует оставить? Объяснение увидят согласующие."


def send_photos(number: str) -> str:
    """For «Фото работ»."""
    return f"{number}: жду фотографии работ.\n{HOW_TO_PHOTO}"


def draft_text(number: str, kind: str, *, voice: bool) -> str:
    """For the text of a draft; ``voice``: the office has a recogniser."""
    ways = "сообщением, голосом или файлом Word" if voice else "сообщением или файлом Word"
    return (f"{number}: пришлите текст ответа ({escape(kind)}) — {ways}. Выше образец: его можно "
            "скопировать. По существу: что сделано, что и когда будет сделано или почему это "
            "невозможно. Обращение и подпись добавит бланк.")


def from_first(number: str) -> str:
    """Before the text of the first message's answer or reports, which may be copied (R24)."""
    return (f"Из {escape(number)}, которое было раньше о том же. Возьмите за основу, но ответьте "
            "именно на это сообщение:")


def corrected_draft(number: str, kind: str) -> str:
    """For «Править»: the text so far is sent beside it, to be copied."""
    return (f"{number}: пришлите исправленный текст ответа целиком ({escape(kind)}). "
            "Прежний текст — выше, его можно скопировать; можно прислать и файл Word.")


def promised_date(number: str, latest: date) -> str:
    """For the date of an interim answer (4.6¶5); ``latest`` is the last day it may name."""
    return (f"{number}: до какого дня вопрос будет решён? Напишите точную дату, не позднее "
            f"{latest:%d.%m.%Y} — {INTERIM_DAYS} дней с регистрации (п. 4.6, абз. 5).")


def why_all_the_same(number: str) -> str:
    """For «Направить с пояснением» (R25)."""
    return (f"{number}: почему ответ следует направить без исправлений? Пояснение увидят "
            "согласующие, оно останется в истории.")


LAST_WORDS = 60
WHOLE_TEXT = "Текст принят целиком."


def draft_goes_on(text: str, until: datetime, zone: tzinfo) -> str:
    """For a text so long that Telegram may have cut it: how it ends here, and what to do."""
    end = text.rstrip()[-LAST_WORDS:].split(maxsplit=1)[-1]
    return (f"Проект сохранён. Telegram передаёт не больше 4096 знаков за раз; текст кончается "
            f"так: «…{escape(end)}». Если это не конец, пришлите продолжение до "
            f"{until.astimezone(zone):%H:%M}: оно добавится.")


EDIT_AND_SEND_BACK = "Исправьте текст в этом файле и пришлите его обратно."


def letter_text(number: str, to: str) -> str:
    """For the text of a letter outside МСЭД."""
    return (f"{number}: письмо в {escape(to)}. Первая строка — о чём письмо, дальше — текст.")


def scan_wanted(number: str) -> str:
    """For the scan of a letter signed by hand."""
    return f"{number}: пришлите скан подписанного письма (PDF, JPEG, PNG или TIFF)."


REGISTER_PERIOD = "За какой период напечатать реестр? Например: 01.11.2026 – 30.11.2026"


def task_scope(name: str) -> str:
    """For what one executor is to do."""
    return f"Что поручается: {escape(name)}?"
