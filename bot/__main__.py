"""``python -m bot`` is ``rakurs``."""

import sys

from bot.cli import main

sys.exit(main())
