"""What the program writes about the post itself: registers, silent organisations, the mailbox."""

from collections.abc import Callable, Mapping
from datetime import date

from core.inbound import MailboxEvent
from core.letters import Letter
from core.notices import NoticeKind
from core.wordforms import counted, working_days

Facts = Mapping[str, str]


def _silent(facts: Facts) -> str:
    return (f"организация не отвечает на письмо: прошло {working_days(int(facts['days']))}, "
            "напоминание отправлено. Позвоните адресату или решите, отвечать ли без него.")


def _register(facts: Facts) -> str:
    first, last = (date.fromisoformat(facts[one]) for one in ("first", "last"))
    return (f"направляем реестр отправки писем с {first:%d.%m.%Y} по {last:%d.%m.%Y} — для "
            "подписи и в дело (разд. 5, абз. 4).")


def _mailbox(facts: Facts) -> str:
    count = int(facts["count"])
    letters = counted(count, "письмо", "письма", "писем")
    match facts["event"]:
        case MailboxEvent.BACKLOG:
            return (f"в ящике ждёт {letters}, Ракурс принимает их по порядку. О письмах, которые "
                    "не удастся разобрать, он сообщит в конце.")
        case MailboxEvent.CAUGHT_UP:
            return (f"накопившаяся почта принята: {letters}. Требуют внимания: "
                    f"{facts['unclear']}; они ждут в Ракурсе, в разделе «Письма».")
        case _:
            return (f"почтовый ящик Ракурса заполнен на {count} %. Освободите место: "
                    "переполненный ящик не принимает новые письма.")


OF_FACTS: Mapping[NoticeKind, Callable[[Facts], str]] = {
    NoticeKind.LETTER_SILENT: _silent, NoticeKind.DISPATCH_REGISTER: _register,
    NoticeKind.MAILBOX_NEWS: _mailbox}
"""What a letter to a colleague says first, made of the notice's facts."""


def reminding(letter: Letter, facts: Facts) -> str:
    """To an organisation that has not answered."""
    sent = date.fromisoformat(facts["sent_on"])
    return (f"Здравствуйте!\n\nНапоминаем о письме администрации № {letter.number} от "
            f"{sent:%d.%m.%Y} «{letter.subject}»: ответ на него ещё не поступил. Просим ответить "
            "на это письмо или сообщить, когда ждать ответа. Подписанный оригинал письма — во "
            f"вложении.\n\n{letter.text}\n")
