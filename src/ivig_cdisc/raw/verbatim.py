"""What was typed, and where: findings made further down the line, led back to their file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..findings import gather
from ..metadata import Study
from .exports import reopened
from .form_extract import FormExtract


def add_verbatim(found: pd.DataFrame, files: Mapping[str, Path], study: Study) -> pd.DataFrame:
    """The findings with `verbatim` filled in where it is missing and its place is known.

    Where one file holds all forms, `file` and `column` become those of that file.

    Args:
        found: findings with file, line and column as the study names them.
        files: of each form that was read.
        study: of the export.

    Returns:
        The findings; in their fixed order where some have moved to another file, else as given.

    Raises:
        RawError: where the files cannot be read again.
    """
    form_of_file: dict[str, str] = {}
    real_file: dict[str, str] = {}
    for name, path in files.items():
        form_of_file[study.forms[name].file] = name
        real_file[name] = path.name
    forms = found["file"].map(form_of_file)
    moved = forms.notna() & (forms.map(real_file) != found["file"])
    has_place = forms.notna() & found["column"].notna() & found["line"].notna()
    open_ = has_place & found["verbatim"].isna()
    wanted = moved | open_
    filled = found.copy()
    if wanted.any():
        lines = found.loc[open_, "line"].astype("int64")
        export = reopened(files, study, frozenset(lines))
        for form, cells in found[wanted].groupby(forms[wanted]):
            _fill(filled, cells, export.extract(str(form)))
    if moved.any():
        return gather([filled])
    return filled


def _fill(filled: pd.DataFrame, cells: pd.DataFrame, extract: FormExtract) -> None:
    """Place and typed text of the findings on one form."""
    columns = cells["column"].map(extract.called, na_action="ignore")
    texts = _texts(cells, extract.records.fields)
    filled.loc[cells.index, "file"] = extract.file
    filled.loc[cells.index, "column"] = columns.astype("str")
    filled.loc[cells.index, "verbatim"] = cells["verbatim"].fillna(texts)


def _texts(cells: pd.DataFrame, fields: pd.DataFrame) -> pd.Series:
    """The text of each cell as typed; missing where there is no such line or column."""
    wanted = [column for column in cells["column"].dropna().unique() if column in fields]
    rows = fields.index.get_indexer(pd.Index(cells["line"].fillna(-1).astype("int64")))
    texts = pd.Series(index=cells.index, dtype="str")
    for column in wanted:
        here = (cells["column"] == column) & (rows >= 0)
        texts[here] = fields[column].iloc[rows[here]].to_numpy()
    return texts
