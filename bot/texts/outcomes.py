"""What was done, in one line."""

from collections.abc import Sequence
from html import escape

from bot import words
from bot.texts.news import verdict

REGISTERED = "Зарегистрировано."
ROUTED = "Направлено."
REDIRECTED = "Перенаправлено."
ESCALATED = "Передано начальнику Управления делами."
DUPLICATE_MARKED = "Отмечено как дубликат."
PHOTOS_TAKEN = "Фотографии работ взяты из первого сообщения."
RESOLVED = "Резолюция утверждена."
HANDED_BACK = "Возвращено регистратору."
ACCEPTED = "Принято к исполнению."
DECLINED = "Возвращено как не относящееся к вашим полномочиям."
DELEGATED = "Поручено."
REPORTED = "Отчёт передан ответственному исполнителю."
MATERIALS_OK = "Материал принят."
MATERIALS_BACK = "Материал возвращён."
DRAFT_SAVED = "Проект ответа сохранён."
SUBMITTED = "Проект ответа направлен."
APPROVED = "Согласовано."
REMARKED = "Замечание передано исполнителю."
SIGNED = "Отмечено: подписано."
NOT_SIGNED = "Возвращено исполнителю."
FORM_OK = "Ответ зарегистрирован."
SENT_BACK = "Возвращено на доработку."
DISPATCHED = "Отправляется оператору."
TO_OPERATOR = "Передаётся оператору."
TO_COMMISSION = "Передаётся на комиссию."
DECLINE_ALLOWED = "Возврат разрешён."
CLOSED = "Закрыто."
REWORK_DECIDED = "Работа продолжена."
PUBLISHED = "Отмечено: ответ опубликован."
NOT_TAKEN = "Возвращено исполнителю на доработку."
RETURN_NOTED = "Возврат учтён."
PHOTO_REMOVED = "Фотография убрана."
LETTER_TO_SELF = "Письмо отправлено на вашу почту: ответьте на него и приложите файл."
PHOTO_KEPT = "Фотография оставлена с объяснением."


def heard(text: str) -> str:
    """What the recogniser understood of a voice message."""
    return f"🎙 Услышано — проверьте: «{escape(text)}»"


def stale(what: str, who: str, when: str) -> str:
    """A card that the case has left behind."""
    tail = f": {what} — {who}, {when}" if what else ""
    return f"Уже решено{tail}. Показана текущая карточка."


def photos_taken(number: str, verdicts: Sequence[str], *, compressed: bool) -> str:
    """The status of what was sent: while an album arrives, while it is compared, and after.

    ``verdicts`` of all photos of the part, empty for one that is still compared.
    """
    done = [one for one in verdicts if one]
    lines = [f"📎 {number}: к поручению приложено — {words.photos(len(verdicts))}."]
    if len(done) < len(verdicts):
        lines[0] += " Сравниваю ракурс…"
        lines += [f"Готово {len(done)} из {len(verdicts)}."] if done else []
    elif len(done) == 1:
        lines += [verdict(done[0])]
    else:
        lines += [f"{number}. {verdict(one)}" for number, one in enumerate(done, 1)]
    return "\n".join([*lines, *([COMPRESSED] if compressed else [])])


COMPRESSED = ("⚠️ Снимок прислан как фото, без EXIF: Telegram убрал время и место съёмки. "
              "Лучше пришлите его файлом (скрепка → «Файл»).")


BY_CAMERA = "📐 Снято камерой Ракурса: время и место записала она."
SHOT_TAKEN = "Снимок принят. Сравниваю ракурс: ответ придёт в чат."


def unexpected(code: str) -> str:
    """A fault of ours; ``code`` finds it in the log."""
    return (f"Не получилось: внутренняя ошибка, код {code}. Ничего не потеряно; повторите позже "
            "или сообщите код администратору.")
