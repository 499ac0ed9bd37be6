"""The composition root: alone joins bot, mail and storage. Builds; never decides."""

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import collector, room
from bot.certificates import Certificates
from bot.clock import RehearsalClock, SystemClock
from bot.settings import Settings, load
from core.bell import Bell, Sound
from core.calendar import Overlay, WorkingCalendar, WorkingHours
from core.documents.house import Templates
from core.errors import AssistantError
from core.people import Channel
from core.ports import Clock
from core.secret import Secret
from core.usecases.absences import Absences
from core.usecases.control import Control
from core.usecases.delivery import Delivery
from core.usecases.enrolment import Enrolment
from core.usecases.housekeeping import Housekeeping
from core.usecases.intake import Intake
from core.usecases.ladder import Ladder
from core.usecases.letters import Letters
from core.usecases.letterwatch import LetterWatch
from core.usecases.lookups import Lookups
from core.usecases.office import Office, Rules
from core.usecases.papers import Papers
from core.usecases.parcels import Courier, Packer
from core.usecases.precedents import Precedents
from core.usecases.reference import Reference
from core.usecases.registers import Registers
from core.usecases.replies import Replies
from core.usecases.reporting import Reporting
from core.usecases.staff import Staff
from storage.database import Database, open_database

if TYPE_CHECKING:
    from mail.rules import MailRules

log = logging.getLogger(__name__)

STOP_SECONDS = 20.0
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Program:
    """The core with its tools, on an open database."""

    settings: Settings
    database: Database
    office: Office
    letters: Letters
    lookups: Lookups
    control: Control
    enrolment: Enrolment
    intake: Intake
    papers: Papers


def clock_of(settings: Settings) -> Clock:
    """The system's clock, or the rehearsal's."""
    return RehearsalClock(settings.clock_file) if settings.clock_file else SystemClock()


def calendar_of(settings: Settings) -> WorkingCalendar:
    """The official calendar with the office's overlay and hours."""
    overlay = Overlay.read(settings.calendar_overlay) if settings.calendar_overlay else Overlay()
    hours = WorkingHours(settings.workday_start, settings.workday_end)
    return WorkingCalendar.official(overlay, hours, settings.zone)


def secret_of(data_dir: Path) -> Secret:
    """The office's secret; made at the first start, readable by its owner alone."""
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            log.debug("another process was first")
        fresh.unlink()
    return Secret(path.read_bytes())


@asynccontextmanager
async def program(settings: Settings, *, migrate: bool = True, create: bool = True
                  ) -> AsyncIterator[Program]:
    """The program without its faces: for commands, and for ``run`` beneath the faces.

    Without ``create`` the database must be there: a report asked for in a wrong folder is a
    mistake, not a city without messages.
    """
    if settings.templates_dir is not None and not settings.templates_dir.is_dir():
        raise AssistantError(
            f"Настройка TEMPLATES_DIR: папки {settings.templates_dir} нет. Создайте её или "
            "уберите настройку, тогда документы готовятся по образцам программы.")
    calendar = calendar_of(settings)
    database = await open_database(
        settings.database_url.get_secret_value(), settings.data_dir, create=create)
    try:
        if migrate:
            await database.migrate()
        clock = clock_of(settings)
        database.lives_by(lambda: calendar.local_date(clock.now()))
        office = Office(
            work=database.work, clock=clock, calendar=calendar,
            rules=Rules(
                marks=settings.marks, digest_hour=settings.digest_at.hour,
                digest_minute=settings.digest_at.minute, quiet=settings.quiet,
                msed_address=settings.msed_address,
                operator_address=settings.operator_address,
                office_addresses=settings.office_addresses,
                letter_marks=(settings.letter_marks[0], settings.letter_marks[1]),
                approval_days=settings.approval_days,
                keep_approvals=settings.approvals_after_remark == "keep"),
            files=database.files, bell=Bell(), secret=secret_of(settings.data_dir))
        letters = Letters(office)
        precedents = Precedents(office, settings.data_dir)
        lookups = Lookups(office, mask_contacts=not settings.personal_data_in_telegram,
                          precedents=precedents)
        yield Program(
            settings, database, office, letters, lookups,
            Control(office, Certificates.of(settings), partial(room.little, settings.data_dir)),
            Enrolment(office),
            Intake(office, letters, Replies(office, letters)),
            Papers(office, Templates(settings.templates_dir)))
    finally:
        await database.close()


