"""What `where` means, in row steps and in rules alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from .text import as_text, value_text

Wanted = Sequence[str | int | float] | str  # values, or "present" or "absent"


def fits(frame: pd.DataFrame, where: Mapping[str, Wanted]) -> pd.Series:
    """Which records are as `where` wants them, in every column that it names.

    Args:
        frame: the records.
        where: for each column `present` or `absent` (there is a value or none; empty text is none),
            or values. These are compared as the column has them: 9, 9.0 and "9" alike in a column
            of numbers, as text in a column of text. Numeric dates are ISO 8601 text here.

    Returns:
        True or False for each record, never missing; index of the frame.

    >>> frame = pd.DataFrame({"NUM": [9.0, None], "TXT": ["09", ""]})
    >>> fits(frame, {"NUM": ["9"]}).tolist()
    [True, False]
    >>> fits(frame, {"TXT": [9]}).tolist()
    [False, False]
    >>> fits(frame, {"TXT": "absent"}).tolist()
    [False, True]
    """
    chosen = np.ones(len(frame), dtype=bool)
    for column, wanted in where.items():
        chosen &= _fit(frame[column], wanted)
    return pd.Series(chosen, index=frame.index)


def _fit(values: pd.Series, wanted: Wanted) -> np.ndarray:
    if wanted == "present":
        return has_value(values).to_numpy(bool)
    if wanted == "absent":
        return ~has_value(values).to_numpy(bool)
    if is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype):
        numbers = pd.to_numeric(pd.Series(list(wanted), dtype="object"), errors="coerce").dropna()
        return values.isin(numbers.astype("float64")).to_numpy(bool)
    if is_datetime64_any_dtype(values.dtype):
        values = as_text(values)
    return values.isin([value_text(one) for one in wanted]).to_numpy(bool)


def not_numbers(wanted: Wanted) -> list[str]:
    """The listed values that no column of numbers can have.

    Args:
        wanted: values, or "present" or "absent".

    Returns:
        The values that cannot be read as a number, as text.

    >>> not_numbers(["1.0", 2, "one"]), not_numbers("present")
    (['one'], [])
    """
    if isinstance(wanted, str):
        return []
    texts = pd.Series([value_text(one) for one in wanted], dtype="object")
    return list(texts[pd.to_numeric(texts, errors="coerce").isna()])


def has_value(values: pd.Series) -> pd.Series:
    """Whether there is a value; empty text is none."""
    known: pd.Series = values.notna() & values.ne("")
    return known
