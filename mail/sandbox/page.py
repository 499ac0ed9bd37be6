"""The page of the embedded mailbox: read any user's mail, write as any user. No script.

A letter is somebody else's text: everything is escaped, HTML is shown as plain text, attachments
are only ever downloaded, and the page may load nothing from elsewhere.
"""

import re
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

import aiosmtplib
from aiohttp import web
from aiohttp.typedefs import Handler

from core.inbound import Attachment
from core.outbound import LetterFile, OutgoingLetter, RefusedError
from mail.composing import as_bytes, compose
from mail.parsing import Letter, parse
from mail.rules import MEGABYTE
from mail.sandbox.boxes import Boxes, Kept

_STYLE = (Path(__file__).parent / "page.css").read_text("utf-8")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_LABELS = {"from": "От", "to": "Кому", "cc": "Копия", "reply-to": "Ответ на", "date": "Дата"}
"""What mail programs call these fields; the others are for specialists and keep their names."""
_SHOWN = ("from", "to", "cc", "reply-to", "date", "message-id", "in-reply-to", "auto-submitted")
_LONGEST = 200_000


class MailPage:
    """The web server; started and stopped by the sandbox."""

    def __init__(self, sandbox: Boxes) -> None:
        self._sandbox = sandbox
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, host: str) -> None:
        """Listen on a port of the system's choice."""
        app = web.Application(middlewares=[_guard], client_max_size=70 * MEGABYTE)
        app.add_routes(
            [
                web.get("/", self._boxes),
                web.get("/style.css", self._style),
                web.get("/box/{address}", self._box),
                web.get("/box/{address}/write", self._form),
                web.post("/box/{address}/write", self._write),
                web.get("/box/{address}/{uid:\\d+}", self._letter),
                web.get("/box/{address}/{uid:\\d+}/source", self._source),
                web.get("/box/{address}/{uid:\\d+}/file/{number:\\d+}", self._file),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, 0)
        await site.start()
        address = self._runner.addresses[0]
        self.url = f"http://{host}:{address[1]}/"

    async def stop(self) -> None:
        """Close the server."""
        if self._runner:
            await self._runner.cleanup()

    async def _style(self, _: web.Request) -> web.Response:
        return web.Response(text=_STYLE, content_type="text/css")

    async def _boxes(self, _: web.Request) -> web.Response:
        cards = "".join(
            f'<li><a href="{_path(user.address)}"><b>{escape(user.address)}</b>'
            f"<span>{escape(user.note)}</span>"
            f"<i>{_count(len(self._sandbox.letters(user.address)))}</i></a></li>"
            for user in self._sandbox.users
        )
        return self._page("Почтовые ящики", f'<ul class="boxes">{cards}</ul>', refresh=True)

    async def _box(self, request: web.Request) -> web.Response:
        address, letters = self._mailbox(request)
        rows = "".join(_row(address, one) for one in reversed(letters))
        body = (
            f"<p>{escape(self._sandbox.user(address).note)}</p>"
            f'<p><a class="button" href="{_path(address)}/write">Написать письмо</a></p>'
            + (f'<ul class="letters">{rows}</ul>' if rows else "<p>Писем пока нет.</p>")
        )
        return self._page(address, body, refresh=True)

    async def _letter(self, request: web.Request) -> web.Response:
        address, kept = self._kept(request)
        letter = parse(kept.raw)
        here = f"{_path(address)}/{kept.uid}"
        fields = "".join(
            f"<dt>{_LABELS.get(name, name.title())}</dt>"
            f"<dd>{escape(letter.header(name)[:2000])}</dd>"
            for name in _SHOWN
            if letter.header(name)
        )
        files = "".join(
            f'<li><a href="{here}/file/{number}">{escape(one.name)}</a> '
            f"<i>{escape(one.media_type)}, {_size(len(one.content))}</i></li>"
            for number, one in enumerate(letter.attachments)
        )
        problems = "".join(f"<li>{escape(one)}</li>" for one in letter.problems)
        body = (
            f'<p><a href="{_path(address)}">← {escape(address)}</a></p><dl>{fields}</dl>'
            f"<pre>{escape(letter.text[:_LONGEST]) or 'Текста нет.'}</pre>"
            + (f"<h2>Вложения</h2><ul>{files}</ul>" if files else "")
            + (f"<h2>Замечания к письму</h2><ul>{problems}</ul>" if problems else "")
            + f'<p><a class="button" href="{_path(address)}/write?reply={kept.uid}">Ответить</a> '
            f'<a href="{here}/source">Исходный вид</a></p>'
        )
        return self._page(letter.subject or "(без темы)", body)

    async def _source(self, request: web.Request) -> web.Response:
        _, kept = self._kept(request)
        return web.Response(text=kept.raw.decode("utf-8", "replace"), content_type="text/plain")

    async def _file(self, request: web.Request) -> web.Response:
        _, kept = self._kept(request)
        files = parse(kept.raw).attachments
        number = int(request.match_info["number"])
        if number >= len(files):
            raise web.HTTPNotFound(text="Такого вложения нет.")
        return _download(files[number])

    async def _form(self, request: web.Request) -> web.Response:
        address, letters = self._mailbox(request)
        asked = request.query.get("reply", "")
        answered = next((one for one in letters if str(one.uid) == asked), None)
        draft = _answer_to(parse(answered.raw)) if answered else _Draft()
        return self._page(*_form_body(address, draft, request.query.get("to", "")))

    async def _write(self, request: web.Request) -> web.Response:
        address, _ = self._mailbox(request)
        draft, files = await _posted(request)
        try:
            await self._send(address, draft, files)
        except RefusedError as refusal:
            return self._page(*_form_body(address, draft, "", str(refusal)), status=400)
        except aiosmtplib.SMTPException as refusal:
            sentence = f"Сервер не принял письмо: {refusal}"
            return self._page(*_form_body(address, draft, "", sentence), status=400)
        raise web.HTTPSeeOther(_path(address))

    async def _send(self, address: str, draft: "_Draft", files: list[LetterFile]) -> None:
        recipients = tuple(one for one in re.split(r"[\s,;]+", draft.to) if one)
        if not recipients:
            raise RefusedError("Укажите, кому письмо.")
        letter = OutgoingLetter(
            message_id=make_msgid(domain=address.rpartition("@")[2]),
            to=recipients,
            subject=draft.subject,
            text=draft.text,
            in_reply_to=draft.in_reply_to,
            references=tuple(draft.references.split()),
            files=tuple(files),
            automatic=False,
        )
        message: EmailMessage = compose(letter, address, localtime())
        server = urlsplit(self._sandbox.smtp_url)
        await aiosmtplib.send(
            as_bytes(message),
            sender=address,
            recipients=list(recipients),
            hostname=server.hostname,
            port=server.port,
            start_tls=False,
            local_hostname="localhost",
        )

    def _mailbox(self, request: web.Request) -> tuple[str, tuple[Kept, ...]]:
        address = request.match_info["address"].lower()
        try:
            return address, self._sandbox.letters(address)
        except KeyError:
            raise web.HTTPNotFound(text="Такого почтового ящика нет.") from None

    def _kept(self, request: web.Request) -> tuple[str, Kept]:
        address, letters = self._mailbox(request)
        for one in letters:
            if str(one.uid) == request.match_info["uid"]:
                return address, one
        raise web.HTTPNotFound(text="Такого письма нет.")

    def _page(
        self, title: str, body: str, *, status: int = 200, refresh: bool = False
    ) -> web.Response:
        links = "".join(
            f'<a href="{escape(url, quote=True)}">{escape(name)}</a>'
            for name, url in (("Почта", "/"), *self._sandbox.navigation)
        )
        again = '<meta http-equiv="refresh" content="5">' if refresh else ""
        text = (
            '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{again}<title>{escape(title)} — почта песочницы</title>"
            '<link rel="stylesheet" href="/style.css"></head><body>'
            f"<header><span><b>Ракурс</b> песочница почты</span><nav>{links}</nav></header>"
            f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
        )
        return web.Response(text=text, content_type="text/html", status=status)


class _Draft:
    """A letter being written on the page."""

    def __init__(
        self,
        to: str = "",
        subject: str = "",
        text: str = "",
        in_reply_to: str = "",
        references: str = "",
    ) -> None:
        self.to = to
        self.subject = subject
        self.text = text
        self.in_reply_to = in_reply_to
        self.references = references


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's own pages may ask: no other site's form, no name that leads here."""
    host = urlsplit(f"//{request.host}").hostname or ""
    origin = request.headers.get("Origin", "")
    foreign = origin not in {"", f"http://{request.host}"} and request.method == "POST"
    if host not in {"127.0.0.1", "localhost", "::1"} or foreign:
        raise web.HTTPForbidden(text="Страница открывается только с этого компьютера.")
    response = await handler(request)
    response.headers.update(_HEADERS)
    return response


def _path(address: str) -> str:
    return f"/box/{quote(address.lower(), safe='@.')}"


def _row(address: str, kept: Kept) -> str:
    letter = parse(kept.raw)
    files = f" · вложений: {len(letter.attachments)}" if letter.attachments else ""
    return (
        f'<li><a href="{_path(address)}/{kept.uid}">'
        f"<b>{escape(letter.subject[:200] or '(без темы)')}</b>"
        f"<span>{escape(letter.sender_name or letter.sender)}{files}</span>"
        f"<i>{kept.arrived.astimezone():%d.%m.%Y %H:%M}</i></a></li>"
    )


def _answer_to(letter: Letter) -> _Draft:
    """An answer as a mail program begins it: to Reply-To, with the thread kept."""
    again = "" if letter.subject.lower().startswith("re:") else "Re: "
    addressed = re.search(r"[^\s<>]+@[^\s<>]+", letter.header("reply-to"))
    quoted = "\n".join(f"> {line}" for line in letter.text.split("\n"))
    when = f"{letter.date:%d.%m.%Y %H:%M}, " if letter.date else ""
    return _Draft(
        to=addressed[0] if addressed else letter.sender,
        subject=again + letter.subject,
        text=f"\n\n{when}{letter.sender_name or letter.sender} пишет:\n{quoted}",
        in_reply_to=letter.message_id,
        references=" ".join([*letter.references, letter.message_id]),
    )


def _form_body(address: str, draft: _Draft, to: str, error: str = "") -> tuple[str, str]:
    title = "Ответ" if draft.in_reply_to else "Новое письмо"
    warning = f'<p class="error">{escape(error)}</p>' if error else ""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'
        for name, value in (("in_reply_to", draft.in_reply_to), ("references", draft.references))
    )
    body = (
        f'{warning}<form method="post" action="{_path(address)}/write" '
        f'enctype="multipart/form-data"><p>От: <b>{escape(address)}</b></p>{hidden}'
        '<label>Кому<input name="to" required '
        f'value="{escape(draft.to or to, quote=True)}"></label>'
        f'<label>Тема<input name="subject" value="{escape(draft.subject, quote=True)}"></label>'
        f'<label>Текст<textarea name="text" rows="14">\n{escape(draft.text)}</textarea></label>'
        '<label>Файлы<input type="file" name="file" multiple></label>'
        "<button>Отправить</button></form>"
    )
    return title, body


async def _posted(request: web.Request) -> tuple[_Draft, list[LetterFile]]:
    form = await request.post()
    files = [
        LetterFile(one.filename, one.content_type, one.file.read())
        for one in form.getall("file", [])
        if isinstance(one, web.FileField) and one.filename
    ]
    names = ("to", "subject", "text", "in_reply_to", "references")
    return _Draft(**{name: str(form.get(name, "")) for name in names}), files


def _download(file: Attachment) -> web.Response:
    name = quote(file.name.replace("\r", " ").replace("\n", " "), safe="")
    return web.Response(
        body=file.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _count(letters: int) -> str:
    tens, ones = letters % 100, letters % 10
    if ones == 1 and tens != 11:
        return f"{letters} письмо"
    return (
        f"{letters} письма"
        if ones in {2, 3, 4} and tens not in {12, 13, 14}
        else f"{letters} писем"
    )


def _size(count: int) -> str:
    if count < 1024:
        return f"{count} Б"
    return f"{count / 1024:.0f} КБ" if count < MEGABYTE else f"{count / MEGABYTE:.1f} МБ"
