"""Made-up documents that show every field of every template; the template check sets them."""

import struct
import zlib
from datetime import date, datetime, timedelta, timezone

from core.documents.values import (
    AnswerDocument,
    Approval,
    ApprovalDocument,
    Chart,
    Column,
    Dispatch,
    Document,
    ElectronicSignature,
    Executor,
    Kind,
    LetterDocument,
    Letterhead,
    PhotoRow,
    Picture,
    RegisterDocument,
    Registration,
    ReportDocument,
    ReturnsDocument,
    RoundRow,
    Section,
    Side,
    Signatory,
)

MOSCOW = timezone(timedelta(hours=3))
MADE_AT = datetime(2026, 11, 23, 14, 5, tzinfo=MOSCOW)
OFFICIAL = Signatory("Заместитель главы администрации городского округа Мытищи", "А. В. Соколов")
HEAD = Signatory("Начальник управления жилищно-коммунального хозяйства", "Е. Н. Журавлёва")
CLERK = Signatory("Делопроизводитель", "О. И. Белова")
EXECUTOR = Executor(
    "Петрова Мария Сергеевна", "главный специалист", "8 (495) 000-00-00", "petrova@example.org"
)
BODY_FORM = Letterhead(
    "Администрация городского округа Мытищи Московской области",
    "Управление жилищно-коммунального хозяйства",
    ("141008, Московская область, г. Мытищи, Новомытищинский проспект, д. 36/7",),
)
TEXT = """\
Ваше сообщение о яме на проезжей части у дома 7 по улице Мира рассмотрено.
Специалистами муниципального бюджетного учреждения «Центр благоустройства» 20.11.2026 проведено \
обследование дорожного покрытия. Разрушение асфальтобетонного покрытия площадью 3,2 кв. м \
подтверждено.
Ремонт выполнен 22.11.2026: старое покрытие вырублено, основание уплотнено, уложена \
асфальтобетонная смесь. Фотографии сделаны с того же места, что и в Вашем сообщении, и прилагаются.
Благодарим за обращение внимания администрации на состояние дороги."""


