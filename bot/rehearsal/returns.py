"""The story goes on: the citizen's returns, the operator, the commission; other mail."""

import aiohttp

from bot.rehearsal import messages
from bot.rehearsal.city import BOT_BOX, OPERATOR_BOX
from bot.rehearsal.post import files_of
from bot.rehearsal.steps import NotSeenError, Rehearsal, number_on
from bot.rehearsal.story import SCRIPT as SCRIPT
from bot.rehearsal.story import (
    approve_both,
    citizen_returns,
    nobody_sees_the_applicant,
    sign_and_send,
)

step = SCRIPT.step

ANSWERS = (
    "Покрытие улицы Лётной у дома 20 проверено повторно: шов дополнительно пролит.",
    "По итогам нового выезда покрытие улицы Лётной у дома 20 соответствует нормам.",
)


@step("Пользователь", "не согласен с ответом: сообщение возвращается, счётчик — 1", "R46",
      "п. 2.1, абз. 4")
async def first_return(now: Rehearsal) -> None:
    await citizen_returns(now, "Шов на заплатке открылся, прошу доделать.")
    await now.becomes("sokolova", "поступило")
    await now.sees("kuznetsov", "вернул")


@step("Соколова М.И.", "регистрирует возврат и направляет его", "R5 R46", "разд. 3, абз. 1-2")
async def return_routed(now: Rehearsal) -> None:
    await now.presses("sokolova", "Зарегистрировать", "зарегистрировано")
    await now.presses("sokolova", "Направить", "на резолюции")


@step("Ветров А.Н. и Кузнецов Д.С.", "резолюция; исполнитель возвращает: «Не моё»", "R13",
      "п. 4.4, абз. 2")
async def declined(now: Rehearsal) -> None:
    await now.presses("vetrov", "Утвердить резолюцию", "на исполнении")
    await now.says("kuznetsov", "Не моё", "Работы на теплотрассе ведёт другая организация.")
    await now.sees("orlov", "другая организация")
    await now.becomes("sokolova", "зарегистрировано")


@step("Соколова М.И.", "в затруднительном случае передаёт начальнику Управления делами", "R6",
      "разд. 3, абз. 2")
async def escalated(now: Rehearsal) -> None:
    await now.presses("sokolova", "Начальнику УД", "на решении начальника Управления делами")
    await now.presses("gromova", "Направить", "на резолюции")


async def _answer_round(now: Rehearsal, text: str) -> None:
    await now.presses("vetrov", "Утвердить резолюцию", "на исполнении")
    letter = await now.post.awaits(now.address("tikhonov"), "Поручение", 40)
    await now.post.answers(now.address("tikhonov"), letter, "Освещение исправно, проверено.")
    await now.becomes("kuznetsov", "материал представлен")
    await now.presses("kuznetsov", "Принять материал", "материал принят")
    await now.presses("kuznetsov", "Подготовить ответ")
    await now.hand("kuznetsov").presses("Вопрос решён", timeout=30)
    await now.answers("kuznetsov", text)
    await now.becomes("kuznetsov", text[:40])
    await now.presses("kuznetsov", "Приложить скан")
    asked = await now.hand("kuznetsov").awaits(lambda one: one.force_reply, timeout=30)
    await now.hand("kuznetsov").sends([("акт осмотра.jpg", now.pictures.after)], reply_to=asked)
    await now.becomes("kuznetsov", "К ответу приложено: «акт осмотра.jpg»")
    await now.presses("kuznetsov", "На согласование", "на согласовании")
    await approve_both(now)
    await sign_and_send(now)
    await now.msed_sends(messages.notice(
        "опубликован", now.number, now.moment, serial=now.next_serial()))
    await now.becomes("kuznetsov", "ответ опубликован")


@step("Все", "второй круг: исполнение, согласование, подпись, публикация", "R46 R29 R33 R37",
      "п. 4.6")
async def second_round(now: Rehearsal) -> None:
    await _answer_round(now, ANSWERS[0])


@step("Пользователь", "возвращает второй раз; третий круг проходит так же", "R46",
      "п. 2.1, абз. 4")
async def third_round(now: Rehearsal) -> None:
    await citizen_returns(now, "Заплатка снова просела.")
    await now.becomes("sokolova", "поступило")
    await now.presses("sokolova", "Зарегистрировать", "зарегистрировано")
    await now.presses("sokolova", "Направить", "на резолюции")
    await _answer_round(now, ANSWERS[1])


