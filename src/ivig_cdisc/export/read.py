"""SAS XPORT version 5 files as frames, for checking what was written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat

from ..errors import ExportError
from ..spec import DatasetSpec
from . import layout
from .cells import EPOCH


def read(path: Path, spec: DatasetSpec) -> pd.DataFrame:
    """The rows of a file with the types a dataset's frame has, columns in the order of the spec.

    Char is str, blank is missing, and blanks at the end of text are not kept by the format. Num is float64, whole
    numbers too, and times are seconds since midnight; dates and datetimes by the format of the spec are datetime64[us],
    datetimes to the microsecond. Raises ExportError if the file cannot be read or has not just the spec's columns.
    """
    try:
        frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path}: {error}") from error
    odd = sorted(set(frame.columns.astype(str)) ^ set(spec.columns))
    if odd:
        raise ExportError(f"{path}: the columns are not those of the spec of {spec.name}: {', '.join(odd)}")
    typed = {field.variable.name: _typed(frame[field.variable.name], field) for field in layout.fields(spec)}
    return pd.DataFrame(typed)


def _typed(column: pd.Series, field: layout.Field) -> pd.Series:
    if field.variable.type == "Char":
        return column.astype("str").mask(column == "")
    numbers = column.astype("float64")
    if field.kind == "date":
        return _since_epoch(numbers * 86_400)
    if field.kind == "datetime":
        return _since_epoch(numbers)
    return numbers


def _since_epoch(seconds: pd.Series) -> pd.Series:
    """Seconds since 1960 as datetimes, to the microsecond; missing stays missing."""
    return (seconds * 1e6).round().astype("Int64").astype("timedelta64[us]") + pd.Timestamp(EPOCH)
