"""What is said of absences, work left without hands and reports that cannot be made: plain
sentences, for either face."""

from collections.abc import Mapping
from datetime import date

from core.notices import FOR, NoticeKind
from core.wordforms import counted

Facts = Mapping[str, str]


def _days(facts: Facts) -> str:
    first, last = (date.fromisoformat(facts[one]) for one in ("first", "last"))
    return f"{first:%d.%m.%Y}" if first == last else f"{first:%d.%m.%Y} — {last:%d.%m.%Y}"


def _open(facts: Facts) -> str:
    count = int(facts.get("count", "0"))
    return counted(count, "открытое сообщение", "открытых сообщения", "открытых сообщений")


def _standing_in(facts: Facts) -> str:
    if not facts.get("begun"):
        return (f"Вы будете замещать: {facts['who']} ({_days(facts)}). В первый день пришлём, "
                "что в работе.")
    waiting = f"Сейчас: {_open(facts)}." if facts.get("count", "0") != "0" else (
        "Открытых сообщений нет.")
    return (f"Вы замещаете: {facts['who']} ({_days(facts)}). {waiting} Новые поручения и "
            "напоминания будут приходить вам.")


def _over(facts: Facts) -> str:
    return f"Замещать больше не нужно: {facts['who']} на месте."


def _back(facts: Facts) -> str:
    waiting = (f"За вами {_open(facts)}." if facts.get("count", "0") != "0" else
               "Открытых сообщений за вами нет.")
    return f"С возвращением! Вас замещал другой сотрудник ({facts['by']}). {waiting}"


def _left(facts: Facts) -> str:
    return (f"{facts['who']} больше не работает с сообщениями, а за ним остаётся {_open(facts)}. "
            "Передайте работу другому сотруднику.")


def _reference(facts: Facts) -> str:
    since = (f"Последний раз подтверждены {facts['since']}." if facts.get("since") else
             "Они ещё ни разу не подтверждались.")
    return (f"Подтвердите справочные данные (адрес, телефон, почта, режим работы): "
            f"{facts['name']}. {since} Это делается раз в год (п. 2.1, абз. 2).")


def _stale(facts: Facts) -> str:
    count = counted(int(facts["count"]), "органа", "органов", "органов")
    return (f"Справочные данные не подтверждены больше года: у {count}, в том числе "
            f"{facts['names']}. Ответственным за них направлено напоминание (п. 2.1, абз. 2).")


def _unreachable(facts: Facts) -> str:
    where = ("Извещения ему идут на почту" if facts.get("mail") else
             "Почты в справочнике нет: извещения ему не доходят")
    return (f"{facts['who']} не получает сообщений бота: бот заблокирован или чат удалён. "
            f"{where}. Попросите открыть чат с ботом и нажать «Запустить».")


def _report_trouble(facts: Facts) -> str:
    return (f"Не удалось составить: {facts['named']}. {facts['why']} Ракурс будет пробовать "
            "снова; отчёт придёт, как только получится.")


SENTENCES = {
    NoticeKind.REPORT_TROUBLE: _report_trouble,
    NoticeKind.UNREACHABLE: _unreachable,
    NoticeKind.REFERENCE_DATA: _reference, NoticeKind.REFERENCE_STALE: _stale,
    NoticeKind.STANDING_IN: _standing_in, NoticeKind.STANDING_IN_OVER: _over,
    NoticeKind.BACK_AT_WORK: _back, NoticeKind.LEFT_WITHOUT_HANDS: _left,
}


def for_whom(facts: Facts) -> str:
    """«Вы замещаете: Иванова А.П.», or nothing."""
    return f"Вы замещаете: {facts[FOR]}" if facts.get(FOR) else ""
