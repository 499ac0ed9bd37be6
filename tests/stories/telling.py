"""A story told by a process of its own, and what it left."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Told:
    """How a command ended, and the folder of its artefacts."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def requirements(self) -> set[str]:
        """The numbers of requirements in the transcript."""
        return set(re.findall(r"\bR\d+\b", self.out))

    def bytes_of(self, name: str) -> bytes:
        """An artefact."""
        return (self.folder / name).read_bytes()


def rakurs(*arguments: str, folder: Path, **environment: str) -> Told:
    """Run ``python -m bot``, without a terminal and without extra data."""
    none = folder / "no-extra-data"
    none.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "RAKURS_SHARED": str(none), **environment},
        stdin=subprocess.DEVNULL, check=False, timeout=200)
    return Told(done.returncode, done.stdout, done.stderr, folder)
