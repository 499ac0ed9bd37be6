"""The e-mail face of the courier: one parcel is one letter, however often it is tried."""

from dataclasses import replace

import pytest

from core.notices import NoticeKind
from core.outbound import InDoubtError, OutgoingLetter, RefusedError, TryLaterError
from core.usecases.parcels import Leaving, at_once
from mail.carrier import MailCarrier
from tests.mail.parcels import parcel


class Sender:
    """Keeps what it was given; fails if told to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.sent: list[OutgoingLetter] = []
        self.fault = fault

    async def send(self, letter: OutgoingLetter, leaving: Leaving = at_once) -> None:
        await leaving(letter.text.encode())
        if self.fault is not None:
            raise self.fault
        self.sent.append(letter)


async def test_a_parcel_goes_to_its_address_with_its_files_and_key() -> None:
    sender, made = Sender(), parcel(NoticeKind.TO_APPROVE)
    reference = await MailCarrier(sender, "gorod.test").deliver(made)
    letter = sender.sent[0]
    assert (letter.to, letter.token, letter.files) == (
        (made.address,), made.token, made.files)
    assert reference == letter.message_id == "<rakurs.7@gorod.test>"


async def test_a_second_try_is_the_same_letter() -> None:
    sender, made = Sender(), parcel(NoticeKind.ANSWER_PACKAGE)
    carrier = MailCarrier(sender, "gorod.test")
    first, second = await carrier.deliver(made), await carrier.deliver(made)
    assert first == second
    assert sender.sent[0] == sender.sent[1]


async def test_a_person_without_an_address_is_refused_before_any_line_is_made() -> None:
    sender = Sender()
    with pytest.raises(RefusedError, match="адрес"):
        await MailCarrier(sender, "gorod.test").deliver(
            replace(parcel(NoticeKind.ASSIGNMENT), address=""))
    assert sender.sent == []


@pytest.mark.parametrize("fault", [TryLaterError("421"), RefusedError("550"), InDoubtError("?")])
async def test_how_it_ended_is_told_as_it_was(fault: Exception) -> None:
    with pytest.raises(type(fault)) as told:
        await MailCarrier(Sender(fault), "gorod.test").deliver(parcel(NoticeKind.TO_APPROVE))
    assert told.value is fault


async def test_a_machine_says_that_it_is_one_but_for_the_administrations_letters() -> None:
    sender = Sender()
    carrier = MailCarrier(sender, "gorod.test")
    for kind in (NoticeKind.REMINDER, NoticeKind.LETTER_OUT):
        await carrier.deliver(parcel(kind))
    assert [one.automatic for one in sender.sent] == [True, False]
