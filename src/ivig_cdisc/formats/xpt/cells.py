"""The cells of a frame as the arrays that can be written.

Text, codes and terms, or numbers of SAS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ...errors import ExportError
from ...metadata import Kind
from ..frames import EPOCH
from .layout import Field

_EXACT = 2**53  # whole numbers beyond it are not all doubles
_DAY = np.timedelta64(1, "D")
_SECOND = np.timedelta64(1, "s")

Made = TypeVar("Made")


def for_each(
    fields: Iterable[Field], frame: pd.DataFrame, make: Callable[[pd.Series, Field], Made]
) -> dict[str, Made]:
    """What `make` gives for the column of each field, by name.

    Raises one ExportError with all problems of all columns, one line per variable; a column that is
    not there is one.
    """
    made, wrong = {}, []
    for field in fields:
        try:
            made[field.variable.name] = make(_column(frame, field), field)
        except ExportError as error:
            wrong.append(f"{field.dataset}.{field.variable.name}: {error}")
    if wrong:
        raise ExportError("\n".join(wrong))
    return made


def _column(frame: pd.DataFrame, field: Field) -> pd.Series:
    if field.variable.name not in frame:
        raise ExportError("the variable has no column")
    return frame[field.variable.name]


def text(column: pd.Series) -> pa.Array:
    """A Char column as one array of large_string, missing as null.

    A category as the array of its terms.

    Raises ExportError where a value is not text.
    """
    values = column
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = column.cat.categories.to_series()
    try:
        found = pa.array(values, pa.large_string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise ExportError(f"the variable is Char, its values are {values.dtype}") from error
    if isinstance(found, pa.ChunkedArray):
        return found.combine_chunks()
    return found


def longest_of(column: pd.Series, values: pa.Array) -> int:
    """Bytes of the longest text in a Char column; 0 if there is none.

    Args:
        column: of text, or of categories, whose terms need not all be there.
        values: the same as an array, or the terms (see `text`).
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = np.unique(column.cat.codes)
        return longest(values.take(pa.array(used[used >= 0])))
    return longest(values)


def longest(values: pa.Array) -> int:
    """Bytes of the longest text; 0 if there is none."""
    return pc.max(pc.binary_length(values)).as_py() or 0


def numbers(column: pd.Series, kind: Kind) -> NDArray[np.float64]:
    """A Num column as SAS counts it, missing as NaN.

    Dates become days and datetimes seconds since 1960, times seconds since midnight; plain numbers
    stay what they are. Raises ExportError where values are not numbers, or are dates and the format
    shows none.
    """
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        raise ExportError(f"values are {column.dtype}, SAS has no time zones")
    if column.dtype.kind in "mM":
        return _since(column.to_numpy(), kind)
    try:
        return column.to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ExportError(f"the variable is Num, its values are {column.dtype}") from error


def beyond_doubles(column: pd.Series) -> NDArray[np.bool_]:
    """Whole numbers of more than 53 bits, which a double would round."""
    if column.dtype.kind not in "iu":
        return np.zeros(len(column), bool)
    return ((column > _EXACT) | (column < -_EXACT)).to_numpy(bool, na_value=False)


def _since(values: NDArray[Any], kind: Kind) -> NDArray[np.float64]:
    """Days or seconds of dates, datetimes, times of day and durations."""
    mismatch = f"values are {values.dtype}, its format shows a {kind}"
    is_duration = values.dtype.kind == "m"
    if is_duration and kind == "time":
        return values / _SECOND
    if is_duration:
        raise ExportError(mismatch)
    since = values - EPOCH
    if kind == "datetime":
        return since / _SECOND
    if kind == "time":
        return (since % _DAY) / _SECOND
    if kind == "date":
        days = since / _DAY
        if (np.floor(days) < days).any():
            raise ExportError("values hold a time of day, its format shows none")
        return days
    raise ExportError(mismatch)
