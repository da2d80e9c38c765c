"""A dataset that was written, as the frame it was written from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ...errors import ExportError
from ...metadata import DatasetSpec
from ..frames import as_written
from . import layout, reader


def read(path: Path, spec: DatasetSpec, subject: str = "") -> pd.DataFrame:
    """The rows of a file with the types a dataset's frame has, columns in the order of the spec.

    Char is str, blank is missing, and blanks at the end of text are not kept by the format. Num is
    as `as_written` has it. subject: a USUBJID whose rows alone are read; the index is the number of
    the row in the file.

    Raises:
        ExportError: the file cannot be read or has not just the spec's columns.
    """
    member, *others = reader.members(path)
    if others:
        raise ExportError(f"{path}: holds {1 + len(others)} datasets; one was expected")
    layout.fields(spec)
    return as_written(reader.load(member, subject).frame, spec, path)
