"""What МСЭД tells of a document of ours: approved, signed, registered, published, returned."""

from dataclasses import dataclass

from core import inbound
from core.case import Case
from core.errors import NotFoundError
from core.files import FileRef
from core.inbound import MsedNotice, NoticeKind
from core.people import Actor, Channel
from core.ports import UnitOfWork
from core.regulation.terms import Event
from core.signatures import BadSignatureError
from core.usecases import approvals, dispatch, signing
from core.usecases.office import Act, CaseRef, Office

_REPEATED = {
    inbound.NoticeKind.SIGNED: Event.SIGN,
    inbound.NoticeKind.REGISTERED: Event.ACKNOWLEDGE,
    inbound.NoticeKind.PUBLISHED: Event.PUBLISH,
    inbound.NoticeKind.RETURNED: Event.REFUSE,
}
APPROVALS = frozenset({NoticeKind.APPROVED, NoticeKind.REMARKED})
RECEIPT = "Квитанция: МСЭД получила наш пакет."
TAKEN = "Уведомление МСЭД учтено."
AGAIN = "Повторное уведомление."


@dataclass(frozen=True, slots=True)
class MsedNotices:
    """Acts on a notice inside the caller's transaction."""

    office: Office

    async def take(self, work: UnitOfWork, actor: Actor, notice: MsedNotice,
                   files: tuple[FileRef, ...]) -> tuple[int, str]:
        """The case and what was made of it; raises NotFoundError and what the rules refuse."""
        case = await work.cases.find(notice.case_number)
        if case is None:
            raise NotFoundError(
                f"Уведомление МСЭД о неизвестном сообщении {notice.case_number}.")
        if notice.kind is NoticeKind.RECEIVED:
            return case.id, RECEIPT
        if notice.kind in APPROVALS:
            return case.id, await self._approval(work, actor, case, notice)
        if case.history and case.history[-1].event is _REPEATED[notice.kind]:
            return case.id, AGAIN
        async with self.office.act(work, actor, CaseRef(case.id)) as act:
            match notice.kind:
                case NoticeKind.SIGNED:
                    await self._signed(act, notice, files)
                case NoticeKind.REGISTERED:
                    dispatch.acknowledge(act, notice.document_number)
                case NoticeKind.PUBLISHED:
                    dispatch.publish(act)
                case _:
                    dispatch.refuse(act, notice.reason)
        return case.id, TAKEN

    async def _signed(self, act: Act, notice: MsedNotice, files: tuple[FileRef, ...]) -> None:
        """Signed there: МСЭД is believed; what the file proves is told beside it (R32)."""
        file = await signing.signature_among(self.office.files, files)
        proof, note = None, ""
        others = tuple(one for one in files if one is not file)
        if file is not None:
            try:
                proof = await signing.proof_of(self.office.files, act.case, file, others)
            except BadSignatureError as bad:
                note = str(bad)
        approvals.sign(act, signer=notice.person, file=file)
        if file is not None:
            signing.keep_proof(act, file, proof, note, others)

    async def _approval(self, work: UnitOfWork, actor: Actor, case: Case, notice: MsedNotice
                        ) -> str:
        """An approver who works in МСЭД alone has decided there (R29)."""
        directory = await work.people.directory()
        approver = approvals.approver_in_msed(
            case, notice.person, notice.on, directory, self.office.calendar)
        if approver is None:
            return AGAIN
        voice = Actor(Channel.MSED, actor.source, approver)
        async with self.office.act(work, voice, CaseRef(case.id)) as act:
            if notice.kind is NoticeKind.APPROVED:
                approvals.approve(act)
            else:
                approvals.remark(act, notice.reason or approvals.REMARK_ELSEWHERE)
        return TAKEN
