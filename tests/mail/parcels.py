"""A parcel of every kind, as the packer would put it together, for one case and one person."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from core import staffwords
from core.calendar import MOSCOW
from core.cards import CaseLine, Digest, DueLine
from core.files import FileRef
from core.letters import Letter
from core.notices import NoticeKind
from core.outbound import LetterFile
from core.people import Actor, Channel
from core.ports import StoredMail
from core.regulation.terms import AnswerKind, Event, LetterForm, LetterState
from core.usecases import execution
from core.usecases.casecards import make_card
from core.usecases.parcels import Parcel
from core.usecases.tokens import TO_ORGANISATIONS
from tests import builders as b
from tests.builders import CALENDAR, Story, a_file, a_message

CITIZEN = "Гражданинова Ольга"
PHONE = "8 (916) 123-45-67"
TO_THE_WORLD = frozenset({NoticeKind.ANSWER_PACKAGE, NoticeKind.CLOSING_PACKAGE,
                          NoticeKind.LETTER_OUT, NoticeKind.LETTER_REMINDER,
                          NoticeKind.REDIRECTED})

_AWAY = {"person": str(b.CO), "who": "Парков И.И.", "by": "Дорожный С.К.", "first": "2026-11-23",
         "last": "2026-11-27", "count": "2", "begun": "1", "body": "2", "name": "Управление дорог",
         "names": "Управление дорог", "since": "23.11.2025", "mail": "1",
         "named": "доклад за неделю", "why": "Нет шаблона."}
FACTS: Mapping[NoticeKind, Mapping[str, str]] = {
    **dict.fromkeys(staffwords.SENTENCES, _AWAY),
    NoticeKind.NOT_OPENED: {"holder": "Начальников О.П.", "what": "to_approve"},
    NoticeKind.HANDED_BACK: {"reason": "не наши полномочия"},
    NoticeKind.REDIRECTED: {"body": "Московская железная дорога"},
    NoticeKind.ASSIGNMENT: {"part": "1"},
    NoticeKind.ASSIGNMENT_DECLINED: {"reason": "дорога области", "who": "Парков И.И."},
    NoticeKind.PHOTO_VERDICT: {"photo": a_file("work.jpg").sha256, "part": "1"},
    NoticeKind.MATERIALS_SUBMITTED: {"part": "1", "who": "Парков И.И.",
                                     "report": "Мусор вывезен."},
    NoticeKind.MATERIALS_RETURNED: {"remark": "нет фото урны"},
    NoticeKind.REMARK: {"remark": "Укажите дату.", "who": "Министров И.Л."},
    NoticeKind.REWORK: {"remark": "Не тот бланк", "who": "Деснова А.П."},
    NoticeKind.ANSWER_PACKAGE: {"number": "ЕКЖ-2026-000001/1"},
    NoticeKind.CLOSING_PACKAGE: {"returns": "3"},
    NoticeKind.LETTER_TO_SIGN: {"letter": "1"},
    NoticeKind.LETTER_TO_REGISTER: {"letter": "1"},
    NoticeKind.LETTER_OUT: {"letter": "1", "number": "А-0001/2026",
                            "to": "Московская железная дорога"},
    NoticeKind.LETTER_ANSWERED: {"letter": "1", "answer": "Люк закрыт."},
    NoticeKind.LETTER_BOUNCED: {"letter": "1", "answer": "550 нет такого ящика"},
    NoticeKind.LETTER_REMINDER: {"letter": "1", "number": "А-0001/2026",
                                 "to": "Московская железная дорога", "sent_on": "2026-11-24",
                                 "in_reply_to": "<rakurs.3@gorod.test>"},
    NoticeKind.LETTER_SILENT: {"letter": "1", "number": "А-0001/2026", "days": "5",
                               "to": "Московская железная дорога"},
    NoticeKind.DISPATCH_REGISTER: {"sender": "0", "first": "2026-11-01", "last": "2026-11-30"},
    NoticeKind.MAILBOX_NEWS: {"event": "backlog", "count": "50000", "unclear": "3"},
    NoticeKind.REMINDER: {"deadline": "coexecutor", "label": "материал соисполнителя",
                          "clause": "4.6¶2 срок", "due_on": "2026-11-27", "left": "2"},
    NoticeKind.OVERDUE: {"deadline": "draft", "label": "проект ответа", "clause": "4.6¶3",
                         "due_on": "2026-12-01", "left": "-1"},
    NoticeKind.ESCALATION: {"deadline": "draft", "label": "проект ответа", "clause": "4.6¶3",
                            "due_on": "2026-12-01", "left": "-1", "late": "1",
                            "debtor": "Дорохов С.И."},
    NoticeKind.NOT_TAKEN_UP: {"part": "1", "holder": "Парков И.И.",
                              "since": "2026-11-24T10:00:00+03:00",
                              "until": "2026-11-25T18:00:00+03:00"},
    NoticeKind.UNCLEAR_MAIL: {"mail": "7", "reason": "В карточке МСЭД нет номера."},
    NoticeKind.MAIL_JOINED: {"mail": "7", "answer": "Люк закрыт."},
    NoticeKind.DELIVERY_TROUBLE: {"row": "5", "to": "Парков И.И.", "what": "assignment",
                                  "reason": "550 нет такого ящика", "doubt": "1"},
    NoticeKind.REPLY: {"said": "Поручение принято к исполнению.",
                       "in_reply_to": "<in.1@gorod.test>"},
}


def at_work(lead: int = b.LEAD) -> Story:
    """A case with a co-executor, reports, a photo and a draft; the citizen's phone in its text."""
    message = a_message(text=f"Во дворе яма, колесо пробито. Звоните {PHONE}, {CITIZEN}.")
    story = Story(case=replace(Story().case, message=message)).with_co_executor()
    act = story.act(b.CO)
    execution.add_photo(act, a_file("work.jpg"))
    case = story.done(act)
    photo = replace(case.part(1).photos[0], verdict="different_angle",
                    advice="Подойдите ближе и встаньте левее.")
    story.case = case.with_part(replace(case.part(1), photos=(photo,)))
    return story


