"""The packaged description of the Bot API."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.methods import Methods
from bot.sandbox.spec import packaged_spec


@pytest.mark.shared
def test_packaged_description_is_cut_from_the_full_one(
    full_spec: dict[str, Any], tmp_path: Path
) -> None:
    source = tmp_path / "full.json"
    source.write_text(json.dumps(full_spec), "utf-8")
    script = Path(__file__).with_name("compact_spec.py")
    made = subprocess.run([sys.executable, script, source], capture_output=True, check=True)
    packaged = files("bot.sandbox").joinpath("bot_api.json").read_text("utf-8")
    assert json.loads(made.stdout) == json.loads(packaged)


@pytest.mark.shared
def test_every_field_of_a_served_method_is_known_with_its_type(full_spec: dict[str, Any]) -> None:
    spec = packaged_spec()
    method = spec.method("sendmessage")
    assert method is not None
    name, shape = method
    assert name == "sendMessage"
    for field in full_spec["methods"]["sendMessage"]["fields"]:
        assert shape.kind_of(field["name"]) == "|".join(field["types"])
        assert (field["name"] in shape.required) is field["required"]


def test_every_described_method_is_carried_out_and_no_other() -> None:
    described = json.loads(files("bot.sandbox").joinpath("bot_api.json").read_text("utf-8"))
    stub: Any = None
    carried_out = Methods(stub, {}, stub, stub, stub).by_name
    assert set(carried_out) == set(described["methods"])


@pytest.mark.parametrize(
    ("value", "kind", "fits"),
    [
        (1, "Integer", True),
        (True, "Integer", False),
        ("1", "Integer", False),
        ([[{"text": "Да", "callback_data": "y"}]], "Array of Array of InlineKeyboardButton", True),
        ([{"text": "Да"}], "Array of Array of InlineKeyboardButton", False),
        ({"type": "photo", "media": "x"}, "InputMedia", True),
        ({"type": "photo", "media": 1}, "InputMedia", False),
        ({"type": "sticker", "media": "x"}, "InputMedia", False),
        ({"text": "Да", "colour": "red"}, "InlineKeyboardButton", False),
        ({"callback_data": "y"}, "InlineKeyboardButton", False),
    ],
)
def test_values_are_judged_by_their_described_type(value: object, kind: str, fits: bool) -> None:
    assert (packaged_spec().trouble(value, kind, "value") is None) is fits
