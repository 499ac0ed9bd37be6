"""A signature in words, for cards, letters and the file of a case."""

from datetime import tzinfo

from core.signatures.proof import Proof


def said(proof: Proof, zone: tzinfo) -> tuple[str, ...]:
    """Who, when and by what; what was found out; what is doubtful. One sentence a line."""
    who = ", ".join(filter(None, (proof.owner, proof.post, proof.organisation)))
    lines = [f"Владелец сертификата: {who}"]
    if proof.signed_at:
        source = "по метке времени" if proof.stamped else "по часам подписавшего"
        lines.append(f"Подписано {proof.signed_at.astimezone(zone):%d.%m.%Y %H:%M} ({source})")
    issuer = f", выдан: {proof.issuer}" if proof.issuer else ""
    lines.append(f"Сертификат № {proof.certificate or 'не указан'}{issuer}")
    lines.append(f"{proof.algorithm}: {proof.check.label}")
    return (*lines, *(f"Обратите внимание: {one}" for one in proof.notes))


def brief(proof: Proof) -> str:
    """The same in one line, for a chat."""
    doubts = "".join(f"; {one}" for one in proof.notes)
    return f"{proof.algorithm}: {proof.check.label}{doubts}"
