"""``rakurs check-text`` as an office or another program calls it."""

import argparse
import json
from pathlib import Path

import pytest

from bot.commands import texts


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    texts.add_to(parser.add_subparsers())
    parsed = parser.parse_args(["check-text", "--today", "2026-04-15", *arguments])
    return int(parsed.run(parsed))


@pytest.fixture
def answers(tmp_path: Path) -> list[str]:
    names = []
    for name, text in {
        "dated.txt": "Яму заделают до 20.05.2026.",
        "undated.txt": "Здравствуйте!\nЯму заделают весной.",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        names.append(str(tmp_path / name))
    return names


def test_one_answer_is_one_object(answers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", answers[1]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert list(answer) == ["findings", "dates"]
    (finding,) = answer["findings"]
    assert finding["code"] == "undated_promise"
    assert finding["sentence"] == "Яму заделают весной."
    assert (finding["start"], finding["end"], finding["requirement"]) == (14, 34, "R25")
    assert run("--json", answers[0]) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": [], "dates": ["2026-05-20"]}


def test_many_answers_are_lines_in_their_order_and_a_bad_file_does_not_stop_the_rest(
    answers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cp1251.txt").write_bytes("Яма".encode("cp1251"))
    bad = [str(tmp_path / "nowhere.txt"), str(tmp_path / "cp1251.txt")]
    assert run("--json", *bad, *answers) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [*bad, *answers]
    assert "такого файла нет" in lines[0]["error"]
    assert "UTF-8" in lines[1]["error"]
    assert [len(line["findings"]) for line in lines[2:]] == [0, 1]


def test_in_plain_words_each_finding_is_a_line_with_its_place(
    answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*answers) == 1
    dated, undated = capsys.readouterr().out.splitlines()
    assert dated == f"{answers[0]}: замечаний нет; даты работ: 20.05.2026"
    assert undated.startswith(
        f"{answers[1]}:2:1: обещание без точной даты (R25, п. 4.6, абз. 7): «Яму")


def test_a_file_that_cannot_be_read_is_a_bad_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(tmp_path / "nowhere.txt")) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Проверьте имя" in said.err
