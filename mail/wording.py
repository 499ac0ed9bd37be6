"""The Russian letters of the program: a parcel -> one outgoing letter. Pure.

A person without Telegram does the whole of their part by answering these letters, so each ends
with what to answer (contract: «By e-mail»).
"""

from collections.abc import Mapping
from datetime import date, datetime

from core import answercard, staffwords
from core.cards import CaseCard, DraftView
from core.draft import quoted
from core.notices import TO_OUTSIDE, NoticeKind
from core.outbound import OutgoingLetter
from core.regulation.clauses import spoken
from core.signatures.words import brief
from core.textdiff import as_text
from core.usecases.parcels import Parcel
from core.usecases.tokens import TO_ORGANISATIONS
from core.wordforms import working_days
from mail import digest, howto, postwords, report
from mail.duelines import due_text

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
    NoticeKind.THIRD_RETURN: "Возврат пользователем, нужно решение",
    NoticeKind.LETTER_TO_SIGN: "Письмо на собственноручную подпись",
    NoticeKind.LETTER_TO_REGISTER: "Письмо на регистрацию",
    NoticeKind.LETTER_OUT: "Письмо администрации",
    NoticeKind.LETTER_ANSWERED: "Получен ответ организации",
    NoticeKind.LETTER_BOUNCED: "Письмо не доставлено",
    NoticeKind.LETTER_REMINDER: "Напоминание о письме",
    NoticeKind.LETTER_SILENT: "Нет ответа организации",
    NoticeKind.DISPATCH_REGISTER: "Реестр отправки писем",
    NoticeKind.MAILBOX_NEWS: "О почтовом ящике Ракурса",
    NoticeKind.REMINDER: "Напоминание о сроке",
    NoticeKind.OVERDUE: "Срок истёк",
    NoticeKind.ESCALATION: "О сроке в вашем ведении",
    NoticeKind.NOT_TAKEN_UP: "Поручение не принято",
    NoticeKind.NOT_OPENED: "Извещение не открыто",
    NoticeKind.UNREACHABLE: "Бот не достаёт сотрудника",
    NoticeKind.DIGEST: "Сводка",
    NoticeKind.REPORT_READY: "Отчёт готов, утвердите его",
    NoticeKind.REPORT_WAITS: "Ждёт утверждения отчёт",
    NoticeKind.REPORT: "Отчёт",
    NoticeKind.REPORT_TROUBLE: "Отчёт не удаётся составить",
    NoticeKind.UNCLEAR_MAIL: "Письмо, которое не удалось разобрать",
    NoticeKind.MAIL_JOINED: "К сообщению приобщено письмо",
    NoticeKind.DELIVERY_TROUBLE: "Не доставлено, нужно решение",
    NoticeKind.REPLY: "Ваш ответ получен",
    NoticeKind.REFERENCE_DATA: "Подтвердите справочные данные",
    NoticeKind.REFERENCE_STALE: "Справочные данные не подтверждены",
    NoticeKind.MY_DAY: "Что вас ждёт сегодня",
    NoticeKind.STANDING_IN: "Вы замещаете сотрудника",
    NoticeKind.STANDING_IN_OVER: "Замещение закончено",
    NoticeKind.BACK_AT_WORK: "С возвращением",
    NoticeKind.LEFT_WITHOUT_HANDS: "Дела без исполнителя",
}

