"""The sentences of the bot, by occasion. Pure; what people typed is escaped here and nowhere else.

Texts on cards are in ``bot/cards.py``, labels of buttons in ``bot/keyboards``.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape

from bot import words
from core.notices import NoticeKind
from core.people import Body, Person

STRANGER = ("Этот бот — для сотрудников администрации. Чтобы начать, откройте ссылку-приглашение, "
            "которую выдаёт администратор.")
BAD_INVITATION = ("Приглашение не действует: оно уже использовано или его срок истёк. Попросите "
                  "у администратора новую ссылку.")
ONLY_PRIVATE = "Я работаю только в личной переписке: откройте чат со мной."
NOTHING_TO_CANCEL = "Сейчас я ни о чём не спрашиваю. Меню — /menu"
CANCELLED = "Отменено: вопросы сняты, ничего не изменено. Меню — /menu"
NOT_UNDERSTOOD = ("Не понял. Пришлите номер сообщения (например, 123 или ЕКЖ-2026-000123) "
                  "или откройте /menu")
QUESTION_CLOSED = ("Этот вопрос уже закрыт, ответ не принят. Откройте карточку и нажмите "
                   "кнопку ещё раз.")
WHICH_CASE = "Укажите номер: /case 123 или /case ЕКЖ-2026-000123"
OLD_BUTTON = "Эта кнопка больше не действует. Откройте карточку заново: /my"
NOT_SHOWN = "Telegram не дал показать карточку. Откройте её ещё раз: /my"
UNKNOWN_KIND = "Такие сообщения я не принимаю: пришлите текст, фотографию или файл."
ONLY_OFFICE_REPORT = "Сводку видят сотрудники подразделения «Добродел» и руководители."
NO_MAIL = "Неразобранных писем нет."
NOTHING_MINE = "Сейчас вас ничего не ждёт."
NOTHING_OVERDUE = "Просроченных сообщений нет."
NO_ONE_TO_CHOOSE = "В справочнике некого выбрать. Попросите администратора дополнить справочник."
NO_PROPOSAL = ("В справочнике нет правила для этой темы. Нажмите «Выбрать другого».")
NO_HISTORY = "Записей пока нет."
NO_FILES = "Файлов нет."
NO_PREVIEW = "Проекта ответа пока нет."

TEXT_WANTED = "Здесь нужен текст. Напишите его ответом на вопрос или отмените: /cancel"
FILE_WANTED = "Здесь нужен файл: скан в PDF, JPEG, PNG или TIFF. Отменить — /cancel"
SCAN_TYPES = "Скан принимается в PDF, JPEG, PNG или TIFF. Пришлите файл в одном из них."
BAD_DATE = "Дата не понята. Напишите её так: 14.12.2026"
WHICH_PHOTO_CASE = "К какому сообщению относится присланное?"
NO_ASSIGNMENT = ("Сейчас у вас нет поручения, к которому можно приложить фотографию. "
                 "Список дел — /my")
PHOTO_TYPES = ("Файл «{name}» не подходит: нужны фотографии JPEG, PNG или TIFF (п. 4.6, абз. 6). "
               "Снимки iPhone (HEIC) принимаются, если отправить их файлом.")
FILE_TOO_BIG = ("Файл «{name}» больше 20 МБ: столько через Telegram не передать. Пришлите его "
                "ответом на письмо Ракурса по электронной почте или уменьшите.")
FILE_LOST = "Не удалось получить файл «{name}» от Telegram. Пришлите его ещё раз."
SCAN_TAKEN = "Скан принят, письмо передано на регистрацию."
LETTER_MADE = "Письмо подготовлено. Сейчас пришлю его для подписи."
MAIL_DISMISSED = "Письмо оставлено без регистрации."
ROW_AGAIN = "Отправляю ещё раз."
ROW_LEFT = "Больше не отправляю."
WRONG_TOKEN = ("Telegram не принимает BOT_TOKEN. Возьмите ключ у @BotFather и запишите его в "  # noqa: S105
               ".env, например BOT_TOKEN=123456:AA…")
OTHER_POLLER = ("Обновления этого бота забирает другая программа (409). Остановите её: с одним "
                "BOT_TOKEN работает один экземпляр.")

HOW_TO_PHOTO = (
    "Снимите результат с того же места и в ту же сторону, что и на фотографии заявителя. "
    "Пришлите снимок <b>файлом</b> (скрепка → «Файл»): так сохранятся время и место съёмки. "
    "Можно несколько сразу, до 20 МБ каждый, JPEG, PNG, TIFF или HEIC.")

COMMANDS: tuple[tuple[str, str], ...] = (
    ("menu", "меню и счётчики"),
    ("my", "что ждёт меня"),
    ("case", "открыть сообщение по номеру"),
    ("overdue", "просроченные"),
    ("report", "сводка на сейчас"),
    ("settings", "кто я в Ракурсе"),
    ("help", "что умеет бот"),
    ("cancel", "снять вопрос"),
)


def welcome(person: Person) -> str:
    """After joining by invitation."""
    return (f"Здравствуйте, {escape(person.name)}! Вы подключены к Ракурсу. "
            "Поручения и напоминания будут приходить сюда.")


def help_text(person: Person) -> str:
    """``/help``: what the bot does, and how to answer it."""
    commands = "\n".join(f"/{name} — {what}" for name, what in COMMANDS)
    return (
        f"<b>Ракурс</b> ведёт сообщения портала «Добродел» по Регламенту.\n\n{commands}\n\n"
        "Пришлите номер — открою карточку. Нажимайте кнопки под карточкой; на вопрос бота "
        "отвечайте текстом. " + HOW_TO_PHOTO)


def settings(person: Person, body: Body | None) -> str:
    """``/settings``: who this person is in the directory."""
    offices = "; ".join(sorted(one.label for one in person.offices)) or "исполнитель"
    lines = [f"<b>{escape(person.name)}</b>", escape(person.post)]
    lines += [escape(body.name)] if body else []
    lines += [f"Роль: {escape(offices)}",
              f"Почта: {escape(person.email) or 'не указана'}",
              "Поручения приходят в Telegram; если он недоступен — на почту.",
              "Изменить данные может администратор."]
    return "\n".join(line for line in lines if line)


def menu(person: Person) -> str:
    """The head of the menu."""
    return f"<b>{escape(person.short_name)}</b>, выберите:"


# Questions -----------------------------------------------------------------------------------

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


def what_decided(number: str) -> str:
    """For «Продолжить работу»."""
    return f"{number}: какое решение принято, что поручено сделать?"


def closing_decision(number: str) -> str:
    """For closing by the operator's or the commission's decision."""
    return f"{number}: каким решением закрыто (чьим, номер и дата)?"


def what_citizen_says(number: str) -> str:
    """For a citizen's return noted by hand."""
    return f"{number}: что написал пользователь, возвращая ответ? Без имени и контактов."


