"""The one thing that travels between rooms.

Records, what is known of them, and where they came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from .metadata import DatasetSpec

EDGES = {
    "row": "int64",
    "source": "category",
    "source_row": "int64",
    "source_column": "category",
    "verb": "category",
    "branch": "int64",
}
UNDEFINED = {"row": "int64", "variable": "str", "reason": "str"}

LEFT_OUT = {"source": "str", "source_row": "int64", "reason": "str"}


def nothing_undefined() -> pd.DataFrame:
    """No record of UNDEFINED."""
    return pd.DataFrame(columns=list(UNDEFINED)).astype(UNDEFINED)


def nothing_left_out() -> pd.DataFrame:
    """No record of LEFT_OUT."""
    return pd.DataFrame(columns=list(LEFT_OUT)).astype(LEFT_OUT)


@dataclass(frozen=True)
class Dataset:
    """A finished dataset.

    spec     what it holds, and how that came about.
    frame    one column per variable of the spec, in its order; index 0..n-1 in key order. Char: str
             (missing: NaN), keys may be categories. Num: float64 or int64; numeric dates of ADaM
             (DATE9., DATETIME20.): datetime64.
    lineage  edges of each row to its parents, columns EDGES:
             row, of this frame;
             source, a raw form or dataset;
             source_row, the index there (line of the raw file, or row of the dataset);
             source_column, where one column of the source became rows (melt), or the record became
             one column (transpose), else missing;
             verb, take for the record that became this row (several after a summary), join for one
             that was looked up;
             branch, of a stack, counted from 0, that the row came by; -1 for edges that do not
             belong to one.
    undefined  cells without a value because a calculation has none, as a division by zero: row of
             this frame, variable or working column, and why; columns UNDEFINED.
    left_out  records of sources that are not in it because their condition has no value: source,
             index there, and why; columns LEFT_OUT.
    """

    spec: DatasetSpec
    frame: pd.DataFrame
    lineage: pd.DataFrame
    undefined: pd.DataFrame = field(default_factory=nothing_undefined)
    left_out: pd.DataFrame = field(default_factory=nothing_left_out)

    @property
    def name(self) -> str:
        return self.spec.name
