"""R11, R29: a colleague's answer to ``From`` instead of ``Reply-To``, over IMAP and SMTP."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from bot.rehearsal.post import text_of
from tests.mail.test_desk_by_letter import BOT, DESK, HEAT, NUMBER, free_letter, office


def answer_to_from(letter: EmailMessage, text: str, sender: str) -> bytes:
    """As a mail program writes it that passes over ``Reply-To``."""
    reply = EmailMessage()
    reply["From"], reply["To"], reply["Subject"] = sender, BOT, f"Re: {letter['Subject']}"
    reply["Message-ID"] = "<past.1@gorod.test>"
    reply["In-Reply-To"] = reply["References"] = str(letter["Message-ID"])
    reply.set_content(text)
    return reply.as_bytes(policy=SMTP)


async def test_an_answer_that_went_past_its_key_is_asked_for_again_and_then_works(
        tmp_path: Path) -> None:
    async with office(tmp_path) as by_post:
        house, post = by_post.house, by_post.post
        await house.arrives()
        await post.sends(HEAT, BOT, free_letter())
        notice = await by_post.reads("люк у дома 12 закрыт")
        await post.sends(DESK, BOT, answer_to_from(notice, f"К сообщению {NUMBER}", DESK))
        asked = await by_post.reads("пришёл на общий адрес")
        assert "ответом на это письмо" in " ".join(text_of(asked).split())
        assert str(asked["In-Reply-To"]) == "<past.1@gorod.test>"
        free, past = (await house.letters_in())[1:]
        assert (free.handled, past.handled) == (False, True), "nothing was decided yet"
        await post.answers(DESK, asked, f"К сообщению {NUMBER}")
        await by_post.reads(f"Приобщено к сообщению {NUMBER}.")
        assert all(one.handled for one in await house.letters_in())
