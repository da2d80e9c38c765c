"""What a study's results are: who is analysed, which records, by which method (results/*.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from .document import Document
from .entries import entries
from .frozen import Entry, Frozen, Name, Where

PRIMARY = "PRIMARY OUTCOME MEASURE"
Reason = Literal[
    "",
    "SPECIFIED IN PROTOCOL",
    "SPECIFIED IN SAP",
    "DATA DRIVEN",
    "REQUESTED BY REGULATORY AGENCY",
]
Purpose = Literal[
    "", "PRIMARY OUTCOME MEASURE", "SECONDARY OUTCOME MEASURE", "EXPLORATORY OUTCOME MEASURE"
]


class Selection(Frozen):
    """Records of one dataset: those that fit `where`.

    take: the dataset.
    where: the values of variables, or present or absent; otherwise all records.
    """

    take: Name
    where: Where = {}


class Analysis(Entry):
    """One result: a method over the records of a set of subjects.

    id: of the result.
    title: as it is shown.
    set: whose subjects are analysed.
    data: the records of the outcome; otherwise those of the set.
    method: how the result is calculated.
    event: which of the records are an event.
    value: the variable that is analysed, as the time to an event.
    by: variables of the set; there is a result for each of their values.
    reason: in the words of the Analysis Results Metadata of Define-XML.
    purpose: in the words of the Analysis Results Metadata of Define-XML.
    order: the place in the closing summary; without it, or with 0, it has none.
    follow: the variables of the records whose changes `diff` explains.
    """

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    set: Selection
    data: Selection | None = None
    method: str
    event: Where
    value: Name = ""
    by: tuple[Name, ...] = ()
    reason: Reason = ""
    purpose: Purpose = ""
    order: int = 0
    follow: tuple[Name, ...] = ()

    @property
    def records(self) -> Selection:
        """The records that hold the outcome."""
        return self.data or self.set


def read_analyses(folder: Path) -> tuple[tuple[Analysis, ...], list[Document]]:
    """All analyses of a study in order of files and entries, and the files with what is wrong."""
    found: dict[str, Analysis] = {}
    documents: list[Document] = []
    for file in sorted((folder / "results").glob("*.yaml")):
        listed, document = entries(file, Analysis, "results")
        documents.append(document)
        for i, analysis in listed.items():
            known = found.setdefault(analysis.id, analysis)
            if known is not analysis:
                place = f"{known.place.file.name}:{known.place.line}"
                document.complain((i, "id"), f"duplicate: {analysis.id} is also in {place}")
    return tuple(found.values()), documents
