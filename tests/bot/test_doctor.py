"""``rakurs doctor``: one line for each thing the work depends on, honest against dead servers."""

import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import app, doctor, room
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import Settings
from core.addresses import Address
from core.case import CitizenMessage
from core.errors import AssistantError
from core.inbound import Applicant
from core.regulation.terms import Role
from mail.sandbox import MailSandbox, MailUser
from tests.bot import city
from tests.bot.house import TOKEN, staff

BOX, PASSWORD = "rakurs@gorod.test", "s3cr3t-password"
WHATS = ("Настройки", "База данных", "Справочник", "Адреса", "Telegram", "Почта IMAP",
         "Почта SMTP", "Календарь", "Шаблоны", "Диктовка", "Диск", "Часы")


@pytest.fixture(autouse=True)
def aside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env of the checkout."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def healthy(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """Settings with which everything is in order, over running servers."""
    telegram = await TelegramSandbox.start(staff(), token=TOKEN)
    mail = await MailSandbox.start([MailUser(BOX, PASSWORD)])
    yield {
        "bot_token": TOKEN, "telegram_api_url": telegram.url, "data_dir": str(tmp_path),
        "database_url": f"sqlite://{tmp_path / 'rakurs.db'}", "imap_url": mail.imap_url(BOX),
        "smtp_url": mail.smtp_url, "mail_from": f"Ракурс <{BOX}>",
        "msed_address": "msed@gorod.test", "msed_senders": "msed@gorod.test",
        "operator_address": "operator@gorod.test"}
    await mail.stop()
    await telegram.stop()


def dead_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


async def examined(values: dict[str, str], **changes: str) -> dict[str, doctor.Finding]:
    settings = Settings.model_validate({**values, **changes})
    found = await doctor.examine(settings)
    assert tuple(one.what for one in found) == WHATS, "one fault does not hide the next"
    for one in found:
        assert "\n" not in one.said
        assert PASSWORD not in one.said
        assert TOKEN not in one.said
    return {one.what: one for one in found}


async def test_a_migrated_office_with_living_servers_is_in_order(healthy: dict[str, str]) -> None:
    async with app.program(Settings.model_validate(healthy)):
        pass  # the first start migrates
    found = await examined(healthy)
    assert [one.what for one in found.values() if not one.ok] == []
    assert "@rakurs_bot" in found["Telegram"].said
    assert "адресу отправителя, а его можно подделать" in found["Настройки"].said
    believed = await examined(healthy, mail_trust="dkim")
    assert believed["Настройки"].said == "всё нужное задано"
    assert "вход выполнен" in found["Почта IMAP"].said
    assert "SMTP" in found["Почта SMTP"].said


async def test_a_directory_in_which_somebody_is_lacking_is_told(healthy: dict[str, str]) -> None:
    async with app.program(Settings.model_validate(healthy)) as program:
        assert (await examined(healthy))["Справочник"].said == (
            "пуст; загрузите его командой rakurs import-directory")
        people = [replace(one, email="") if one.id == city.LEAD else one for one in city.PEOPLE
                  if Role.SIGNATORY not in one.offices]
        async with program.office.work() as work:
            await work.people.import_all(city.BODIES, people, (), ())
    found = (await examined(healthy))["Справочник"]
    assert found.ok
    assert found.said == (f"действующих сотрудников {len(people)}; некому быть: подписывающий; "
                          f"нет ни Telegram, ни почты: p{city.LEAD}")


async def test_streets_that_the_map_does_not_know_are_named(healthy: dict[str, str]) -> None:
    async with app.program(Settings.model_validate(healthy)) as program:
        assert "координат нет" in (await examined(healthy))["Адреса"].said
        async with program.office.work() as work:
            await work.cases.add_all([
                (CitizenMessage("", "Яма", place=place), Applicant())
                for place in ("ул. Мира, 5", "ул. Мира, 7", "Лётная, 2", "Лётная, 2")],
                datetime(2026, 11, 23, 12, tzinfo=UTC))
            await work.people.import_all(city.BODIES, city.PEOPLE, (), (), [
                Address("", "ул. Мира", "5", 55.9, 37.7)])
        found = (await examined(healthy))["Адреса"]
        assert found.ok
        assert found.said == ("адресов с координатами 1; среди последних 4 сообщений без "
                              "координат 3, чаще всего «летная, 2», «ул. мира, 7»: дополните "
                              "лист «Адреса»")
        async with program.office.work() as work:
            await work.people.import_all(city.BODIES, city.PEOPLE, (), (), [
                Address("", "ул. Мира", "", 55.9, 37.7), Address("", "Лётная", "", 55.9, 37.7)])
    assert (await examined(healthy))["Адреса"].said == "адресов с координатами 2"


async def test_a_database_without_its_schema_is_told_to_be_migrated(
        healthy: dict[str, str]) -> None:
    found = await examined(healthy)
    assert not found["База данных"].ok
    assert "migrate" in found["База данных"].said


@pytest.mark.usefixtures("migrated")
async def test_a_recogniser_that_is_not_installed_is_named(healthy: dict[str, str]) -> None:
    assert (await examined(healthy))["Диктовка"].said == "не настроена"
    lacking = await examined(healthy, speech_command="no-such-cli -f {wav}")
    assert [one.what for one in lacking.values() if not one.ok] == ["Диктовка"]
    assert "программа no-such-cli" in lacking["Диктовка"].said
    found = await examined(healthy, speech_command=f"'{sys.executable}' listen.py {{file}}")
    assert found["Диктовка"].said == "программа распознавания на месте"


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(("name", "url", "what"), [
    ("telegram_api_url", "http://127.0.0.1:{port}", "Telegram"),
    ("imap_url", f"imap://{BOX.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{{port}}/INBOX",
     "Почта IMAP"),
    ("smtp_url", f"smtp://u:{PASSWORD}@127.0.0.1:{{port}}", "Почта SMTP")])
async def test_a_dead_server_is_one_bad_line(healthy: dict[str, str], name: str, url: str,
                                             what: str) -> None:
    found = await examined(healthy, **{name: url.format(port=dead_port())})
    assert [one.what for one in found.values() if not one.ok] == [what]


async def test_a_wrong_token_and_a_wrong_password_are_told_apart_from_dead_servers(
        healthy: dict[str, str]) -> None:
    wrong = healthy["imap_url"].replace(PASSWORD, "other")
    found = await examined(healthy, bot_token="1:other", imap_url=wrong)
    assert "BOT_TOKEN" in found["Telegram"].said
    assert not found["Почта IMAP"].ok
    assert "парол" in found["Почта IMAP"].said


async def test_what_is_not_set_is_named(healthy: dict[str, str]) -> None:
    found = await examined(healthy, bot_token="", operator_address="", smtp_url="", imap_url="")
    assert found["Настройки"].said.startswith(
        "не задано: BOT_TOKEN, IMAP_URL, SMTP_URL, OPERATOR_ADDRESS")
    for what in ("Telegram", "Почта IMAP", "Почта SMTP"):
        assert found[what].said.startswith("не задан")


async def test_the_rehearsals_clock_and_a_calendar_near_its_end_are_faults(
        healthy: dict[str, str], tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text(str(60 * 60 * 24 * 365 * 3))
    found = await examined(healthy, clock_file=str(clock))
    assert "CLOCK_FILE" in found["Часы"].said
    assert not found["Календарь"].ok
    assert "обновите" in found["Календарь"].said


async def test_a_wrong_calendar_overlay_is_named_with_its_file(healthy: dict[str, str],
                                                               tmp_path: Path) -> None:
    overlay = tmp_path / "calendar.toml"
    overlay.write_text("[days_off]\n2026-13-01 = 'x'\n")
    found = await examined(healthy, calendar_overlay=str(overlay))
    assert not found["Календарь"].ok
    assert "calendar.toml" in found["Календарь"].said


async def test_a_data_folder_that_cannot_be_made_is_one_bad_line(healthy: dict[str, str],
                                                                 tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = await examined(healthy, data_dir=str(tmp_path / "file" / "data"))
    assert not found["Диск"].ok


async def test_a_server_that_is_not_telegram_is_said_so(healthy: dict[str, str]) -> None:
    port = healthy["smtp_url"].rpartition(":")[2]
    settings = Settings.model_validate(
        {**healthy, "telegram_api_url": f"http://127.0.0.1:{port}"})
    with pytest.raises(AssistantError, match="TELEGRAM_API_URL"):
        await app.ask_telegram(settings)


async def test_a_disk_that_is_nearly_full_is_told_with_what_is_left(
    healthy: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEAST", 2**60)
    disk = (await examined(healthy))["Диск"]
    assert not disk.ok
    assert disk.said.endswith("нужно не меньше 1073741824,0 Гб")
