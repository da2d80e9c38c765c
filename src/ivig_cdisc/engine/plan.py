"""What there is to do for one dataset, in order, as it is known before any data are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from ..metadata import DatasetSpec, Step, StudyTable, Wiring

SpecPath = tuple[str | int, ...]  # of an entry in the dataset's file
SourceColumn = tuple[str, str]  # a form or dataset, and a column of it
Origins = dict[str, tuple[SourceColumn, ...]]  # of each column


@dataclass(frozen=True)
class RowStep:
    """Carry out a row verb.

    path: where it stands in the dataset's file.
    """

    step: Step
    path: SpecPath


@dataclass(frozen=True)
class Column:
    """Derive one column."""

    name: str
    wiring: Wiring


@dataclass(frozen=True)
class Sort:
    """Put the rows in key order."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """One dataset's work in order, and which source columns each column was made of.

    spec      the dataset.
    work      row steps and columns in the order in which they are carried out.
    origins   of each column that there is at the end, the source columns it was made of.
    branches  the same for the rows of each branch of a stack.
    read      source columns that decide about rows.
    carried   of the origins those that give a part of the value.
    tables    the tables of the study, by name; rows may be taken of them.
    """

    spec: DatasetSpec
    work: tuple[RowStep | Column | Sort, ...]
    origins: Origins
    branches: tuple[Origins, ...] = ()
    read: frozenset[SourceColumn] = frozenset()
    carried: Origins = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict, compare=False)

    @property
    def wirings(self) -> dict[str, Wiring]:
        """How each derived column gets its values."""
        return wirings(self.spec)


@dataclass(frozen=True)
class Source:
    """What a plan may take from.

    columns  what it has.
    key      what makes a record unique.
    values   of columns that hold nothing else.
    per_subject  whether each record is of a subject.
    table    the table that it is, if it is one.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    values: Mapping[str, Collection[str]] = field(default_factory=dict)
    per_subject: bool = True
    table: StudyTable | None = None


def wirings(spec: DatasetSpec) -> dict[str, Wiring]:
    """How each derived column of a dataset gets its values: working columns, then variables."""
    found = dict(spec.working)
    for variable in spec.variables:
        found[variable.name] = variable.wiring
    return found
