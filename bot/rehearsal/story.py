"""One case through the whole regulation: from МСЭД's export to the published answer."""

from datetime import datetime

from bot.rehearsal import messages
from bot.rehearsal.city import MSED_BOX, OFFICE_BOX
from bot.rehearsal.post import files_of, text_of
from bot.rehearsal.steps import MOSCOW, NotSeenError, Rehearsal, Script, number_on
from bot.sandbox.people import SeenFile, SeenMessage

SCRIPT = Script()
step = SCRIPT.step

INTERIM = ("Яма на улице Лётной у дома 20 включена в план ямочного ремонта. Работы выполнит "
           "МБУ «Городское благоустройство» до 26.10.2026, обочину восстановят позднее.")
INTERIM_DATED = ("Яму на улице Лётной у дома 20 заделает МБУ «Городское благоустройство» до "
                 "26.10.2026.")
INTERIM_MENDED = ("Яма на проезжей части улицы Лётной у дома 20 ограждена. Ремонт покрытия "
                  "выполнит МБУ «Городское благоустройство» до 26.10.2026. Фонарь у дома 20 "
                  "восстановлен 08.10.2026.")
FINAL = ("Яма на проезжей части улицы Лётной у дома 20 отремонтирована 14.10.2026, фонарь "
         "восстановлен 08.10.2026. Фотографии выполненных работ приложены.")
FINAL_MENDED = FINAL.replace("отремонтирована", "заделана горячим асфальтобетоном")


def _expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise NotSeenError(otherwise)


@step("МСЭД", "присылает на почту карточку нового сообщения с фотографией заявителя",
      "R1 R2 R3", "п. 2.1, абз. 5")
async def arrives(now: Rehearsal) -> None:
    now.at(datetime(2026, 10, 5, 10, 0, tzinfo=MOSCOW))
    await now.msed_sends(messages.card(messages.POTHOLE, now.moment, now.pictures.before))
    now.number = number_on(await now.sees("sokolova", "ЕКЖ-"))


@step("Соколова М.И.", "не видит в Telegram имени и телефона заявителя", "R9", "п. 4.1")
async def private(now: Rehearsal) -> None:
    await nobody_sees_the_applicant(now)


async def nobody_sees_the_applicant(now: Rehearsal) -> None:
    """Looks through every chat."""
    complaint = messages.POTHOLE
    for code, hand in now.stage.hands.items():
        for message in await hand.messages():
            for secret in (complaint.applicant, "916 000", "petrova@"):
                _expect(secret not in message.text, f"{code} видит «{secret}»")


@step("Соколова М.И.", "регистрирует сообщение в тот же рабочий день", "R5 R8",
      "разд. 3, абз. 1, 3")
async def registers(now: Rehearsal) -> None:
    await now.presses("sokolova", "Зарегистрировать")
    card = await now.shows("sokolova", "зарегистрировано")
    _expect("15.10" in card.text, "на карточке нет срока ответа 15.10 — 8 рабочих дней")


@step("Соколова М.И.", "направляет его должностному лицу по предложению справочника", "R6",
      "разд. 3, абз. 2")
async def routes(now: Rehearsal) -> None:
    await now.presses("sokolova", "Направить", "на резолюции")
    await now.sees("vetrov", now.number)


@step("Ветров А.Н.", "утверждает резолюцию: ответственный и соисполнитель", "R10 R11", "п. 4.2")
async def resolves(now: Rehearsal) -> None:
    await now.presses("vetrov", "Утвердить резолюцию", "на исполнении")


@step("Кузнецов Д.С.", "получает поручение с фотографией заявителя и принимает его", "R12",
      "п. 4.4, абз. 1")
async def lead_accepts(now: Rehearsal) -> None:
    await now.sees("kuznetsov", now.number)
    await now.presses("kuznetsov", "Принять", "принято к исполнению")


