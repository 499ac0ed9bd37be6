"""aiogram's types are built late, and all can be built."""

import subprocess
import sys

BUILD_ALL = """
from bot import late_models
late_models.prepare()
from aiogram import methods, types
from aiogram.methods.base import Response
from pydantic import BaseModel

early = sum(one.__pydantic_complete__ for one in vars(types).values()
            if isinstance(one, type) and issubclass(one, BaseModel))
every = [one for place in (types, methods) for one in vars(place).values()
         if isinstance(one, type) and issubclass(one, BaseModel)]
said = {"ok": True, "result": {"message_id": 1, "date": 1, "text": "!",
                               "chat": {"id": 1, "type": "private"}}}
assert Response[types.Message].model_validate(said).result.text == "!"
for one in every:
    one.model_rebuild()
    assert one.__pydantic_complete__, one
print(early, len(every))
"""


def test_no_type_is_built_at_the_import_and_each_can_be_built_later() -> None:
    said = subprocess.run([sys.executable, "-c", BUILD_ALL], capture_output=True, text=True,
                          check=False, timeout=100)
    assert said.returncode == 0, said.stderr
    early, every = map(int, said.stdout.split())
    assert every > 400
    assert early < every / 10
