"""Letters of mail servers about a letter of ours: not delivered, delayed (RFC 3464)."""

import re

from core.inbound import Attachment, Bounce, Delivered
from mail.parsing import Letter, parse_headers

REPORT_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINALS = frozenset({"message/rfc822", "message/global", "text/rfc822-headers",
                        "message/rfc822-headers", "message/global-headers"})  # fmt: skip
_ROBOTS = ("mailer-daemon@", "postmaster@", "mail-daemon@")
_SUBJECT = re.compile(
    r"undeliver|returned mail|failure notice|delivery (status|failure)|mail delivery|"
    r"недостав|не доставлен|невозможно доставить",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45])\d\d[ -]")
_IDENTIFIER = re.compile(r"^[> ]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(r"<([^<>\s@]+@[^<>\s]+)>")
_LONGEST_REASON = 500

Block = dict[str, str]


def bounce_from(letter: Letter) -> Bounce | None:
    """The bounce this letter is, or None. A report of success is no bounce."""
    report = next((one for one in letter.attachments if one.media_type in REPORT_TYPES), None)
    if report:
        return _from_report(letter, report)
    failed = letter.header("x-failed-recipients")
    robot = letter.sender.lower().startswith(_ROBOTS)
    if failed or (robot and _SUBJECT.search(letter.subject)):
        return _from_words(letter, failed)
    return None


def delivery_from(letter: Letter) -> Delivered | None:
    """The confirmation this letter is, or None. «relayed» proves nothing (RFC 3464, 2.3.3)."""
    report = next((one for one in letter.attachments if one.media_type in REPORT_TYPES), None)
    if report is None:
        return None
    for block in _blocks(report.content.decode("utf-8", "replace")):
        if block.get("action", "").lower().split(" ")[0] in {"delivered", "expanded"}:
            original = _original_id(letter)
            return Delivered(original, _recipient(block)) if original else None
    return None


def is_report(letter: Letter) -> bool:
    """Whether a mail server wrote this, good news or bad."""
    return letter.media_type == "multipart/report" or any(
        one.media_type in REPORT_TYPES for one in letter.attachments
    )


def _from_report(letter: Letter, report: Attachment) -> Bounce | None:
    """The worst that the report says of any recipient: failed before delayed."""
    blocks = _blocks(report.content.decode("utf-8", "replace"))
    for action in ("failed", "delayed"):
        for block in blocks:
            if block.get("action", "").lower().startswith(action):
                return _bounce(letter, block, permanent=action == "failed")
    return None


def _bounce(letter: Letter, block: Block, *, permanent: bool) -> Bounce:
    status = _STATUS.search(block.get("status", ""))
    reason = block.get("diagnostic-code") or letter.text
    return Bounce(
        message_id=_original_id(letter),
        recipient=_recipient(block),
        status=status[1] if status else "",
        reason=_short(reason.partition(";")[2] if "diagnostic-code" in block else reason),
        permanent=permanent,
    )


def _recipient(block: Block) -> str:
    recipient = block.get("original-recipient") or block.get("final-recipient") or ""
    return recipient.partition(";")[2].strip().strip("<>") or recipient.strip()


def _from_words(letter: Letter, failed: str) -> Bounce:
    """A report without the machine's part: qmail, old Exim, local systems."""
    recipient = _FAILED.search(letter.text)
    status = _STATUS.search(letter.text)
    code = _CODE.search(letter.text)
    temporary = (status and status[1].startswith("4")) or (code and code[1] == "4")
    return Bounce(
        message_id=_original_id(letter),
        recipient=failed.split(",")[0].strip() or (recipient[1] if recipient else ""),
        status=status[1] if status else "",
        reason=_short(letter.text),
        permanent=not temporary,
    )


def _original_id(letter: Letter) -> str:
    for one in letter.attachments:
        if one.media_type in _ORIGINALS:
            original = parse_headers(one.content.lstrip()).message_id
            if original:
                return original
    quoted = _IDENTIFIER.search(letter.text)
    return quoted[1] if quoted else letter.in_reply_to


def _blocks(text: str) -> list[Block]:
    """The groups of fields of a delivery status, names lower-case, folded lines joined."""
    unfolded = re.sub(r"\n[ \t]+", " ", text.replace("\r\n", "\n"))
    blocks = []
    for group in re.split(r"\n\s*\n", unfolded):
        lines = (line.partition(":") for line in group.split("\n"))
        blocks.append(
            {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
        )
    return blocks


def _short(reason: str) -> str:
    return " ".join(reason.split())[:_LONGEST_REASON]
