"""The IMAP loop against servers that misbehave, each in one of the ways that hang the library."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.inbound import MailboxEvent, Unrecognised
from mail.address import server_address
from mail.imap import Mailbox, MailUnavailableError, modified_utf7, open_mailbox, quoted
from mail.inbox import Inbox, Progress, check_mailbox
from mail.rules import MailRules
from tests.mail.keeping import Keeping, letter, now
from tests.mail.scripted import Handler, Line, Scripted, serving

Step = Callable[[Line, str], Awaitable[None]]


class _Good:
    """What a sound server answers, command by command."""

    def __init__(self, letters: dict[int, bytes], uidvalidity: int, *, idle: bool, quota: bool
                 ) -> None:
        self.letters = letters
        self.short = {
            "capability": f"* CAPABILITY IMAP4rev1{' IDLE' * idle}{' QUOTA' * quota}\n",
            "login": "",
            "store": "",
            "noop": "",
            "logout": "* BYE\n",
            "select": f"* {len(letters)} EXISTS\n* OK [UIDVALIDITY {uidvalidity}] ok\n",
        }

    async def search(self, line: Line, tag: str, said: str) -> None:
        start = int(said.split("UID ")[-1].split(":")[0])
        found = [uid for uid in self.letters if uid >= start] or sorted(self.letters)[-1:]
        await line.say(f"* SEARCH {' '.join(map(str, found))}\n{tag} OK done\n")

    async def outline(self, line: Line, tag: str, said: str) -> None:
        for uid in asked_for(said):
            if uid in self.letters:
                await line.say(
                    f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.letters[uid])} "
                    'INTERNALDATE " 2-Mar-2026 10:15:00 +0300")\n'
                )
        await line.say(f"{tag} OK done\n")

    async def fetch(self, line: Line, tag: str, said: str) -> None:
        for uid in asked_for(said):
            if uid in self.letters:
                await say_letter(line, uid, self.letters[uid])
        await line.say(f"{tag} OK done\n")

    async def idle(self, line: Line, tag: str, said: str) -> None:
        await line.say("+ idling\n")
        await line.until("DONE")
        await line.say(f"{tag} OK done\n")


def imap(
    letters: dict[int, bytes], *, uidvalidity: int = 7, can_idle: bool = True,
    can_quota: bool = False, **instead: Step
) -> Handler:
    """A good server holding these letters; ``instead`` replaces its answer to one command.

    Keys: ``greeting``, ``login``, ``select``, ``search``, ``noop``, ``outline``, ``fetch``,
    ``store``, ``idle``. The step gets the line and the command's tag.
    """
    good = _Good(letters, uidvalidity, idle=can_idle, quota=can_quota)

    async def answer(line: Line, said: str) -> None:
        tag, word = said.split()[0], _kind(said)
        if word in instead:
            await instead[word](line, tag)
        elif word in good.short:
            await line.say(f"{good.short[word]}{tag} OK done\n")
        else:
            await getattr(good, word)(line, tag, said)

    async def play(line: Line) -> None:
        if "greeting" in instead:
            await instead["greeting"](line, "")
        await line.say("* OK ready\n")
        while True:
            await answer(line, await line.hear())

    return play


def _kind(said: str) -> str:
    if "RFC822.SIZE" in said:
        return "outline"
    return said.replace("UID ", "", 1).split()[1].lower()


def asked_for(said: str) -> list[int]:
    """The letters that a FETCH asks for."""
    return [int(one) for one in said.split("FETCH ")[1].split()[0].split(",")]


async def say_letter(line: Line, uid: int, raw: bytes) -> None:
    head = f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode()
    line.writer.write(head + raw + b")\r\n")
    await line.writer.drain()


def say(text: str) -> Step:
    async def step(line: Line, tag: str) -> None:
        await line.say(text.replace("TAG", tag))

    return step


def drop_after(text: str) -> Step:
    async def step(line: Line, tag: str) -> None:
        await line.say(text.replace("TAG", tag))
        line.drop()
        raise ConnectionResetError

    return step


def hang_after(text: str) -> Step:
    async def step(line: Line, tag: str) -> None:
        await line.say(text.replace("TAG", tag))
        await line.hang()
        raise ConnectionResetError

    return step


@asynccontextmanager
async def working(
    server: Scripted, kept: Keeping, *, folder: str = "INBOX", since: date | None = None,
    **options: float,
) -> AsyncIterator[Inbox]:
    url = f"imap://bot%40x:p%22w%5C@127.0.0.1:{server.port}/{folder}"
    inbox = Inbox(
        url, kept, MailRules("bot@x.example", since=since), now,
        **{"poll": 20.0, "limit": 0.4, "pauses": (0.01, 0.02), **options},  # type: ignore[arg-type]
    )  # fmt: skip
    task = asyncio.create_task(inbox.run())
    try:
        yield inbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


LETTERS = {5: letter(5), 6: letter(6)}
FAULTS: dict[str, dict[str, Any]] = {  # of a Step each
    "BYE вместо приветствия": {"greeting": drop_after("* BYE full\n")},
    "молчание вместо приветствия": {"greeting": hang_after("")},
    "обрыв при входе": {"login": drop_after("")},
    "отказ во входе": {"login": say("TAG NO [AUTHENTICATIONFAILED] no\n")},
    "молчание при выборе папки": {"select": hang_after("* 2 EXISTS\n")},
    "отказ в папке": {"select": say("TAG NO no such mailbox\n")},
    "BYE на поиск": {"search": drop_after("* BYE bye\n")},
    "молчание на поиск": {"search": hang_after("")},
    "чепуха на поиск": {"search": say("* SEARCH пять\nTAG BAD what\n")},
    "обрыв на размерах": {"outline": drop_after("* 5 FETCH (UID 5 RFC8")},
    "полписьма и обрыв": {"fetch": drop_after("* 5 FETCH (UID 5 BODY[] {999}\nFrom: a\n")},
    "полписьма и молчание": {"fetch": hang_after("* 5 FETCH (UID 5 BODY[] {999}\nFrom: a\n")},
    "BYE вместо письма": {"fetch": drop_after("* BYE bye\n")},
    "NO вместо письма": {"fetch": say("TAG NO [SERVERBUG] no\n")},
    "молчание на отметку": {"store": hang_after("")},
    "обрыв на отметку": {"store": drop_after("")},
    "отказ в отметке": {"store": say("TAG NO read-only\n")},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_after_the_fault_a_fresh_connection_takes_every_letter_once(fault: str) -> None:
    kept = Keeping()
    bad, good = imap(LETTERS, **FAULTS[fault]), imap(LETTERS)
    async with serving(bad, bad, good) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    assert kept.subjects == ["5", "6"]
    assert kept.place == (7, 6)


async def test_a_large_letter_is_fetched_when_all_before_it_are_kept(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.inbox._GROUP_BYTES", 1000)
    many = {1: letter(1), 2: letter(2, "Я" * 900), 3: letter(3, "Я" * 900), 4: letter(4)}
    kept, before = Keeping(), {}

    async def fetch(line: Line, tag: str) -> None:
        (uid,) = asked_for(line.heard[-1])
        before[uid] = kept.subjects[:]
        await say_letter(line, uid, many[uid])
        await line.say(f"{tag} OK done\n")

    async with serving(imap(many, fetch=fetch)) as server, working(server, kept):
        await kept.until(lambda one: len(one.rows) == 4)
    assert (before[2], before[3]) == (["1"], ["1", "2"])
    assert kept.subjects == ["1", "2", "3", "4"]


async def test_a_group_is_filled_from_the_next_list_of_what_waits(
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Else every list ends with a small group, for which the disk is waited for all the same."""
    monkeypatch.setattr("mail.inbox._BATCH", 3)
    monkeypatch.setattr("mail.inbox._GROUP", 2)
    many = {uid: letter(uid) for uid in range(1, 8)}
    kept = Keeping()
    async with serving(imap(many)) as server, working(server, kept):
        await kept.until(lambda one: len(one.rows) == 7)
    assert kept.groups == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert kept.subjects == [str(uid) for uid in many]


