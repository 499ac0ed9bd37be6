"""What is said of a file of an electronic signature (R32)."""

from datetime import tzinfo
from html import escape

from bot import words
from core.case import Signature
from core.signatures import Proof
from core.signatures.words import brief, said

FILE_WANTED = "Пришлите файл подписи документом: скрепка → «Файл»."


def wanted(number: str) -> str:
    """For «Файл подписи»."""
    return (f"{escape(number)}: подпишите присланный документ своей программой и пришлите сюда "
            "файл отсоединённой подписи (.sig, .p7s, .sgn).")


def taken(number: str, proof: Proof, zone: tzinfo) -> str:
    """The signature is kept; what it proves."""
    return "\n".join([f"🖋 <b>{escape(number)}</b>: подпись принята.",
                      *(escape(line) for line in said(proof, zone))])


def on_card(signer: str, signature: Signature | None, zone: tzinfo) -> str:
    """Who signed and when, and what the file proves."""
    if signature is None:
        return f"🖋 Подписано: {escape(signer)}" if signer else ""
    lines = [f"🖋 Подписано: {escape(signature.signer)}, {words.moment(signature.at, zone)}"]
    if signature.proof is not None:
        lines.append(f"   {escape(words.cut(brief(signature.proof), 300))}")
    if signature.note:
        lines.append(f"   ⚠️ {escape(words.cut(signature.note, 200))}")
    return "\n".join(lines)
