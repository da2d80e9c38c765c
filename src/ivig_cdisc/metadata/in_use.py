"""What only the records know of a variable.

How long its text is, and how many digits its numbers have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ..text import as_text
from .model import DatasetSpec, Variable


@dataclass(frozen=True)
class InUse:
    """What the values of a variable need.

    length: of the longest text in bytes, or of the longest number in digits with sign and point.
    decimals: the most behind a decimal point (SignificantDigits of Define-XML); 0 for text.
    is_whole: all numbers are whole.
    """

    length: int = 0
    decimals: int = 0
    is_whole: bool = True

    def and_also(self, other: InUse) -> InUse:
        """What the values of two parts of a study need."""
        return InUse(
            max(self.length, other.length),
            max(self.decimals, other.decimals),
            self.is_whole and other.is_whole,
        )

    def data_type(self, variable: Variable) -> str:
        """The DataType of Define-XML.

        Source: Define-XML 2.1, 4.3.1 (Data Types).
        """
        if variable.type == "Char" and variable.iso8601:
            return "datetime"
        if variable.type == "Char":
            return "text"
        if self.is_whole:
            return "integer"
        return "float"


def in_use(spec: DatasetSpec, frame: pd.DataFrame) -> Mapping[str, InUse]:
    """What the values of each variable of a dataset's frame need.

    Args:
        spec: of the dataset.
        frame: its records; missing values need nothing.

    Returns:
        By variable; one that the frame does not have is left out.
    """
    return {v.name: _in_use(frame[v.name], v) for v in spec.variables if v.name in frame}


def _in_use(column: pd.Series, variable: Variable) -> InUse:
    known = column.dropna()
    if known.empty:
        return InUse()
    if variable.type == "Char":
        return InUse(length=max(len(str(text).encode()) for text in known.unique()))
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return InUse(length=variable.length)
    digits = as_text(pd.Series(known.astype("float64").unique()))
    decimals = digits.str.partition(".")[2].str.len()
    most = int(decimals.max())
    return InUse(int(digits.str.len().max()), most, is_whole=most == 0)
