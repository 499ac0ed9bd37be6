"""Private people in a text: names, mobile telephones, flats, numbers of documents (4.1, R9).

A name is told by its shape and by the dictionary (surnames, first names, patronymics), not by a
list of people. Streets, schools and squares that bear a name are passed over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.textchecks.checking import Code, Finding
from core.textchecks.morphology import plain, read

_WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*")
_INITIALS = r"[А-ЯЁ]\.\s?(?:[А-ЯЁ]\.)?"
_SURNAME = r"[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]+)?"
_SHAPES = (
    re.compile(rf"(?<![\w.]){_SURNAME}\s{_INITIALS}(?!\w)"),
    re.compile(rf"(?<![\w.]){_INITIALS}\s?{_SURNAME}(?!\w)"),
)
_CAPITAL = re.compile(rf"{_SURNAME}")
_BEARS_NAME = frozenset({
    "улица", "ул", "имя", "им", "проспект", "пр", "просп", "площадь", "пл", "переулок", "пер",
    "бульвар", "б-р", "набережная", "наб", "шоссе", "ш", "сквер", "парк", "школа", "больница",
    "деревня", "д", "поселок", "пос", "село", "станция", "метро", "микрорайон", "мкр", "проезд",
    "город", "г", "памятник", "фонд", "аллея", "бюст", "музей", "театр", "усадьба", "храм",
    "стадион", "тупик", "ск", "жк", "гимназия", "лицей", "библиотека", "ооо", "ип", "чоп", "ао",
})
"""What is called after people: a name behind such a word is no private person's."""
_OFFICE = frozenset({
    "глава", "начальник", "директор", "министр", "депутат", "руководитель", "заместитель",
    "губернатор", "президент", "председатель", "староста", "секретарь", "врач", "подпись",
    "исполнитель", "инспектор", "уполномоченный", "прокурор", "заведующий",
})
"""Who speaks or acts by office is named by office."""
_PRIVATE = frozenset({
    "гражданин", "гражданка", "гр", "житель", "жительница", "сосед", "соседка", "заявитель",
    "заявительница", "собственник", "собственница", "гражданину", "владелец", "пенсионер",
    "пенсионерка", "квартиросъемщик", "абонент", "потребитель",
})
_HOUSE = re.compile(r",?\s*(?:д\.|дом|к\.)?\s?\d{1,3}(?:[А-Яа-я]|/\d+)?(?![\w.-])")
"""What follows a street's name."""
_MOBILE = re.compile(
    r"(?<![\w/№-])(?:\+?[78][\s(-]{0,3})?\(?9\d\d\)?[\s).-]{0,3}\d{3}[\s.-]{0,2}\d\d[\s.-]{0,2}\d\d"
    r"(?![\w/]|-\d)")
_FLAT = re.compile(r"\b(?:кв\.|квартир[аеуы]|квартирой)\s?(?:№\s?)?(?P<flat>\d{1,4})\b",
                   re.IGNORECASE)
PAPER = re.compile(
    r"(?<![\w-])(?:\d{3}-\d{3}-\d{3}[ -]\d\d|(?:\d{4}[ -]){3}\d{4}"
    r"|паспорт\w*\D{0,20}\d\d\s?\d\d\D{1,10}\d{6})(?![\w-])",
    re.IGNORECASE)
"""A number of social insurance, a bank card, a passport with its number."""


@dataclass(frozen=True, slots=True)
class Named:
    """A person's name at characters [``start``, ``end``) of a text."""

    start: int
    end: int
    text: str
    office: bool = False
    """Named by office («глава округа Иванов И.И.»)."""

    @property
    def surnames(self) -> frozenset[str]:
        """Dictionary forms of its words, to know a colleague by."""
        return frozenset(lemma for word in _CAPITAL.findall(self.text)
                         for lemma in read(word).lemmas)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() and len(self.text) > 1

    @property
    def lemmas(self) -> frozenset[str]:
        return read(self.text).lemmas

    def may_be(self, part: str) -> bool:
        return self.capital and part in read(self.text).person


def find_names(text: str) -> tuple[Named, ...]:
    """Names of people in the order of the text; what only bears a name is left out."""
    words = [_Word(one.start(), one.end(), one[0]) for one in _WORD.finditer(text)]
    found: list[tuple[int, int]] = []
    for shape in _SHAPES:
        found += [(one.start(), one.end()) for one in shape.finditer(text)
                  if _surname_like(one[0])]
    found += _spelled_out(text, words)
    merged = _merged(found)
    return tuple(Named(start, end, text[start:end], _by_office(words, start))
                 for start, end in merged if not (
                     _bears_name(words, text, start) or _is_address(words, text, start, end)))


def find_person(text: str, full_name: str) -> tuple[tuple[int, int], ...]:
    """Where the person of that full name is named in the text, in any case form of any part of it.

    The name may be no person's («Аноним»), then nothing is found; streets that bear a like name
    are passed over. A word in small letters counts where it can be nothing but a name, or stands
    beside another part of the name.
    """
    parts = [one for one in _WORD.findall(full_name) if len(one) > 1]
    if not any(read(one).person for one in parts):
        return ()
    words = [_Word(one.start(), one.end(), one[0]) for one in _WORD.finditer(text)]
    named = [one for one in words if any(_is_form_of(one.text, part) for part in parts)]
    surely = [one for one in named if one.text[0].isupper() or not read(one.text).common]
    surely += [one for one in named if one not in surely and any(
        _touch(text, *sorted((one, other), key=lambda word: word.start)) for other in surely)]
    spans: list[tuple[int, int]] = []
    for one in sorted(surely, key=lambda word: word.start):
        if spans and text[spans[-1][1]:one.start].isspace():
            spans[-1] = (spans[-1][0], one.end)
        elif not (_bears_name(words, text, one.start)
                  or _is_address(words, text, one.start, one.end)):
            spans.append((one.start, one.end))
    return tuple(spans)


