"""Texts that have answered another message are known again (R24)."""

from core.textchecks.twins import BANDS, marks, resemblance

REPORT = ("Яма на проезжей части улицы Мира у дома 5 заделана 25.11.2026 горячей смесью, швы "
          "пролиты битумом, площадь ремонта 6 кв. м, фотографии до и после прилагаются.")


def test_small_change_keeps_marks_in_common_and_another_place_does_not() -> None:
    same = REPORT.replace("прилагаются", "приложены").upper()
    assert len(marks(REPORT)) == BANDS
    assert set(marks(REPORT)) & set(marks(same))
    assert resemblance(REPORT, same) > 0.8
    elsewhere = REPORT.replace("Мира у дома 5", "Лесной у дома 14").replace("25.11", "26.11")
    assert resemblance(REPORT, elsewhere) < 0.8


def test_texts_of_a_few_words_resemble_nothing() -> None:
    assert marks("Яма заделана 23.11.2026.") == ()
    assert resemblance("Яма заделана.", "Яма заделана.") == 0
