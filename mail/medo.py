"""МЭДО packets 2.2-2.7.1: documents, transport containers, notifications, receipts.

Known by local names alone: prefixes and namespaces differ from sender to sender, and the file
names too (reference: orders 186/258 of 2015 and 667/233 of 2020; programs in the wild).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.inbound import (
    Applicant,
    Attachment,
    MessageCard,
    MsedNotice,
    NewMessage,
    NoticeKind,
    Reading,
    Unrecognised,
)
from mail import archives
from mail.charsets import decode
from mail.identifiers import case_named
from mail.pairs import day_in
from mail.xmltree import BadXmlError, Node, parse_xml

EVENTS: Mapping[str, tuple[NoticeKind, str]] = {
    "documentAccepted": (NoticeKind.REGISTERED, ""),
    "documentRefused": (NoticeKind.RETURNED, ""),
    "documentPublished": (NoticeKind.PUBLISHED, ""),
    "executorAssigned": (NoticeKind.RECEIVED, "МСЭД: назначен исполнитель."),
    "reportPrepared": (NoticeKind.RECEIVED, "МСЭД: подготовлен доклад."),
    "reportSent": (NoticeKind.RECEIVED, "МСЭД: направлен доклад."),
    "courseChanged": (NoticeKind.RECEIVED, "МСЭД: изменён ход исполнения."),
}
"""Event element of a notification, and what it means for our document."""

ENVELOPES = ("envelope.ini", "envelope.ltr")
_NO_TEXT = "прочтите приложенный документ и решите, зарегистрировать ли сообщение"


@dataclass(frozen=True, slots=True)
class Packet:
    """What a packet says, the files that belong to its case, and what was doubtful."""

    reading: Reading
    files: tuple[Attachment, ...] = ()
    problems: tuple[str, ...] = ()


def read_message(passport: Node, files: Sequence[Attachment]) -> Packet:
    """A packet by its passport (root ``communication``); ``files`` are the others with it."""
    notification, receipt = passport.child("notification"), passport.child("acknowledgment")
    if notification:
        return Packet(_notice(notification))
    if receipt:
        return Packet(_receipt(receipt))
    body = passport.text("container", "body")
    if body:
        return _transported(body, files)
    document = passport.child("document")
    if document is None:
        nothing = Unrecognised("Пакет МЭДО без документа, уведомления и квитанции.")
        return Packet(nothing, (*files,))
    return _document(document, passport, files)


def read_envelope(envelope: Attachment, files: Sequence[Attachment]) -> Packet:
    """A packet whose passport is missing: only the envelope is there."""
    theme = _envelope(envelope).get(("письмо кп пс сзи", "тема"), "")
    named = f" «{theme[:120]}»" if theme else ""
    return Packet(Unrecognised(f"Пакет МЭДО{named} без паспорта: {_NO_TEXT}."), (*files,))


def read_container(container: Node, files: Sequence[Attachment]) -> Packet:
    """A container by its passport (root ``container``); ``files`` are what lies beside it."""
    registration = container.child("authors", "author", "registration") or Node("")
    named = [container.child("document") or Node(""), *container.all("attachments", "attachment")]
    card = MessageCard(
        number=registration.text("number"),
        text=container.text("requisites", "annotation"),
        topic=container.text("requisites", "documentKind"),
        sent_on=day_in(registration.text("date")),
    )
    wanted = {one.attribute("localName").lower() for one in named}
    return _made(card, [one for one in files if one.name.lower() in wanted] or files)


def _transported(body: str, files: Sequence[Attachment]) -> Packet:
    """2.7 and later: the container is a ZIP that the passport names."""
    named = [one for one in files if one.name.lower() == body.lower()]
    packed = named or [one for one in files if one.name.lower().endswith(".edc.zip")]
    if not packed:
        return Packet(Unrecognised(f"В пакете МЭДО нет контейнера «{body}»."), (*files,))
    try:
        inside = archives.unzipped(packed[0])
    except ValueError as refusal:
        return Packet(Unrecognised(f"Контейнер МЭДО «{body}» не открывается: {refusal}."),
                      (*files,))  # fmt: skip
    try:
        roots = [(file, root) for file in inside if (root := root_of(file))]
    except BadXmlError as fault:
        return Packet(Unrecognised(f"Контейнер МЭДО «{body}»: {fault}."), inside)
    for file, root in roots:
        if root.name == "container":
            return read_container(root, [one for one in inside if one is not file])
    return Packet(Unrecognised(f"В контейнере МЭДО «{body}» нет паспорта."), inside)


def _document(document: Node, passport: Node, files: Sequence[Attachment]) -> Packet:
    citizens = [one for one in document.all("correspondents", "correspondent")
                if one.text("person") and not one.text("organization")]  # fmt: skip
    correspondent = citizens[0] if citizens else Node("")
    card = MessageCard(
        number=document.text("num", "number"),
        text=document.text("annotation") or _annotation(files),
        topic=document.text("kind"),
        sent_on=day_in(document.text("num", "date")),
        applicant=Applicant(correspondent.text("person"), correspondent.text("region")),
    )
    wanted = {one.attribute("localName").lower() for one in passport.all("files", "file")}
    return _made(card, [one for one in files if one.name.lower() in wanted])


def _made(card: MessageCard, files: Sequence[Attachment]) -> Packet:
    if card.number and card.text:
        return Packet(NewMessage(card), (*files,))
    missing = "регистрационного номера" if not card.number else "краткого содержания"
    return Packet(Unrecognised(f"В пакете МЭДО нет {missing}: {_NO_TEXT}."), (*files,))


def _notice(notification: Node) -> Reading:
    event = next((one for one in notification.children if one.name in EVENTS), None)
    if event is None:
        kind = notification.attribute("type") or "без вида"
        return Unrecognised(f"Вид уведомления МЭДО неизвестен: «{kind[:60]}».")
    kind, said = EVENTS[event.name]
    ours = event.text("foundation", "num", "number")
    number = case_named(notification.attribute("uid"), notification.attribute("id"), ours) or ours
    if not number:
        return Unrecognised("Уведомление МЭДО не называет документ, о котором оно.")
    reason = " ".join(filter(None, (event.text("reason"), notification.text("comment"))))
    return MsedNotice(
        kind=kind, case_number=number,
        document_number=event.text("num", "number"), reason=said or reason,
        on=day_in(event.text("num", "date") or event.text("time")),
    )  # fmt: skip


def _receipt(receipt: Node) -> Reading:
    number = case_named(receipt.attribute("uid"))
    if not number:
        return Unrecognised("Квитанция МЭДО о пакете, который мы не отправляли.")
    if receipt.text("accepted").lower() in {"true", "1"}:
        return MsedNotice(NoticeKind.RECEIVED, number, on=day_in(receipt.text("time")))
    return Unrecognised(
        f"МСЭД не приняла наш пакет по сообщению {number}: "
        f"{receipt.text('comment') or 'причина не указана'}."
    )


def _annotation(files: Sequence[Attachment]) -> str:
    """The plain text that an envelope names, or the usual name."""
    envelope = next((one for one in files if one.name.lower() in ENVELOPES), None)
    named = _envelope(envelope).get(("текст", "файл"), "") if envelope else ""
    wanted = (named or "annotation.txt").lower()
    text = next((one for one in files if one.name.lower() == wanted), None)
    return decode(text.content[:100_000])[0].replace("\0", "").strip() if text else ""


def _envelope(file: Attachment) -> dict[tuple[str, str], str]:
    """Section and key -> value, all lower-case; the first of repeated keys. Never raises."""
    found: dict[tuple[str, str], str] = {}
    section = ""
    for line in decode(file.content[:100_000], "windows-1251")[0].splitlines():
        key, equals, value = line.partition("=")
        if line.startswith("["):
            section = line.strip(" []").lower()
        elif equals:
            found.setdefault((section, key.strip().lower()), value.strip())
    return found


def root_of(file: Attachment) -> Node | None:
    """The root of a file that is XML, or None. Raises :class:`BadXmlError`."""
    if not file.name.lower().endswith(".xml") and not file.media_type.endswith("xml"):
        return None
    return parse_xml(file.content)
