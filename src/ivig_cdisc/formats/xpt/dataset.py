"""A dataset that was written, as the frame it was written from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ...errors import ExportError
from ...metadata import DatasetSpec
from . import layout, reader
from .cells import EPOCH


def read(path: Path, spec: DatasetSpec) -> pd.DataFrame:
    """The rows of a file with the types a dataset's frame has, columns in the order of the spec.

    Char is str, blank is missing, and blanks at the end of text are not kept by the format. Num is
    float64, whole numbers too, and times are seconds since midnight; dates and datetimes by the
    format of the spec are datetime64[us], datetimes to the microsecond. Raises ExportError if the
    file cannot be read or has not just the spec's columns.
    """
    member, *others = reader.members(path)
    if others:
        raise ExportError(f"{path}: holds {1 + len(others)} datasets; one was expected")
    frame = reader.load(member).frame
    odd = sorted(set(frame.columns.astype(str)) ^ set(spec.columns))
    if odd:
        raise ExportError(
            f"{path}: the columns are not those of the spec of {spec.name}: {', '.join(odd)}"
        )
    typed = {
        field.variable.name: _typed(frame[field.variable.name], field)
        for field in layout.fields(spec)
    }
    return pd.DataFrame(typed)


def _typed(column: pd.Series, field: layout.Field) -> pd.Series:
    if field.variable.type == "Char":
        return column.astype("str")
    numbers = column.astype("float64")
    if field.kind == "date":
        return _since_epoch(numbers * 86_400)
    if field.kind == "datetime":
        return _since_epoch(numbers)
    return numbers


def _since_epoch(seconds: pd.Series) -> pd.Series:
    """Seconds since 1960 as datetimes, to the microsecond; missing stays missing."""
    return (seconds * 1e6).round().astype("Int64").astype("timedelta64[us]") + pd.Timestamp(EPOCH)
