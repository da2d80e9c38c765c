"""What was typed: the verbatim text behind findings that were made further down the line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..spec import Study
from .csv_file import read_header, read_records, read_text


def with_verbatim(found: pd.DataFrame, files: Mapping[str, Path], study: Study) -> pd.DataFrame:
    """The findings with `verbatim` filled in where file, line and column are known and it is missing."""
    open_ = found["verbatim"].isna() & found["column"].notna() & found["line"].notna()
    filled = found.copy()
    for file, cells in found[open_].groupby("file"):
        path = next((p for p in files.values() if p.name == file), None)
        if path is not None:
            filled.loc[cells.index, "verbatim"] = _typed(cells, path, study)
    return filled


def _typed(cells: pd.DataFrame, path: Path, study: Study) -> pd.Series:
    text, _ = read_text(path, study.intake.encodings)
    header = read_header(text, study.intake.delimiter, path.name)
    fields = read_records(text, header, study.intake.delimiter, path.name).fields
    wanted = [column for column in cells["column"].unique() if column in fields]
    rows = fields.index.get_indexer(pd.Index(cells["line"].astype("int64")))
    typed = pd.Series(index=cells.index, dtype="str")
    for column in wanted:
        here = (cells["column"] == column) & (rows >= 0)
        typed[here] = fields[column].iloc[rows[here]].to_numpy()
    return typed
