"""Mini Apps: what Telegram signs for a page when a person opens it, as the Bot API describes."""

import base64
import hashlib
import hmac
import json
import secrets
from urllib.parse import quote, urlencode

from bot.sandbox.render import person_as_user
from bot.sandbox.store import SandboxPerson

VERSION, PLATFORM = "9.1", "weba"
THEME = {"bg_color": "#ffffff", "text_color": "#000000", "button_color": "#3390ec"}


def init_data(person: SandboxPerson, token: str, now: int) -> str:
    """``initData`` of an inline button: the query string with its ``hash``.

    ``signature`` is for third parties and made of nothing here; it is signed along, as there.
    """
    user = {key: value for key, value in person_as_user(person).items() if key != "is_bot"}
    fields = {
        "query_id": f"AAH{secrets.token_urlsafe(12)}",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(now),
        "signature": base64.urlsafe_b64encode(secrets.token_bytes(64)).decode().rstrip("="),
    }
    checked = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    fields["hash"] = hmac.new(key, checked.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields, quote_via=quote)


def opened_with(url: str, signed: str) -> str:
    """The address that is opened: the data lies in the fragment, which no server sees."""
    return (
        f"{url}#tgWebAppData={quote(signed, safe='')}&tgWebAppVersion={VERSION}"
        f"&tgWebAppPlatform={PLATFORM}&tgWebAppThemeParams={quote(json.dumps(THEME), safe='')}"
    )
