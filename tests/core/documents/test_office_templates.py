"""The office changes its forms without a programmer, and is told what it broke."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from core.documents import patterns
from core.documents.checking import REQUIRED, check
from core.documents.errors import BadTemplateError
from core.documents.house import BUILT_IN_FOLDER, Templates
from core.documents.making import to_docx, to_pdf, to_preview
from core.documents.samples import EVERY, FINAL, LETTER
from tests.core.documents.opening import docx_text, image, pdf_pictures, pdf_text
from tests.core.documents.pictures import photo


def changed(folder: Path, name: str, old: str, new: str) -> Templates:
    """Copy the built-in template ``name`` to ``folder`` with one change."""
    source = (BUILT_IN_FOLDER / name).read_text(encoding="utf-8")
    assert old in source
    (folder / name).write_text(source.replace(old, new), encoding="utf-8")
    return Templates(folder)


def test_built_in_templates_are_sound() -> None:
    assert check() == []


def test_empty_folder_means_the_built_in_templates(tmp_path: Path) -> None:
    assert check(tmp_path) == []
    assert to_pdf(FINAL, Templates(tmp_path)) == to_pdf(FINAL)


def test_office_file_replaces_the_built_in_one(tmp_path: Path) -> None:
    templates = changed(tmp_path, "answer.typ", "Уважаемый пользователь", "Здравствуйте, житель")
    assert "Здравствуйте, житель портала" in pdf_text(to_pdf(FINAL, templates))
    assert check(tmp_path) == []


def test_change_of_the_common_part_reaches_every_document(tmp_path: Path) -> None:
    templates = changed(tmp_path, "common.typ", "[Приложение:]", "[Прилагаются:]")
    assert "Прилагаются:" in pdf_text(to_pdf(FINAL, templates))
    assert "Прилагаются:" in pdf_text(to_pdf(LETTER, templates))


def test_office_writes_its_own_name_and_telephone_on_the_form(tmp_path: Path) -> None:
    (tmp_path / "form.toml").write_text(
        'authority = "Администрация города Энска"\ndetails = ["Тел. 8 (495) 111-22-33"]\n',
        encoding="utf-8",
    )
    for words in (
        pdf_text(to_pdf(FINAL, Templates(tmp_path))),
        docx_text(to_docx(FINAL, Templates(tmp_path))),
    ):
        assert "администрация города энска" in words.casefold()
        assert "111-22-33" in words
        assert "мытищи московской" not in words.casefold()
    assert check(tmp_path) == []


def test_emblem_stands_above_the_name(tmp_path: Path) -> None:
    (tmp_path / "herb.png").write_bytes(photo(300, 400, "PNG", "RGBA"))
    changed(tmp_path, "form.toml", 'emblem = ""', 'emblem = "herb.png"')
    ((page, left, bottom, right, top),) = pdf_pictures(to_pdf(LETTER, Templates(tmp_path)))
    assert page == 0
    assert bottom > 240
    assert top - bottom == pytest.approx(18, abs=1)
    assert (left + right) / 2 == pytest.approx(115, abs=1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("authority = [", "form.toml записан с ошибкой"),
        ("authority = 5", "неверно задано authority"),
        ('authority = "А"\nfont_size = 40', "font_size"),
        ('authority = "А"\nfonts = "Arial"', "fonts"),
        ('authority = "А"\nemblem = "../../secret.png"', "emblem"),
        ('authority = "А"\nemblem = "нет.png"', "нет.png не читается"),
    ],
)
def test_mistake_in_the_form_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "form.toml").write_text(text, encoding="utf-8")
    (problem,) = check(tmp_path)
    assert told in problem
    with pytest.raises(BadTemplateError, match=r"form\.toml|читается"):
        to_pdf(FINAL, Templates(tmp_path))


def test_misspelt_field_is_named_with_file_and_line(tmp_path: Path) -> None:
    changed(tmp_path, "approval.typ", "#d.case_number", "#d.case_numbr")
    (problem,) = check(tmp_path)
    assert "approval.typ, строка" in problem
    assert "case_numbr" in problem


def test_error_in_the_common_part_is_named_there(tmp_path: Path) -> None:
    changed(tmp_path, "common.typ", "#let small = base - 2pt", "#let small = bas - 2pt")
    assert any("common.typ, строка" in problem for problem in check(tmp_path))


def test_template_that_lost_the_signature_is_found(tmp_path: Path) -> None:
    changed(tmp_path, "letter.typ", "#signature-line(d.signatory)", "")
    problems = check(tmp_path)
    assert problems == [
        "В шаблоне letter.typ нет поля signatory (подпись): без него документ неполон."
    ]


def test_misnamed_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "anwser.typ").write_text("", encoding="utf-8")
    (problem,) = check(tmp_path)
    assert "anwser.typ" in problem
    assert "не используется" in problem


def test_office_may_divide_its_template_into_files(tmp_path: Path) -> None:
    (tmp_path / "greeting.typ").write_text('#let greeting = "Добрый день"', encoding="utf-8")
    templates = changed(
        tmp_path,
        "letter.typ",
        "#show: sheet",
        '#import "greeting.typ": *\n#show: sheet\n#greeting',
    )
    assert "Добрый день" in pdf_text(to_pdf(LETTER, templates))
    assert check(tmp_path) == []


def test_missing_folder_is_told() -> None:
    (problem,) = check(Path("/нет/такой/папки"))
    assert "создайте её" in problem


def test_template_may_not_reach_the_network(tmp_path: Path) -> None:
    (tmp_path / "letter.typ").write_text('#import "@preview/cetz:0.3.0": *', encoding="utf-8")
    with pytest.raises(BadTemplateError, match="из сети"):
        to_pdf(LETTER, Templates(tmp_path))


def test_template_may_not_read_files_outside_its_folder(tmp_path: Path) -> None:
    inside = tmp_path / "forms"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("секрет", encoding="utf-8")
    (inside / "letter.typ").write_text('#read("../secret.txt")', encoding="utf-8")
    with pytest.raises(BadTemplateError, match=r"letter\.typ"):
        to_pdf(LETTER, Templates(inside))


def test_damaged_docx_template_is_named(tmp_path: Path) -> None:
    (tmp_path / "answer.docx").write_bytes(b"PK not a document")
    (problem,) = check(tmp_path)
    assert problem.startswith("Шаблон answer.docx не заполняется")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{{ topic }}", "{{ topik }}", "topik"),
        ("{{ topic }}", "{{ topic.__class__.__mro__ }}", "unsafe"),
        ("{%p if interim %}", "{%p if %}", "не заполняется"),
    ],
)
def test_mistake_in_the_docx_template_is_named(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    _changed_docx(tmp_path, old, new)
    assert any(told in problem for problem in check(tmp_path))


def test_fonts_of_the_office_are_used_when_they_are_there(tmp_path: Path) -> None:
    dejavu = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
    if not dejavu.is_file():
        pytest.skip("needs DejaVuSerif.ttf (Debian: fonts-dejavu-core)")
    (tmp_path / "fonts").mkdir()
    shutil.copy(dejavu, tmp_path / "fonts")
    changed(tmp_path, "form.toml", '"PT Astra Serif"', '"DejaVu Serif"')
    assert b"DejaVuSerif" in to_pdf(LETTER, Templates(tmp_path))
    assert b"DejaVuSerif" not in to_pdf(LETTER)


def test_every_kind_of_document_has_a_template_that_is_checked() -> None:
    assert {path.name for path in BUILT_IN_FOLDER.iterdir()} == {
        *REQUIRED, *patterns.NAMES, "common.typ", "form.toml",
    }  # fmt: skip
    assert len({type(document) for document in EVERY}) == len(REQUIRED) - 1


@pytest.mark.parametrize("document", EVERY, ids=lambda document: type(document).__name__)
def test_every_document_can_be_previewed(document: object) -> None:
    assert image(to_preview(document)).format == "PNG"  # type: ignore[arg-type]


def _changed_docx(folder: Path, old: str, new: str) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(BUILT_IN_FOLDER / "answer.docx") as source,
        zipfile.ZipFile(packed, "w") as target,
    ):
        assert old in source.read("word/document.xml").decode()
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.decode().replace(old, new).encode()
            target.writestr(name, content)
    (folder / "answer.docx").write_bytes(packed.getvalue())