def delivery_of(app: Program, couriers: Mapping[Channel, Courier]) -> Delivery:
    """The outbox's way out by these couriers."""
    packer = Packer(app.office, app.lookups, app.control, app.papers)
    return Delivery(app.office, couriers, packer, app.letters)


Loops = list[tuple[str, Coroutine[Any, Any, None]]]


def mail_rules(settings: Settings) -> "MailRules":
    """Whom the mail bridge believes, and the office's own layouts; raises BadTableError."""
    from mail.profiles import load_profiles
    from mail.rules import MailRules
    from mail.trust import Trust
    return MailRules(
        settings.mail_from, settings.msed_senders,
        profiles=load_profiles(settings.profiles_dir) if settings.profiles_dir else (),
        trust=Trust(settings.mail_trust), authserv_id=settings.authserv_id,
        arc_sealers=settings.arc_sealers, since=settings.mail_since)


def read_samples(settings: Settings, folder: Path) -> str:
    """What the mail bridge makes of an office's own samples, as a table."""
    from mail import samples
    return samples.as_table(samples.read_samples(folder, mail_rules(settings)))


def mail_face(app: Program) -> Loops:
    """The mail bridge: letters in by IMAP, letters out by SMTP."""
    from mail.carrier import MailCarrier
    from mail.courier import SmtpCourier
    from mail.inbox import Inbox
    settings = app.settings
    rules = mail_rules(settings)
    sender = SmtpCourier(settings.smtp_url.get_secret_value(), settings.mail_from,
                         app.office.clock.now)
    carrier = MailCarrier(sender, rules.own_address.rpartition("@")[2])
    delivery = delivery_of(app, {Channel.EMAIL: carrier})
    inbox = Inbox(settings.imap_url.get_secret_value(), app.intake, rules, app.office.clock.now,
                  poll=settings.mail_poll_seconds)
    return [("inbox", inbox.run()),
            ("letters", delivery.run(Channel.EMAIL, app.office.bell.another(Sound.NOTICES)))]


async def check_smtp(settings: Settings) -> str:
    """Log in to SMTP and leave; raises what is wrong."""
    from mail.courier import SmtpCourier
    if not settings.smtp_url.get_secret_value():
        raise AssistantError("не задан SMTP_URL")
    return await SmtpCourier(settings.smtp_url.get_secret_value(), settings.mail_from,
                             clock_of(settings).now, timeout=15).check()


async def check_imap(settings: Settings) -> str:
    """Log in to IMAP, look at the mailbox and leave; raises what is wrong."""
    from mail.inbox import check_mailbox
    if not settings.imap_url.get_secret_value():
        raise AssistantError("не задан IMAP_URL")

    async def cursor(mailbox: str) -> tuple[int, int] | None:
        try:
            async with program(settings, migrate=False) as app:
                return await app.intake.cursor(mailbox)
        except AssistantError:  # the database has a line of its own
            return None

    return await check_mailbox(settings.imap_url.get_secret_value(), cursor=cursor,
                               since=settings.mail_since)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it, and the server's clock (HTTP Date), where it said so."""

    username: str
    clock: datetime | None


async def ask_telegram(settings: Settings) -> Me:
    """Who the bot is (getMe); raises what is wrong, never naming the token."""
    import aiohttp
    token = settings.bot_token.get_secret_value()
    if not token:
        raise AssistantError("не задан BOT_TOKEN")
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{token}/getMe"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as session, \
                session.get(url) as response:
            answer = await response.json(content_type=None)
            date = response.headers.get("Date", "")
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
        raise AssistantError(
            f"{settings.telegram_api_url} не отвечает: проверьте сеть и TELEGRAM_API_URL"
        ) from None
    if not isinstance(answer, dict) or not answer.get("ok"):
        raise AssistantError("токен не принят: проверьте BOT_TOKEN")
    try:
        clock = parsedate_to_datetime(date)
    except ValueError:
        clock = None
    return Me(str(answer["result"]["username"]), clock)


