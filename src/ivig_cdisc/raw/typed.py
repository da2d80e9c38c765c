"""What was typed, and where: findings that were made further down the line, led back to the file they come from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..findings import gather
from ..metadata import Study
from .exports import reopened
from .sheet import Sheet


def with_verbatim(found: pd.DataFrame, files: Mapping[str, Path], study: Study) -> pd.DataFrame:
    """The findings with `verbatim` filled in where file, line and column are known and it is missing.

    Where one file holds all forms, `file` and `column` become those of that file.

    files: of each form that was read.
    """
    forms = found["file"].map(
        {form.file: name for name, form in study.forms.items() if name in files}
    )
    moved = forms.notna() & (
        forms.map({name: path.name for name, path in files.items()}) != found["file"]
    )
    open_ = (
        forms.notna() & found["verbatim"].isna() & found["column"].notna() & found["line"].notna()
    )
    filled = found.copy()
    if (moved | open_).any():
        export = reopened(files, study, frozenset(found.loc[open_, "line"].astype("int64")))
        for form, cells in found[moved | open_].groupby(forms[moved | open_]):
            _fill(filled, cells, export.sheet(str(form)))
    return gather([filled]) if moved.any() else filled


def _fill(filled: pd.DataFrame, cells: pd.DataFrame, sheet: Sheet) -> None:
    """Place and typed text of the findings on one form."""
    filled.loc[cells.index, "file"] = sheet.file
    filled.loc[cells.index, "column"] = (
        cells["column"].map(sheet.called, na_action="ignore").astype("str")
    )
    filled.loc[cells.index, "verbatim"] = cells["verbatim"].fillna(
        _typed(cells, sheet.records.fields)
    )


def _typed(cells: pd.DataFrame, fields: pd.DataFrame) -> pd.Series:
    """The text of each cell; missing where there is no such line or column."""
    wanted = [column for column in cells["column"].dropna().unique() if column in fields]
    rows = fields.index.get_indexer(pd.Index(cells["line"].fillna(-1).astype("int64")))
    typed = pd.Series(index=cells.index, dtype="str")
    for column in wanted:
        here = (cells["column"] == column) & (rows >= 0)
        typed[here] = fields[column].iloc[rows[here]].to_numpy()
    return typed
