"""How far each notice about a case got, as the desk reads it."""

from collections.abc import Sequence
from datetime import tzinfo
from html import escape

from bot import words
from core.cards import NoticeLine
from core.notices import NoticeKind
from core.outbound import Delivery
from core.people import Channel

LABELS = {
    NoticeKind.NEW_MESSAGE: "новое сообщение", NoticeKind.TO_DECIDE: "на решение",
    NoticeKind.TO_RESOLVE: "на резолюцию", NoticeKind.HANDED_BACK: "возвращено регистратору",
    NoticeKind.ASSIGNMENT: "поручение", NoticeKind.ASSIGNMENT_DECLINED: "поручение возвращено",
    NoticeKind.PHOTO_VERDICT: "сравнение фото", NoticeKind.MATERIALS_SUBMITTED: "материал",
    NoticeKind.MATERIALS_ACCEPTED: "материал принят",
    NoticeKind.MATERIALS_RETURNED: "материал возвращён",
    NoticeKind.TO_APPROVE: "на согласование", NoticeKind.REMARK: "замечание",
    NoticeKind.TO_SIGN: "на подпись", NoticeKind.REWORK: "на доработку",
    NoticeKind.TO_CHECK: "проверить оформление", NoticeKind.DISPATCHED: "направлено оператору",
    NoticeKind.PUBLISHED: "опубликовано", NoticeKind.DEFERRED: "промежуточный опубликован",
    NoticeKind.CITIZEN_RETURN: "возврат пользователем", NoticeKind.THIRD_RETURN: "третий возврат",
    NoticeKind.REMINDER: "напоминание о сроке", NoticeKind.OVERDUE: "просрочено",
    NoticeKind.ESCALATION: "руководителю о сроке", NoticeKind.NOT_TAKEN_UP: "не принято",
    NoticeKind.NOT_OPENED: "руководителю: не открыто", NoticeKind.REPLY: "ответ на действие",
    NoticeKind.ANSWER_PACKAGE: "ответ в МСЭД", NoticeKind.LETTER_OUT: "письмо",
}
SHOWN = 25
_PLACES = {Channel.TELEGRAM: "Telegram", Channel.EMAIL: "почта"}


def ladder(number: str, lines: Sequence[NoticeLine], zone: tzinfo) -> str:
    """Newest last; who, what, by what, and how far."""
    if not lines:
        return f"<b>{escape(number)}</b>: извещений не было."
    skipped = len(lines) - SHOWN
    head = [f"<b>{escape(number)}</b>: извещения"]
    head += [f"… и ещё {skipped} раньше"] if skipped > 0 else []
    return "\n".join([*head, *(_line(one, zone) for one in lines[-SHOWN:])])


def _line(one: NoticeLine, zone: tzinfo) -> str:
    what = LABELS.get(one.kind, "извещение")
    to = escape(words.cut(one.to, 60)) or "—"
    return f"{_icon(one)} {to} — {what}, {_PLACES.get(one.channel, '')}: {_how_far(one, zone)}"


def _icon(one: NoticeLine) -> str:
    if one.opened_at is not None or one.state is Delivery.ANSWERED:
        return "✅"
    return {Delivery.SENT: "📨", Delivery.DELIVERED: "📬", Delivery.QUEUED: "⏳",
            Delivery.SENDING: "⏳"}.get(one.state, "⚠️")


def _how_far(one: NoticeLine, zone: tzinfo) -> str:
    at = f" {words.moment(one.settled_at, zone)}" if one.settled_at else ""
    match one.state:
        case Delivery.QUEUED | Delivery.SENDING:
            return (f"ждёт до {words.moment(one.not_before, zone)}" if one.not_before
                    else "в очереди")
        case Delivery.SENT if one.opened_at is not None:
            return f"доставлено{at}, открыто {words.moment(one.opened_at, zone)}"
        case Delivery.SENT if one.channel is Channel.TELEGRAM:
            return f"доставлено{at}, не открыто"
        case Delivery.SENT:
            return f"отправлено{at}"
        case Delivery.DELIVERED:
            return f"доставлено{at}"
        case Delivery.ANSWERED:
            return f"получен ответ{at}"
        case Delivery.IN_DOUBT:
            return f"неизвестно, дошло ли{at}"
        case _:
            return f"не доставлено{at}"
