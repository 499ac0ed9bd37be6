"""What is said of a wrong setting: its name, what is wrong with it, an example."""

from pydantic import ValidationError

EXAMPLES = {
    "APPROVAL_DAYS": "1",
    "APPROVALS_AFTER_REMARK": "anew",
    "BOT_TOKEN": "123456789:AAExampleExampleExampleExample",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "TELEGRAM_API_LOCAL": "no",
    "WEBHOOK_URL": "https://bot.example.ru/telegram",
    "WEBHOOK_SECRET": "Rakurs-2026_abcdef",
    "WEBHOOK_LISTEN": "127.0.0.1:8080",
    "CAMERA_URL": "https://bot.example.ru/camera",
    "CAMERA_LISTEN": "127.0.0.1:8081",
    "DATABASE_URL": "sqlite://data/rakurs.db или postgres://user:password@host/rakurs",
    "DATA_DIR": "data",
    "IMAP_URL": "imaps://user:password@mail.example.ru:993/INBOX",
    "SMTP_URL": "smtps://user:password@mail.example.ru:465",
    "MAIL_FROM": "rakurs@example.ru",
    "MSED_ADDRESS": "msed@example.ru",
    "OPERATOR_ADDRESS": "operator@example.ru",
    "MSED_SENDERS": "msed@example.ru, @mosreg.ru",
    "OFFICE_ADDRESSES": "dobrodel@example.ru",
    "TIMEZONE": "Europe/Moscow",
    "WORKDAY_START": "09:00",
    "WORKDAY_END": "18:00",
    "DIGEST_AT": "09:00",
    "REMINDER_MARKS": "2, 1, 0",
    "DEADLINE_MARKS": "draft: 3, 1, 0; coexecutor: 1, 0",
    "ESCALATION_MARKS": "head_of_body: 0; official: -1; desk_head: -1; chief_of_staff: -3",
    "LETTER_MARKS": "3, 5",
    "PERSONAL_DATA_IN_TELEGRAM": "no",
    "LOG_FORMAT": "text или json",
    "LOG_LEVEL": "INFO",
    "PROFILES_DIR": "data/profiles",
    "MAIL_TRUST": "from, authentication-results или dkim",
    "AUTHSERV_ID": "mail.example.ru",
    "ARC_SEALERS": "forward.example.ru",
    "METRICS_LISTEN": "127.0.0.1:9090",
    "SENTRY_DSN": "https://key@sentry.example.ru/1",
    "SCAN_SECONDS": "60",
    "MAIL_POLL_SECONDS": "60",
    "MAIL_SINCE": "2026-11-23",
    "QUIET_HOURS": "21:00-08:00",
    "CALENDAR_OVERLAY": "data/calendar.toml",
    "TEMPLATES_DIR": "data/templates",
    "PHOTO_MODEL": "data/photo-model.json",
    "SPEECH_COMMAND": "whisper-cli -l ru -nt -np -m ggml-small.bin -f {wav}",
    "CLOCK_FILE": "пусто; для репетиций — файл со сдвигом часов",
}
"""What to write, shown beside a wrong setting."""

_REASONS = {
    "bool_parsing": "нужно yes или no",
    "float_parsing": "нужно число",
    "greater_than": "нужно число больше нуля",
    "greater_than_equal": "нужно целое число от 1",
    "less_than_equal": "число слишком велико: на весь ответ отводится 8 рабочих дней",
    "int_parsing": "нужно целое число",
    "finite_number": "нужно число",
    "time_parsing": "нужно время, часы и минуты",
    "time_type": "нужно время, часы и минуты",
}
"""pydantic's kinds of fault in the words of the office."""


def wrong_setting(wrong: ValidationError) -> str:
    """The first fault in one line, without the value: it may be a secret."""
    first = wrong.errors(include_input=False, include_url=False)[0]
    if not first["loc"]:
        said = first["msg"].removeprefix("Value error, ")
        name = said.partition(":")[0]
        return f"Настройка {said}. Пример: {name}={EXAMPLES.get(name, '')}"
    name = str(first["loc"][0]).upper()
    reason = _REASONS.get(first["type"], first["msg"]).removeprefix("Value error, ")
    if first["type"] == "literal_error":
        reason = f"допустимо только {first['ctx']['expected'].replace(' or ', ' или ')}"
    return f"Настройка {name}: {reason}. Пример: {name}={EXAMPLES.get(name, '')}"
