"""How a rehearsal is told on the console: colour, a progress bar, the clause of each step."""

import sys
from collections.abc import Sequence
from time import monotonic

from bot.console import say
from bot.rehearsal.steps import Step

GREEN, RED, GREY, BOLD, PLAIN = "\033[32m", "\033[31m", "\033[90m", "\033[1m", "\033[0m"
WIDTH = 24


class Teller:
    """Prints steps as they are done; colour and the bar only on a terminal."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._live = sys.stdout.isatty()
        self._began = self._step_began = monotonic()

    def begins(self, place: int) -> None:
        """The bar moves on."""
        self._step_began = monotonic()
        if self._live:
            full = WIDTH * place // len(self._steps)
            sys.stdout.write(f"\r{GREY}[{'█' * full}{'·' * (WIDTH - full)}] "
                             f"{place}/{len(self._steps)} {self._steps[place].who}…{PLAIN}\033[K")
            sys.stdout.flush()

    def done(self, place: int) -> None:
        """A step was seen to happen."""
        step = self._steps[place]
        took = monotonic() - self._step_began
        self._line(f"{self._paint(GREEN, '✓')} {place + 1:2}. {self._paint(BOLD, step.who)} "
                   f"{step.what} {self._paint(GREY, f'[{_cited(step)}; {took:.1f} с]')}")

    def failed(self, place: int, why: str) -> None:
        """A step was not seen."""
        step = self._steps[place]
        self._line(f"{self._paint(RED, '✗')} {place + 1:2}. {step.who} {step.what} "
                   f"[{_cited(step)}]\n      {why}")

    def ends(self, where: str) -> None:
        """All done."""
        numbers = {one for step in self._steps for one in step.requirements}
        self._line(f"Все шаги увидены снаружи: {len(self._steps)}. Требований регламента "
                   f"пройдено: {len(numbers)}. Заняло {monotonic() - self._began:.0f} с. "
                   f"Документы и картинки: {where}")

    def _paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._live else text

    def _line(self, text: str) -> None:
        say(f"\r{text}\033[K" if self._live else text)
        sys.stdout.flush()


def _cited(step: Step) -> str:
    return "; ".join(filter(None, (", ".join(step.requirements), step.clause)))
