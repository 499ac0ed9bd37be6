"""What of an answer's text would send it back to the executor, and what would not."""

import csv
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import WorkingCalendar
from core.regulation.clauses import CLAUSES
from core.textchecks import Code, check

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 4, 15)
CALENDAR = WorkingCalendar.official()


def codes(text: str, **options: object) -> list[str]:
    return [one.code.value for one in check(text, today=TODAY, **options).findings]  # type: ignore[arg-type]


def test_a_promise_without_a_date_is_found_with_its_sentence_and_clause() -> None:
    text = "Здравствуйте! Мусор вывезен. Яма будет заделана в ближайшее время. С уважением."
    (finding,) = check(text, today=TODAY).findings
    assert finding.code is Code.UNDATED_PROMISE
    assert finding.sentence == "Яма будет заделана в ближайшее время."
    assert text[finding.start : finding.end] == finding.sentence
    assert (finding.requirement, finding.clause) == ("R25", "4.6¶7")
    assert "точную дату, например «до 29.04.2026»" in finding.advice, "two weeks ahead"


def test_every_clause_cited_is_a_clause_of_the_regulation() -> None:
    texts = ["Сделаем.", "Яму заделают до 01.04.2026.", "Обратитесь в управляющую компанию."]
    found = [one for text in texts for one in check(text, today=TODAY).findings]
    found += check("Сделаем до 30.06.2026 всё.", today=TODAY, result_kind="interim").findings
    assert {one.requirement for one in found} == {"R21", "R24", "R25", "R26"}
    keys = {key.split(" ")[0] for key in CLAUSES}
    assert {one.clause for one in found} <= keys


@pytest.mark.parametrize(
    "text",
    [
        "Яма была заделана, о чём составлен акт.",
        "Установка шлагбаума не планируется.",
        "Уборка производится ежедневно согласно графику.",
        "Вы сообщаете, что подрядчик обещает заменить люк. Люк заменён.",
        "Установка возможна после того, как собственники проведут собрание.",
        "Запланированные работы выполнены в полном объёме.",
        "Смету на ремонт утвердили, работы выполнены.",
        "Администрация обещала убрать свалку в марте. Обещание исполнено, вывезено сорок кубов.",
        "Контейнеров достаточно: по нормативу нужны два, сейчас стоят четыре.",
    ],
)
def test_past_refusals_habits_and_other_peoples_words_are_no_promises(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Осмотр проведён 10.04.2026, опора будет заменена в мае.", False),
        ("Опора будет заменена в мае, но не позднее 25.05.2026.", True),
        ("Подрядчик выйдет на объект и выполнит ремонт до 20.05.2026.", True),
        ("Освещение восстановят. Срок выполнения работ — 20.05.2026.", True),
        ("Яму заделают до 20.05.2026, а газон восстановят позднее.", False),
        ("Яма заделана 10.04.2026. Газон восстановят.", False),
        ("Старая карусель будет снята и заменена новой до 20.05.2026.", True),
        ("Опора будет выправлена, закреплена и окрашена до 20.05.2026.", True),
        ("Газон будет восстановлен, яма заделана, двор подметён 10.04.2026.", False),
        ("Опора будет заменена и проверка проведена 10.04.2026.", False),
    ],
)
def test_a_promise_is_covered_only_by_a_date_of_its_own_work(text: str, dated: bool) -> None:
    assert ("undated_promise" not in codes(text)) is dated


def test_another_organisations_matter_needs_that_organisation_informed() -> None:
    passed = "Дорога находится на балансе ГБУ МО «Мосавтодор»."
    assert codes(passed) == ["not_our_matter"]
    assert codes(passed + " Письмо направлено в учреждение 08.04.2026 № 114.") == []
    assert codes(passed, registered_letter=True) == []
    promised = passed + " Письмо в его адрес будет направлено до 20.04.2026."
    assert codes(promised) == ["not_our_matter"]
    assert codes(passed + " Рекомендуем направить туда обращение.") == ["not_our_matter"]
    assert codes(passed + " Ответ Вам направлен.") == ["not_our_matter"]


def test_work_of_our_own_contractor_is_nobody_elses_matter() -> None:
    assert codes("Подрядная организация ООО «Дорстрой» заделает яму до 20.05.2026.") == []
    assert codes("ООО «Дорстрой» заделает яму до 20.05.2026.") == ["not_our_matter"]


