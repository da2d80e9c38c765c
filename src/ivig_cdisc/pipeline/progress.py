"""How far the work is, for whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """What begins now.

    stage    reading, building, examining, writing or reporting
    dataset  the one that is worked on; empty where it is all of them
    part     of the subjects, counted from 1; 0 where it is all of them
    parts    how many there are
    share    of the whole work that is finished, from 0 to 1
    """

    stage: str
    dataset: str = ""
    part: int = 0
    parts: int = 1
    share: float = 0.0


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Tell nobody how far the work is."""


class PartSteps:
    """Tells each step of one part as it begins; steps: how many the part has."""

    def __init__(self, progress: Progress, part: int, parts: int, steps: int) -> None:
        self._progress, self._part, self._parts, self._steps = progress, part, parts, steps
        self._begun = 0

    def begin(self, stage: str, dataset: str = "") -> None:
        """What was begun before is finished; this begins."""
        of_part = min(self._begun / self._steps, 1.0)
        share = (self._part - 1 + of_part) / self._parts
        self._progress(Step(stage, dataset, self._part, self._parts, share))
        self._begun += 1
