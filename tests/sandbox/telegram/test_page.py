"""The page's HTTP interface and the ``Hand`` that uses it."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox.people import Hand, HandError
from bot.sandbox.telegram import TelegramSandbox
from tests.sandbox.telegram.office import ANNA, BORIS, Call


async def told(http: aiohttp.ClientSession, address: str) -> dict[str, Any]:
    async with http.get(address) as response:
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


async def test_people_are_listed_with_role_and_unread(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, bot: Bot, anna: Hand
) -> None:
    sandbox.links.append(("Почта", "http://127.0.0.1:1/mail/"))
    await bot.send_message(ANNA, "Новое <b>поручение</b>", parse_mode="HTML")
    people = await told(http, f"{sandbox.page_url}people")
    assert people["links"] == [{"title": "Почта", "url": "http://127.0.0.1:1/mail/"}]
    first, second, _ = people["people"]
    assert (first["name"], first["note"]) == ("Анна Лебедева", "Исполнитель, Управление дорог")
    assert (first["started"], first["unread"], first["last"]["text"]) == (
        True,
        1,
        "Новое поручение",
    )
    assert (second["started"], second["unread"], second["last"]) == (False, 0, None)
    last = (await anna.messages())[-1]
    address = f"{sandbox.page_url}chats/{ANNA}/seen"
    async with http.post(address, json={"message_id": last.id}) as response:
        assert response.status == 200
    assert (await told(http, f"{sandbox.page_url}people"))["people"][0]["unread"] == 0


async def test_commands_of_the_narrowest_scope_are_offered(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, call: Call
) -> None:
    menu = [{"command": "menu", "description": "Меню"}]
    queue = [{"command": "queue", "description": "Очередь"}]
    await call("setMyCommands", commands=menu)
    await call("setMyCommands", commands=queue, scope={"type": "chat", "chat_id": BORIS})
    people = (await told(http, f"{sandbox.page_url}people"))["people"]
    assert [each["commands"] for each in people] == [menu, queue, menu]


async def test_waiting_for_messages_ends_with_the_next_change(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, bot: Bot, anna: Hand
) -> None:
    address = f"{sandbox.page_url}chats/{ANNA}/messages"
    before = await told(http, address)
    waiting = asyncio.create_task(told(http, f"{address}?after={before['change']}&wait=30"))
    sent = await bot.send_message(ANNA, "Срок сегодня")
    after = await asyncio.wait_for(waiting, 5)
    assert [each["text"] for each in after["messages"]] == ["Срок сегодня"]
    await bot.edit_message_text("Срок завтра", chat_id=ANNA, message_id=sent.message_id)
    edited = await told(http, f"{address}?after={after['change']}")
    (message,) = edited["messages"]
    assert (message["id"], message["edited"]) == (sent.message_id, True)
    await bot.delete_message(ANNA, sent.message_id)
    (gone,) = (await told(http, f"{address}?after={edited['change']}"))["messages"]
    assert (gone["deleted"], gone["text"]) == (True, "")


async def test_waiting_without_a_change_ends_in_time(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, anna: Hand
) -> None:
    address = f"{sandbox.page_url}chats/{ANNA}/messages"
    change = (await told(http, address))["change"]
    quiet = await asyncio.wait_for(told(http, f"{address}?after={change}&wait=1"), 5)
    assert quiet["messages"] == []


async def test_typing_is_shown(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, bot: Bot, anna: Hand
) -> None:
    await bot.send_chat_action(ANNA, "typing")
    address = f"{sandbox.page_url}chats/{ANNA}/messages"
    assert (await told(http, address))["action"] == "typing"
    await bot.send_message(ANNA, "Готово")
    assert (await told(http, address))["action"] == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Host": "rakurs.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_cannot_act_for_people(
    http: aiohttp.ClientSession,
    sandbox: TelegramSandbox,
    anna: Hand,
    headers: dict[str, str],
) -> None:
    address = f"{sandbox.page_url}chats/{ANNA}/text"
    async with http.post(address, json={"text": "Подделка"}, headers=headers) as response:
        assert response.status == 403
    assert [each.text for each in await anna.messages()] == ["/start"]


async def test_form_of_another_site_is_not_taken_for_json(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, anna: Hand
) -> None:
    async with http.post(
        f"{sandbox.page_url}chats/{ANNA}/text",
        data='{"text": "x"}',
        headers={"Content-Type": "text/plain"},
    ) as response:
        assert response.status == 415


async def test_page_asks_no_other_host(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox
) -> None:
    for name in ("", "page.css", "page.js", "page_text.js"):
        async with http.get(sandbox.page_url + name) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            text = await response.text()
            assert "//" not in text.replace("// ", ""), name
    async with http.get(sandbox.url) as response:
        assert str(response.url) == sandbox.page_url


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda hand: hand.says("Здравствуйте"), "Сначала нажмите «Начать»"),
        (lambda hand: hand.blocks(), "ещё не начинал"),
        (lambda hand: hand.starts("не латиница"), "допустимы до 64 латинских букв"),
    ],
)
async def test_impossible_acts_are_told_in_russian(
    sandbox: TelegramSandbox, act: Callable[[Hand], Any], sentence: str
) -> None:
    async with Hand(sandbox.page_url, BORIS) as boris:
        with pytest.raises(HandError, match=sentence):
            await act(boris)


async def test_acts_with_nothing_or_too_much_are_refused(anna: Hand) -> None:
    with pytest.raises(HandError, match="Пустое сообщение"):
        await anna.says("   ")
    with pytest.raises(HandError, match="4096"):
        await anna.says("я" * 4097)
    with pytest.raises(HandError, match="от 1 до 10 файлов"):
        await anna.sends([(f"{number}.txt", b"x") for number in range(11)])
    with pytest.raises(HandError, match="пуст"):
        await anna.sends([("a.txt", b"")])
    with pytest.raises(HandError, match="уже нет"):
        await anna.says("Ответ", reply_to=999)


async def test_hand_waits_for_what_comes_after_its_last_act(bot: Bot, anna: Hand) -> None:
    await bot.send_message(ANNA, "Старое")
    await anna.says("Что нового?")
    with pytest.raises(HandError, match=r"Не дождались: Старое.*Что нового"):
        await anna.awaits("Старое", timeout=0.1)
    assert (await anna.awaits("Старое", since=0)).text == "Старое"


async def test_hand_presses_the_exact_label_before_a_longer_one(bot: Bot, anna: Hand) -> None:
    rows = [
        [InlineKeyboardButton(text="↩ Вернуть регистратору", callback_data="registrar")],
        [InlineKeyboardButton(text="🔁 Вернуть", callback_data="back")],
        [InlineKeyboardButton(text="Портал", url="https://dobrodel.mosreg.ru/")],
    ]
    await bot.send_message(ANNA, "Кнопки", reply_markup=InlineKeyboardMarkup(inline_keyboard=rows))
    after = (await bot.get_updates())[-1].update_id + 1
    for label, data in (("Вернуть", "back"), ("регистратору", "registrar"), ("back", "back")):
        pressing = asyncio.create_task(anna.presses(label))
        (update,) = await bot.get_updates(offset=after, timeout=5)
        after = update.update_id + 1
        query = update.callback_query
        assert query is not None
        assert query.data == data
        assert await bot.answer_callback_query(query.id)
        assert (await pressing).answered
    with pytest.raises(HandError, match=r"не для бота.*dobrodel"):
        await anna.presses("Портал")
    with pytest.raises(HandError, match="Нет кнопки «Согласовать»"):
        await anna.presses("Согласовать", timeout=0.1)


async def test_violations_can_be_read(
    http: aiohttp.ClientSession, sandbox: TelegramSandbox, call: Call
) -> None:
    await call("getUpdates", timeout="long")
    answer = await told(http, f"{sandbox.page_url}violations")
    (violation,) = answer["violations"]
    assert (violation["side"], violation["method"]) == ("call", "getUpdates")
