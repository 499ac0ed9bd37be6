"""``python -m core.regulation [FILE]`` writes the tables in Russian to ``docs/lifecycle.md``."""

import sys
from pathlib import Path

from core.regulation.page import lifecycle_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"

if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    page.write_text(lifecycle_page(), encoding="utf-8")
