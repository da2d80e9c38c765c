"""Why a calculation has no value: a reason beside the column, which stays with its record."""

from __future__ import annotations

import pandas as pd

from ..dataset import UNDEFINED, nothing_undefined

BESIDE = ".undefined"  # after the name of a column: why it has no value


def undefined(frame: pd.DataFrame) -> pd.DataFrame:
    """The cells that have no value because a calculation has none.

    Args:
        frame: finished rows, numbered from 0, with the columns on the way.

    Returns:
        One line for each, columns UNDEFINED, by variable and row.
    """
    parts = [nothing_undefined()]
    for name in _reasons(frame):
        reasons = frame[name].dropna()
        variable = name.removesuffix(BESIDE)
        found = {"row": reasons.index, "variable": variable, "reason": reasons.to_numpy()}
        parts.append(pd.DataFrame(found).astype(UNDEFINED))
    return pd.concat(parts, ignore_index=True).astype(UNDEFINED)


def reasons_of_groups(frame: pd.DataFrame, number: pd.Series) -> dict[str, pd.Series]:
    """The reasons of records that become one record for each group.

    Args:
        frame: the records.
        number: of the group of each, from 0; index of the frame.

    Returns:
        For each column of reasons, one of those in each group, whatever the order of the records;
        by number of the group, missing where a group has none.
    """
    found = {}
    for name in _reasons(frame):
        found[name] = frame[name].dropna().groupby(number).min()
    return found


def _reasons(frame: pd.DataFrame) -> list[str]:
    return [name for name in sorted(frame.columns) if name.endswith(BESIDE)]
