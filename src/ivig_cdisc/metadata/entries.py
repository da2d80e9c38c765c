"""A YAML file that is a list: each entry as a frozen model that knows its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from . import document as yaml_file
from .document import Document, Path_
from .frozen import Entry, Frozen, Place
from .shape import shape

Kind = TypeVar("Kind", bound=Frozen)


def entries(file: Path, kind: type[Kind], what: str) -> tuple[dict[int, Kind], Document]:
    """The entries that fit their model, by number, and the file with what is wrong with others.

    No file, or nothing but comments, is no entry. The model has a field `place`.
    """
    document = Document(file)
    if file.is_file():
        document = yaml_file.read(file)
    found: dict[int, Kind] = {}
    if document.data is None:
        return found, document
    if not isinstance(document.data, list):
        document.complain((), f"should be a list of {what}")
        return found, document
    for i, given in enumerate(document.data):
        entry = shape(document, kind, _placed(document, i, given, kind), (i,))
        if entry is not None:
            found[i] = entry
    return found, document


def _placed(document: Document, i: int, given: Any, kind: type[Frozen]) -> Any:
    """Data of an entry with its place; what is not a mapping is left for the model to refuse."""
    if not isinstance(given, dict):
        return given
    known: dict[str, Any] = {"place": Place(file=document.file, line=document.line((i,)))}
    if issubclass(kind, Entry):
        known["lines"] = _lines(document, i)
    for word in known:
        if word in given:
            document.complain((i, word), "is not a word of the spec language")
    return {**given, **known}


def _lines(document: Document, i: int) -> dict[Path_, int]:
    """The lines of an entry and of all that is in it, by the paths within it."""
    lines = {}
    for path, line in document.lines.items():
        if path[:1] == (i,):
            lines[path[1:]] = line
    return lines
