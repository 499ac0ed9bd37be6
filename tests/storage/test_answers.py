"""What is remembered of answers, on both databases."""

from storage.database import Database


async def test_cases_with_most_marks_in_common_come_first(database: Database) -> None:
    async with database.work() as work:
        await work.answer_marks.add(1, ["t0:a", "t1:b"])
        await work.answer_marks.add(1, ["t1:b", "t2:c", "t2:c"])  # repeated: passed over
        await work.answer_marks.add(2, ["t2:c", "f:1"])
    async with database.work() as work:
        assert list(await work.answer_marks.cases_with(["t0:a", "t1:b", "t2:c"], 5)) == [1, 2]
        assert list(await work.answer_marks.cases_with(["t0:a", "t1:b", "t2:c"], 1)) == [1]
        assert list(await work.answer_marks.cases_with(["f:1"], 5)) == [2]
        assert list(await work.answer_marks.cases_with(["f:2"], 5)) == []
