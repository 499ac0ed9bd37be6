"""Electronic signatures: files read with a library, checked against the document (R32)."""

from core.signatures.checking import check
from core.signatures.proof import BadSignatureError, Check, Proof

__all__ = ["BadSignatureError", "Check", "Proof", "check"]