def test_a_promised_day_that_is_past_or_a_day_off_is_wrong() -> None:
    assert codes("Яму заделают до 14.04.2026.") == ["wrong_date"]
    assert codes("Яма заделана 14.04.2026, проезд свободен.") == []
    (finding,) = check(
        "Яму заделают не позже 16.05.2026.", today=TODAY, calendar=CALENDAR
    ).findings
    assert finding.code is Code.WRONG_DATE
    assert "18.05.2026" in finding.advice
    assert codes("Яму во дворе заделают 31 апреля.") == ["wrong_date", "undated_promise"]
    assert codes("Яму заделают до 31 июня, то есть до 30.06.2026.") == ["wrong_date"]
    beyond = "Мост построят до 20.05.2031."
    assert check(beyond, today=TODAY, calendar=CALENDAR).findings == ()


def test_an_interim_answer_names_a_date_within_thirty_days() -> None:
    assert codes("Яму заделают до 15.05.2026.", result_kind="interim") == []
    assert codes("Яму заделают до 16.05.2026.", result_kind="interim") == ["wrong_date"]
    assert codes("Яму заделают до 16.05.2026.", result_kind="planned") == []
    assert codes("Срок выполнения работ большой.", result_kind="interim") == ["undated_promise"]
    assert codes("Ведутся земляные работы на сетях.", result_kind="interim") == ["undated_promise"]
    with pytest.raises(ValueError, match="AnswerKind"):
        check("Яма.", today=TODAY, result_kind="nonsense")


@pytest.mark.parametrize("text", ["", "  \n", "Выполнено.", "Принято в дело.", "…"])
def test_an_empty_or_one_word_answer_is_too_short(text: str) -> None:
    assert "too_short" in codes(text)