def picture(red: int, green: int, blue: int, width: int = 4, height: int = 3) -> bytes:
    """A plain PNG of one colour, made without any library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    rows = (b"\0" + bytes((red, green, blue)) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


FINAL = AnswerDocument(
    case_number="ЕКЖ-2026-000123",
    topic="Содержание дорог",
    place="г. Мытищи, ул. Мира, д. 7",
    result="Вопрос решён",
    text=TEXT,
    signatory=OFFICIAL,
    executor=EXECUTOR,
    made_at=MADE_AT,
    received_on=date(2026, 11, 13),
    registration=Registration("И-1543-ЕКЖ", date(2026, 11, 23)),
    signature=ElectronicSignature(
        "Соколов Андрей Викторович",
        "00B1C2D3E4F5061728394A5B6C7D8E9F01",
        date(2026, 11, 23),
        date(2026, 1, 15),
        date(2027, 4, 15),
    ),
    attachments=("Акт выполненных работ от 22.11.2026 № 15 (1 л.).",),
    photos=(
        PhotoRow(
            "Проезжая часть у дома 7",
            Picture(picture(150, 120, 100), "из сообщения, 12.11.2026"),
            Picture(picture(110, 130, 120), "22.11.2026"),
        ),
        PhotoRow("", None, Picture(picture(120, 120, 140, 3, 4), "общий вид, 22.11.2026")),
    ),
)
INTERIM = AnswerDocument(
    case_number="ЕКЖ-2026-000124",
    topic="Освещение",
    place="г. Мытищи, Олимпийский проспект, д. 12",
    result="Исполнение отложено",
    text="Для замены опоры освещения заказано оборудование.\nРаботы начнутся 07.12.2026.",
    signatory=OFFICIAL,
    executor=EXECUTOR,
    made_at=MADE_AT,
    received_on=date(2026, 11, 13),
    final_answer_on=date(2026, 12, 11),
    version=2,
)
LETTER = LetterDocument(
    addressee=("Генеральному директору", "АО «Мытищинская теплосеть»", "К. Д. Орлову"),
    subject="О проведении работ на ул. Мира",
    text="Просим до 30.11.2026 выполнить засыпку траншеи у дома 7 по улице Мира.\n"
    "О результате просим сообщить письменно.",
    salutation="Уважаемый Кирилл Дмитриевич!",
    signatory=OFFICIAL,
    executor=EXECUTOR,
    made_at=MADE_AT,
    case_number="ЕКЖ-2026-000123",
    attachments=("Копия сообщения без персональных данных на 1 л. в 1 экз.",),
)
BODY_LETTER = LetterDocument(
    addressee=("Директору МБУ «Центр благоустройства»", "С. А. Лебедеву"),
    subject="О предоставлении материалов",
    text="Прошу представить отчёт о выполненных работах.",
    signatory=HEAD,
    executor=EXECUTOR,
    made_at=MADE_AT,
    registration=Registration("УЖКХ-88", date(2026, 11, 23)),
    letterhead=BODY_FORM,
)
REGISTER = RegisterDocument(
    sender="Подразделение по работе с порталом «Добродел»",
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 30),
    rows=(
        Dispatch(
            date(2026, 11, 23), "И-1543", "АО «Мытищинская теплосеть»",
            "О проведении работ на ул. Мира", "электронная почта", "доставлено 23.11.2026",
        ),
        Dispatch(
            date(2026, 11, 24), "И-1544", "ПАО «Россети Московский регион»",
            "О переносе опоры освещения", "почтовое отправление",
        ),
    ),
    made_by=CLERK,
    made_at=MADE_AT,
)  # fmt: skip
REPORT = ReportDocument(
    title="Отчёт по исполнительской дисциплине",
    period="за 23 ноября 2026 г.",
    sections=(
        Section(
            "По органам администрации",
            (
                Column("Орган"),
                Column("На исполнении", Kind.NUMBER),
                Column("Просрочено", Kind.NUMBER),
                Column("Доля в срок", Kind.PERCENT),
                Column("Ближайший срок", Kind.DATE),
            ),
            (
                ("Управление ЖКХ", 1214, 3, 0.9754, date(2026, 11, 25)),
                ("Управление дорог", 18, 0, 1.0, None),
            ),
            ("Итого", 1232, 3, 0.976, None),
            Chart("На исполнении и просрочено", 0, (1, 2)),
            "Срок ответа — 8 рабочих дней с даты регистрации (раздел 3 Регламента).",
        ),
        Section("Просроченные", (Column("Номер"), Column("Должник")), ()),
    ),
    made_at=MADE_AT,
    summary="На исполнении 1232 сообщения, просрочено 3.",
    notes=("Доля в срок — ответы, направленные оператору не позднее срока, среди всех ответов.",),
    pictures=(Picture(picture(200, 220, 200), "Карта повторных мест"),),
    prepared_by=Signatory("Руководитель подразделения", "О. И. Белова"),
    approved_by=Signatory("Начальник Управления делами", "В. П. Громов"),
)
APPROVAL = ApprovalDocument(
    case_number="ЕКЖ-2026-000123",
    subject="О рассмотрении сообщения по теме «Содержание дорог»",
    version=2,
    rows=(
        Approval(
            "Журавлёва Е. Н.", "начальник управления", "Управление ЖКХ", 1, "Согласовано",
            MADE_AT - timedelta(days=2), void=True,
        ),
        Approval(
            "Крылов И. П.", "консультант", "Министерство благоустройства", 1, "Замечание",
            MADE_AT - timedelta(days=1), "Укажите точную дату работ.",
        ),
        Approval(
            "Журавлёва Е. Н.", "начальник управления", "Управление ЖКХ", 2, "Согласовано", MADE_AT
        ),
        Approval("Крылов И. П.", "консультант", "Министерство благоустройства", 2),
    ),
    executor=EXECUTOR,
    made_at=MADE_AT,
)  # fmt: skip

RETURNS = ReturnsDocument(
    case_number="ЕКЖ-2026-000123",
    topic="Содержание дорог",
    place="г. Мытищи, ул. Мира, д. 7",
    returns=1,
    rounds=(
        RoundRow(
            Side("Сообщение от 12.11.2026", "Яма у дома 7.", (Picture(picture(150, 120, 100)),)),
            Side("Ответ № И-1543-ЕКЖ от 23.11.2026 (вопрос решён)", TEXT,
                 (Picture(picture(110, 130, 120)),)),
        ),
        RoundRow(Side("Возврат от 25.11.2026", "Яма осталась, засыпали соседнюю.")),
    ),
    made_at=MADE_AT,
)

EVERY: tuple[Document, ...] = (
    FINAL, INTERIM, LETTER, BODY_LETTER, REGISTER, REPORT, APPROVAL, RETURNS)
