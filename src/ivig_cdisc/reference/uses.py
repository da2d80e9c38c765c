"""Where the bundled studies use something, as the example of how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..metadata import on_one_line, specs_root
from ..metadata.document import Document, Path_, read
from .entries import CHECKED, DATASETS, METHODS, ROWS, SHAPES, VARIABLES, Entry

WIDEST = 110  # characters of an example
WORDS = {CHECKED: "check", METHODS: "method"}  # under which something is named; else derive


@dataclass(frozen=True)
class Use:
    """A piece of YAML, and where it stands: the file as seen from specs/, and its line."""

    text: str
    file: str
    line: int


def use(entry: Entry) -> Use | None:
    """A use of an entry in the bundled specs: the one that shows the most within one line.

    Args:
        entry: of the reference.

    Returns:
        The use; None where the bundled specs have none.
    """
    if entry.family in (DATASETS, SHAPES):
        return None
    found = []
    for document in _documents():
        for path, data in _matching(document.data, (), entry):
            text = on_one_line(data)
            found.append(Use(text, _file(document), document.line(path)))
    if not found:
        return None
    return min(found, key=_preference)


def _preference(one: Use) -> tuple[bool, int, str, int]:
    """The longest of those that fit; else the shortest."""
    length = len(one.text)
    if length <= WIDEST:
        return False, -length, one.file, one.line
    return True, length, one.file, one.line


@cache
def _documents() -> tuple[Document, ...]:
    folders = (specs_root() / "study", specs_root() / "rules")
    files: list[Any] = []
    for folder in folders:
        files += sorted(folder.rglob("*.yaml"))
    return tuple(read(file) for file in files)


def _file(document: Document) -> str:
    return document.file.relative_to(specs_root()).as_posix()


def _matching(data: Any, path: Path_, entry: Entry) -> Iterator[tuple[Path_, Any]]:
    """The parts of a document that use the entry, each as it is to be shown."""
    if isinstance(data, list):
        for i, item in enumerate(data):
            yield from _matching(item, (*path, i), entry)
    if not isinstance(data, dict):
        return
    if _uses(data, path, entry):
        yield path, _shown(data, path)
    for key, value in data.items():
        yield from _matching(value, (*path, key), entry)


def _uses(data: dict[str, Any], path: Path_, entry: Entry) -> bool:
    if entry.family == ROWS:
        return entry.name in data and "rows" in path and isinstance(path[-1], int)
    if entry.family == VARIABLES:
        return entry.name in data and path[-2:-1] in (("variables",), ("working",))
    return data.get(WORDS.get(entry.family, "derive")) == entry.name


def _shown(data: dict[str, Any], path: Path_) -> dict[str, Any]:
    """A wiring with the name of its variable, anything else as it is."""
    if path and isinstance(path[-1], str):
        return {path[-1]: data}
    return data
