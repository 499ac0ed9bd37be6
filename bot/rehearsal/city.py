"""A small made-up city for the sandbox: bodies, people, routes, approvers. Nobody here is real."""

from dataclasses import dataclass

from core import directory_table
from core.directory_table import ADDRESSES, APPROVALS, BODIES, PEOPLE, ROUTES, Plan

DOMAIN = "gorod.test"
BOT_BOX = f"rakurs@{DOMAIN}"
MSED_BOX = f"msed@{DOMAIN}"
OPERATOR_BOX = f"operator@{DOMAIN}"
OFFICE_BOX = f"dobrodel@{DOMAIN}"
PASSWORD = "sandbox"  # noqa: S105 (of mailboxes that live on loopback for an hour)

_BODIES = (
    ("adm", "Администрация городского округа", "орган", "", "", ""),
    ("dobrodel", "Отдел по работе с порталом «Добродел»", "орган",
     "Новомытищинский пр-т, д. 36/7", "8 (495) 000-00-01", OFFICE_BOX),
    ("ud", "Управление делами", "орган", "", "", ""),
    ("ugkh", "Управление жилищно-коммунального хозяйства", "орган", "ул. Мира, д. 1",
     "8 (495) 000-00-02", f"ugkh@{DOMAIN}"),
    ("blago", "МБУ «Городское благоустройство»", "подведомственная", "ул. Лётная, д. 20",
     "8 (495) 000-00-03", f"blago@{DOMAIN}"),
    ("svet", "АО «Горсвет»", "подведомственная", "ул. Силикатная, д. 5",
     "8 (495) 000-00-04", f"svet@{DOMAIN}"),
    ("mintrans", "Министерство транспорта и дорожной инфраструктуры", "ЦИОГВ", "", "",
     f"mintrans@{DOMAIN}"),
    ("teplo", "АО «Теплосеть»", "организация", "ул. Коммунистическая, д. 3", "",
     f"teplo@{DOMAIN}"),
    ("kadastr", "Управление кадастра по области", "орган власти", "", "", f"kadastr@{DOMAIN}"),
)

_PEOPLE = (
    # код, ФИО, должность, орган, роли, почта, есть ли Telegram
    ("sokolova", "Соколова Марина Игоревна", "Главный специалист", "dobrodel", "регистратор",
     f"sokolova@{DOMAIN}", True),
    ("orlov", "Орлов Павел Андреевич", "Начальник отдела", "dobrodel",
     "руководитель подразделения", f"orlov@{DOMAIN}", True),
    ("gromova", "Громова Ирина Львовна", "Начальник Управления делами", "ud", "начальник УД",
     f"gromova@{DOMAIN}", True),
    ("vetrov", "Ветров Андрей Николаевич", "Заместитель главы администрации", "adm",
     "должностное лицо", f"vetrov@{DOMAIN}", True),
    ("lebedev", "Лебедев Олег Викторович", "Первый заместитель главы администрации", "adm",
     "подписывающий", f"lebedev@{DOMAIN}", True),
    ("kuznetsov", "Кузнецов Дмитрий Сергеевич", "Директор", "blago", "руководитель органа",
     f"kuznetsov@{DOMAIN}", True),
    ("pavlov", "Павлов Илья Романович", "Мастер участка", "blago", "исполнитель",
     f"pavlov@{DOMAIN}", True),
    ("fomina", "Фомина Анна Петровна", "Делопроизводитель", "blago", "делопроизводитель",
     f"fomina@{DOMAIN}", True),
    ("tikhonov", "Тихонов Сергей Юрьевич", "Начальник участка", "svet", "исполнитель",
     f"tikhonov@{DOMAIN}", False),
    ("romanova", "Романова Елена Олеговна", "Начальник управления", "ugkh",
     "руководитель органа, согласующий", f"romanova@{DOMAIN}", True),
    ("belov", "Белов Антон Игоревич", "Консультант", "mintrans", "согласующий",
     f"belov@{DOMAIN}", False),
    ("zimin", "Зимин Виктор Павлович", "Глава городского округа", "adm", "Глава",
     f"zimin@{DOMAIN}", True),
    ("nikitin", "Никитин Роман Сергеевич", "Ведущий инженер", "ud", "администратор",
     f"nikitin@{DOMAIN}", True),
)

_ROUTES = (
    ("дорог", "", "vetrov", "kuznetsov", "tikhonov", "lebedev"),
    ("благоустройство", "", "vetrov", "kuznetsov", "", "lebedev"),
    ("освещение", "", "vetrov", "tikhonov", "", "lebedev"),
)

_APPROVALS = (("", "romanova, belov"),)

_ADDRESSES = (
    ("Мытищи", "ул. Лётная", "20", "55.8893", "37.4457"),
    ("Мытищи", "ул. Мира", "", "55.8914", "37.4501"),
    ("пос. Пироговский", "", "", "55.9702", "37.4312"),
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """A member of the made-up staff: their account in the sandbox, if they use Telegram."""

    code: str
    name: str
    post: str
    roles: str
    email: str
    account: int | None

    @property
    def note(self) -> str:
        """Who this is to the case, first of all, and their post."""
        return f"{self.roles[:1].upper()}{self.roles[1:]} · {self.post}"


def sheets() -> dict[str, list[list[str]]]:
    """The city's directory as an office would write it: sheets, rows, cells."""
    people = [one[:-1] for one in _PEOPLE]
    return {name: [[*row, *[""] * (len(directory_table.COLUMNS[name]) - len(row))] for row in rows]
            for name, rows in ((BODIES, _BODIES), (PEOPLE, people), (ROUTES, _ROUTES),
                               (APPROVALS, _APPROVALS), (ADDRESSES, _ADDRESSES))}


def plan() -> Plan:
    """The city's directory, as ``import-directory`` would read it."""
    return directory_table.read({
        name: [dict(zip(directory_table.COLUMNS[name], row, strict=True)) for row in rows]
        for name, rows in sheets().items()})


def staff() -> tuple[Citizen, ...]:
    """Everyone in the city's offices."""
    return tuple(Citizen(code, name, post, roles, email, 1001 + place if telegram else None)
                 for place, (code, name, post, _, roles, email, telegram) in enumerate(_PEOPLE))


def mailboxes() -> tuple[tuple[str, str], ...]:
    """Address and whose it is, for every mailbox of the sandbox."""
    return (
        (BOT_BOX, "Ракурс"), (MSED_BOX, "МСЭД"), (OPERATOR_BOX, "Оператор Единой системы"),
        (OFFICE_BOX, "Отдел «Добродел»"),
        *((one.email, f"{one.name}. {one.note}" + ("" if one.account else " · без Telegram"))
          for one in staff()),
        *((row[5], row[1]) for row in _BODIES if row[5] and row[5] != OFFICE_BOX),
    )
