"""aiogram's types without the wait: each is built when it is first used, not all at the import.

aiogram declares its types ``defer_build`` and then builds all 440 of them at once anyway, three of
its five seconds of processor time (measured with aiogram 3.31 and pydantic 2.13). Here the names
that the types speak of are put where pydantic looks for them, and the building is left to it.
Should aiogram change, nothing is lost but the seconds.
"""

import sys
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel


def prepare() -> None:
    """Import ``aiogram.types``; call it before any other import of aiogram."""
    if "aiogram.types" in sys.modules:
        return
    build = BaseModel.__dict__["model_rebuild"]
    type.__setattr__(BaseModel, "model_rebuild", classmethod(_not_yet))
    try:
        from aiogram import types
    finally:
        type.__setattr__(BaseModel, "model_rebuild", build)
    _name_everything(types.__name__, {name: getattr(types, name) for name in types.__all__})


def _not_yet(_: type[Any], /, **__: object) -> None:
    """In place of the building."""


def _name_everything(package: str, names: dict[str, Any]) -> None:
    """Each type's module learns the names of all types, as aiogram's own building has them."""
    from aiogram.client.default import Default
    homes = {one.__module__ for one in names.values() if isinstance(one, type)}
    names |= {"List": list, "Optional": Optional, "Union": Union, "Literal": Literal,
              "Default": Default}
    for home in homes:
        if home.startswith(f"{package}."):
            vars(sys.modules[home]).update(names | vars(sys.modules[home]))
