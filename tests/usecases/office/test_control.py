"""6¶1-2: reminders, each once and in working hours; the digest, once a working day."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.inbound import PersonReply, Unrecognised
from core.journal import Fact
from core.notices import NoticeKind
from core.outbound import RefusedError
from core.people import Channel
from core.regulation.terms import AnswerKind, Event, State
from core.usecases import approvals, dispatch, execution, resolutions, returns, routing
from core.usecases.births import as_message
from core.usecases.office import CaseRef
from core.usecases.resolutions import Task
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House, Row, moscow

REMINDERS = (NoticeKind.REMINDER, NoticeKind.OVERDUE)
ABOVE = NoticeKind.ESCALATION


async def scan(house: House, at: datetime) -> list[Row]:
    """Look at that moment; what is new in the outbox."""
    before = {one.id for one in house.rows()}
    house.clock.moment = at
    await house.control.scan()
    return [one for one in house.rows(*REMINDERS) if one.id not in before]


def said(rows: list[Row]) -> list[tuple[str, int | None, str, str]]:
    """Kind, person, deadline and working days left of each."""
    facts = [json.loads(one.facts) for one in rows]
    return sorted((row.kind.value, row.person_id, fact["deadline"], fact["left"])
                  for row, fact in zip(rows, facts, strict=True))


async def test_each_mark_is_reminded_of_once_and_a_restart_repeats_none(house: House) -> None:
    await house.at_work()  # the draft is due on the 1st of December, the answer on the 3rd
    assert await scan(house, moscow(26)) == []
    due_in_two = await scan(house, moscow(27))
    assert said(due_in_two) == [("reminder", city.LEAD, "draft", "2")]
    assert await scan(house, moscow(27, 10, 1)) == []
    again = await house.restarted()
    assert await scan(again, moscow(27, 16)) == []
    assert said(await scan(again, moscow(30))) == [("reminder", city.LEAD, "draft", "1")]
    assert said(await scan(again, moscow(1, month=12))) == [
        ("reminder", city.LEAD, "answer", "2"), ("reminder", city.LEAD, "draft", "0")]


async def test_after_downtime_only_the_latest_mark_is_told(house: House) -> None:
    await house.at_work()
    assert said(await scan(house, moscow(1, month=12))) == [
        ("reminder", city.LEAD, "answer", "2"), ("reminder", city.LEAD, "draft", "0")]


async def test_marks_reached_when_the_time_began_are_no_news(house: House) -> None:
    await house.registered()  # the resolution is due tomorrow: one working day from the start
    await house.do(city.DESK, 1, routing.route, city.OFFICIAL)
    assert await scan(house, moscow(23, 11)) == []
    assert said(await scan(house, moscow(24, 9))) == [
        ("reminder", city.OFFICIAL, "delivery", "1"),
        ("reminder", city.OFFICIAL, "resolution", "0")]


async def test_what_is_due_the_same_day_is_reminded_of_in_its_last_two_hours(house: House
                                                                             ) -> None:
    await house.arrives()  # to be registered today, until six
    assert await scan(house, moscow(23, 15, 59)) == []
    assert said(await scan(house, moscow(23, 16))) == [
        ("reminder", city.DESK, "registration", "0")]
    assert await scan(house, moscow(23, 17)) == []


async def test_an_overdue_deadline_is_told_daily_to_the_debtor_alone(house: House) -> None:
    await house.at_work()
    first = said(await scan(house, moscow(2, month=12)))
    assert {one for one in first if one[0] == "overdue"} == {("overdue", city.LEAD, "draft", "-1")}
    assert await scan(house, moscow(2, 17, month=12)) == []
    second = said(await scan(house, moscow(3, month=12)))
    assert {one for one in second if one[0] == "overdue"} == {
        ("overdue", city.LEAD, "draft", "-2")}


async def test_superiors_hear_of_a_deadline_one_after_another_and_each_once(house: House) -> None:
    """The head of the body on the last day, official and desk head the day after, 6¶3 later."""
    await house.at_work()
    heard: dict[int, list[int]] = {}
    for day in (27, 30, *range(1, 9)):
        if day in {5, 6}:
            continue
        moment = moscow(day, month=11 if day > 20 else 12)
        before = {one.id for one in house.rows()}
        for hour in (0, 5):
            house.clock.moment = moment + timedelta(hours=hour)
            await house.control.scan()
        heard[day] = sorted(
            one.person_id or 0 for one in house.rows(ABOVE)
            if one.id not in before and json.loads(one.facts)["deadline"] == "draft")
    assert {day: people for day, people in heard.items() if people} == {
        1: [city.APPROVER], 2: [city.HEAD, city.OFFICIAL], 4: [city.CHIEF]}
    told = {row.person_id: json.loads(row.facts) for row in house.rows(ABOVE)
            if json.loads(row.facts)["deadline"] == "draft"}
    assert {one["debtor"] for one in told.values()} == {"Дорохов С.И."}
    assert {person for person, facts in told.items() if facts["late"]} == {
        city.HEAD, city.OFFICIAL, city.CHIEF}, "on the last day itself nothing is late"


async def test_a_superior_who_may_not_see_the_case_hears_nothing_of_it(house: House) -> None:
    """An official who did not impose the resolution, a head of another body."""
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER))
    await scan(house, moscow(8, month=12))
    told = {one.person_id for one in house.rows(ABOVE)}
    assert told == {city.APPROVER, city.OFFICIAL, city.HEAD, city.CHIEF}


async def test_a_new_date_arms_the_ladder_anew(house: House) -> None:
    case = await house.at_work(None, Task(city.LEAD, due_on=date(2026, 11, 27)))
    await scan(house, moscow(27))
    assert [one.person_id for one in house.rows(ABOVE)] == [city.APPROVER]
    await house.do(city.LEAD, case.id, execution.delegate, city.WORKER, date(2026, 11, 27))
    await scan(house, moscow(27, 11))
    assert len(house.rows(ABOVE)) == 1, "the date is the same"
    await scan(house, moscow(30))
    assert {one.person_id for one in house.rows(ABOVE)} == {
        city.APPROVER, city.HEAD, city.OFFICIAL}


@pytest.mark.parametrize("moment", [
    moscow(2, 8, 59, month=12), moscow(2, 19, 1, month=12), moscow(5, 12, month=12),
    moscow(6, 12, month=12)])
async def test_nobody_is_reminded_outside_working_hours(house: House, moment: datetime) -> None:
    await house.at_work()
    assert await scan(house, moment) == []


@pytest.mark.parametrize("holiday", [
    moscow(4, 12), moscow(1, 12, month=1, year=2027), moscow(7, 12, month=1, year=2027)])
async def test_nobody_is_reminded_on_holidays(house: House, holiday: datetime) -> None:
    house.clock.moment = holiday - timedelta(days=40)
    await house.at_work()
    assert await scan(house, holiday) == []


async def test_a_short_day_ends_the_reminders_an_hour_earlier(house: House) -> None:
    house.clock.moment = moscow(23, month=10)
    await house.at_work()
    eve = moscow(3, 18, 1)  # the 3rd of November ends at five; an hour more is granted
    assert await scan(house, eve) == []
    assert await scan(house, eve - timedelta(minutes=2)) != []


async def test_a_citizens_return_arms_the_marks_anew(house: House) -> None:
    case = await house.at_work()
    assert await scan(house, moscow(1, month=12)) != []
    case = await house.sent(case)
    await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
    await house.office.do(house.msed(), CaseRef(case.id), returns.citizen_return,
                          as_message(city.message(text="Яма осталась."), ()))
    house.clock.moment = moscow(1, 11, month=12)
    await house.do(city.DESK, case.id, routing.register)
    await house.do(city.DESK, case.id, routing.route, city.OFFICIAL)
    await house.do(city.OFFICIAL, case.id, resolutions.impose, [Task(city.LEAD)])
    await house.carry()
    assert await scan(house, moscow(4, month=12)) == []
    assert said(await scan(house, moscow(7, month=12))) == [
        ("reminder", city.LEAD, "draft", "2")]


async def test_a_narrower_date_of_the_resolution_moves_the_marks(house: House) -> None:
    case = await house.at_work(None, Task(city.LEAD, due_on=date(2026, 11, 27)))
    assert case.part(0).due_on == date(2026, 11, 27)
    assert said(await scan(house, moscow(25))) == [("reminder", city.LEAD, "draft", "2")]
    assert await scan(house, moscow(25, 12)) == []
    staff = await house.do(city.LEAD, case.id, execution.delegate, city.WORKER,
                           date(2026, 11, 26))
    await house.carry()
    assert staff.part(0).own_due == date(2026, 11, 26)
    armed = said(await scan(house, moscow(25, 13)))
    assert armed == [("reminder", city.WORKER, "draft", "1")], "the new date has its own marks"


async def test_an_interim_answers_date_is_reminded_of_and_then_overdue(house: House) -> None:
    case = await house.at_work()
    until = date(2026, 12, 14)
    await house.do(city.LEAD, case.id, execution.save_draft, AnswerKind.INTERIM, ENOUGH, until)
    await house.do(city.LEAD, case.id, execution.submit_draft)
    for person in (city.APPROVER, city.STATE):
        await house.do(person, case.id, approvals.approve)
    await house.do(city.SIGNATORY, case.id, approvals.sign)
    await house.do(city.DESK, case.id, dispatch.confirm_form)
    await house.do(city.DESK, case.id, dispatch.dispatch)
    case = await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
    assert case.state is State.DEFERRED
    await house.carry()
    assert await scan(house, moscow(3, month=12)) == []
    assert said(await scan(house, moscow(10, month=12))) == [
        ("reminder", city.LEAD, "deferred", "2")]
    late = said(await scan(house, moscow(15, month=12)))
    assert late == [("overdue", city.LEAD, "deferred", "-1")]


async def test_a_co_executor_owes_his_own_part(house: House) -> None:
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER))
    armed = await scan(house, moscow(25))  # materials are due on the 27th
    assert said(armed) == [("reminder", city.HELPER, "coexecutor", "2")]
    assert armed[0].channel == Channel.EMAIL.value, "who has no Telegram is reminded by e-mail"


async def test_an_approver_who_keeps_the_draft_is_reminded_beside_the_lead(house: House) -> None:
    case = await house.at_work()
    await house.drafted(case)
    await house.carry()
    told = {one[1] for one in said(await scan(house, moscow(1, month=12)))}
    assert told == {city.APPROVER, city.LEAD}


async def test_the_desk_is_reminded_of_an_assignment_that_reached_nobody(house: House) -> None:
    house.telegram.always = house.email.always = RefusedError("не доставлено")
    case = await house.at_work()
    assert case.part(0).reached_at is None
    told = [one for one in said(await scan(house, moscow(25, 9))) if one[2] == "delivery"]
    assert told == [("reminder", city.DESK, "delivery", "0")]


async def test_who_has_left_is_not_reminded_but_the_desk_head_is_told(house: House) -> None:
    await house.at_work()
    await leaves(house, city.LEAD)
    told = said(await scan(house, moscow(27)))
    assert told == [("reminder", city.HEAD, "draft", "2")]


async def test_a_published_case_is_left_in_peace(house: House) -> None:
    case = await house.sent(await house.at_work())
    await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
    assert await scan(house, moscow(21, month=12)) == []


async def test_a_reminder_that_could_not_be_sent_is_not_sent_the_next_day(house: House) -> None:
    await house.at_work()
    await scan(house, moscow(27, 18))
    house.clock.moment = moscow(30, 9)
    house.telegram.carried.clear()
    await house.carry()
    assert house.telegram.of(NoticeKind.REMINDER) == []
    assert [one.state for one in house.rows(NoticeKind.REMINDER)] == ["failed"]


# Silence ----------------------------------------------------------------------------------------

async def silence(house: House, at: datetime) -> list[tuple[int | None, str]]:
    """Look at that moment; who is newly told of an assignment not taken up, and how."""
    before = {one.id for one in house.rows()}
    house.clock.moment = at
    await house.control.scan()
    return [(one.person_id, one.channel) for one in house.rows(NoticeKind.NOT_TAKEN_UP)
            if one.id not in before]


async def test_who_does_not_take_up_an_assignment_is_written_to_and_then_the_superior_told(
        house: House) -> None:
    await house.at_work()  # it reached the lead on the 23rd at ten
    assert await silence(house, moscow(23, 14, 29)) == []
    assert await silence(house, moscow(23, 14, 30)) == [(city.LEAD, "email")]
    assert await silence(house, moscow(24, 9, 59)) == []
    assert await silence(house, moscow(24, 10)) == [(city.APPROVER, "telegram")]
    assert await silence(house, moscow(25, 17)) == []


@pytest.mark.parametrize("word", ["принято", "фото", "проект", "не моё"])
async def test_any_act_of_the_executor_ends_the_silence(house: House, word: str) -> None:
    case = await house.at_work()
    if word == "принято":
        await house.do(city.LEAD, case.id, execution.accept)
    elif word == "фото":
        photo = await house.office.files.put(b"photo", "a.jpg", "image/jpeg")
        await house.do(city.LEAD, case.id, execution.add_photo, photo)
    elif word == "проект":
        await house.do(city.LEAD, case.id, execution.save_draft, AnswerKind.SOLVED, ENOUGH)
    else:
        await house.do(city.LEAD, case.id, execution.decline, "дорога области")
    assert await silence(house, moscow(24, 17)) == []


async def test_a_member_of_staff_is_given_as_long_as_the_head_was(house: House) -> None:
    case = await house.at_work()
    house.clock.moment = moscow(23, 14)
    await house.do(city.LEAD, case.id, execution.delegate, city.WORKER, date(2026, 11, 30))
    await house.carry()
    assert await silence(house, moscow(24, 9, 15)) == []
    assert await silence(house, moscow(24, 9, 30)) == [(city.WORKER, "email")]


# The digest --------------------------------------------------------------------------------------

async def test_the_digest_goes_once_a_working_day_after_its_hour(house: House) -> None:
    house.clock.moment = moscow(24, 8, 59)
    assert not await house.control.digest_if_due()
    house.clock.moment = moscow(24, 9)
    assert await house.control.digest_if_due()
    assert not await house.control.digest_if_due()
    assert not await (await house.restarted()).control.digest_if_due()
    assert house.told(NoticeKind.DIGEST) == [city.DESK, city.HEAD, None]
    assert house.rows(NoticeKind.DIGEST)[-1].address == "dobrodel@gorod.test"
    house.clock.moment = moscow(25, 9)
    assert await house.control.digest_if_due()


async def test_a_missed_digest_is_caught_up_the_same_day(house: House) -> None:
    house.clock.moment = moscow(24, 17, 30)
    assert await house.control.digest_if_due()


@pytest.mark.parametrize("idle", [moscow(28, 10), moscow(4, 10), moscow(1, 10, month=1)])
async def test_there_is_no_digest_on_a_day_off(house: House, idle: datetime) -> None:
    house.clock.moment = idle
    assert not await house.control.digest_if_due()


async def test_the_digest_counts_the_day_since_the_one_before(house: House) -> None:
    house.clock.moment = moscow(20, 8)
    await house.arrives(city.message("MO-1"))  # before Friday's digest
    house.clock.moment = moscow(20, 12)
    case = await house.arrives(city.message("MO-2"))
    house.clock.moment = moscow(21, 12)  # Saturday
    await house.arrives(city.message("MO-3"))
    house.clock.moment = moscow(20, 13)
    for deed, who in ((routing.register, city.DESK),):
        await house.do(who, case.id, deed)
    await house.do(city.DESK, case.id, routing.route, city.OFFICIAL)
    await house.do(city.OFFICIAL, case.id, resolutions.impose, [Task(city.LEAD)])
    await house.sent(case)
    house.clock.moment = moscow(23, 9)  # Monday's digest
    digest = await house.control.digest()
    assert (digest.on, digest.arrived, digest.answered) == (date(2026, 11, 23), 2, 1)
    assert digest.since == moscow(20, 9)
    assert digest.open == 3


async def test_the_digest_names_who_owes_and_sorts_by_urgency(house: House) -> None:
    house.clock.moment = moscow(19)
    late = await house.at_work(city.message("MO-1"))
    house.clock.moment = moscow(23)
    risky = await house.at_work(city.message("MO-2"), Task(city.LEAD, due_on=date(2026, 11, 30)))
    house.clock.moment = moscow(24)
    calm = await house.at_work(city.message("MO-3"))
    house.clock.moment = moscow(30, 9)
    digest = await house.control.digest()
    assert [one.id for one in digest.overdue] == [late.id]
    assert [one.id for one in digest.due_today] == [risky.id]
    assert [one.id for one in digest.at_risk] == [calm.id]
    assert {one.holder for one in (*digest.overdue, *digest.due_today)} == {"Дорохов С.И."}
    assert digest.overdue[0].due is not None
    assert digest.overdue[0].due.left == -1


async def test_the_digest_counts_mail_and_deliveries_that_wait_for_a_person(house: House) -> None:
    await house.intake.accept(house.mail(Unrecognised("непонятно"), "a@b.test"))
    house.email.fates.append(RefusedError("нет такого ящика"))
    await house.at_work(None, Task(city.LEAD), Task(city.HELPER))
    digest = await house.control.digest()
    assert (digest.unclear_mail, digest.troubled) == (1, 1)


async def test_a_letter_without_an_answer_is_named_until_it_is_answered_or_its_case_rests(
        house: House) -> None:
    case = await house.at_work()
    waiting = await house.at_work(city.message("MO-2"))
    for one in (case, waiting):
        letter = await house.letters.draft(
            await house.actor(city.LEAD), one.id, city.HEAT, "О трубе", "Проверьте трубу.")
        await house.letters.signed_by_hand(
            await house.actor(city.LEAD), letter.id, await house.keep())
        await house.letters.register(await house.actor(city.DESK), letter.id)
    await house.carry()
    house.clock.moment = moscow(25, 16)  # two working days later: they may yet answer
    assert (await house.control.digest()).letters == ()
    house.clock.moment = moscow(27, 9)
    named = (await house.control.digest()).letters
    assert [(one.case_id, one.sent_on, one.waits) for one in named] == [
        (case.id, date(2026, 11, 23), 4), (waiting.id, date(2026, 11, 23), 4)]
    await house.intake.accept(house.mail(
        PersonReply(house.email.of(NoticeKind.LETTER_OUT)[0].token, "Труба проверена."),
        "heat@gorod.test"))
    await house.sent(waiting)
    await house.office.do(house.msed(), CaseRef(waiting.id), dispatch.publish)
    assert (await house.control.digest()).letters == ()


async def test_a_return_of_the_day_stands_in_the_digest(house: House) -> None:
    case = await house.sent(await house.at_work())
    await house.office.do(house.msed(), CaseRef(case.id), dispatch.publish)
    house.clock.moment = moscow(26, 15)
    await house.office.do(house.msed(), CaseRef(case.id), returns.citizen_return,
                          as_message(city.message(text="Яма осталась."), ()))
    house.clock.moment = moscow(27, 9)
    assert [one.id for one in (await house.control.digest()).returned] == [case.id]
    house.clock.moment = moscow(30, 9)
    assert (await house.control.digest()).returned == ()


async def test_a_digest_on_the_last_day_of_the_calendar_still_goes(house: House) -> None:
    house.clock.moment = moscow(31, 10, month=12, year=2027)
    await house.arrives()
    await house.control.scan()
    assert (await house.control.digest()).calendar_months_left == 0


# The forecast ------------------------------------------------------------------------------------

async def remembers(house: House, numbers: Sequence[int], drafted: datetime, answered: datetime
                    ) -> None:
    """Cases of the past, as the journal has them: the draft handed on, and the answer sent."""
    def fact(case_id: int, event: Event, before: State, after: State, at: datetime) -> Fact:
        return Fact(at, "case", event.value, "", "telegram", f"{event}:{case_id}", case_id, 1,
                    city.LEAD, before=before.value, after=after.value)

    async with house.office.work() as work:
        for case_id in numbers:
            await work.journal.append([
                fact(case_id, Event.IMPOSE_RESOLUTION, State.AWAITING_RESOLUTION, State.ASSIGNED,
                     moscow(2)),
                fact(case_id, Event.SAVE_DRAFT, State.ASSIGNED, State.ASSIGNED, moscow(2, 12)),
                fact(case_id, Event.SUBMIT_DRAFT, State.ASSIGNED, State.APPROVING, drafted),
                fact(case_id, Event.DISPATCH, State.ANSWER_REGISTERED, State.DISPATCHED,
                     answered)])


async def test_the_digest_foretells_what_will_be_late_at_the_present_pace(house: House) -> None:
    """Three quarters of the past went over eight days, all of them spent with the executor."""
    await remembers(house, range(1001, 1031), moscow(18), moscow(19))  # 12 working days
    await remembers(house, range(1031, 1041), moscow(6), moscow(9))
    quick = await house.at_work(city.message("MO-1"))
    digest = await house.control.digest()
    assert digest.forecast is None, "nothing is due within five working days"
    house.clock.moment = moscow(27)
    again = await house.restarted()
    ahead = (await again.control.digest()).forecast
    assert ahead is not None
    assert (ahead.until, ahead.late) == (date(2026, 12, 4), 1)
    assert [one.id for one in ahead.likely] == [quick.id]


async def test_a_young_office_foretells_nothing(house: House) -> None:
    await remembers(house, range(1001, 1005), moscow(18), moscow(19))
    await house.at_work()
    house.clock.moment = moscow(27)
    assert (await house.control.digest()).forecast is None


# Helpers -----------------------------------------------------------------------------------------

async def leaves(house: House, person_id: int) -> None:
    """The person is not in the next directory."""
    staff = [replace(one, active=one.id != person_id) for one in city.PEOPLE]
    async with house.office.work() as work:
        await work.people.import_all(city.BODIES, staff, city.ROUTES, city.APPROVALS)
