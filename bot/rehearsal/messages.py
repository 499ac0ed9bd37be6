"""What МСЭД sends in the made-up city: cards, notices and returns as e-mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zlib import crc32

from bot.rehearsal.city import BOT_BOX, DOMAIN, MSED_BOX

CARD = """\
Номер: {number}
Дата: {date:%d.%m.%Y}
Категория: {category}
Тема: {topic}
Адрес: {place}
Заявитель: {applicant}
Контакты: {contacts}
Публичность: да
{repeat}Текст: {text}
"""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A citizen's message of the made-up city."""

    number: str
    text: str
    category: str = "Дороги"
    topic: str = "Ямы и выбоины на дорогах"
    place: str = "г. Мытищи, ул. Лётная, д. 20"
    applicant: str = "Петрова Анна Сергеевна"
    contacts: str = "+7 916 000-00-00, petrova@pochta.test"


POTHOLE = Complaint(
    "12345678",
    "У дома 20 по улице Лётной на проезжей части глубокая яма, рядом не горит фонарь. "
    "Прошу отремонтировать дорогу и восстановить освещение.")


def card(complaint: Complaint, at: datetime, photo: bytes = b"", *, repeat_of: str = "",
         serial: int = 1) -> bytes:
    """The export of one message; ``repeat_of`` makes it the citizen's return."""
    body = CARD.format(
        number=complaint.number, date=at, category=complaint.category, topic=complaint.topic,
        place=complaint.place, applicant=complaint.applicant, contacts=complaint.contacts,
        text=complaint.text, repeat=f"Повтор к: {repeat_of}\n" if repeat_of else "")
    subject = f"Сообщение с портала «Добродел» № {complaint.number}"
    files = [("foto_zayavitelya.jpg", photo)] if photo else []
    return _letter(subject, body, at, f"card.{complaint.number}.{serial}", files)


def notice(what: str, case_number: str, at: datetime, *, person: str = "", number: str = "",
           reason: str = "", serial: int = 1) -> bytes:
    """A notice of МСЭД: «подписан», «зарегистрирован», «опубликован», «отказано»."""
    lines = [f"Уведомление: {what}", f"Номер: {case_number}", f"Дата: {at:%d.%m.%Y}"]
    lines += [f"Подписал: {person}"] if person else []
    lines += [f"Регистрационный номер: {number}"] if number else []
    lines += [f"Причина: {reason}"] if reason else []
    return _letter(f"Уведомление МСЭД: {what}", "\n".join(lines) + "\n", at,
                   f"notice.{case_number}.{what}.{serial}", [])


def _letter(subject: str, body: str, at: datetime, name: str,
            files: Sequence[tuple[str, bytes]]) -> bytes:
    message = EmailMessage()
    message["From"] = f"МСЭД <{MSED_BOX}>"
    message["To"] = BOT_BOX
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    ascii_name = name.encode("ascii", "ignore").decode()
    message["Message-ID"] = f"<{ascii_name}.{crc32(name.encode())}@{DOMAIN}>"
    message.set_content(body)
    for file_name, content in files:
        message.add_attachment(content, maintype="image", subtype="jpeg", filename=file_name)
    return message.as_bytes(policy=SMTP)
