"""What one clause promises: a future, a plan, a matter still on its way (R25; 4.6¶7)."""

from core.textchecks.bodies import (
    is_given,
    is_others_doing,
    names_agent,
    own_acts,
    stands_after,
)
from core.textchecks.lexicon import Phrases, lexicon
from core.textchecks.sentences import Clause, Sentence, Token

_OPENING = 2
"""A condition opens its clause; tokens that may stand before it («и если», «но, если»)."""

_EFFECT = 4
"""Tokens that a verb of effect takes with its object: «закроет водителям обзор»."""

_AS_A_RULE = ("habit", "norm", "standard", "by_norm", "liability", "of_residents")
"""The lists that tell what is always done."""

_ASKS = frozenset({"кто", "почему", "зачем", "откуда", "куда", "чей", "чья", "чье"})
"""How a clause begins that is asked about: «выясняем, кто вывез грунт»."""

_AT = frozenset({"в", "во", "у"})
"""«Оформляют в соцзащите»: there it is theirs."""

_EASILY = frozenset({"легко", "вполне", "трудно", "едва"})

def intends(clause: Clause, words: dict[str, Phrases], *, done_later: bool, done: bool) -> bool:
    """Whether the clause says that something is yet to be done.

    ``done``: the text tells of something done; ``done_later``: here or further on.
    """
    tokens = clause.tokens
    return (
        tells_when(clause, words)
        or (not done_later and _assigned(tokens, words))
        or (not done and _unfinished(tokens, words))
    )