async def test_groups_are_kept_in_order_and_none_after_one_that_failed(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.inbox._GROUP", 2)
    many = {uid: letter(uid) for uid in range(1, 8)}
    kept = Keeping()
    bad = {"3"}
    kept.failing = lambda mail: mail.subject in bad

    async with serving(imap(many)) as server, working(server, kept):
        await kept.until(lambda one: 3 in [place.uid for place in one.calls])
        assert kept.subjects == ["1", "2"], "nothing that came after it is taken before it"
        bad.clear()
        await kept.until(lambda one: len(one.rows) == 7)
    assert kept.subjects == [str(uid) for uid in many]
    assert kept.place == (7, 7)


@pytest.mark.parametrize(
    "step",
    [drop_after("* BYE bye\n"), drop_after("+ idling\n"), drop_after("+ idling\n* BYE bye\n"),
     hang_after(""), drop_after(""), say("TAG NO no idle\n"), say("TAG BAD what\n")],
    ids=["BYE сразу", "обрыв в ожидании", "BYE в ожидании", "молчание на IDLE", "обрыв на IDLE",
         "NO на IDLE", "BAD на IDLE"],
)  # fmt: skip
async def test_loss_of_the_line_in_idle_is_noticed_at_once(step: Step) -> None:
    kept = Keeping()
    first, second = imap({5: letter(5)}, idle=step), imap(LETTERS)
    async with serving(first, second) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2, seconds=5)
    assert kept.subjects == ["5", "6"]


