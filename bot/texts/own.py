"""``/settings`` in words."""

from html import escape

from bot.keyboards.own import clock
from core.people import Directory, Person, Quiet
from core.usecases.control import is_desk
from core.usecases.office import Rules

SAVED = "Сохранено."


def settings(person: Person, directory: Directory, rules: Rules) -> str:
    """Who this person is in the directory, and what was chosen."""
    body = directory.body_of(person)
    offices = "; ".join(sorted(one.label for one in person.offices)) or "исполнитель"
    lines = [f"<b>{escape(person.name)}</b>", escape(person.post)]
    lines += [escape(body.name)] if body else []
    lines += [f"Роль: {escape(offices)}",
              f"Почта: {escape(person.email) or 'не указана'}",
              "Поручения приходят в Telegram; если он недоступен — на почту.",
              f"🌙 Тихие часы: {hours(person.quiet or rules.quiet)}",
              f"🗞 Сводка: {_digest(person, rules)}"]
    standing = directory.names(one.id for one in person.stands_for)
    lines += [f"🤝 Вы замещаете: {escape(standing)}"] if standing else []
    deputy = directory.acting.get(person.id)
    lines += [f"🏖 Вас замещает {escape(directory.names([deputy]))}"] if deputy else []
    lines.append("Должность и роль изменяет администратор.")
    return "\n".join(line for line in lines if line)


def hours(quiet: Quiet) -> str:
    """«с 21:00 до 08:00 и в выходные»."""
    days = "выходные" if quiet.days_off else ""
    night = "" if quiet.start == quiet.end else f"с {clock(quiet.start)} до {clock(quiet.end)}"
    return " и в ".join(one for one in (night, days) if one) or "нет, извещения приходят сразу"


def quiet(person: Person, usual: Quiet) -> str:
    """Above the choice of hours."""
    now = f"Сейчас: {hours(person.quiet or usual)}{'' if person.quiet else ' (как в отделе)'}."
    return ("<b>Тихие часы</b>\nИзвещения этих часов придут утром, по нескольку в одном "
            "сообщении. Сразу приходят: просроченное, последний день срока и ответ на то, что вы "
            f"сами только что сделали.\n{now}")


def digest(person: Person, rules: Rules) -> str:
    """Above the choice of the hour."""
    what = ("Ежедневная сводка отдела" if is_desk(person) else
            "Утром рабочего дня пришлю, что вас ждёт")
    return f"<b>Время сводки</b>\n{what}.\nСейчас: {_digest(person, rules)}."


def _digest(person: Person, rules: Rules) -> str:
    if person.digest_at is not None:
        return f"в {clock(person.digest_at)}"
    if is_desk(person):
        return f"в {clock(rules.digest_hour * 60 + rules.digest_minute)} (как в отделе)"
    return "не присылается"
