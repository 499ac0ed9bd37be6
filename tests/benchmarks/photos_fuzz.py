"""Coverage-guided fuzzing of the readers of photo files (atheris, which is not among the
dependencies: ``pip install atheris``).

    python tests/benchmarks/photos_fuzz.py [-max_total_time=600] [FOLDER of sample files ...]

Whatever the bytes: a report or a refusal with a sentence, never another exception, and no more
than five seconds. A file that breaks this is written to the current folder by libFuzzer.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

atheris: Any = import_module("atheris")
with atheris.instrument_imports(include=["core.photos", "PIL"]):
    from core.photos import exif, files, judge
    from core.photos.findings import PhotoContext, findings
    from core.photos.formats import media_type


def one(data: bytes) -> None:
    """Everything that is done with a file before it is compared."""
    media_type(data)
    told = exif.read(data)
    json.dumps(told.to_json(), allow_nan=False).encode()
    findings(told, told, PhotoContext())
    if told.error is not None and not told.error.endswith("."):
        raise AssertionError(told.error)
    for act in (files.load, files.to_jpeg, judge.fingerprint):
        try:
            act(data)
        except files.PhotoRefusedError as refused:
            if not refused.code.startswith("reject_") or not str(refused).endswith("."):
                raise AssertionError(refused.code) from refused


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], "-timeout=5", "-rss_limit_mb=2048", "-max_len=65536",
                   *sys.argv[1:]], one)
    atheris.Fuzz()