async def test_a_stop_during_the_good_bye_leaves_no_line_open() -> None:
    """The program stops while a connection is being left, and the server is slow to answer."""
    async with serving(imap(LETTERS, logout=hang_after(""))) as server:
        entered: list[Mailbox] = []

        async def visit() -> None:
            address = server_address(f"imap://bot:p@127.0.0.1:{server.port}/INBOX", "imap")
            async with open_mailbox(address, limit=5) as mailbox:
                entered.append(mailbox)

        visiting = asyncio.create_task(visit())
        await server.until(lambda said: said.endswith("LOGOUT"))
        visiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await visiting
        assert entered[0]._client.protocol.transport.is_closing()


async def test_server_without_idle_is_looked_at_again_and_again() -> None:
    letters = {5: letter(5)}
    kept = Keeping()
    async with serving(imap(letters, can_idle=False)) as server, working(server, kept, poll=0.05):
        await kept.until(lambda _: len(kept.rows) == 1)
        letters[6] = letter(6)
        await kept.until(lambda _: len(kept.rows) == 2)
    assert len(server.lines) == 1


async def test_silent_idle_is_ended_by_the_poll() -> None:
    letters = {5: letter(5)}
    kept = Keeping()
    async with serving(imap(letters)) as server, working(server, kept, poll=0.05):
        await server.until(lambda said: said.endswith("IDLE"))
        letters[6] = letter(6)
        await kept.until(lambda _: len(kept.rows) == 2)
    assert len(server.lines) == 1
    assert server.heard.count("DONE") >= 1


async def test_letter_announced_with_the_last_empty_search_is_taken_at_once() -> None:
    """The server tells of the letter where the library drops it, and is silent in IDLE."""
    letters = {5: letter(5)}

    async def search(line: Line, tag: str) -> None:
        if "UID 6:" in line.heard[-1] and 6 not in letters:
            letters[6] = letter(6)
            await line.say(f"* SEARCH 5\n* 2 EXISTS\n{tag} OK done\n")
        else:
            await line.say(f"* SEARCH {' '.join(map(str, letters))}\n{tag} OK done\n")

    kept = Keeping()
    async with serving(imap(letters, search=search)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2, seconds=5)
    assert kept.subjects == ["5", "6"]
    assert len(server.lines) == 1


async def test_letter_announced_right_behind_the_search_is_taken_at_once() -> None:
    letters = {5: letter(5)}

    async def noop(line: Line, tag: str) -> None:
        late = len(kept.rows) == 1 and 6 not in letters
        if late:
            letters[6] = letter(6)
        await line.say(f"{'* 2 EXISTS' if late else '* OK still here'}\n{tag} OK done\n")

    kept = Keeping()
    async with serving(imap(letters, noop=noop)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2, seconds=5)
    assert len(server.lines) == 1


