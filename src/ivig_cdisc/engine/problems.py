"""What is wrong with one dataset's wiring, each at its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Problem
from ..metadata import DatasetSpec, Wiring, shown
from ..text import first_few
from .plan import SpecPath

MOST = 3  # datasets that are named where several have the same problem


def merged(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each once: that of an entry which several datasets share names them.

    Args:
        problems: of all datasets.

    Returns:
        The problems in the order in which each was found first.
    """
    alike: dict[tuple[Any, ...], list[Problem]] = {}
    for problem in problems:
        same = (problem.file, problem.line, problem.reason, problem.column, problem.severity)
        alike.setdefault(same, []).append(problem)
    found = []
    for several in alike.values():
        paths = list(dict.fromkeys(problem.path for problem in several))
        found.append(replace(several[0], path=first_few(paths, MOST)))
    return found


@dataclass
class Problems:
    """All that is wrong with the wiring of one dataset, in the order in which it was found."""

    spec: DatasetSpec
    found: list[Problem] = field(default_factory=list)

    def add(self, path: str | SpecPath, reason: str, wiring: Wiring | None = None) -> None:
        """A problem of a wiring, at its line; or of a row step or the head, at the line of that."""
        if isinstance(path, str):
            path = (path,)
        if isinstance(path[-1], int) and path[:-1] in self.spec.lines:
            path = path[: len(path) - (path not in self.spec.lines)]  # a branch of one step
        place = f"{self.spec.name}.{shown(path)}"
        if wiring is None:
            problem = Problem(self.spec.place.file, self.spec.line(path), place, reason)
        else:
            problem = Problem(wiring.place.file, wiring.place.line, place, reason)
        self.found.append(problem)
