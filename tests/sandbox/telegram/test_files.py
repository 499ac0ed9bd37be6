"""Photos and documents, in both directions."""

import io
from collections.abc import Callable

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge
from aiogram.types import BufferedInputFile, InputMediaDocument, InputMediaPhoto
from PIL import Image

from bot.sandbox.people import Hand, HandError
from bot.sandbox.telegram import TelegramSandbox
from tests.sandbox.telegram.office import ANNA, Call

Jpeg = Callable[..., bytes]


async def test_document_arrives_byte_for_byte(bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    original = jpeg()
    await anna.sends([("двор.jpg", original)], caption="После работ")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("двор.jpg", "image/jpeg")
    assert message.caption == "После работ"
    assert message.document.thumbnail is not None
    assert max(message.document.thumbnail.width, message.document.thumbnail.height) == 320
    fetched = await bot.download(message.document)
    assert fetched is not None
    assert fetched.read() == original


async def test_photo_is_made_small_and_loses_its_shooting_data(
    bot: Bot, anna: Hand, jpeg: Jpeg
) -> None:
    await anna.sends([("двор.jpg", jpeg(3000, 2000))], as_="photo")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.photo is not None
    assert [(size.width, size.height) for size in message.photo] == [
        (90, 60),
        (320, 213),
        (800, 533),
        (1280, 853),
    ]
    fetched = await bot.download(message.photo[-1])
    assert fetched is not None
    with Image.open(io.BytesIO(fetched.read())) as picture:
        assert picture.size == (1280, 853)
        assert not picture.getexif()


async def test_small_photo_is_not_enlarged(bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    await anna.sends([("мелкое.jpg", jpeg(200, 100))], as_="photo")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert [size.width for size in message.photo or []] == [90, 200]


async def test_album_comes_as_separate_updates_of_one_group(
    bot: Bot, anna: Hand, jpeg: Jpeg
) -> None:
    files = [
        (f"{number}.jpg", jpeg(colour=colour)) for number, colour in enumerate(["red", "blue"])
    ]
    own = await anna.sends(files, caption="Два кадра")
    messages = [each.message for each in (await bot.get_updates())[-2:]]
    assert [each.message_id for each in messages if each] == [each.id for each in own]
    groups = {each.media_group_id for each in messages if each}
    assert len(groups) == 1
    assert None not in groups
    assert [each.caption for each in messages if each] == ["Два кадра", None]


async def test_what_is_no_picture_cannot_be_a_photo(anna: Hand) -> None:
    with pytest.raises(HandError, match="отправьте как файл"):
        await anna.sends([("план.pdf", b"%PDF-1.7")], as_="photo")


async def test_file_over_20_mb_cannot_be_fetched(bot: Bot, anna: Hand) -> None:
    await anna.sends([("видео.bin", bytes(20 * 1024 * 1024 + 1))])
    message = (await bot.get_updates())[-1].message
    assert message is not None
    assert message.document is not None
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(message.document.file_id)
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("unknown")


async def test_bot_cannot_upload_over_50_mb(bot: Bot, anna: Hand) -> None:
    big = BufferedInputFile(bytes(51 * 1024 * 1024), "архив.zip")
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(ANNA, big)


async def test_bots_photo_has_telegrams_limits(bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    with pytest.raises(TelegramBadRequest, match="too big for a photo"):
        await bot.send_photo(ANNA, BufferedInputFile(bytes(10 * 1024 * 1024 + 1), "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ANNA, BufferedInputFile(b"not a picture", "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ANNA, BufferedInputFile(jpeg(2100, 100), "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_photo(ANNA, BufferedInputFile(jpeg(), "a.jpg"), caption="я" * 1025)
    with pytest.raises(TelegramBadRequest, match="file must be non-empty"):
        await bot.send_document(ANNA, BufferedInputFile(b"", "a.txt"))


async def test_sent_file_can_be_sent_again_by_its_id(bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    first = await bot.send_photo(ANNA, BufferedInputFile(jpeg(), "a.jpg"), caption="Было")
    assert first.photo is not None
    again = await bot.send_photo(ANNA, first.photo[-1].file_id)
    assert again.photo == first.photo
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(ANNA, first.photo[-1].file_id)


async def test_bots_album_of_documents_reaches_the_person(bot: Bot, anna: Hand) -> None:
    files = [BufferedInputFile(f"лист {n}".encode(), f"{n}.txt") for n in (1, 2)]
    sent = await bot.send_media_group(
        ANNA,
        [
            InputMediaDocument(media=files[0], caption="<b>Ответ</b>", parse_mode="HTML"),
            InputMediaDocument(media=files[1]),
        ],
    )
    assert len({each.media_group_id for each in sent}) == 1
    seen = await anna.awaits("Ответ")
    assert await anna.downloads(seen.files[0]) == "лист 1".encode()


async def test_album_rules(call: Call, bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    photo = InputMediaPhoto(media=BufferedInputFile(jpeg(), "a.jpg"))
    document = InputMediaDocument(media=BufferedInputFile(b"x", "a.txt"))
    with pytest.raises(TelegramBadRequest, match="document can't be mixed"):
        await bot.send_media_group(ANNA, [photo, document])
    with pytest.raises(TelegramBadRequest, match="too many messages to send as an album"):
        await bot.send_media_group(ANNA, [photo] * 11)
    with pytest.raises(TelegramBadRequest, match="2-10 items"):
        await bot.send_media_group(ANNA, [photo])
    lost = {"type": "photo", "media": "attach://lost"}
    answer = await call("sendMediaGroup", chat_id=ANNA, media=[lost, lost])
    assert answer["description"] == "Bad Request: can't parse InputMedia: media not found"


async def test_media_and_caption_are_edited_in_place(bot: Bot, anna: Hand, jpeg: Jpeg) -> None:
    sent = await bot.send_photo(ANNA, BufferedInputFile(jpeg(800, 600), "a.jpg"), caption="Было")
    await bot.edit_message_media(
        InputMediaPhoto(media=BufferedInputFile(jpeg(600, 800), "b.jpg"), caption="Стало"),
        chat_id=ANNA,
        message_id=sent.message_id,
    )
    seen = await anna.awaits("Стало")
    assert (seen.id, seen.edited, seen.files[0].height) == (sent.message_id, True, 800)
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=ANNA, message_id=sent.message_id)


async def test_page_never_serves_a_file_of_a_person_as_a_page(
    http: aiohttp.ClientSession, anna: Hand, sandbox: TelegramSandbox
) -> None:
    (message,) = await anna.sends([("a.html", b"<script>alert(1)</script>")])
    address = f"{sandbox.page_url}chats/{ANNA}/files/{message.files[0].file_id}"
    async with http.get(address) as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
