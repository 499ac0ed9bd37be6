"""The garbage collector leaves alone what stays to the end."""

import subprocess
import sys

ASKED = """
import gc
from bot import collector
import core.usecases.reports
collector.spare()
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] >= 10_000, gc.isenabled())
"""


def test_what_is_loaded_is_set_aside_and_cycles_are_still_looked_for() -> None:
    said = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True,
                          check=True)
    assert said.stdout.split() == ["True", "True", "True"]