@step("Тихонов С.Ю.", "работает без Telegram: получает поручение письмом и отвечает «Принято»",
      "R11 R15", "п. 4.3")
async def helper_accepts(now: Rehearsal) -> None:
    letter = await now.post.awaits(now.address("tikhonov"), "Поручение")
    _expect(now.number in str(letter["Subject"]), "в теме письма нет номера сообщения")
    now.kept["assignment"] = letter
    await now.post.answers(now.address("tikhonov"), letter, "Принято.")
    await now.post.awaits(now.address("tikhonov"), "принято к исполнению")


@step("Кузнецов Д.С.", "поручает работу своему мастеру", "R14", "п. 4.5")
async def delegates(now: Rehearsal) -> None:
    await now.presses("kuznetsov", "Поручить")
    await now.hand("kuznetsov").presses("Павлов", timeout=30)
    await now.hand("kuznetsov").presses("До ", timeout=30)
    await now.sees("pavlov", now.number)


@step("Павлов И.Р.", "присылает фото с другого места: Ракурс объясняет, как переснять", "R17 R23",
      "п. 4.6, абз. 2")
async def wrong_photo(now: Rehearsal) -> None:
    await now.presses("pavlov", "Фото работ")
    await now.hand("pavlov").sends([("IMG_1.jpg", now.pictures.elsewhere)])
    said = await now.hand("pavlov").awaits(
        lambda message: "Оставить с объяснением" in " ".join(message.labels), timeout=40)
    _expect(bool(said.files), "нет картинки сравнения")
    now.keep("сравнение-не-тот-ракурс.jpg", await now.hand("pavlov").downloads(said.files[0]))
    await now.hand("pavlov").presses("Убрать", said, timeout=30)


@step("Павлов И.Р.", "переснимает с того же ракурса: фотография подходит", "R17", "п. 4.6, абз. 2")
async def right_photo(now: Rehearsal) -> None:
    await now.presses("pavlov", "Фото работ")
    await now.hand("pavlov").sends([("IMG_2.jpg", now.pictures.after)])
    said = await now.hand("pavlov").awaits(
        lambda message: bool(message.files) and not message.mine, timeout=40)
    _expect("Оставить с объяснением" not in " ".join(said.labels),
            f"фото не принято: {said.text}")
    now.keep("сравнение-тот-же-ракурс.jpg", await now.hand("pavlov").downloads(said.files[0]))


@step("Ракурс", "за два рабочих дня напоминает соисполнителю о сроке", "R18 R39",
      "п. 4.6, абз. 2; разд. 6, абз. 2")
async def reminds(now: Rehearsal) -> None:
    now.at(datetime(2026, 10, 7, 10, 30, tzinfo=MOSCOW))
    letter = await now.post.awaits(now.address("tikhonov"), "Напоминание", 40)
    _expect("09.10.2026" in text_of(letter), "в напоминании нет срока 09.10.2026")


@step("Ракурс", "в 9:00 присылает подразделению сводку: в Telegram и письмом", "R38 R39",
      "разд. 6, абз. 1-2")
async def digests(now: Rehearsal) -> None:
    now.at(datetime(2026, 10, 8, 9, 1, tzinfo=MOSCOW))
    letter = await now.post.awaits(OFFICE_BOX, "Сводка на 08.10.2026", 40)
    await now.sees("orlov", "08.10")
    for name, content in files_of(letter).items():
        now.keep(name, content)


@step("Орлов П.А.", "утверждает отчёт по исполнительской дисциплине: начальник УД получает его "
      "с файлами", "R40", "разд. 6, абз. 3")
