"""How a letter to a colleague is answered: the words that the program understands (R11, R29)."""

from core.assignment import Photo
from core.notices import NoticeKind
from core.regulation.terms import Event
from core.usecases import away
from core.usecases.execution import TO_RETAKE
from core.usecases.parcels import Parcel
from mail import postwords

_DRAFT_KINDS = ("«Решено: …», «Запланировано: …», «Невозможно: …» или «Промежуточный ответ до "
                "14.12.2026: …»")
HOW_TO_ANSWER: dict[NoticeKind, str] = {
    NoticeKind.ASSIGNMENT:
        "Как ответить. Ответьте на это письмо «Принято», или «Не моё:» и причина, или опишите, "
        "что сделано. Приложите фотографии с того же ракурса, что у заявителя, — файлами и без "
        "обработки.",
    NoticeKind.PHOTO_VERDICT:
        "Как ответить. Приложите к ответу на это письмо новую фотографию, или напишите "
        "«Оставить:» и причину, или «Убрать».",
    NoticeKind.MATERIALS_SUBMITTED:
        "Как ответить. Ответьте на это письмо «Принято» или «Вернуть:» и что доработать.",
    NoticeKind.MATERIALS_RETURNED:
        "Как ответить. Ответьте на это письмо доработанным отчётом, при необходимости — с новыми "
        "фотографиями: они займут место прежних, не прошедших проверку.",
    NoticeKind.TO_APPROVE:
        "Как ответить. Ответьте на это письмо одним словом «Согласовано» или напишите замечания.",
    NoticeKind.TO_SIGN:
        "Как ответить. Подпишите вложенный документ своей программой и ответьте на это письмо "
        "файлом подписи (.sig, .p7s, .sgn). Если подписали в МСЭД, ответьте «Подписано». Чтобы "
        "вернуть ответ, напишите «Вернуть:» и причину.",
    NoticeKind.REMARK:
        f"Как ответить. Ответьте исправленным текстом, начав с вида ответа: {_DRAFT_KINDS}. Затем "
        "отдельным письмом — «На согласование».",
}
HOW_TO_ANSWER[NoticeKind.NOT_TAKEN_UP] = HOW_TO_ANSWER[NoticeKind.ASSIGNMENT]
HOW_TO_ANSWER[NoticeKind.REWORK] = HOW_TO_ANSWER[NoticeKind.REMARK]
_LEAD_HINT = (
    "Вы ответственный исполнитель. Проект ответа присылайте ответом на это письмо, начав с вида: "
    f"{_DRAFT_KINDS}. Затем ответьте «На согласование». Согласующих указывает справочник; лист "
    "можно изменить до начала, ответив «Лист согласования:» и перечислив их.")


TO_A_REMINDER: tuple[tuple[Event, str], ...] = (
    (Event.APPROVE, HOW_TO_ANSWER[NoticeKind.TO_APPROVE]),
    (Event.SUBMIT_MATERIALS,
     "Как ответить. Ответьте на это письмо, что сделано, и приложите фотографии с того же "
     "ракурса, что у заявителя."),
    (Event.SAVE_DRAFT,
     f"Как ответить. Ответьте текстом проекта, начав с вида ответа: {_DRAFT_KINDS}. Затем "
     "отдельным письмом — «На согласование»."))
"""What the reader of a reminder may do now, and by which words; the first that holds."""


def to_answer(parcel: Parcel) -> str:
    """The last words of the letter, where an answer is awaited."""
    card, how = parcel.card, HOW_TO_ANSWER.get(parcel.kind, "")
    if parcel.kind is NoticeKind.UNCLEAR_MAIL and parcel.mail is not None:
        return postwords.how_to_decide(parcel.mail, parcel.awaiting)
    if not parcel.token or card is None:
        return ""
    if parcel.kind is NoticeKind.PHOTO_VERDICT:
        photo = photo_of(parcel)
        return how if photo is not None and photo.verdict in TO_RETAKE else ""
    if parcel.kind is NoticeKind.NOT_TAKEN_UP and card.mine is None:
        return ""
    if parcel.kind in {NoticeKind.REMINDER, NoticeKind.OVERDUE}:
        return next((said for event, said in TO_A_REMINDER if event in card.actions), "")
    leads = card.mine is not None and card.mine.lead
    if parcel.kind in {NoticeKind.REMARK, NoticeKind.REWORK} and not leads:
        return ""
    if parcel.kind is NoticeKind.ASSIGNMENT:
        lead = [_LEAD_HINT] if Event.SAVE_DRAFT in card.actions else []
        return "\n\n".join([how, *lead, away.HOW])
    return how


def photo_of(parcel: Parcel) -> Photo | None:
    """The photo that the notice is about, if it is still there."""
    photos = parcel.case.photos if parcel.case else ()
    return next((one for one in photos if one.file.sha256 == parcel.facts.get("photo")), None)
