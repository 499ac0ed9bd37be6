"""The desk's first decisions: register, route, forward, ask the chief of staff (section 3)."""

import re
from dataclasses import dataclass, replace

from core.case import Case, CitizenMessage
from core.errors import NotAcceptedError
from core.notices import NoticeKind
from core.people import Directory, Route
from core.regulation.terms import BodyKind, Event, Role
from core.usecases.office import Act


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the routing table says of a message, and why (R6)."""

    official_id: int
    lead_id: int
    co_executor_ids: tuple[int, ...]
    signatory_id: int | None
    reason: str


def propose(message: CitizenMessage, directory: Directory, first: Case | None = None
            ) -> Proposal | None:
    """The line of the routing table that fits best: topic and territory, then topic, then any.

    Of several equal in that, the more exactly worded. People who have left are not proposed. A
    duplicate goes where its ``first`` message went: the work is done once (R24).
    """
    if first is not None and (same := _as_first(first, directory)) is not None:
        return same
    best = max(
        (route for route in directory.routes
         if _fits(route, message) and directory.is_working(route.official_id)
         and directory.is_working(route.lead_id)),
        key=lambda route: (bool(route.topic), bool(route.territory), len(route.topic),
                           len(route.territory)),
        default=None)
    if best is None:
        return None
    others = tuple(one for one in dict.fromkeys(best.co_executor_ids)
                   if one != best.lead_id and directory.is_working(one))
    signatory_id = best.signatory_id if directory.is_working(best.signatory_id) else None
    reasons = []
    if best.topic:
        in_topic = best.topic.strip().casefold() in message.topic.casefold()
        reasons.append(_by("тема", "в теме", best.topic, message.topic) if in_topic else
                       _by("категория", "в категории", best.topic, message.category))
    if best.territory:
        reasons.append(_by("территория", "в адресе", best.territory, message.place))
    return Proposal(best.official_id, best.lead_id, others, signatory_id,
                    " и ".join(reasons) or "общее правило справочника")


def _by(what: str, where: str, rule: str, said: str) -> str:
    """«тема «дороги»»; where the rule is a part of a word, «в теме есть «дорог»»."""
    whole = re.search(rf"(?<!\w){re.escape(rule.casefold())}(?!\w)", said.casefold())
    return f"{what} «{rule}»" if whole else f"{where} есть «{rule}»"


def _as_first(first: Case, directory: Directory) -> Proposal | None:
    """Its official and lead alone: the co-executors have their task by the first message."""
    lead = first.lead
    if first.official_id is None or lead is None or not (
            directory.is_working(first.official_id) and directory.is_working(lead.executor_id)):
        return None
    signatory_id = first.signatory_id if directory.is_working(first.signatory_id) else None
    return Proposal(first.official_id, lead.executor_id, (), signatory_id,
                    f"дубликат к {first.number}: работы уже поручены")


def _fits(route: Route, message: CitizenMessage) -> bool:
    topic = f"{message.topic}\n{message.category}".casefold()
    return (route.topic.strip().casefold() in topic
            and route.territory.strip().casefold() in message.place.casefold())


def register(act: Act) -> None:
    """Registration (3¶1)."""
    act.move(Event.REGISTER)


def route(act: Act, official_id: int) -> None:
    """To an official within whose powers the matter lies (3¶2)."""
    official = act.directory.working(official_id)
    if Role.OFFICIAL not in official.offices:
        raise NotAcceptedError(
            f"{official.short_name} не накладывает резолюции. Выберите должностное лицо.")
    proposal = propose(act.case.message, act.directory, act.first)
    signatory = proposal.signatory_id if proposal else None
    act.case = replace(act.case, official_id=official_id,
                       signatory_id=signatory or _default_signatory(act.directory))
    act.move(Event.ROUTE, {"official": official.short_name})
    act.tell(NoticeKind.TO_RESOLVE, [official_id])


def _default_signatory(directory: Directory) -> int | None:
    holders = directory.holding(Role.SIGNATORY)
    return holders[0].id if holders else None


def redirect(act: Act, body_id: int) -> None:
    """At once to the body whose matter it is; the whole file goes with it (3¶2, R7)."""
    body = act.directory.bodies.get(body_id)
    if body is None or body.kind not in {BodyKind.STATE, BodyKind.AUTHORITY, BodyKind.OUTSIDE}:
        raise NotAcceptedError(
            "Перенаправить можно в орган власти или организацию вне администрации. "
            "Выберите их из справочника.")
    if not body.email:
        raise NotAcceptedError(
            f"В справочнике нет электронного адреса: {body.name}. Попросите администратора "
            "дополнить лист «Органы».")
    act.case = replace(act.case, redirected_to_id=body_id)
    act.move(Event.REDIRECT, {"body": body.name})
    act.send_out(NoticeKind.REDIRECTED, body.email, facts={"body": body.name})


def escalate(act: Act) -> None:
    """A difficult case goes to the chief of staff (3¶2)."""
    act.move(Event.ESCALATE)
    act.tell_office(NoticeKind.TO_DECIDE, Role.CHIEF_OF_STAFF)


def mark_duplicate(act: Act, of_number: str) -> None:
    """Link to the earlier message; each still gets its own answer (4.6¶7, R24)."""
    of_number = of_number.strip()
    if not of_number:
        raise NotAcceptedError("Укажите номер сообщения, которое было раньше.")
    if of_number == act.case.number:
        raise NotAcceptedError(
            "Сообщение не может быть дубликатом самого себя. Укажите номер другого.")
    act.case = replace(act.case, duplicate_of=of_number)
    act.move(Event.MARK_DUPLICATE, {"of": of_number})