async def test_server_that_announces_on_and_on_is_not_searched_for_ever() -> None:
    kept = Keeping()
    told = imap({5: letter(5)}, noop=say("* 1 EXISTS\nTAG OK done\n"))
    async with serving(told) as server, working(server, kept):
        await server.until(lambda said: said.endswith("IDLE"), seconds=5)
    assert 2 <= sum("SEARCH" in said for said in server.heard) <= 6


async def test_new_uidvalidity_starts_the_mailbox_anew_and_doubles_nothing() -> None:
    kept = Keeping()
    before = imap({5: letter(5)}, idle=drop_after("+ idling\n"))
    after = imap({1: letter(5), 2: letter(6)}, uidvalidity=8)
    async with serving(before, after) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    assert kept.subjects == ["5", "6"]
    assert kept.place == (8, 2)


async def test_expunged_letter_is_passed_over() -> None:
    async def search(line: Line, tag: str) -> None:
        last = "UID 7:" in line.heard[-1]
        await line.say(f"* SEARCH {'6' if last else '4 5 6'}\n{tag} OK done\n")

    kept = Keeping()
    async with serving(imap(LETTERS, search=search)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    assert kept.subjects == ["5", "6"]


async def test_letter_the_server_never_gives_becomes_a_row_and_the_rest_come() -> None:
    async def fetch(line: Line, tag: str) -> None:
        if 6 in asked_for(line.heard[-1]):
            await say_letter(line, 6, LETTERS[6])
        await line.say(f"{tag} OK done\n")

    kept = Keeping()
    async with serving(imap(LETTERS, fetch=fetch)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    refused = kept.rows[0].reading
    assert isinstance(refused, Unrecognised)
    assert "не отдаёт письмо (UID 5)" in refused.reason
    assert kept.subjects[1] == "6"


async def test_a_letter_that_spoils_the_common_answer_is_asked_for_alone() -> None:
    """The server refuses the whole command for the sake of one letter that it cannot read."""
    async def fetch(line: Line, tag: str) -> None:
        uids = asked_for(line.heard[-1])
        if 7 in uids:
            await line.say(f"{tag} NO [SERVERBUG] cannot read 7\n")
            return
        for uid in uids:
            await say_letter(line, uid, LETTERS[uid])
        await line.say(f"{tag} OK done\n")

    kept = Keeping()
    letters = {**LETTERS, 7: letter(7)}
    async with serving(imap(letters, fetch=fetch)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 3)
    assert kept.subjects[:2] == ["5", "6"]
    assert isinstance(kept.rows[2].reading, Unrecognised)


async def test_a_line_that_bears_few_letters_at_once_is_asked_for_fewer() -> None:
    async def fetch(line: Line, tag: str) -> None:
        uids = asked_for(line.heard[-1])
        for uid in uids[:3]:
            await say_letter(line, uid, letters[uid])
        if len(uids) > 3:
            line.drop()
            raise ConnectionResetError
        await line.say(f"{tag} OK done\n")

    kept = Keeping()
    letters = {uid: letter(uid) for uid in range(1, 31)}
    async with serving(imap(letters, fetch=fetch)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 30)
    assert kept.subjects == [str(uid) for uid in letters]


async def test_letters_are_told_apart_however_the_server_writes_its_answer() -> None:
    """The number behind the letter, another order, news of flags between, a letter in quotes."""
    short = "From: a@b.example\\\\x"

    async def fetch(line: Line, tag: str) -> None:
        size = len(LETTERS[5])
        await line.say("* 3 FETCH (FLAGS (\\Seen) UID 9)\n")
        await line.say(f'* 2 FETCH (UID 6 BODY[] "{short}")\n')
        line.writer.write(f"* 1 FETCH (BODY[] {{{size}}}\r\n".encode() + LETTERS[5])
        await line.say(f" UID 5)\n* 4 FETCH (FLAGS () UID 9)\n{tag} OK done\n")

    kept = Keeping()
    async with serving(imap(LETTERS, fetch=fetch)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2)
    assert [bytes(row.raw) for row in kept.rows] == [LETTERS[5], b"From: a@b.example\\x"]
    assert sum("BODY.PEEK[]" in said for said in server.heard) == 1


async def test_letter_is_marked_only_after_it_was_taken_in() -> None:
    kept = Keeping()
    kept.failing = lambda _: len(kept.calls) < 3
    async with serving(imap({5: letter(5)})) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 1)
        await server.until(lambda said: "STORE" in said)
    stores = [line for line in server.lines if any("STORE" in said for said in line.heard)]
    assert len(stores) == 1
    assert "+FLAGS.SILENT (\\Seen)" in next(s for s in stores[0].heard if "STORE" in s)


async def test_moment_of_arrival_is_the_servers() -> None:
    kept = Keeping()
    async with serving(imap({5: letter(5)})) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 1)
    assert kept.rows[0].received_at.isoformat() == "2026-03-02T10:15:00+03:00"


