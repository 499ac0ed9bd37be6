"""``rakurs parse-mail``: what the mail bridge would make of an e-mail, changing nothing."""

import argparse
from pathlib import Path

from bot.console import BAD_CALL, FOUND_FAULT, OK, Subcommands, complain, say, say_json, unreadable

KINDS = {
    "new_message": "новое сообщение",
    "repeat": "возврат сообщения гражданином",
    "approval": "ответ согласующего",
    "signature": "уведомление МСЭД: подписан",
    "registration": "уведомление МСЭД: зарегистрирован",
    "publication": "уведомление МСЭД: опубликован",
    "return": "уведомление МСЭД: возвращён",
    "receipt": "квитанция: пакет получен",
    "executor_reply": "ответ исполнителя",
    "letter_reply": "ответ организации",
    "bounce": "письмо не доставлено",
    "auto_reply": "автоматический ответ",
    "unrecognised": "не распознано, решает сотрудник",
}
FIELDS = {
    "number": "номер",
    "sent_on": "дата",
    "category": "категория",
    "topic": "тема",
    "place": "адрес",
    "text": "текст",
    "applicant": "заявитель",
    "public": "публичность",
    "repeat_of": "повтор к",
    "case_number": "номер сообщения",
    "document_number": "регистрационный номер",
    "person": "подписал",
    "reason": "причина",
    "on": "дата",
    "token": "код ответа",
    "message_id": "к письму",
    "recipient": "получатель",
    "status": "код состояния",
    "permanent": "окончательно",
}


def add_to(commands: Subcommands) -> None:
    """Hang ``parse-mail`` on the command line."""
    parser = commands.add_parser(
        "parse-mail", help="показать, что почтовый мост сделает с письмом, ничего не меняя"
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="ПИСЬМО.eml", help="файл письма")
    parser.add_argument("--json", action="store_true", help="ответ в JSON, письмо на строку")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    outcomes = [_one(path, as_json=arguments.json) for path in arguments.files]
    if all(outcomes):
        return OK
    return BAD_CALL if len(outcomes) == 1 else FOUND_FAULT


def _one(path: Path, *, as_json: bool) -> bool:
    from bot.app import preview_mail
    try:
        seen = preview_mail(path)
    except OSError as fault:
        sentence = f"{path}: {unreadable(fault)}"
        if as_json:
            say_json({"file": str(path), "error": sentence})
        else:
            complain(sentence)
        return False
    if as_json:
        say_json(seen)
    else:
        _show(path, seen)
    return True


def _show(path: Path, seen: dict[str, object]) -> None:
    say(f"{path}: {KINDS[str(seen['kind'])]}")
    for title, name in (("От", "from"), ("Тема", "subject"), ("Дата", "date")):
        say(f"  {title}: {seen[name] or 'нет'}")
    _show_card(seen["card"])
    for one in _listed(seen["attachments"]):
        if isinstance(one, dict):
            say(f"  вложение: {one['name']} ({one['media_type']}, {one['bytes']} Б)")
    for problem in _listed(seen["problems"]):
        say(f"  ! {problem}")


def _show_card(card: object) -> None:
    for name, value in card.items() if isinstance(card, dict) else ():
        if isinstance(value, dict) and "number" in value:  # a row of a table
            say(f"  {name}: № {value['number']}, {str(value['text'])[:60]}")
        elif value not in ("", None):
            say(f"  {FIELDS.get(name, name)}: {_words(value)}")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values() if one) or "не указан"
    return str(value).replace("\n", "\n    ")
