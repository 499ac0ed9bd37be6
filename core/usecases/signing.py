"""The signature: the document handed over, and the file or the notice that comes back (R32)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core import access
from core.case import Case, Signature
from core.errors import MoveNotAllowedError, NotAcceptedError, NotFoundError
from core.files import FileRef
from core.people import Actor, Person
from core.ports import FileStore
from core.regulation.terms import Role, State
from core.signatures import BadSignatureError, Proof, check
from core.signatures.container import looks_like_one
from core.usecases.approvals import is_called, sign
from core.usecases.office import Act, CaseRef, Office

ADDED = "signature_file"
"""How the journal names a file of a signature that came after the word."""
AFTER_SIGNING = frozenset({State.CHECKING, State.ANSWER_REGISTERED, State.DISPATCHED})
AWAITED = frozenset({State.SIGNING, *AFTER_SIGNING})
MAIL_S_OWN = "smime.p7s"
"""The signature of the letter itself, which mail programs add."""
MOST_BYTES = 60 * 1024 * 1024
WHICH_CASE = ("Не удалось понять, к какому ответу относится эта подпись. Откройте карточку и "
              "нажмите «Файл подписи».")
NOTHING_TO_SIGN = "Сейчас нет ответов, которые ждут вашей подписи."


@dataclass(frozen=True, slots=True)
class Signing:
    """Takes the signatory's file and says what it proves."""

    office: Office

    async def take(self, actor: Actor, ref: CaseRef, file: FileRef) -> tuple[Case, Proof]:
        """The file of a signature belongs to the answer of this case.

        Raises BadSignatureError (broken, or of another document), and what the lifecycle refuses.
        """
        async with self.office.work() as work:
            act = await self.office.begin(work, actor, ref)
        proof = await proof_of(self.office.files, act.case, file)
        case = await self.office.do(actor, ref, signed_with, file, proof)
        return case, proof

    async def which(self, person: Person, file: FileRef) -> int:
        """The case to which a file that came by itself belongs: by the document it signs.

        Raises NotFoundError where nothing waits or several do, and BadSignatureError.
        """
        async with self.office.work() as work:
            cases = await work.cases.in_states(State.SIGNING, *AFTER_SIGNING)
        waiting = [case for case in cases if _waits_for(case, person)]
        if not waiting:
            raise NotFoundError(NOTHING_TO_SIGN)
        refusal: BadSignatureError | None = None
        open_ = []
        for case in waiting:
            try:
                proof = await proof_of(self.office.files, case, file)
            except BadSignatureError as bad:
                refusal = bad
                continue
            if proof.document:
                return case.id
            open_.append(case.id)
        if len(open_) == 1:
            return open_[0]
        raise refusal if refusal and not open_ else NotFoundError(WHICH_CASE)


async def proof_of(files: FileStore, case: Case, signature: FileRef,
                   others: Sequence[FileRef] = ()) -> Proof:
    """What the file proves of the document that was handed over, or of the ``others``."""
    if signature.size > MOST_BYTES:
        raise BadSignatureError("Файл подписи слишком велик. Пришлите отсоединённую подпись.")
    documents = {one.name: await files.get(one) for one in (*case.to_sign, *others)}
    return await asyncio.to_thread(check, await files.get(signature), documents)


async def signature_among(files: FileStore, sent: Sequence[FileRef]) -> FileRef | None:
    """The file of a signature among those of a letter; never the letter's own."""
    for one in sent:
        if one.name.casefold() == MAIL_S_OWN or one.size > MOST_BYTES:
            continue
        if looks_like_one(one.name, await files.get(one)):
            return one
    return None


def hand_over(act: Act, documents: tuple[FileRef, ...], version: int) -> None:
    """Keep the very document that went to the signatory, to which the signature must belong."""
    draft = act.case.draft
    if act.case.state is State.SIGNING and draft is not None and draft.version == version:
        act.case = replace(act.case, to_sign=documents)


def signed_with(act: Act, file: FileRef, proof: Proof) -> None:
    """Signed, with the file; or the file comes after «Подписано»."""
    if act.case.state is State.SIGNING:
        sign(act, signer=proof.owner, file=file)
    elif act.case.state not in AFTER_SIGNING or act.case.signature is None:
        raise MoveNotAllowedError(
            f"Сейчас состояние «{act.case.state.label}»: подпись не ожидается.")
    elif act.case.signature.file is not None:
        raise NotAcceptedError("Файл подписи к этому ответу уже приложен.")
    elif not access.roles_in(act.case, act.actor) & {Role.SIGNATORY, Role.DESK, Role.DESK_HEAD}:
        raise MoveNotAllowedError("Файл подписи прикладывает подписывающий.")
    else:
        act.facts.append(act.fact("case", ADDED, clause="4.6¶11", requirement="R32",
                                  details={"signer": proof.owner}))
    keep_proof(act, file, proof)


def keep_proof(act: Act, file: FileRef, proof: Proof | None, note: str = "",
               others: tuple[FileRef, ...] = ()) -> None:
    """The file, the documents it may belong to, and what was found out, kept together."""
    known = act.case.signature or Signature(act.actor.name, act.at)
    expected = act.directory.people.get(act.case.signatory_id or 0)
    if proof and expected and not is_called(expected, proof.owner):
        proof = replace(proof, notes=(
            *proof.notes, f"ответ направлялся на подпись: {expected.short_name}"))
    act.case = replace(act.case, signature=replace(
        known, signer=proof.owner if proof else known.signer, file=file, proof=proof, note=note,
        documents=(*act.case.to_sign, *others)))


def sign_by_word(act: Act) -> None:
    """«Подписано», without a file: the signature stays in МСЭД."""
    sign(act)
    if act.case.signature is not None:
        act.case = replace(act.case, signature=replace(
            act.case.signature, documents=act.case.to_sign))


def _waits_for(case: Case, person: Person) -> bool:
    if not any(Role.SIGNATORY in access.roles_of(case, hat) for hat in person.hats):
        return False
    return case.state is State.SIGNING or (
        case.signature is not None and case.signature.file is None)