@given(st.text(alphabet="аяёЯ.,—«»-№0123456789 \n:;!?()ёмайдогот", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_judged_and_every_finding_points_into_it(text: str) -> None:
    for finding in check(text, today=TODAY, calendar=CALENDAR).findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert finding.sentence == text[finding.start : finding.end].strip()


@pytest.mark.parametrize("unit", [".", "...,", " до ", "1.", "«", "Яму заделают до 20 мая. "])
def test_a_very_long_text_does_not_hang_the_check(unit: str) -> None:
    started = time.process_time()
    check(unit * (60_000 // len(unit)), today=TODAY)
    assert time.process_time() - started < 20


def rates(name: str, *, held_out: bool | None) -> dict[str, tuple[float, float]]:
    """Precision and recall of "undated promise" and of "goes back" on labelled answers."""
    counts = {"undated": [0, 0, 0], "back": [0, 0, 0]}
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if held_out is not None and ((int(row["id"]) - 1) // 10 % 2 == 1) is not held_out:
                continue
            found = set(codes(row["text"]))
            undated = row["promises_without_date"] == "1"
            passed = row["passes_to_other_org"] == "1" and row["informed_other_org"] == "0"
            for key, expected, seen in (
                ("undated", undated, "undated_promise" in found),
                ("back", undated or passed, bool(found & {"undated_promise", "not_our_matter"})),
            ):
                counts[key][0] += expected and seen
                counts[key][1] += seen and not expected
                counts[key][2] += expected and not seen
    return {
        key: (right / (right + false), right / (right + missed))
        for key, (right, false, missed) in counts.items()
    }


def test_held_out_answers_are_judged_as_well_as_the_goal_asks() -> None:
    for precision, recall in rates("answers.csv", held_out=True).values():
        assert precision >= 0.97
        assert recall >= 0.98


def test_held_out_answers_written_afterwards_are_judged_no_worse_than_measured() -> None:
    for precision, recall in rates("second_answers.csv", held_out=True).values():
        assert precision >= 0.92
        assert recall >= 0.98


def test_held_out_answers_of_many_hands_are_judged_no_worse_than_measured() -> None:
    for precision, recall in rates("third_answers.csv", held_out=True).values():
        assert precision >= 0.95
        assert recall >= 0.94


def test_answers_of_a_hand_in_the_ordinary_register_are_judged_no_worse_than_measured() -> None:
    for precision, recall in rates("fifth_answers.csv", held_out=None).values():
        assert precision >= 0.97
        assert recall >= 0.97


@pytest.mark.parametrize(("name", "held_out", "floor"), [
    ("answers.csv", False, 0.99), ("second_answers.csv", False, 0.97),
    ("third_answers.csv", False, 0.97),
    ("more_development.csv", None, 0.97), ("fourth_development.csv", None, 0.94),
    ("sixth_development.csv", None, 0.97), ("seventh_development.csv", None, 0.97),
])
def test_no_developed_answer_is_judged_worse_than_it_was(
    name: str, held_out: bool | None, floor: float
) -> None:
    half = rates(name, held_out=held_out)
    assert min(rate for pair in half.values() for rate in pair) >= floor


@pytest.mark.parametrize("text", [
    "Добавим, что песок в песочнице заменён.",
    "Подчеркнём: яма у школы засыпана.",
    "Комитет снял запрет, тропа открыта.",
    "Договор с подрядчиком расторгнут, двор убран.",
    "Клапан легко заменим, но и прежний служит.",
    "Данный кран заменим на любой другой, запас есть.",
    "Правилами предусмотрена установка урн у входа владельцем магазина.",
    "Решением суда владелец обязан был снести гараж; гараж снесён 03.04.2026.",
    "Перенос площадки сократит расстояние до окон, что запрещено санитарными правилами.",
])
def test_words_that_only_look_like_a_promise_are_none(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(("text", "promises"), [
    ("Управляющая компания организует промывку стояков.", True),
    ("Промывку стояков организует управляющая компания.", False),
])
def test_who_stands_first_tells_a_promise_from_whose_work_it_is(text: str, promises: bool
                                                                ) -> None:
    assert ("undated_promise" in codes(text)) is promises


@pytest.mark.parametrize(("text", "passes"), [
    ("Газовую трубу красит Мособлгаз.", True),
    ("Парковкой у дома распоряжается торговая сеть «Верный».", True),
    ("Манеж принадлежит конному клубу.", True),
    ("Стрелку на подъездном пути чистит депо.", True),
    ("Участок принадлежит администрации округа.", False),
    ("Яму у автосервиса засыпают каждый день наши рабочие.", False),
    ("Управляющая компания соблюдает график уборки, двор чист.", False),
    ("Автобус проходит осмотр в парке АО «Мострансавто» каждый день, поломка устранена.", False),
])
def test_whoever_does_it_now_is_the_one_whose_matter_it_is(text: str, passes: bool) -> None:
    assert ("not_our_matter" in codes(text)) is passes


def test_what_only_looks_like_a_refusal_is_still_a_promise() -> None:
    assert codes("Яму заделаем позже, так как сейчас работы не допускаются.") == [
        "undated_promise"]
    assert codes("Добавим светильник у подъезда.") == ["undated_promise"]


def test_the_organisation_is_informed_though_residents_are_named() -> None:
    passed = "Отопление обеспечивает теплоснабжающая организация."
    assert codes(f"{passed} Жалоба жителей передана ей 14.04.2026.") == []
    assert codes(f"{passed} Жители проинформированы.") == ["not_our_matter"]


@pytest.mark.parametrize(("text", "dates"), [
    ("Ремонт завершат до «25» апреля 2026 г.", ["2026-04-25"]),
    ("Начало работ — 20.04, окончание — 24.04.2026.", ["2026-04-20", "2026-04-24"]),
    ("Двор убран в ходе работ, проведённых 12 апреля 2026 года.", ["2026-04-12"]),
    ("Работы приняты 12.04.2026; гарантийный срок — до 12.04.2031.", ["2026-04-12"]),
    ("Предписание выдано со сроком исполнения 24.04.2026.", ["2026-04-24"]),
])
def test_dates_of_work_are_told_from_the_terms_of_a_guarantee(text: str, dates: list[str]
                                                              ) -> None:
    assert [one.isoformat() for one in check(text, today=TODAY).dates] == dates


@pytest.mark.parametrize("term", ["в течение 10 рабочих дней", "за три дня", "до 15 числа",
                                  "до конца второй декады апреля"])
def test_a_term_that_is_counted_is_no_exact_date(term: str) -> None:
    assert codes(f"Яму заделаем {term}.") == ["undated_promise"]


@pytest.mark.parametrize("text", [
    "Содержание родника возложено на общину староверов.",
    "Тропа числится за охотничьим хозяйством.",
    "Решение за советом многоквартирного дома.",
    "Осветительные мачты стадиона: владелец — спортивный клуб.",
    "Кладбище состоит в ведении прихода, о его уборке спросите в приходе.",
    "Тарифы такси назначает агрегатор ООО «Колесо».",
    "Границы участка уточняют кадастровые инженеры.",
    "Содержание переезда осуществляет Промжелдорсервис.",
    "Выписку можно заказать в Росреестре.",
    "Оспорить решение собрания собственников можно только через суд.",
    "Рекомендуем обратиться к оптовику, который привёз товар.",
    "Этим проездом администрация не распоряжается.",
    "О ремонте пандуса Вас проинформирует администрация поликлиники.",
    "Пандус обещает починить магазин.",
    "Перевозчик сообщил, что рейс вернут летом.",
    "Филиал АО «Трансавто» увеличит выпуск автобусов.",
    "Павильон ставят дорожники из Мосавтодора.",
    "Спуск к воде передан в безвозмездное пользование яхт-клубу.",
    "Опора ведомственная, предложения направляйте этой организации.",
    "Администрация цены на топливо не контролирует.",
    "Проверить законность начислений может Госжилинспекция.",
    "Устранить протечку в кровле надлежит управляющей компании.",
    "Выплату по больничному осуществляет СФР.",
    "Мост через овраг построит «Автодор».",
    "Лампы меняет наш подрядчик, а опора принадлежит телефонной станции.",
    "Обслуживать тренажёры — его задача, их поставил совет дома.",
    "Порядок определён правилами метрополитена, предложения следует направить туда.",
])
def test_a_matter_is_passed_on_to_whoever_is_not_us_though_no_list_names_him(text: str) -> None:
    assert "not_our_matter" in codes(text)


@pytest.mark.parametrize("text", [
    "Содержание моста возложено на МБУ «Дороги», мост подметён.",
    "За уборку отвечает мастер участка, двор чист.",
    "Участок находится в ведении отдела благоустройства, трава скошена.",
    "Обратитесь в нашу диспетчерскую, если лампа погаснет.",
    "Напишите нам в личном кабинете, если лампа погаснет.",
    "Двор убирают дворники, мусора нет.",
    "Если собственники примут решение, администрация рассмотрит его.",
    "Заведующая детским садом № 4 уволена.",
    "Автобус заезжает в садовое товарищество каждый день.",
    "Сведения о собственнике являются персональными данными.",
    "Поликлиника принимает пациентов с 8 часов, очередей нет.",
    "Ответственность за выгул собак лежит на их владельцах, хозяин собаки предупреждён.",
    "Администрация не возражает против посадки сирени.",
    "Администрация округа отремонтировала забор школы.",
    "Установка ограды ООО «Заслон» будет согласована нами до 20.05.2026.",
    "Администрация проверила адрес: участок не является бесхозяйным, он убран.",
    "Вы жалуетесь на отсутствие пандуса в отделении банка. Пандус имеется со двора.",
    "Асфальтовая крошка выдаётся СНТ по заявкам, Ваше товарищество её получило.",
    "Абонемент можно продлить, для этого предъявите справку администратору.",
    "С сотрудником МФЦ проведена учёба.",
    "Решение об установке шлагбаума принимают собственники, протокола собрания нет.",
    "Напротив стоит магазин «Верный», освещение есть.",
    "Проводим совещания с управляющей компанией и теплосетью до 20.04.2026.",
])
def test_what_is_left_to_ourselves_or_to_residents_is_not_passed_on(text: str) -> None:
    assert "not_our_matter" not in codes(text)


@pytest.mark.parametrize("informed", [
    "Ей написали 13 апреля.",
    "Директору вручена копия.",
    "Мы её поторопили письмом.",
    "Заявка туда переправлена.",
    "После нашего запроса машина пришла.",
    "Диспетчеру компании сообщено в 11:20.",
    "Нами сделан запрос в её адрес.",
    "Обращение направлено в управляющую компанию для ответа заявителю.",
])
def test_it_is_enough_that_the_organisation_was_told_in_any_words(informed: str) -> None:
    passed = "Двор обслуживает управляющая компания."
    assert codes(passed) == ["not_our_matter"]
    assert codes(f"{passed} {informed}") == []


@pytest.mark.parametrize("said", [
    "Телефон диспетчера указан в кабине.",
    "Разъяснения Вам даны 3 апреля.",
    "Информация внесена в реестр.",
    "Предписания ей не выдавались.",
    "Заявитель уведомлён, двор осмотрен.",
])
def test_what_was_told_to_others_informs_no_organisation(said: str) -> None:
    assert codes(f"Лифт обслуживает управляющая компания. {said}") == ["not_our_matter"]


@pytest.mark.parametrize("text", [
    "Закупка плитки внесена в потребность на третий квартал.",
    "Личность нарушителя сейчас устанавливается.",
    "Направленные Вами сведения проверяются.",
    "Разбираемся с причинами затопления.",
    "Вывоз снега со двора задерживается.",
    "Время открытия моста неизвестно.",
    "Знак изготовлен и ждёт установки.",
    "Смета на клуб проходит проверку.",
    "Для промывки лотка вызвана машина.",
    "Скорость отклика системы повысят после замены канала.",
    "Грейдирование Вашей улицы выполняется в мае.",
    "Велодорожка закрыта до окончания строительства моста.",
    "Акт обследования направлен в МБУ для принятия мер.",
    "На прочистку канавы выдан наряд.",
    "Требуемый ремонт внесён в титул 2027 года.",
    "Открытие бассейна отложено на неопределённый срок.",
    "Мост через овраг сейчас проектируют.",
    "Принимаются меры к устранению нарушений.",
    "Ремонт насоса на скважине ведётся.",
])
def test_whatever_is_only_on_its_way_is_a_promise(text: str) -> None:
    assert codes(text) == ["undated_promise"]


@pytest.mark.parametrize("text", [
    "Полусферы сузят проезд до трёх метров, поэтому их ставить нельзя.",
    "Новый забор защитит детей; секции смонтированы.",
    "Напоминаем, что стоянка на газоне повлечёт штраф.",
    "Согласно статье 8.5 закона лицо, оставившее машину, будет привлечено к ответственности.",
    "Освещение восстановлено. Будут вопросы — звоните в диспетчерскую.",
    "Вы сможете оплатить штраф со скидкой в течение двадцати дней.",
    "Нарушений в работе светофора нет, фазы верны.",
    "Предложение учтено при формировании бюджета прошлого года.",
    "Заметите поломку — пишите, поправим.",
    "На прочистку канавы был выдан наряд, канава прочищена.",
    "Знак внесён в план, и он уже стоит на опоре, горит подсветка.",
    "Контейнеры вывозятся ежедневно до 10 утра.",
    "Заявка на покос выполняется в течение трёх дней; покос выполнен.",
    "Мы проверяем бордюры дважды в год, на Вашей улице они целы.",
    "Кабель тянется вдоль забора, бирка «Скайнет» на месте.",
    "Аукцион не состоялся, ремонт в этом году не выполняется.",
    "Спектакль отменён, билеты подлежат возврату в кассе.",
    "Подрядчику направлена претензия за некачественную уборку, удержан штраф.",
])
def test_effects_norms_and_what_the_citizen_may_do_are_no_promises(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(("text", "dates"), [
    ("Сетка будет заменена 26 апр., ворота — 5 мая.", ["2026-04-26", "2026-05-05"]),
    ("Выполнено 12 апр. 2026 г.", ["2026-04-12"]),
    ("Тротуар по ул. 1 Мая отремонтирован 8 апреля.", ["2026-04-08"]),
    ("Тротуар на улице 1 мая отремонтируют.", ["2026-05-01"]),
    ("Осмотр 08.04.2026 показал: люк закрыт.", []),
    ("Дорога находится на гарантии до 15.08.2029, просадка устранена.", []),
    ("Передано мастеру, 16.04 посмотрит.", ["2026-04-16"]),
    ("Набережная открыта 1 сентября прошлого года.", ["2025-09-01"]),
    ("Постановление вступает в силу с 20.04.2026, проезд закрыт.", []),
    ("Мастеру позвонили 13 апреля, кран заменён.", []),
])
def test_dates_are_told_from_streets_and_from_the_days_of_an_inspection(
    text: str, dates: list[str]
) -> None:
    assert [one.isoformat() for one in check(text, today=TODAY).dates] == dates
