"""What the program writes about the post itself: registers, silent organisations, the mailbox,
letters that nobody understood."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from core import returnwords
from core.inbound import MailboxEvent
from core.letters import Letter
from core.notices import NoticeKind
from core.ports import StoredMail
from core.privacy import masked
from core.usecases.post import from_outside
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
    NoticeKind.MAILBOX_NEWS: _mailbox, NoticeKind.NEW_MESSAGE: returnwords.to_register,
    NoticeKind.THIRD_RETURN: returnwords.to_decide}
"""What a letter to a colleague says first, made of the notice's facts; empty for the usual."""


MOST_SHOWN = 3000
"""Characters of a letter that came which are shown; the rest is in the case file."""


def came(mail: StoredMail) -> str:
    """A letter that came, as the desk must see it to decide; contacts in its text are masked."""
    text = masked(mail.text.strip())
    if len(text) > MOST_SHOWN:
        text = f"{text[:MOST_SHOWN]}…"
    names = ", ".join(one.name for one in mail.files)
    lines = [f"От кого: {mail.sender}", f"Тема: {masked(mail.subject) or 'без темы'}",
             *([f"Файлы: {names}"] if names else []),
             *(["", "Текст письма:", text] if text else [])]
    return "\n".join(lines)


def how_to_decide(mail: StoredMail, awaiting: Sequence[tuple[Letter, str]]) -> str:
    """What the desk may answer to the notice of an unclear letter, one line alone."""
    if not from_outside(mail):
        return "Как ответить. Когда разберётесь с письмом, ответьте на это извещение «Разобрано»."
    ours = [f"— «К письму № {letter.number}»: это ответ на наше письмо, {addressee} "
            f"({letter.case_number});" for letter, addressee in awaiting]
    return "\n".join([
        "Как ответить. Ответьте на это извещение одной строкой:",
        "— «К сообщению ЕКЖ-2026-000123» (с нужным номером): приобщить письмо к сообщению;", *ours,
        "— «Зарегистрировать»: завести по письму новое сообщение;",
        "— «Не относится»: оставить письмо без движения."])


def outside(letter: Letter) -> str:
    """To an organisation: the text of the letter whose signed original goes with it."""
    return (f"{letter.text}\n\nПодписанный оригинал письма № {letter.number} — во вложении.\n"
            "Ответьте, пожалуйста, на это письмо: ответ будет приобщён к делу.\n")


def reminding(letter: Letter, facts: Facts) -> str:
    """To an organisation that has not answered."""
    sent = date.fromisoformat(facts["sent_on"])
    return (f"Здравствуйте!\n\nНапоминаем о письме администрации № {letter.number} от "
            f"{sent:%d.%m.%Y} «{letter.subject}»: ответ на него ещё не поступил. Просим ответить "
            "на это письмо или сообщить, когда ждать ответа. Подписанный оригинал письма — во "
            f"вложении.\n\n{letter.text}\n")
