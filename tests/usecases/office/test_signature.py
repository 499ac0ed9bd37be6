"""R32: the document goes to the signatory, the signature comes back, both are kept."""

from dataclasses import replace

import pytest

from core import inbound
from core.case import Case
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.inbound import Attachment, MsedNotice, PersonReply
from core.notices import NoticeKind
from core.outbound import LetterFile
from core.people import Directory
from core.regulation.terms import Role, State
from core.signatures import BadSignatureError, Check
from core.usecases import approvals, dispatch
from core.usecases.office import CaseRef
from core.usecases.signing import Signing, sign_by_word
from tests.bot import city
from tests.core.signatures.making import as_gost, signatory
from tests.usecases.office.house import House, NoPapers

OWNER = signatory()
BY_MAIL = f"p{city.HELPER}@gorod.test"


class NumberedPapers(NoPapers):
    """Each case has a document of its own; once registered, it is another one."""

    async def answer(self, case: Case, directory: Directory) -> tuple[LetterFile, ...]:
        content = f"%PDF {case.number} {case.answer_number}".encode()
        return (LetterFile("Ответ.pdf", "application/pdf", content),)


def document(case: Case) -> bytes:
    """What went to the signatory."""
    return f"%PDF {case.number} ".encode()


@pytest.fixture
async def office(house: House) -> House:
    """The same office with documents that differ."""
    return await House.open(house.database, house.clock, papers=NumberedPapers())


async def to_sign(house: House, number: str = "MO-1") -> Case:
    """An answer that lies before the signatory."""
    case = await house.drafted(await house.at_work(city.message(number)))
    await house.do(city.APPROVER, case.id, approvals.approve)
    await house.do(city.STATE, case.id, approvals.approve)
    await house.carry()
    return await house.case(case.id)


async def brings(house: House, case: Case, content: bytes, name: str = "Ответ.pdf.sig") -> FileRef:
    return await house.keep(content, name, "application/pkcs7-signature")


async def test_the_signed_document_stays_as_it_was_handed_over(office: House) -> None:
    case = await to_sign(office)
    file = await brings(office, case, OWNER.signs(document(case)))
    case, proof = await Signing(office.office).take(
        await office.actor(city.SIGNATORY), CaseRef(case.id), file)
    assert (proof.check, proof.owner) == (Check.VALID, "Главный Пётр Петрович")
    assert proof.notes == ()
    await office.do(city.DESK, case.id, dispatch.confirm_form)
    case = await office.case(case.id)
    signature = case.signature
    assert signature is not None
    assert signature.file == file
    assert [await office.office.files.get(one) for one in signature.documents] == [
        f"%PDF {case.number} ".encode()]
    assert office.told(NoticeKind.TO_CHECK) == [city.DESK, city.HEAD]


async def test_a_signature_of_another_document_changes_nothing(office: House) -> None:
    case = await to_sign(office)
    other = await brings(office, case, OWNER.signs(b"%PDF other"))
    with pytest.raises(BadSignatureError, match="другому документу"):
        await Signing(office.office).take(
            await office.actor(city.SIGNATORY), CaseRef(case.id), other)
    broken = await brings(office, case, OWNER.signs(document(case))[:-300])
    with pytest.raises(BadSignatureError, match="не читается"):
        await Signing(office.office).take(
            await office.actor(city.SIGNATORY), CaseRef(case.id), broken)
    case = await office.case(case.id)
    assert (case.state, case.signature) == (State.SIGNING, None)


async def test_a_file_that_comes_by_itself_finds_its_answer(office: House) -> None:
    first, second = await to_sign(office), await to_sign(office, "MO-2")
    actor = await office.actor(city.SIGNATORY)
    assert actor.person is not None
    signing = Signing(office.office)
    file = await brings(office, second, OWNER.signs(document(second)))
    assert await signing.which(actor.person, file) == second.id
    gost = await brings(office, first, as_gost(OWNER.signs(document(first))))
    with pytest.raises(NotFoundError, match="Откройте карточку"):
        await signing.which(actor.person, gost)
    foreign = await brings(office, first, OWNER.signs(b"%PDF other"))
    with pytest.raises(BadSignatureError, match="другому документу"):
        await signing.which(actor.person, foreign)


async def test_what_was_signed_by_a_word_is_kept_as_it_was_handed_over(office: House) -> None:
    case = await to_sign(office)
    assert case.to_sign
    signed = await office.do(city.SIGNATORY, case.id, sign_by_word)
    assert signed.signature is not None
    assert signed.signature.documents == case.to_sign


