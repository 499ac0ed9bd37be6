"""Cards: escaped, within Telegram's limits, with the contract's labels in at most 64 bytes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from aiogram.filters.callback_data import CallbackData

from bot import cards, words
from bot.keyboards import callbacks, case, lists, resolution
from core.assignment import Photo
from core.cards import CaseCard, CaseLine, DraftView, DueLine, EarlierAnswer, PartLine, SheetLine
from core.files import FileRef
from core.regulation.terms import AnswerKind, Event, State

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOST = 2**63 - 1


def a_card(**changes: object) -> CaseCard:
    """A card with something in every place."""
    photo = Photo(FileRef("a" * 64, "1.jpg", "image/jpeg", 10), 1, NOON, "tg:1",
                  verdict="different_angle", advice="Отойдите.")
    made = CaseCard(
        id=7, number="ЕКЖ-2026-000007", stamp="deadbeef", state=State.ASSIGNED,
        state_label=State.ASSIGNED.label, round=2, returns=1, topic="Дороги & дворы",
        category="Дороги", place="ул. <Мира>", text="Яма <b>большая</b> & глубокая",
        received_at=NOON, sent_on=None, files=(),
        dues=(DueLine("draft", "проект ответа", date(2026, 12, 1), 2, False, "4.6¶3"),),
        holder="Дорохов С.И.",
        parts=(PartLine(0, "Дорохов С.И.", True, "поручено", date(2026, 12, 1), "", "",
                        (photo,), mine=True),),
        draft=DraftView(2, AnswerKind.SOLVED, "Яма <заделана>.", None),
        sheet=(SheetLine("Рыбаков О.И.", None, None, "", True),),
        rework_reason="Укажите <площадь>",
        earlier=(EarlierAnswer(1, "7/1", "Было & прошло.", NOON),), my_part=0)
    return replace(made, **changes)  # type: ignore[arg-type]


class Balance(HTMLParser):
    """Checks that every tag of a text is closed, and collects the words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said += data


def read(text: str) -> str:
    """The words of a text whose markup is whole."""
    reader = Balance()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader.said


def test_card_says_what_where_by_when_and_who_has_the_ball() -> None:
    shown = cards.card(a_card(), MOSCOW)
    said = read(shown.text)
    assert "ЕКЖ-2026-000007 · на исполнении" in said
    assert "📍 ул. <Мира>" in said
    assert "Яма <b>большая</b> & глубокая" in said
    assert "⏳ Проект ответа: осталось 2 рабочих дня, до 01.12, вт (п. 4.6, абз. 3)" in said
    assert "👤 Сейчас у: Дорохов С.И." in said
    assert "Укажите <площадь>" in said
    assert "Ответ 1-го круга № 7/1, возвращён 23.11 в 12:00:" in said
    assert not shown.shortened


@pytest.mark.parametrize("filler", ["слово ", "😀", "<&>", "ы"])
def test_longest_card_fits_a_message_and_the_rest_is_offered(filler: str) -> None:
    long = filler * 20_000
    part = PartLine(0, long, True, "поручено", date(2026, 12, 1), long, long, (), long)
    card = a_card(text=long, rework_reason=long, parts=(part,) * 6, topic=long, place=long,
                  draft=DraftView(1, AnswerKind.SOLVED, long, None),
                  sheet=(SheetLine("Кто", None, NOON, long, True),) * 9,
                  earlier=(EarlierAnswer(1, "1", long, NOON),) * 5)
    shown = cards.noticed("💬 Замечание", card, MOSCOW)
    assert shown.shortened
    assert words.units(read(shown.text)) <= cards.LIMIT


def test_what_was_shortened_comes_whole_in_pieces() -> None:
    text = " ".join(f"слово{number}" for number in range(3000))
    pieces = cards.whole(a_card(text=text))
    assert all(words.units(read(piece)) <= cards.LIMIT for piece in pieces)
    said = " ".join(read(piece) for piece in pieces)
    assert [one for one in said.split() if one.startswith("слово")] == text.split()


def labels(card: CaseCard) -> set[str]:
    """The labels without their icons."""
    rows = case.case_buttons(card).inline_keyboard
    return {button.text.split(" ", 1)[1] for row in rows for button in row}


