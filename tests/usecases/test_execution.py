"""4.6¶1-8: the work, materials, photos and the draft."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.calendar import MOSCOW
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError, TooLargeError
from core.notices import NoticeKind
from core.regulation.terms import AnswerKind, AssignmentState, State
from core.usecases import approvals, execution
from core.usecases.photos import judged
from tests import builders as b
from tests.builders import ENOUGH, SYSTEM, Story, a_file


def day(number: int, month: int = 12) -> datetime:
    return datetime(2026, month, number, tzinfo=MOSCOW)


def report(story: Story, text: str = "Мусор вывезен.", person: int = b.CO) -> None:
    act = story.act(person)
    execution.submit_materials(act, text)
    story.done(act)


def take(story: Story, key: int = 1) -> None:
    act = story.act(b.LEAD)
    execution.accept_materials(act, key)
    story.done(act)


def photo(story: Story, person: int, verdict: str = "", name: str = "work.jpg",
          size: int = 1_000_000) -> str:
    act = story.act(person)
    file = a_file(name, size)
    execution.add_photo(act, file)
    case = story.done(act)
    part = case.part_of(person)
    assert part is not None
    if verdict:
        act = story.act(speaks_for=SYSTEM)
        judged(act, part.key, replace(part.photos[-1], verdict=verdict, advice="станьте левее"))
        story.done(act)
    return file.sha256


def test_an_executor_takes_the_assignment_on_once() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.accept(act)
    assert story.done(act).part(0).state is AssignmentState.ACCEPTED
    with pytest.raises(MoveNotAllowedError, match="принято к исполнению"):
        execution.accept(story.act(b.LEAD))


def test_who_has_no_part_in_the_case_can_do_none_of_the_work() -> None:
    for person in (b.STRANGER, b.DESK, b.OFFICIAL, b.CO):
        with pytest.raises(NotFoundError, match="нет поручения"):
            execution.accept(Story().at_work().act(person))
        with pytest.raises(NotFoundError, match="нет поручения"):
            execution.add_photo(Story().at_work().act(person), a_file())


def test_a_co_executors_materials_go_to_the_lead_who_takes_them() -> None:
    story = Story().with_co_executor()
    report(story)
    assert story.case.part(1).state is AssignmentState.SUBMITTED
    assert story.told(NoticeKind.MATERIALS_SUBMITTED) == {b.LEAD}
    take(story)
    assert story.case.part(1).state is AssignmentState.DONE
    assert story.told(NoticeKind.MATERIALS_ACCEPTED) == {b.CO}


def test_materials_are_returned_with_a_remark_and_brought_again() -> None:
    story = Story().with_co_executor()
    report(story)
    with pytest.raises(NotAcceptedError):
        execution.return_materials(story.act(b.LEAD), 1, " ")
    act = story.act(b.LEAD)
    execution.return_materials(act, 1, "нет фото урны")
    case = story.done(act)
    assert (case.part(1).state, case.part(1).remark) == (
        AssignmentState.RETURNED, "нет фото урны")
    report(story, "Урна поставлена.")
    assert (story.case.part(1).remark, story.case.part(1).report) == ("", "Урна поставлена.")


def test_only_the_lead_judges_materials() -> None:
    story = Story().with_co_executor()
    report(story)
    for person in (b.CO, b.DESK, b.OFFICIAL, b.STRANGER):
        with pytest.raises(MoveNotAllowedError):
            execution.accept_materials(story.act(person), 1)
    with pytest.raises(MoveNotAllowedError):
        execution.accept_materials(story.act(b.LEAD), 0)
    with pytest.raises(NotFoundError):
        execution.accept_materials(story.act(b.LEAD), 7)


def test_the_lead_submits_no_materials_to_himself_and_an_empty_report_is_refused() -> None:
    story = Story().with_co_executor()
    with pytest.raises(MoveNotAllowedError):
        execution.submit_materials(story.act(b.LEAD), "Сделано.")
    with pytest.raises(NotAcceptedError, match="Опишите"):
        execution.submit_materials(story.act(b.CO), "   ")


@pytest.mark.parametrize("verdict", [
    "different_angle", "other_place", "needs_editing", "reused_photo"])
def test_an_unfit_photo_stops_the_report_until_it_is_kept_with_a_reason(verdict: str) -> None:
    story = Story().with_co_executor()
    sha = photo(story, b.CO, verdict)
    with pytest.raises(NotAcceptedError, match=r"не прошло проверку\. станьте левее\. З"):
        execution.submit_materials(story.act(b.CO), "Сделано.")
    with pytest.raises(NotAcceptedError, match="почему"):
        execution.keep_photo(story.act(b.CO), sha, "  ")
    act = story.act(b.CO)
    execution.keep_photo(act, sha, " на старом месте забор ")
    case = story.done(act)
    assert case.part(1).photos[0].override == "на старом месте забор"
    report(story)
    assert story.case.part(1).state is AssignmentState.SUBMITTED


def test_an_unfit_photo_of_the_lead_stops_the_draft_until_it_is_replaced() -> None:
    story = Story().at_work()
    sha = photo(story, b.LEAD, "other_place")
    story.draft()
    with pytest.raises(NotAcceptedError, match="не прошло проверку"):
        execution.submit_draft(story.act(b.LEAD))
    act = story.act(b.LEAD)
    execution.remove_photo(act, sha)
    story.done(act)
    photo(story, b.LEAD, "same_angle", "better.jpg")
    assert story.submit().state is State.APPROVING


def test_a_file_that_is_no_photo_can_not_be_kept_by_any_reason() -> None:
    story = Story().at_work()
    sha = photo(story, b.LEAD, "reject_corrupt")
    story.draft()
    with pytest.raises(NotAcceptedError, match="Фото 1 не принято"):
        execution.submit_draft(story.act(b.LEAD))
    with pytest.raises(NotAcceptedError, match="JPEG, PNG или TIFF"):
        execution.keep_photo(story.act(b.LEAD), sha, "другого нет")


def test_a_photo_still_being_compared_is_waited_for() -> None:
    story = Story().with_co_executor()
    photo(story, b.CO)
    with pytest.raises(NotAcceptedError, match="ещё сравнивается"):
        execution.submit_materials(story.act(b.CO), "Сделано.")
    act = story.act(b.CO)
    execution.submit_materials(act, "Сделано.", judged=False)
    story.done(act)
    take(story)
    story.draft()
    with pytest.raises(NotAcceptedError, match="ещё сравнивается"):
        execution.submit_draft(story.act(b.LEAD))


def test_an_unsure_verdict_does_not_stop_the_work() -> None:
    story = Story().at_work()
    photo(story, b.LEAD, "unsure")
    story.draft()
    assert story.submit().state is State.APPROVING


def test_photos_of_who_declined_neither_stop_the_answer_nor_go_with_it() -> None:
    story = Story().with_co_executor()
    photo(story, b.CO, "other_place")
    act = story.act(b.CO)
    execution.decline(act, "не наше")
    story.done(act)
    assert story.case.photos == ()
    story.draft()
    assert story.submit().state is State.APPROVING


def test_the_same_file_is_not_attached_twice_and_all_files_have_a_limit() -> None:
    story = Story().at_work()
    photo(story, b.LEAD, "same_angle")
    with pytest.raises(NotAcceptedError, match="уже приложен"):
        execution.add_photo(story.act(b.LEAD), a_file("work.jpg"))
    with pytest.raises(TooLargeError, match=r"50 Мб.*«big\.jpg»"):
        execution.add_photo(story.act(b.LEAD), a_file("big.jpg", 50 * 1024 * 1024 + 1))
    limit = 50 * 1024 * 1024 - 1_000_000
    photo(story, b.LEAD, "same_angle", "fits.jpg", limit)
    story.draft()
    act = story.act(b.LEAD)
    execution.save_draft(act, AnswerKind.SOLVED, ENOUGH, files=(a_file("act.jpg", 1),))
    story.done(act)
    with pytest.raises(TooLargeError, match=r"«fits\.jpg»"):
        execution.submit_draft(story.act(b.LEAD))


def test_photos_are_not_changed_once_the_materials_or_the_draft_are_out_of_hand() -> None:
    story = Story().with_co_executor()
    own = photo(story, b.CO, "same_angle")
    leads = photo(story, b.LEAD, "same_angle", "lead.jpg")
    report(story)
    with pytest.raises(NotAcceptedError, match="Попросите ответственного"):
        execution.remove_photo(story.act(b.CO), own)
    with pytest.raises(MoveNotAllowedError):
        execution.add_photo(story.act(b.CO), a_file("more.jpg"))
    take(story)
    story.draft()
    story.submit()
    with pytest.raises(MoveNotAllowedError, match="на согласовании"):
        execution.remove_photo(story.act(b.LEAD), leads)
    with pytest.raises(MoveNotAllowedError, match="на согласовании"):
        execution.keep_photo(story.act(b.LEAD), leads, "так лучше")
    with pytest.raises(MoveNotAllowedError, match="на согласовании"):
        execution.add_photo(story.act(b.LEAD), a_file("late.jpg"))


@pytest.mark.parametrize("kind", [AnswerKind.SOLVED, AnswerKind.PLANNED, AnswerKind.IMPOSSIBLE])
def test_each_kind_of_final_answer_is_kept_with_its_version(kind: AnswerKind) -> None:
    story = Story().at_work()
    story.draft()
    case = story.draft(kind)
    assert case.draft is not None
    assert (case.draft.version, case.draft.kind, case.draft.promised_on) == (2, kind, None)
    assert case.state is State.ASSIGNED


def test_a_draft_of_a_word_is_no_answer_and_only_the_lead_writes_it() -> None:
    story = Story().with_co_executor()
    with pytest.raises(NotAcceptedError, match="слишком короткий"):
        story.draft(text="Всё сделано.")
    for person in (b.CO, b.DESK, b.OFFICIAL):
        with pytest.raises(MoveNotAllowedError, match="ответственный исполнитель"):
            execution.save_draft(story.act(person), AnswerKind.SOLVED, ENOUGH)


@pytest.mark.parametrize(("until", "words"), [
    (None, "точную дату"), (day(23, 11), "позже сегодняшней"), (day(24), "позже 23.12.2026")])
def test_an_interim_answer_needs_an_exact_date_ahead_within_thirty_days(
        until: datetime | None, words: str) -> None:
    story = Story().at_work()
    with pytest.raises(NotAcceptedError, match=words):
        story.draft(AnswerKind.INTERIM, until)


def test_the_thirtieth_day_may_be_promised() -> None:
    case = Story().at_work().draft(AnswerKind.INTERIM, day(23))
    assert case.draft is not None
    assert case.draft.promised_on == date(2026, 12, 23)


def test_an_interim_draft_whose_date_has_come_is_not_handed_on() -> None:
    story = Story().at_work()
    story.draft(AnswerKind.INTERIM, day(27, 11))
    story.later(27)
    with pytest.raises(NotAcceptedError, match="позже сегодняшней"):
        execution.submit_draft(story.act(b.LEAD))


def test_without_a_draft_there_is_nothing_to_hand_on() -> None:
    with pytest.raises(NotAcceptedError, match="Сначала подготовьте"):
        execution.submit_draft(Story().at_work().act(b.LEAD))


@pytest.mark.parametrize("steps", ["", "report"])
def test_a_final_draft_waits_until_all_materials_are_accepted(steps: str) -> None:
    story = Story().with_co_executor()
    if steps:
        report(story)
    story.draft()
    with pytest.raises(NotAcceptedError, match=r"Материал соисполнителя \(Парков И.И.\)"):
        execution.submit_draft(story.act(b.LEAD))


def test_an_interim_draft_does_not_wait_for_materials_and_the_final_one_does() -> None:
    story = Story().with_co_executor()
    assert story.answer(AnswerKind.INTERIM, day(14)).state is State.DEFERRED
    story.draft()
    with pytest.raises(NotAcceptedError, match="Материал соисполнителя"):
        execution.submit_draft(story.act(b.LEAD))
    report(story)
    take(story)
    assert story.submit().state is State.APPROVING


def test_a_staff_member_who_was_given_the_leads_part_writes_the_draft() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    execution.delegate(act, b.LEAD_STAFF)
    story.done(act)
    act = story.act(b.LEAD_STAFF)
    execution.save_draft(act, AnswerKind.SOLVED, ENOUGH)
    draft = story.done(act).draft
    assert draft is not None
    assert draft.author_id == b.LEAD_STAFF


def test_a_draft_must_change_after_any_return_before_it_goes_on() -> None:
    story = Story(case=b.a_case(b.a_message(category="Иное"))).at_work()
    story.draft()
    assert story.submit().state is State.SIGNING
    act = story.act(b.SIGNATORY)
    approvals.refuse_signature(act, "нет номера дома")
    case = story.done(act)
    assert (case.state, case.rework_reason) == (State.REWORKING, "нет номера дома")
    with pytest.raises(NotAcceptedError, match="не изменён"):
        execution.submit_draft(story.act(b.LEAD))
    story.draft()
    case = story.submit()
    assert (case.state, case.rework_reason) == (State.SIGNING, "")