async def test_the_file_may_come_after_the_word(office: House) -> None:
    case = await to_sign(office)
    await office.do(city.SIGNATORY, case.id, sign_by_word)
    file = await brings(office, case, as_gost(OWNER.signs(document(case))))
    case, proof = await Signing(office.office).take(
        await office.actor(city.SIGNATORY), CaseRef(case.id), file)
    assert proof.check is Check.NOT_CHECKED
    assert case.state is State.CHECKING
    assert case.signature is not None
    assert case.signature.file == file
    assert (await office.journal(case.id))[-1].fact.event == "signature_file"
    with pytest.raises(NotAcceptedError, match="уже приложен"):
        await Signing(office.office).take(
            await office.actor(city.SIGNATORY), CaseRef(case.id), file)


async def test_nobody_else_brings_the_signature(office: House) -> None:
    case = await to_sign(office)
    file = await brings(office, case, OWNER.signs(document(case)))
    with pytest.raises(MoveNotAllowedError, match="подписывающий"):
        await Signing(office.office).take(await office.actor(city.LEAD), CaseRef(case.id), file)


async def test_a_certificate_of_somebody_else_is_pointed_out(office: House) -> None:
    case = await to_sign(office)
    other = signatory(name="Посторонний Иван Иванович")
    file = await brings(office, case, other.signs(document(case)))
    case, _ = await Signing(office.office).take(
        await office.actor(city.SIGNATORY), CaseRef(case.id), file)
    assert case.signature is not None
    assert case.signature.proof is not None
    assert case.signature.proof.notes == ("ответ направлялся на подпись: Главный П.П.",)


async def by_mail(house: House) -> None:
    """The signatory is one who never joined the bot."""
    async with house.office.work() as work:
        people = [replace(one, offices=frozenset({Role.SIGNATORY})) if one.id == city.HELPER
                  else one for one in (await work.people.directory()).people.values()]
        routes = [replace(one, signatory_id=city.HELPER) for one in city.ROUTES]
        await work.people.import_all(city.BODIES, people, routes, city.APPROVALS)


@pytest.mark.parametrize(("text", "attached", "said", "state"), [
    ("", "signature", "Подпись принята.", State.CHECKING),
    ("Подписано", "", "Отмечено: подписано.", State.CHECKING),
    ("Вернуть: не тот адрес", "", "Ответ возвращён исполнителю.", State.REWORKING),
    ("", "another", "Не выполнено. Эта подпись относится к другому документу.", State.SIGNING),
    ("Здравствуйте", "", "Не удалось понять ответ.", State.SIGNING),
    ("Здравствуйте", "smime", "Не удалось понять ответ.", State.SIGNING)])
async def test_the_signatory_does_the_whole_by_mail(
        office: House, text: str, attached: str, said: str, state: State) -> None:
    await by_mail(office)
    case = await to_sign(office)
    (letter,) = office.email.of(NoticeKind.TO_SIGN)
    sign = {"signature": OWNER.signs(document(case)), "another": OWNER.signs(b"%PDF other"),
            "smime": OWNER.signs(b"the letter itself")}
    files = (Attachment("smime.p7s" if attached == "smime" else "Ответ.pdf.sig",
                        "application/octet-stream", sign[attached]),) if attached else ()
    await office.intake.accept(office.mail(
        PersonReply(letter.token, text), BY_MAIL, text=text, attachments=files))
    assert (await office.letters_in())[-1].outcome.startswith(said)
    assert (await office.case(case.id)).state is state


async def test_msed_sends_the_signature_with_its_notice(office: House) -> None:
    case = await to_sign(office)
    await office.intake.accept(office.mail(
        MsedNotice(inbound.NoticeKind.SIGNED, case.number, person="Главный П.П."),
        attachments=(Attachment("подписано.pdf", "application/pdf", b"%PDF of msed"),
                     Attachment("подписано.pdf.sig", "application/octet-stream",
                                OWNER.signs(b"%PDF of msed")))))
    signature = (await office.case(case.id)).signature
    assert signature is not None
    assert signature.proof is not None
    assert (signature.proof.check, signature.proof.document) == (Check.VALID, "подписано.pdf")
    assert [one.name for one in signature.documents] == ["Ответ.pdf", "подписано.pdf"]


async def test_a_notice_with_a_wrong_signature_is_taken_and_told_to_the_desk(office: House
                                                                             ) -> None:
    case = await to_sign(office)
    await office.intake.accept(office.mail(
        MsedNotice(inbound.NoticeKind.SIGNED, case.number, person="Главный П.П."),
        attachments=(Attachment("a.sig", "application/octet-stream", OWNER.signs(b"other")),)))
    case = await office.case(case.id)
    assert case.state is State.CHECKING
    assert case.signature is not None
    assert "другому документу" in case.signature.note
