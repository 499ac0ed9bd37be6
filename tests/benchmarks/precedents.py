"""How good and how dear suggestions from past cases are: made-up messages, cross-validated.

``python -m tests.benchmarks.precedents [CASES…]``. The texts are put together from phrases, so
real ones are harder; what holds is the method: every guess is checked by a model that has not seen
the message, and what is shown as certainty is the share that was right.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

import msgspec

from core.precedents.model import Model, terms_of

MATTERS: dict[str, tuple[str, ...]] = {
    "дороги": ("яма на проезжей части", "разбит асфальт", "провалилась обочина",
               "стёрлась разметка", "нет знака перехода", "бордюр разрушен"),
    "свет": ("не горит фонарь", "темно во дворе", "светильник мигает", "провод висит на опоре",
             "нет освещения у подъезда"),
    "мусор": ("не вывозят мусор", "контейнеры переполнены", "свалка за гаражами",
              "крупногабарит лежит неделю", "площадка не убрана"),
    "снег": ("не убран снег", "наледь у подъезда", "сосульки на крыше", "тротуар скользкий",
             "сугробы на парковке"),
    "тепло": ("холодные батареи", "нет отопления", "нет горячей воды", "течёт труба в подвале",
              "температура в квартире пятнадцать"),
    "дом": ("не работает лифт", "не моют подъезд", "протекает кровля", "дверь не закрывается",
            "разбито окно на лестнице"),
    "деревья": ("упало дерево", "сухие ветки над стоянкой", "не косят траву", "спилили деревья",
                "клумба заросла"),
    "автобусы": ("автобус не пришёл", "маршрут отменён", "остановка без навеса",
                 "водитель не остановился", "расписание не соблюдается"),
    "детям": ("сломаны качели", "горка с острыми краями", "песочница без песка",
              "покрытие площадки порвано", "нет ограждения площадки"),
    "торговля": ("торгуют у дороги", "ларёк без документов", "шум от магазина ночью",
                 "разгрузка под окнами", "реклама на фасаде"),
}
OPENINGS = ("Добрый день.", "Прошу принять меры:", "Сколько можно ждать!", "Здравствуйте,", "",
            "Обращаюсь второй раз.", "Уважаемая администрация!")
ENDINGS = ("Дети боятся ходить.", "Машину не поставить.", "Прошу ответить.", "Так уже месяц.",
           "", "Фото прилагаю.", "Управляющая компания отвечает отписками.", "Кто отвечает?")
STREETS = ("Мира", "Лётная", "Юбилейная", "Щербакова", "Силикатная", "Семашко", "Колпакова")
WITHOUT_TOPIC = 0.5
"""Of messages the portal names no useful topic: there the directory is silent."""
DECIDED_OTHERWISE = 0.08
"""Of decisions went elsewhere than usual: offices are not of one mind."""
TWO_MATTERS = 0.15


def examples(count: int, seed: int = 7) -> list[tuple[list[str], str]]:
    """Past decisions: for each matter one or, by the street, two people."""
    chance = random.Random(seed)
    names = list(MATTERS)
    weights = [1 / (place + 1) for place in range(len(names))]
    found: list[tuple[list[str], str]] = []
    for _ in range(count):
        matter = chance.choices(names, weights)[0]
        said = [chance.choice(MATTERS[matter])]
        if chance.random() < TWO_MATTERS:
            said.append(chance.choice(MATTERS[chance.choice(names)]))
        street = chance.choice(STREETS)
        text = " ".join((chance.choice(OPENINGS), f"По адресу {street}, {chance.randint(1, 60)}",
                         ", ".join(said) + ".", chance.choice(ENDINGS)))
        topic = "Иное" if chance.random() < WITHOUT_TOPIC else matter
        lead = names.index(matter) * 2 + (matter in names[:3] and street in STREETS[:3])
        if chance.random() < DECIDED_OTHERWISE:
            lead = chance.randrange(2 * len(names))
        found.append((terms_of(topic, "", f"ул. {street}", text), f"1:{lead}"))
    return found


def measure(count: int) -> str:
    """One line: what was learnt, how right the guesses were, what it cost."""
    told = msgspec.json.encode([{"terms": terms, "label": label}
                                for terms, label in examples(count)])
    began = time.perf_counter()
    made = subprocess.run([sys.executable, "-m", "core.precedents.training"], input=told,
                          capture_output=True, check=True).stdout
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if not made:
        return f"{count:5} cases: silent; {seconds:.1f} s, {memory:.0f} MB"
    rows = msgspec.json.decode(made, type=Model).rows()
    fresh = examples(1000, seed=8)
    began = time.perf_counter()
    guesses = [rows.guess(terms) for terms, _ in fresh]
    each = (time.perf_counter() - began) / len(fresh)
    given = [(guess, label) for guess, (_, label) in zip(guesses, fresh, strict=True) if guess]
    right = sum(guess.label == label for guess, label in given)
    promised = sum(guess.certainty for guess, _ in given) / max(1, len(given))
    return (f"{count:5} cases: guesses {len(given) / len(fresh):.0%} of new messages, right "
            f"{right / max(1, len(given)):.1%}, promised {promised:.1%}; learning "
            f"{seconds:.1f} s, {memory:.0f} MB at most in its own process; "
            f"file {len(made) / 1024:.0f} KB; a guess {each * 1e6:.0f} µs")


def main(counts: Sequence[str]) -> int:
    """Measure at each size."""
    for count in counts or ("60", "150", "300", "1000", "3000"):
        print(measure(int(count)))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