async def test_names_with_spaces_quotes_and_russian_letters_are_sent_right() -> None:
    kept = Keeping()
    folder = "Входящие%20%22МСЭД%22"
    async with serving(imap({5: letter(5)})) as server, working(server, kept, folder=folder):
        await kept.until(lambda _: len(kept.rows) == 1)
    assert any(said.endswith('LOGIN "bot@x" "p\\"w\\\\"') for said in server.heard)
    selected = next(said for said in server.heard if "SELECT" in said)
    assert selected.endswith(quoted(modified_utf7('Входящие "МСЭД"')))
    assert selected.isascii()


def test_modified_utf7_is_as_the_standard_shows_it() -> None:
    assert modified_utf7("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert modified_utf7("A & B") == "A &- B"


async def test_flood_of_expunges_breaks_only_the_connection() -> None:
    async def idle(line: Line, tag: str) -> None:
        await line.say("+ idling\n" + "* 1 EXPUNGE\n" * 20_000)
        await line.hang()
        raise ConnectionResetError

    kept = Keeping()
    first = imap({5: letter(5)}, idle=idle)
    async with serving(first, imap(LETTERS)) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == 2, seconds=10)
    assert kept.subjects == ["5", "6"]


async def test_large_mailbox_is_asked_for_in_small_portions() -> None:
    letters = {uid: letter(uid) for uid in range(1, 351)}
    kept = Keeping()
    async with serving(imap(letters)) as server, working(server, kept, limit=5):
        await kept.until(lambda _: len(kept.news) == 2)
    portions = [
        len(re.findall(r"\d+", said.split("FETCH")[1].split("(")[0]))
        for said in server.heard
        if "RFC822.SIZE" in said
    ]
    assert max(portions) <= 100
    assert kept.subjects == [str(uid) for uid in range(1, 351)]
    assert [(one.event, one.count) for one in kept.news] == [
        (MailboxEvent.BACKLOG, 350), (MailboxEvent.CAUGHT_UP, 350)]
    assert all(row.backlog for row in kept.rows)


async def test_a_backlog_goes_on_where_the_line_was_lost() -> None:
    letters = {uid: letter(uid) for uid in range(1, 301)}
    kept = Keeping()

    async def fetch(line: Line, tag: str) -> None:
        for uid in asked_for(line.heard[-1]):
            if uid in {50, 250} and uid not in lost:
                lost.append(uid)
                line.drop()
                raise ConnectionResetError
            await say_letter(line, uid, letters[uid])
        await line.say(f"{tag} OK done\n")

    lost: list[int] = []
    async with serving(imap(letters, fetch=fetch)) as server, working(server, kept, limit=5):
        await kept.until(lambda _: len(kept.rows) == 300)
    assert lost == [50, 250]
    assert kept.subjects == [str(uid) for uid in range(1, 301)]
    assert len(kept.calls) == 300, "no letter is taken in twice"


