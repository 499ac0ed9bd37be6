"""Logging: one line an event, as text or JSON; no message text and no personal data goes there."""

import json
import logging
import sys
from types import TracebackType

from core.ports.basics import UnavailableError

Raised = (tuple[type[BaseException], BaseException, TracebackType | None]
          | tuple[None, None, None])


def told(raised: Raised) -> str:
    """The sentence of a fault that says all there is, else nothing: then the trace is needed.

    A disk that is full is found by every part of the program, every few seconds: a page of trace
    each time would hide the sentence, and take what room is left.
    """
    fault = raised[1]
    return str(fault) if isinstance(fault, UnavailableError) and fault.plain else ""


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {"at": self.formatTime(record), "level": record.levelname, "from": record.name,
                "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = told(record.exc_info) or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """A record as one line of text; what outsiders wrote cannot begin a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - of logging
        """The line, its control characters as escapes."""
        return "".join(one if one.isprintable() else one.encode("unicode_escape").decode()
                       for one in super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the trace below it where the fault's own sentence does not say all."""
        said = told(record.exc_info) if record.exc_info else ""
        if not said:
            return super().format(record)
        plain = logging.makeLogRecord({
            **vars(record), "msg": f"{record.getMessage()}: {said}", "args": None,
            "exc_info": None, "exc_text": None})
        return super().format(plain)


def set_up(form: str, level: str, sentry_dsn: str = "") -> None:
    """Log to stderr; libraries speak only from WARNING up.

    With ``sentry_dsn`` errors also go there, without local variables and without bodies of
    requests: no citizen's data leaves the office (4.1).
    """
    if sentry_dsn:
        import sentry_sdk
        sentry_sdk.init(sentry_dsn, include_local_variables=False, send_default_pii=False,
                        max_request_body_size="never")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines(
        "%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    quiet = max(logging.WARNING, logging.getLevelName(level))
    for name in ("aiogram", "aiohttp", "apscheduler", "aioimaplib", "tortoise", "asyncio",
                 "pymap", "mail.log", "pymorphy3"):
        logging.getLogger(name).setLevel(quiet)
    logging.getLogger("asyncpg").setLevel(max(logging.ERROR, quiet))  # we say that its line broke
