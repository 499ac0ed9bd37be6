"""The directory as sheets: read whole or refused whole, every bad row named (R2)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.addresses import Address, house_of
from core.errors import BadTableError
from core.people import ApprovalRule, Body, Person, Route
from core.regulation.limits import CATEGORY_WITHOUT_APPROVAL, EXECUTING_BODIES
from core.regulation.terms import OFFICES, BodyKind, Role

Row = Mapping[str, str]
Sheets = Mapping[str, Sequence[Row]]
"""Sheet name -> rows; a row maps the column's title to the cell's text."""

BODIES, PEOPLE, ROUTES, APPROVALS = "Органы", "Люди", "Маршруты", "Согласование"
ADDRESSES = "Адреса"
"""This sheet may be left out; the addresses that are known stay then."""

COLUMNS: dict[str, tuple[str, ...]] = {
    BODIES: ("Код", "Название", "Вид", "Адрес", "Телефон", "Почта", "Режим работы"),
    PEOPLE: ("Код", "ФИО", "Должность", "Орган", "Роли", "Почта"),
    ROUTES: ("Тема", "Территория", "Должностное лицо", "Ответственный", "Соисполнители",
             "Подписывающий"),
    APPROVALS: ("Категория", "Согласующие"),
    ADDRESSES: ("Населённый пункт", "Улица", "Дом", "Широта", "Долгота"),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    BODIES: ("Код", "Название", "Вид"),
    PEOPLE: ("Код", "ФИО", "Орган"),
    ROUTES: ("Должностное лицо", "Ответственный"),
    APPROVALS: ("Согласующие",),
    ADDRESSES: ("Широта", "Долгота"),
}

KINDS: dict[str, BodyKind] = {
    **{kind.label.casefold(): kind for kind in BodyKind},
    "орган": BodyKind.DEPARTMENT, "подведомственная": BodyKind.SUBORDINATE,
    "циогв": BodyKind.STATE, "орган власти": BodyKind.AUTHORITY,
    "организация": BodyKind.OUTSIDE,
}
ROLES: dict[str, Role] = {
    **{role.label.casefold(): role for role in OFFICES},
    "регистратор": Role.DESK, "руководитель подразделения": Role.DESK_HEAD,
    "начальник уд": Role.CHIEF_OF_STAFF, "руководитель органа": Role.HEAD_OF_BODY,
    "руководитель": Role.HEAD_OF_BODY, "делопроизводитель": Role.CLERK,
    "глава": Role.HEAD_OF_DISTRICT, "админ": Role.ADMIN,
}
BY_THE_CASE = frozenset({"исполнитель", "согласующий"})
"""What people are in a message, not in the directory: may be written, says nothing."""

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """A directory to be imported; ids are places in these tuples, counted from 1."""

    bodies: tuple[Body, ...] = ()
    people: tuple[Person, ...] = ()
    routes: tuple[Route, ...] = ()
    approvals: tuple[ApprovalRule, ...] = ()
    addresses: tuple[Address, ...] | None = None


@dataclass(slots=True)
class _Reader:
    problems: list[str] = field(default_factory=list)
    bodies: dict[str, Body] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def rows(self, sheets: Sheets, name: str) -> Iterator[tuple[str, Row]]:
        rows = sheets.get(name, ())
        absent = [one for one in REQUIRED[name] if rows and not any(one in row for row in rows)]
        if absent:
            self.problems.append(f"лист «{name}»: нет столбца «{absent[0]}»")
            return
        for number, row in enumerate(rows, 2):
            place = f"лист «{name}», строка {number}"
            if not any(cell.strip() for cell in row.values()):
                continue
            missing = [one for one in REQUIRED[name] if not row.get(one, "").strip()]
            if missing:
                self.problems.append(f"{place}: не заполнено «{missing[0]}»")
                continue
            yield place, {column: row.get(column, "").strip() for column in COLUMNS[name]}

    def person(self, place: str, code: str) -> int:
        found = self.people.get(code.casefold())
        if found is None:
            self.problems.append(f"{place}: нет человека с кодом «{code}»")
            return 0
        return found.id

    def people_of(self, place: str, codes: str) -> tuple[int, ...]:
        return tuple(self.person(place, one.strip()) for one in codes.split(",") if one.strip())


def read(sheets: Sheets) -> Plan:
    """The directory of the sheets.

    Empty rows count but say nothing. All sheets but ``ADDRESSES`` must be there, since the import
    replaces what they name; only routes, approvals and addresses may be empty.

    Raises BadTableError that names every bad row, a line each; nothing is half imported.
    """
    reader = _Reader()
    needed = [name for name in COLUMNS if name != ADDRESSES]
    missing = [name for name in needed if name not in sheets]
    empty = [name for name in (BODIES, PEOPLE) if not any(
        cell.strip() for row in sheets.get(name, ()) for cell in row.values())]
    if missing or empty:
        raise BadTableError(f"В файле нет листа «{(missing or empty)[0]}» или он пуст. "
                            f"Нужны листы: {', '.join(needed)}.")
    for place, row in reader.rows(sheets, BODIES):
        _body(reader, place, row)
    for place, row in reader.rows(sheets, PEOPLE):
        _person(reader, place, row)
    routes = tuple(_route(reader, place, row) for place, row in reader.rows(sheets, ROUTES))
    approvals = _approvals(reader, reader.rows(sheets, APPROVALS))
    addresses = _addresses(reader, reader.rows(sheets, ADDRESSES)) if ADDRESSES in sheets else None
    if reader.problems:
        raise BadTableError("Справочник не загружен:\n" + "\n".join(
            f"  {one}" for one in reader.problems))
    return Plan(tuple(reader.bodies.values()), tuple(reader.people.values()), routes, approvals,
                addresses)


def _shortest(names: Mapping[str, object]) -> str:
    """Of the names for one thing, the last."""
    return ", ".join(sorted({meant: name for name, meant in names.items()}.values()))


def _is_address(text: str) -> bool:
    """Empty, or one e-mail address."""
    return not text or _ADDRESS.fullmatch(text) is not None


def _body(reader: _Reader, place: str, row: Row) -> None:
    kind = KINDS.get(row["Вид"].casefold())
    code = row["Код"].casefold()
    if kind is None:
        reader.problems.append(f"{place}: неизвестный вид «{row['Вид']}»; "
                               f"есть {_shortest(KINDS)}")
    elif code in reader.bodies:
        reader.problems.append(f"{place}: код «{row['Код']}» уже есть")
    elif not _is_address(row["Почта"]):
        reader.problems.append(f"{place}: почта «{row['Почта']}» записана неверно")
    else:
        reader.bodies[code] = Body(
            len(reader.bodies) + 1, row["Код"], row["Название"], kind, row["Адрес"],
            row["Телефон"], row["Почта"], row["Режим работы"])


def _person(reader: _Reader, place: str, row: Row) -> None:
    body = reader.bodies.get(row["Орган"].casefold())
    names = [one.strip() for one in row["Роли"].split(",") if one.strip()]
    unknown = [one for one in names if one.casefold() not in ROLES
               and one.casefold() not in BY_THE_CASE]
    code = row["Код"].casefold()
    if body is None:
        reader.problems.append(f"{place}: нет органа с кодом «{row['Орган']}»")
    elif unknown:
        reader.problems.append(f"{place}: неизвестная роль «{unknown[0]}»; "
                               f"есть {_shortest(ROLES)}, {', '.join(sorted(BY_THE_CASE))}")
    elif code in reader.people:
        reader.problems.append(f"{place}: код «{row['Код']}» уже есть")
    elif not _is_address(row["Почта"]):
        reader.problems.append(f"{place}: почта «{row['Почта']}» записана неверно")
    else:
        offices = frozenset(ROLES[one.casefold()] for one in names if one.casefold() in ROLES)
        reader.people[code] = Person(
            len(reader.people) + 1, row["Код"], row["ФИО"], row["Должность"], body.id, offices,
            None, row["Почта"])


def _route(reader: _Reader, place: str, row: Row) -> Route:
    official = reader.person(place, row["Должностное лицо"])
    found = next((one for one in reader.people.values() if one.id == official), None)
    if found is not None and Role.OFFICIAL not in found.offices:
        reader.problems.append(f"{place}: у «{row['Должностное лицо']}» нет роли "
                               "«должностное лицо»")
    signatory = row["Подписывающий"]
    lead = reader.person(place, row["Ответственный"])
    others = reader.people_of(place, row["Соисполнители"])
    reader.problems += [
        f"{place}: «{one.code}» не может быть исполнителем: это сотрудник не органа администрации "
        "и не подведомственной организации (п. 4.2, 4.3 Регламента)"
        for one in reader.people.values()
        if one.id in {lead, *others} and not _may_execute(reader, one)]
    return Route(row["Тема"], row["Территория"], official, lead, others,
                 reader.person(place, signatory) if signatory else None)


def _may_execute(reader: _Reader, person: Person) -> bool:
    return any(body.id == person.body_id and body.kind in EXECUTING_BODIES
               for body in reader.bodies.values())


def _approvals(reader: _Reader, rows: Iterable[tuple[str, Row]]) -> tuple[ApprovalRule, ...]:
    rules: dict[str, ApprovalRule] = {}
    for place, row in rows:
        category = row["Категория"]
        rule = ApprovalRule(category, reader.people_of(place, row["Согласующие"]))
        if category.casefold() == CATEGORY_WITHOUT_APPROVAL.casefold():
            reader.problems.append(
                f"{place}: по категории «{CATEGORY_WITHOUT_APPROVAL}» согласования нет, проект "
                "направляется сразу на подпись (п. 4.6 Регламента); уберите строку")
        elif category.casefold() in rules:
            whose = f"«{category}»" if category else "всех категорий"
            reader.problems.append(f"{place}: лист согласования для {whose} уже есть")
        elif 0 not in rule.approver_ids and not _has_state_body(reader, rule):
            reader.problems.append(
                f"{place}: в листе согласования нет сотрудника ЦИОГВ; по всем категориям, кроме "
                f"«{CATEGORY_WITHOUT_APPROVAL}», он обязателен (п. 4.6 Регламента)")
        rules[category.casefold()] = rule
    return tuple(rules.values())


def _has_state_body(reader: _Reader, rule: ApprovalRule) -> bool:
    state = {body.id for body in reader.bodies.values() if body.kind is BodyKind.STATE}
    return any(person.body_id in state for person in reader.people.values()
               if person.id in rule.approver_ids)


def _addresses(reader: _Reader, rows: Iterable[tuple[str, Row]]) -> tuple[Address, ...]:
    found: dict[tuple[str, ...], Address] = {}
    for place, row in rows:
        settlement, street, house = (row[one] for one in ("Населённый пункт", "Улица", "Дом"))
        latitude, longitude = (_degrees(row[one], most)
                               for one, most in (("Широта", 90), ("Долгота", 180)))
        same = (settlement.casefold(), street.casefold(), house_of(house))
        if not settlement and not street:
            reader.problems.append(f"{place}: нужен населённый пункт или улица")
        elif house and (not street or not house_of(house)):
            reader.problems.append(f"{place}: дом «{house}» без улицы или без номера")
        elif latitude is None or longitude is None:
            reader.problems.append(f"{place}: широта и долгота — градусы, например 55,9105 и "
                                   f"37,7364, а не «{row['Широта']}» и «{row['Долгота']}»")
        elif same in found:
            reader.problems.append(f"{place}: этот адрес уже есть")
        else:
            found[same] = Address(settlement, street, house, latitude, longitude)
    return tuple(found.values())


def _degrees(text: str, most: int) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if abs(found) <= most else None