async def confirms_report(now: Rehearsal) -> None:
    card = await now.hand("orlov").awaits(
        lambda one: "7 октября" in one.text and any("Утвердить отчёт" in label
                                                    for label in one.labels),
        timeout=40, since=0)
    await now.hand("orlov").presses("Утвердить отчёт", card)
    sent: dict[str, SeenFile] = {}

    def whole(message: SeenMessage) -> bool:
        sent.update({one.name: one for one in message.files})
        return any(name.endswith(".pdf") for name in sent) and any(
            name.endswith(".xlsx") for name in sent)

    await now.hand("gromova").awaits(whole, timeout=40, since=0)
    for name, file in sent.items():
        if name.endswith((".pdf", ".xlsx")):
            now.keep(name, await now.hand("gromova").downloads(file))


@step("Тихонов С.Ю.", "отвечает письмом: отчёт и фотография с того же места", "R16 R18",
      "п. 4.6, абз. 2")
async def helper_reports(now: Rehearsal) -> None:
    await now.post.answers(
        now.address("tikhonov"), now.kept["assignment"],
        "Фонарь у дома 20 восстановлен 08.10.2026, заменена лампа.",
        [("svet.jpg", now.pictures.after_too)])
    await now.post.awaits(now.address("tikhonov"), "Отчёт передан", 40)


@step("Кузнецов Д.С.", "принимает материал соисполнителя", "R15 R16", "п. 4.6, абз. 1, 3")
async def materials_accepted(now: Rehearsal) -> None:
    await now.sees("kuznetsov", "Фонарь у дома 20 восстановлен")
    await now.presses("kuznetsov", "Принять материал", "материал принят")


@step("Кузнецов Д.С.", "готовит письмо в организацию вне МСЭД на бланке администрации", "R34",
      "разд. 5, абз. 3")
async def writes_letter(now: Rehearsal) -> None:
    await now.presses("kuznetsov", "Письмо")
    await now.hand("kuznetsov").presses("Теплосеть", timeout=30)
    await now.answers("kuznetsov", "О просадке покрытия над теплотрассой\n"
                      "Просим до 20.10.2026 обследовать теплотрассу у дома 20 по ул. Лётной и "
                      "сообщить о результатах.")
    made = await now.hand("kuznetsov").awaits(
        lambda message: not message.mine and any(
            file.name.endswith(".pdf") for file in message.files), timeout=40, since=0)
    letter = await now.hand("kuznetsov").downloads(made.files[0])
    _expect(letter.startswith(b"%PDF"), "письмо на подпись — не PDF")
    now.keep("письмо-на-подпись.pdf", letter)


@step("Кузнецов Д.С.", "прикладывает скан письма, подписанного собственноручно", "R34",
      "разд. 5, абз. 3")
async def scans_letter(now: Rehearsal) -> None:
    await now.hand("kuznetsov").presses("Скан подписанного", timeout=30)
    asked = await now.hand("kuznetsov").awaits(lambda one: one.force_reply, timeout=30)
    await now.hand("kuznetsov").sends([("скан.jpg", now.pictures.after_too)], reply_to=asked)
    await now.sees("sokolova", "исьмо")


@step("Соколова М.И.", "регистрирует письмо; оно уходит адресату с подписанным оригиналом",
      "R35 R26", "разд. 5, абз. 4")
async def registers_letter(now: Rehearsal) -> None:
    await now.hand("sokolova").presses("Зарегистрировать и отправить", timeout=30)
    letter = await now.post.awaits("teplo@gorod.test", "просадке", 40)
    _expect(bool(files_of(letter)), "в письме нет подписанного оригинала")
    await now.post.answers("teplo@gorod.test", letter,
                           "Теплотрасса обследована 09.10.2026, утечек нет.")
    await now.sees("kuznetsov", "утечек нет")


@step("Кузнецов Д.С.", "готовит промежуточный ответ с точной датой", "R20 R21 R25",
      "п. 4.6, абз. 4-5, 7")
async def interim(now: Rehearsal) -> None:
    now.at(datetime(2026, 10, 9, 11, 0, tzinfo=MOSCOW))
    await now.presses("kuznetsov", "Промежуточный ответ")
    await now.answers("kuznetsov", "26.10.2026")
    await now.answers("kuznetsov", INTERIM)
    await now.becomes("kuznetsov", "26.10.2026")