LETTER = Letter(
    1, 3, 1, "ЕКЖ-2026-000001", b.RAILWAY, LetterForm.ADMINISTRATION, "О люке",
    "Просим закрыть люк у дома 12.", b.LEAD, b.ROADS, LetterState.REGISTERED, "А-0001/2026",
).after(Event.REGISTER_LETTER, LetterState.REGISTERED, datetime(2026, 11, 24, 8, tzinfo=UTC))

CAME = StoredMail(
    7, "INBOX", 1, 7, "<free@heat.test>", "office@heat.test", f"О люке, {PHONE}",
    f"Люк закрыт. Звоните {PHONE}.", datetime(2026, 11, 24, 8, tzinfo=UTC),
    FileRef("b" * 64, "7.eml", "message/rfc822", 5), "unrecognised", "Не понято.", handled=False,
    files=(FileRef("c" * 64, "акт.pdf", "application/pdf", 5),))

LINE = CaseLine(1, "ЕКЖ-2026-000001", "на исполнении", "Дороги и дворы", "Мытищи, ул. Мира, 12",
                DueLine("draft", "проект ответа", date(2026, 12, 1), -1, late=True,
                        clause="4.6¶3"), "Дорожный С.К.")
DIGEST = Digest(date(2026, 12, 2), 3, 1, 12, (), (), (LINE,), (), 1, 2, 13,
                datetime(2026, 12, 1, 9, tzinfo=MOSCOW))

NO_CASE = frozenset({
    NoticeKind.DIGEST, NoticeKind.UNCLEAR_MAIL, NoticeKind.DISPATCH_REGISTER, NoticeKind.MY_DAY,
    NoticeKind.MAILBOX_NEWS, *staffwords.SENTENCES})
