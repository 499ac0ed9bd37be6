"""What the desk is told when a message is there once more."""

from core.notices import DECISION, RETURNS
from core.returnwords import to_decide, to_register


def test_a_return_and_a_decision_to_go_on_are_not_called_new_messages() -> None:
    assert to_register({}) == ""
    assert "возврат № 2" in to_register({RETURNS: "2"})
    assert "«Переделать съезд»" in to_register({DECISION: "Переделать съезд"})


def test_the_commission_is_named_only_after_more_than_three_returns() -> None:
    assert "возврат № 3" in to_decide({RETURNS: "3"})
    assert "комиссию" not in to_decide({RETURNS: "3"})
    assert "возврат № 4" in to_decide({RETURNS: "4"})
    assert "на комиссию" in to_decide({RETURNS: "4"})
