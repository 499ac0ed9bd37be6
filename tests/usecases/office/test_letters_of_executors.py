"""Letters outside МСЭД by any executor, and what co-executors may see (4.6¶1, 5¶3-4)."""

import json

import pytest

from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.inbound import Bounce, PersonReply
from core.notices import NoticeKind
from core.people import Actor, Channel
from core.privacy import EMAIL_MASK, NAME_MASK, PHONE_MASK
from core.regulation.terms import AnswerKind, LetterState
from core.usecases import execution
from core.usecases.resolutions import Task
from tests.bot import city
from tests.usecases.office.house import ENOUGH, House

BOTH = (Task(city.LEAD), Task(city.HELPER))


async def letter_of(house: House, author: int, case_id: int, addressee: int = city.HEAT) -> int:
    letter = await house.letters.draft(
        await house.actor(author), case_id, addressee, "О ремонте", "Просим отремонтировать.")
    return letter.id


async def test_lead_and_co_executor_write_letters_alike(house: House) -> None:
    case = await house.at_work(None, *BOTH)
    for author in (city.LEAD, city.HELPER):
        letter_id = await letter_of(house, author, case.id)
        letter = await house.letters.signed_by_hand(
            await house.actor(author), letter_id, await house.keep())
        assert (letter.author_id, letter.state) == (author, LetterState.HAND_SIGNED)


async def test_the_person_who_has_the_part_now_writes_the_letter_too(house: House) -> None:
    case = await house.at_work()
    await house.do(city.LEAD, case.id, execution.delegate, city.WORKER)
    assert await letter_of(house, city.WORKER, case.id)


@pytest.mark.parametrize("person", [city.OFFICIAL, city.SIGNATORY, city.HEAD, city.CHIEF])
async def test_who_has_no_part_writes_no_letter(house: House, person: int) -> None:
    case = await house.at_work(None, *BOTH)
    with pytest.raises(NotAcceptedError, match="исполнитель"):
        await letter_of(house, person, case.id)


async def test_who_declined_writes_no_letter_any_more(house: House) -> None:
    case = await house.at_work(None, *BOTH)
    await house.do(city.HELPER, case.id, execution.decline, "не наше")
    with pytest.raises(NotAcceptedError, match="исполнитель"):
        await letter_of(house, city.HELPER, case.id)


async def test_a_co_executor_signs_for_no_other_body(house: House) -> None:
    case = await house.at_work(None, *BOTH)
    letter_id = await letter_of(house, city.LEAD, case.id)
    with pytest.raises(MoveNotAllowedError):
        await house.letters.signed_by_hand(
            await house.actor(city.HELPER), letter_id, await house.keep())


async def sent_letter(house: House, author: int = city.LEAD) -> int:
    case = await house.at_work(None, *BOTH)
    letter_id = await letter_of(house, author, case.id)
    await house.letters.signed_by_hand(await house.actor(author), letter_id, await house.keep())
    await house.letters.register(await house.actor(city.DESK), letter_id)
    await house.carry()
    return letter_id


async def test_an_organisations_answer_is_told_without_contacts(house: House) -> None:
    await sent_letter(house)
    (parcel,) = house.email.of(NoticeKind.LETTER_OUT)
    await house.intake.accept(house.mail(PersonReply(
        parcel.token, "Сделаем. Заявитель Петрова, +7 916 123-45-67, petrova@example.ru"),
        "heat@gorod.test"))
    (row,) = house.rows(NoticeKind.LETTER_ANSWERED)
    answer = json.loads(row.facts)["answer"]
    assert answer == f"Сделаем. Заявитель {NAME_MASK}, {PHONE_MASK}, {EMAIL_MASK}"
    async with house.office.work() as work:
        (letter,) = await work.letters.of_case(row.case_id or 0)
    assert "petrova@example.ru" in letter.answer


async def test_a_bounce_names_only_whom_we_wrote_to_and_no_contacts(house: House) -> None:
    await sent_letter(house)
    (parcel,) = house.email.of(NoticeKind.LETTER_OUT)
    await house.intake.accept(house.mail(Bounce(
        f"<email.{parcel.row_id}@gorod.test>", "petrova@example.ru", "5.1.1",
        "550 no such user petrova@example.ru, tel 8 916 123-45-67")))
    told = [*house.rows(NoticeKind.DELIVERY_TROUBLE), *house.rows(NoticeKind.LETTER_BOUNCED)]
    assert len(told) == 3  # the desk of both; the author of the letter
    for row in told:
        assert "petrova" not in row.facts
        assert "123-45-67" not in row.facts
    assert json.loads(house.rows(NoticeKind.DELIVERY_TROUBLE)[0].facts)["to"] == "heat@gorod.test"


async def test_a_co_executor_sees_neither_the_draft_nor_its_files(house: House) -> None:
    case = await house.at_work(None, *BOTH)
    file: FileRef = await house.keep(b"draft", "смета.pdf")
    await house.do(city.LEAD, case.id, execution.save_draft, AnswerKind.SOLVED, ENOUGH, None,
                   (file,))
    directory = await house.lookups.directory()

    def who(person_id: int) -> Actor:
        return Actor(Channel.TELEGRAM, "look", directory.person(person_id))

    assert (await house.lookups.card(who(city.LEAD), case.id)).draft is not None
    assert (await house.lookups.file(who(city.LEAD), case.id, file.sha256))[1] == b"draft"
    assert (await house.lookups.card(who(city.HELPER), case.id)).draft is None
    with pytest.raises(NotFoundError):
        await house.lookups.file(who(city.HELPER), case.id, file.sha256)
