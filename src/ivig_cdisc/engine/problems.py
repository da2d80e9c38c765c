"""What is wrong with one dataset's wiring, each at its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Problem
from ..metadata import DatasetSpec, StudyTable, Wiring, shown
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
        place = f"{self.spec.name}.{shown(self._as_said(path))}"
        if wiring is None:
            problem = Problem(self.spec.place.file, self.spec.line(path), place, reason)
        else:
            problem = Problem(wiring.place.file, wiring.place.line, place, reason)
        self.found.append(problem)

    def _as_said(self, path: SpecPath) -> SpecPath:
        """The path in the YAML, where a branch of one step need not be a list."""
        said, lines = self.spec.as_said(path), self.spec.lines
        if isinstance(said[-1], int) and said not in lines and said[:-1] in lines:
            return said[:-1]
        return said

    def add_of_table(self, table: StudyTable, line: int, reason: str) -> None:
        """A problem of a table, at the line of its row."""
        self.found.append(Problem(table.file, line, table.name, reason))
