"""The Russian letters of the program: a parcel -> one outgoing letter. Pure.

A person without Telegram does the whole of their part by answering these letters, so each ends
with what to answer (contract: «By e-mail»).
"""

from core import answercard
from core.cards import CaseCard, CaseLine, Digest, DueLine
from core.notices import NoticeKind
from core.outbound import OutgoingLetter
from core.regulation.clauses import spoken
from core.regulation.terms import Event
from core.usecases.parcels import Parcel

SUBJECTS: dict[NoticeKind, str] = {
    NoticeKind.NEW_MESSAGE: "Поступило сообщение",
    NoticeKind.TO_DECIDE: "Требуется решение",
    NoticeKind.TO_RESOLVE: "На резолюцию",
    NoticeKind.HANDED_BACK: "Возвращено регистратору",
    NoticeKind.REDIRECTED: "Сообщение перенаправлено по компетенции",
    NoticeKind.ASSIGNMENT: "Поручение",
    NoticeKind.ASSIGNMENT_DECLINED: "Поручение возвращено",
    NoticeKind.PHOTO_VERDICT: "Сравнение фотографии",
    NoticeKind.MATERIALS_SUBMITTED: "Представлен материал соисполнителя",
    NoticeKind.MATERIALS_ACCEPTED: "Материал принят",
    NoticeKind.MATERIALS_RETURNED: "Материал возвращён",
    NoticeKind.TO_APPROVE: "На согласование",
    NoticeKind.REMARK: "Замечание к проекту ответа",
    NoticeKind.TO_SIGN: "На подпись",
    NoticeKind.REWORK: "Ответ возвращён на доработку",
    NoticeKind.TO_CHECK: "Ответ подписан, проверьте оформление",
    NoticeKind.ANSWER_PACKAGE: "Ответ на сообщение",
    NoticeKind.CLOSING_PACKAGE: "Материалы для решения о закрытии сообщения",
    NoticeKind.DISPATCHED: "Ответ направлен оператору",
    NoticeKind.PUBLISHED: "Ответ опубликован",
    NoticeKind.DEFERRED: "Промежуточный ответ опубликован, сообщение на контроле",
    NoticeKind.CITIZEN_RETURN: "Пользователь вернул ответ на доработку",
    NoticeKind.THIRD_RETURN: "Третий возврат: нужно решение",
    NoticeKind.LETTER_TO_SIGN: "Письмо на собственноручную подпись",
    NoticeKind.LETTER_TO_REGISTER: "Письмо на регистрацию",
    NoticeKind.LETTER_OUT: "Письмо администрации",
    NoticeKind.LETTER_ANSWERED: "Получен ответ организации",
    NoticeKind.LETTER_BOUNCED: "Письмо не доставлено",
    NoticeKind.REMINDER: "Напоминание о сроке",
    NoticeKind.OVERDUE: "Срок истёк",
    NoticeKind.DIGEST: "Сводка",
    NoticeKind.UNCLEAR_MAIL: "Письмо требует решения",
    NoticeKind.DELIVERY_TROUBLE: "Отправка требует внимания",
    NoticeKind.REPLY: "Ваш ответ получен",
}

HOW_TO_ANSWER: dict[NoticeKind, str] = {
    NoticeKind.ASSIGNMENT:
        "Ответьте на это письмо: «Принято»; «Не моё» и причина; либо опишите, что сделано, и "
        "приложите фотографии с того же ракурса, что и у заявителя. Отправляйте фотографии "
        "файлами, без обработки.",
    NoticeKind.MATERIALS_RETURNED:
        "Ответьте на это письмо доработанным отчётом и, если нужно, новыми фотографиями.",
    NoticeKind.TO_APPROVE:
        "Ответьте на это письмо одним словом «Согласовано» или напишите замечания.",
    NoticeKind.REMARK:
        "Ответьте исправленным текстом, начав с вида ответа («Решено: …», «Запланировано: …», "
        "«Невозможно: …», «Промежуточный ответ до 14.12.2026: …»), затем отдельным письмом — "
        "«На согласование».",
}
_LEAD_HINT = (
    "Вы ответственный исполнитель. Проект ответа присылайте ответом на это письмо, начав с вида: "
    "«Решено: …», «Запланировано: …», «Невозможно: …» или «Промежуточный ответ до 14.12.2026: …». "
    "Затем ответьте «На согласование».")


def letter_of(parcel: Parcel, message_id: str, to: tuple[str, ...]) -> OutgoingLetter:
    """The letter for a parcel; ``message_id`` is derived from the outbox row."""
    kind, facts = parcel.kind, parcel.facts
    subject = SUBJECTS[kind]
    if kind is NoticeKind.LETTER_OUT and parcel.letter is not None:
        subject = parcel.letter.subject or subject
    number = parcel.case.number if parcel.case else ""
    reply_to = facts.get("in_reply_to", "")
    return OutgoingLetter(
        message_id=message_id, to=to, subject=_with_about(subject, parcel), text=_text(parcel),
        case_number=number, token=parcel.token, in_reply_to=reply_to,
        references=(reply_to,) if reply_to else (), files=parcel.files,
        automatic=kind is not NoticeKind.LETTER_OUT)


def _with_about(subject: str, parcel: Parcel) -> str:
    if parcel.digest is not None:
        return f"{subject} на {parcel.digest.on:%d.%m.%Y}"
    topic = parcel.case.message.topic if parcel.case else ""
    return f"{subject}: {topic}" if topic and parcel.kind is not NoticeKind.LETTER_OUT else subject


