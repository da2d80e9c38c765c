"""One YAML file as plain data, with the line of every entry.

Scalars are read by what they look like and nothing else: `12` and `0.5` are numbers, `true` and `false` booleans, an
empty value or `null` is None, all the rest is text. So `NO` is a country, `012` a code and `2018-01-01` a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Problem

Path_ = tuple[str | int, ...]
Plain = str | int | float | bool | None
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Document:
    """The data of one YAML file, the line of each path in it, and what is wrong with it."""

    file: Path
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path_) -> int:
        """Line of the entry, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def complain(self, path: Path_, reason: str) -> None:
        shown = ".".join(map(str, path)) or "(document)"
        self.problems.append(Problem(self.file, self.line(path), shown, reason))


def read(file: Path) -> Document:
    """Read one YAML file; a syntax error or a repeated key becomes a problem of the document."""
    document = Document(file)
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        document.complain((), f"is not UTF-8 text: {error.reason} at byte {error.start}")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        document.lines[()] = mark.line + 1 if mark else 1
        document.complain((), f"is not valid YAML: {getattr(error, 'problem', None) or error}")
    else:
        document.data = _construct(root, (), document) if root is not None else None
    return document


def _construct(node: yaml.Node, path: Path_, document: Document) -> Any:
    document.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    return [_construct(item, (*path, i), document) for i, item in enumerate(node.value)]


def _mapping(node: yaml.MappingNode, path: Path_, document: Document) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            document.complain(path, f"line {key.start_mark.line + 1}: a key must be a word")
            continue
        inner = (*path, key.value)
        if key.value in data:
            document.lines[inner] = key.start_mark.line + 1
            document.complain(inner, "stands twice")
            continue
        data[key.value] = _construct(value, inner, document)
        document.lines[inner] = key.start_mark.line + 1
    return data


def _scalar(node: yaml.ScalarNode) -> Plain:
    text = str(node.value)
    return text if node.style in ("'", '"', "|", ">") else plain(text)


def plain(text: str) -> Plain:
    """What a scalar without quotes is read as."""
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)