_CASE_ENDINGS = frozenset({"", "а", "я", "у", "ю", "е", "и", "ы", "ой", "ою", "ей", "ею", "ого",
                           "его", "ому", "ему", "ым", "им", "ом", "ем", "ый", "ий", "ая", "яя",
                           "ую", "ь"})
_STEM = 4
"""Letters that two forms of a name unknown to the dictionary share at least."""


def _is_form_of(word: str, part: str) -> bool:
    if read(word).lemmas & read(part).lemmas:
        return True
    one, other = plain(word), plain(part)
    shared = next((place for place, (ours, theirs) in enumerate(zip(one, other, strict=False))
                   if ours != theirs), min(len(one), len(other)))
    return shared >= _STEM and {one[shared:], other[shared:]} <= _CASE_ENDINGS


def _surname_like(text: str) -> bool:
    """«Москва А.» is no one; an unknown word beside two initials is."""
    word = next(iter(_CAPITAL.findall(text)), "")
    known = read(word)
    return bool(known.person & {"Surn"}) or (
        text.count(".") > 1 and not known.finite and plain(word) not in _BEARS_NAME)


def _spelled_out(text: str, words: Sequence[_Word]) -> Iterator[tuple[int, int]]:
    """«Иванов Иван Иванович», «Мария Петровна», «Анна Кузнецова», «гр. Сидоров»."""
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else None
        before = words[place - 1] if place else None
        if word.may_be("Name") and after is not None and _touch(text, word, after):
            if after.may_be("Patr"):
                yield from _with_surname(text, words, place)
            elif after.may_be("Surn") and not after.may_be("Name"):
                yield word.start, after.end
        if word.may_be("Surn") and after is not None and _touch(text, word, after) and (
                after.may_be("Name") and not word.may_be("Name")):
            yield word.start, after.end
        if before is not None and word.may_be("Surn") and before.lemmas & _PRIVATE:
            yield word.start, word.end


def _with_surname(text: str, words: Sequence[_Word], place: int
                  ) -> Iterator[tuple[int, int]]:
    start, end = words[place].start, words[place + 1].end
    if place and words[place - 1].may_be("Surn") and _touch(text, words[place - 1], words[place]):
        start = words[place - 1].start
    following = words[place + 2] if place + 2 < len(words) else None
    if following is not None and following.may_be("Surn") and _touch(
            text, words[place + 1], following):
        end = following.end
    yield start, end


def _touch(text: str, one: _Word, other: _Word) -> bool:
    return text[one.end:other.start].isspace()


def _merged(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _before(words: Sequence[_Word], start: int, count: int) -> list[_Word]:
    return [one for one in words if one.end <= start][-count:]


def _bears_name(words: Sequence[_Word], text: str, start: int) -> bool:
    """«улица Ивана Сусанина», «школа имени Ю.А. Гагарина», «пр-т Ленина».

    Not behind a number: «д. 5 Иванов Иван» is a house and who lives there.
    """
    near = _before(words, start, 3)
    if any(one.lemmas & _BEARS_NAME for one in near[-2:]
           if not set(text[one.end:start]) & set(",;:!?0123456789")):
        return True
    return bool(re.search(r"(?:пр-т|б-р|пр-д|ул|им|ИП|ООО)\.?\s*[«\"]?\s*$", text[:start]))


def _is_address(words: Sequence[_Word], text: str, start: int, end: int) -> bool:
    """«напротив Дмитрия Донского, 4»: streets are called in the genitive, without a patronymic."""
    if not _HOUSE.match(text, end):
        return False
    parts = [one for one in words if start <= one.start and one.end <= end]
    return len(parts) > 1 and not any(one.may_be("Patr") for one in parts) and not all(
        "nomn" in read(one.text).cases for one in parts)


def _by_office(words: Sequence[_Word], start: int) -> bool:
    return any(one.lemmas & _OFFICE for one in _before(words, start, 6))


def personal_data(text: str, colleagues: frozenset[str], asked: str) -> Iterator[Finding]:
    """Findings on an answer that names private people.

    ``colleagues`` are dictionary forms of surnames that may stand in it (the office's staff, the
    applicant); ``asked`` is the citizen's message with its place: a flat named there is known.
    """
    for name in find_names(text):
        if not (name.office or name.surnames & colleagues):
            yield _finding(name.start, name.end, text, "имя человека")
    for pattern, what in ((_MOBILE, "личный телефон"), (PAPER, "номер документа")):
        for one in pattern.finditer(text):
            yield _finding(one.start(), one.end(), text, what)
    known = {one["flat"] for one in _FLAT.finditer(asked)}
    for one in _FLAT.finditer(text):
        if one["flat"] not in known:
            yield _finding(one.start(), one.end(), text, "номер чужой квартиры")


def _finding(start: int, end: int, text: str, what: str) -> Finding:
    return Finding(
        Code.PERSONAL_DATA, text[start:end], start, end, "R9", "4.1",
        f"Ответ публикуется на портале: уберите {what}. Человека можно назвать по должности или "
        "словами «собственник», «житель дома».")


def forms_of(names: Sequence[str]) -> frozenset[str]:
    """Dictionary forms of the surnames in full names, for ``personal_data``."""
    return frozenset(lemma for name in names if name.strip()
                     for lemma in read(name.split()[0]).lemmas)