def test_the_progress_says_how_many_how_fast_and_how_long_yet() -> None:
    began = datetime(2026, 11, 23, 7, tzinfo=UTC)
    said = Progress(50_000, began).said(10_000, began + timedelta(minutes=5))
    assert said == ("mail backlog: 10000 of 50000 letters taken in (20 %), 33/s, "
                    "about 20 min left")


async def test_a_mailbox_nearly_full_is_told_of_and_fails_the_check() -> None:
    full = imap(LETTERS, can_quota=True,
                getquotaroot=say('* QUOTAROOT INBOX ""\n* QUOTA "" (STORAGE 93 100)\nTAG OK\n'))
    kept = Keeping()
    async with serving(full) as server, working(server, kept):
        await kept.until(lambda _: len(kept.rows) == len(LETTERS))
    assert [(one.event, one.count) for one in kept.news] == [(MailboxEvent.FILLING, 93)]
    async with serving(full) as server:
        with pytest.raises(MailUnavailableError, match="заполнен на 93 %"):
            await check_mailbox(f"imap://bot:x@127.0.0.1:{server.port}")


async def test_the_check_says_how_many_letters_are_not_taken_in_yet() -> None:
    async def cursor(_: str) -> tuple[int, int]:
        return 7, 5

    async with serving(imap(LETTERS)) as server:
        said = await check_mailbox(f"imap://bot:x@127.0.0.1:{server.port}", cursor=cursor)
    assert said.endswith("писем в папке «INBOX»: 2, из них ещё не принято: 1.")


async def test_what_came_before_the_office_began_is_left_alone() -> None:
    arrived = {5: date(2026, 11, 20), 6: date(2026, 11, 23)}

    async def search(line: Line, tag: str) -> None:
        asked = re.search(r"UID (\d+):\*(?: SINCE (\S+))?$", line.heard[-1])
        assert asked
        since = datetime.strptime(asked[2], "%d-%b-%Y").date() if asked[2] else date.min  # noqa: DTZ007
        found = [uid for uid in LETTERS if uid >= int(asked[1]) and arrived[uid] >= since]
        await line.say(f"* SEARCH {' '.join(map(str, found))}\n{tag} OK done\n")

    kept, since = Keeping(), arrived[6]
    async with serving(imap(LETTERS, search=search)) as server:
        async with working(server, kept, since=since) as inbox:
            await kept.until(lambda _: bool(kept.rows))
            await kept.until(lambda _: inbox.health.taken == 1)
        said = await check_mailbox(f"imap://bot:x@127.0.0.1:{server.port}", since=since)
    assert kept.subjects == ["6"]
    assert not [one for one in server.heard if "STORE 5" in one or "FETCH 5" in one]
    assert said.endswith("писем в папке «INBOX»: 2, пришли до 23.11.2026 и не принимаются "
                         "(MAIL_SINCE): 1.")


async def test_check_explains_a_refused_login_without_the_password() -> None:
    refusing = imap(LETTERS, login=say("TAG NO [AUTHENTICATIONFAILED] no\n"))
    async with serving(refusing) as server:
        with pytest.raises(MailUnavailableError, match="не принял имя и пароль") as raised:
            await check_mailbox(f"imap://bot:s%40cret@127.0.0.1:{server.port}")
    assert "s@cret" not in str(raised.value)


async def test_a_large_letter_is_fetched_in_portions_and_is_the_same(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.imap.PORTION", 1000)
    for length in (1001, 1999, 2000, 2001, 5000):
        raw = letter(5, "Я" * length)

        async def fetch(line: Line, tag: str, whole: bytes = raw) -> None:
            said = re.search(r"<(\d+)\.(\d+)>", line.heard[-1])
            assert said, "asked for in portions"
            start, count = int(said[1]), int(said[2])
            portion = whole[start:start + count]
            head = f"* 1 FETCH (UID 5 BODY[]<{start}> {{{len(portion)}}}\r\n".encode()
            line.writer.write(head + portion + b")\r\n")
            await line.say(f"{tag} OK done\n")

        kept = Keeping()
        async with serving(imap({5: raw}, fetch=fetch)) as server, working(server, kept):
            await kept.until(lambda one: len(one.rows) == 1)
        assert bytes(kept.rows[0].raw) == raw
