"""Buttons to choose by: people, bodies, days, kinds of answer, cases; long lists in pages."""

from collections.abc import Mapping, Sequence

from aiogram.types import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from bot import words
from bot.cards import first_on_page, on_page, pages_of
from bot.keyboards.calendar import Days, weeks
from bot.keyboards.callbacks import (
    Below,
    CaseAct,
    Do,
    FileHere,
    Go,
    LetterAct,
    LetterDo,
    Look,
    MailAct,
    MailAnswer,
    MailDo,
    Page,
    RegisterAct,
    RowAct,
    RowDo,
    Section,
    Span,
    View,
)
from bot.keyboards.case import Rows, button, nth
from bot.keyboards.own import Own, OwnAct
from bot.keyboards.staff import Keep, KeepAct
from bot.texts import general
from core.cards import CaseLine, Queue
from core.letters import Letter
from core.ports import StoredMail
from core.regulation.terms import AnswerKind
from core.usecases.office import CaseRef
from core.usecases.post import REPLY
from core.usecases.registers import Sender

LABEL = 60
"""Longer labels are cut by telephones."""

Item = tuple[str, str]
"""What to choose: the act's argument and its label."""


def question(placeholder: str = "") -> ForceReply:
    """Makes the telephone answer by a reply."""
    return ForceReply(input_field_placeholder=placeholder[:64] or None)