OPENINGS: dict[NoticeKind, str] = {
    NoticeKind.NEW_MESSAGE: "поступило новое сообщение. Зарегистрируйте его, пожалуйста.",
    NoticeKind.TO_DECIDE: "подразделение «Добродел» просит решить, кому направить сообщение.",
    NoticeKind.TO_RESOLVE: "сообщение направлено вам на резолюцию. Срок — один рабочий день.",
    NoticeKind.HANDED_BACK: "сообщение возвращено регистратору.",
    NoticeKind.ASSIGNMENT: "вам поручена работа по сообщению.",
    NoticeKind.ASSIGNMENT_DECLINED: "поручение возвращено: исполнитель считает, что оно не "
                                    "относится к его полномочиям.",
    NoticeKind.MATERIALS_SUBMITTED: "соисполнитель представил материал.",
    NoticeKind.MATERIALS_ACCEPTED: "ваш материал принят. Спасибо!",
    NoticeKind.MATERIALS_RETURNED: "ваш материал возвращён на доработку.",
    NoticeKind.TO_APPROVE: "направляем вам на согласование проект ответа.",
    NoticeKind.REMARK: "к проекту ответа есть замечание.",
    NoticeKind.TO_SIGN: "ответ согласован и направлен вам на подпись.",
    NoticeKind.REWORK: "ответ возвращён на доработку.",
    NoticeKind.TO_CHECK: "ответ подписан. Проверьте, пожалуйста, его оформление.",
    NoticeKind.DISPATCHED: "ответ направлен оператору.",
    NoticeKind.PUBLISHED: "ответ опубликован на портале. Спасибо за работу!",
    NoticeKind.DEFERRED: "промежуточный ответ опубликован. Сообщение остаётся на контроле до "
                         "окончательного ответа.",
    NoticeKind.CITIZEN_RETURN: "пользователь вернул ответ на доработку.",
    NoticeKind.LETTER_TO_SIGN: "письмо готово. Распечатайте его, подпишите собственноручно и "
                               "пришлите скан в чат Ракурса.",
    NoticeKind.LETTER_TO_REGISTER: "письмо подписано. Зарегистрируйте его, пожалуйста.",
    NoticeKind.LETTER_ANSWERED: "организация ответила на письмо.",
    NoticeKind.LETTER_BOUNCED: "письмо организации не доставлено.",
    NoticeKind.UNCLEAR_MAIL: "пришло письмо, которое не удалось разобрать. Решите, относится ли "
                             "оно к сообщению.",
    NoticeKind.MAIL_JOINED: "подразделение «Добродел» приобщило к сообщению письмо.",
    NoticeKind.DELIVERY_TROUBLE: "уведомление или письмо не доставлено.",
}
"""What a letter to a colleague says first, after the greeting."""

BRIEF = frozenset({
    NoticeKind.REPLY, NoticeKind.MATERIALS_ACCEPTED, NoticeKind.DISPATCHED, NoticeKind.PUBLISHED,
    NoticeKind.LETTER_TO_SIGN, NoticeKind.LETTER_TO_REGISTER, NoticeKind.LETTER_ANSWERED,
    NoticeKind.LETTER_BOUNCED, NoticeKind.LETTER_SILENT, NoticeKind.DELIVERY_TROUBLE,
    NoticeKind.UNCLEAR_MAIL, NoticeKind.MAIL_JOINED, NoticeKind.ESCALATION})
"""These ask nothing of the case itself: its number and place are enough."""


def letter_of(parcel: Parcel, message_id: str, to: tuple[str, ...]) -> OutgoingLetter:
    """The letter for a parcel; ``message_id`` is derived from the outbox row."""
    kind, facts = parcel.kind, parcel.facts
    subject = SUBJECTS[kind]
    if kind is NoticeKind.LETTER_OUT and parcel.letter is not None:
        subject = parcel.letter.subject or subject
    if kind is NoticeKind.LETTER_REMINDER and parcel.letter is not None:
        subject = f"{subject} № {parcel.letter.number}: {parcel.letter.subject}".strip(": ")
    number = parcel.case.number if parcel.case else ""
    reply_to = facts.get("in_reply_to", "")
    if kind is NoticeKind.REPLY and not reply_to:
        subject = "О вашем поручении"
    return OutgoingLetter(
        message_id=message_id, to=to, subject=_with_about(subject, parcel), text=_text(parcel),
        case_number=number, token=parcel.token, in_reply_to=reply_to,
        references=(reply_to,) if reply_to else (), files=parcel.files,
        automatic=kind not in TO_ORGANISATIONS, receipt=kind in TO_OUTSIDE)


def _with_about(subject: str, parcel: Parcel) -> str:
    if len(parcel.reports) > 1:
        return f"{subject}: {len(parcel.reports)}"
    if parcel.report is not None:
        return f"{subject}: {parcel.report.title} {parcel.report.label}"
    if parcel.digest is not None:
        return f"{subject} на {parcel.digest.on:%d.%m.%Y}"
    topic = parcel.case.message.topic if parcel.case else ""
    return f"{subject}: {topic}" if topic and parcel.kind not in TO_ORGANISATIONS else subject


def _text(parcel: Parcel) -> str:
    kind = parcel.kind
    if kind is NoticeKind.DIGEST and parcel.digest is not None:
        return digest.text(parcel.digest)
    if kind in {NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE} and parcel.case:
        return f"{_package(parcel)}\n\n{answercard.as_text(parcel.case, parcel.directory)}\n"
    if kind is NoticeKind.LETTER_OUT and parcel.letter is not None:
        return postwords.outside(parcel.letter)
    if kind is NoticeKind.LETTER_REMINDER and parcel.letter is not None:
        return postwords.reminding(parcel.letter, parcel.facts)
    if kind is NoticeKind.REDIRECTED and parcel.case is not None:
        return _redirected(parcel)
    if len(parcel.reports) > 1:
        return report.several(parcel.reports, parcel.person)
    if parcel.report is not None:
        return report.text(kind, parcel.report, parcel.person, parcel.directory)
    card = parcel.card
    shown = "" if card is None else _head(card) if kind in BRIEF else _card(card)
    came = (postwords.came(parcel.mail) if kind is NoticeKind.UNCLEAR_MAIL and parcel.mail
            else "")
    blocks = [_opening(parcel), _facts(parcel), came, shown, howto.to_answer(parcel)]
    return "\n\n".join(one for one in blocks if one) + report.SIGNED


