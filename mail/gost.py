"""ГОСТ Р 53898: the edition of 2010 (root ``Header``) and of 2013 (``DocInfo``, ``Report``).

Two different formats under one number. Known by local names; what the standard's own text could
not confirm is read only where programs in the wild agree.
"""

from collections.abc import Sequence

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
from mail.identifiers import case_named
from mail.medo import Packet
from mail.pairs import day_in
from mail.xmltree import Node

_READ_YOURSELF = "прочтите приложенный документ и решите, зарегистрировать ли сообщение"
_REFUSALS = frozenset({"failure", "refuse", "refused", "отказ"})


def read_2010(header: Node, files: Sequence[Attachment]) -> Packet:
    """Edition of 2010: everything lies inside ``Header``."""
    receipt = header.child("Acknowledgement")
    if receipt:
        return Packet(_receipt_2010(receipt))
    document = header.child("Document")
    if document is None:
        return Packet(Unrecognised("Сообщение ГОСТ Р 53898 без документа и квитанции."), (*files,))
    number = document.child("RegNumber") or Node("")
    notes = [one.own_text for one in header.all("AddDocuments", "Folder", "Note")]
    notes += [one.own_text for one in document.inside("Annotation")]
    card = MessageCard(
        number=number.own_text or document.text("DocNumber"),
        text="\n\n".join(filter(None, notes)),
        sent_on=day_in(number.attribute("regdate")),
        applicant=_citizen(document.inside("PrivatePersonWithSign")
                           + document.inside("PrivatePerson")),
    )  # fmt: skip
    return _made(card, files)


def _receipt_2010(receipt: Node) -> Reading:
    result = receipt.child("AckResult") or Node("")
    about = receipt.attribute("msg_id")
    number = case_named(about, receipt.text("RegNumber"))
    if not number:
        return Unrecognised(f"Квитанция ГОСТ Р 53898 о неизвестном сообщении «{about[:60]}».")
    if result.attribute("errorcode") not in {"", "0"}:
        said = result.own_text or f"код ошибки {result.attribute('errorcode')[:20]}"
        if receipt.attribute("ack_type") == "2":
            return MsedNotice(NoticeKind.RETURNED, number, reason=said)
        return Unrecognised(f"МСЭД не приняла наш пакет по сообщению {number}: {said}.")
    if receipt.attribute("ack_type") == "2":
        register = receipt.child("RegNumber") or Node("")
        return MsedNotice(NoticeKind.REGISTERED, number, register.own_text,
                          on=day_in(register.attribute("regdate")))  # fmt: skip
    return MsedNotice(NoticeKind.RECEIVED, number)


def read_2013(root: Node, files: Sequence[Attachment]) -> Packet:
    """Edition of 2013: a document (``DocInfo``) or what became of ours (``Report``)."""
    header = root.child("Header") or Node("")
    kind = header.attribute("MessageType")
    if root.name == "Report" or kind.lower() in _REFUSALS or kind == "Report":
        return Packet(_report_2013(root, header, kind))
    documents = root.all("DocumentList", "Document")
    main = next((one for one in documents if one.attribute("MainDocument") in {"true", "1"}),
                documents[0] if documents else None)  # fmt: skip
    if main is None:
        return Packet(Unrecognised("Сообщение ГОСТ Р 53898-2013 без документа."), (*files,))
    rubrics = [one.own_text for one in main.all("Rubric")]
    card = MessageCard(
        number=main.text("RegistrationInfo", "Number"),
        text="\n\n".join(filter(None, (main.text("Annotation"), main.text("Note")))),
        category=main.text("Group"),
        topic="; ".join(filter(None, rubrics)),
        sent_on=day_in(main.text("RegistrationInfo", "Date")),
        applicant=_citizen(main.inside("PrivatePerson")),
    )
    return _made(card, files)


def _report_2013(root: Node, header: Node, kind: str) -> Reading:
    about = root.inside("InitialDoc")
    said = [value for one in about for value in one.attributes.values()]
    number = case_named(*said, header.attribute("ReturnID"))
    if not number:
        return Unrecognised("Отчёт ГОСТ Р 53898-2013 не называет нашего документа.")
    if kind.lower() in _REFUSALS:
        words = (one.own_text for name in ("Reason", "Comment", "Note", "Text")
                 for one in root.inside(name))  # fmt: skip
        return MsedNotice(NoticeKind.RETURNED, number, reason=next(filter(None, words), ""))
    register = next(iter(root.inside("RegistrationInfo")), None)
    if register is None:
        return MsedNotice(NoticeKind.RECEIVED, number)
    return MsedNotice(NoticeKind.REGISTERED, number, register.text("Number"),
                      on=day_in(register.text("Date")))  # fmt: skip


def _made(card: MessageCard, files: Sequence[Attachment]) -> Packet:
    if card.number and card.text:
        return Packet(NewMessage(card), (*files,))
    missing = "регистрационного номера" if not card.number else "краткого содержания"
    return Packet(
        Unrecognised(f"В документе ГОСТ Р 53898 нет {missing}: {_READ_YOURSELF}."), (*files,)
    )


def _citizen(people: Sequence[Node]) -> Applicant:
    """The first private person: the citizen who wrote."""
    for person in people:
        named = next(iter(person.inside("Name")), Node(""))
        parts = (named.attribute(one) for one in ("secname", "firstname", "fathersname"))
        name = " ".join(filter(None, parts)) or named.own_text
        name = name or next((one.own_text for one in person.inside("FIO")), "")
        contacts = [one.own_text for one in person.inside("Econtact")]
        contacts += [one.own_text or one.text("Text") for one in person.inside("Address")]
        if name:
            return Applicant(name, "; ".join(filter(None, contacts)))
    return Applicant()