def choose(do: Do, ref: CaseRef, items: Sequence[Item], page: int = 0) -> InlineKeyboardMarkup:
    """One item a row, in pages; «Назад» shows the card again."""
    rows: Rows = [
        [button(words.cut(label, LABEL), CaseAct(
            do=do, case=ref.case_id, stamp=ref.stamp, arg=arg))]
        for arg, label in on_page(items, page)]
    last = pages_of(len(items)) - 1
    page = min(max(page, 0), last)
    turn = [button("‹", Page(do=do, case=ref.case_id, stamp=ref.stamp, page=page - 1))
            ] if page else []
    turn += [button("›", Page(do=do, case=ref.case_id, stamp=ref.stamp, page=page + 1))
             ] if page < last else []
    rows += [turn] if turn else []
    rows.append([button("‹ Назад", Look(case=ref.case_id))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def kinds() -> tuple[Item, ...]:
    """The kinds of a final answer (4.6¶4); the interim one has a button of its own."""
    return tuple((kind.value, kind.label.capitalize()) for kind in AnswerKind
                 if kind is not AnswerKind.INTERIM)


def days(ref: CaseRef, do: Do, who: str, choice: Days) -> InlineKeyboardMarkup:
    """A calendar whose days carry «who.20261214»; «who.0» is the last of them."""
    def pick(code: str) -> CaseAct:
        return CaseAct(do=do, case=ref.case_id, stamp=ref.stamp, arg=f"{who}.{code}")

    rows = weeks(choice, pick)
    rows.append([button(f"До {words.day(choice.last)}", pick("0"))])
    rows.append([button("‹ Назад", Look(case=ref.case_id))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def case_list(section: Section, lines: Sequence[CaseLine], page: int) -> InlineKeyboardMarkup:
    """A button for each case of the page, and the way around."""
    rows: Rows = [[button(one.number, Look(case=one.id, view=View.BELOW))]
                  for one in on_page(lines, page)]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *_around(section, len(lines), page)])


def _around(section: Section, count: int, page: int) -> Rows:
    last = pages_of(count) - 1
    page = min(max(page, 0), last)
    turn = [button("‹", Go(to=section, page=page - 1))] if page else []
    turn += [button("›", Go(to=section, page=page + 1))] if page < last else []
    return [*([turn] if turn else []), [button("☰ Меню", Go(to=Section.MENU))]]


def menu(waiting: Mapping[Queue, int], overdue: int, mail: int | None, *, report: bool,
         registers: bool = False, directory: bool = False) -> InlineKeyboardMarkup:
    """The menu with its counters: first what the person's role does, each queue by itself.

    ``mail`` None hides the desk's mail.
    """
    own = [button(f"{general.QUEUES[queue]} ({count})", Go(to=Section(queue.value)))
           for queue, count in waiting.items()]
    rows: Rows = [own[place:place + 2] for place in range(0, len(own), 2)]
    rows.append([button(f"📋 Мои дела ({sum(waiting.values())})", Go(to=Section.MINE)),
                 button(f"🔴 Просроченные ({overdue})", Go(to=Section.OVERDUE))])
    office = []
    if mail is not None:
        office.append(button(f"📬 Письма ({mail})", Go(to=Section.MAIL)))
    if report:
        office.append(button("📊 Сводка", Go(to=Section.REPORT)))
    rows += [office] if office else []
    rows += [[button("📑 Реестр отправки писем", Go(to=Section.LETTERS))]] if registers else []
    rows += [[button("👤 Справочник", KeepAct(do=Keep.HOME))]] if directory else []
    rows.append([button("⚙️ Настройки", OwnAct(do=Own.SHOW)),
                 button("❓ Справка", Go(to=Section.HELP))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def my_work() -> InlineKeyboardMarkup:
    """One button that opens what waits for the reader."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("📋 Мои дела", Below(to=Section.MINE))]])


def mail_list(mails: Sequence[StoredMail], page: int) -> InlineKeyboardMarkup:
    """Two taps for each unclear letter of the page."""
    first = first_on_page(len(mails), page)
    rows: Rows = [row for place, one in enumerate(on_page(mails, page))
                  for row in _mail_rows(one.id, first + place, len(mails),
                                        one.case_id if one.kind == REPLY else None)]
    return InlineKeyboardMarkup(
        inline_keyboard=[*rows, *_around(Section.MAIL, len(mails), page)])


def mail(mail_id: int, case_id: int | None = None) -> InlineKeyboardMarkup:
    """The desk's word on one letter; ``case_id`` where it answers a letter about a case."""
    return InlineKeyboardMarkup(inline_keyboard=_mail_rows(mail_id, 0, 1, case_id))


def _mail_rows(mail_id: int, place: int, of: int, case_id: int | None) -> Rows:
    if case_id is not None:
        return [[button(nth(place, of, "🔎 Открыть"), Look(case=case_id, view=View.BELOW)),
                 button(nth(place, of, "✅ Разобрано"), MailAct(do=MailDo.DISMISS, mail=mail_id))]]
    return [[button(nth(place, of, "🗂 Зарегистрировать"),
                    MailAct(do=MailDo.REGISTER, mail=mail_id)),
             button(nth(place, of, "🚫 Не относится"), MailAct(do=MailDo.DISMISS, mail=mail_id))],
            [button(nth(place, of, "✉️ Ответ на наше письмо"),
                    MailAct(do=MailDo.ANSWER, mail=mail_id)),
             button(nth(place, of, "📎 К сообщению"), MailAct(do=MailDo.JOIN, mail=mail_id))]]


def answered_letters(mail_id: int, letters: Sequence[tuple[Letter, str]], page: int
                     ) -> InlineKeyboardMarkup:
    """Our letters that wait for an answer, one a row: number and addressee."""
    rows: Rows = [
        [button(words.cut(f"№ {letter.number} · {addressee}", LABEL),
                MailAnswer(mail=mail_id, letter=letter.id))]
        for letter, addressee in on_page(letters, page)]
    last = pages_of(len(letters)) - 1
    page = min(max(page, 0), last)
    turn = [button("‹", MailAnswer(mail=mail_id, page=page - 1))] if page else []
    turn += [button("›", MailAnswer(mail=mail_id, page=page + 1))] if page < last else []
    rows += [turn] if turn else []
    rows.append([button("‹ Назад", Go(to=Section.MAIL))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def delivery(row_id: int) -> InlineKeyboardMarkup:
    """The desk's word on a delivery in trouble."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("🔁 Отправить ещё раз", RowAct(do=RowDo.AGAIN, row=row_id)),
         button("🚫 Не отправлять", RowAct(do=RowDo.LEAVE, row=row_id))]])


def letter_scan(letter_id: int) -> InlineKeyboardMarkup:
    """For the author, once the letter is signed by hand."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("📎 Скан подписанного", LetterAct(do=LetterDo.SCAN, letter=letter_id))]])


def letter_register(letter_id: int) -> InlineKeyboardMarkup:
    """For the registering side (5¶4)."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button("🗂 Зарегистрировать и отправить",
                LetterAct(do=LetterDo.REGISTER, letter=letter_id))]])


def registers(senders: Sequence[Sender]) -> InlineKeyboardMarkup:
    """Whose register."""
    rows: Rows = [[button(words.cut(one.name, LABEL), RegisterAct(sender=one.id))]
                  for one in senders]
    return InlineKeyboardMarkup(inline_keyboard=[
        *rows, [button("☰ Меню", Go(to=Section.MENU))]])


def register_spans(sender_id: int) -> InlineKeyboardMarkup:
    """For which period."""
    def span(label: str, code: Span) -> InlineKeyboardButton:
        return button(label, RegisterAct(sender=sender_id, span=code))

    return InlineKeyboardMarkup(inline_keyboard=[
        [span("Сегодня", Span.TODAY), span("Вчера", Span.YESTERDAY)],
        [span("Эта неделя", Span.WEEK), span("Этот месяц", Span.MONTH)],
        [span("Прошлый месяц", Span.LAST_MONTH), span("Другой период", Span.OTHER)],
        [button("☰ Меню", Go(to=Section.MENU))]])


def which_case(lines: Sequence[CaseLine]) -> InlineKeyboardMarkup:
    """To which assignment the files belong."""
    return InlineKeyboardMarkup(inline_keyboard=[
        [button(words.cut(f"{one.number} {one.topic}", LABEL), FileHere(case=one.id))]
        for one in lines])
