"""Tables of a study: rows that stand in the specs themselves, in YAML or in a CSV file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from ..text import suggest, value_text
from .csv_table import CsvRow, csv_rows
from .document import NUMBER, Document, Path_, plain
from .frozen import Frozen, Name, Scalar
from .steps import Stack, Step, Take
from .table_steps import TableFile, TableOf, Values

Cell = Scalar | None
CSV_FILE = re.compile(r"[\w-][\w .-]*\.csv", re.IGNORECASE)  # one name, and no folder
ROWS = "should be a list of rows, each with its values by column"


class StudyTable(Frozen):
    """Rows of the specs, which datasets read as they read a form.

    columns: values by column, as many as there are rows; None where there is none. Without columns
    something is wrong with the table, which is told where it stands.
    lines: of its rows, in the file.
    """

    name: Name
    file: Path = Field(exclude=True)
    columns: dict[Name, tuple[Cell, ...]] = {}
    lines: tuple[int, ...] = Field(default=(), exclude=True, repr=False)

    def holds_numbers(self, column: Name) -> bool:
        """Whether there is no text in a column."""
        return not any(isinstance(value, str) for value in self.columns[column])


@dataclass
class TableReader:
    """Reads tables; what does not fit becomes a problem of the file that it stands in.

    head       study.yaml
    documents  the CSV files that were read
    tables     what was read, by name
    """

    head: Document
    documents: list[Document] = field(default_factory=list)
    tables: dict[Name, StudyTable] = field(default_factory=dict)

    def read(self, name: Name, given: Sequence[Any] | TableFile) -> None:
        """A table of study.yaml: its rows, or the file that holds them."""
        path = ("tables", name)
        if isinstance(given, TableFile):
            self.read_file(name, given.file, self.head, (*path, "file"))
        else:
            self.read_rows(name, given, self.head, path)

    def read_rows(self, name: Name, rows: Any, document: Document, path: Path_) -> None:
        """A table whose rows stand in a YAML file, at this path."""
        before = len(document.problems)
        found = list(_literal(rows, document, path))
        if not found and len(document.problems) == before:
            document.complain(path, "has no rows")
        columns = _columns(found)
        for number, column, reason in _mixed(columns):
            document.complain((*path, number, column), reason)
        lines = tuple(document.line((*path, number)) for number in range(len(found)))
        if len(document.problems) > before:
            columns, lines = {}, ()
        self.tables[name] = StudyTable(name=name, file=document.file, columns=columns, lines=lines)

    def read_file(self, name: Name, file: str, document: Document, path: Path_) -> None:
        """A table in a CSV file beside study.yaml; it is named at this path."""
        place = self.head.file.parent / file
        self.tables[name] = StudyTable(name=name, file=place)
        if not CSV_FILE.fullmatch(file):
            document.complain(path, f"{file} is not the name of a CSV file beside study.yaml")
        elif not place.is_file():
            document.complain(path, f"there is no file {file} beside study.yaml")
        else:
            own = Document(place)
            if place not in [known.file for known in self.documents]:
                self.documents.append(own)  # what is wrong with a file is told once
            self.tables[name] = _of_csv(name, own, csv_rows(own))

    # ------------------------------------------------------------ rows of a dataset
    def with_takes(
        self, steps: Sequence[Step], document: Document, dataset: Name, path: Path_ = ("rows",)
    ) -> tuple[Step, ...]:
        """Row steps in which each `values` is the take of a table, which is read.

        Args:
            steps: the row steps of a dataset, or of a branch.
            document: in which they stand, at the path.
            dataset: its name, of which that of a table is made.
        """
        found: list[Step] = []
        for number, step in enumerate(steps):
            here = (*path, number)
            if isinstance(step, Values):
                name = self._read_values(step, document, dataset, (*here, "values"))
                found.append(Take(take=name))
            elif isinstance(step, Stack):
                found.append(self._stack(step, document, dataset, (*here, "stack")))
            else:
                found.append(step)
        return tuple(found)

    def _stack(self, step: Stack, document: Document, dataset: Name, path: Path_) -> Stack:
        branches = []
        for number, branch in enumerate(step.stack):
            branches.append(self.with_takes(branch, document, dataset, (*path, number)))
        return step.model_copy(update={"stack": tuple(branches)})

    def _read_values(self, step: Values, document: Document, dataset: Name, path: Path_) -> Name:
        """The name of the table that a step takes."""
        given, name = step.values, self._new_name(f"{dataset}.values")
        if not isinstance(given, TableOf):
            self.read_rows(name, given, document, path)
            return name
        if given.file:
            self.read_file(given.file, given.file, document, (*path, "file"))
            return given.file
        if given.fact:
            return self._read_fact(given.fact, document, (*path, "fact"))
        if given.table in self.tables:
            return given.table
        near = suggest(given.table, self.tables)
        document.complain((*path, "table"), f"there is no table {given.table}{near}")
        self.tables[name] = StudyTable(name=name, file=document.file)
        return name

    def _new_name(self, name: Name) -> Name:
        """The name, with a number behind where it is taken."""
        number, free = 1, name
        while free in self.tables:
            number += 1
            free = f"{name}.{number}"
        return free

    def _read_fact(self, fact: Name, document: Document, path: Path_) -> Name:
        name = f"facts.{fact}"
        facts = (self.head.data or {}).get("facts") or {}
        if name in self.tables:
            return name
        self.tables[name] = StudyTable(name=name, file=self.head.file)
        if fact not in facts:
            document.complain(path, f"there is no fact {fact}{suggest(fact, facts)}")
        elif not isinstance(facts[fact], list):
            document.complain(path, f"the fact {fact} {ROWS}")
        else:
            self.read_rows(name, facts[fact], self.head, ("facts", fact))
        return name


# ---------------------------------------------------------------- rows in YAML
def _literal(rows: Any, document: Document, path: Path_) -> Iterator[dict[Name, Cell]]:
    if not isinstance(rows, list | tuple):
        document.complain(path, ROWS)
        return
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or not row:
            document.complain((*path, number), "should be values by column")
            continue
        for column, value in row.items():
            if isinstance(value, bool):
                word = str(value).lower()
                reason = f"{word} is yes or no, not a value: quote it if the text is meant"
                document.complain((*path, number, column), reason)
            elif not isinstance(value, str | int | float | None):
                document.complain((*path, number, column), "should be text or a number")
        yield {str(column): _filled(value) for column, value in row.items()}


def _filled(value: Cell) -> Cell:
    """The value; empty text is none."""
    if value == "":
        return None
    return value


def _columns(rows: Sequence[Mapping[Name, Cell]]) -> dict[Name, tuple[Cell, ...]]:
    """Values by column, in the order in which columns first come up."""
    names: dict[Name, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
    columns = {}
    for name in names:
        columns[name] = tuple(row.get(name) for row in rows)
    return columns


def _mixed(columns: Mapping[Name, Sequence[Cell]]) -> Iterator[tuple[int, Name, str]]:
    """Numbers in columns of text: row, column and what is wrong."""
    for name, values in columns.items():
        texts = [number for number, value in enumerate(values, 1) if isinstance(value, str)]
        if not texts:
            continue
        for number, value in enumerate(values):
            if isinstance(value, int | float):
                reason = f"is a number, and {name} of row {texts[0]} is text: quote it"
                yield number, name, reason


# ---------------------------------------------------------------- rows of a CSV file
def _of_csv(name: Name, document: Document, rows: Sequence[CsvRow]) -> StudyTable:
    """The table; a column holds numbers where each filled cell is one and reads as one is written.

    In `1.50`, or with more digits than a number keeps, the text says more than its number.
    """
    if document.problems:
        return StudyTable(name=name, file=document.file)
    columns = {}
    for column, texts in _columns([row.cells for row in rows]).items():
        columns[column] = texts
        numbers = tuple(_number(text) for text in texts)
        if _read_alike(numbers, texts):
            columns[column] = numbers
    lines = tuple(row.line for row in rows)
    return StudyTable(name=name, file=document.file, columns=columns, lines=lines)


def _number(text: Cell) -> Cell:
    """The number that a text says, the text itself if it says none; no text is none."""
    if text is None or not NUMBER.fullmatch(str(text)):
        return text
    value = plain(str(text))
    if isinstance(value, int | float):
        return float(value)
    return text


def _read_alike(numbers: Sequence[Cell], texts: Sequence[Cell]) -> bool:
    """Whether all are numbers and nothing of their texts is lost."""
    for number, text in zip(numbers, texts, strict=True):
        if text is None:
            continue
        if isinstance(number, str) or value_text(number) != text:
            return False
    return True
