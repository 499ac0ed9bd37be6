"""Settings: a wrong one stops the start with its name and an example; a secret is never shown."""

from pathlib import Path

import pytest

from bot.console import BAD_CALL, CommandFailedError
from bot.face import model_of
from bot.settings import Settings, load, require
from bot.settingwords import EXAMPLES
from core.errors import AssistantError
from core.regulation.escalation import ESCALATION
from core.regulation.terms import Role

SECRET = "s3cr3t-password"

WRONG = [
    ("BOT_TOKEN", "just words"), ("BOT_TOKEN", "123456789"),
    ("TELEGRAM_API_URL", "api.telegram.org"), ("TELEGRAM_API_URL", "https://"),
    ("TELEGRAM_API_LOCAL", "maybe"),
    ("WEBHOOK_URL", "bot.example.ru"), ("WEBHOOK_LISTEN", "8080"),
    ("WEBHOOK_LISTEN", "127.0.0.1:http"), ("WEBHOOK_LISTEN", "127.0.0.1:99999"),
    ("DATABASE_URL", "mysql://host/db"), ("DATABASE_URL", "data/rakurs.db"),
    ("IMAP_URL", f"pop3://user:{SECRET}@host"), ("IMAP_URL", "imaps://"),
    ("IMAP_URL", f"imaps://user:{SECRET}@host:port"),
    ("SMTP_URL", f"user:{SECRET}@mail.example.ru:465"), ("SMTP_URL", "smtp://host:70000"),
    ("MAIL_FROM", "rakurs"), ("MAIL_FROM", "Ракурс <rakurs at example.ru>"),
    ("WEBHOOK_SECRET", "секрет"), ("WEBHOOK_SECRET", "two words"), ("WEBHOOK_SECRET", "a" * 257),
    ("MSED_SENDERS", "a@b.ru; c@d.ru"), ("MSED_SENDERS", "a@b.ru c@d.ru"), ("MSED_SENDERS", "a@"),
    ("MSED_ADDRESS", "msed"), ("OPERATOR_ADDRESS", "a@b@c"),
    ("OFFICE_ADDRESSES", "a@b.ru, нет"),
    ("TIMEZONE", "Moscow"), ("TIMEZONE", "/etc/passwd"),
    ("WORKDAY_START", "девять"), ("WORKDAY_END", "25:00"), ("DIGEST_AT", "9"),
    ("REMINDER_MARKS", "два"), ("REMINDER_MARKS", "-1"),
    ("PERSONAL_DATA_IN_TELEGRAM", "иногда"),
    ("LOG_FORMAT", "xml"), ("LOG_LEVEL", "loud"),
    ("SCAN_SECONDS", "0"), ("SCAN_SECONDS", "часто"), ("MAIL_POLL_SECONDS", "-5"),
]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, no .env of the checkout."""
    monkeypatch.chdir(tmp_path)
    for name in EXAMPLES:
        monkeypatch.delenv(name, raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandFailedError) as stopped:
        load()
    assert stopped.value.code == BAD_CALL
    return str(stopped.value)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_with_an_example(monkeypatch: pytest.MonkeyPatch, name: str,
                                                  value: str) -> None:
    said = refusal(monkeypatch, **{name: value})
    assert said.startswith(f"Настройка {name}: ")
    assert said.endswith(f"Пример: {name}={EXAMPLES[name]}")
    assert SECRET not in said
    assert "\n" not in said
    reason = said.split(": ", 1)[1].split(". Пример")[0]
    assert any("а" <= sign <= "я" for sign in reason), "the reason is in Russian"


def test_the_day_must_end_after_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, WORKDAY_START="10:00", WORKDAY_END="09:00")
    assert "WORKDAY_END" in said


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "WEBHOOK_SECRET" in refusal(monkeypatch, WEBHOOK_URL="https://bot.example.ru/t")


def test_every_example_is_itself_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    prose = {"DATABASE_URL": "postgres://user:password@host/rakurs", "LOG_FORMAT": "json",
             "CLOCK_FILE": "", "MAIL_TRUST": "dkim"}
    for name, value in EXAMPLES.items():
        monkeypatch.setenv(name, prose.get(name, value))
    settings = load()
    assert settings.msed_senders == ("msed@example.ru", "@mosreg.ru")
    assert settings.reminder_marks == (2, 1, 0)
    assert settings.zone.key == "Europe/Moscow"


def test_every_setting_has_an_example() -> None:
    assert set(EXAMPLES) == {name.upper() for name in Settings.model_fields}


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load()
    assert settings.database_url.get_secret_value() == "sqlite://data/rakurs.db"
    assert (settings.workday_start.hour, settings.workday_end.hour) == (9, 18)
    assert not settings.personal_data_in_telegram


def test_the_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch,
                                                       tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=DEBUG\nDATA_DIR=there\nOTHER=1\n", "utf-8")
    monkeypatch.setenv("DATA_DIR", "here")
    settings = load()
    assert (settings.log_level, str(settings.data_dir)) == ("DEBUG", "here")


def test_an_env_file_of_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MAIL_FROM=Ракурс <a@b.ru>".encode("cp1251"))
    with pytest.raises(CommandFailedError, match=r"\.env.*UTF-8"):
        load()


@pytest.mark.parametrize("marks", ["", "3", "5,3, 1 ,0"])
def test_marks_are_numbers_through_commas(monkeypatch: pytest.MonkeyPatch, marks: str) -> None:
    monkeypatch.setenv("REMINDER_MARKS", marks)
    expected = tuple(int(one) for one in marks.replace(" ", "").split(",")) if marks else (2, 1, 0)
    assert load().reminder_marks == expected


@pytest.mark.parametrize(("name", "value", "said"), [
    ("DEADLINE_MARKS", "проект: 1", "проект"), ("DEADLINE_MARKS", "draft: -1", "отрицательными"),
    ("DEADLINE_MARKS", "misroute_return: 1", "misroute_return"),
    ("DEADLINE_MARKS", "draft 1", "draft 1"), ("ESCALATION_MARKS", "desk: -1", "desk"),
    ("ESCALATION_MARKS", "official: -1, -2", "одно число"),
    ("ESCALATION_MARKS", "official: завтра", "целые числа")])
def test_a_wrong_mark_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
                               ) -> None:
    refused = refusal(monkeypatch, **{name: value})
    assert name in refused
    assert said in refused


def test_the_usual_ladder_holds_until_another_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().marks.ladder == ESCALATION
    monkeypatch.setenv("ESCALATION_MARKS", "chief_of_staff: -5")
    assert [(rung.superior, rung.left) for rung in load().marks.ladder] == [
        (Role.CHIEF_OF_STAFF, -5)]


def test_no_secret_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"BOT_TOKEN": f"1:{SECRET}", "WEBHOOK_SECRET": SECRET,
              "DATABASE_URL": f"postgres://u:{SECRET}@h/d", "IMAP_URL": f"imaps://u:{SECRET}@h",
              "SMTP_URL": f"smtps://u:{SECRET}@h"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = load()
    for shown in (repr(settings), str(settings), str(settings.model_dump()),
                  settings.model_dump_json()):
        assert SECRET not in shown


def test_a_missing_setting_is_named_with_an_example_and_the_sandbox() -> None:
    settings = load()
    with pytest.raises(CommandFailedError) as stopped:
        require(settings, "DATA_DIR", "BOT_TOKEN", "IMAP_URL")
    assert str(stopped.value) == (
        f"Не задана настройка BOT_TOKEN. Пример: BOT_TOKEN={EXAMPLES['BOT_TOKEN']}. "
        "Без настроек программу можно попробовать командой «make run».")
    require(settings, "DATA_DIR", "DATABASE_URL")


def test_wrong_model_of_the_photo_judge_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    wrong = tmp_path / "model.json"
    wrong.write_text("{}", encoding="utf-8")
    assert model_of(Settings(_env_file=None)) is None  # type: ignore[call-arg]
    with pytest.raises(AssistantError, match=r"Настройка PHOTO_MODEL: .*rakurs calibrate"):
        model_of(Settings(_env_file=None, photo_model=wrong))  # type: ignore[call-arg]
