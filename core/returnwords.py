"""How the desk hears that a message is there once more: plain sentences, for either face."""

from collections.abc import Mapping

from core.notices import DECISION, RETURNS
from core.regulation.limits import RETURNS_TO_OPERATOR


def to_register(facts: Mapping[str, str]) -> str:
    """Why a known message must be registered again (3¶1); empty for one that is new."""
    if decision := facts.get(DECISION, ""):
        return (f"Решено продолжить работу с сообщением: «{decision}». Зарегистрируйте его "
                "снова.")
    if returns := facts.get(RETURNS, ""):
        return f"Пользователь вернул ответ, возврат № {returns}. Зарегистрируйте его."
    return ""


def to_decide(facts: Mapping[str, str]) -> str:
    """What the desk head is to decide after the third return and each further one (2.1¶2-3)."""
    returns = int(facts.get(RETURNS, RETURNS_TO_OPERATOR))
    commission = ", на комиссию" if returns > RETURNS_TO_OPERATOR else ""
    return (f"Пользователь вернул ответ, возврат № {returns}. Решите: направить материалы "
            f"оператору на закрытие{commission} или зарегистрировать возврат и работать дальше "
            "(п. 2.1).")
