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
    """Whether a constant is one that nobody has decided yet: a dataset has no value for it."""
    return bool(value == OPEN)


def undecided(document: Document) -> list[Problem]:
    """A warning for each value of a file, however deep it stands, that is still to be decided."""
    return [
        Problem(
            document.file,
            document.line(path),
            shown(path),
            f"still says {OPEN}",
            severity="warning",
        )
        for path in _places(document.data, ())
    ]


def _places(data: Any, path: Path_) -> Iterator[Path_]:
    if isinstance(data, str) and OPEN in data:
        yield path
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _places(value, (*path, name))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _places(value, (*path, i))
