"""Visits and analysis windows. Definitions of visits come from the study's facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Required, TypedDict

import numpy as np
import pandas as pd

from .. import iso8601
from ..text import as_text
from .kinds import Number, Text, YesOnly
from .roles import Conditions, Groups

__all__ = [
    "analysed",
    "named_visit_number",
    "visit_day",
    "visit_name",
    "visit_number",
    "window",
    "window_fact",
    "window_name",
]


class NumberedVisit(TypedDict, total=False):
    """A visit of the plan: what it is called in the outcome, its number, its study day."""

    name: str
    number: Required[float]
    day: float


class Visit(TypedDict):
    """A visit of the plan of which all is known."""

    name: str
    number: float
    day: float


class Window(TypedDict):
    """An analysis visit: its target day, and the first and last day that count as it."""

    name: str
    number: float
    target: float
    low: float
    high: float


Visits = Mapping[str, Visit]  # by visit as collected
NumberedVisits = Mapping[str, NumberedVisit]
Windows = Sequence[Window]

LONGEST_STUDY = 100_000  # days, more than 270 years


def visit_number(visit: Text, day: Number, visits: Visits, unscheduled: str) -> Number:
    """The planned visit's number; of an unscheduled one the last planned number and days since.

    The days count in 1/1000. Where so many pass until the next planned visit that they would reach
    its number, they count in 1/10000, or in the next power of ten that keeps them below it. Days
    before the first planned visit are counted down from its number. So numbers rise with the study
    day from one planned visit to the next, and none is a planned one.

    Args:
        visit: as collected.
        day: study day.
        visits: number and day of each planned visit, by visit as collected.
        unscheduled: what an unscheduled visit is called.

    Returns:
        Numbers. Missing for a visit that is unknown, and for an unscheduled one without a day.

    Source: SDTMIG 3.4, 4.4.5.

    >>> plan = {"BL": {"name": "BASELINE", "number": 1, "day": 1},
    ...         "W3": {"name": "WEEK 3", "number": 2, "day": 22},
    ...         "Y5": {"name": "YEAR 5", "number": 3, "day": 1800}}
    >>> visit = pd.Series(["W3", "UNS", "UNS", "UNS"])
    >>> visit_number(visit, pd.Series([30.0, 1021.0, 5.0, -20.0]), plan, "UNS").tolist()
    [2.0, 2.1, 1.005, 0.98]
    """
    between = pd.Series(_numbers_between(day.to_numpy("float64"), visits), index=visit.index)
    return _of_plan(visit, visits, "number").where(visit.astype("object") != unscheduled, between)


def _numbers_between(day: np.ndarray, visits: Visits) -> np.ndarray:
    """The number of each study day that is not planned; missing where nothing is planned."""
    plan = sorted((float(v["day"]), float(v["number"])) for v in visits.values())
    if not plan:
        return np.full(len(day), np.nan)
    days, numbers = np.array(plan).T
    last = np.searchsorted(days, day, side="right") - 1
    gaps = np.append(np.diff(days), np.inf)
    rooms = [_room(number, numbers, 1) for number in numbers]
    scales = np.array([_scale(gap, room) for gap, room in zip(gaps, rooms, strict=True)])
    after = _counted(numbers[last], day - days[last] + 1, scales[last])
    return np.where(last < 0, _numbers_before(day, days[0], numbers), after)


def _numbers_before(day: np.ndarray, first: float, numbers: np.ndarray) -> np.ndarray:
    """Counted down from the first planned number; day 1 and later count less than a day."""
    number = numbers[0]
    scale = _scale(np.inf, _room(number, numbers, -1))
    before_treatment = _counted(number, day, scale)
    after_treatment = _counted(number, day - first, _scale(first, 1 / scale))
    return np.where(day < 0, before_treatment, after_treatment)


def _room(number: float, numbers: np.ndarray, sign: int) -> float:
    """How far the next greater (sign 1) or smaller (-1) planned number is; infinite if none."""
    distances = (numbers - number) * sign
    return float(np.min(distances[distances > 0], initial=np.inf))


def _scale(days: float, room: float) -> float:
    """1000, or the power of ten that is needed for so many days to have room."""
    scale = 1000.0
    while min(days, LONGEST_STUDY) >= scale * room:
        scale *= 10
    return scale


def _counted(number: np.ndarray | float, days: np.ndarray, scale: np.ndarray | float) -> np.ndarray:
    """The double nearest to number + days / scale."""
    counted: np.ndarray = (np.round(number * scale, 6) + days) / scale
    return counted


def visit_name(visit: Text, number: Number, visits: Visits, unscheduled: str) -> Text:
    """The planned visit's name; for an unscheduled visit UNSCHEDULED and its number.

    Args:
        visit: as collected.
        number: VISITNUM.
        visits: name of each planned visit, by visit as collected.
        unscheduled: what an unscheduled visit is called.

    Returns:
        Text. An unknown visit stays as collected; missing stays missing.

    Source: SDTMIG 3.4, 4.4.5.

    >>> plan = {"W3": {"name": "WEEK 3", "number": 2, "day": 22}}
    >>> visit_name(pd.Series(["W3", "UNS"]), pd.Series([2.0, 2.009]), plan, "UNS").tolist()
    ['WEEK 3', 'UNSCHEDULED 2.009']
    """
    text = visit.astype("object")
    planned = {code: v["name"] for code, v in visits.items()}
    names = text.map(planned).where(text.isin(list(visits)), text)
    numbered = ("UNSCHEDULED " + as_text(number)).fillna("UNSCHEDULED")
    return names.where(text != unscheduled, numbered).astype("str")


def named_visit_number(visit: Text, visits: NumberedVisits) -> Number:
    """The planned visit's number; for any other visit the number that its name ends with.

    Args:
        visit: as collected.
        visits: number of each planned visit, by visit as collected.

    Returns:
        Numbers. Missing for a visit that is not planned and has no number in its name.

    Source: SDTMIG 3.4, 4.4.5.

    >>> plan = {"Week 26": {"number": 13}}
    >>> named_visit_number(pd.Series(["Week 26", "Unscheduled 13.1", "Unscheduled"]), plan).tolist()
    [13.0, 13.1, nan]
    """
    text = visit.astype("str")
    stated = text.str.extract(r"\s(\d+(?:\.\d+)?)$", expand=False).astype("float64")
    return stated.mask(text.isin(list(visits)), _of_plan(visit, visits, "number"))


def visit_day(visit: Text, visits: NumberedVisits) -> Number:
    """The planned study day of the visit; missing for a visit that is not planned.

    Args:
        visit: as collected.
        visits: day of each planned visit, by visit as collected.

    Returns:
        Whole days, VISITDY. Missing for a visit that is not planned.

    Source: SDTMIG 3.4, 4.4.5.

    >>> visit_day(pd.Series(["Week 26", "Unscheduled 13.1"]), {"Week 26": {"day": 182}}).tolist()
    [182.0, nan]
    """
    return _of_plan(visit, visits, "day")


def _of_plan(
    visit: pd.Series, visits: Visits | NumberedVisits, fact: Literal["number", "day"]
) -> pd.Series:
    known = {name: float(v[fact]) for name, v in visits.items() if fact in v}
    return visit.astype("object").map(known).astype("float64")


def window(day: Number, windows: Windows) -> Number:
    """Number of the analysis visit in whose window the study day lies.

    Args:
        day: study day.
        windows: first and last day of each analysis visit, both included.

    Returns:
        AVISITN. Missing where the day is, or lies in no window; of several windows the last counts.

    Source: ADaMIG 1.3, 3.3 (AVISITN).

    >>> window(pd.Series([11.0, 12.0, None]), [{"number": 3, "low": 12, "high": 32}]).tolist()
    [nan, 3.0, nan]
    """
    found = pd.Series(np.nan, index=day.index)
    for w in windows:
        found = found.mask(day.between(w["low"], w["high"]), float(w["number"]))
    return found


def window_name(number: Number, windows: Windows, baseline: str = "") -> Text:
    """Name of the analysis visit with that number; number 0 is the baseline.

    Args:
        number: AVISITN.
        windows: name of each analysis visit.
        baseline: name of number 0, if there is one.

    Returns:
        AVISIT. Missing where the number is, or belongs to no analysis visit.

    Source: ADaMIG 1.3, 3.3 (AVISIT).

    >>> window_name(pd.Series([0.0, 3.0]), [{"name": "Week 3", "number": 3}], "Baseline").tolist()
    ['Baseline', 'Week 3']
    """
    names = {float(w["number"]): str(w["name"]) for w in windows}
    if baseline:
        names[0.0] = baseline
    return number.map(names).astype("str")


def window_fact(number: Number, windows: Windows, fact: Literal["target", "low", "high"]) -> Number:
    """Target, low or high day of the analysis visit's window.

    Args:
        number: AVISITN.
        windows: days of each analysis visit.
        fact: which day.

    Returns:
        Study days. Missing where the number is, or belongs to no analysis visit.

    Source: ADaMIG 1.3, 3.3 (AWTARGET, AWLO and AWHI).

    >>> window_fact(pd.Series([3.0, None]), [{"number": 3, "target": 22}], "target").tolist()
    [22.0, nan]
    """
    return number.map({float(w["number"]): float(w[fact]) for w in windows}).astype("float64")


def analysed(
    groups: Groups, number: Number, day: Number, windows: Windows, order: Conditions
) -> YesOnly:
    """Y for the record nearest to the target day of its window; a tie goes to the later one.

    Args:
        groups: what makes a series of records (subject, parameter).
        number: AVISITN; records of number 0 (baseline) are taken as they are.
        day: study day.
        windows: target day of each analysis visit.
        order: what "later" means, most important first, -X descending; a missing value in it comes
            last for numbers, dates and whatever descends, first for text.

    Returns:
        Y. Missing on all other records.

    Source: ADaMIG 1.3, 3.3 (ANLzzFL).

    >>> two = pd.Series(["s", "s"])
    >>> w = [{"name": "Week 3", "number": 3, "target": 22}]
    >>> number, day = pd.Series([3.0, 3.0]), pd.Series([20.0, 24.0])
    >>> analysed([two], number, day, w, [day]).tolist()
    [nan, 'Y']
    """
    distance = (day - window_fact(number, windows, "target")).abs()
    series = {f"g{i}": column for i, column in enumerate(groups)}
    keys = {f"o{i}": latest(column) for i, column in enumerate(order)}
    columns = {"number": number, "distance": distance, **series, **keys}
    frame = pd.DataFrame(columns, index=number.index)
    inside = frame[(number > 0) & distance.notna()]
    ascending = [True] + [False] * len(keys)
    ordered = inside.sort_values(["distance", *keys], ascending=ascending, kind="stable")
    chosen = ordered.index[~ordered.duplicated([*series, "number"])]
    flagged = (number == 0) | number.index.isin(chosen)
    return pd.Series("Y", index=number.index).where(flagged).astype("str")


def latest(column: pd.Series) -> pd.Series:
    """Rank of each value, to choose the last: missing values come before all others.

    Args:
        column: text, numbers or dates. Text of dates is sorted by the first moment that each can
            be.

    Returns:
        Whole numbers, index as given; -1 where the value is missing.

    >>> latest(pd.Series(["b", None, "a"])).tolist()
    [1, -1, 0]
    """
    codes, _ = pd.factorize(iso8601.sort_key(column), sort=True)
    return pd.Series(codes, index=column.index)


def later(column: pd.Series) -> pd.Series:
    """Rank of each value, to choose the first.

    Args:
        column: text, numbers or dates. Text of dates is sorted by the first moment that each can
            be.

    Returns:
        Whole numbers, index as given. Missing text, such as a missing time, comes before others,
        missing numbers and dates after.

    >>> later(pd.Series(["b", None, "a"])).tolist(), later(pd.Series([2.0, None, 1.0])).tolist()
    ([1, -1, 0], [1, 3, 0])
    """
    ranks = latest(column)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return ranks.where(ranks >= 0, len(ranks))
    return ranks
