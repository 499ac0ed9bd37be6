"""A deadline in a letter."""

from core.cards import DueLine
from core.regulation.clauses import spoken
from core.wordforms import working_days


def due_text(one: DueLine) -> str:
    """«проект ответа — до 14.12.2026, осталось: 2 рабочих дня (п. 4.6, абз. 3)»."""
    if one.left < 0:
        left = f"просрочено: {working_days(-one.left)}"
    elif one.left == 0:
        left = "срок истёк" if one.late else "срок сегодня"
    else:
        left = f"осталось: {working_days(one.left)}"
    return f"{one.label} — до {one.due_on:%d.%m.%Y}, {left} ({spoken(one.clause)})"
