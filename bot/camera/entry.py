"""Who opened the page: Telegram's signed ``initData`` (Bot API, «Validating data received via the
Mini App»)."""

from datetime import datetime, timedelta

from aiogram.utils.web_app import safe_parse_webapp_init_data

from core.errors import AssistantError

LIVES = timedelta(hours=2)
"""How long an opened page may be used: a walk around the yard, not the next day."""
AHEAD = timedelta(minutes=5)
"""How far Telegram's clock may be before ours."""

FORGED = "Страница открыта не из Telegram. Откройте камеру кнопкой под карточкой сообщения."
EXPIRED = "Страница открыта слишком давно. Закройте её и откройте камеру из карточки ещё раз."
STRANGER = "Камера — для сотрудников администрации, подключённых к боту."


class EntryRefusedError(AssistantError):
    """The page was not opened by a member of staff from Telegram just now."""


def entered(init_data: str, token: str, now: datetime) -> int:
    """The Telegram id of the person; raises EntryRefusedError for forged and expired data."""
    try:
        data = safe_parse_webapp_init_data(token, init_data)
    except (ValueError, TypeError):  # pydantic's error is a ValueError
        raise EntryRefusedError(FORGED) from None
    if not now - LIVES <= data.auth_date <= now + AHEAD:
        raise EntryRefusedError(EXPIRED)
    if data.user is None or data.user.is_bot:
        raise EntryRefusedError(FORGED)
    return data.user.id
