"""The chat page as a person meets it, in a real browser at two widths."""

import base64
from collections.abc import AsyncIterator, Callable

import pytest
from aiogram import Bot
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from bot.sandbox.people import Hand
from bot.sandbox.telegram import TelegramSandbox
from tests.sandbox.telegram.browser import CHROMIUM, Browser, chromium
from tests.sandbox.telegram.office import ANNA, BORIS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="NOT SEEN: there is no Chromium on this machine"),
]

CARD = (
    "<b>Сообщение № 50-214-887</b>\n📍 ул. Заводская, 14\n"
    "Яма на проезжей части у остановки, вода не уходит.\n\n"
    "⏳ Осталось <b>2 рабочих дня</b>, до 14.12, вт\n"
    "<blockquote>Ответственный исполнитель готовит ответ (4.6)</blockquote>"
)
ROWS = [
    [
        InlineKeyboardButton(text="✅ Принять", callback_data="take"),
        InlineKeyboardButton(text="Не моё", callback_data="decline"),
    ],
    [InlineKeyboardButton(text="📷 Фото работ", callback_data="photos")],
    [InlineKeyboardButton(text="Открыть портал", url="https://dobrodel.mosreg.ru/")],
]
CROWDED = [
    [InlineKeyboardButton(text=text, callback_data="x") for text in row]
    for row in (("30", "1 дек", "2", "3", "4", "(5)", "(29)"),
                ("🕓 История", "📨 Извещения", "📎 Файлы"))
]
"""Rows of a week and of three: Telegram shows each word whole."""
NARROW, WIDE = 360, 1200


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running
        assert running.complaints == []


def own(sandbox: TelegramSandbox, browser: Browser) -> bool:
    """Whether everything asked of the network was asked of the sandbox."""
    return all(
        each.startswith((f"{sandbox.url}/", f"blob:{sandbox.url}", "about:", "data:"))
        for each in browser.asked
    )


async def sticking_out(browser: Browser, width: int) -> list[str]:
    """What reaches beyond the right edge, and buttons too small for their words."""
    found: list[str] = await browser.runs(
        "[...document.body.querySelectorAll('*')]"
        f".filter((e) => e.getBoundingClientRect().right > {width}"
        " || (e.matches('button, a') && e.scrollWidth > e.clientWidth + 1 && e.clientWidth))"
        ".map((e) => `${e.tagName} ${e.id} ${e.className}`)"
    )
    return found


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_person_reads_a_card_and_presses_its_buttons(
    sandbox: TelegramSandbox,
    bot: Bot,
    browser: Browser,
    anna: Hand,
    jpeg: Callable[..., bytes],
    width: int,
) -> None:
    sandbox.links.append(("Почтовый ящик", f"{sandbox.url}/sandbox/"))
    await bot.set_my_commands([{"command": "my", "description": "Мои поручения"}])  # type: ignore[list-item]
    await bot.send_photo(ANNA, BufferedInputFile(jpeg(1200, 900), "a.jpg"), caption="Фото жителя")
    markup = InlineKeyboardMarkup(inline_keyboard=ROWS)
    await bot.send_message(ANNA, CARD, parse_mode="HTML", reply_markup=markup)
    await anna.sends([("двор после работ.jpg", jpeg())], caption="Сделано")
    await bot.send_document(ANNA, BufferedInputFile(b"%PDF-1.7", "Ответ ЕКЖ-2026-000123.pdf"))
    await browser.opens(sandbox.page_url, width)
    await browser.waits("document.querySelectorAll('.person').length === 3")
    assert await browser.runs("document.querySelector('.unread').textContent") == "3"
    await browser.keeps_picture(f"people-{width}.png")
    await browser.runs(f"document.querySelector('[data-user=\"{ANNA}\"]').click()")
    await browser.waits("document.querySelectorAll('.message').length === 5")
    await browser.waits("[...document.images].every((each) => each.complete)")
    await browser.waits("!document.querySelector('.unread')")
    assert await sticking_out(browser, width) == []
    bold = await browser.runs(
        "[...document.querySelectorAll('.text b')].map((e) => e.textContent)"
    )
    assert bold == ["Сообщение № 50-214-887", "2 рабочих дня"]
    await browser.keeps_picture(f"chat-{width}.png")

    pressed = "[...document.querySelectorAll('.inline button')].find((e) => e.textContent"
    await browser.runs(f"void ({pressed}.includes('Принять')).click())")
    after = (await bot.get_updates(timeout=5))[-1]
    while after.callback_query is None:
        (after,) = await bot.get_updates(offset=after.update_id + 1, timeout=5)
    await bot.answer_callback_query(after.callback_query.id, "Принято к исполнению")
    await browser.waits("document.querySelector('#toast').textContent === 'Принято к исполнению'")
    message = after.callback_query.message
    assert message is not None
    await bot.edit_message_text("В работе", chat_id=ANNA, message_id=message.message_id)
    await browser.waits("document.body.textContent.includes('В работе')")
    await browser.waits("!document.querySelector('.inline')")
    await browser.keeps_picture(f"pressed-{width}.png")
    assert own(sandbox, browser)
    assert browser.asked


