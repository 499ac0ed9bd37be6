"""What the bot says of itself, and to whom it does not talk."""

from collections.abc import Mapping
from html import escape

from bot import words
from core.cards import Queue
from core.documents.values import RegisterDocument
from core.people import Person
from core.wordforms import counted

STRANGER = ("Этот бот — для сотрудников администрации. Чтобы начать, откройте ссылку-приглашение, "
            "которую выдаёт администратор.")
BAD_INVITATION = ("Приглашение не действует: оно уже использовано или его срок истёк. Попросите "
                  "у администратора новую ссылку.")
ONLY_PRIVATE = "Я работаю только в личной переписке: откройте чат со мной."
NOTHING_TO_CANCEL = "Сейчас я ни о чём не спрашиваю. Меню — /menu"
CANCELLED = "Отменено: вопросы сняты, ничего не изменено. Меню — /menu"
NOT_UNDERSTOOD = ("Не понял. Пришлите номер сообщения (например, 123 или ЕКЖ-2026-000123) "
                  "или откройте /menu")
NOTHING_ASKED = ("Всё, что вас ждёт, — в /menu. Чтобы найти сообщение, пришлите его номер "
                 "или адрес.")
QUESTION_WITHDRAWN = "Вопрос снят, ничего не изменено."
QUESTION_CLOSED = ("Этот вопрос уже закрыт, ответ не принят. Откройте карточку и нажмите "
                   "кнопку ещё раз.")
WHICH_CASE = "Укажите номер или место: /case 123, /case ЕКЖ-2026-000123, /case Мира 5"
OLD_BUTTON = "Эта кнопка больше не действует. Откройте карточку заново: /my"
WAITING_FOR_STORAGE = ("База данных сейчас не отвечает. Повторять не нужно: всё сохранено и будет "
                       "сделано, как только она ответит.")
CAMERA_WAITS = "База данных сейчас не отвечает. Снимок цел, отправляю его ещё раз."
NOT_SHOWN = "Telegram не дал показать карточку. Откройте её ещё раз: /my"
UNKNOWN_KIND = "Такие сообщения я не принимаю: пришлите текст, фотографию или файл."
ONLY_OFFICE_REPORT = "Сводку видят сотрудники подразделения «Добродел» и руководители."
NO_REGISTERS = ("Реестр отправки печатают подразделение «Добродел» и делопроизводитель органа — "
                "по своим письмам (разд. 5, абз. 4).")
WHICH_REGISTER = "Чей реестр отправки писем?"
BAD_PERIOD = ("Период не понят. Напишите его так: 01.11.2026 – 30.11.2026; второй день не раньше "
              "первого.")
NO_MAIL = "Неразобранных писем нет."
NOTHING_MINE = "Сейчас вас ничего не ждёт."
NOTHING_OVERDUE = "Просроченных сообщений нет."
NO_ONE_TO_CHOOSE = "В справочнике некого выбрать. Попросите администратора дополнить справочник."
NO_HISTORY = "Записей пока нет."
NO_FILES = "Файлов нет."
ONLY_PROGRAMS = "Файлов, которые можно переслать, нет."
PROGRAMS = ("⚠️ Среди файлов программы: {names}. Такие файлы бывают опасны, Ракурс никому их не "
            "пересылает.")
NO_PREVIEW = "Проекта ответа пока нет: его готовит ответственный исполнитель."
TEXT_WANTED = "Здесь нужен текст. Напишите его ответом на вопрос или отмените: /cancel"
FILE_WANTED = "Здесь нужен файл: скан в PDF, JPEG, PNG или TIFF. Отменить — /cancel"
NO_DICTATION = ("Диктовка в вашей администрации не настроена. Пришлите текст сообщением или "
                "файлом Word (.docx).")
NOTHING_HEARD = "Слов не разобрать. Продиктуйте ещё раз или пришлите текст."
DICTATION_FAILED = "Распознать голос не удалось. Пришлите текст сообщением или файлом Word."
VOICE_TOO_LONG = "Голосовое сообщение длиннее пяти минут. Разделите его или пришлите текст."
WORD_WANTED = ("Текст ответа принимается сообщением или файлом Word (.docx). Сканы и "
               "фотографии прикладываются по кнопке «Приложить скан».")
SCAN_TYPES = "Скан принимается в PDF, JPEG, PNG или TIFF. Пришлите файл в одном из них."
BAD_DATE = "Дата не понята. Напишите её так: 14.12.2026"
WHICH_PHOTO_CASE = "К какому сообщению относится присланное?"
NO_ASSIGNMENT = ("Сейчас у вас нет поручения, к которому можно приложить фотографию. "
                 "Список дел — /my")
PHOTO_TYPES = ("Файл «{name}» не подходит: нужны фотографии JPEG, PNG или TIFF (п. 4.6, абз. 6). "
               "Снимки iPhone (HEIC) принимаются, если отправить их файлом.")
FILE_TOO_BIG = ("Файл «{name}» больше 20 МБ: столько бот получить не может. Пришлите его по "
                "электронной почте ответом на письмо Ракурса или уменьшите. Предел снимает "
                "собственный сервер Bot API, его подключает администратор.")
