"""A made-up city for measurements: 40 bodies with 400 executors, its topics, its addresses."""

from dataclasses import dataclass
from functools import cache

from core.people import ApprovalRule, Body, Directory, Person, Route
from core.regulation.limits import CATEGORY_WITHOUT_APPROVAL
from core.regulation.terms import BodyKind, Role

BODIES = 40
STAFF = 10
"""Executors of each body: its head, its clerk and eight more."""
MINISTRY, SECOND_MINISTRY, RAILWAY, POWER = 101, 102, 103, 104
DESK = (1, 2, 3, 4, 5)
DESK_HEAD, CHIEF, HEAD_OF_DISTRICT, ADMIN = 6, 7, 8, 9
OFFICIALS = (10, 11, 12, 13, 14, 15)
SIGNATORIES = (16, 17)
STATE_APPROVERS = (18, 19)
FIRST_EXECUTOR = 100


@dataclass(frozen=True, slots=True)
class Topic:
    """What citizens write about: weight among all messages, and how much more of it in winter."""

    category: str
    name: str
    weight: float
    winter: float = 1.0


TOPICS: tuple[Topic, ...] = (
    Topic("Дворы и территории общего пользования", "Неубранный снег и наледь", 9, 3.0),
    Topic("Дворы и территории общего пользования", "Мусор на контейнерной площадке", 10),
    Topic("Дворы и территории общего пользования", "Неисправное игровое оборудование", 4, 0.5),
    Topic("Дворы и территории общего пользования", "Аварийное дерево", 3, 0.7),
    Topic("Дороги", "Ямы на дороге", 11, 0.8),
    Topic("Дороги", "Уборка снега с дороги", 8, 3.0),
    Topic("Дороги", "Дорожные знаки и разметка", 4, 0.6),
    Topic("Освещение", "Не горит фонарь", 8, 1.6),
    Topic("Многоквартирные дома", "Нет отопления", 9, 3.0),
    Topic("Многоквартирные дома", "Протечка кровли", 5, 1.5),
    Topic("Многоквартирные дома", "Уборка подъезда", 6),
    Topic("Многоквартирные дома", "Лифт не работает", 4),
    Topic("Общественный транспорт", "Расписание автобуса", 5),
    Topic("Образование", "Питание в школе", 2),
    Topic("Торговля", "Незаконная торговля", 2, 0.6),
    Topic("Экология", "Свалка", 3, 0.7),
    Topic("Парковки", "Парковка на газоне", 3),
    Topic(CATEGORY_WITHOUT_APPROVAL, "Прочие вопросы", 4),
)

TERRITORIES = ("Мытищи", "Пироговский", "Поведники", "Федоскино", "Марфино", "Жостово",
               "Беляниново", "Сгонники")
STREETS = ("Мира", "Летная", "Юбилейная", "Щербакова", "Силикатная", "Семашко", "Колпакова",
           "Борисовка", "Сукромка", "Индустриальная", "Воровского", "Трудовая", "Абрамова",
           "Веры Волошиной", "Академика Каргина", "Институтская", "Олимпийский проспект",
           "Новомытищинский проспект", "Рождественская", "Тенистый бульвар")
HOUSES = 60

_FAMILIES = ("Абрамов", "Белов", "Васин", "Громов", "Дёмин", "Ежов", "Жуков", "Зуев", "Ильин",
             "Котов", "Лапин", "Мухин", "Носов", "Орлов", "Попов", "Рябов", "Сомов", "Титов",
             "Уваров", "Фомин")
_NAMES = ("Анна Петровна", "Борис Ильич", "Вера Львовна", "Глеб Олегович", "Дарья Юрьевна")


def place(number: int) -> str:
    """An address; a quarter of all messages comes from a twentieth of the addresses."""
    hidden = (number * 2654435761) % 2 ** 32
    street = STREETS[hidden % len(STREETS)]
    houses = 3 if number % 4 == 0 else HOUSES
    house = (hidden // len(STREETS)) % houses + 1
    territory = TERRITORIES[(hidden // 7919) % len(TERRITORIES)]
    return f"{territory}, ул. {street}, {house}"


def staff_of(body_id: int) -> range:
    """The ids of the executors of a body, its head first and its clerk second."""
    first = FIRST_EXECUTOR + (body_id - 1) * STAFF
    return range(first, first + STAFF)


def body_for(topic: int, number: int) -> int:
    """The id of the body that works on a topic: two or three bodies share each."""
    return (topic * BODIES // len(TOPICS) + number % 3) % BODIES + 1


def official_of(body_id: int) -> int:
    """The official above a body."""
    return OFFICIALS[body_id % len(OFFICIALS)]


def _person(number: int, body_id: int, post: str, *offices: Role) -> Person:
    family = f"{_FAMILIES[number % len(_FAMILIES)]}-{number}"
    return Person(number, f"h{number}", f"{family} {_NAMES[number % len(_NAMES)]}", post, body_id,
                  frozenset(offices), 5_000_000 + number, f"h{number}@gorod.test")


@cache
def directory() -> Directory:
    """The whole city: the office, 40 bodies with 10 executors each, and the world outside."""
    people = [*(_person(one, 1, "специалист", Role.DESK) for one in DESK),
              _person(DESK_HEAD, 1, "руководитель", Role.DESK_HEAD),
              _person(CHIEF, 1, "начальник УД", Role.CHIEF_OF_STAFF),
              _person(HEAD_OF_DISTRICT, 1, "Глава", Role.HEAD_OF_DISTRICT),
              _person(ADMIN, 1, "администратор", Role.ADMIN),
              *(_person(one, 1, "заместитель", Role.OFFICIAL) for one in OFFICIALS),
              *(_person(one, 1, "заместитель", Role.SIGNATORY) for one in SIGNATORIES),
              *(_person(one, MINISTRY, "консультант") for one in STATE_APPROVERS)]
    bodies = []
    for number in range(1, BODIES + 1):
        kind = BodyKind.SUBORDINATE if number % 4 == 0 else BodyKind.DEPARTMENT
        bodies.append(Body(number, f"b{number}", f"Управление № {number}", kind))
        head, clerk, *others = staff_of(number)
        people += [_person(head, number, "начальник", Role.HEAD_OF_BODY),
                   _person(clerk, number, "делопроизводитель", Role.CLERK),
                   *(_person(one, number, "специалист") for one in others)]
    bodies += [Body(MINISTRY, "min", "Минблаг Московской области", BodyKind.STATE,
                    email="min@oblast.test"),
               Body(SECOND_MINISTRY, "min2", "Минтранс Московской области", BodyKind.STATE,
                    email="min2@oblast.test"),
               Body(RAILWAY, "rail", "Московская железная дорога", BodyKind.OUTSIDE,
                    email="rail@outside.test"),
               Body(POWER, "power", "Россети", BodyKind.OUTSIDE, email="power@outside.test")]
    routes = []
    for number, topic in enumerate(TOPICS):
        lead = body_for(number, 0)
        routes.append(Route(topic.name, "", official_of(lead), staff_of(lead)[0], (),
                            SIGNATORIES[number % 2]))
    return Directory(
        {one.id: one for one in people}, {one.id: one for one in bodies}, tuple(routes),
        (ApprovalRule("", (staff_of(1)[0], *STATE_APPROVERS[:1])),))
