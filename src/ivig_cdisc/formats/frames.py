"""The frame of a dataset and the cells of a file, between which all formats go in the same way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import ExportError
from ..metadata import DatasetSpec, Variable

EPOCH = np.datetime64("1960-01-01", "D")  # day and second 0 of SAS
DAY_SECONDS = 86_400
SUBJECT = "USUBJID"


def file_variables(spec: DatasetSpec) -> list[Variable]:
    """The variables that are columns of a dataset's file, in order.

    Supplemental ones leave in SUPP--.
    """
    return [variable for variable in spec.variables if not variable.supplemental]


def with_lengths(spec: DatasetSpec, lengths: Mapping[str, int]) -> DatasetSpec:
    """The spec of a dataset whose text is shorter than it may be.

    Args:
        spec: it is not changed.
        lengths: bytes by variable; the others stay as they are.

    Returns:
        The same spec with these lengths.
    """
    variables = []
    for variable in spec.variables:
        length = lengths.get(variable.name, variable.length)
        variables.append(variable.model_copy(update={"length": length}))
    return spec.model_copy(update={"variables": tuple(variables)})


def column_of(frame: pd.DataFrame, variable: Variable, dataset: str) -> pd.Series:
    """The column of a variable; ExportError where the frame has none."""
    if variable.name not in frame:
        raise ExportError(f"{dataset}.{variable.name}: the variable has no column")
    return frame[variable.name]


def as_written(cells: pd.DataFrame, spec: DatasetSpec, path: Path) -> pd.DataFrame:
    """The cells of a file as the frame that they were written from.

    Args:
        cells: text, and numbers as SAS counts them; text where the file has only text.
        spec: of the dataset.
        path: of the file, for messages.

    Returns:
        A column for each variable of the spec, in its order. Char is str. Num is float64, whole
        numbers too, and times are seconds since midnight; dates and datetimes by the format of the
        spec are datetime64[us], datetimes to the microsecond. Missing stays missing.

    Raises:
        ExportError: the columns are not just those of the spec.
    """
    odd = sorted(set(cells.columns.astype(str)) ^ set(spec.columns))
    if odd:
        columns = ", ".join(odd)
        reason = f"the columns are not those of the spec of {spec.name}: {columns}"
        raise ExportError(f"{path}: {reason}")
    variables = file_variables(spec)
    return pd.DataFrame({v.name: _typed(cells[v.name], v) for v in variables})


def no_records(spec: DatasetSpec) -> pd.DataFrame:
    """The frame of a file that holds no record.

    Args:
        spec: of the dataset.

    Returns:
        The columns of `as_written`, with their types.
    """
    columns = {}
    for variable in file_variables(spec):
        columns[variable.name] = _typed(pd.Series(dtype="object"), variable)
    return pd.DataFrame(columns)


def of_subject(frame: pd.DataFrame, subject: str) -> pd.DataFrame:
    """The records of one subject; all where none is named, or the dataset has no USUBJID."""
    if subject and SUBJECT in frame:
        return frame[frame[SUBJECT] == subject]
    return frame


def _typed(column: pd.Series, variable: Variable) -> pd.Series:
    if variable.type == "Char":
        return column.astype("str")
    numbers = column.astype("float64")
    if variable.kind == "date":
        return _since_epoch(numbers * DAY_SECONDS)
    if variable.kind == "datetime":
        return _since_epoch(numbers)
    return numbers


def _since_epoch(seconds: pd.Series) -> pd.Series:
    """Seconds since 1960 as datetimes, to the microsecond; missing stays missing."""
    return microseconds(seconds).astype("timedelta64[us]") + pd.Timestamp(EPOCH)


def microseconds(seconds: pd.Series) -> pd.Series:
    """Seconds as whole microseconds, Int64; missing stays missing.

    Whole seconds and the rest are taken apart: a large number of seconds times a million is rounded
    twice, and may be the neighbour of what was meant.
    """
    whole = seconds.floordiv(1)
    rest = ((seconds - whole) * 1e6).round()
    return whole.astype("Int64") * 10**6 + rest.astype("Int64")
