"""Buttons under a message, checked as Telegram checks them."""

import re

from bot.sandbox.formatting import checked_link
from bot.sandbox.refusals import bad_request
from bot.sandbox.spec import Json, as_array, as_object, as_text

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
OPENED = re.compile(r"https://|http://(127\.0\.0\.1|\[::1\]|localhost)[:/]")
"""Mini Apps are https; on loopback also http, as in Telegram's test environment."""
KINDS = {"url", "callback_data", "web_app", "copy_text"}


def checked_markup(given: object) -> Json | None:
    """The markup to keep; None where there is none. Raises 400 in Telegram's words."""
    markup = as_object(given)
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [
            [_inline(button) for button in as_array(row)]
            for row in as_array(markup["inline_keyboard"])
        ]
        if sum(len(row) for row in rows) > MAX_BUTTONS:
            raise bad_request("reply markup is too long")
        rows = [row for row in rows if row]
        return {**markup, "inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        _check_reply_keyboard(markup)
    return markup


def _inline(given: object) -> Json:
    button = dict(as_object(given))
    if not as_text(button.get("text")).strip():
        raise bad_request("can't parse inline keyboard button: button text must be non-empty")
    if button.get("callback_data") == "":
        del button["callback_data"]
    kinds = KINDS & button.keys()
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(as_text(button.get("callback_data")).encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    _check_links(button)
    return button


def _check_links(button: Json) -> None:
    if "url" in button:
        url = as_text(button["url"])
        link = checked_link(url)
        if link is None:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        button["url"] = link
    if "web_app" in button:
        url = as_text(as_object(button["web_app"]).get("url"))
        if not OPENED.match(url):
            raise bad_request(
                f"inline keyboard button Web App URL '{url}' is invalid: "
                "Only HTTPS links are allowed"
            )


def _check_reply_keyboard(markup: Json) -> None:
    for row in as_array(markup["keyboard"]):
        for button in as_array(row):
            if not as_text(as_object(button).get("text")).strip():
                raise bad_request("can't parse keyboard button: button text must be non-empty")


def people_see(markup: Json | None) -> list[list[str]]:
    """Labels of a reply keyboard, row by row; empty for any other markup."""
    rows = as_array((markup or {}).get("keyboard"))
    return [[as_text(as_object(each).get("text")) for each in as_array(row)] for row in rows]