def tells_when(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Whether it is said that something will be, so that its day should be said with it.

    «Внесено в план» and «на контроле» only set it going: the day may follow in a sentence.
    """
    return _future(clause.tokens, words) or tells_no_day(clause, words)


def tells_no_day(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Whether it says in as many words that it is planned or under way, or names a vague term."""
    tokens = clause.tokens
    return (
        _planned(tokens, words)
        or _put_off(tokens, words)
        or _in_progress(tokens, words)
        or _committed(tokens, words)
        or _term_left_open(tokens, words)
        or _dated_vaguely(clause, words)
    )


def _planned(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Планируется», «в планах», «предусмотрено на май»."""
    plan = affirmed(tokens, words["plan"]) and all(token.text != "нет" for token in tokens)
    place = words["plan"].find(tokens)
    if place and (_gathers(tokens, place[0]) or _of_another(tokens, place)):
        plan = False
    if plan and not _subject_to_no_work(tokens, words) and tokens not in words["from_citizen"]:
        return True
    return (affirmed(tokens, words["scheduled"]) and tokens in words["vague"]
            and tokens not in words["habit"])  # fmt: skip


def _gathers(tokens: tuple[Token, ...], place: int) -> bool:
    """«Тележки собираются каждый час»: without what they mean to do, it is no intention."""
    return "собираться" in tokens[place].word.lemmas and not any(
        token.word.infinitive for token in tokens)


def _unfinished(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """On the way, as long as nothing is said to be done."""
    return (
        _still_handled(tokens, words)
        or _we_are_at_it(tokens, words)
        or _they_are_at_it(tokens, words)
        or _contractor_is_at_it(tokens, words)
        or (affirmed(tokens, words["weak"]) and not _in_work_of(tokens)
            and not _of_another(tokens, words["weak"].find(tokens)))
    )


def _in_progress(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Прорабатывается», «ремонт ведётся»: by us, and not as a rule."""
    return (
        tokens not in words["habit"]
        and tokens not in words["of_residents"]
        and affirmed(tokens, words["in_progress"])
        and not _was(tokens, words["in_progress"])
        and not is_others_doing(tokens, lexicon("organisations"))
        and not stands_after(tokens, _AT, lexicon("organisations"))
    )


def _was(tokens: tuple[Token, ...], phrases: Phrases) -> bool:
    """«Вопрос рассматривался»: no longer."""
    return any(token.word.past and not token.word.short_participle
               for token in tokens[slice(*(phrases.find(tokens) or (0, 0)))])


def _term_left_open(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Срок не определён», «срок выполнения — …»."""
    if tokens in words["term_unknown"]:
        return True
    place = words["term"].find(tokens)
    if not place or negated(tokens, place[0]) or tokens in words["standard"] or has_past(tokens):
        return False
    return not is_others_doing(tokens, lexicon("organisations"))


def _dated_vaguely(clause: Clause, words: dict[str, Phrases]) -> bool:
    """«Начинаем в ближайшее время», «выполняется в мае»: the present of a plan."""
    tokens = clause.tokens
    if not any(token.word.present for token in tokens):
        return False
    month = tokens in words["month"] and tokens not in words["habit"] and not clause.dates
    return month or tokens in words["strongly_vague"]


def _assigned(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Включён в план», «поручено подрядчику»: what somebody of ours is to do."""
    if any(tokens in words[no] for no in ("penalty", "habit", "past_plan", "advised")):
        return False
    bodies = lexicon("organisations")
    if tokens in bodies["can"]:
        return False
    ours = tokens in bodies["own"] or (
        tokens in words["own_offices"] and tokens not in bodies["other"])
    going = tokens not in bodies["other"] and tokens not in words["of_residents"] and any(
        affirmed(tokens, words[act]) and _names(tokens, words[where])
        for act, where in (("put", "in_a_plan"), ("ordered", "order"), ("moved", "moved_to")))
    passed_down = not any(tokens in bodies[who] for who in ("other", "firms")) and any(
        affirmed(tokens, words[act]) for act in ("passed_down", "sent_for", "given_time"))
    return going or passed_down or affirmed(tokens, words["assigned"]) or (
        ours and affirmed(tokens, words["handed_on"]))


def _names(tokens: tuple[Token, ...], phrases: Phrases) -> bool:
    """Whether one of the phrases names what is given, not by what: «выдано распоряжением»."""
    return any(tokens[start].word.cases != {"ablt"} for start, _ in phrases.every(tokens))


def _subject_to_no_work(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Билеты подлежат возврату»."""
    return any("подлежать" in token.word.lemmas
               and tokens[place + 1 : place + 3] in words["not_work"]
               for place, token in enumerate(tokens))  # fmt: skip


def _in_work_of(tokens: tuple[Token, ...]) -> bool:
    """«Нарушений в работе светофора нет»."""
    return any(first.text == "в" and second.text == "работе" and "gent" in third.word.cases
               for first, second, third in zip(tokens, tokens[1:], tokens[2:], strict=False))


def _of_another(tokens: tuple[Token, ...], place: tuple[int, int] | None) -> bool:
    """«Под контролем АО…», «на рассмотрении Соцфонда»: right after the words at ``place``."""
    end = place[1] if place else len(tokens)
    return tokens[end : end + 2] in lexicon("organisations")["other"]


def _we_are_at_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Разбираемся», «чиним»: what we have not finished; or whatever we do on a day."""
    if tokens in words["habit"] or tokens in words["from_citizen"]:
        return False
    ours = [place for place, token in enumerate(tokens)
            if token.word.we and not negated(tokens, place)]  # fmt: skip
    return bool(ours) and (_has_day(tokens) or any(
        start in ours for start, _ in words["we_seek"].every(tokens)))


def _contractor_is_at_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Подрядчик устраняет замечания»: one of ours has not finished."""
    ours = own_acts(tokens, lexicon("organisations")) and tokens not in words["habit"]
    return ours and any(tokens[start].word.present and not negated(tokens, start)
                        for start, _ in words["we_seek"].every(tokens))


def _they_are_at_it(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Мост сейчас проектируют»: nobody is named, so it is us."""
    subject = any(token.word.noun and "nomn" in token.word.cases and "accs" not in token.word.cases
                  for token in tokens)  # fmt: skip
    return not subject and tokens in words["now"] and tokens not in words["habit"] and any(
        token.word.they and token.word.transitive and not negated(tokens, place)
        for place, token in enumerate(tokens))


def _still_handled(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Сведения проверяются», «нарушитель устанавливается»: by the office, and not as a rule."""
    verbs = [place for place, token in enumerate(tokens)
             if token.word.present and token.text.endswith("ся")]  # fmt: skip
    if not verbs or any(tokens in words[no] for no in _AS_A_RULE):
        return False
    subject = any("nomn" in token.word.cases and tokens[place : place + 1] in words["matter"]
                  for place, token in enumerate(tokens[: verbs[0] + 3]))  # fmt: skip
    handled = (subject and tokens not in words["stative"]) or tokens in words["handling"]
    bodies = lexicon("organisations")
    others = is_others_doing(tokens, bodies) or stands_after(
        tokens[verbs[0] :], _AT, bodies, "firms")
    return handled and not others and not negated(tokens, verbs[0])


def _future(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    verbs = [place for place, token in enumerate(tokens) if token.word.future]
    condition = words["condition"].find(tokens)
    if not verbs or (condition and condition[0] <= min(_OPENING, verbs[0])):
        return False
    verbs = [place for place in verbs
             if not _asked(tokens, place) and not _is_quoted(tokens, place)]  # fmt: skip
    verbs = [place for place in verbs if not _says_nothing(tokens[place:], words)]
    verbs = [place for place in verbs if not _is_effect(tokens, place, words)]
    bodies = lexicon("organisations")
    if not _has_day(tokens) and (
            is_others_doing(tokens, bodies) or tokens in bodies["by_contract"]):
        # «уборку организует ТСЖ» tells whose work it is, «ТСЖ организует уборку» what will be done
        verbs = [place for place in verbs if not tokens[place].word.habitual
                 or tokens[:place] in lexicon("organisations")["other"]]
    if any(token.word.short_participle for token in tokens):  # «знак повернут и закреплён»
        verbs = [place for place in verbs if not tokens[place].word.turned]
    if tokens in words["able"] and tokens not in words["vague"]:
        return False
    return any(not negated(tokens, place) and not _is_quality(tokens, place) for place in verbs)


def _has_day(tokens: tuple[Token, ...]) -> bool:
    """Whether a day is named that is no paper's."""
    return any(token.date and not token.date.requisite for token in tokens)


def _asked(tokens: tuple[Token, ...], place: int) -> bool:
    """«будет ли построен»: the citizen's question told again."""
    return any(token.text == "ли" for token in tokens[place + 1 : place + 2])


def _is_quoted(tokens: tuple[Token, ...], place: int) -> bool:
    """«Скайнет», «Двор откроют завтра»: a name, or others' words."""
    before = [token.text for token in tokens[:place]]
    return before.count("«") > before.count("»") or before.count('"') % 2 == 1


def _is_quality(tokens: tuple[Token, ...], place: int) -> bool:
    """«легко заменим»: an adjective that looks like a verb."""
    return bool(place) and tokens[place - 1].text in _EASILY


def _is_effect(tokens: tuple[Token, ...], place: int, words: dict[str, Phrases]) -> bool:
    """«Новые рейсы разгрузят маршрут»: what a thing leads to, nobody being named who acts."""
    if tokens[place : place + 3] in words["forces"]:
        return True
    if tokens[place : place + _EFFECT] not in words["effect"] or tokens in words["vague"]:
        return False
    numbers = tokens[place].word.third
    thing = any(token.word.subject & numbers for token in tokens[:place])
    return thing and not names_agent(tokens, lexicon("organisations"))


def _says_nothing(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """Whether the future verb that these begin with promises nothing: «хватит», «будет мешать»."""
    found = words["no_promise"].find(tokens)
    if found is None or found[0] > 1:
        return False
    return found[0] == 0 or not tokens[1].word.participle  # «восстановит нарушенный газон»


def affirmed(tokens: tuple[Token, ...], phrases: Phrases) -> bool:
    """Whether one of the phrases stands there without «не» before or within it."""
    place = phrases.find(tokens)
    if place is None or negated(tokens, place[0]):
        return False
    if any(token.text == "не" for token in tokens[place[0] + 1 : place[1]]):
        return False
    first = tokens[place[0]].word
    return first.finite or not first.participle  # «запланированные работы выполнены»


def _committed(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«обязан завершить»: a duty with a perfective infinitive, not the citizen's to apply."""
    place = words["commitment"].find(tokens)
    if place is None or negated(tokens, place[0]):
        return False
    if tokens in words["of_residents"]:
        return False
    infinitives = [token for token in tokens[place[1]:]
                   if token.word.infinitive and token.word.perfective]  # fmt: skip
    if infinitives[:1] in words["commitment_of_citizen"]:
        return False
    duty = tokens[place[0] : place[0] + 1] in words["duty"]
    others = duty and is_others_doing(tokens, lexicon("organisations"))
    return bool(infinitives) and not others  # another's duty is his, and no promise of ours


def _put_off(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Внесена в план на третий квартал»."""
    period = words["on_period"].find(tokens)
    return period is not None and any(
        token.word.short_participle and not negated(tokens, place)
        for place, token in enumerate(tokens[: period[0]]))


def foreseen(tokens: tuple[Token, ...], words: dict[str, Phrases]) -> bool:
    """«Предусмотрена замена», by a plan and not by a rule."""
    return affirmed(tokens, words["foreseen"]) and tokens not in words["norm"]


def demanded(clause: Clause, sentence: Sentence, words: dict[str, Phrases]) -> bool:
    """«Потребовали переделать швы», unless the sentence says that it has been done."""
    place = words["demanded"].find(clause.tokens)
    if place is None or negated(clause.tokens, place[0]):
        return False
    bodies = lexicon("organisations")
    if is_given(clause.tokens, bodies) or clause.tokens in words["from_them"]:
        return False
    past = {lemma for token in sentence.tokens if token.word.past for lemma in token.word.lemmas}
    infinitives = [token.word for token in clause.tokens[place[1]:]
                   if token.word.infinitive and token.word.perfective]  # fmt: skip
    return any(not word.lemmas & past for word in infinitives)


def is_done(clause: Clause, words: dict[str, Phrases]) -> bool:
    """Tells that something has been done on the spot, not only on paper."""
    tokens = clause.tokens
    if has_future(tokens) or tokens in words["condition"] or tokens[0].text in _ASKS:
        return False
    return affirmed(tokens, words["done"]) or any(
        token.word.past and token.word.perfective and not negated(tokens, place)
        and tokens[place : place + 1] not in words["not_yet"]
        for place, token in enumerate(tokens))


def negated(tokens: tuple[Token, ...], place: int) -> bool:
    return any(token.text == "не" for token in tokens[max(0, place - 1) : place])


def has_future(tokens: tuple[Token, ...]) -> bool:
    return any(token.word.future for token in tokens)


def has_past(tokens: tuple[Token, ...]) -> bool:
    return any(token.word.past for token in tokens)