def bot_face(app: Program) -> Loops:
    """The Telegram face: updates in, cards out, photos judged."""
    from bot import late_models
    late_models.prepare()
    from bot.face import Face
    return Face(app.settings, app.office, app.lookups, app.enrolment, app.letters,
                app.control, app.papers, lambda couriers: delivery_of(app, couriers)).loops()


def schedule_face(app: Program) -> Loops:
    """The control: the scan and the routines."""
    from bot.metronome import Metronome
    metronome = Metronome()
    seconds = app.settings.scan_seconds
    metronome.beat("scan", seconds, app.control.scan)
    metronome.beat("digest", seconds, app.control.digest_if_due)
    metronome.beat("reports", seconds,
                   Reporting(app.office, app.papers.templates).tick)
    metronome.beat("own digests", seconds, app.control.own_digests_if_due)
    metronome.beat("absences", seconds, Absences(app.office).hand_over_if_due)
    metronome.beat("reference data", HOUR, Reference(app.office).remind_if_due)
    metronome.beat("ladder", seconds, Ladder(app.office).climb)
    metronome.beat("left", HOUR, Staff(app.office).tell_if_left)
    metronome.beat("letters", seconds, LetterWatch(app.office).remind)
    metronome.beat("registers", seconds, Registers(app.office).hand_out_if_due)
    if app.lookups.precedents is not None:
        metronome.beat("precedents", HOUR, app.lookups.precedents.learn_if_due)
    metronome.beat("housekeeping", HOUR, Housekeeping(app.office).tidy_if_due)
    return [("schedule", metronome.run())]


BUILDERS: dict[str, Callable[[Program], Loops]] = {
    "bot": bot_face, "mail": mail_face, "schedule": schedule_face}


async def run(settings: Settings, faces: frozenset[str]) -> None:
    """Run the chosen faces until SIGTERM or SIGINT; then stop cleanly.

    A face that fails stops the program with its error: a supervisor starts it again, and nothing
    is lost, since nothing was said before it was saved.
    """
    async with program(settings) as app:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        stopping: asyncio.Task[Any] = asyncio.create_task(stop.wait(), name="stop")
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(work, name=name)
            for face in sorted(faces) for name, work in BUILDERS[face](app)]
        if settings.metrics_listen:
            from bot.metrics import serve
            tasks.append(asyncio.create_task(
                serve(app.office, settings.metrics_listen), name="metrics"))
        collector.spare()
        log.info("running: %s", ", ".join(task.get_name() for task in tasks))
        done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in done - {stopping}:
            if not task.cancelled() and (error := task.exception()):
                raise error


def migrate(settings: Settings) -> list[str]:
    """Bring the database to the current schema; the names of what was done."""
    async def work() -> list[str]:
        async with program(settings, migrate=False) as app:
            return await app.database.migrate()
    return asyncio.run(work())


def back_up(settings: Settings, archive: Path) -> str:
    """Database and files into one archive, while running; a sentence about what was kept."""
    from storage import backup
    return backup.back_up(
        settings.database_url.get_secret_value(), settings.data_dir, archive)


def restore(settings: Settings, archive: Path, *, force: bool) -> str:
    """Database and files from an archive; refuses to overwrite without ``force``."""
    from storage import backup
    return backup.restore(
        settings.database_url.get_secret_value(), settings.data_dir, archive, force=force)


def preview_mail(path: Path) -> dict[str, object]:
    """What the bridge would make of one letter in a file, as the JSON of ``parse-mail``."""
    from mail.preview import preview_mail as preview
    settings = load()
    rules = mail_rules(settings) if settings.mail_from else None
    return preview(path, rules)
