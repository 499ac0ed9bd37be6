"""R11, R34: an organisation's free letter reaches its case by e-mail alone, over IMAP and SMTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from bot.rehearsal.post import Post, files_of, text_of
from core.bell import Sound
from core.notices import NoticeKind
from core.people import Channel
from mail.carrier import MailCarrier
from mail.courier import SmtpCourier
from mail.inbox import Inbox
from mail.rules import MailRules
from mail.sandbox import MailSandbox, MailUser
from storage.template import open_fresh
from tests.bot import city
from tests.usecases.office.house import BY_MAIL_ALONE, House

BOT, HEAT = "bot@gorod.test", "ivanov@heat.test"
DESK = f"p{city.DESK}@gorod.test"
NUMBER = "ЕКЖ-2026-000001"


@dataclass
class ByPost:
    """An office whose desk has nothing but a mailbox."""

    house: House
    boxes: MailSandbox
    post: Post

    async def reads(self, words: str) -> EmailMessage:
        """The desk waits for a letter with these words, and fetches it by IMAP."""
        await self.boxes.wait_for(DESK, lambda one: words in one.text, seconds=20)
        return next(one for one in await self.post.letters(DESK) if words in text_of(one))


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[ByPost]:
    database = await open_fresh(folder)
    boxes = await MailSandbox.start([MailUser(one, "secret") for one in (BOT, HEAT, DESK)])
    house = await House.open(database)
    await house.settle_in(by_mail_alone={*BY_MAIL_ALONE, city.DESK})
    courier = SmtpCourier(boxes.smtp_url, BOT, house.clock.now)
    house.delivery.couriers[Channel.EMAIL] = MailCarrier(courier, "gorod.test")  # type: ignore[index]
    inbox = Inbox(boxes.imap_url(BOT), house.intake, MailRules(BOT), house.clock.now, poll=0.2)
    loops = [asyncio.create_task(one) for one in (inbox.run(), house.delivery.run(
        Channel.EMAIL, house.office.bell.another(Sound.NOTICES)))]
    try:
        yield ByPost(house, boxes, Post(boxes.imap_url, boxes.smtp_url))
    finally:
        for one in loops:
            one.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await boxes.stop()
        await database.close()


def free_letter() -> bytes:
    """As an organisation writes it: to the office's address, in answer to nothing."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = HEAT, BOT, "О люке на ул. Мира"
    letter["Message-ID"] = "<free.1@heat.test>"
    letter.set_content("Сообщаем, что люк у дома 12 закрыт 24.11.2026.")
    letter.add_attachment(b"%PDF-1.4 act", maintype="application", subtype="pdf",
                          filename="акт.pdf")
    return letter.as_bytes(policy=SMTP)


async def test_the_desk_puts_a_free_letter_to_its_message_by_answering_the_notice(
        tmp_path: Path) -> None:
    async with office(tmp_path) as by_post:
        house, post = by_post.house, by_post.post
        await house.arrives()
        await post.sends(HEAT, BOT, free_letter())
        notice = await by_post.reads("люк у дома 12 закрыт")
        said = text_of(notice)
        assert f"От кого: {HEAT}" in said
        assert "«К сообщению ЕКЖ-2026-000123» (с нужным номером)" in said
        assert files_of(notice) == {"акт.pdf": b"%PDF-1.4 act"}
        await post.answers(DESK, notice, "Это про люк на Мира")
        asked = await by_post.reads("Не удалось понять, что сделать с письмом")
        await post.answers(DESK, asked, f"К сообщению {NUMBER}\n\nС уважением, Соколова М.И.")
        done = await by_post.reads(f"Приобщено к сообщению {NUMBER}.")
        assert str(done["In-Reply-To"]), "it answers the desk's own letter"
        rows = await house.letters_in()
    free = next(one for one in rows if one.sender == HEAT)
    assert (free.handled, free.case_id) == (True, 1)
    assert all(one.handled for one in rows)
    assert house.told(NoticeKind.UNCLEAR_MAIL) == [city.DESK], "no notice of its own answers"
