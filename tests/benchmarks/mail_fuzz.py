"""Coverage-guided fuzzing of the reading of mail and of every reader of exports (atheris, which is
not among the dependencies: ``pip install atheris``).

    python tests/benchmarks/mail_fuzz.py [-max_total_time=600] [FOLDER of sample letters ...]

A letter is read as it is, and its bytes as a file of every kind that МСЭД may send. Whatever they
are: a reading, never an exception, and no more than five seconds. What breaks this is written to
the current folder by libFuzzer.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

atheris: Any = import_module("atheris")
with atheris.instrument_imports(include=["mail"]):
    from core.inbound import Attachment, MailPlace, Unrecognised
    from mail import archives, exports, packets
    from mail.reading import read_mail
    from mail.rules import MailRules
    from mail.trust import Trust

PLACE, NOW = MailPlace("INBOX", 7, 1), datetime(2026, 11, 23, 7, tzinfo=UTC)
RULES = MailRules("bot@mytischi.example", ("msed.example", "gkh.example"))
WAYS = (RULES, replace(RULES, trust=Trust.RESULTS, authserv_id="mx.mytischi.example"))
FILES = ("passport.xml", "document.edc.zip", "envelope.ini", "envelope.ltr", "выгрузка.csv",
         "выгрузка.xlsx", "winmail.dat", "архив.zip", "карточка.html")
FAILED = "не удалось разобрать ("
"""How the readers say that they met what nobody foresaw."""


def one(data: bytes) -> None:
    """Everything that is done with a letter and its files before the core acts."""
    for rules in WAYS:
        mail = read_mail(data, PLACE, NOW, rules)
        for text in (mail.subject, mail.sender, mail.text, mail.message_id, *mail.problems):
            if "\0" in text or FAILED in text:
                raise AssertionError(text)
            text.encode()
        if isinstance(mail.reading, Unrecognised) and FAILED in mail.reading.reason:
            raise AssertionError(mail.reading.reason)
    name = FILES[data[0] % len(FILES)] if data else FILES[0]
    files, _ = archives.opened([Attachment(name, "application/octet-stream", data[1:])])
    packets.found_in(files)
    packets.unreadable(files)
    exports.found_in(files)


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], "-timeout=5", "-rss_limit_mb=2048", "-max_len=20000",
                   *sys.argv[1:]], one)
    atheris.Fuzz()
