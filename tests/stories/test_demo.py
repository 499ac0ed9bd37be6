"""``rakurs demo``: one case through the whole regulation, seen from outside."""

import io
import xml.etree.ElementTree as ET
from functools import partial
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PIL import Image

from bot import cli
from bot.rehearsal import demo, messages, returns, story
from bot.rehearsal.steps import Rehearsal
from tests.stories.telling import Told, rakurs

pytestmark = [pytest.mark.story, pytest.mark.timeout(240)]

HYPHEN = "\ufffe"
"""How pdfium tells a hyphen that only ends a line."""
SECRETS = (messages.POTHOLE.applicant, "Петров", "916 000", "petrova@")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("demo")
    return rakurs("demo", "--out", str(folder), folder=folder)


def words(pdf: bytes) -> str:
    """The text of all pages, line ends as spaces, hyphens at line ends taken away."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
        return " ".join(text.replace(HYPHEN, "").split())
    finally:
        document.close()


def test_every_step_is_seen_and_told_with_its_clause(told: Told) -> None:
    assert told.code == 0, f"{told.out}\n{told.err}"
    lines = told.out.splitlines()
    assert len(lines) == len(returns.SCRIPT.steps) + 1
    assert all(line.startswith("✓") for line in lines[:-1])
    assert len(told.requirements) >= 25
    assert str(told.folder) in lines[-1]


def test_no_colour_and_no_bar_without_a_terminal(told: Told) -> None:
    assert "\033" not in told.out
    assert "\r" not in told.out
    assert told.err == ""


def test_the_answers_say_what_was_written_and_signed(told: Told) -> None:
    interim = words(told.bytes_of("промежуточный Ответ ЕКЖ-2026-000001-1.pdf"))
    final = words(told.bytes_of("окончательный Ответ ЕКЖ-2026-000001-2.pdf"))
    assert story.INTERIM_MENDED in interim
    assert story.FINAL_MENDED in final
    assert "Лебедев" in final
    for number, text in enumerate((story.FINAL_MENDED, *returns.ANSWERS), start=2):
        assert text in words(told.bytes_of(f"оператору Ответ ЕКЖ-2026-000001-{number}.pdf"))


def test_the_card_for_the_machine_is_of_this_case(told: Told) -> None:
    card = ET.fromstring(told.bytes_of("окончательный card.xml"))  # noqa: S314 (our own)
    said = " ".join(card.itertext())
    assert "ЕКЖ-2026-000001" in said
    assert messages.POTHOLE.number in said
    assert story.FINAL_MENDED in said


def test_pictures_and_tables_can_be_opened(told: Told) -> None:
    for name in ("сравнение-не-тот-ракурс.jpg", "сравнение-тот-же-ракурс.jpg"):
        with Image.open(io.BytesIO(told.bytes_of(name))) as picture:
            assert min(picture.size) > 300
    table = openpyxl.load_workbook(told.folder / "Сводка 08.10.2026.xlsx")
    assert any("ЕКЖ-2026-000001" in str(cell.value)
               for sheet in table for row in sheet.rows for cell in row)


def test_the_applicant_is_not_in_the_log(told: Told) -> None:
    log = told.bytes_of("program.log").decode()
    assert "running: " in log
    assert "Traceback" not in log, log[log.index("Traceback") - 300:][:6000]
    assert [secret for secret in SECRETS if secret in log] == []


def test_a_step_that_is_not_seen_is_named_and_fails_the_command(
        tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    async def power_cut(now: Rehearsal) -> None:
        await now.stage.kill_program()

    monkeypatch.setenv("RAKURS_SHARED", str(tmp_path))
    monkeypatch.setattr("bot.rehearsal.steps.PATIENCE", 3.0)
    monkeypatch.setattr(demo, "play", partial(demo.play, beside=power_cut))
    assert cli.main(["demo", "--out", str(tmp_path / "out")]) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert len(failed) == 1
    assert returns.SCRIPT.steps[0].what in failed[0]
    assert (tmp_path / "out" / "program.log").exists()
