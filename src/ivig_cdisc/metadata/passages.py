"""What a study adds to the narrative of a subject: the passages of its narrative.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from ..text import suggest
from .document import Document, Path_
from .entries import entries
from .frozen import Entry, Frozen, Name, Where
from .keeping import Known
from .model import DatasetSpec
from .resolve import dataset
from .sentences import Sentence, names, parsed
from .source import DatasetSource, VariableSource
from .steps import Step, Take
from .terminology import Terminology

SUBJECT = "USUBJID"
General = Literal[
    "subject",
    "sets",
    "consent",
    "treatment",
    "end",
    "doses",
    "windows",
    "outside",
    "times",
    "ages",
    "event dates",
    "events",
    "findings",
]
GENERAL: tuple[str, ...] = General.__args__  # type: ignore[attr-defined]
WITH_RECORDS = ("windows", "outside")  # these speak of the records of one dataset


def _as_list(says: Any) -> Any:
    if isinstance(says, str):
        return [says]
    return says


class Listed(Frozen):
    """Records of another dataset that belong to a record, as one list in its sentence.

    take: the dataset.
    on: variables that both have.
    where: which of its records.
    order: variables that order them; -X descends.
    says: of each record the first sentence whose values are all known.
    """

    take: Name
    on: tuple[Name, ...]
    where: Where = {}
    order: tuple[Name, ...] = ()
    says: tuple[Sentence, ...]

    @field_validator("says", mode="before")
    @classmethod
    def _one_or_several(cls, says: Any) -> Any:
        return _as_list(says)


class Table(Frozen):
    """The records of a passage as a table, beside their sentences.

    columns: by heading what stands below it.
    codes: a variable, and the terms whose keys it has: each has a row, with or without a record.
    names: a variable, and the table whose row of that code gives its value without a record.
    missing: what is said of a row without a record.
    """

    columns: dict[str, Sentence] = Field(min_length=1)
    codes: dict[Name, str] = Field(default={}, max_length=1)
    names: dict[Name, str] = {}
    missing: Sentence = ""


class PassageSource(Entry):
    """One passage of a subject's narrative.

    section: its title; with values, a section for each value of `by`.
    general: a passage that knows names of CDISC only.
    take: the dataset whose records are told; or rows.
    rows: steps that make the records.
    working: columns of the records, on the way.
    where: which of the records that are made so.
    by: the variable whose values have sections of their own, in order.
    order: variables that order the records, -X descends; otherwise as the dataset has them.
    lists: records of other datasets, each as a list in the sentence.
    table: the records as a table, beside their sentences.
    says: of each record the first sentence whose values are all known.
    none: what is said where there is no record.
    lead: whether its first sentence is the narrative in one sentence.
    """

    section: Sentence
    general: General | None = None
    take: Name = ""
    rows: tuple[Step, ...] = ()
    working: dict[Name, VariableSource] = {}
    where: Where = {}
    by: Name = ""
    order: tuple[Name, ...] = ()
    lists: dict[Name, Listed] = {}
    table: Table | None = None
    says: tuple[Sentence, ...] = ()
    none: Sentence = ""
    lead: bool = False

    @field_validator("says", mode="before")
    @classmethod
    def _one_or_several(cls, says: Any) -> Any:
        return _as_list(says)

    @model_validator(mode="after")
    def _is_whole(self) -> PassageSource:
        if self.take and self.rows:
            raise ValueError("has take and rows; rows begin with a take of their own")
        reads = bool(self.take or self.rows)
        if self.general:
            self._check_general(reads=reads)
        elif not (reads and self.says):
            raise ValueError("needs general, or take (or rows) and says")
        return self

    def _check_general(self, *, reads: bool) -> None:
        """A general passage knows what it says; only some are told what they read."""
        if reads and self.general not in WITH_RECORDS:
            raise ValueError(f"general: {self.general} reads what it needs by itself")
        if not reads and self.general in WITH_RECORDS:
            raise ValueError(f"general: {self.general} needs a take")
        if not reads and any(names(parsed(self.section))):
            raise ValueError(f"general: {self.general} has no values for the title")
        if self.says or self.table or self.none:
            raise ValueError(f"general: {self.general} says what it has to say by itself")


class Passage(PassageSource):
    """What is said of some records of a subject.

    spec: the records, as an internal dataset of the steps and working columns; None where there are
    none to read.
    """

    spec: DatasetSpec | None = None


def read_narrative(
    folder: Path, terminology: Terminology, known: Known
) -> tuple[tuple[Passage, ...] | None, Document]:
    """The passages of a study in their order, None where narrative.yaml has none; and that file."""
    file = folder / "narrative.yaml"
    listed, document = entries(file, PassageSource, "passages")
    if not listed:
        return None, document
    passages = []
    for i, source in listed.items():
        passages.append(_passage(document, i, source, terminology, known))
    return tuple(passages), document


def _passage(
    document: Document, i: int, source: PassageSource, terminology: Terminology, known: Known
) -> Passage:
    if source.table:
        for complaint in _of_table(source.table, terminology, known):
            document.complain((i, "table"), complaint)
    return Passage.model_construct(
        **dict(source), spec=_spec(document, i, source, terminology, known)
    )


def _of_table(table: Table, terminology: Terminology, known: Known) -> Iterator[str]:
    """What the table of a passage names and the study has not."""
    for name in table.codes.values():
        if name not in terminology.terms:
            yield f"there are no terms {name}{suggest(name, terminology.terms)}"
    tables = known.tables.tables
    for variable, name in table.names.items():
        if name not in tables:
            yield f"there is no table {name}{suggest(name, tables)}"
            continue
        for column in (*table.codes, variable):
            columns = tables[name].columns
            if column not in columns:
                yield f"the table {name} has no column {column}{suggest(column, columns)}"


def _spec(
    document: Document, i: int, source: PassageSource, terminology: Terminology, known: Known
) -> DatasetSpec | None:
    """The records of a passage as an internal dataset; what is wrong is told of the entry."""
    rows = source.rows
    if source.take:
        rows = (Take(take=source.take),)
    if not rows:
        return None
    part = _entry(document, i, source)
    given = DatasetSource(
        dataset=str(i + 1),
        internal=True,
        rows=rows,
        variables={SUBJECT: VariableSource(), **source.working},
    )
    spec = dataset(part, given, "ADaM", {}, terminology, known)
    for problem in part.problems:
        word, *rest = problem.path.split(".")
        if word == "variables":
            word = "working"
        path: Path_ = (i, word, *rest)
        document.complain(path, problem.reason, line=problem.line)
    return spec.model_copy(update={"place": source.place})


def _entry(document: Document, i: int, source: PassageSource) -> Document:
    """One entry as a document of its own; working columns stand where a dataset has variables."""
    lines = dict(source.lines)
    for path, line in source.lines.items():
        if path[:1] == ("working",):
            lines["variables", *path[1:]] = line
    if ("take",) in lines:
        lines["rows", 0] = lines["take",]
    return Document(document.file, document.data[i], lines)
