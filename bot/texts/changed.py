"""What changed in a draft since the version that its reader has seen (4.6¶10)."""

from html import escape

from bot import words
from core.cards import DraftView
from core.textdiff import Change, as_text

SHOWN = 700
TAGS = {Change.GONE: "s", Change.NEW: "b"}


def on_card(draft: DraftView) -> str:
    """Struck out what went, bold what came; a long list of changes is cut."""
    if not draft.seen:
        return ""
    said = _marked(draft)
    lines = [*([f"<blockquote>{said}</blockquote>"] if said else []),
             *(f"• {escape(one)}" for one in draft.other_changes)]
    if not lines:
        return f"✏️ С версии {draft.seen}, которую вы видели, текст не изменился"
    return "\n".join([f"✏️ <b>Изменилось с версии {draft.seen}</b>, которую вы видели:", *lines])


def _marked(draft: DraftView) -> str:
    said, room = "", SHOWN
    for one in draft.changes:
        text = words.cut(one.text.strip(), room) if one.change in TAGS else words.cut(
            one.text, room)
        room -= words.units(text)
        tag = TAGS.get(one.change)
        gap = "\n" if "\n" in one.text[:2] else " " if one.text[:1].isspace() else ""
        said += f"{gap}<{tag}>{escape(text)}</{tag}>" if tag else escape(text)
        if room <= 1:
            break
    return said.strip()


def plain(draft: DraftView) -> str:
    """The same in full, without markup."""
    return "\n".join([*([as_text(draft.changes).strip()] if draft.changes else []),
                      *draft.other_changes]) if draft.seen else ""
