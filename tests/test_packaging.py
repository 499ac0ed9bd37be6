"""What is installed is what stands in the tree: no package and no data file is left out."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

from setuptools import find_namespace_packages

ROOT = Path(__file__).parent.parent
TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
HOUSES = ("bot", "core", "mail", "storage")


def test_every_file_of_the_program_is_installed() -> None:
    packages = set(find_namespace_packages(str(ROOT), **TOOLS["packages"]["find"]))
    data = TOOLS["package-data"]["*"]
    files = [one for house in HOUSES for one in (ROOT / house).rglob("*")
             if one.is_file() and "__pycache__" not in one.parts]
    left_out = [one for one in files
                if ".".join(one.parent.relative_to(ROOT).parts) not in packages
                or not (one.suffix == ".py" or any(fnmatch(one.name, kind) for kind in data))]
    assert files
    assert left_out == []
    assert {one.partition(".")[0] for one in packages} == set(HOUSES)
