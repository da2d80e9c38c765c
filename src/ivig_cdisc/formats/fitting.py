"""What formats of UTF-8 text and doubles cannot hold.

Numbers that are no finite doubles, and a few characters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from ..dataset import Dataset
from ..findings import findings, gather
from ..metadata import Variable
from .frames import file_variables
from .xpt.cells import beyond_doubles

NOT_A_DOUBLE = "Became missing: the file holds finite numbers, and whole numbers to 15 digits."
NUL = "A NUL character became a blank."


def fit_numbers(dataset: Dataset, rule: str) -> tuple[Dataset, pd.DataFrame]:
    """The dataset with finite doubles only.

    Args:
        dataset: it is not changed.
        rule: of the findings.

    Returns:
        The dataset, itself where nothing had to be changed, and one finding (an error) for each
        number that became missing. In a finding row is the index of the record and value the
        number; subject is USUBJID where the frame has it.
    """

    def reported(rows: pd.DataFrame, name: str) -> pd.DataFrame:
        return _found(dataset, rows, name, severity="error", rule=rule, message=NOT_A_DOUBLE)

    return _fitted(dataset, "Num", _is_no_double, _without_number, reported)


def fit_nul(dataset: Dataset, rule: str) -> tuple[Dataset, pd.DataFrame]:
    """The dataset with a blank for each NUL.

    Args:
        dataset: it is not changed.
        rule: of the findings.

    Returns:
        As `fit_numbers`, with one finding (a note) for each text that had a NUL.
    """

    def reported(rows: pd.DataFrame, name: str) -> pd.DataFrame:
        return _found(dataset, rows, name, severity="note", rule=rule, message=NUL)

    return _fitted(dataset, "Char", _has_nul, _without_nul, reported)


def _fitted(
    dataset: Dataset,
    kind: str,
    is_wrong: Callable[[pd.Series], pd.Series],
    mended: Callable[[pd.Series, pd.Series], pd.Series],
    reported: Callable[[pd.DataFrame, str], pd.DataFrame],
) -> tuple[Dataset, pd.DataFrame]:
    """The dataset with what is wrong in columns of a kind mended; itself where nothing is."""
    changed = {}
    found = []
    for variable in _columns(dataset, kind):
        column = dataset.frame[variable.name]
        wrong = is_wrong(column)
        if wrong.any():
            changed[variable.name] = mended(column, wrong)
            found.append(reported(dataset.frame[wrong], variable.name))
    if not changed:
        return dataset, gather([])
    return replace(dataset, frame=dataset.frame.assign(**changed)), gather(found)


def _columns(dataset: Dataset, kind: str) -> list[Variable]:
    variables = file_variables(dataset.spec)
    return [v for v in variables if v.type == kind and v.name in dataset.frame]


def _is_no_double(column: pd.Series) -> pd.Series:
    if column.dtype.kind in "mM":
        return pd.Series(False, column.index)
    values = column.to_numpy(np.float64, na_value=np.nan)
    return pd.Series(np.isinf(values) | beyond_doubles(column), column.index)


def _without_number(column: pd.Series, wrong: pd.Series) -> pd.Series:
    return column.astype("float64").mask(wrong)


def _has_nul(column: pd.Series) -> pd.Series:
    return column.astype("str").str.contains("\0", regex=False, na=False)


def _without_nul(column: pd.Series, wrong: pd.Series) -> pd.Series:
    text = column.astype("str")
    return text.mask(wrong, text.str.replace("\0", " ", regex=False))


def _found(dataset: Dataset, rows: pd.DataFrame, variable: str, **said: str) -> pd.DataFrame:
    subject = None
    if "USUBJID" in rows:
        subject = rows["USUBJID"].astype("str")
    return findings(
        dataset=dataset.name,
        row=rows.index.to_series(),
        subject=subject,
        variable=variable,
        value=rows[variable].astype("str"),
        **said,
    )