ABOUT_LETTER = frozenset({
    NoticeKind.LETTER_TO_SIGN, NoticeKind.LETTER_TO_REGISTER, NoticeKind.LETTER_OUT,
    NoticeKind.LETTER_ANSWERED, NoticeKind.LETTER_BOUNCED, NoticeKind.LETTER_REMINDER,
    NoticeKind.LETTER_SILENT})
LEADS = frozenset({NoticeKind.REMARK, NoticeKind.REWORK, NoticeKind.MATERIALS_SUBMITTED,
                   NoticeKind.DISPATCHED, NoticeKind.PUBLISHED, NoticeKind.CITIZEN_RETURN,
                   NoticeKind.DEFERRED, NoticeKind.MAIL_JOINED, *ABOUT_LETTER})
OFFICE = {NoticeKind.NEW_MESSAGE: b.DESK, NoticeKind.TO_DECIDE: b.CHIEF,
          NoticeKind.TO_RESOLVE: b.OFFICIAL, NoticeKind.HANDED_BACK: b.DESK,
          NoticeKind.ASSIGNMENT_DECLINED: b.DESK_HEAD, NoticeKind.TO_SIGN: b.SIGNATORY,
          NoticeKind.TO_APPROVE: b.ROADS_HEAD, NoticeKind.TO_CHECK: b.DESK,
          NoticeKind.THIRD_RETURN: b.DESK_HEAD, NoticeKind.UNCLEAR_MAIL: b.DESK,
          NoticeKind.DISPATCH_REGISTER: b.DESK, NoticeKind.MAILBOX_NEWS: b.DESK,
          NoticeKind.DELIVERY_TROUBLE: b.DESK, NoticeKind.DIGEST: b.DESK_HEAD,
          NoticeKind.LETTER_TO_REGISTER: b.DESK}


def person_for(kind: NoticeKind) -> int:
    return OFFICE.get(kind, b.LEAD if kind in LEADS else b.CO)


def parcel(kind: NoticeKind, person_id: int | None = None, **facts: str) -> Parcel:
    """The parcel of that kind, for the person who usually gets it."""
    story = at_work()
    if kind in {NoticeKind.REMARK, NoticeKind.REWORK, NoticeKind.TO_APPROVE, NoticeKind.TO_SIGN,
                NoticeKind.TO_CHECK, NoticeKind.ANSWER_PACKAGE}:
        story.case = story.case.with_part(replace(story.case.part(1), photos=()))
        act = story.act(b.CO)
        execution.submit_materials(act, "Мусор вывезен.")
        story.done(act)
        act = story.act(b.LEAD)
        execution.accept_materials(act, 1)
        story.done(act)
        story.draft(AnswerKind.SOLVED)
        story.submit()
    if kind is NoticeKind.ANSWER_PACKAGE:
        story.approve()
        story.sign()
        story.confirm()
    outside = kind in TO_THE_WORLD
    person = None if outside else story.directory.person(
        person_for(kind) if person_id is None else person_id)
    case = None if kind in NO_CASE else story.case
    card = make_card(case, Actor(Channel.EMAIL, "outbox:1", person), story.directory, CALENDAR,
                     story.now, mask_contacts=True) if case and person else None
    answered = case is not None or kind is NoticeKind.UNCLEAR_MAIL
    token = "k" * 26 if answered and not (outside and kind not in TO_ORGANISATIONS) else ""
    return Parcel(
        7, kind, {**FACTS.get(kind, {}), **facts}, person,
        "out@gorod.test" if outside else person.email if person else "", case, card,
        DIGEST if kind is NoticeKind.DIGEST else None,
        LETTER if kind in ABOUT_LETTER else None,
        story.directory.bodies[b.RAILWAY] if kind in ABOUT_LETTER else None, story.directory,
        (LetterFile("Ответ.pdf", "application/pdf", b"%PDF"),), token,
        mail=CAME if kind is NoticeKind.UNCLEAR_MAIL else None,
        awaiting=((LETTER, "АО «Теплосеть»"),) if kind is NoticeKind.UNCLEAR_MAIL else ())
