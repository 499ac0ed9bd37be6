"""The people of the tests and the kind of the ``call`` fixture."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.telegram import SandboxPerson

TOKEN = "4242:loopback-token"
ANNA, BORIS, VERA = 101, 102, 103
PEOPLE = (
    SandboxPerson(ANNA, "Анна", "Лебедева", "lebedeva", "Исполнитель, Управление дорог"),
    SandboxPerson(BORIS, "Борис", "Орлов", note="Согласующий"),
    SandboxPerson(VERA, "Вера", "Соколова", note="Отдел «Добродел»"),
)

Call = Callable[..., Awaitable[dict[str, Any]]]
