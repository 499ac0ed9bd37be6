"""Room on the disk with the office's data; too little is told in the digest and by doctor."""

import shutil
from pathlib import Path

LEAST = 1024**3
"""Bytes: weeks of letters with photos, time enough to free more."""


def left(folder: Path) -> int:
    """Bytes that the program may still write there."""
    return shutil.disk_usage(folder).free


def little(folder: Path) -> int | None:
    """The bytes that are left where they are too few, else None."""
    free = left(folder)
    return free if free < LEAST else None