async def test_no_word_on_a_crowded_row_of_buttons_is_torn_on_a_telephone(
    sandbox: TelegramSandbox, bot: Bot, browser: Browser, anna: Hand
) -> None:
    await bot.send_message(
        ANNA, "К какому дню?", reply_markup=InlineKeyboardMarkup(inline_keyboard=CROWDED)
    )
    await browser.opens(f"{sandbox.page_url}#{ANNA}", NARROW)
    await browser.waits("document.querySelectorAll('.inline button').length === 10")
    torn = await browser.runs(
        "[...document.querySelectorAll('.inline button')].flatMap((button) => {"
        " const text = button.firstChild, range = document.createRange();"
        " return [...text.data.matchAll(/[\\p{L}\\d()]+/gu)].filter((word) => {"
        " range.setStart(text, word.index);"
        " range.setEnd(text, word.index + word[0].length);"
        " return new Set([...range.getClientRects()].map((one) => one.top)).size > 1;"
        " }).map((word) => word[0]); })"
    )
    assert torn == []
    assert await sticking_out(browser, NARROW) == []


async def test_hostile_text_stays_text(
    sandbox: TelegramSandbox, bot: Bot, browser: Browser, anna: Hand
) -> None:
    hostile = "<img src=x onerror=document.title='x'><script>document.title='x'</script>"
    await anna.says(hostile)
    await bot.send_message(ANNA, hostile)
    await bot.send_message(
        ANNA,
        "&lt;b&gt; <a href='https://example.org/?a=1&amp;b=\"><script>'>ссылка</a>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text=hostile[:60], callback_data="x")]]
        ),
    )
    await browser.opens(f"{sandbox.page_url}#{ANNA}", WIDE)
    await browser.waits("document.querySelectorAll('.message').length === 4")
    assert await browser.runs("document.title") == "Ракурс: песочница Telegram"
    assert await browser.runs("document.querySelectorAll('.log img, .log script').length") == 0
    texts = await browser.runs("[...document.querySelectorAll('.text')].map((e) => e.textContent)")
    assert texts[1:3] == [hostile, hostile]
    assert await browser.runs("document.querySelector('.text a').hostname") == "example.org"