@step("Пользователь", "возвращает третий раз: решает руководитель подразделения", "R47",
      "п. 2.1, абз. 2")
async def third_return(now: Rehearsal) -> None:
    await citizen_returns(now, "Не согласен с ответом.")
    await now.becomes("orlov", "возвращено три раза")


@step("Орлов П.А.", "одной кнопкой отправляет оператору все ответы для закрытия", "R47",
      "п. 2.1, абз. 2")
async def to_operator(now: Rehearsal) -> None:
    await now.presses("orlov", "Оператору на закрытие", "у оператора")
    package = await now.post.awaits(OPERATOR_BOX, now.number, 60)
    papers = [name for name in files_of(package) if name.endswith(".pdf")]
    answers = [name for name in papers if name.startswith("Ответ")]
    if len(answers) != 4:
        raise NotSeenError(
            f"в пакете должны быть промежуточный ответ и три окончательных, а есть: {answers}")
    if papers == answers:
        raise NotSeenError("в пакете нет листа, где ответы стоят рядом со словами пользователя")
    for name, content in files_of(package).items():
        now.keep(f"оператору {name}", content)


@step("Орлов П.А.", "записывает вынесение на комиссию и её решение: закрыть", "R48",
      "п. 2.1, абз. 3")
async def commission(now: Rehearsal) -> None:
    await now.presses("orlov", "На комиссию", "на Межведомственной комиссии")
    await now.says("orlov", "В дело", "Закрыть: ответы объективны.", "закрыто")


@step("Соколова М.И.", "сообщение вне полномочий города перенаправляет по компетенции", "R7",
      "разд. 3, абз. 2")
async def redirected(now: Rehearsal) -> None:
    own = now.number
    complaint = messages.Complaint(
        "87654321", "Прошу уточнить границы участка в кадастре.", category="Иное",
        topic="Кадастровый учёт", place="г. Мытищи, ул. Мира, д. 5")
    await now.msed_sends(messages.card(complaint, now.later(hours=1)))
    now.number = number_on(await now.sees("sokolova", complaint.topic), complaint.topic)
    await now.presses("sokolova", "Зарегистрировать", "зарегистрировано")
    await now.presses("sokolova", "Переадресовать")
    await now.hand("sokolova").presses("Управление кадастра", timeout=30)
    await now.post.awaits("kadastr@gorod.test", "границы участка", 40)
    now.number = own


@step("Соколова М.И.", "непонятное письмо не теряется: регистрирует его двумя касаниями", "R1 R5",
      "разд. 3, абз. 1")
async def unclear(now: Rehearsal) -> None:
    letter = (b"From: zhitel@pochta.test\r\nTo: " + BOT_BOX.encode() +
              b"\r\nSubject: Vopros\r\nMessage-ID: <vopros.1@pochta.test>\r\n"
              b"Content-Type: text/plain; charset=utf-8\r\n\r\n" +
              "Когда починят лавку в сквере?\r\n".encode())
    await now.post.sends("zhitel@pochta.test", BOT_BOX, letter)
    await now.hand("sokolova").awaits(
        lambda one: any("Не относится" in label for label in one.labels), timeout=40, since=0)
    await now.hand("sokolova").presses("Зарегистрировать", timeout=30)
    await now.sees("sokolova", "лавку")


@step("Ракурс", "журнал цел: каждый шаг записан и сцеплен с предыдущим", "R50",
      "разд. «Термины и определения»")
async def audited(now: Rehearsal) -> None:
    said = await now.stage.command("audit-check")
    if "цел" not in said:
        raise NotSeenError(said)


@step("Все", "ни в одном чате за всё время нет имени и телефона заявителя", "R9", "п. 4.1")
async def private_to_the_end(now: Rehearsal) -> None:
    await nobody_sees_the_applicant(now)


@step("Telegram", "каждый вызов Ракурса соответствовал описанию Bot API", "", "Bot API")
async def proper(now: Rehearsal) -> None:
    async with aiohttp.ClientSession() as line, line.get(
            f"{now.stage.telegram.page_url}violations") as response:
        found = await response.json()
    if found["violations"]:
        raise NotSeenError(f"нарушения: {found['violations'][:3]}")
