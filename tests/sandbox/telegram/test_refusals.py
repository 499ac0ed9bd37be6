"""What Telegram refuses, the sandbox refuses in the same words."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox.limits import RateLimits
from bot.sandbox.people import Hand
from bot.sandbox.refusals import TelegramRefusalError
from bot.sandbox.telegram import Fault, TelegramSandbox
from tests.sandbox.telegram.office import ANNA, BORIS, TOKEN, Call


async def refusal(call: Call, method: str, **fields: Any) -> tuple[int, str]:
    answer = await call(method, **fields)
    assert answer["ok"] is False, answer
    return answer["error_code"], answer["description"]


BUTTON = {"text": "Принять", "callback_data": "take"}


def keyboard(**button: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Принять", **button}]]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": "x", "parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": keyboard(callback_data="я" * 33)}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": keyboard(callback_data="")},
            "can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": keyboard(url="http://localhost/x")},
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_parameters": {"message_id": 999}},
            "message to be replied not found",
        ),
    ],
)
async def test_texts_and_buttons_beyond_the_limits(
    call: Call, anna: Hand, fields: dict[str, Any], words: str
) -> None:
    assert await refusal(call, "sendMessage", chat_id=ANNA, **fields) == (
        400,
        f"Bad Request: {words}",
    )


async def test_limits_themselves_are_allowed(call: Call, anna: Hand) -> None:
    markup = keyboard(callback_data="я" * 32)
    answer = await call("sendMessage", chat_id=ANNA, text="я" * 4096, reply_markup=markup)
    assert answer["ok"]
    longer = "<b>" + "я" * 4096 + "</b>"
    assert (await call("sendMessage", chat_id=ANNA, text=longer, parse_mode="HTML"))["ok"]


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": ANNA}, "message text is empty"),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": 5},
            'field "text" must be of type String',
        ),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": "x", "silent": True},
            'unknown parameter "silent"',
        ),
        (
            "sendMessage",
            {"chat_id": ANNA, "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        ("getUpdates", {"timeout": "long"}, 'field "timeout" must be of type Integer'),
        ("deleteMessage", {"chat_id": ANNA}, "message identifier is not specified"),
        ("sendPhoto", {"chat_id": ANNA}, "there is no photo in the request"),
    ],
)
async def test_calls_that_break_the_described_interface_are_refused_and_recorded(
    call: Call,
    sandbox: TelegramSandbox,
    anna: Hand,
    method: str,
    fields: dict[str, Any],
    words: str,
) -> None:
    assert await refusal(call, method, **fields) == (400, f"Bad Request: {words}")
    assert [(each.side, each.method) for each in sandbox.violations] == [("call", method)]


async def test_ordinary_refusals_are_no_violations(
    call: Call, sandbox: TelegramSandbox, anna: Hand
) -> None:
    await refusal(call, "sendMessage", chat_id=ANNA, text="")
    assert sandbox.violations == []
    assert [each.code for each in sandbox.refusals] == [400]


async def test_people_who_never_came_or_went_away_cannot_be_written_to(
    call: Call, anna: Hand
) -> None:
    assert await refusal(call, "sendMessage", chat_id=555, text="x") == (
        400,
        "Bad Request: chat not found",
    )
    assert await refusal(call, "sendMessage", chat_id=BORIS, text="x") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    await anna.blocks()
    assert await refusal(call, "sendMessage", chat_id=ANNA, text="x") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await anna.starts()
    assert (await call("sendMessage", chat_id=ANNA, text="x"))["ok"]


async def test_edits_follow_telegrams_rules(
    call: Call, anna: Hand, jpeg: Callable[..., bytes]
) -> None:
    sent = (await call("sendMessage", chat_id=ANNA, text="Карточка"))["result"]
    at = {"chat_id": ANNA, "message_id": sent["message_id"]}
    code, words = await refusal(call, "editMessageText", **at, text="Карточка")
    assert code == 400
    assert words.startswith("Bad Request: message is not modified")
    own = await anna.says("Моё")
    assert await refusal(call, "editMessageText", chat_id=ANNA, message_id=own.id, text="x") == (
        400,
        "Bad Request: message can't be edited",
    )
    assert await refusal(call, "editMessageText", chat_id=ANNA, message_id=999, text="x") == (
        400,
        "Bad Request: message to edit not found",
    )
    assert await refusal(call, "editMessageCaption", **at, caption="x") == (
        400,
        "Bad Request: there is no caption in the message to edit",
    )
    assert (await refusal(call, "editMessageText", **at, text="я" * 4097))[1].endswith(
        "MESSAGE_TOO_LONG"
    )
    edited = (await call("editMessageText", **at, text="Новая", reply_markup=keyboard(**BUTTON)))[
        "result"
    ]
    assert edited["edit_date"] >= sent["date"]
    assert edited["reply_markup"]["inline_keyboard"] == [[BUTTON]]
    without = (await call("editMessageText", **at, text="Без кнопок"))["result"]
    assert "reply_markup" not in without
    assert (await call("deleteMessage", **at))["result"] is True
    assert (await refusal(call, "deleteMessage", **at))[1].endswith("message to delete not found")
    assert (await refusal(call, "editMessageText", **at, text="x"))[1].endswith("edit not found")


async def test_unknown_methods_wrong_tokens_and_paths(
    sandbox: TelegramSandbox, http: aiohttp.ClientSession
) -> None:
    async def asked(path: str) -> tuple[int, str]:
        async with http.get(f"{sandbox.url}/{path}") as response:
            answer = await response.json()
            assert answer["ok"] is False
            return response.status, answer["description"]

    assert await asked(f"bot{TOKEN}/getEverything") == (404, "Not Found: method not found")
    assert await asked("bot4242:wrong/getMe") == (401, "Unauthorized")
    assert await asked("botwrong/getMe") == (401, "Unauthorized: invalid token specified")
    assert await asked("elsewhere") == (404, "Not Found")
    assert await asked(f"file/bot{TOKEN}/documents/file_0.jpg") == (404, "Not Found")


async def test_form_query_and_case_of_method_are_taken_as_telegram_takes_them(
    sandbox: TelegramSandbox, http: aiohttp.ClientSession, anna: Hand
) -> None:
    base = f"{sandbox.url}/bot{TOKEN}"
    async with http.get(f"{base}/sendmessage", params={"chat_id": ANNA, "text": "7"}) as response:
        assert (await response.json())["result"]["text"] == "7"
    form = {"chat_id": str(ANNA), "text": "x", "reply_markup": '{"force_reply": true}'}
    async with http.post(f"{base}/sendMessage", data=form) as response:
        assert (await response.json())["ok"]
    assert (await anna.awaits("x")).force_reply


async def test_rate_limits_answer_429_once_enforced(
    call: Call, sandbox: TelegramSandbox, anna: Hand
) -> None:
    for _ in range(2):
        assert (await call("sendMessage", chat_id=ANNA, text="x"))["ok"]
    assert sandbox.limits.chat_violations == 1
    sandbox.limits.enforced = True
    answer = await call("sendMessage", chat_id=ANNA, text="x")
    assert answer["error_code"] == 429
    assert answer["description"] == "Too Many Requests: retry after 1"
    assert answer["parameters"] == {"retry_after": 1}
    assert sandbox.limits.sent == 2


async def test_faults_happen_as_ordered_and_only_so_often(
    call: Call, sandbox: TelegramSandbox, http: aiohttp.ClientSession, anna: Hand
) -> None:
    where = f"{sandbox.url}/bot{TOKEN}/sendMessage"
    body = {"chat_id": ANNA, "text": "Однажды"}
    for fault in (Fault.BAD_GATEWAY, Fault.BAD_GATEWAY_AFTER):
        sandbox.faults.order("sendMessage", fault)
        async with http.post(where, json=body) as response:
            assert response.status == 502
            assert response.content_type == "text/html"
    for fault in (Fault.RESET, Fault.RESET_AFTER):
        sandbox.faults.order("sendMessage", fault)
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.post(where, json=body)
    sandbox.faults.order("sendMessage", Fault.FLOOD, retry_after=7)
    assert (await call("sendMessage", **body))["parameters"] == {"retry_after": 7}
    assert sandbox.faults.left == 0
    assert (await call("sendMessage", **body))["ok"]
    seen = [each for each in await anna.messages() if each.text == "Однажды"]
    assert len(seen) == 3, "two faults came after the message was sent"


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        ([{"command": "Case", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "case", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_are_checked(call: Call, commands: list[Any], words: str) -> None:
    assert (await refusal(call, "setMyCommands", commands=commands))[1] == f"Bad Request: {words}"


async def test_webhook_settings_are_checked(call: Call) -> None:
    assert (await refusal(call, "setWebhook", url="nowhere"))[1].endswith("webhook URL specified")
    answer = await refusal(call, "setWebhook", url="https://a.ru/", secret_token="не буквы")
    assert answer[1] == "Bad Request: secret token contains unallowed characters"


def test_a_group_may_hear_twenty_messages_a_minute() -> None:
    now = [0.0]
    limits = RateLimits(lambda: now[0], enforced=True)
    for _ in range(20):
        limits.count(-100)
        now[0] += 1.5
    with pytest.raises(TelegramRefusalError, match="Too Many Requests"):
        limits.count(-100)
    now[0] += 30.1
    limits.count(-100)
    assert (limits.chat_violations, limits.overall_violations) == (1, 0)