def _text(parcel: Parcel) -> str:
    facts, kind = parcel.facts, parcel.kind
    if kind is NoticeKind.DIGEST and parcel.digest is not None:
        return digest_text(parcel.digest)
    if kind in {NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE} and parcel.case:
        return f"{SUBJECTS[kind]}.\n\n{answercard.as_text(parcel.case, parcel.directory)}\n"
    if kind is NoticeKind.LETTER_OUT and parcel.letter is not None:
        return _outside(parcel)
    if kind is NoticeKind.REDIRECTED and parcel.case is not None:
        return _redirected(parcel)
    blocks = [_opening(parcel), _facts(facts), _card(parcel.card) if parcel.card else "",
              _how(parcel)]
    return "\n\n".join(one for one in blocks if one) + "\n\n-- \nРакурс, помощник исполнителей\n"


def _opening(parcel: Parcel) -> str:
    name = " ".join(parcel.person.name.split()[1:]) if parcel.person else ""
    greeting = f"Здравствуйте, {name}!" if name else "Здравствуйте!"
    said = parcel.facts.get("said") or f"{SUBJECTS[parcel.kind]}."
    return f"{greeting}\n\n{said}"


_FACTS = (("remark", "Замечание"), ("reason", "Причина"), ("who", "От кого"),
          ("report", "Отчёт"), ("label", "Срок"), ("answer", "Ответ организации"),
          ("number", "Номер"), ("to", "Кому"))


def _facts(facts: object) -> str:
    said = facts if isinstance(facts, dict) else {}
    lines = [f"{label}: {said[name]}" for name, label in _FACTS if said.get(name)]
    return "\n".join(lines)


def _card(card: CaseCard) -> str:
    lines = [f"Сообщение: {card.number} ({card.state_label})"]
    lines += [f"Тема: {card.topic}"] if card.topic else []
    lines += [f"Адрес: {card.place}"] if card.place else []
    lines += [f"Срок: {due_text(one)}" for one in card.dues]
    lines += ["", "Текст сообщения:", card.text]
    if card.mine is not None and card.mine.scope:
        lines += ["", f"Поручено вам: {card.mine.scope}"]
    if card.rework_reason:
        lines += ["", f"Что исправить: {card.rework_reason}"]
    if card.draft is not None:
        lines += ["", f"Проект ответа, версия {card.draft.version} ({card.draft.kind.label}):",
                  card.draft.text]
    for part in card.parts:
        if part.report:
            lines += ["", f"Отчёт ({part.who}): {part.report}"]
    return "\n".join(lines)


def due_text(one: DueLine) -> str:
    """«проект ответа — до 14.12.2026, осталось рабочих дней: 2 (п. 4.6, абз. 3)»."""
    left = (f"просрочено рабочих дней: {-one.left}" if one.left < 0
            else f"осталось рабочих дней: {one.left}")
    if one.late and one.left >= 0:
        left = "срок истёк сегодня"
    return f"{one.label} — до {one.due_on:%d.%m.%Y}, {left} ({spoken(one.clause)})"


def _how(parcel: Parcel) -> str:
    card, how = parcel.card, HOW_TO_ANSWER.get(parcel.kind, "")
    if not parcel.token or card is None:
        return ""
    if parcel.kind in {NoticeKind.ASSIGNMENT, NoticeKind.REWORK} and (
            Event.SAVE_DRAFT in card.actions):
        return f"{how}\n\n{_LEAD_HINT}".strip()
    return how


def _outside(parcel: Parcel) -> str:
    letter = parcel.letter
    if letter is None:
        return ""
    return (f"{letter.text}\n\nПодписанный оригинал письма № {letter.number} — во вложении.\n"
            "Ответьте, пожалуйста, на это письмо: ответ будет приобщён к делу.\n")


def _redirected(parcel: Parcel) -> str:
    case = parcel.case
    if case is None:
        return ""
    message = case.message
    return (
        "Направляем по компетенции сообщение с портала «Добродел» "
        "(разд. 3 Регламента приёма и обработки сообщений).\n\n"
        f"Номер: {message.portal_number or case.number}\nТема: {message.topic}\n"
        f"Адрес: {message.place}\nТекст: {message.text}\n")


def digest_text(digest: Digest) -> str:
    """The office's day in words, most urgent first."""
    lines = [f"Сводка на {digest.on:%d.%m.%Y}", "",
             f"Поступило: {digest.arrived}. Направлено ответов: {digest.answered}. "
             f"В работе: {digest.open}."]
    for title, found in (("Просрочено", digest.overdue), ("Срок сегодня", digest.due_today),
                         ("Под угрозой", digest.at_risk),
                         ("Возвращено пользователями", digest.returned)):
        if found:
            lines += ["", f"{title}: {len(found)}", *[_line(one) for one in found]]
    if digest.unclear_mail:
        lines += ["", f"Писем, требующих решения: {digest.unclear_mail}."]
    if digest.troubled:
        lines += [f"Отправок, требующих внимания: {digest.troubled}."]
    if digest.calendar_months_left < 6:
        lines += [f"Официального календаря хватит на {digest.calendar_months_left} мес.: "
                  "обновите программу."]
    if not (digest.overdue or digest.due_today or digest.at_risk):
        lines += ["", "Срочного нет. Ракурс работает."]
    return "\n".join(lines) + "\n"


def _line(one: CaseLine) -> str:
    due = f", {due_text(one.due)}" if one.due else ""
    return f"- {one.number}: {one.topic or 'без темы'}, {one.place}{due}; у кого: {one.holder}"
