"""Text of messages: HTML, entities, Telegram's words for bad markup."""

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration

from bot.sandbox.formatting import formatted, utf16_length
from bot.sandbox.refusals import TelegramRefusalError


def test_tags_become_entities_in_utf16_units() -> None:
    parsed = formatted("🚧 <b>Срок: <i>14.12</i></b> &lt;вт&gt;", "HTML", None)
    assert parsed.text == "🚧 Срок: 14.12 <вт>"
    assert list(parsed.entities) == [
        {"type": "bold", "offset": 3, "length": 11},
        {"type": "italic", "offset": 9, "length": 5},
    ]


@pytest.mark.parametrize(
    "html",
    [
        "<b>жирный</b> и <i>курсив <u>с чертой</u></i>",
        "<blockquote>цитата</blockquote>",
        "<blockquote expandable>длинная цитата</blockquote>",
        '<a href="https://dobrodel.mosreg.ru/">портал</a>',
        "<tg-spoiler>тайна</tg-spoiler> <code>a &amp; b</code> <s>нет</s>",
        "😀<b>😀</b>",
    ],
)
def test_entities_give_back_the_same_html_by_another_library(html: str) -> None:
    parsed = formatted(html, "HTML", None)
    entities = [MessageEntity.model_validate(each) for each in parsed.entities]
    assert html_decoration.unparse(parsed.text, entities) == html


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("Ответ <b", "Unclosed start tag at byte offset 11"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<a href>x</a>", "Expected equal sign in declaration of an attribute of the tag"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <", "Unclosed start tag at byte offset 2"),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(html: str, words: str) -> None:
    with pytest.raises(TelegramRefusalError) as refused:
        formatted(html, "HTML", None)
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {words}")


def test_commands_links_and_addresses_are_found() -> None:
    parsed = formatted("/case 12: https://example.org/a. Почта: desk@example.org", "", None)
    found = [
        (each["type"], parsed.text[int(str(each["offset"])) :][: int(str(each["length"]))])
        for each in parsed.entities
    ]
    assert found == [
        ("bot_command", "/case"),
        ("url", "https://example.org/a"),
        ("email", "desk@example.org"),
    ]


def test_ends_are_trimmed_and_entities_follow() -> None:
    parsed = formatted("\n  <b> Итог </b>\n", "HTML", None)
    assert parsed.text == "Итог"
    assert list(parsed.entities) == [{"type": "bold", "offset": 0, "length": 4}]


def test_length_counts_a_pair_for_an_emoji() -> None:
    assert utf16_length("a😀б") == 4


def test_code_with_a_language_is_one_entity() -> None:
    parsed = formatted('<pre><code class="language-sql">SELECT 1</code></pre>', "HTML", None)
    assert list(parsed.entities) == [
        {"type": "pre", "offset": 0, "length": 8, "language": "sql"},
    ]
