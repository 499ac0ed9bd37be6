"""The one typed tree of settings, and the only reader of the environment and ``.env``."""

import re
from collections.abc import Mapping
from datetime import date, time
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv.parser import parse_stream
from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.console import BAD_CALL, CommandFailedError
from bot.settingwords import EXAMPLES, wrong_setting
from core.marks import Marks as MarkRules
from core.people import Quiet
from core.regulation.deadlines import DEADLINES
from core.regulation.escalation import ESCALATION, Rung

Words = Annotated[tuple[str, ...], NoDecode]
Marks = Annotated[tuple[int, ...], NoDecode]
NamedMarks = Annotated[Mapping[str, tuple[int, ...]], NoDecode]
SUPERIORS = tuple(rung.superior.value for rung in ESCALATION)


class Settings(BaseSettings):
    """The settings of contract.md; names are the same in lower case."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_api_local: bool = False
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_listen: str = "127.0.0.1:8080"
    camera_url: str = ""
    camera_listen: str = ""
    database_url: SecretStr = SecretStr("sqlite://data/rakurs.db")
    data_dir: Path = Path("data")
    imap_url: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    msed_address: str = ""
    operator_address: str = ""
    msed_senders: Words = ()
    office_addresses: Words = ()
    timezone: str = "Europe/Moscow"
    workday_start: time = time(9)
    workday_end: time = time(18)
    digest_at: time = time(9)
    quiet_hours: str = "21:00-08:00"
    reminder_marks: Marks = (2, 1, 0)
    deadline_marks: NamedMarks = {}
    escalation_marks: NamedMarks = {rung.superior.value: (rung.left,) for rung in ESCALATION}
    letter_marks: Marks = (3, 5)
    approval_days: int = Field(default=1, ge=1, le=8)
    approvals_after_remark: Literal["anew", "keep"] = "anew"
    personal_data_in_telegram: bool = False
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    profiles_dir: Path | None = None
    mail_trust: Literal["from", "authentication-results", "dkim"] = "from"
    authserv_id: str = ""
    arc_sealers: Words = ()
    metrics_listen: str = ""
    sentry_dsn: SecretStr = SecretStr("")
    scan_seconds: float = Field(default=60.0, gt=0)
    mail_poll_seconds: float = Field(default=60.0, gt=0)
    mail_since: date | None = None
    calendar_overlay: Path | None = None
    templates_dir: Path | None = None
    photo_model: Path | None = None
    speech_command: str = ""
    clock_file: Path | None = None

    @field_validator("msed_senders", "office_addresses", "arc_sealers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(one.strip() for one in value.split(",") if one.strip())
        return value

    @field_validator("reminder_marks", "letter_marks", mode="before")
    @classmethod
    def _marks(cls, value: object) -> object:
        if isinstance(value, str):
            return _numbers(value)
        return value

    @field_validator("deadline_marks", "escalation_marks", mode="before")
    @classmethod
    def _named_marks(cls, value: object) -> object:
        if isinstance(value, str):
            named = [one.partition(":") for one in value.split(";") if one.strip()]
            return {name.strip(): _numbers(numbers) for name, _, numbers in named}
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _quiet(cls, value: str) -> str:
        _hours(value)
        return value

    @field_validator("reminder_marks")
    @classmethod
    def _not_negative(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(one < 0 for one in value):
            raise ValueError("рабочие дни до срока не бывают отрицательными")
        return value

    @field_validator("letter_marks")
    @classmethod
    def _two_marks(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(value) != 2 or not 0 < value[0] < value[1]:
            raise ValueError("нужны два числа рабочих дней, второе больше первого")
        return value

    @field_validator("deadline_marks")
    @classmethod
    def _of_deadlines(cls, value: Mapping[str, tuple[int, ...]]
                      ) -> Mapping[str, tuple[int, ...]]:
        _known(value, tuple(row.code for row in DEADLINES if row.binding))
        for marks in value.values():
            cls._not_negative(marks)
        return value

    @field_validator("escalation_marks")
    @classmethod
    def _of_superiors(cls, value: Mapping[str, tuple[int, ...]]
                      ) -> Mapping[str, tuple[int, ...]]:
        _known(value, SUPERIORS)
        if any(len(marks) != 1 for marks in value.values()):
            raise ValueError("каждому руководителю нужно одно число: рабочие дни до срока, "
                             "просрочка — со знаком минус")
        return value

    @field_validator("mail_from", "msed_address", "operator_address")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _is_address(parseaddr(value)[1]):
            raise ValueError("это не адрес электронной почты")
        return value

    @field_validator("office_addresses")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in value if not _is_address(one)]
        if wrong:
            raise ValueError(f"«{wrong[0]}» — не адрес электронной почты")
        return value

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr) -> SecretStr:
        number, colon, key = value.get_secret_value().partition(":")
        if number and not (number.isdecimal() and colon and key and not key.split()[1:]):
            raise ValueError("ключ бота выдаёт @BotFather: цифры, двоеточие, буквы")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _unguessed(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("только латинские буквы, цифры, «_» и «-», до 256 знаков")
        return value

    @field_validator("msed_senders")
    @classmethod
    def _senders(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in value if not re.fullmatch(r"[^@\s;]*@?[^@\s;]+", one)]
        if wrong:
            raise ValueError(f"«{wrong[0]}» — не адрес и не домен")
        return value

    @field_validator("telegram_api_url", "webhook_url", "camera_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not _has_host(value, {"http", "https"}):
            raise ValueError("адрес должен начинаться с https:// или http:// и называть сервер")
        return value

    @field_validator("metrics_listen", "webhook_listen", "camera_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not value:
            return value
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError("нужны адрес и порт через двоеточие")
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _dsn(cls, value: SecretStr) -> SecretStr:
        dsn = value.get_secret_value()
        if dsn and not (_has_host(dsn, {"http", "https"}) and urlsplit(dsn).username
                        and urlsplit(dsn).path.rpartition("/")[2].isdecimal()):
            raise ValueError("это не адрес проекта Sentry")
        return value

    @field_validator("speech_command")
    @classmethod
    def _speech(cls, value: str) -> str:
        if value and "{file}" not in value and "{wav}" not in value:
            raise ValueError("в команде нет {wav} или {file}: на их место ставится путь к записи")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("такого часового пояса нет") from None
        return value

    @field_validator("imap_url", "smtp_url", "database_url")
    @classmethod
    def _url(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        url = value.get_secret_value()
        schemes = _SCHEMES[info.field_name or ""]
        if url and url.partition("://")[0] not in schemes:
            starts = " или ".join(f"{one}://" for one in sorted(schemes))
            raise ValueError(f"адрес должен начинаться с {starts}")
        if url and not url.startswith("sqlite://") and not _has_host(url, schemes):
            raise ValueError("в адресе нужен сервер, а порт — число")
        return value

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        if self.workday_end <= self.workday_start:
            raise ValueError("WORKDAY_END: конец рабочего дня должен быть позже начала")
        if self.mail_trust == "authentication-results" and not self.authserv_id:
            raise ValueError("AUTHSERV_ID: с MAIL_TRUST=authentication-results нужно имя, под "
                             "которым отчитывается ваш почтовый сервер")
        if self.webhook_url and not self.webhook_secret.get_secret_value():
            raise ValueError("WEBHOOK_SECRET: с WEBHOOK_URL нужен и секрет")
        self._check_camera()
        return self

    def _check_camera(self) -> None:
        if not self.camera_url:
            if self.camera_listen:
                raise ValueError("CAMERA_URL: с CAMERA_LISTEN нужен и внешний адрес страницы")
            return
        if not (self.camera_listen or self.webhook_url):
            raise ValueError("CAMERA_LISTEN: с CAMERA_URL нужно указать, где слушать")
        rehearsal = (urlsplit(self.camera_url).hostname in _LOOPBACK
                     and urlsplit(self.telegram_api_url).hostname in _LOOPBACK)
        if not self.camera_url.startswith("https://") and not rehearsal:
            raise ValueError("CAMERA_URL: Telegram открывает страницы только по https")

    @property
    def camera_page(self) -> str:
        """The address of the camera's page, with a slash at its end; empty where it has none.

        With a webhook the page lies beneath it, so that the office's front server needs no more
        than it has.
        """
        if self.camera_url:
            return f"{self.camera_url.partition('?')[0].rstrip('/')}/"
        if self.webhook_url.startswith("https://"):
            return f"{self.webhook_url.partition('?')[0].rstrip('/')}/camera/"
        return ""

    @property
    def marks(self) -> MarkRules:
        """Before which deadlines who is told, and how early."""
        rows = {rung.superior.value: rung for rung in ESCALATION}
        return MarkRules(self.reminder_marks, self.deadline_marks, tuple(
            Rung(rows[name].superior, left, rows[name].clause)
            for name, (left,) in self.escalation_marks.items()))

    @property
    def quiet(self) -> Quiet:
        """When nobody is disturbed but by the urgent, unless a person chose otherwise."""
        start, end = _hours(self.quiet_hours)
        return Quiet(start, end)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(one) for one in text.split(",") if one.strip())
    except ValueError:
        raise ValueError("нужны целые числа через запятую") from None


def _hours(text: str) -> tuple[int, int]:
    """«21:00-08:00» as minutes of the day; empty: never."""
    if not text.strip():
        return 0, 0
    try:
        start, end = (time.fromisoformat(one.strip()) for one in text.split("-"))
    except ValueError:
        raise ValueError("нужны часы и минуты через дефис") from None
    return start.hour * 60 + start.minute, end.hour * 60 + end.minute


def _known(value: Mapping[str, object], names: tuple[str, ...]) -> None:
    wrong = [one for one in value if one not in names]
    if wrong:
        raise ValueError(f"имени «{wrong[0]}» нет; есть {', '.join(names)}")


def _is_address(text: str) -> bool:
    local, at, domain = text.partition("@")
    return bool(local and at and domain) and "@" not in domain and not text.split()[1:]


def _has_host(url: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SCHEMES = {
    "imap_url": {"imap", "imaps"},
    "smtp_url": {"smtp", "smtps", "smtp+starttls"},
    "database_url": {"sqlite", "postgres"},
}


def load() -> Settings:
    """The settings of this process; a wrong one ends the command with its name and an example."""
    try:
        _check_lines(Path(".env"))
        return Settings()
    except ValidationError as wrong:
        raise CommandFailedError(wrong_setting(wrong), BAD_CALL) from None
    except UnicodeDecodeError:
        raise CommandFailedError(
            "Файл .env не читается: сохраните его в кодировке UTF-8.", BAD_CALL) from None


def _check_lines(env: Path) -> None:
    """Every line of ``.env`` must be understood; the library would pass over the others."""
    if not env.is_file():
        return
    with env.open(encoding="utf-8") as text:
        for one in parse_stream(text):
            if one.error:
                raise CommandFailedError(
                    f"Файл .env, строка {one.original.line}: не понята. Пишите так: ИМЯ=значение; "
                    "кавычки закрывайте, примечание начинайте с #.", BAD_CALL)


def is_set(settings: Settings, name: str) -> bool:
    """Whether the setting of that name has any value."""
    value = getattr(settings, name.lower())
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def require(settings: Settings, *names: str) -> None:
    """Refuse to start without these settings."""
    for name in names:
        if not is_set(settings, name):
            raise CommandFailedError(
                f"Не задана настройка {name}. Пример: {name}={EXAMPLES[name]}. "
                "Без настроек программу можно попробовать командой «make run».", BAD_CALL)
