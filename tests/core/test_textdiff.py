"""What an approver is shown of a new version: only what is different."""

from hypothesis import given
from hypothesis import strategies as st

from core.textdiff import Change, as_text, changes

OLD = "Яма у дома 5 заделана 24 ноября 2026 года. Фотографии прилагаются."


def test_changed_words_stand_side_by_side() -> None:
    new = OLD.replace("24", "25").replace("Фотографии прилагаются.", "Площадь — 6 кв. м.")
    assert as_text(changes(OLD, new)) == (
        "Яма у дома 5 заделана [24 → 25] ноября 2026 года. "
        "[Фотографии прилагаются. → Площадь — 6 кв. м.]")


def test_added_and_removed_words_are_told_apart() -> None:
    assert as_text(changes("Яма заделана.", "Яма полностью заделана.")) == (
        "Яма [+ полностью] заделана.")
    assert as_text(changes("Яма полностью заделана.", "Яма заделана.")) == (
        "Яма [− полностью] заделана.")


def test_same_text_shows_nothing_and_long_same_stretches_are_left_out() -> None:
    assert changes(OLD, OLD.replace(" ", "  ")) == ()
    middle = " ".join(f"слово{number}" for number in range(100))
    said = as_text(changes(f"Начало {middle} конец", f"Начало {middle} финал"))
    assert said.strip().startswith("…")
    assert "слово50" not in said
    assert said.endswith("слово99 [конец → финал]")


@given(st.lists(st.sampled_from("абвгд"), max_size=30), st.lists(st.sampled_from("абвгд"),
                                                                 max_size=30))
def test_every_new_word_is_shown_or_was_there(old: list[str], new: list[str]) -> None:
    pieces = changes(" ".join(old), " ".join(new))
    gone = [word for one in pieces if one.change is Change.GONE for word in one.text.split()]
    came = [word for one in pieces if one.change is Change.NEW for word in one.text.split()]
    assert len(old) - len(gone) == len(new) - len(came)
    assert sorted([*old, *came]) == sorted([*new, *gone])