@pytest.mark.parametrize(("events", "expected"), [
    ({Event.ROUTE, Event.REDIRECT, Event.ESCALATE, Event.MARK_DUPLICATE},
     {"Выбрать другого", "Переадресовать", "Начальнику УД", "Дубликат"}),
    ({Event.IMPOSE_RESOLUTION, Event.HAND_BACK}, {"Изменить", "Вернуть регистратору"}),
    ({Event.ACCEPT, Event.DECLINE, Event.DELEGATE, Event.ADD_PHOTO, Event.SUBMIT_MATERIALS},
     {"Принять", "Не моё", "Поручить", "Фото работ", "Отчёт"}),
    ({Event.SAVE_DRAFT, Event.SUBMIT_DRAFT},
     {"Подготовить ответ", "Промежуточный ответ", "Письмо", "На согласование", "Править",
      "Лист согласования", "Приложить скан", "Предпросмотр"}),
    ({Event.APPROVE, Event.REMARK}, {"Согласовать", "Замечание"}),
    ({Event.SIGN, Event.REFUSE_SIGNATURE}, {"Подписано", "Файл подписи", "Вернуть"}),
    ({Event.CONFIRM_FORM, Event.SEND_BACK}, {"Оформление верно", "Вернуть"}),
    ({Event.DISPATCH}, {"Отправить оператору"}),
    ({Event.REFER_TO_OPERATOR, Event.REFER_TO_COMMISSION},
     {"Оператору на закрытие", "На комиссию"}),
    ({Event.CLOSE, Event.DECIDE_REWORK}, {"В дело", "Продолжить работу"}),
])
def test_events_bring_the_labels_of_the_contract(events: set[Event], expected: set[str]) -> None:
    views = {"Предпросмотр", "Мои фотографии", "Прежние ответы", "История", "Файлы"}
    shown = labels(a_card(actions=tuple(events)))
    assert shown - views == expected - views
    assert expected <= shown


def test_a_telephone_shows_every_label_of_a_row_whole() -> None:
    rows = case.case_buttons(a_card(actions=tuple(Event)), shortened=True).inline_keyboard
    assert max(map(len, rows)) == 3, "short ones stand three in a row"
    assert [one.text for row in rows if len(row) > 2 for one in row if len(one.text) > 12] == []


def test_reader_without_acts_sees_no_act() -> None:
    assert labels(a_card(draft=None, parts=(), earlier=())) == {"История"}


def test_two_materials_are_told_apart_by_their_icon() -> None:
    part = a_card().parts[0]
    waiting = tuple(replace(part, key=key, mine=False, waits_for_lead=True) for key in (1, 2))
    rows = case.case_buttons(a_card(parts=waiting)).inline_keyboard
    texts = [button.text for row in rows for button in row if "Принять материал" in button.text]
    assert texts == ["① 👍 Принять материал", "② 👍 Принять материал"]


@pytest.mark.parametrize("data", [
    *(callbacks.CaseAct(do=do, case=MOST, stamp="deadbeef", arg="a" * case.PHOTO_KEY)
      for do in callbacks.Do),
    callbacks.CaseAct(do=callbacks.Do.DELEGATE, case=MOST, stamp="deadbeef",
                      arg="999999999.20261214"),
    callbacks.CaseAct(do=callbacks.Do.DRAFT, case=MOST, stamp="deadbeef", arg="impossible"),
    callbacks.Page(do=callbacks.Do.ROUTE, case=MOST, stamp="deadbeef", page=99999),
    callbacks.Look(case=MOST, view=callbacks.View.WHOLE),
    callbacks.Choice(step=callbacks.Step.DATE, case=MOST, arg=999999999, on="20261214"),
    callbacks.LetterAct(do=callbacks.LetterDo.REGISTER, letter=MOST),
    callbacks.MailAct(do=callbacks.MailDo.REGISTER, mail=MOST),
    callbacks.RowAct(do=callbacks.RowDo.LEAVE, row=MOST),
    callbacks.Go(to=callbacks.Section.OVERDUE, page=99999), callbacks.FileHere(case=MOST)])
def test_no_button_is_over_sixty_four_bytes(data: CallbackData) -> None:
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert type(data).unpack(packed) == data


def test_long_lists_come_in_pages_and_every_case_is_on_one() -> None:
    lines = [CaseLine(number, f"ЕКЖ-2026-{number:06}", "на исполнении", "Тема <&>" * 40,
                      "Место" * 40, DueLine("draft", "проект", date(2026, 12, 1), 1, False, "4.2"),
                      "Исполнитель " * 20) for number in range(1, 21)]
    seen = []
    for page in range(cards.pages_of(len(lines))):
        text = cards.case_list("Ждут вас", lines, page, "")
        assert words.units(read(text)) <= cards.LIMIT
        markup = lists.case_list(callbacks.Section.MINE, lines, page)
        seen += [row[0].text for row in markup.inline_keyboard if row[0].text.startswith("ЕКЖ")]
    assert seen == [line.number for line in lines]


def test_resolution_marks_who_is_chosen() -> None:
    markup = resolution.people(7, [(1, "Первый"), (2, "Второй")], 0, pick=callbacks.Step.HELPER,
                               turn=callbacks.Step.HELPERS, marked=lambda one: one == 2)
    assert [row[0].text for row in markup.inline_keyboard[:2]] == ["Первый", "☑️ Второй"]
