"""What the checks found in a draft, as the lead and the approvers read it."""

from collections.abc import Sequence
from html import escape

from bot import words
from core.cards import DraftView
from core.draft import Draft
from core.textchecks import Finding
from core.wordforms import counted

SENTENCE_SHOWN = 220
ADVICE_SHOWN = 260
SHOWN = 6
"""So many findings in full; the rest are counted."""


def before_approval(number: str, draft: Draft) -> str:
    """The dialog before «На согласование»: each finding with its place, clause and remedy."""
    found = draft.findings
    head = (f"<b>{escape(number)}</b>. Проект ответа, версия {draft.version}: проверка нашла "
            f"{counted(len(found), 'замечание', 'замечания', 'замечаний')}")
    return "\n\n".join([head, *_in_full(draft.text, found),
                        "Исправьте текст или направьте его с пояснением: пояснение увидят "
                        "согласующие."])


def _in_full(text: str, found: Sequence[Finding]) -> list[str]:
    lines = []
    for place, one in enumerate(found[:SHOWN], 1):
        quoted = escape(words.cut(" ".join(one.sentence.split()), SENTENCE_SHOWN))
        lines.append(f"{place}. <b>{escape(one.label.capitalize())}</b> "
                     f"({words.clause(one.clause)}{_where(text, one)})"
                     + (f"\n<blockquote>{quoted}</blockquote>" if quoted else "\n")
                     + f"→ {escape(words.cut(one.advice, ADVICE_SHOWN))}")
    more = len(found) - SHOWN
    return [*lines, *([f"и ещё {more}"] if more > 0 else [])]


def _where(text: str, one: Finding) -> str:
    """«, строка 3»: where the text has several lines."""
    if "\n" not in text.strip() or one.end - one.start >= len(text.strip()):
        return ""
    return f", строка {text.count(chr(10), 0, one.start) + 1}"


def on_card(draft: DraftView) -> str:
    """For everybody who reads the draft: what was found, and the lead's words on it."""
    if not draft.findings:
        return ""
    lines = ["⚠️ <b>Проверка текста</b>"]
    for one in draft.findings[:SHOWN]:
        quoted = escape(words.cut(" ".join(one.sentence.split()), 120))
        lines.append(f"• {escape(one.label)} ({words.clause(one.clause)})"
                     + (f": «{quoted}»" if quoted else ""))
    more = len(draft.findings) - SHOWN
    lines += [f"и ещё {more}"] if more > 0 else []
    if draft.insisted:
        lines.append(f"💬 Пояснение исполнителя: {escape(words.cut(draft.insisted, 300))}")
    return "\n".join(lines)
