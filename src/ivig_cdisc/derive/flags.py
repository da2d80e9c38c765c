"""Flags: which record, which subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ..iso8601 import moments, precedes, span
from .kinds import Alike, Date, Number, Text, YesOnly
from .roles import Condition, Conditions, Flag, Groups
from .visits import later

__all__ = [
    "at_least",
    "carried",
    "classify",
    "first_occurrence",
    "is_after",
    "last_before",
    "later_than",
    "population",
    "treatment_emergent",
]


def is_after(date: Text, reference: Text) -> YesOnly:
    """Y where date and time are after the reference; a missing time on its date is not.

    Args:
        date: ISO 8601 text.
        reference: ISO 8601 text; its seconds are 00 where they are not known.

    Returns:
        Y or N. Missing where one of the two is missing or its date is incomplete, even where no day
        that it can be is on the other side.

    >>> dates = pd.Series(["2018-05-03T10:00", "2018-05-03", "2018-05-04", "2018-05"])
    >>> is_after(dates, pd.Series(["2018-05-03T09:00"] * 4)).tolist()
    ['Y', 'N', 'Y', nan]
    """
    start, asked = moments(reference, to_the_minute=True), moments(date)
    answer = np.where(precedes(start, asked), 0, 1)
    answer[np.isnat(start.day) | np.isnat(asked.day)] = -1
    answers = pd.array(["Y", "N"], dtype="str").take(answer, allow_fill=True)
    return pd.Series(answers, index=date.index)


def last_before(
    groups: Groups, value: Condition, date: Text, reference: Text, order: Conditions
) -> YesOnly:
    """Y for the last record with a value that is not after the reference.

    A value on the reference date itself counts unless its time is after the reference's.

    Args:
        groups: what makes a series of records: subject and test, and whatever else tells them
            apart (time point, position, specimen, location, evaluator); records without a value in
            one of them are a series of their own.
        value: a record without one does not count.
        date: ISO 8601 text.
        reference: ISO 8601 text.
        order: what "last" means, most important first, -X descending; a missing value in it comes
            last for numbers, dates and whatever descends, first for text.

    Returns:
        Y. Missing on all other records, those included whose date, or that of the reference, is not
        known to the day.

    Source: SDTMIG 3.4, 4.5.9 (--LOBXFL); ADaMIG 1.3, 3.3 (ABLFL).

    >>> s, reference = pd.Series(["s"] * 3), pd.Series(["2018-05-03T09:00"] * 3)
    >>> date = pd.Series(["2018-05-01", "2018-05-03T08:00", "2018-05-03T10:00"])
    >>> last_before([s], pd.Series([1.0, 2.0, 3.0]), date, reference, [date]).tolist()
    [nan, 'Y', nan]
    """
    eligible = (is_after(date, reference) == "N").fillna(False) & value.notna()
    return _flag(_outermost(groups, eligible, order, keep="last"), value.index)


def first_occurrence(groups: Groups, among: pd.Series, order: Conditions) -> YesOnly:
    """Y for the first record of each group among those flagged Y.

    Args:
        groups: what makes a series of records.
        among: the flag.
        order: what "first" means, most important first, -X descending; a missing value in it comes
            last for numbers, dates and whatever descends, first for text.

    Returns:
        Y. Missing on all other records.

    Source: ADaM Structure for Occurrence Data 1.1 (AOCCFL and the like).

    >>> s, te = pd.Series(["s"] * 3), pd.Series([None, "Y", "Y"])
    >>> first_occurrence([s], te, [pd.Series([1.0, 3.0, 2.0])]).tolist()
    [nan, nan, 'Y']
    """
    eligible = (among == "Y").fillna(False)
    return _flag(_outermost(groups, eligible, order, keep="first"), among.index)


def _outermost(
    groups: Sequence[pd.Series],
    eligible: pd.Series,
    order: Sequence[pd.Series],
    keep: Literal["first", "last"],
) -> pd.Index:
    """Index of the first or last eligible record of each group."""
    keys = {f"g{i}": column for i, column in enumerate(groups)}
    ranks = {f"o{i}": later(column) for i, column in enumerate(order)}
    frame = pd.DataFrame({**keys, **ranks})[eligible.to_numpy(bool)]
    frame = frame.sort_values(list(ranks), kind="stable")
    return frame.index[~frame.duplicated(list(keys), keep=keep).to_numpy()]


def _flag(chosen: pd.Index, index: pd.Index) -> pd.Series:
    return pd.Series("Y", index=index).where(index.isin(chosen)).astype("str")


def carried(groups: Groups, flag: Flag, value: Alike) -> Alike:
    """The value of the group's record that is flagged Y, on every record of the group.

    Args:
        groups: what makes a series of records.
        flag: Y on the record that has the value; of several the first.
        value: of any kind.

    Returns:
        The values. Missing where no record of the group is flagged.

    Source: ADaMIG 1.3, 3.3 (BASE).

    >>> groups, flag = [pd.Series(["s", "s", "t"])], pd.Series(["Y", None, None])
    >>> carried(groups, flag, pd.Series([1.0, 2.0, 3.0])).tolist()
    [1.0, 1.0, nan]
    """
    names = [f"g{i}" for i in range(len(groups))]
    frame = pd.DataFrame({**dict(zip(names, groups, strict=True)), "value": value})
    flagged = frame[(flag == "Y").fillna(False).to_numpy()].drop_duplicates(names)
    merged = frame[names].merge(flagged, how="left", on=names)
    return merged["value"].set_axis(value.index)


def at_least(value: Number, threshold: float) -> Text:
    """Y where the value reaches the threshold, N where it does not.

    Args:
        value: numbers.
        threshold: in the unit of the value.

    Returns:
        Y or N. Missing where the value is.

    Source: ADaMIG 1.3, 3.3 (CRITyFL).

    >>> at_least(pd.Series([40.0, 37.5, None]), 40).tolist()
    ['Y', 'N', nan]
    """
    reached = pd.Series(np.where(value >= threshold, "Y", "N"), index=value.index)
    return reached.where(value.notna()).astype("str")


def later_than(date: Date, reference: Date) -> YesOnly:
    """Y where the calendar date is after the reference date.

    Args:
        date: calendar dates.
        reference: calendar dates.

    Returns:
        Y. Missing on all other records.

    >>> day = pd.to_datetime(pd.Series(["2018-05-03", "2018-05-04", None]))
    >>> later_than(day, pd.to_datetime(pd.Series(["2018-05-03"] * 3))).tolist()
    [nan, 'Y', nan]
    """
    return pd.Series("Y", index=date.index).where(date > reference).astype("str")


def treatment_emergent(
    start: Date,
    first: Date,
    last: Date,
    days: int,
    begun: Text | None = None,
    ended: Text | None = None,
    moment: Date | None = None,
) -> YesOnly:
    """Y where an event starts from the first dose to some days after the last.

    It does not where its start or end, at its latest possible moment, is before the first dose.

    Args:
        start: calendar dates, imputed.
        first: calendar dates of the first dose.
        last: calendar dates of the last dose.
        days: how many days after the last dose count.
        begun: the event's start as ISO 8601 text.
        ended: the event's end as ISO 8601 text.
        moment: date and time of the first dose, where known.

    Returns:
        Y. Missing on all other events, those without any start date included.

    Source: ADaM Structure for Occurrence Data 1.1 (TRTEMFL).

    >>> days = ["2018-05-02", "2018-05-03", "2018-07-13", "2018-07-14", None]
    >>> start = pd.to_datetime(pd.Series(days))
    >>> first, last = (pd.to_datetime(pd.Series([day] * 5)) for day in ("2018-05-03", "2018-06-13"))
    >>> treatment_emergent(start, first, last, 30).tolist()
    [nan, 'Y', 'Y', nan, nan]
    >>> ended = pd.Series(["2018", "2018-04", "2018", "2018", "2018"])
    >>> treatment_emergent(start, first, last, 30, ended=ended).tolist()
    [nan, nan, 'Y', nan, nan]
    """
    dosed = first if moment is None else moment.fillna(first)
    emergent = (start >= first) & (start <= last + np.timedelta64(days, "D"))
    for date in (begun, ended):
        if date is not None:
            emergent &= ~(span(date)["last"] < dosed)
    return pd.Series("Y", index=start.index).where(emergent).astype("str")


def population(require: Sequence[pd.Series], exclude: Sequence[pd.Series] | None = None) -> Text:
    """Y where all that is required is there and nothing that excludes is Y, else N.

    Args:
        require: columns of any kind; a flag must be Y, of others there must be a value.
        exclude: flags.

    Returns:
        Y or N, never missing.

    Source: ADaMIG 1.3, 3.2 (population indicators).

    >>> population([pd.Series(["Y", "Y", None])], [pd.Series([None, "Y", None])]).tolist()
    ['Y', 'N', 'N']
    """
    inside = np.ones(len(require[0]), dtype=bool)
    for column in require:
        inside &= (column.notna() & (column.astype("object") != "N")).to_numpy(bool)
    for column in exclude or []:
        inside &= (column.astype("object") != "Y").to_numpy(bool)
    return pd.Series(np.where(inside, "Y", "N"), index=require[0].index).astype("str")


def classify(value: Text, terms: Mapping[str, str]) -> Text:
    """The class of the value, missing where it has none.

    Args:
        value: text.
        terms: the class by value.

    Returns:
        Text. Missing where the value is, or is not among the terms.

    >>> terms = {"PULMONARY EMBOLISM": "THROMBOEMBOLIC"}
    >>> classify(pd.Series(["PULMONARY EMBOLISM", "RASH"]), terms).tolist()
    ['THROMBOEMBOLIC', nan]
    """
    return value.astype("object").map(dict(terms)).astype("str")
