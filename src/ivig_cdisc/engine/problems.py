"""What is wrong with one dataset's wiring, each at its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import Problem
from ..metadata import DatasetSpec, StudyTable, Wiring, shown
from .plan import SpecPath


@dataclass
class Problems:
    """All that is wrong with the wiring of one dataset, in the order in which it was found."""

    spec: DatasetSpec
    found: list[Problem] = field(default_factory=list)

    def add(self, path: str | SpecPath, reason: str, wiring: Wiring | None = None) -> None:
        """A problem of a wiring, at its line; or of a row step or the head, at the line of that."""
        if isinstance(path, str):
            path = (path,)
        place = f"{self.spec.name}.{shown(self.spec.as_said(path))}"
        if wiring is None:
            problem = Problem(self.spec.place.file, self.spec.line(path), place, reason)
        else:
            problem = Problem(wiring.place.file, wiring.place.line, place, reason)
        self.found.append(problem)

    def add_of_table(self, table: StudyTable, line: int, reason: str) -> None:
        """A problem of a table, at the line of its row."""
        self.found.append(Problem(table.file, line, table.name, reason))