def why_keep_photo(number: str) -> str:
    """For «Оставить с объяснением»."""
    return f"{number}: почему эту фотографию следует оставить? Объяснение увидят согласующие."


def send_photos(number: str) -> str:
    """For «Фото работ»."""
    return f"{number}: жду фотографии работ.\n{HOW_TO_PHOTO}"


def draft_text(number: str, kind: str) -> str:
    """For the text of a draft."""
    return (f"{number}: напишите текст ответа ({escape(kind)}). По существу: что сделано, что и "
            "когда будет сделано или почему это невозможно. Обращение и подпись добавит бланк.")


def corrected_draft(number: str, kind: str) -> str:
    """For «Править»: the text so far is sent beside it, to be copied."""
    return (f"{number}: пришлите исправленный текст ответа целиком ({escape(kind)}). "
            "Прежний текст — выше, его можно скопировать.")


def promised_date(number: str) -> str:
    """For the date of an interim answer (4.6¶5)."""
    return (f"{number}: до какого дня вопрос будет решён? Точная дата, не позднее 30 дней, "
            "например 14.12.2026")


DRAFT_GOES_ON = ("Текст принят, но Telegram передаёт не больше 4096 знаков за раз. Если было "
                 "продолжение, пришлите его: оно добавится в конец.")


def letter_text(number: str, to: str) -> str:
    """For the text of a letter outside МСЭД."""
    return (f"{number}: письмо в {escape(to)}. Первая строка — о чём письмо, дальше — текст.")


def scan_wanted(number: str) -> str:
    """For the scan of a letter signed by hand."""
    return f"{number}: пришлите скан подписанного письма (PDF, JPEG, PNG или TIFF)."


def task_scope(name: str) -> str:
    """For what one executor is to do."""
    return f"Что поручается: {escape(name)}?"


# What was done -------------------------------------------------------------------------------

REGISTERED = "Зарегистрировано."
ROUTED = "Направлено."
REDIRECTED = "Перенаправлено."
ESCALATED = "Передано начальнику Управления делами."
DUPLICATE_MARKED = "Отмечено как дубликат."
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
RETURN_NOTED = "Возврат учтён."
PHOTO_REMOVED = "Фотография убрана."
PHOTO_KEPT = "Фотография оставлена с объяснением."


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