@step("Кузнецов Д.С.", "исправляет обещание без точной даты: его нашла проверка текста", "R25",
      "п. 4.6, абз. 7")
async def checked(now: Rehearsal) -> None:
    await now.presses("kuznetsov", "На согласование")
    await now.sees("kuznetsov", "Обещание без точной даты")
    await now.says("kuznetsov", "Править", INTERIM_DATED)
    await now.becomes("kuznetsov", "заделает")


@step("Кузнецов Д.С.", "смотрит проект на бланке администрации и отправляет на согласование",
      "R28 R19 R29", "п. 4.6, абз. 8-9")
async def submits(now: Rehearsal) -> None:
    await now.presses("kuznetsov", "Предпросмотр")
    page = await now.hand("kuznetsov").awaits(lambda one: bool(one.files) and not one.mine,
                                              timeout=40)
    now.keep("проект-ответа" + (".pdf" if page.files[0].name.endswith("pdf") else ".png"),
             await now.hand("kuznetsov").downloads(page.files[0]))
    await now.presses("kuznetsov", "На согласование", "на согласовании")


@step("Романова Е.О.", "возвращает проект с замечанием", "R30", "п. 4.6, абз. 10")
async def remarks(now: Rehearsal) -> None:
    await now.sees("romanova", now.number)
    await now.says("romanova", "Замечание", "Укажите, что сделано с фонарём.", "на доработке")
    await now.sees("kuznetsov", "Укажите, что сделано с фонарём")


@step("Кузнецов Д.С.", "исправляет проект и снова отправляет на согласование", "R27 R30",
      "п. 4.6, абз. 10")
async def mends(now: Rehearsal) -> None:
    await now.says("kuznetsov", "Править", INTERIM_MENDED)
    await now.becomes("kuznetsov", "ограждена")
    await now.presses("kuznetsov", "На согласование", "на согласовании")


@step("Романова Е.О.", "согласовывает; очередь переходит к ЦИОГВ", "R29", "п. 4.6, абз. 9")
async def approves(now: Rehearsal) -> None:
    await now.presses("romanova", "Согласовать")


@step("Белов А.И.", "согласовывает письмом; проект сам уходит на подпись", "R29 R31",
      "п. 4.6, абз. 9, 11")
async def state_body_approves(now: Rehearsal) -> None:
    letter = await now.post.awaits(now.address("belov"), "На согласование", 40)
    await now.post.answers(now.address("belov"), letter, "Согласовано")
    await now.post.awaits(now.address("belov"), "Согласование принято", 40)
    await now.sees("lebedev", now.number)


@step("Лебедев О.В.", "подписывает ответ", "R32", "п. 4.6, абз. 11")
async def signs(now: Rehearsal) -> None:
    await now.presses("lebedev", "Подписано")
    await now.sees("sokolova", now.number)


@step("Соколова М.И.", "проверяет оформление, регистрирует ответ и отправляет оператору",
      "R33 R24", "разд. 5, абз. 1")
async def dispatches(now: Rehearsal) -> None:
    await now.presses("sokolova", "Оформление верно", "ответ зарегистрирован")
    await now.presses("sokolova", "Отправить оператору", "направлено оператору")
    package = await now.post.awaits(MSED_BOX, "Ответ на сообщение", 60)
    files = files_of(package)
    _expect(any(name.endswith(".pdf") for name in files), f"в пакете нет PDF: {list(files)}")
    _expect("card.xml" in files, "в пакете нет карточки")
    for name, content in files.items():
        now.keep(f"промежуточный {name}", content)


@step("МСЭД", "сообщает о регистрации и публикации: сообщение остаётся на контроле", "R37 R21",
      "разд. 5, абз. 5; п. 4.6, абз. 5")
