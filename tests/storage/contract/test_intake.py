"""What comes in and what is asked, on either database."""

from dataclasses import replace

import pytest

from core.errors import AlreadyDoneError, NotFoundError
from core.files import FileRef
from core.ports import Prompt, StoredMail, StoredUpdate, Token
from storage.database import Database
from tests.storage.contract.values import NOW


class TestIntake:
    async def test_source_is_acted_on_once(self, database: Database) -> None:
        async with database.work() as work:
            await work.sources.mark("tg:1", NOW)
        with pytest.raises(AlreadyDoneError):
            async with database.work() as work:
                await work.sources.mark("tg:1", NOW)
        async with database.work() as work:
            await work.sources.mark("tg:2", NOW)

    async def test_update_is_kept_until_handled(self, database: Database) -> None:
        first, second, third = [StoredUpdate(2**40 + n, f'{{"n":{n}}}', NOW) for n in range(3)]
        async with database.work() as work:
            assert await work.updates.store([second, first]) == [second, first]
            assert await work.updates.store([first, third, third]) == [third]
        async with database.work() as work:
            await work.updates.attempt(first.update_id)
            await work.updates.handled(second.update_id, NOW)
        async with database.work() as work:
            assert await work.updates.unhandled() == [replace(first, attempts=1), third]
            assert await work.updates.store([second]) == []

    @staticmethod
    def mail(number: int = 1, **changes: object) -> StoredMail:
        mail = StoredMail(
            id=0, mailbox="INBOX", uidvalidity=7, uid=number, message_id=f"<{number}@x>",
            sender="a@b.ru", subject="Тема", text="Текст", received_at=NOW,
            raw=FileRef(f"{number:064x}", "letter.eml", "message/rfc822", 10), kind="unrecognised",
            outcome="", handled=False, files=(FileRef("f" * 64, "1.jpg", "image/jpeg", 5),))
        return replace(mail, **changes)  # type: ignore[arg-type]

    async def test_letter_waits_until_a_person_deals_with_it(self, database: Database) -> None:
        async with database.work() as work:
            added, _ = await work.mailbox.add(self.mail(1), self.mail(2, handled=True))
            assert await work.mailbox.get(added.id) == added
            assert await work.mailbox.unclear() == [added]
            await work.mailbox.settle(added.id, "к сообщению", 5)
            assert await work.mailbox.unclear() == []
            assert await work.mailbox.get(added.id) == replace(
                added, outcome="к сообщению", case_id=5, handled=True)
            with pytest.raises(NotFoundError):
                await work.mailbox.settle(99, "", None)

    async def test_letter_is_known_again_by_place_or_content(self, database: Database) -> None:
        other_way = FileRef("9" * 64, "letter.eml", "message/rfc822", 11)
        async with database.work() as work:
            await work.mailbox.add(self.mail(1), self.mail(2, message_id=""))
            fresh = [(await work.mailbox.fresh([one]))[0] for one in (
                self.mail(1, text="другое", message_id="<9@x>"),
                self.mail(1, uidvalidity=8, uid=50, raw=other_way),
                self.mail(1, uidvalidity=8, text="другое"),
                self.mail(2, uidvalidity=8, message_id=""),
                self.mail(2, uidvalidity=8, message_id="", raw=other_way),
                self.mail(3))]
        assert fresh == [False, False, True, False, True, True]

    async def test_letter_that_comes_twice_in_a_group_is_known_the_second_time(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.mailbox.add(self.mail(1))
            assert await work.mailbox.fresh([
                self.mail(1), self.mail(2), self.mail(2, uid=3), self.mail(2, subject="Другое"),
                self.mail(4, uidvalidity=8), self.mail(5)]) == [
                    False, True, False, False, True, True]

    async def test_cursor_moves(self, database: Database) -> None:
        async with database.work() as work:
            assert await work.mailbox.cursor("INBOX") is None
            await work.mailbox.move_cursor("INBOX", 2**32 - 1, 5)
            await work.mailbox.move_cursor("INBOX", 2**32 - 1, 6)
            assert await work.mailbox.cursor("INBOX") == (2**32 - 1, 6)


class TestDialogue:
    async def test_single_use_token_serves_once(self, database: Database) -> None:
        token = Token("approve", case_id=1, person_id=2, case_version=3, single_use=True)
        async with database.work() as work:
            await work.tokens.add("a" * 64, token, NOW)
            await work.tokens.add("b" * 64, Token("reply"), NOW)
            assert await work.tokens.find("a" * 64) == token
            for token_hash in ("a" * 64, "b" * 64):
                await work.tokens.use_up(token_hash)
            assert await work.tokens.find("a" * 64) == replace(token, used=True)
            assert await work.tokens.find("c" * 64) is None
            assert await work.tokens.find("b" * 64) == Token("reply")
            assert await work.tokens.find("c" * 64) is None

    async def test_question_waits_for_its_answer(self, database: Database) -> None:
        first = Prompt(-100, 1, 5, "report", case_id=1, facts={"шаг": "1"})
        second = Prompt(-100, 2, 5, "photo")
        async with database.work() as work:
            await work.prompts.put(first, NOW)
            await work.prompts.put(second, NOW)
            await work.prompts.put(Prompt(7, 3, 6, "report"), NOW)
            assert await work.prompts.find(-100, 1) == first
            assert await work.prompts.find(-100, 9) is None
            assert await work.prompts.find(-100, None) == second
            assert await work.prompts.find_purpose(-100, "report") == first
            changed = replace(first, facts={"шаг": "2"})
            await work.prompts.update(changed)
            assert await work.prompts.find(-100, 1) == changed
            await work.prompts.put(changed, NOW)
            assert await work.prompts.find(-100, None) == changed
            await work.prompts.close(-100, 1)
            assert await work.prompts.find(-100, None) == second
            await work.prompts.close_all(-100)
            assert await work.prompts.find(-100, None) is None
            assert await work.prompts.find(7, None) is not None

    async def test_duty_is_done_once_for_a_period(self, database: Database) -> None:
        async with database.work() as work:
            assert not await work.routines.done("digest", "2026-11-24")
            await work.routines.mark("digest", "2026-11-24", NOW)
            await work.routines.mark("digest", "2026-11-24", NOW)
            assert await work.routines.done("digest", "2026-11-24")
            assert not await work.routines.done("digest", "2026-11-25")
