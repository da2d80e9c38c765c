"""Literal tables for the tests of the kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ivig_cdisc.engine import row_parents
from ivig_cdisc.engine.rows import Rows


def table(text: str, numbers: Sequence[str] = (), categories: Sequence[str] = ()) -> pd.DataFrame:
    """A frame from lines of words: the first line names the columns, the first word of each other line is the index.

    A point is a missing value. Columns are text, but for numbers and categories.
    """
    head, *lines = text.strip().splitlines()
    names = head.split()
    cells = [line.split() for line in lines]
    values = [[np.nan if cell == "." else cell for cell in line[1:]] for line in cells]
    index = pd.Index([int(line[0]) for line in cells], dtype="int64")
    frame = pd.DataFrame(values, index=index, columns=names, dtype="str")
    kinds = {**dict.fromkeys(numbers, "float64"), **dict.fromkeys(categories, "category")}
    return frame.astype(kinds)


def rows(frame: pd.DataFrame, source: str = "form") -> Rows:
    """Records just taken from a source."""
    return Rows(frame, row_parents.edges(frame.index, source, frame.index, "take"))


def edges(known: pd.DataFrame) -> list[str]:
    """Each edge as `row verb source source_row [column]`, in the order of rows."""
    columns = known["source_column"].astype("object")
    column = np.where(columns.notna(), " " + columns.astype("str"), "")
    text = (
        known["row"].astype("str")
        + " "
        + known["verb"].astype("str")
        + " "
        + known["source"].astype("str")
    )
    text = text + " " + known["source_row"].astype("str") + column
    return text[known["row"].sort_values(kind="stable").index].tolist()


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame as text and numbers, without what only the kernel looks at."""
    shown = frame
    text = [name for name in shown if not pd.api.types.is_numeric_dtype(shown[name])]
    return shown.astype(
        {**dict.fromkeys(text, "str"), **dict.fromkeys(set(shown) - set(text), "float64")}
    )


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Both frames hold the same cells in the same rows; the order of columns is settled at the very end."""
    one, two = plain(found), plain(expected)
    assert sorted(one.columns) == sorted(two.columns)
    pd.testing.assert_frame_equal(
        one[two.columns], two, check_index_type=False, check_column_type=False
    )
