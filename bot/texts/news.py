"""The notices of the outbox, by kind, and why one could not be delivered."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from html import escape

from bot import words
from bot.texts.ladder import LABELS
from core import returnwords, staffwords
from core.notices import NoticeKind
from core.photos import words as judged
from core.usecases.execution import NO_PHOTO
from core.wordforms import counted, working_days

_ICONS = {"same_angle": "✅", "unsure": "❔", "": "⏳"}


def verdict(code: str) -> str:
    """The judge's verdict in words."""
    icon = "⛔" if code.startswith(NO_PHOTO) else _ICONS.get(code, "⚠️")
    return f"{icon} {judged.verdict(code)}"


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


def _escalation(facts: Facts) -> str:
    said = _overdue(facts) if facts.get("late") else _deadline(facts)
    return f"{said}\nОтвечает: {escape(facts.get('debtor', ''))}"


def _not_taken_up(facts: Facts) -> str:
    if facts.get("superior"):
        return ("🔕 Рабочий день прошёл, а поручение не принято (п. 4.4, абз. 2)\n"
                f"Исполнитель: {escape(facts.get('holder', ''))}")
    return "🔕 Поручение ждёт вас: нажмите «Принять» или «Не моё»"


def _not_opened(facts: Facts) -> str:
    what = LABELS.get(NoticeKind(facts["what"]), "извещение")
    return (f"🔕 Рабочий день прошёл, а извещение «{what}» не открыто\n"
            f"Сотрудник: {escape(facts.get('holder', ''))}")


def _trouble(facts: Facts) -> str:
    to, reason = escape(facts.get("to", "")), escape(facts.get("reason", ""))
    if not facts.get("doubt"):
        return f"📪 Не доставлено: {to}\n{reason}"
    return (f"📪 Неизвестно, доставлено ли: {to}\n{reason}\nУточните у получателя: если дошло, "
            "повторять не нужно.")


_STAFF_ICONS = {NoticeKind.UNREACHABLE: "📵", NoticeKind.REPORT_TROUBLE: "⚠️",
                NoticeKind.REFERENCE_DATA: "☎️", NoticeKind.REFERENCE_STALE: "☎️",
                NoticeKind.STANDING_IN: "🤝", NoticeKind.STANDING_IN_OVER: "🤝",
                NoticeKind.BACK_AT_WORK: "👋", NoticeKind.LEFT_WITHOUT_HANDS: "🪑"}


def _staff(kind: NoticeKind, facts: Facts) -> str:
    return f"{_STAFF_ICONS[kind]} {escape(staffwords.SENTENCES[kind](facts))}"


def head(kind: NoticeKind, facts: Facts) -> str:
    """What the notice says first; a substitute reads for whom it is."""
    deputy = staffwords.for_whom(facts)
    said = NOTICES[kind](facts)
    return f"🤝 {escape(deputy)}\n{said}" if deputy else said


def _silent_letter(facts: Facts) -> str:
    days = working_days(int(facts["days"]))
    return (f"🔕 Нет ответа на письмо № {escape(facts['number'])}\n"
            f"Кому: {escape(facts['to'])}. Прошло: {days}, напоминание отправлено. Позвоните или "
            "решите, отвечать ли без него")


def _mailbox(facts: Facts) -> str:
    count, unclear = int(facts["count"]), int(facts["unclear"])
    letters = counted(count, "письмо", "письма", "писем")
    match facts["event"]:
        case "backlog":
            return (f"📬 В ящике ждёт {letters}: принимаю их по порядку. О письмах, которые не "
                    "удастся разобрать, сообщу в конце")
        case "caught_up":
            return (f"📬 Накопившаяся почта принята: {letters}. Требуют внимания, раздел "
                    f"«Письма»: {unclear}")
        case _:
            return (f"📪 Почтовый ящик заполнен на {count} %. Освободите место: переполненный "
                    "ящик не принимает новые письма")


def _register(facts: Facts) -> str:
    first, last = (date.fromisoformat(facts[one]) for one in ("first", "last"))
    return (f"📑 Реестр отправки писем с {first:%d.%m.%Y} по {last:%d.%m.%Y} — для подписи и "
            "в дело (разд. 5, абз. 4)")


def _to_register(facts: Facts) -> str:
    again = escape(words.cut(returnwords.to_register(facts), 700))
    return f"🔁 {again}" if again else "📨 Новое сообщение. Зарегистрируйте его"


NOTICES: Mapping[NoticeKind, Callable[[Facts], str]] = {
    NoticeKind.NEW_MESSAGE: _to_register,
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
    NoticeKind.TO_SIGN: lambda _: (
        "🖋 Вам на подпись. Подпишите в МСЭД и отметьте здесь или пришлите файл подписи "
        "присланного документа (.sig, .p7s, .sgn)"),
    NoticeKind.REWORK: lambda facts: f"↩️ На доработку{_quoted(facts, 'remark')}",
    NoticeKind.TO_CHECK: lambda _: "🔎 Подписано. Проверьте оформление",
    NoticeKind.DISPATCHED: lambda _: "📤 Ответ направлен оператору",
    NoticeKind.PUBLISHED: lambda _: "🏁 Ответ опубликован",
    NoticeKind.DEFERRED: lambda _: ("⏳ Промежуточный ответ опубликован. Сообщение остаётся на "
                                   "контроле до окончательного ответа"),
    NoticeKind.CITIZEN_RETURN: lambda _: "🔁 Пользователь вернул ответ на доработку",
    NoticeKind.THIRD_RETURN: lambda facts: f"🔁 {returnwords.to_decide(facts)}",
    NoticeKind.LETTER_TO_SIGN: lambda _: (
        "✉️ Письмо готово. Распечатайте, подпишите собственноручно и пришлите скан"),
    NoticeKind.LETTER_TO_REGISTER: lambda _: "✉️ Письмо подписано. Зарегистрируйте его",
    NoticeKind.LETTER_ANSWERED: lambda facts: f"✉️ Ответ организации{_quoted(facts, 'answer')}",
    NoticeKind.LETTER_BOUNCED: lambda facts: f"📪 Письмо не доставлено{_quoted(facts, 'answer')}",
    NoticeKind.LETTER_SILENT: _silent_letter,
    NoticeKind.DISPATCH_REGISTER: _register,
    NoticeKind.MAILBOX_NEWS: _mailbox,
    NoticeKind.REMINDER: _deadline,
    NoticeKind.OVERDUE: _overdue,
    NoticeKind.ESCALATION: _escalation,
    NoticeKind.NOT_TAKEN_UP: _not_taken_up,
    NoticeKind.NOT_OPENED: _not_opened,
    NoticeKind.UNCLEAR_MAIL: lambda facts: (
        f"📬 Письмо требует внимания. {escape(facts.get('reason', ''))}"),
    NoticeKind.MAIL_JOINED: lambda facts: (
        f"📎 К сообщению приобщено письмо{_quoted(facts, 'answer')}"),
    NoticeKind.DELIVERY_TROUBLE: _trouble,
    NoticeKind.REPLY: lambda facts: escape(facts.get("said", "")),
}
NOTICES = {**NOTICES, **{kind: partial(_staff, kind) for kind in staffwords.SENTENCES}}
"""What a notice says first; the kinds that are not here never go to Telegram."""


def repeated(text: str) -> str:
    """A card that was perhaps sent before."""
    return f"Повтор: {text}"


MY_DAY = "🗞 Сегодня ждут вас"
NOTHING_TODAY = "🗞 Сегодня вас ничего не ждёт."
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
