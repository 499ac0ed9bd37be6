"""Buttons under a card: which events of the lifecycle show which labels (contract, «In Telegram»).

Markup only, from plain values; whether an act is allowed was decided in the core.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

from bot import words
from bot.keyboards.callbacks import CaseAct, Do, Look, View
from core.assignment import Photo
from core.cards import CaseCard
from core.draft import HEAVY
from core.photos.formats import PHOTOS
from core.regulation.terms import Event, State
from core.usecases.execution import TO_RETAKE

Condition = Callable[[CaseCard], bool]
Rows = list[list[InlineKeyboardButton]]


def _always(_: CaseCard) -> bool:
    return True


def _proposed(card: CaseCard) -> bool:
    return card.proposal is not None


def _suggested(card: CaseCard) -> bool:
    return card.suggestion is not None


def _drafted(card: CaseCard) -> bool:
    return card.draft is not None


def _to_be_approved(card: CaseCard) -> bool:
    """The draft is there, and the category is one that others approve (4.6¶9)."""
    return card.draft is not None and card.needs_approval


def _heavy(card: CaseCard) -> bool:
    """What goes with the answer comes near its limit (4.6¶6)."""
    return card.attached_bytes >= HEAVY


def _published(card: CaseCard) -> bool:
    return card.state == State.PUBLISHED


def _decided_outside(card: CaseCard) -> bool:
    return card.state != State.PUBLISHED


def _no_interim_yet(card: CaseCard) -> bool:
    """The one interim answer has not been published (4.6¶5)."""
    return card.promised_on is None


def _first_has_photos(card: CaseCard) -> bool:
    return card.first is not None and card.first.photos > 0


@dataclass(frozen=True, slots=True)
class Button:
    """A button that an event brings onto the card, where ``when`` holds."""

    event: Event
    label: str
    do: Do
    when: Condition = _always


BUTTONS: tuple[tuple[Button, ...], ...] = (
    (Button(Event.REGISTER, "🗂 Зарегистрировать", Do.REGISTER),),
    (Button(Event.ROUTE, "➡️ Направить", Do.ROUTE, _proposed),
     Button(Event.ROUTE, "🧠 Направить, как обычно", Do.ROUTE_USUAL, _suggested),
     Button(Event.ROUTE, "👥 Выбрать другого", Do.ROUTE_OTHER)),
    (Button(Event.REDIRECT, "↪️ Переадресовать", Do.REDIRECT),
     Button(Event.ESCALATE, "⬆️ Начальнику УД", Do.ESCALATE),
     Button(Event.MARK_DUPLICATE, "🔗 Дубликат", Do.DUPLICATE)),
    (Button(Event.IMPOSE_RESOLUTION, "✅ Утвердить резолюцию", Do.AS_PROPOSED, _proposed),
     Button(Event.IMPOSE_RESOLUTION, "✏️ Изменить", Do.CHANGE)),
    (Button(Event.HAND_BACK, "↩️ Вернуть регистратору", Do.HAND_BACK),),
    (Button(Event.ACCEPT, "✅ Принять", Do.ACCEPT),
     Button(Event.DECLINE, "🚫 Не моё", Do.DECLINE),
     Button(Event.DELEGATE, "👥 Поручить", Do.DELEGATE)),
    (Button(Event.ADD_PHOTO, "📷 Фото работ", Do.PHOTOS),
     Button(Event.SUBMIT_MATERIALS, "📝 Отчёт", Do.REPORT)),
    (Button(Event.ADD_PHOTO, "🔗 Фото из первого сообщения", Do.FROM_FIRST, _first_has_photos),),
    (Button(Event.SUBMIT_DRAFT, "📤 На согласование", Do.SUBMIT, _drafted),
     Button(Event.SAVE_DRAFT, "✏️ Править", Do.EDIT, _drafted)),
    (Button(Event.SUBMIT_DRAFT, "👥 Лист согласования", Do.APPROVERS, _to_be_approved),
     Button(Event.SAVE_DRAFT, "📎 Приложить скан", Do.ATTACH, _drafted)),
    (Button(Event.ADD_PHOTO, "🗜 Сжать фотографии", Do.LIGHTEN, _heavy),),
    (Button(Event.SAVE_DRAFT, "📄 Подготовить ответ", Do.DRAFT),
     Button(Event.SAVE_DRAFT, "⏳ Промежуточный ответ", Do.INTERIM, _no_interim_yet)),
    (Button(Event.SAVE_DRAFT, "✉️ Письмо", Do.LETTER),),
    (Button(Event.APPROVE, "✅ Согласовать", Do.APPROVE),
     Button(Event.REMARK, "💬 Замечание", Do.REMARK)),
    (Button(Event.SIGN, "🖋 Подписано", Do.SIGN),
     Button(Event.REFUSE_SIGNATURE, "↩️ Вернуть", Do.REFUSE)),
    (Button(Event.SIGN, "📎 Файл подписи", Do.SIGNATURE_FILE),),
    (Button(Event.CONFIRM_FORM, "✅ Оформление верно", Do.FORM_OK),
     Button(Event.DISPATCH, "📤 Отправить оператору", Do.DISPATCH),
     Button(Event.SEND_BACK, "↩️ Вернуть", Do.SEND_BACK)),
    (Button(Event.PUBLISH, "🏁 Опубликован", Do.PUBLISHED),
     Button(Event.REFUSE, "↩️ Оператор не принял", Do.NOT_TAKEN)),
    (Button(Event.REFER_TO_OPERATOR, "📦 Оператору на закрытие", Do.TO_OPERATOR),
     Button(Event.REFER_TO_COMMISSION, "⚖️ На комиссию", Do.TO_COMMISSION)),
    (Button(Event.CLOSE, "🗄 В дело", Do.CLOSE, _published),
     Button(Event.CLOSE, "🗄 В дело", Do.CLOSE_BY_DECISION, _decided_outside),
     Button(Event.DECIDE_REWORK, "🔄 Продолжить работу", Do.REWORK)),
    (Button(Event.CITIZEN_RETURN, "🔁 Возврат пользователем", Do.CITIZEN_RETURN),),
)
"""Rows of the card from top to bottom."""

SHORT_LABEL = 12
"""Characters, with the icon, of a label that is whole in a row of three on a telephone."""
_UNDER_PHOTOS = 1 + next(place for place, row in enumerate(BUTTONS)
                         if any(one.do is Do.PHOTOS for one in row))


def button(label: str, data: CallbackData) -> InlineKeyboardButton:
    """A button that calls the bot back."""
    return InlineKeyboardButton(text=label, callback_data=data.pack())


def act(card: CaseCard, label: str, do: Do, arg: str = "") -> InlineKeyboardButton:
    """A button for an act on the case as the card shows it."""
    return button(label, CaseAct(do=do, case=card.id, stamp=card.stamp, arg=arg))


def nth(number: int, of: int, label: str) -> str:
    """A label with its number before it, where there are several of its kind."""
    return label if of <= 1 else f"{words.circled(number)} {label}"


def case_buttons(card: CaseCard, *, shortened: bool = False, camera: str = ""
                 ) -> InlineKeyboardMarkup:
    """Everything this person may do with the case now, and ways to see more of it.

    ``camera`` is the address of the camera's page, where there is one.
    """
    rows: Rows = [
        [act(card, one.label, one.do, _argument(card, one.do)) for one in row
         if one.event in card.actions and one.when(card)] for row in BUTTONS]
    rows.insert(_UNDER_PHOTOS, camera_button(card, camera))
    rows += _materials(card)
    rows += _late_returns(card)
    rows += _views(card, shortened=shortened)
    return InlineKeyboardMarkup(inline_keyboard=[part for row in rows for part in _fitting(row)])


def _fitting(row: Sequence[InlineKeyboardButton]) -> Rows:
    """A telephone cuts long labels where more than two stand side by side."""
    most = 2 if any(len(one.text) > SHORT_LABEL for one in row) else 3
    return [list(row[place:place + most]) for place in range(0, len(row), most)]


def camera_button(card: CaseCard, camera: str) -> list[InlineKeyboardButton]:
    """The camera that leads to the citizen's point of view, where the citizen sent a photo."""
    if not camera or Event.ADD_PHOTO not in card.actions or not any(
            one.media_type in PHOTOS for one in card.files):
        return []
    return [InlineKeyboardButton(
        text="📐 Снять с того же места", web_app=WebAppInfo(url=f"{camera}?case={card.id}"))]