def _package(parcel: Parcel) -> str:
    if parcel.kind is NoticeKind.ANSWER_PACKAGE:
        return ("Направляем ответ на сообщение пользователя портала «Добродел». Документ, "
                "приложения и карточка для МСЭД (card.xml) — во вложении.")
    asked = ("вынести сообщение на Межведомственную комиссию (п. 2.1, абз. 3 Регламента)"
             if parcel.facts.get("commission") else
             "рассмотреть вопрос о закрытии сообщения (п. 2.1, абз. 2 Регламента)")
    return (f"Пользователь портала «Добродел» вернул ответ (возвратов: "
            f"{parcel.facts.get('returns', '')}). Просим {asked}. Все ответы — во вложении.")


def _opening(parcel: Parcel) -> str:
    name = " ".join(parcel.person.name.split()[1:]) if parcel.person else ""
    said = parcel.facts.get("said") or _to_oneself(parcel) or _said(parcel)
    deputy = staffwords.for_whom(parcel.facts)
    said = f"{deputy}\n{said[:1].upper()}{said[1:]}" if deputy else said
    return f"Здравствуйте{f', {name}' if name else ''}!\n\n{said[:1].upper()}{said[1:]}"


def _to_oneself(parcel: Parcel) -> str:
    """What concerns the reader and no single case."""
    if parcel.kind in staffwords.SENTENCES:
        return staffwords.SENTENCES[parcel.kind](parcel.facts)
    if parcel.kind is NoticeKind.NOT_OPENED:
        what = SUBJECTS[NoticeKind(parcel.facts["what"])]
        return (f"рабочий день прошёл, а извещение «{what}» в Telegram не открыто. Сотрудник: "
                f"{parcel.facts['holder']}")
    return digest.my_day(parcel.lines) if parcel.kind is NoticeKind.MY_DAY else ""


def _said(parcel: Parcel) -> str:
    facts = parcel.facts
    if parcel.kind is NoticeKind.PHOTO_VERDICT:
        photo = howto.photo_of(parcel)
        return (f"фотография «{photo.file.name}» проверена. {photo.advice}".strip() if photo
                else "фотография проверена, но её уже нет в поручении.")
    if parcel.kind in {NoticeKind.REMINDER, NoticeKind.OVERDUE}:
        return _deadline(facts, over=parcel.kind is NoticeKind.OVERDUE)
    if parcel.kind is NoticeKind.ESCALATION:
        said = _deadline(facts, over=bool(facts.get("late")))
        return f"{said} Отвечает: {facts['debtor']}"
    if parcel.kind is NoticeKind.NOT_TAKEN_UP:
        return _not_taken_up(facts)
    if parcel.kind in postwords.OF_FACTS and (said := postwords.OF_FACTS[parcel.kind](facts)):
        return said
    if parcel.kind is NoticeKind.ASSIGNMENT and facts.get("from"):
        return f"вам поручена работа по сообщению. Поручил: {facts['from']}"
    return OPENINGS.get(parcel.kind, f"{SUBJECTS[parcel.kind]}.")


def _deadline(facts: Mapping[str, str], *, over: bool) -> str:
    left, on = int(facts["left"]), date.fromisoformat(facts["due_on"])
    what = f"«{facts['label']}» — {on:%d.%m.%Y} ({spoken(facts['clause'])})"
    if over:
        late = f" Просрочено: {working_days(-left)}." if left < 0 else ""
        return f"истёк срок {what}.{late}"
    if left > 0:
        return f"напоминаем о сроке {what}. Осталось: {working_days(left)}."
    return f"сегодня последний день срока {what}."


def _not_taken_up(facts: Mapping[str, str]) -> str:
    if facts.get("superior"):
        return ("рабочий день прошёл, а поручение не принято и не возвращено (п. 4.4, абз. 2). "
                f"Исполнитель: {facts['holder']}")
    until = datetime.fromisoformat(facts["until"])
    return ("поручение ждёт вас в Telegram, но вы его ещё не приняли. Если оно не относится к "
            f"вашим полномочиям, вернуть его можно до {until:%d.%m.%Y %H:%M} (п. 4.4, абз. 2).")


