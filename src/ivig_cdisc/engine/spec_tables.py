"""Tables of the specs as frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from ..metadata import StudyTable
from ..text import value_text


def as_frame(table: StudyTable) -> pd.DataFrame:
    """The rows of a table.

    Args:
        table: as the specs have it.

    Returns:
        Columns of numbers or text; what is not filled is missing. The index is the number of the
        row, from 1.
    """
    index = pd.RangeIndex(1, len(table.lines) + 1)
    columns = {}
    for name, values in table.columns.items():
        kind = "str"
        if table.holds_numbers(name):
            kind = "float64"
        columns[name] = pd.Series(list(values), index=index, dtype=kind)
    return pd.DataFrame(columns, index=index)


def repeated_keys(table: StudyTable, keys: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Rows that no lookup can tell apart: line and reason.

    Args:
        table: as the specs have it.
        keys: the columns of a lookup; without one of these nothing is told.

    Returns:
        Each row with the key of one before it, or with a missing part of the key.
    """
    if not set(keys) <= set(table.columns):
        return
    known: dict[tuple[str, ...], int] = {}
    cells = zip(*(table.columns[key] for key in keys), strict=True)
    for number, (line, values) in enumerate(zip(table.lines, cells, strict=True), 1):
        missing = [key for key, value in zip(keys, values, strict=True) if value is None]
        if missing:
            yield line, f"{missing[0]} is missing, by which the table is looked up"
            continue
        texts = tuple(value_text(value) for value in values)
        first = known.setdefault(texts, number)
        if first != number:
            same = ", ".join(f"{key} {text}" for key, text in zip(keys, texts, strict=True))
            yield line, f"{same} is a duplicate of row {first}, and is looked up"
