"""The outbox of notices and letters, on either database."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.errors import NotFoundError
from core.files import FileRef
from core.notices import Notice, NoticeKind
from core.outbound import Delivery
from core.people import Channel
from storage.database import Database
from tests.storage.contract.values import MOSCOW, NOW


class TestOutbox:
    @staticmethod
    def notice(key: str, person_id: int = 1, **more: object) -> Notice:
        return Notice(NoticeKind.ASSIGNMENT, key, person_id=person_id, case_id=2,
                      facts={"номер": "ЕКЖ-2026-000001"}, **more)  # type: ignore[arg-type]

    async def test_second_notice_of_a_key_is_passed_over(self, database: Database) -> None:
        async with database.work() as work:
            await work.outbox.put([(self.notice("a"), Channel.TELEGRAM),
                                   (self.notice("a"), Channel.TELEGRAM)], NOW)
        async with database.work() as work:
            await work.outbox.put([(self.notice("a"), Channel.EMAIL)], NOW)
            assert await work.outbox.count(Delivery.QUEUED) == 1

    async def test_row_comes_back_whole(self, database: Database) -> None:
        notice = self.notice("a", address="x@y.ru", not_before=NOW, channel=Channel.EMAIL,
                             expires_at=NOW + timedelta(days=1))
        async with database.work() as work:
            await work.outbox.put([(notice, Channel.EMAIL)], NOW.astimezone(MOSCOW))
            (row,) = await work.outbox.claim(
                Channel.EMAIL, NOW.astimezone(MOSCOW), NOW + timedelta(minutes=5), 10)
        assert row.notice == notice
        assert (row.state, row.attempts, row.queued_at, row.claimed_until) == (
            Delivery.QUEUED, 1, NOW, NOW + timedelta(minutes=5))

    async def test_rows_are_found_by_key_by_case_and_by_person_since(self, database: Database
                                                                     ) -> None:
        async with database.work() as work:
            for key, person, minutes in (("a", 1, 0), ("b", 1, 5), ("c", 2, 5)):
                await work.outbox.put([(self.notice(key, person), Channel.EMAIL)],
                                      NOW + timedelta(minutes=minutes))
            found = await work.outbox.by_key("b")
            assert found is not None
            assert found.notice.key == "b"
            assert await work.outbox.by_key("нет") is None
            of_case = await work.outbox.of_case(2, {NoticeKind.ASSIGNMENT})
            assert [one.notice.key for one in of_case] == ["a", "b", "c"]
            assert not await work.outbox.of_case(2, {NoticeKind.LETTER_OUT})
            since = (NOW + timedelta(minutes=5)).astimezone(MOSCOW)
            assert await work.outbox.queued_since(NoticeKind.ASSIGNMENT, 1, since) == 1
            assert await work.outbox.queued_since(NoticeKind.ASSIGNMENT, 1, NOW) == 2

    async def test_three_short_notices_of_one_person_are_claimed_together_and_no_others(
            self, database: Database) -> None:
        until, kinds = NOW + timedelta(minutes=1), {NoticeKind.ASSIGNMENT}
        async with database.work() as work:
            await work.outbox.put([
                (self.notice(key, person), channel) for key, person, channel in (
                    ("a", 1, Channel.TELEGRAM), ("b", 1, Channel.TELEGRAM),
                    ("c", 2, Channel.TELEGRAM), ("d", 1, Channel.EMAIL))], NOW)
            first, _ = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 10)
            assert not await work.outbox.claim_with(first, kinds, NOW, until), "two are two"
            late = self.notice("later", not_before=until)
            await work.outbox.put([(self.notice("e"), Channel.TELEGRAM),
                                   (late, Channel.TELEGRAM)], NOW)
            others = await work.outbox.claim_with(first, kinds, NOW, until)
            assert [one.notice.key for one in others] == ["b", "e"]
            assert not await work.outbox.claim_with(first, kinds, NOW, until), "claimed already"
            assert not await work.outbox.claim_with(
                first, {NoticeKind.DIGEST}, NOW, until)

    async def test_what_was_opened_is_known_for_its_reader_alone(self, database: Database
                                                                 ) -> None:
        kinds = {NoticeKind.ASSIGNMENT}
        async with database.work() as work:
            await work.outbox.put([(self.notice(key, person), Channel.TELEGRAM)
                                   for key, person in (("a", 1), ("b", 2), ("c", 1))], NOW)
            for key in ("a", "b"):
                row = await work.outbox.by_key(key)
                assert row is not None
                await work.outbox.settle(row.id, Delivery.SENT, NOW)
            await work.outbox.opened(1, NOW + timedelta(minutes=3))
            opened = {one.notice.key: one.opened_at
                      for one in await work.outbox.of_case(2, kinds)}
            assert opened == {"a": NOW + timedelta(minutes=3), "b": None, "c": None}
            waiting = await work.outbox.unopened(kinds, NOW)
            assert [one.notice.key for one in waiting] == ["b"]
            assert not await work.outbox.unopened(kinds, NOW + timedelta(seconds=1))

    async def test_claim_takes_what_is_due_oldest_first_and_once(self, database: Database
                                                                 ) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([
                (self.notice("1"), Channel.TELEGRAM), (self.notice("2"), Channel.EMAIL),
                (self.notice("3", 3, not_before=later.astimezone(MOSCOW)), Channel.TELEGRAM),
                (self.notice("4", 4), Channel.TELEGRAM),
                (self.notice("5", 5), Channel.TELEGRAM)], NOW)

        async def claim(now: datetime, limit: int) -> list[str]:
            async with database.work() as work:
                rows = await work.outbox.claim(Channel.TELEGRAM, now, now + timedelta(1), limit)
                return [row.notice.key for row in rows]

        assert await claim(NOW, 2) == ["1", "4"]
        assert await claim(later - timedelta(microseconds=1), 9) == ["5"]
        assert await claim(later, 9) == ["3"]
        assert await claim(later, 9) == []

    async def test_each_recipient_is_served_one_row_at_a_time_in_order(self, database: Database
                                                                       ) -> None:
        until = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice(str(number), number % 2 + 1), Channel.TELEGRAM)
                                   for number in range(6)], NOW)
            first = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9)
            assert [row.notice.key for row in first] == ["0", "1"]
            held = [row.id for row in first]
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9, held) == []
            await work.outbox.settle(held[0], Delivery.SENT, NOW)
            (second,) = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 9, held[1:])
            assert second.notice.key == "2"

    async def test_claim_that_is_held_runs_out_later(self, database: Database) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM),
                                   (self.notice("2", 2), Channel.TELEGRAM)], NOW)
            rows = await work.outbox.claim(Channel.TELEGRAM, NOW, NOW, 2)
            assert [await work.outbox.leave(row, NOW) for row in rows] == [True, True]
            await work.outbox.settle(rows[1].id, Delivery.SENT, NOW)
            await work.outbox.hold([row.id for row in rows], later)
            assert await work.outbox.claimed_and_lost(NOW) == []
            (lost,) = await work.outbox.claimed_and_lost(later)
            assert lost.id == rows[0].id

    async def test_claim_that_ran_out_before_leaving_frees_the_row_for_another(
            self, database: Database) -> None:
        later = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (first,) = await work.outbox.claim(Channel.TELEGRAM, NOW, later, 1)
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, later, 1) == []
            (second,) = await work.outbox.claim(Channel.TELEGRAM, later, later, 1)
            assert (second.id, second.attempts) == (first.id, 2)
            assert not await work.outbox.leave(first, later)
            assert await work.outbox.leave(second, later)
            assert not await work.outbox.leave(second, later)

    async def test_letter_about_a_case_is_kept_as_it_went_each_time(
            self, database: Database) -> None:
        again = NOW + timedelta(minutes=1)
        about = replace(self.notice("1"), case_id=7)
        went = FileRef("a" * 64, "исходящее-1.eml", "message/rfc822", 9)
        async with database.work() as work:
            await work.outbox.put([(about, Channel.EMAIL), (self.notice("2", 2), Channel.EMAIL)],
                                  NOW)
            rows = await work.outbox.claim(Channel.EMAIL, NOW, again, 2)
            for row in rows:
                assert await work.outbox.leave(row, again, went)
            await work.outbox.settle(rows[0].id, Delivery.QUEUED, NOW, not_before=again)
            (row,) = await work.outbox.claim(Channel.EMAIL, again, again, 1)
            last = replace(went, name="ещё раз.eml")
            assert await work.outbox.leave(row, again, last)
            await work.outbox.settle(row.id, Delivery.SENT, again, message_ref="<1@x>")
        async with database.work() as work:
            letters = await work.outbox.letters_of_case(7)
        assert [(one.id, one.sent, one.message_ref) for one in letters] == [
            (row.id, went, "<1@x>"), (row.id, last, "<1@x>")]

    async def test_lost_claim_is_seen_when_it_runs_out(self, database: Database) -> None:
        until = NOW + timedelta(minutes=5)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (row,) = await work.outbox.claim(Channel.TELEGRAM, NOW, until, 1)
            assert await work.outbox.leave(row, until)
            assert await work.outbox.claimed_and_lost(until - timedelta(seconds=1)) == []
            (lost,) = await work.outbox.claimed_and_lost(until)
            assert lost.notice.key == "1"

    async def test_row_put_back_is_tried_again_later(self, database: Database) -> None:
        again = NOW + timedelta(minutes=1)
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.TELEGRAM)], NOW)
            (row,) = await work.outbox.claim(Channel.TELEGRAM, NOW, again, 1)
            await work.outbox.settle(row.id, Delivery.QUEUED, NOW, error="429", not_before=again)
            assert await work.outbox.claim(Channel.TELEGRAM, NOW, again, 1) == []
            (retried,) = await work.outbox.claim(Channel.TELEGRAM, again, again, 1)
        assert (retried.attempts, retried.last_error, retried.settled_at) == (2, "429", None)

    async def test_sent_letter_is_found_by_its_message_id_and_can_bounce(
            self, database: Database) -> None:
        async with database.work() as work:
            await work.outbox.put([(self.notice("1"), Channel.EMAIL)], NOW)
            (row,) = await work.outbox.claim(Channel.EMAIL, NOW, NOW, 1)
            await work.outbox.settle(row.id, Delivery.SENT, NOW, message_ref="<1@x>")
            await work.outbox.settle(row.id, Delivery.BOUNCED, NOW, error="550")
            found = await work.outbox.by_message_ref("<1@x>")
            assert found is not None
            assert (found.state, found.settled_at, found.last_error) == (
                Delivery.BOUNCED, NOW, "550")
            assert await work.outbox.by_message_ref("") is None
            assert await work.outbox.troubled() == [found]
            await work.outbox.dealt_with(row.id, NOW)
            assert await work.outbox.troubled() == []
            with pytest.raises(NotFoundError):
                await work.outbox.settle(row.id + 1, Delivery.SENT, NOW)