FILE_TOO_BIG_FOR_ALL = ("Файл «{name}» больше 50 МБ: приложения к ответу вместе не могут быть "
                        "больше (п. 4.6, абз. 6). Уменьшите его.")
FILE_LOST = "Не удалось получить файл «{name}» от Telegram. Пришлите его ещё раз."
SCAN_TAKEN = "Скан принят, письмо передано на регистрацию."
LETTER_MADE = "Письмо подготовлено. Сейчас пришлю его для подписи."
MAIL_DISMISSED = "Письмо оставлено без регистрации."
WHICH_LETTER = "На какое наше письмо это ответ?"
NO_LETTER_AWAITS = "Сейчас нет отправленных писем, на которые ждут ответа."
ROW_AGAIN = "Отправляю ещё раз."
ROW_LEFT = "Больше не отправляю."
WRONG_TOKEN = ("Telegram не принимает BOT_TOKEN. Возьмите ключ у @BotFather и запишите его в "  # noqa: S105
               ".env, например BOT_TOKEN=123456:AA…")
OTHER_POLLER = ("Обновления этого бота забирает другая программа (409). Остановите её: с одним "
                "BOT_TOKEN работает один экземпляр.")
GUIDE_CAPTION = "Как отправить фото файлом. Показать ещё раз — кнопка «Как отправить файлом»."
CAPTION_IS_NO_REPORT = ("Подпись к фотографии в дело не записана. Что сделано, напишите отдельным "
                        "сообщением по кнопке карточки.")
CAPTION_MAY_REPORT = ("Подпись к фотографии в дело пока не записана. Когда все фотографии будут "
                      "приложены, её можно сдать как отчёт.")
HOW_TO_PHOTO = (
    "Снимите результат с того же места и в ту же сторону, что и на фотографии заявителя. "
    "Пришлите снимок <b>файлом</b> (скрепка → «Файл»): так сохранятся время и место съёмки. "
    "Можно несколько сразу, до 20 МБ каждый, JPEG, PNG, TIFF или HEIC.")


def card_elsewhere(head: str, number: str, *, below: bool) -> str:
    """In place of a card that another one has taken over from; ``head`` is markup already."""
    where = "⬇️ Карточка ниже" if below else "⬆️ Карточка выше"
    return "\n".join([*([f"<b>{head}</b>"] if head else []), f"{where}: {escape(number)}"])


def not_yours(number: str) -> str:
    """In place of the card of a case that its reader has no part in any more."""
    return f"<b>{escape(number)}</b>\nСообщение передано другим, от вас ничего не требуется."


def welcome(person: Person) -> str:
    """After joining by invitation."""
    return (f"Здравствуйте, {escape(person.name)}! Вы подключены к Ракурсу. "
            "Поручения и напоминания будут приходить сюда.")


QUEUES: Mapping[Queue, str] = {
    Queue.REGISTER: "🗂 Регистрация", Queue.ROUTE: "➡️ Направить", Queue.DECIDE: "🧭 На решение",
    Queue.RESOLVE: "📝 На резолюцию", Queue.EXECUTE: "🛠 Исполнить",
    Queue.APPROVE: "✍️ Согласовать", Queue.SIGN: "🖋 На подпись", Queue.CHECK: "🔎 Оформление",
    Queue.DISPATCH: "📤 Отправить", Queue.RETURNED: "🔁 Возвраты",
}
"""The sections of the menu by what cases wait for."""


def menu(person: Person, waiting: int, reports: int) -> str:
    """The head of the menu; ``reports`` wait for the person's word."""
    ball = [counted(waiting, "сообщение ждёт", "сообщения ждут", "сообщений ждут") + " вас"
            ] if waiting else []
    ball += [reports_wait(reports)] if reports else []
    return (f"<b>{escape(person.short_name)}</b>: "
            f"{', '.join(ball) or 'сейчас вас ничего не ждёт'}.\n"
            "Чтобы найти сообщение, пришлите его номер или место: «123», «Мира 5».")


def reports_wait(count: int) -> str:
    """That they are not confirmed yet, and where they lie."""
    return (counted(count, "отчёт ждёт", "отчёта ждут", "отчётов ждут")
            + " вашего утверждения (/report)")


def list_is_empty(title: str) -> str:
    """A list of the digest that has been worked off since."""
    return f"Список «{title}» уже пуст. Сводка на сейчас — /report"


def which_span(sender: str) -> str:
    """The head of the periods of a dispatch register."""
    return f"Реестр отправки писем: {escape(sender)}\nЗа какой период?"


def register_made(document: RegisterDocument) -> str:
    """Beside the files of a dispatch register."""
    count = counted(len(document.rows), "письмо", "письма", "писем")
    return (f"Реестр отправки писем с {document.first_day:%d.%m.%Y} по "
            f"{document.last_day:%d.%m.%Y}: {count}. {escape(document.sender)}")


def found(query: str) -> str:
    """The head of a list that was searched for."""
    return f"По месту «{escape(words.cut(query, 60))}»"


def nothing_found(query: str) -> str:
    """Neither a number nor a place."""
    return (f"По словам «{escape(words.cut(query, 60))}» ничего не нашлось. Пришлите номер "
            "(123 или ЕКЖ-2026-000123) или место (улицу, дом), либо откройте /menu")