_FACTS = (("remark", "Замечание"), ("reason", "Причина"), ("who", "От кого"),
          ("report", "Отчёт"), ("answer", "Ответ организации"), ("to", "Кому"))


def _facts(parcel: Parcel) -> str:
    facts, kind = parcel.facts, parcel.kind
    if kind in staffwords.SENTENCES:
        return ""
    labels = dict(_FACTS)
    if kind is NoticeKind.LETTER_BOUNCED:
        labels["answer"] = "Причина"
    if kind is NoticeKind.MAIL_JOINED:
        labels["answer"] = "Текст письма"
    lines = [f"{label}: {facts[name]}" for name, label in labels.items() if facts.get(name)]
    if kind is NoticeKind.DELIVERY_TROUBLE:
        what = facts.get("what", "")
        lines[:0] = [f"Что: {SUBJECTS[NoticeKind(what)]}"] if what else []
        lines += ["Неизвестно, дошло ли оно. Решите, отправлять ли ещё раз."] if facts.get(
            "doubt") else []
    if parcel.letter is not None:
        letter = parcel.letter
        to = parcel.body.name if parcel.body else ""
        lines[:0] = [f"Письмо: {letter.subject}", *([f"Номер: {letter.number}"] if letter.number
                     else []), *([f"Кому: {to}"] if to else [])]
    return "\n".join(lines)


def _head(card: CaseCard) -> str:
    lines = [f"Сообщение: {card.number} ({card.state_label})"]
    lines += [f"Тема: {card.topic}"] if card.topic else []
    lines += [f"Адрес: {card.place}"] if card.place else []
    lines += [f"Дубликат к {card.duplicate_of}: работы одни, ответ нужен отдельный."
              ] if card.duplicate_of else []
    lines += [f"О том же: {', '.join(card.duplicates)}; каждому нужен свой ответ."
              ] if card.duplicates else []
    lines += [f"Похоже на {one.number} ({one.state}): {one.why}." for one in card.kin]
    return "\n".join(lines)


def _card(card: CaseCard) -> str:
    lines = [_head(card), *(f"Срок: {due_text(one)}" for one in card.dues)]
    lines += ["", "Текст сообщения:", card.text]
    if card.mine is not None and card.mine.scope:
        lines += ["", f"Поручено вам: {card.mine.scope}"]
    if card.given_back:
        lines += ["", f"Вернули как не своё: {card.given_back}"]
    if card.rework_reason:
        lines += ["", f"Что исправить: {card.rework_reason}"]
    if card.draft is not None:
        lines += ["", f"Проект ответа, версия {card.draft.version} ({card.draft.kind.label}):",
                  card.draft.text, *_changes(card.draft), *_findings(card.draft)]
    if card.signature is not None:
        proof = card.signature.proof
        lines += ["", f"Подписано: {card.signature.signer}"]
        lines += [brief(proof)] if proof else []
        lines += [f"Обратите внимание: {card.signature.note}"] if card.signature.note else []
    for part in card.parts:
        lines += ["", f"Отчёт, {part.who}:", part.report] if part.report else []
        lines += [f"Фото «{photo.file.name}» оставлено с объяснением: {photo.override}"
                  for photo in part.photos if photo.override]
    return "\n".join(lines)


def _changes(draft: DraftView) -> list[str]:
    """What is different from the version that the reader has seen (4.6¶10)."""
    if not draft.seen:
        return []
    said = as_text(draft.changes).strip()
    lines = ["", f"Что изменилось с версии {draft.seen}, которую вы видели (в квадратных скобках: "
             "было → стало):", *([said] if said else []), *draft.other_changes]
    return lines if said or draft.other_changes else ["", "Текст не изменился."]


def _findings(draft: DraftView) -> list[str]:
    """What the checks found in the draft, and why it goes on all the same (R25)."""
    if not draft.findings:
        return []
    lines = ["", "Проверка текста:"]
    lines += [f"— {one.label} ({spoken(one.clause)}){quoted(one)}. {one.advice}"
              for one in draft.findings]
    return [*lines, *([f"Пояснение исполнителя: {draft.insisted}"] if draft.insisted else [])]


def _redirected(parcel: Parcel) -> str:
    case = parcel.case
    if case is None:
        return ""
    message = case.message
    return (
        "Направляем по компетенции сообщение с портала «Добродел» "
        "(разд. 3 Регламента приёма и обработки сообщений).\n\n"
        + "\n".join(f"{label}: {value}" for label, value in (
            ("Номер", message.portal_number or case.number), ("Тема", message.topic),
            ("Адрес", message.place), ("Текст", message.text)) if value) + "\n")