async def published_interim(now: Rehearsal) -> None:
    await _notice(now, "зарегистрирован", number="ЕС-77")
    await _notice(now, "опубликован")
    await now.becomes("kuznetsov", "отложенное исполнение")


async def _notice(now: Rehearsal, what: str, *, person: str = "", number: str = "") -> None:
    await now.msed_sends(messages.notice(
        what, now.number, now.moment, person=person, number=number, serial=now.next_serial()))


@step("Кузнецов Д.С.", "готовит окончательный ответ: вопрос решён", "R20", "п. 4.6, абз. 4")
async def final(now: Rehearsal) -> None:
    now.later(days=5)
    await now.presses("kuznetsov", "Подготовить ответ")
    await now.hand("kuznetsov").presses("Вопрос решён", timeout=30)
    await now.answers("kuznetsov", FINAL)
    await now.becomes("kuznetsov", "отремонтирована")
    await now.presses("kuznetsov", "На согласование", "на согласовании")


@step("Романова Е.О. и Белов А.И.", "согласовывают один за другим", "R29 R31",
      "п. 4.6, абз. 9, 11")
async def approved_again(now: Rehearsal) -> None:
    await approve_both(now)


async def approve_both(now: Rehearsal) -> None:
    """Both approvers in order, the second by e-mail."""
    await now.presses("romanova", "Согласовать")
    letter = await now.post.awaits(now.address("belov"), "На согласование", 40)
    await now.post.answers(now.address("belov"), letter, "Согласовано.")
    await now.post.awaits(now.address("belov"), "Согласование принято", 40)


@step("МСЭД", "сообщает о подписи: кто и когда подписал", "R32", "п. 4.6, абз. 11")
async def signed_in_msed(now: Rehearsal) -> None:
    await _notice(now, "подписан", person="Лебедев О.В.")
    await now.becomes("sokolova", "на проверке оформления")


@step("Соколова М.И.", "возвращает ответ: оформление неверно", "R27", "п. 4.6, абз. 7")
async def sends_back(now: Rehearsal) -> None:
    await now.says("sokolova", "Вернуть", "Укажите способ ремонта.", "на доработке")
    await now.sees("kuznetsov", "Укажите способ ремонта")


@step("Все", "исправляют, согласуют заново, подписывают и отправляют", "R27 R30 R33",
      "п. 4.6, абз. 7, 10")
async def mended_and_sent(now: Rehearsal) -> None:
    await now.says("kuznetsov", "Править", FINAL_MENDED)
    await now.becomes("kuznetsov", "асфальтобетоном")
    await now.presses("kuznetsov", "На согласование", "на согласовании")
    await approve_both(now)
    await sign_and_send(now)
    package = await now.post.awaits(MSED_BOX, "асфальтобетоном", 60)
    for name, content in files_of(package).items():
        now.keep(f"окончательный {name}", content)


async def sign_and_send(now: Rehearsal) -> None:
    """The signatory signs, the desk checks, registers and sends."""
    await now.presses("lebedev", "Подписано")
    await now.becomes("sokolova", "на проверке оформления")
    await now.presses("sokolova", "Оформление верно", "ответ зарегистрирован")
    await now.presses("sokolova", "Отправить оператору", "направлено оператору")


@step("МСЭД", "сообщает о публикации окончательного ответа", "R37", "разд. 5, абз. 5-6")
async def published(now: Rehearsal) -> None:
    await _notice(now, "опубликован")
    await now.becomes("kuznetsov", "ответ опубликован")


async def citizen_returns(now: Rehearsal, words: str) -> None:
    """МСЭД brings the citizen's return."""
    now.later(days=1)
    again = messages.Complaint(f"{messages.POTHOLE.number}-{now.next_serial()}", words)
    await now.msed_sends(messages.card(
        again, now.moment, repeat_of=messages.POTHOLE.number, serial=now.serial))