def _argument(card: CaseCard, do: Do) -> str:
    if do is Do.ROUTE and card.proposal is not None:
        return str(card.proposal.official_id)
    if do is Do.ROUTE_USUAL and card.suggestion is not None:
        return str(card.suggestion.official_id)
    return ""


def _materials(card: CaseCard) -> Rows:
    """The lead's word on each co-executor's materials; accepted ones may be returned (4.6¶1)."""
    about = [(place, part) for place, part in enumerate(card.parts)
             if part.waits_for_lead or part.may_go_back]
    rows: Rows = []
    for place, part in about:
        back = act(card, nth(place, len(about), "👎 Вернуть материал"), Do.MATERIALS_BACK,
                   str(part.key))
        taken = act(card, nth(place, len(about), "👍 Принять материал"), Do.MATERIALS_OK,
                    str(part.key))
        rows.append([taken, back] if part.waits_for_lead else [back])
    return rows


def _late_returns(card: CaseCard) -> Rows:
    """The desk head lets an executor decline after the day has passed (R13)."""
    return [[act(card, nth(place, len(card.parts), "🔓 Разрешить возврат"), Do.ALLOW_DECLINE,
                 str(part.key))]
            for place, part in enumerate(card.parts) if part.may_be_let_go]


def _views(card: CaseCard, *, shortened: bool) -> Rows:
    rows: Rows = [[], []]
    if card.draft is not None:
        rows[0].append(act(card, "👁 Предпросмотр", Do.PREVIEW))
    if card.mine is not None and card.mine.photos:
        rows[0].append(look(card, "🖼 Мои фотографии", View.PHOTOS))
    if shortened:
        rows[0].append(look(card, "📖 Показать полностью", View.WHOLE))
    if any(photo.picture for part in card.parts for photo in part.photos):
        rows[0].append(look(card, "🔍 Сравнение фото", View.COMPARISONS))
    if card.earlier:
        rows[0].append(look(card, "🔁 Прежние ответы", View.ROUNDS))
    rows[1].append(look(card, "🕓 История", View.HISTORY))
    if card.sees_notices:
        rows[1].append(look(card, "📨 Извещения", View.NOTICES))
    if card.files or any(part.photos for part in card.parts) or (
            card.draft is not None and card.draft.files):
        rows[1].append(look(card, "📎 Файлы", View.FILES))
    return rows


