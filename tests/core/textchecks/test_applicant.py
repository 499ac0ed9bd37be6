"""The applicant's own name, from the card's field, is found in the text in any case form (R9)."""

import pytest

from core import privacy

ANNA = "Петрова Анна Сергеевна"
CASES = (
    (ANNA, "Пишет Вам Анна.", "Пишет Вам [имя скрыто]."),
    (ANNA, "С уважением, Петрова", "С уважением, [имя скрыто]"),
    (ANNA, "Меня, Петрову Анну, не слышат.", "Меня, [имя скрыто], не слышат."),
    (ANNA, "Прошу ответить Петровой А.С.", "Прошу ответить [имя скрыто]"),
    (ANNA, "это снова петрова анна", "это снова [имя скрыто]"),
    (ANNA, "С мужем, Петровым, живём тут.", "С мужем, [имя скрыто], живём тут."),
    (ANNA, "Звоните Анне Сергеевне.", "Звоните [имя скрыто]."),
    ("Кнышева Зульфия Рашидовна", "Передайте Кнышевой и Зульфие.",
     "Передайте [имя скрыто] и [имя скрыто]."),
    ("Достоевский-Фёдоров Лев", "Ваш Достоевский-Федоров.", "Ваш [имя скрыто]."),
    ("Мороз Игорь", "Мороз Игорь замёрз: мороз на улице, Игоря жаль.",
     "[имя скрыто] замёрз: мороз на улице, [имя скрыто] жаль."),
    ("Надежда Ивановна Зима", "Есть надежда, что зима кончится. Надежда Зима",
     "Есть надежда, что зима кончится. [имя скрыто]"),
)


@pytest.mark.parametrize(("name", "text", "shown"), CASES)
def test_no_form_of_the_applicants_name_is_shown(name: str, text: str, shown: str) -> None:
    assert privacy.masked(text, privacy.of_applicant(text, name)) == shown


@pytest.mark.parametrize(("name", "text"), [
    ("Пушкина Мира", "На улице Пушкина и на ул. Мира темно."),
    (ANNA, "На Петровской площади анализы воды плохие, пётр-первый."),
    ("Аноним", "Аноним пишет: яма."),
    ("Житель дома", "Житель дома просит заделать яму."),
    ("", "Яма у дома 5."),
    ("А. С.", "А дома холодно."),
])
def test_what_only_looks_like_it_stays(name: str, text: str) -> None:
    assert privacy.masked(text, privacy.of_applicant(text, name)) == text


def test_contacts_beside_the_name_are_masked_with_it() -> None:
    text = "Анна, anna@mail.test, 8 916 123-45-67."
    assert privacy.masked(text, privacy.of_applicant(text, ANNA)) == (
        "[имя скрыто], [эл. почта скрыта], [телефон скрыт].")
