"""One YAML file as plain data, with the line of every entry.

Scalars are read by what they look like and nothing else: `12` and `0.5` are numbers, `true` and
`false` booleans, an empty value or `null` is None, all the rest is text. So `NO` is a country,
`012` a code and `2018-01-01` a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Problem
from .syntax import UnreadableError, composed

Path_ = tuple[str | int, ...]
Plain = str | int | float | bool | None
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
BLANKLESS = re.compile(r":[{\[]")  # in a key: what should have been its value
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
QUOTED = ("'", '"', "|", ">")  # styles of a scalar that is text, whatever it looks like
LONGEST = 300  # digits of a whole number; what has more is text
BYTES = 2_000_000  # of a file
ENTRIES = 100_000  # of a file, what aliases repeat included


@dataclass
class Document:
    """The data of one YAML file, the line of each path in it, and what is wrong with it.

    wrong  the paths of its problems.
    """

    file: Path
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    # where the text of a scalar begins that is on one line and stands there as it is read
    columns: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    wrong: list[Path_] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Line of the entry, or of the nearest one around it."""
        return nearest_line(self.lines, path, 1)

    def column(self, path: Path_, character: int) -> int:
        """Column of a character of a text, counted from 1; 0 where it is not known."""
        if path not in self.columns:
            return 0
        return self.columns[path] + character - 1

    def complain(self, path: Path_, reason: str, *, line: int = 0, column: int = 0) -> None:
        """Note a problem, at the line of the entry unless another is given."""
        self.wrong.append(path)
        self.problems.append(
            Problem(self.file, line or self.line(path), shown(path), reason, column)
        )


def nearest_line(lines: Mapping[Path_, int], path: Path_, otherwise: int) -> int:
    """Line of an entry, or of the nearest one around it; `otherwise` where none has a line."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, otherwise)


def shown(path: Path_) -> str:
    """A path as people count: the first of a list is 1.

    Args:
        path: names of entries, and numbers of items from 0.

    Returns:
        The parts with points between, as rows.1.take; `(document)` for the document itself.
    """
    parts = []
    for part in path:
        if isinstance(part, int):
            parts.append(str(part + 1))
        else:
            parts.append(part)
    return ".".join(parts) or "(document)"


def read(file: Path) -> Document:
    """Read one YAML file.

    What is no YAML, is too large or a repeated key becomes a problem of the document.
    """
    document = Document(file)
    try:
        root = composed(_text(file))
        if root is not None:
            document.data = _Construction(document).of(root, ())
    except UnreadableError as error:
        document.lines[()], document.data = error.line, None
        document.complain((), str(error), line=error.line, column=error.column)
    return document


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > BYTES:
            raise UnreadableError(f"is larger than {BYTES // 1_000_000} MB, which no spec is")
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        before = error.object[: error.start].rpartition(b"\n")[2]
        reason = f"is not UTF-8 text after {len(before)} byte(s) of this line; save it as UTF-8"
        raise UnreadableError(reason, line) from error


@dataclass
class _Construction:
    """Makes data of nodes, and counts them."""

    document: Document
    count: int = 0
    # collections that are being made, to see those that hold themselves
    open: set[int] = field(default_factory=set)

    def of(self, node: yaml.Node, path: Path_) -> Any:
        line = node.start_mark.line + 1
        self.count += 1
        if self.count > ENTRIES:
            raise UnreadableError(
                f"has more than {ENTRIES} entries, aliases (*) counted as often as they stand", line
            )
        self.document.lines[path] = line
        if isinstance(node, yaml.ScalarNode):
            _note_column(self.document, path, node)
            return scalar(node)
        if id(node) in self.open:
            raise UnreadableError("an alias (*) stands inside of what it stands for", line)
        self.open.add(id(node))
        data = self._collection(node, path)
        self.open.remove(id(node))
        return data

    def _collection(self, node: yaml.Node, path: Path_) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        return self._list(node, path)

    def _list(self, node: yaml.Node, path: Path_) -> list[Any]:
        return [self.of(item, (*path, i)) for i, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if not isinstance(key, yaml.ScalarNode):
                self.document.complain(path, "a key must be a word", line=line, column=column)
            elif key.value == "<<" and key.style not in ("'", '"'):
                reason = "<< (merge) is not a word of the spec language; write the entries out"
                self.document.complain(path, reason, line=line, column=column)
            elif BLANKLESS.search(key.value) and key.style not in ("'", '"'):
                name = key.value.partition(":")[0]
                data[name] = None
                self.document.lines[(*path, name)] = line
                reason = "a blank is missing after the colon"
                self.document.complain((*path, name), reason, line=line, column=column)
            elif not key.value:
                reason = "an entry has no name before its colon"
                self.document.complain(path, reason, line=line, column=column)
            elif key.value in data:
                self.document.complain(
                    (*path, key.value), "is a duplicate", line=line, column=column
                )
            else:
                data[key.value] = self.of(value, (*path, key.value))
                self.document.lines[(*path, key.value)] = line
        return data


def _note_column(document: Document, path: Path_, node: yaml.ScalarNode) -> None:
    """Where the text of a scalar begins, if each of its characters has a column of its own."""
    begin, end = node.start_mark, node.end_mark
    quotes = 2 * (node.style in ("'", '"'))
    as_it_is = end.column - begin.column == len(str(node.value)) + quotes
    if begin.line == end.line and as_it_is:
        document.columns[path] = begin.column + 1 + quotes // 2


def scalar(node: yaml.ScalarNode) -> Plain:
    """What a scalar is read as: text where it is quoted."""
    text = str(node.value)
    if node.style in QUOTED:
        return text
    return plain(text)


def plain(text: str) -> Plain:
    """What a scalar without quotes is read as."""
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text
    if "." not in text and len(text) <= LONGEST:
        return int(text)
    if "." in text and math.isfinite(float(text)):
        return float(text)
    return text
