"""Advice to the executor on the street: plain Russian, from the geometry, two things at most."""

from math import hypot

from core.photos.measurement import Geometry, Measurement
from core.photos.rules import STEADY_DEG, TRAVEL, TURN_DEG, Decision, Verdict

_POOR = {
    "too_dark": "Снимок слишком тёмный: переснимите при свете или со вспышкой.",
    "no_detail": "На снимке ничего не разобрать: проверьте, не закрыт ли объектив, и переснимите.",
    "blurred": "Снимок смазан: протрите объектив, дождитесь резкости и переснимите.",
    "reference_unreadable": "Фото жителя неразборчиво, ракурс сравнить нельзя: решит согласующий.",
}

_NOTES = {
    "first_page_only": "В файле несколько страниц, рассмотрена первая.",
    "black_and_white_scan": "Это чёрно-белый скан; лучше прислать исходную фотографию.",
}

_SAME = "Ракурс совпадает с фото жителя."
_REUSED = (
    "Похоже, это тот же самый снимок, что уже есть в деле. Сделайте новую фотографию после работ."
)
_REUSED_MIRRORED = (
    "Похоже, это тот же самый снимок, только зеркально отражённый. "
    "Сделайте новую фотографию после работ."
)
_OTHER = (
    "Не удаётся узнать место. Встаньте туда, откуда снимал житель, "
    "и захватите в кадр приметные здания, столбы или деревья с его фото."
)


def advise(measured: Measurement, decision: Decision) -> str:
    """What to do next, in one or two sentences."""
    text = _main(measured, decision)
    extra = [_NOTES[code] for code in decision.reasons if code in _NOTES]
    return " ".join([text, *extra])


def advise_alone(decision: Decision) -> str:
    """The same for a photo that has nothing to be compared with."""
    if decision.verdict is Verdict.UNSURE:
        text = next(_POOR[code] for code in decision.reasons if code in _POOR)
    elif decision.verdict is Verdict.NEEDS_EDITING:
        text = _sentence([_editing(code, None) for code in decision.reasons])
    else:
        text = "Житель не прислал фото: ракурс сравнивать не с чем, к снимку замечаний нет."
    return " ".join([text, *(_NOTES[code] for code in decision.reasons if code in _NOTES)])


def _main(measured: Measurement, decision: Decision) -> str:
    verdict, reasons = decision.verdict, decision.reasons
    if verdict is Verdict.SAME_ANGLE:
        return _SAME
    if verdict is Verdict.OTHER_PLACE:
        return _OTHER
    if verdict is Verdict.UNSURE:
        return next((_POOR[code] for code in reasons if code in _POOR), _OTHER)
    if verdict is Verdict.REUSED_PHOTO:
        mirrored = measured.geometry is not None and measured.geometry.mirrored
        return _REUSED_MIRRORED if mirrored else _REUSED
    if verdict is Verdict.NEEDS_EDITING:
        return _sentence([_editing(code, measured.geometry) for code in reasons])
    if measured.geometry is None or measured.geometry.inliers < 20:
        return "Место похоже, но снято иначе: встаньте туда, откуда снимал житель."
    return _sentence(movements(measured.geometry)) or (
        "Место то же, но снято иначе: встаньте туда, откуда снимал житель."
    )


def _editing(code: str, shape: Geometry | None) -> str:
    if code == "orientation_flag_wrong":
        return "файл помечен как повёрнутый и будет показан боком: сохраните его прямо"
    if code == "bars":
        return "пришлите саму фотографию, а не снимок экрана: у неё поля по краям"
    if code == "mirrored":
        return "отключите зеркальную съёмку: снимок отражён слева направо"
    if shape is None:
        return ""
    if code == "turned":
        return _upright(shape.roll_deg)
    if code == "tilted":
        # the camera turned clockwise is put right by turning it back
        side = "влево" if shape.roll_deg > 0 else "вправо"
        return f"выровняйте телефон: наклоните его на {abs(round(shape.roll_deg))}° {side}"
    if code == "zoomed":
        return f"снимайте без увеличения и обрезки: сейчас крупнее в {_times(shape.zoom)} раза"
    return ""


def _upright(roll: float) -> str:
    if abs(roll) > 135:
        return "переверните телефон: снимок вверх ногами"
    side = "по часовой стрелке" if roll < 0 else "против часовой стрелки"
    return f"снимок лежит на боку: поверните телефон на 90° {side}"


def movements(shape: Geometry) -> list[str]:
    """What brings the camera to where the reference's stood, the greatest departure first."""
    right, down, forward = shape.travel or (0.0, 0.0, 0.0)
    steps = [
        (abs(right) / TRAVEL, _aside(right)),
        (abs(forward) / TRAVEL, _nearer(forward)),
        (abs(down) / TRAVEL, f"держите телефон {'выше' if down > 0 else 'ниже'}"),
    ]
    turns = [
        (abs(shape.yaw_deg) / TURN_DEG, _turn(shape.yaw_deg, "левее", "правее")),
        (abs(shape.pitch_deg) / TURN_DEG, _turn(shape.pitch_deg, "ниже", "выше")),
    ]
    if hypot(shape.yaw_deg, shape.pitch_deg) < STEADY_DEG:  # else upright phones seem tilted too
        turns.append((abs(shape.roll_deg) / 12, _editing("tilted", shape)))
    found = sorted(steps + turns, key=lambda step: -step[0])
    return [text for weight, text in found if weight >= 0.6]


def _aside(right: float) -> str:
    side = "левее" if right > 0 else "правее"
    if abs(right) < 0.3:
        return f"встаньте на шаг {side}"
    if abs(right) < 0.7:
        return f"встаньте на несколько шагов {side}"
    return f"встаньте заметно {side}"


def _nearer(forward: float) -> str:
    """``forward`` > 0: the executor stood nearer to the scene than the citizen."""
    if forward > 0:
        return f"отойдите назад: сейчас ближе примерно в {_times(1 / max(1 - forward, 0.2))} раза"
    return f"подойдите ближе примерно в {_times(1 - forward)} раза"


def _turn(degrees: float, back: str, onward: str) -> str:
    """A positive angle is undone by ``back``."""
    return f"направьте камеру {back if degrees > 0 else onward} на {abs(round(degrees))}°"


def _times(ratio: float) -> str:
    return f"{max(ratio, 1.1):.1f}".replace(".", ",")


def _sentence(steps: list[str]) -> str:
    kept = [step for step in steps if step][:2]
    if not kept:
        return ""
    text = ", затем ".join(kept) if len(kept) == 2 else kept[0]
    return text[0].upper() + text[1:] + "."
