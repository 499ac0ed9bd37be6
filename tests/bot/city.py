"""A small made-up city for the bot's tests. Nobody here is real."""

from core.inbound import Applicant, MessageCard
from core.people import ApprovalRule, Body, Person, Route
from core.regulation.terms import BodyKind, Role

DESK, HEAD, CHIEF, OFFICIAL, LEAD, HELPER, WORKER, APPROVER, STATE, SIGNATORY, CLERK, IDLE = (
    range(1, 13))
STRANGER = 900

ADMINISTRATION, ROADS, LIGHT, MINISTRY, HEAT = range(1, 6)

BODIES = (
    Body(ADMINISTRATION, "adm", "Администрация", BodyKind.DEPARTMENT),
    Body(ROADS, "roads", "Управление дорог", BodyKind.DEPARTMENT),
    Body(LIGHT, "light", "МУП «Свет & Ко»", BodyKind.SUBORDINATE, email="light@gorod.test"),
    Body(MINISTRY, "mintrans", "Министерство транспорта", BodyKind.STATE,
         email="mintrans@gorod.test"),
    Body(HEAT, "heat", "АО «Теплосеть»", BodyKind.OUTSIDE, email="heat@gorod.test"),
)


def _person(person_id: int, name: str, post: str, body: int, *offices: Role) -> Person:
    return Person(person_id, f"p{person_id}", name, post, body, frozenset(offices),
                  email=f"p{person_id}@gorod.test")


PEOPLE = (
    _person(DESK, "Соколова Марина Игоревна", "специалист", ADMINISTRATION, Role.DESK),
    _person(HEAD, "Орлов Павел Андреевич", "начальник отдела", ADMINISTRATION, Role.DESK_HEAD),
    _person(CHIEF, "Громова Ирина Львовна", "начальник УД", ADMINISTRATION,
            Role.CHIEF_OF_STAFF),
    _person(OFFICIAL, "Белов Игорь Петрович", "заместитель главы", ADMINISTRATION,
            Role.OFFICIAL),
    _person(LEAD, "Дорохов Степан Ильич", "мастер", ROADS),
    _person(HELPER, "Светлова Анна Юрьевна", "инженер", LIGHT),
    _person(WORKER, "Лопатин Егор Егорович", "рабочий", ROADS),
    _person(APPROVER, "Рыбаков Олег Ильич", "начальник управления", ROADS, Role.HEAD_OF_BODY),
    _person(STATE, "Министрова Вера Павловна", "эксперт", MINISTRY),
    _person(SIGNATORY, "Главный Пётр Петрович", "первый заместитель", ADMINISTRATION,
            Role.SIGNATORY),
    _person(CLERK, "Бумагина Нина Львовна", "делопроизводитель", ROADS, Role.CLERK),
    _person(IDLE, "Тихий Илья Ильич", "заместитель главы", ADMINISTRATION, Role.OFFICIAL),
)

ROUTES = (Route("дороги", "", OFFICIAL, LEAD, (HELPER,), SIGNATORY),)
APPROVALS = (ApprovalRule("", (APPROVER, STATE)),)


def telegram_id(person_id: int) -> int:
    """The account of a person."""
    return 1000 + person_id


def message(number: str = "MO-1", topic: str = "Дороги", text: str = "") -> MessageCard:
    """A message of the portal, with the citizen's data that must not leave the desk."""
    return MessageCard(
        number=number, topic=topic, category="Дороги и тротуары", place="ул. Мира, 5",
        text=text or "Яма <глубокая> у дома & лужа. Звоните 8 (916) 123-45-67, жду.",
        applicant=Applicant("Гражданинова Ольга Петровна", "8 (916) 123-45-67"))