def unexpected(code: str) -> str:
    """A fault of ours; ``code`` finds it in the log."""
    return (f"Не получилось: внутренняя ошибка, код {code}. Ничего не потеряно; повторите позже "
            "или сообщите код администратору.")


# Notices -------------------------------------------------------------------------------------

VERDICTS: Mapping[str, str] = {
    "same_angle": "✅ Ракурс совпадает",
    "different_angle": "⚠️ Другой ракурс",
    "other_place": "⚠️ Похоже на другое место",
    "needs_editing": "⚠️ Снимок нужно поправить",
    "reused_photo": "⚠️ Этот снимок уже использован",
    "unsure": "❔ Уверенно сравнить не удалось",
    "reject_format": "⛔ Формат не подходит",
    "reject_corrupt": "⛔ Файл повреждён",
    "reject_not_image": "⛔ Это не изображение",
    "reject_too_large": "⛔ Снимок слишком большой",
    "reject_too_small": "⛔ Снимок слишком маленький",
}


def verdict(code: str) -> str:
    """The judge's verdict in words."""
    return VERDICTS.get(code, "⏳ Сравнивается") if code else "⏳ Сравнивается"


Facts = Mapping[str, str]


def _quoted(facts: Facts, key: str) -> str:
    said = facts.get(key, "").strip()
    return f": «{escape(words.cut(said, 700))}»" if said else ""


def _assignment(facts: Facts) -> str:
    given_by = facts.get("from", "")
    return f"📌 Вам поручено ({escape(given_by)})" if given_by else "📌 Вам поручено"


def _deadline(facts: Facts) -> str:
    left, due_on = int(facts["left"]), date.fromisoformat(facts["due_on"])
    said = words.deadline(left, due_on, late=False)
    return f"⏰ {escape(facts['label']).capitalize()}: {said} ({words.clause(facts['clause'])})"


def _overdue(facts: Facts) -> str:
    left, due_on = int(facts["left"]), date.fromisoformat(facts["due_on"])
    said = words.deadline(left, due_on, late=True)
    return f"🔴 {escape(facts['label']).capitalize()}: {said} ({words.clause(facts['clause'])})"


def _trouble(facts: Facts) -> str:
    to, reason = escape(facts.get("to", "")), escape(facts.get("reason", ""))
    if not facts.get("doubt"):
        return f"📪 Не доставлено: {to}\n{reason}"
    return (f"📪 Неизвестно, доставлено ли: {to}\n{reason}\nУточните у получателя: если дошло, "
            "повторять не нужно.")


NOTICES: Mapping[NoticeKind, Callable[[Facts], str]] = {
    NoticeKind.NEW_MESSAGE: lambda _: "📨 Новое сообщение. Зарегистрируйте его",
    NoticeKind.TO_DECIDE: lambda _: "🧭 Подразделение «Добродел» просит решить, кому направить",
    NoticeKind.TO_RESOLVE: lambda _: "📝 Вам на резолюцию, срок — рабочий день (п. 4.2)",
    NoticeKind.HANDED_BACK: lambda facts: f"↩️ Возвращено регистратору{_quoted(facts, 'reason')}",
    NoticeKind.ASSIGNMENT: _assignment,
    NoticeKind.ASSIGNMENT_DECLINED: lambda facts: (
        f"↩️ {escape(facts.get('who', ''))}: не относится к полномочиям"
        f"{_quoted(facts, 'reason')}"),
    NoticeKind.MATERIALS_SUBMITTED: lambda facts: (
        f"📥 Материал соисполнителя, {escape(facts.get('who', ''))}{_quoted(facts, 'report')}"),
    NoticeKind.MATERIALS_ACCEPTED: lambda _: "✅ Ваш материал принят",
    NoticeKind.MATERIALS_RETURNED: lambda facts: f"↩️ Материал возвращён{_quoted(facts, 'remark')}",
    NoticeKind.TO_APPROVE: lambda _: "✍️ Вам на согласование",
    NoticeKind.REMARK: lambda facts: (
        f"💬 Замечание, {escape(facts.get('who', ''))}{_quoted(facts, 'remark')}"),
    NoticeKind.TO_SIGN: lambda _: "🖋 Вам на подпись. Подпишите в МСЭД и отметьте здесь",
    NoticeKind.REWORK: lambda facts: f"↩️ На доработку{_quoted(facts, 'remark')}",
    NoticeKind.TO_CHECK: lambda _: "🔎 Подписано. Проверьте оформление",
    NoticeKind.DISPATCHED: lambda _: "📤 Ответ направлен оператору",
    NoticeKind.PUBLISHED: lambda _: "🏁 Ответ опубликован",
    NoticeKind.DEFERRED: lambda _: ("⏳ Промежуточный ответ опубликован. Сообщение остаётся на "
                                   "контроле до окончательного ответа"),
    NoticeKind.CITIZEN_RETURN: lambda _: "🔁 Пользователь вернул ответ на доработку",
    NoticeKind.THIRD_RETURN: lambda _: (
        "🔁 Третий возврат. Решите: оператору на закрытие или дальше"),
    NoticeKind.LETTER_TO_SIGN: lambda _: (
        "✉️ Письмо готово. Распечатайте, подпишите собственноручно и пришлите скан"),
    NoticeKind.LETTER_TO_REGISTER: lambda _: "✉️ Письмо подписано. Зарегистрируйте его",
    NoticeKind.LETTER_ANSWERED: lambda facts: f"✉️ Ответ организации{_quoted(facts, 'answer')}",
    NoticeKind.LETTER_BOUNCED: lambda facts: f"📪 Письмо не доставлено{_quoted(facts, 'answer')}",
    NoticeKind.REMINDER: _deadline,
    NoticeKind.OVERDUE: _overdue,
    NoticeKind.UNCLEAR_MAIL: lambda facts: (
        f"📬 Письмо требует внимания. {escape(facts.get('reason', ''))}"),
    NoticeKind.DELIVERY_TROUBLE: _trouble,
    NoticeKind.REPLY: lambda facts: escape(facts.get("said", "")),
}
"""What a notice says first; the kinds that are not here never go to Telegram."""


