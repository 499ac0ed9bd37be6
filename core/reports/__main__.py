"""``python -m core.reports [FILE]`` writes what the figures mean to ``docs/figures.md``."""

import sys
from pathlib import Path

from core.reports.page import figures_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"

if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    page.write_text(figures_page(), encoding="utf-8")
