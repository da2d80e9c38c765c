"""What a test of a study needs: an export from literal rows, its conversion, records to compare."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from .errors import ExportError
from .pipeline import Summary, convert
from .preparation import load_study

__all__ = ["convert_rows", "records", "write_raw"]

Form = str | Iterable[Mapping[str, object]]


def write_raw(
    folder: str | Path, forms: Mapping[str, Form], *, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write a raw export: one CSV file for each form.

    Args:
        folder: made where it is missing; files of other names in it stay.
        forms: by the name of the file without .csv, its rows. A row has cells by column; None, or a
            column that a row has not, is an empty cell. Text instead of rows is written as it is,
            with its heading.
        delimiter: between cells of rows.
        encoding: of the files.

    Returns:
        The folder.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     rows = [{"subject": "01", "note": "a, b"}, {"subject": "02", "sex": "F"}]
    ...     print((write_raw(place, {"dm": rows}) / "dm.csv").read_text())
    subject,note,sex
    01,"a, b",
    02,,F
    <BLANKLINE>
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in forms.items():
        if isinstance(form, str):
            text = form
        else:
            text = _csv(list(form), delimiter)
        (folder / f"{name}.csv").write_text(text, encoding, newline="")
    return folder


def _csv(rows: list[Mapping[str, object]], delimiter: str) -> str:
    """Rows as CSV; columns in the order in which they first appear."""
    columns: dict[str, None] = {}
    for row in rows:
        columns.update(dict.fromkeys(row))
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def convert_rows(folder: str | Path, forms: Mapping[str, Form], *, study: str | Path) -> Summary:
    """Convert a raw export that is written from literal rows.

    The export is written to `raw` in the folder, with the delimiter and encoding of the study, and
    converted to `out` beside it.

    Args:
        folder: a place for both, such as pytest's `tmp_path`; neither is there yet.
        forms: as in `write_raw`; of a form that the study requires at least the heading, as text.
        study: bundled study or folder.

    Returns:
        The summary of the conversion: `datasets` has the frames, `findings` what was found.

    Raises:
        ExportError: the folder has a raw export already.
        CdiscError: as `convert` does.
    """
    intake = load_study(study).study.intake
    raw, out = Path(folder) / "raw", Path(folder) / "out"
    if raw.exists():
        raise ExportError(f"{raw} exists; name another folder")
    write_raw(raw, forms, delimiter=intake.delimiter, encoding=intake.encodings[0])
    return convert(raw, out, study=study)


def records(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The cells of a frame as plain tuples, to hold against literal ones.

    Args:
        frame: a dataset, or findings.
        columns: which ones and in which order; all if none are named.

    Returns:
        One tuple per row, in the order of rows; what is missing is None.

    >>> records(pd.DataFrame({"SUBJID": ["01", "02"], "AGE": [61, float("nan")]}), "AGE", "SUBJID")
    [(61.0, '01'), (None, '02')]
    """
    if columns:
        frame = frame[list(columns)]
    cells = frame.astype("object")
    cells = cells.where(cells.notna(), None)
    return [tuple(row) for row in cells.to_numpy().tolist()]
