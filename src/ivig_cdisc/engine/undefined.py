"""Why a calculation has no value: a reason beside the column, which stays with its record."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..conditions import Where, fitting
from ..dataset import LEFT_OUT, UNDEFINED, nothing_undefined
from ..expressions import Fault

BESIDE = ".undefined"  # after the name of a column: why it has no value


def reasons_of(faults: Sequence[Fault], frame: pd.DataFrame, where: Where) -> pd.Series | None:
    """Why an expression has no value.

    Args:
        faults: that the expression has.
        frame: the records that it was calculated for.
        where: the expression.

    Returns:
        The first reason of each record, missing where there is none; None where all have what they
        can have.
    """
    found: pd.Series | None = None
    for fault in faults:
        here = frame.index[fault.rows]
        reason = pd.Series(f"{fault.reason} in {where}", index=here, dtype="object")
        found = first_reason(found, reason.reindex(frame.index))
    return found


def first_reason(one: pd.Series | None, other: pd.Series | None) -> pd.Series | None:
    """The reasons of both; where a record has two, the first."""
    if one is None:
        return other
    if other is None:
        return one
    return one.reindex(other.index).combine_first(other)


LeftOut = tuple[pd.DataFrame, ...]  # frames with the columns LEFT_OUT


def chosen_of(source: str, records: pd.DataFrame, where: Where) -> tuple[pd.DataFrame, LeftOut]:
    """The records of a source that fit, and those that are left out for want of a value.

    Args:
        source: name of the form or dataset.
        records: all that it has.
        where: the condition.

    Returns:
        The records that fit, with their index; and those that do not because a calculation in the
        condition has no value.
    """
    if not where:
        return records, ()
    chosen, faults = fitting(records, where)
    reasons = _of_others(reasons_of(faults, records, where), chosen)
    gone = {"source": source, "source_row": reasons.index, "reason": reasons.to_numpy()}
    return records[chosen], _as_left_out(pd.DataFrame(gone))


def filtered(
    frame: pd.DataFrame, edges: pd.DataFrame, where: Where
) -> tuple[pd.DataFrame, LeftOut]:
    """The same of rows on their way, which stand for the records that they were taken from.

    Args:
        frame: the rows.
        edges: of these rows.
        where: the condition.

    Returns:
        The rows that fit, with their index; and records of sources.
    """
    chosen, faults = fitting(frame, where)
    reasons = _of_others(reasons_of(faults, frame, where), chosen)
    taken = edges[(edges["verb"] == "take") & edges["row"].isin(reasons.index)]
    gone = taken[["source", "source_row"]].assign(reason=taken["row"].map(reasons))
    return frame[chosen], _as_left_out(gone)


def _of_others(reasons: pd.Series | None, chosen: pd.Series) -> pd.Series:
    """The reasons of records that are not chosen."""
    if reasons is None:
        return pd.Series(dtype="object")
    return reasons[~chosen].dropna()


def _as_left_out(gone: pd.DataFrame) -> LeftOut:
    if gone.empty:
        return ()
    return (gone.drop_duplicates(ignore_index=True).astype(LEFT_OUT),)


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
