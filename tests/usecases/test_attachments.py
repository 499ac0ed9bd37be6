"""4.6¶6: scans beside the draft, by their content, within 50 MB together."""

from dataclasses import replace

import pytest

from core.errors import NotAcceptedError, NotFoundError, TooLargeError
from core.files import FileRef
from core.regulation.terms import State
from core.usecases import approvals, execution
from core.usecases.attachments import attach, detach, made_lighter
from tests import builders as b
from tests.builders import Story, a_file

MB = 1024 * 1024
ACT = FileRef("a" * 64, "акт.pdf", "application/pdf", 200_000)


def drafted() -> Story:
    story = Story().at_work()
    story.draft()
    return story


def attached(story: Story, *files: FileRef) -> Story:
    for file in files or (ACT,):
        act = story.act(b.LEAD)
        attach(act, file)
        story.done(act)
    return story


def versions(story: Story) -> list[tuple[int, list[str]]]:
    return [(one.version, [file.name for file in one.files]) for one in story.case.drafts]


def test_a_scan_goes_into_the_version_that_is_being_written() -> None:
    story = attached(drafted())
    assert versions(story) == [(1, ["акт.pdf"])]
    with pytest.raises(NotAcceptedError, match=r"«акт\.pdf» уже приложен"):
        attach(story.act(b.LEAD), ACT)


def test_a_new_text_keeps_the_scans_until_they_are_taken_back() -> None:
    story = attached(drafted())
    story.draft(text="Яма на проезде заделана 25 ноября, акт приложен.")
    assert versions(story)[-1] == (2, ["акт.pdf"])
    act = story.act(b.LEAD)
    detach(act, ACT.sha256[:12])
    story.done(act)
    assert versions(story)[-1] == (2, [])
    with pytest.raises(NotFoundError):
        detach(story.act(b.LEAD), ACT.sha256[:12])


def test_after_a_remark_a_scan_makes_a_version_of_its_own_and_may_go_on() -> None:
    story = drafted()
    story.submit()
    act = story.act(b.ROADS_HEAD)
    approvals.remark(act, "приложите акт")
    story.done(act)
    attached(story)
    assert versions(story) == [(1, []), (2, ["акт.pdf"])]
    assert story.submit().state is State.APPROVING


@pytest.mark.parametrize("media_type", [
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/octet-stream", "image/gif", "video/mp4"])
def test_what_is_neither_a_scan_nor_a_photo_is_refused_by_its_name(media_type: str) -> None:
    story = drafted()
    with pytest.raises(NotAcceptedError, match=r"«акт\.doc» не принимается.*PDF, JPG, PNG, TIFF"):
        attach(story.act(b.LEAD), FileRef("d" * 64, "акт.doc", media_type, 10))


def test_more_than_fifty_megabytes_may_be_gathered_but_does_not_go_on() -> None:
    story = attached(drafted(), *(a_file(f"{number}.jpg", 20 * MB) for number in range(3)))
    with pytest.raises(TooLargeError, match=r"60,0 Мб.*50 Мб.*«0\.jpg».*«Сжать фотографии»"):
        execution.submit_draft(story.act(b.LEAD))
    assert story.case.state is State.ASSIGNED
    with pytest.raises(TooLargeError, match=r"«big\.pdf»"):
        attach(story.act(b.LEAD), replace(ACT, name="big.pdf", size=51 * MB, sha256="e" * 64))

    act = story.act(b.LEAD)
    draft = story.case.draft
    assert draft is not None
    made_lighter(act, {one.sha256: replace(one, sha256=f"{number}" * 64, size=5 * MB)
                       for number, one in enumerate(draft.files)})
    story.done(act)
    assert act.facts[-1].details == {"saved": str(45 * MB)}
    assert story.submit().state is State.APPROVING


def test_exactly_fifty_megabytes_are_not_more_than_fifty() -> None:
    story = attached(drafted(), *(a_file(f"{number}.jpg", 25 * MB) for number in range(2)))
    assert story.submit().state is State.APPROVING
    story = attached(drafted(), a_file("0.jpg", 25 * MB), a_file("1.jpg", 25 * MB + 1))
    with pytest.raises(TooLargeError):
        execution.submit_draft(story.act(b.LEAD))


def test_a_lighter_photo_keeps_what_was_said_of_it_and_the_file_that_was_sent() -> None:
    story = Story().at_work()
    act = story.act(b.LEAD)
    sent = a_file("work.jpg", 9 * MB)
    execution.add_photo(act, sent)
    story.done(act)
    part = story.case.part(0)
    story.case = story.case.with_part(replace(part, photos=(replace(
        part.photos[0], verdict="same_angle", confidence=0.9),)))
    act = story.act(b.LEAD)
    light = a_file("light.jpg", 2 * MB)
    made_lighter(act, {sent.sha256: light})
    (photo,) = story.done(act).photos
    assert (photo.file, photo.original, photo.verdict) == (light, sent, "same_angle")
    with pytest.raises(NotAcceptedError, match="уже приложен"):
        execution.add_photo(story.act(b.LEAD), sent)
