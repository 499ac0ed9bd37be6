"""The IMAP loop against the embedded server: every letter exactly once, whatever breaks."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from core.inbound import Unrecognised
from mail.inbox import Inbox, check_mailbox
from mail.rules import MailRules
from mail.sandbox import MailSandbox, MailUser
from tests.mail.keeping import Keeping, letter, now

BOT = "bot@mytischi.example"
RULES = MailRules(mail_from=BOT, largest=100_000)


@pytest.fixture
async def sandbox() -> AsyncIterator[MailSandbox]:
    started = await MailSandbox.start([MailUser(BOT, 'п@р:о"л/ь\\')])
    yield started
    await started.stop()


@asynccontextmanager
async def working(sandbox: MailSandbox, kept: Keeping, **options: float) -> AsyncIterator[Inbox]:
    inbox = Inbox(
        sandbox.imap_url(BOT), kept, RULES, now,
        **{"poll": 30.0, "limit": 5.0, "pauses": (0.02, 0.05), **options},  # type: ignore[arg-type]
    )  # fmt: skip
    task = asyncio.create_task(inbox.run())
    try:
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_waiting_letters_are_taken_in_order_and_new_ones_at_once(
    sandbox: MailSandbox,
) -> None:
    for number in range(3):
        await sandbox.deliver(letter(number), BOT)
    kept = Keeping()
    async with working(sandbox, kept) as inbox:
        await kept.until(lambda _: len(kept.rows) == 3)
        await sandbox.deliver(letter(3), BOT)
        await kept.until(lambda _: len(kept.rows) == 4, seconds=5)
    assert kept.subjects == ["0", "1", "2", "3"]
    assert inbox.health.taken == 4
    assert inbox.health.last_error == ""
    assert inbox.health.last_success is not None


async def test_letters_that_come_while_others_are_taken_wait_for_no_poll(
    sandbox: MailSandbox,
) -> None:
    """Each letter comes while the one before is being acted on, in the midst of our commands."""
    kept = Keeping()
    coming: list[asyncio.Task[None]] = []

    def bring_the_next(_: object) -> bool:
        if len(kept.calls) < 25:
            coming.append(asyncio.ensure_future(sandbox.deliver(letter(len(kept.calls)), BOT)))
        return False

    kept.failing = bring_the_next
    await sandbox.deliver(letter(0), BOT)
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 25, seconds=15)
    await asyncio.gather(*coming)
    assert sorted(map(int, kept.subjects)) == list(range(25))


async def test_raw_bytes_are_kept_as_they_lie_on_the_server(sandbox: MailSandbox) -> None:
    await sandbox.deliver(letter(1, "точка\r\n.\r\n(незакрытая {12}"), BOT)
    kept = Keeping()
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 1)
    assert [row.raw for row in kept.rows] == await sandbox.mailbox(BOT)


def _holds(count: int, kept: Keeping) -> bool:
    return len(kept.rows) == count


async def test_restart_takes_up_where_the_cursor_stands(sandbox: MailSandbox) -> None:
    kept = Keeping()
    for number in range(2):
        await sandbox.deliver(letter(number), BOT)
        async with working(sandbox, kept):
            await kept.until(partial(_holds, number + 1))
    assert len(kept.calls) == 2


async def test_letter_too_large_becomes_a_row_with_the_reason(sandbox: MailSandbox) -> None:
    await sandbox.deliver(letter(1, "х" * 200_000), BOT)
    await sandbox.deliver(letter(2), BOT)
    kept = Keeping()
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    large = kept.rows[0]
    assert isinstance(large.reading, Unrecognised)
    assert "принимается не больше" in large.reading.reason
    assert large.subject == "1"
    assert len(large.raw) < 2000


async def test_intake_that_fails_is_tried_again_and_loses_nothing(sandbox: MailSandbox) -> None:
    kept = Keeping()
    kept.failing = lambda _: len(kept.calls) < 9
    for number in range(3):
        await sandbox.deliver(letter(number), BOT)
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 3)
    assert kept.subjects == ["0", "1", "2"]


async def test_letter_the_core_cannot_act_on_goes_to_a_person_and_the_rest_go_on(
    sandbox: MailSandbox,
) -> None:
    kept = Keeping()
    kept.failing = lambda mail: mail.subject == "1" and "применить" not in str(mail.reading)
    for number in range(3):
        await sandbox.deliver(letter(number), BOT)
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 3)
    assert kept.subjects == ["0", "1", "2"]
    assert isinstance(kept.rows[1].reading, Unrecognised)
    assert "применить его не удалось" in kept.rows[1].reading.reason


async def test_lines_cut_at_random_lose_and_double_nothing(sandbox: MailSandbox) -> None:
    kept = Keeping()
    chance = random.Random(7)
    async with working(sandbox, kept):
        for number in range(60):
            await sandbox.deliver(letter(number, "х" * chance.randrange(50_000)), BOT)
            if chance.random() < 0.4:
                sandbox.kick()
            if number == 30:
                await sandbox.imap_down()
                await sandbox.imap_up()
            await asyncio.sleep(0)
        await kept.until(lambda _: len(kept.rows) >= 60)
    assert sorted(map(int, kept.subjects)) == list(range(60))


async def test_server_that_is_down_at_first_is_waited_for(
    sandbox: MailSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = asyncio.Event()
    monkeypatch.setattr("mail.inbox.log.warning", lambda *_: failed.set())
    await sandbox.imap_down()
    await sandbox.deliver(letter(1), BOT)
    kept = Keeping()
    async with working(sandbox, kept) as inbox:
        await asyncio.wait_for(failed.wait(), 5)
        assert "Нет связи" in inbox.health.last_error
        await sandbox.imap_up()
        await kept.until(lambda _: len(kept.rows) == 1)


async def test_stopping_leaves_no_task_behind(sandbox: MailSandbox) -> None:
    kept = Keeping()
    await sandbox.deliver(letter(1), BOT)
    before = asyncio.all_tasks()
    async with working(sandbox, kept):
        await kept.until(lambda _: len(kept.rows) == 1)
    sandbox.kick()
    await sandbox.imap_down()
    assert asyncio.all_tasks() <= before


async def test_check_says_how_many_letters_there_are(sandbox: MailSandbox) -> None:
    await sandbox.deliver(letter(1), BOT)
    assert "писем в папке «INBOX»: 1" in await check_mailbox(sandbox.imap_url(BOT))