async def test_whole_conversation_by_keyboard_alone(
    sandbox: TelegramSandbox, bot: Bot, browser: Browser
) -> None:
    await browser.opens(sandbox.page_url, WIDE)
    await browser.waits("document.querySelectorAll('.person').length === 3")

    async def tab_to(condition: str) -> None:
        for _ in range(40):
            await browser.strikes("Tab")
            if await browser.runs(f"document.activeElement.{condition}"):
                return
        raise AssertionError(f"keyboard never reaches {condition}")

    await tab_to(f"dataset.user === '{BORIS}'")
    await browser.strikes("Enter")
    await browser.waits("!document.querySelector('#entry-start').hidden")
    await tab_to("id === 'start'")
    await browser.strikes("Enter")
    await browser.waits("!document.querySelector('#composer').hidden")
    await bot.send_message(
        BORIS,
        "Напишите замечание",
        reply_markup=ForceReply(force_reply=True, input_field_placeholder="Что поправить"),
    )
    await browser.waits("!document.querySelector('#replying').hidden")
    assert await browser.runs("document.activeElement.id") == "text"
    assert await browser.runs("document.activeElement.placeholder") == "Что поправить"
    await browser.types("Нет даты")
    await browser.keeps_picture("reply-1200.png")
    await browser.strikes("Enter")
    await browser.waits(
        "document.querySelector('.mine .quote')?.textContent === 'Напишите замечание'"
    )
    last = (await bot.get_updates())[-1].message
    assert last is not None
    assert last.text == "Нет даты"
    assert last.reply_to_message is not None
    assert last.reply_to_message.text == "Напишите замечание"
    button = InlineKeyboardButton(text="Согласовать", callback_data="ok")
    await bot.send_message(
        BORIS, "Лист", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
    )
    await browser.waits("document.querySelector('.inline button')")
    await browser.runs("document.querySelector('#log').focus()")
    await tab_to("textContent === 'Согласовать'")
    await browser.strikes("Enter")
    query = None
    while query is None:
        (update,) = await bot.get_updates(offset=-1, timeout=5)
        query = update.callback_query
    await bot.answer_callback_query(query.id, "Согласовано", show_alert=True)
    await browser.waits("document.querySelector('#alert').open")
    await browser.waits("!document.querySelector('.unread')")
    await browser.keeps_picture("alert-1200.png")
    await browser.strikes("Escape")
    await browser.waits("!document.querySelector('#alert').open")


async def test_files_are_sent_as_chosen(
    sandbox: TelegramSandbox, bot: Bot, browser: Browser, anna: Hand, jpeg: Callable[..., bytes]
) -> None:
    await browser.opens(f"{sandbox.page_url}#{ANNA}", NARROW)
    await browser.waits("document.querySelectorAll('.message').length === 1")
    picture = base64.b64encode(jpeg(1500, 1000)).decode()
    put = (
        "(async () => { const bytes = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0));"
        " const box = new DataTransfer();"
        " for (const name of ['первый кадр.jpg', 'второй кадр.jpg'])"
        " box.items.add(new File([bytes], name, { type: 'image/jpeg' }));"
        " const input = document.querySelector('#files'); input.files = box.files;"
        " input.dispatchEvent(new Event('change')); })()"
    )
    await browser.runs(put % picture)
    await browser.waits("document.querySelectorAll('#chosen-files li').length === 2")
    assert await sticking_out(browser, NARROW) == []
    await browser.keeps_picture("files-360.png")
    await browser.runs("document.querySelector('input[value=photo]').click()")
    await browser.runs("document.querySelector('#text').value = 'После работ'")
    await browser.runs("document.querySelector('#send').click()")
    await browser.waits("document.querySelectorAll('.picture img').length === 2")
    messages = [each.message for each in (await bot.get_updates())[-2:]]
    assert [bool(each and each.photo) for each in messages] == [True, True]
    assert len({each.media_group_id for each in messages if each}) == 1
    assert [each.caption for each in messages if each] == ["После работ", None]
    await browser.waits("[...document.images].every((each) => each.complete)")
    await browser.keeps_picture("album-360.png")
    assert await sticking_out(browser, NARROW) == []
    await browser.runs(put % picture)
    await browser.runs("document.querySelector('input[value=document]').click()")
    await browser.runs("document.querySelector('#send').click()")
    await browser.waits("document.querySelectorAll('.file').length === 2")
    last = (await bot.get_updates())[-1].message
    assert last is not None
    assert last.document is not None
    assert last.document.file_name == "второй кадр.jpg"


async def test_link_to_the_bot_starts_it_with_its_payload(
    sandbox: TelegramSandbox, bot: Bot, browser: Browser, anna: Hand
) -> None:
    await bot.send_message(ANNA, "Приглашение: https://t.me/rakurs_bot?start=code-17")
    await browser.opens(f"{sandbox.page_url}#{ANNA}", WIDE)
    await browser.waits("document.querySelector('.text a')")
    await browser.runs("document.querySelector('.text a').click()")
    await browser.waits("document.querySelectorAll('.mine').length === 2")
    last = (await bot.get_updates())[-1].message
    assert last is not None
    assert last.text == "/start code-17"
    assert own(sandbox, browser)
