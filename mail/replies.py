"""What a person wrote in answer: without the letter quoted below and without the signature.

Split by ``mail-parser-reply``, whose table of languages has no Russian: it is here, for Outlook,
mail.ru, Yandex, Gmail, Roundcube, Thunderbird and iPhone. The library's own English patterns
take quadratic time on hostile text, so the English ones that are needed stand here too, and only
the beginning of a letter is looked at.
"""

import re

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES

from mail.hypertext import own_text
from mail.parsing import Letter

REPLY_MARK = "——— Ответ пишите выше этой строки ———"
"""Stands in our letters that await an answer; nothing below it is the person's own."""

_MARK = re.compile(
    r"^((?:[A-ZА-ЯЁ]{0,3}>|[ \t])*)[—–-]{2,} ?Ответ пишите выше этой строки", re.MULTILINE)
OWN_END = "Ракурс, помощник исполнителей"
"""Ends our letters; what stands under it where nothing is above is the answer."""
_LONGEST = 20_000
_HELLO = re.compile(r"(?:Здравствуйте|Добр\w+ (?:день|утро|вечер))\b[^\n]{0,40}", re.IGNORECASE)
"""All that The Bat! puts above the quotation."""
_INVISIBLE = str.maketrans({"\xa0": " ", "\u200b": None, "\ufeff": None, "\u200e": None})
_QUOTED = re.compile(r"^\s*[A-ZА-ЯЁ]{0,3}>")
"""A quoted line; The Bat! writes the initials before the sign."""

_Q = r"(?:> ?)*"
_WROTE = r"(?:написал|писал|пишет|сообщил|wrote)(?:\(а\)|а)?"
_DAY = (
    r"(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2}|"
    r"\d{1,2} [а-яa-z]{3,8}\.? \d{4}(?: ?г\.?)?)"
)
_HEADINGS = "От|От кого|Отправлено|Отправитель|Дата|Кому|Копия|Тема|From|Sent|Date|To|Cc|Subject"
_TABLE = {
    "wrote_header": (
        # Thunderbird, Gmail, iPhone: «02.03.2026 10:15, Имя пишет:», maybe on two lines
        rf"^({_Q}(?:в )?(?:(?:пн|вт|ср|чт|пт|сб|вс)\.?, )?{_DAY}[^\n]{{0,160}}\n?[^\n]{{0,120}}?"
        rf"{_WROTE}[^\n]{{0,20}}:)$"
        # Gmail, Yandex, mail.ru: a day, an hour and «Имя <адрес>:» with no verb
        rf"|^({_Q}(?:[а-я]{{2,11}}, )?{_DAY}[^\n]{{1,120}}\n?[^\n]{{0,80}}@[^\n]{{1,80}}>?:)$"
        rf"|^({_Q}\d{{1,2}}:\d{{2}}, {_DAY}[^\n]{{1,160}}:)$"
        # Roundcube: «Имя писал 2026-03-02 10:15:»; short Thunderbird: «Имя пишет:»
        rf"|^({_Q}[^\n:]{{1,80}} {_WROTE} {_DAY}[^\n]{{0,20}}:)$"
        rf"|^({_Q}[A-ZА-ЯЁ][^\n:.!?]{{1,60}} (?:пишет|wrote):)$"
        # The Bat!: «Вы писали 2 марта 2026 г., 10:15:»
        rf"|^(Вы писали {_DAY}[^\n]{{0,20}}:)$"
        rf"|^(On [^\n]{{1,160}}\n?[^\n]{{0,80}}wrote:)$"
        # rules drawn by Outlook, Samsung, Yandex
        r"|^([-_—]{3,} ?(?:Исходное сообщение|Пересылаемое сообщение|Пересланное сообщение|"
        r"Original Message|Forwarded message|Переадресованное сообщение)[^\n]{0,10})$"
        r"|^([-_]{10,})$"
    ),
    "from_header": rf"((?:^{_Q}\*?(?:{_HEADINGS}):\*?[^\n]{{0,300}}\n?){{2,}})",
    "disclaimers": r"(?!)",
    "signatures": (
        r"С уважением|С наилучшими|С глубоким уважением|Всего доброго|Всего хорошего|"
        r"Best regards|Kind regards|Regards,"
    ),
    "sent_from": (
        r"Отправлено (?:с|из|через)|Отправлено:? ?из|Sent from|Get Outlook for|"
        r"Послано с|Отослано с"
    ),
}
MAIL_LANGUAGES["ru"] = dict(_TABLE)
_CONFIDENTIAL = re.compile(
    r"^[ \t]*(?:\W{0,3}(?:уведомление о конфиденциальности|confidentiality notice|disclaimer)|"
    r"(?:это|данное|настоящее|this) (?:электронное )?(?:сообщение|письмо|e-?mail|message)"
    r"[^\n]{0,200}(?:конфиденциальн|предназначен|confidential|intended)|"
    r"информация, содержащаяся в (?:этом|данном|настоящем))", re.MULTILINE | re.IGNORECASE)
"""What a mail server adds under every letter of an organisation."""


def own_words(letter: Letter) -> str:
    """What the person wrote in this letter, and nothing else."""
    text = letter.text
    if not letter.html:
        return cut(text)
    if not _has_quotation(text):
        return cut(own_text(letter.html) or text)
    return cut(text) or cut(own_text(letter.html))


def cut(text: str) -> str:
    """The answer in a plain text: above the quotation or, where nothing is above, below it."""
    text = text[:_LONGEST].translate(_INVISIBLE).replace("\r\n", "\n")
    mark = _MARK.search(text)
    answer = _latest(text[: mark.start()] if mark else text)
    if answer and not _HELLO.fullmatch(answer):
        return answer
    return _latest(_below(text, mark)) or answer


def _below(text: str, mark: re.Match[str] | None) -> str:
    """What stands under the quoted letter: many programs put the cursor there.

    Ours ends with a short line, so no rest of a wrapped quotation is taken for an answer.
    """
    if mark is None:
        return "\n".join(_unquoted(text))
    if not mark[1].strip():
        return text.rpartition(OWN_END)[2] if OWN_END in text else ""
    lines = text.split("\n")
    last = max(at for at, line in enumerate(lines) if _QUOTED.match(line))
    return "\n".join(lines[last + 1:])


def _latest(text: str) -> str:
    said = _CONFIDENTIAL.split(text, maxsplit=1)[0]
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in said.split("\n"))).strip()
    message = EmailMessage(
        text=tidy, languages=["ru"], include_english=False, keep_hyphen_lists=True
    ).read()
    first = next((reply for reply in message.replies if not reply.headers), None)
    own = first.body if first else ""
    return "\n".join(_unquoted(own)).strip()


def _unquoted(text: str) -> list[str]:
    """The lines that are no quotation and do not announce one."""
    headers = re.compile(_TABLE["wrote_header"], re.MULTILINE | re.IGNORECASE)
    return [line for line in headers.sub("", text).split("\n") if not _QUOTED.match(line)]


def _has_quotation(text: str) -> bool:
    return any(_QUOTED.match(line) for line in text.split("\n")) or bool(_MARK.search(text))


_VERDICT = re.compile(
    r"\W*(не\s+)?(согласован|согласен|согласна|одобр|без замечаний|замечани)", re.IGNORECASE
)


def is_verdict(text: str) -> bool:
    """Whether the words begin as an approver's do: «Согласовано», «Замечание: …»."""
    return bool(_VERDICT.match(text))
