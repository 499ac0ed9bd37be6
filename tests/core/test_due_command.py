"""``rakurs due``: dates counted by hand on the official production calendar."""

import json
from pathlib import Path

import pytest

from bot import cli

CODES = ["registration", "resolution", "delivery", "misroute_return", "coexecutor", "draft",
         "answer", "interim_limit"]


@pytest.fixture(autouse=True)
def only_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is tested apart from the others."""
    monkeypatch.setattr(cli, "GROUPS", ("deadlines",))


def due(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, str | int]]:
    assert cli.main(["due", "--json", *arguments]) == 0
    lines = json.loads(capsys.readouterr().out)
    assert [line["code"] for line in lines] == CODES
    return {line["code"]: line for line in lines}


BY_HAND = {
    "a Monday morning": ("2026-11-23T10:30", "2026-11-23 18:00", {
        "resolution": "2026-11-24", "delivery": "2026-11-25", "misroute_return": "2026-11-24",
        "coexecutor": "2026-11-27", "draft": "2026-12-01", "answer": "2026-12-03",
        "interim_limit": "2026-12-23"}),
    "a Monday after 18:00": ("2026-11-23T18:30+03:00", "2026-11-24 11:00", {
        "resolution": "2026-11-25", "delivery": "2026-11-26", "misroute_return": "2026-11-25",
        "coexecutor": "2026-11-30", "draft": "2026-12-02", "answer": "2026-12-04",
        "interim_limit": "2026-12-24"}),
    "18:00 sharp": ("2026-11-23T18:00", "2026-11-23 18:00", {"answer": "2026-12-03"}),
    "18:00 sharp, said in Greenwich": (
        "2026-11-23T15:00Z", "2026-11-23 18:00", {"answer": "2026-12-03"}),
    "a minute past 18:00, said in Greenwich": (
        "2026-11-23T15:01Z", "2026-11-24 11:00", {"answer": "2026-12-04"}),
    "a Saturday": ("2026-11-21T12:00", "2026-11-23 11:00", {
        "resolution": "2026-11-24", "answer": "2026-12-03"}),
    "before the November holiday": ("2026-10-30T10:00", "2026-10-30 18:00", {
        "resolution": "2026-11-02", "delivery": "2026-11-03", "coexecutor": "2026-11-06",
        "draft": "2026-11-10", "answer": "2026-11-12", "interim_limit": "2026-11-29"}),
    "on the eve of the May holidays": ("2026-04-30T10:00", "2026-04-30 17:00", {
        "resolution": "2026-05-04", "delivery": "2026-05-05", "coexecutor": "2026-05-07",
        "draft": "2026-05-12", "answer": "2026-05-14"}),
    "before the New Year": ("2026-12-28T10:00", "2026-12-28 18:00", {
        "resolution": "2026-12-29", "delivery": "2026-12-30", "coexecutor": "2027-01-12",
        "draft": "2027-01-14", "answer": "2027-01-18", "interim_limit": "2027-01-27"}),
    "a working Saturday": ("2025-11-01T10:00", "2025-11-01 17:00", {
        "resolution": "2025-11-05", "delivery": "2025-11-06"}),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_deadlines_fall_where_the_calendar_on_the_wall_says(
        name: str, capsys: pytest.CaptureFixture[str]) -> None:
    received, registered, expected = BY_HAND[name]
    found = due(capsys, "--received", received)
    day, hour = registered.split()
    assert found["registration"]["due_at"] == f"{day}T{hour}:00+03:00"
    assert {code: found[code]["due_on"] for code in expected} == expected


def test_each_deadline_names_its_requirement_clause_and_counting(
        capsys: pytest.CaptureFixture[str]) -> None:
    found = due(capsys, "--received", "2026-11-23T10:30")
    told = {code: (line["requirement"], line["clause"], line["working_days"])
            for code, line in found.items()}
    assert told == {
        "registration": ("R5", "3¶1", 0), "resolution": ("R10", "4.2", 1),
        "delivery": ("R12", "4.4¶1", 2), "misroute_return": ("R13", "4.4¶2", 1),
        "coexecutor": ("R18", "4.6¶2", 4), "draft": ("R19", "4.6¶3", 6),
        "answer": ("R8", "3¶3", 8), "interim_limit": ("R21", "4.6¶5", 22)}
    assert set(found["answer"]) == {
        "code", "requirement", "clause", "due_on", "due_at", "working_days"}


def test_a_deadline_on_a_short_day_ends_an_hour_earlier(
        capsys: pytest.CaptureFixture[str]) -> None:
    found = due(capsys, "--received", "2026-10-30T10:00")
    assert found["delivery"]["due_at"] == "2026-11-03T17:00:00+03:00"
    assert found["answer"]["due_at"] == "2026-11-12T18:00:00+03:00"


def test_a_late_registration_moves_the_others_and_not_its_own(
        capsys: pytest.CaptureFixture[str]) -> None:
    found = due(capsys, "--received", "2026-11-23T10:30", "--registered", "2026-11-25T09:15")
    assert found["registration"]["due_on"] == "2026-11-23"
    assert found["resolution"]["due_on"] == "2026-11-26"
    assert found["answer"]["due_on"] == "2026-12-07"


def test_a_co_executor_counts_from_the_assignment_and_never_passes_the_draft(
        capsys: pytest.CaptureFixture[str]) -> None:
    found = due(capsys, "--received", "2026-11-23T10:30", "--assigned", "2026-11-24")
    assert (found["coexecutor"]["due_on"], found["coexecutor"]["working_days"]) == (
        "2026-11-30", 4)
    found = due(capsys, "--received", "2026-11-23T10:30", "--assigned", "2026-11-26")
    assert (found["coexecutor"]["due_on"], found["coexecutor"]["working_days"]) == (
        "2026-12-01", 3)
    assert found["misroute_return"]["due_on"] == "2026-11-27"
    assert found["draft"]["due_on"] == "2026-12-01"


@pytest.mark.parametrize(("arguments", "code", "words"), [
    (["--received", "вчера"], 2, "Не удалось прочитать момент «вчера»"),
    (["--received", "2026-11-31T10:00"], 2, "Не удалось прочитать момент"),
    (["--received", "9999-12-31T23:59-12:00"], 2, "Не удалось прочитать момент"),
    (["--received", "2026-11-23T10:00", "--assigned", "завтра"], 2, "Не удалось прочитать дату"),
    (["--received", "2026-11-23T10:00", "--registered", "2026-11-20T10:00"], 2,
     "Регистрация раньше поступления"),
    (["--received", "2026-11-23T10:00", "--assigned", "2026-11-20"], 2,
     "Поручено раньше регистрации"),
    (["--received", "2027-12-24T10:00"], 1, "Срок приходится на 2028 год"),
    (["--received", "2031-01-15T10:00"], 1, "Дата 15.01.2031"),
    (["--received", "2010-01-15T10:00"], 1, "Дата 15.01.2010"),
    (["--input", "нет-такого-файла.txt"], 2, "такого файла нет"),
    (["--input", "любой.txt", "--assigned", "2026-11-25"], 2, "--received"),
])
def test_what_cannot_be_counted_is_refused_in_one_line(
        arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["due", *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert words in said.err


def test_a_call_without_a_moment_is_a_bad_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["due"])
    assert end.value.code == 2
    assert "--received" in capsys.readouterr().err


def test_many_moments_are_answered_a_line_each_and_a_bad_one_stops_nothing(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "moments.txt"
    file.write_text("2026-11-23T10:30\nвчера\n\n2027-12-30T10:00\n 2026-11-23T18:30+03:00 \n",
                    encoding="utf-8-sig")
    assert cli.main(["due", "--json", "--input", str(file)]) == 1
    said = capsys.readouterr()
    first, bad, empty, beyond, last = (json.loads(line) for line in said.out.splitlines())
    assert said.err == ""
    assert [line["code"] for line in first] == CODES
    assert first[6]["due_on"] == "2026-12-03"
    assert last[6]["due_on"] == "2026-12-04"
    assert "вчера" in bad["error"]
    assert "Пустая строка" in empty["error"]
    assert "2028" in beyond["error"]


def test_good_moments_alone_are_no_fault(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "moments.txt"
    file.write_text("2026-11-23T10:30\n2026-11-24T10:30", encoding="utf-8")
    assert cli.main(["due", "--json", "--input", str(file)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_text_is_a_table_a_clerk_can_read(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["due", "--received", "2026-11-23T10:30", "--assigned", "2026-11-26"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Поступило: 2026-11-23T10:30"
    assert len(lines) == 3 + len(CODES)
    answer = next(line for line in lines if line.startswith("ответ на сообщение"))
    assert answer.split("  ")[1:] != []
    for words in ("03.12.2026 18:00", "8 рабочих дней", "разд. 3, абз. 3", "R8"):
        assert words in answer
    assert any("4 рабочих дня, но не позже проекта ответа" in line for line in lines)
    file = tmp_path / "moments.txt"
    file.write_text("вчера\n2026-11-23T10:30\n", encoding="utf-8")
    assert cli.main(["due", "--input", str(file)]) == 1
    said = capsys.readouterr().out
    assert "Не удалось прочитать момент «вчера»" in said
    assert "03.12.2026 18:00" in said