def look(card: CaseCard, label: str, view: View) -> InlineKeyboardButton:
    """A button that only shows."""
    return button(label, Look(case=card.id, view=view))


def open_case(card_id: int, label: str = "📋 Карточка") -> InlineKeyboardMarkup:
    """One button that opens the card."""
    return InlineKeyboardMarkup(inline_keyboard=[[button(label, Look(case=card_id))]])


def sending_photos(card_id: int, *, again: bool = False) -> InlineKeyboardMarkup:
    """Under the status of photos; ``again`` offers to show how they are sent as files."""
    how = [button("❔ Как отправить файлом", Look(case=card_id, view=View.HOW_TO_SEND))]
    return InlineKeyboardMarkup(inline_keyboard=[
        *([how] if again else []), *open_case(card_id).inline_keyboard])


def call_for_photos(card: CaseCard, camera: str) -> InlineKeyboardMarkup:
    """Under «жду фотографии»: the camera, where there is one, and the way to send files."""
    rows = sending_photos(card.id, again=True).inline_keyboard
    camera_row = camera_button(card, camera)
    return InlineKeyboardMarkup(inline_keyboard=[*([camera_row] if camera_row else []), *rows])


def caption_as_report(card_id: int) -> InlineKeyboardMarkup:
    """Under a photo's caption: the report in one tap."""
    return InlineKeyboardMarkup(inline_keyboard=[[button(
        "📝 Сдать как отчёт", CaseAct(do=Do.REPORT_CAPTION, case=card_id, stamp=""))]])


def by_mail(card_id: int) -> InlineKeyboardMarkup:
    """For a file that Telegram does not carry: a letter that can be answered with it."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("✉️ Прислать мне письмо", CaseAct(do=Do.BY_MAIL, case=card_id, stamp=""))]])


def whole_text(card_id: int) -> InlineKeyboardMarkup:
    """Under «пришлите продолжение», for a text that has none."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("✅ Это весь текст", CaseAct(do=Do.WHOLE_TEXT, case=card_id, stamp=""))]])


PHOTO_KEY = 12
"""Hex digits of a photo's hash in a button: enough to tell apart a part's photos."""


def photo_buttons(card: CaseCard, photos: Sequence[Photo]) -> InlineKeyboardMarkup:
    """«Убрать» for each photo, and «Оставить с объяснением» where the verdict is bad (R17)."""
    rows: Rows = []
    for place, photo in enumerate(photos):
        key = photo.file.sha256[:PHOTO_KEY]
        row = [act(card, nth(place, len(photos), "🗑 Убрать"), Do.PHOTO_REMOVE, key)]
        if photo.verdict in TO_RETAKE and not photo.override:
            row.append(act(card, nth(place, len(photos), "💬 Оставить с объяснением"),
                           Do.PHOTO_KEEP, key))
        rows.append(row)
    rows.append([look(card, "📋 Карточка", View.CARD)])
    return InlineKeyboardMarkup(inline_keyboard=rows)
