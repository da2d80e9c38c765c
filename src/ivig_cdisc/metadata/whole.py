"""The whole of a study: all that its specs say, as one frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from ..errors import Problem
from .analyses import Analysis
from .collection import Form, Intake
from .columns import sources
from .document import Path_, shown
from .frozen import Frozen, Name
from .model import Codelist, DatasetSpec, Rule, Waiver
from .passages import Passage
from .tables import StudyTable


class Study(Frozen):
    """All that the specs say, datasets in the order in which they can be built."""

    id: str
    title: str
    cutoff: str  # data cut-off, ISO 8601 date; the date of every output that wants one
    folder: Path
    standards: dict[str, str]
    intake: Intake
    forms: dict[Name, Form]
    terms: dict[str, dict[str, str]]  # name: collected value: submission value
    dictionaries: dict[Name, str] = {}  # MedDRA and others: version
    facts: dict[str, Any]  # visits, windows, ... as study.yaml has them
    tables: dict[Name, StudyTable] = {}  # rows of the specs that datasets read, by name
    lines: dict[Path_, int] = Field(default={}, exclude=True, repr=False)  # of study.yaml
    codelists: dict[str, Codelist]
    datasets: tuple[DatasetSpec, ...]
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    results: tuple[Analysis, ...] = ()
    narrative: tuple[Passage, ...] | None = None  # None: the study says nothing of it
    undecided: tuple[Problem, ...] = ()  # values that still say TO DECIDE
    # forms and datasets that are there and cannot be used, which is said where they stand
    unread: frozenset[Name] = frozenset()

    def fact(self, name: str, entries: Sequence[str] = ()) -> tuple[Path, int, str]:
        """File, line and path of a fact, or of an entry in it (items of a list count from 1).

        An entry that is missing has the line of what it is missing in.
        """
        path: Path_ = ("facts", name)
        if name not in self.facts:
            path = ({"study": "id"}.get(name, name),)
        data: Any = self.facts.get(name)
        line = self.lines.get(path, 1)
        for entry in entries:
            key: str | int = entry
            if isinstance(data, list):
                key = int(entry) - 1
                data = dict(enumerate(data))
            path = (*path, key)
            line = self.lines.get(path, line)
            data = dict(data or {}).get(key)
        return self.folder / "study.yaml", line, shown(path)

    def made_from(self, spec: DatasetSpec) -> tuple[str, ...]:
        """The forms and datasets that a dataset reads; not the tables, which stand in the specs."""
        return tuple(name for name in sources(spec.steps) if name not in self.tables)

    def dataset(self, name: str) -> DatasetSpec:
        return next(d for d in self.datasets if d.name == name)
