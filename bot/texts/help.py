"""``/help`` and the lists of commands, by role."""

from html import escape

from bot.texts.general import HOW_TO_PHOTO
from core.access import WHOLE_OFFICE
from core.people import Person
from core.regulation.terms import Role

Commands = tuple[tuple[str, str], ...]

STRANGERS: Commands = (("start", "войти по приглашению"),)
CASES: Commands = (
    ("menu", "меню и счётчики"),
    ("my", "что ждёт меня"),
    ("case", "найти сообщение по номеру или месту"),
    ("overdue", "просроченные"),
)
REPORT: Commands = (("report", "сводка на сейчас"),)
MENU: Commands = (("menu", "справочник"),)
EVERYBODY: Commands = (
    ("settings", "тихие часы, сводка, отсутствие"),
    ("help", "что я могу сделать здесь"),
    ("cancel", "снять вопрос бота"),
)

HELP: tuple[tuple[frozenset[Role], str], ...] = (
    (frozenset({Role.DESK, Role.DESK_HEAD}),
     "<b>Подразделение «Добродел».</b> Новое сообщение — «Зарегистрировать», затем «Направить» "
     "(кому — предложит справочник), «Переадресовать» или «Начальнику УД». После подписи — "
     "«Оформление верно» и «Отправить оператору»."),
    (frozenset({Role.DESK_HEAD}),
     "После третьего возврата решаете вы: «Оператору на закрытие» или «На комиссию». Дела того, "
     "кто больше не работает, передайте другому кнопкой «Передать дела»."),
    (frozenset({Role.CHIEF_OF_STAFF}),
     "<b>Начальник Управления делами.</b> Вам приходят затруднительные сообщения: «Направить» "
     "или «Переадресовать». Сводка — /report"),
    (frozenset({Role.OFFICIAL}),
     "<b>Должностное лицо.</b> «Утвердить резолюцию» — как предложено, в одно нажатие; "
     "«Изменить» — исполнители, сроки, задача; «Вернуть регистратору» — не ваши полномочия. "
     "Срок — рабочий день (п. 4.2)."),
    (frozenset({Role.HEAD_OF_BODY}),
     "<b>Руководитель органа.</b> Своё поручение передайте сотруднику: «Поручить». Проект ответа "
     "— «Согласовать» или «Замечание». Об отсутствии сотрудников — /settings."),
    (frozenset({Role.SIGNATORY}),
     "<b>Подписывающий.</b> Подпишите ответ в МСЭД и нажмите «Подписано»; не согласны — "
     "«Вернуть»."),
    (frozenset({Role.CLERK}),
     "<b>Делопроизводитель.</b> Письма на бланке вашего органа: «Зарегистрировать и отправить». "
     "Реестр отправки — в /menu."),
    (frozenset({Role.HEAD_OF_DISTRICT}),
     "<b>Глава городского округа.</b> Любое сообщение откроется по номеру или месту. Сводка — "
     "/report"),
    (frozenset({Role.ADMIN}),
     "<b>Администратор.</b> /menu → «Справочник»: сотрудники, приглашения, роли, перевод, "
     "блокировка, загрузка и выгрузка XLSX, справочные данные."),
)
"""What each role does here, in the words of its buttons."""
EXECUTOR = ("<b>Исполнитель.</b> «Принять» или «Не моё» (в течение рабочего дня, п. 4.4). «Фото "
            "работ», затем «Отчёт» соисполнителя или «Подготовить ответ» ответственного и «На "
            f"согласование». {HOW_TO_PHOTO}")
APPROVER = ("<b>Согласующий.</b> Когда дойдёт очередь, придёт проект ответа: «Согласовать» или "
            "«Замечание».")
NO_EXECUTORS = frozenset({Role.DESK, Role.DESK_HEAD, Role.CHIEF_OF_STAFF, Role.HEAD_OF_DISTRICT,
                          Role.ADMIN, Role.SIGNATORY, Role.OFFICIAL, Role.CLERK})
"""Whoever holds only these is not told how to photograph."""


def commands_of(person: Person) -> Commands:
    """The commands that Telegram offers this person: those of the own roles."""
    offices = person.offices
    if offices == {Role.ADMIN}:
        return (*MENU, *EVERYBODY)
    return (*CASES, *(REPORT if offices & WHOLE_OFFICE else ()), *EVERYBODY)


def help_text(person: Person) -> str:
    """``/help``: what this person can do here, and how to answer the bot."""
    said = [text for roles, text in HELP if roles & person.offices]
    if not person.offices or person.offices - NO_EXECUTORS:
        said.append(EXECUTOR)
    if not person.offices:
        said.append(APPROVER)
    commands = "\n".join(f"/{name} — {escape(what)}" for name, what in commands_of(person))
    cases = ("Пришлите номер или место — открою карточку. На вопрос бота отвечайте текстом; "
             "передумали — /cancel")
    return "\n\n".join([
        "<b>Ракурс</b> ведёт сообщения портала «Добродел» по Регламенту.", *said, cases,
        commands])
