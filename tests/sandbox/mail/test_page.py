"""The sandbox's mail page: what a person in a browser can do, and what a letter cannot."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from core.inbound import PersonReply
from core.outbound import InDoubtError, LetterFile, OutgoingLetter, RefusedError, TryLaterError
from mail.courier import SmtpCourier
from mail.msed import read
from mail.parsing import Letter, parse
from mail.replies import own_words
from mail.rules import MailRules
from mail.sandbox import MailSandbox, MailUser
from tests.mail.keeping import letter, now

BOT, PETROV = "bot@mytischi.example", "petrov@gkh.example"
ORDER = OutgoingLetter(
    message_id="<out-5@mytischi.example>",
    to=(PETROV,),
    subject="Поручение",
    text="Просим устранить яму.",
    case_number="ЕКЖ-2026-000123",
    token="k3v9x2m7q5w8",
    files=(LetterFile("Яма <b>.png", "image/png", b"\x89PNG" * 100),),
)


@pytest.fixture
async def sandbox() -> AsyncIterator[MailSandbox]:
    started = await MailSandbox.start(
        [MailUser(BOT, "x", "Ящик Ракурса"), MailUser(PETROV, "x", "Петров <без Telegram>")]
    )
    yield started
    await started.stop()


@pytest.fixture
async def browser(sandbox: MailSandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.page_url) as session:
        yield session


@pytest.fixture
def courier(sandbox: MailSandbox) -> SmtpCourier:
    return SmtpCourier(sandbox.smtp_url, f"Ракурс <{BOT}>", now, timeout=5, data_timeout=5)


async def _text(browser: aiohttp.ClientSession, path: str) -> str:
    async with browser.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


async def test_first_page_names_every_mailbox_and_whose_it_is(
    browser: aiohttp.ClientSession,
) -> None:
    page = await _text(browser, "/")
    assert BOT in page
    assert "Петров &lt;без Telegram&gt;" in page


async def test_answer_written_on_the_page_reaches_the_bot_with_token_thread_and_photo(
    sandbox: MailSandbox, browser: aiohttp.ClientSession, courier: SmtpCourier
) -> None:
    await courier.send(ORDER)
    uid = sandbox.letters(PETROV)[0].uid
    form = await _text(browser, f"/box/{PETROV}/write?reply={uid}")
    assert 'value="bot+k3v9x2m7q5w8@mytischi.example"' in form
    data = aiohttp.FormData(quote_fields=False)
    data.add_field("to", "bot+k3v9x2m7q5w8@mytischi.example")
    data.add_field("subject", "Re: [ЕКЖ-2026-000123] Поручение")
    data.add_field("text", "Сделано.\r\n\r\n02.03.2026 10:15, Ракурс пишет:\r\n> Просим")
    data.add_field("in_reply_to", ORDER.message_id)
    data.add_field("references", ORDER.message_id)
    data.add_field("file", b"\xff\xd8photo", filename="фото работ.jpg", content_type="image/jpeg")
    async with browser.post(f"/box/{PETROV}/write", data=data) as answer:
        assert answer.status == 200
    got = await sandbox.wait_for(BOT, lambda one: one.sender == PETROV)
    reading = read(got, MailRules(mail_from=BOT))
    assert reading == PersonReply(token="k3v9x2m7q5w8", text="Сделано.")
    assert got.in_reply_to == ORDER.message_id
    assert [(one.name, one.content) for one in got.attachments] == [
        ("фото работ.jpg", b"\xff\xd8photo")
    ]


async def test_attachment_is_downloaded_and_never_shown(
    sandbox: MailSandbox, browser: aiohttp.ClientSession, courier: SmtpCourier
) -> None:
    await courier.send(ORDER)
    uid = sandbox.letters(PETROV)[0].uid
    async with browser.get(f"/box/{PETROV}/{uid}/file/0") as answer:
        assert await answer.read() == ORDER.files[0].content
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_hostile_letter_shows_as_words_only(
    sandbox: MailSandbox, browser: aiohttp.ClientSession
) -> None:
    raw = (
        'From: "<script>a</script>" <"<img>"@x.example>\r\nSubject: <script>alert(1)</script>\r\n'
        'Reply-To: "onclick=" <a"><script>@x.example>\r\nMessage-ID: <"><script>\r\n'
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;script&gt;\r\n--b\r\n"
        'Content-Type: text/html; name="<script>.html"\r\n\r\n<script>\r\n--b--\r\n'
    )
    await sandbox.deliver(raw.encode(), PETROV)
    uid = sandbox.letters(PETROV)[0].uid
    for path in ("", f"/{uid}", f"/write?reply={uid}"):
        page = await _text(browser, f"/box/{PETROV}{path}")
        assert "<script" not in page
        assert "<img" not in page
    async with browser.get(f"/box/{PETROV}/{uid}") as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_other_sites_can_neither_read_nor_write(
    sandbox: MailSandbox, browser: aiohttp.ClientSession
) -> None:
    async with browser.get("/", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    data = {"to": PETROV, "subject": "x", "text": "y"}
    origin = {"Origin": "http://evil.example"}
    async with browser.post(f"/box/{BOT}/write", data=data, headers=origin) as answer:
        assert answer.status == 403
    assert sandbox.letters(PETROV) == ()


@pytest.mark.parametrize("to", ["", "nobody@mytischi.example", "без собаки"])
async def test_wrong_recipient_is_explained_and_what_was_written_is_kept(
    to: str, browser: aiohttp.ClientSession
) -> None:
    data = {"to": to, "subject": "Тема", "text": "Очень длинный рассказ"}
    async with browser.post(f"/box/{PETROV}/write", data=data) as answer:
        page = await answer.text()
        assert answer.status == 400
    assert 'class="error"' in page
    assert "Очень длинный рассказ" in page


@pytest.mark.parametrize(
    "path", ["/box/nobody@x.example", f"/box/{BOT}/999", f"/box/{BOT}/999/file/0", "/etc/passwd"]
)
async def test_what_is_not_there_is_not_found(path: str, browser: aiohttp.ClientSession) -> None:
    async with browser.get(path) as answer:
        assert answer.status == 404


async def test_courier_meets_the_sandboxs_faults_as_it_would_a_servers(
    sandbox: MailSandbox, courier: SmtpCourier
) -> None:
    sandbox.answer_next("rcpt", "451 4.3.0 later")
    with pytest.raises(TryLaterError):
        await courier.send(ORDER)
    sandbox.answer_next("data", "554 5.6.0 refused")
    with pytest.raises(RefusedError):
        await courier.send(ORDER)
    sandbox.drop_after_next_data(delivered=False)
    with pytest.raises(InDoubtError):
        await courier.send(ORDER)
    assert sandbox.letters(PETROV) == ()
    sandbox.drop_after_next_data(delivered=True)
    with pytest.raises(InDoubtError):
        await courier.send(ORDER)
    await courier.send(ORDER)
    assert len(sandbox.letters(PETROV)) == 2


async def test_unknown_user_is_refused_for_good(courier: SmtpCourier) -> None:
    with pytest.raises(RefusedError, match=r"5\.1\.1"):
        await courier.send(OutgoingLetter("<a@b>", ("nobody@gkh.example",), "x", "y"))


async def test_letter_delivered_keeps_its_words(sandbox: MailSandbox) -> None:
    def third(one: Letter) -> bool:
        return one.subject == "3"

    for number in range(4):
        await sandbox.deliver(letter(number, f"слово {number}"), BOT)
    assert own_words(await sandbox.wait_for(BOT, third)) == "слово 3"
    assert [parse(raw).subject for raw in await sandbox.mailbox(BOT)] == ["0", "1", "2", "3"]