def repeated(text: str) -> str:
    """A card that was perhaps sent before."""
    return f"Повтор: {text}"


# Why a notice cannot be delivered --------------------------------------------------------------

NO_TELEGRAM = "Сотрудник не подключён к Telegram."
BLOCKED = "Сотрудник заблокировал бота."
NO_CHAT = "Сотрудник не начинал переписку с ботом."
NOT_FOR_TELEGRAM = "Такое уведомление не отправляется в Telegram."
SLOW_DOWN = "Telegram просит подождать."
NO_LINE = "Нет связи с Telegram."
MAYBE_SENT = "Связь с Telegram прервалась при отправке."


def refused(description: str) -> str:
    """Telegram took the message for wrong."""
    return f"Telegram не принял сообщение: {description}"


# Choosing --------------------------------------------------------------------------------------

OWN_DATE = "В мой срок"
NO_STAFF = "В справочнике нет других сотрудников вашего органа."


def choose_for(number: str, *, redirecting: bool) -> str:
    """Above a list of officials or bodies."""
    return (f"<b>{escape(number)}</b>: куда переадресовать?" if redirecting
            else f"<b>{escape(number)}</b>: кому направить?")


def to_whom(number: str) -> str:
    """Above the list of one's staff."""
    return f"<b>{escape(number)}</b>: кому поручить?"


def by_when(number: str) -> str:
    """Above the list of days."""
    return f"<b>{escape(number)}</b>: к какому дню? Не позже вашего срока (п. 4.5)."


def which_kind(number: str) -> str:
    """Above the kinds of answer."""
    return f"<b>{escape(number)}</b>: о чём будет ответ? (п. 4.6, абз. 4)"


def which_addressee(number: str) -> str:
    """Above the bodies that get letters outside МСЭД."""
    return f"<b>{escape(number)}</b>: кому письмо? (п. 5, абз. 3)"


WHO_LEADS = "Кто ответственный исполнитель? Он отвечает за срок (п. 4.6, абз. 1)."
WHO_HELPS = "Кто соисполнители? Отметьте всех и нажмите «Дальше»."


def executor(name: str, due_on: date | None, scope: str) -> str:
    """One executor of a resolution in the making."""
    lines = [f"<b>{escape(name)}</b>",
             f"Срок: {'до ' + words.day(due_on) if due_on else 'по Регламенту'}"]
    lines += [f"Задача: {escape(words.cut(scope, 700))}"] if scope else []
    return "\n".join(lines)


LETTER_TWO_PARTS = ("Нужны тема и текст: первая строка — о чём письмо, со второй строки — "
                    "текст письма.")


def letter_registered(case_number: str, number: str) -> str:
    """A letter has its number and is on its way (5¶4)."""
    return (f"{escape(case_number)}: письмо зарегистрировано под № {escape(number)} и "
            "отправляется адресату.")


NO_SECRET = ("Для WEBHOOK_URL нужен WEBHOOK_SECRET: от 1 до 256 латинских букв, цифр, «_» и "  # noqa: S105
             "«-», например WEBHOOK_SECRET=3f9c…")
