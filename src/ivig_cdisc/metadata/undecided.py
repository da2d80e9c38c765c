"""What a draft leaves open: values that say TO DECIDE.

The study can be converted, and each of them is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import Problem
from .document import Document, Path_, shown

OPEN = "TO DECIDE"


def is_open(value: Any) -> bool:
    """Whether a constant is one that nobody has decided yet: a dataset has no value for it.

    Args:
        value: of a wiring, as the specs have it.

    Returns:
        True for TO DECIDE and nothing else.
    """
    return bool(value == OPEN)


def undecided(document: Document) -> list[Problem]:
    """A warning for each value of a file, however deep it stands, that is still to be decided."""
    file, reason = document.file, f"still says {OPEN}"
    found = []
    for path in _places(document.data, ()):
        line = document.line(path)
        found.append(Problem(file, line, shown(path), reason, severity="warning"))
    return found


def _places(data: Any, path: Path_) -> Iterator[Path_]:
    if isinstance(data, str) and OPEN in data:
        yield path
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _places(value, (*path, name))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _places(value, (*path, i))
