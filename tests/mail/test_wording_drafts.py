"""What an approver by e-mail reads of a draft: the text, what the checks found, what changed."""

from core.notices import NoticeKind
from core.people import Actor, Channel
from core.regulation.terms import State
from core.usecases import approvals, returns
from core.usecases.casecards import make_card
from core.usecases.parcels import Parcel
from mail import wording
from tests import builders as b
from tests.builders import ENOUGH, Story


def letter_to(story: Story, person_id: int) -> str:
    person = story.directory.person(person_id)
    card = make_card(story.case, Actor(Channel.EMAIL, "test", person), story.directory,
                     b.CALENDAR, story.now, mask_contacts=True)
    parcel = Parcel(7, NoticeKind.TO_APPROVE, {}, person=person, case=story.case, card=card,
                    directory=story.directory, token="t")
    return wording.letter_of(parcel, "<1@gorod.test>", ("p@example.ru",)).text


def reworked() -> Story:
    """The first approver has remarked, the lead has mended and submitted again."""
    story = Story().at_work()
    story.draft(text=ENOUGH)
    story.submit()
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "Уложен 24-го.")
    story.done(act)
    story.draft(text=ENOUGH.replace("25 ноября", "24 ноября").replace("уложен", "надёжно уложен"))
    story.submit()
    return story


def test_approver_who_saw_the_earlier_version_reads_what_changed() -> None:
    story = reworked()
    text = letter_to(story, b.ROADS_HEAD)
    assert "Что изменилось с версии 1, которую вы видели" in text
    assert "асфальт [+ надёжно] уложен [25 → 24] ноября." in text
    assert "Что изменилось" not in letter_to(story, b.STATE_APPROVER)


def test_signatory_who_sent_it_back_reads_what_changed() -> None:
    story = Story().at_work()
    story.draft(text=ENOUGH)
    story.submit()
    story.approve()
    act = story.act(b.SIGNATORY)
    approvals.refuse_signature(act, "Нет даты.")
    story.done(act)
    story.draft(text=f"{ENOUGH} Швы пролиты.")
    story.submit()
    story.approve()
    assert story.case.state is State.SIGNING
    assert "[+ Швы пролиты.]" in letter_to(story, b.SIGNATORY)


def test_remarks_of_every_version_stay_with_the_case_until_the_next_round() -> None:
    story = reworked()
    (sheet,) = story.case.sheets
    assert sheet.draft_version == 1
    assert sheet.remarked is not None
    assert sheet.remarked.remark == "Уложен 24-го."
    for deed in (story.approve, story.sign, story.confirm, story.dispatch, story.publish):
        deed()
    act = story.act(b.DESK)
    returns.citizen_return(act, b.a_message(text="Снова яма."))
    case = story.done(act)
    assert case.sheets == ()
    assert [one.draft_version for one in case.past[0].sheets] == [1, 2]
