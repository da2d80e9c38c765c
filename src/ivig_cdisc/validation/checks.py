"""What rules in specs/rules can ask of records: columns in, True, False or missing out.

True: holds; False: does not, and becomes a finding; missing: does not apply. Pure and vectorised.
The first line of each docstring says the check in words, and the report shows it.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..conditions import has_value
from ..iso8601 import before, complete_date, completed_years, differs, is_date, span
from ..text import as_text
from . import patterns

Check = Callable[..., pd.Series]

TOLERANCE = 1e-9  # of binary arithmetic with decimal data


# ---------------------------------------------------------------- parts that checks share
def verdict(holds: pd.Series, applies: pd.Series) -> pd.Series:
    """True or False where it applies, else missing."""
    applying = applies.astype("boolean").fillna(False).astype(bool)
    decided: pd.Series = holds.astype("boolean").where(applying)
    return decided


def ticked(criteria: pd.DataFrame) -> pd.Series:
    """Whether any of the columns is Y."""
    return pd.concat([criteria[name].eq("Y") for name in criteria.columns], axis=1).any(axis=1)


def number(values: pd.Series) -> pd.Series:
    """Values as numbers; what is none is missing."""
    numbers: pd.Series = pd.to_numeric(values, errors="coerce")
    return numbers


def moment(values: pd.Series) -> pd.Series:
    """Dates as ISO 8601 text of their precision; what is no date of the calendar is missing."""
    written = as_text(values)
    return written.where(is_date(written))


# ---------------------------------------------------------------- ISO 8601
def complete_or_reduced(value: pd.Series) -> pd.Series:
    """The text is a date of the calendar in ISO 8601, complete or of reduced precision.

    >>> complete_or_reduced(pd.Series(["2016-02-29T10:30", "2017-05", "2017---12"])).tolist()
    [True, True, True]
    >>> complete_or_reduced(pd.Series(["2017-02-29", "12-05-2017", None])).tolist()
    [False, False, <NA>]
    """
    return verdict(is_date(value.astype("str")), has_value(value))


def is_duration(value: pd.Series) -> pd.Series:
    """The text is a duration in ISO 8601.

    >>> is_duration(pd.Series(["P3W", "-P21D", "PT2H30M", "P", "PT", "3 weeks", None])).tolist()
    [True, True, True, False, False, False, <NA>]
    """
    return verdict(value.astype("str").str.fullmatch(patterns.DURATION), has_value(value))


# ---------------------------------------------------------------- order of dates
def not_before(end: pd.Series, start: pd.Series) -> pd.Series:
    """The end is not before the start, as far as the known parts of partial dates say.

    >>> end = ["2017-05-13", "2017-05", "2017---01", "2017-04", "2017-05-12T09:00", None]
    >>> start = ["2017-05-12"] * 4 + ["2017-05-12T10:00", "2017"]
    >>> not_before(pd.Series(end), pd.Series(start)).tolist()
    [True, True, True, False, False, <NA>]
    """
    return verdict(~before(as_text(end), as_text(start)), dated(end) & dated(start))


def not_after(date: pd.Series, limit: str | pd.Series) -> pd.Series:
    """The date is not after the limit, as far as the known parts of partial dates say.

    >>> not_after(pd.Series(["2017-05-13", "2017-06", "2018"]), "2017-06-15").tolist()
    [True, True, False]
    """
    if isinstance(limit, str):
        limit = pd.Series(limit, index=date.index, dtype="str")
    return not_before(limit, date)


def same_date(date: pd.Series, other: pd.Series) -> pd.Series:
    """Both dates are the same as far as both are known.

    >>> same_date(pd.Series(["2017-05-12T10:00", "2017-05-12", "2017---12"]),
    ...           pd.Series(["2017-05-12", "2017-05-13", "2017-05"])).tolist()
    [True, False, True]
    """
    one, two = moment(date), moment(other)
    return verdict(~differs(one, two), one.notna() & two.notna())


def days_between(days: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    """The number of days from start to end, both counted, is the one recorded.

    >>> days_between(pd.Series([1, 22, 21]), pd.Series(["2017-05-01"] * 3),
    ...              pd.Series(["2017-05-01", "2017-05-22", "2017-05-22"])).tolist()
    [True, True, False]
    """
    counted = (complete_date(as_text(end)) - complete_date(as_text(start))).dt.days + 1
    return verdict(number(days).eq(counted), number(days).notna() & counted.notna())


def age_decided(age: pd.Series, birth: pd.Series, reference: pd.Series) -> pd.Series:
    """The known parts of birth and reference date leave one age in completed years.

    >>> age_decided(pd.Series([53, 54, None]), pd.Series(["1970-12", "1970", "1970"]),
    ...             pd.Series(["2024-02-28"] * 3)).tolist()
    [True, False, <NA>]
    """
    years = completed_years(as_text(birth), as_text(reference))
    return verdict(years["least"].eq(years["most"]), has_value(age) & years.notna().all(axis=1))


# ---------------------------------------------------------------- numbers
def in_range(value: pd.Series, low: float, high: float) -> pd.Series:
    """The number lies between low and high, both included.

    >>> in_range(pd.Series([0, 100, 100.5, None]), low=0, high=100).tolist()
    [True, True, False, <NA>]
    """
    values = number(value)
    return verdict(values.between(low, high), values.notna())


def between(value: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """The number lies between the two others of its record, both included.

    >>> low, high = pd.Series([12, 12, 33]), pd.Series([32, 32, None])
    >>> between(pd.Series([22, 33, 40]), low, high).tolist()
    [True, False, <NA>]
    """
    values, least, most = number(value), number(low), number(high)
    applies = values.notna() & least.notna() & most.notna()
    return verdict(values.ge(least) & values.le(most), applies)


def not_less(high: pd.Series, low: pd.Series) -> pd.Series:
    """The upper number is not less than the lower.

    >>> not_less(pd.Series([170, 30, None]), pd.Series([40, 31, 1])).tolist()
    [True, False, <NA>]
    """
    upper, lower = number(high), number(low)
    return verdict(upper.ge(lower), upper.notna() & lower.notna())


def within_percent(value: pd.Series, plan: pd.Series, percent: float) -> pd.Series:
    """The number differs from the planned one by no more than the given percentage of it.

    >>> value, plan = pd.Series([1.8, 2.2, 1.79, None]), pd.Series([2, 2, 2, 2])
    >>> within_percent(value, plan, percent=10).tolist()
    [True, True, False, <NA>]
    """
    given, planned = number(value), number(plan)
    near = (given - planned).abs().le(planned.abs() * percent / 100 + TOLERANCE)
    return verdict(near, given.notna() & planned.notna())


def difference(value: pd.Series, minuend: pd.Series, subtrahend: pd.Series) -> pd.Series:
    """The number is the difference of the two others.

    >>> difference(pd.Series([-1.5, 1.0]), pd.Series([5.7, 5.7]), pd.Series([7.2, 7.2])).tolist()
    [True, False]
    """
    given, change = number(value), number(minuend) - number(subtrahend)
    near = (given - change).abs().le(TOLERANCE)
    return verdict(near, given.notna() & change.notna())


# ---------------------------------------------------------------- values that must be there or not
def present(value: pd.Series) -> pd.Series:
    """There is a value.

    >>> present(pd.Series(["2017-05-12", "", None])).tolist()
    [True, False, False]
    """
    return has_value(value).astype("boolean")


def dated(value: pd.Series) -> pd.Series:
    """There is a date of which at least the year is known.

    >>> dated(pd.Series(["2017-05-12", "2017", "-----T08:30", None])).tolist()
    [True, True, False, False]
    """
    return span(as_text(value))["first"].notna().astype("boolean")


def absent(value: pd.Series) -> pd.Series:
    """There is no value.

    >>> absent(pd.Series(["2017-05-12", "", None])).tolist()
    [False, True, True]
    """
    return ~present(value)


def matched(value: pd.Series) -> pd.Series:
    """The record has its counterpart in the other dataset.

    >>> matched(pd.Series(["ABC123-001", None])).tolist()
    [True, False]
    """
    return present(value)


def present_with(value: pd.Series, other: pd.Series) -> pd.Series:
    """Where there is the other value, there is this one.

    >>> present_with(pd.Series(["U/L", None, None]), pd.Series(["170", "170", None])).tolist()
    [True, False, <NA>]
    """
    return verdict(has_value(value), has_value(other))


def one_of(value: pd.Series, allowed: list[str] | str) -> pd.Series:
    """The value is one of those allowed.

    >>> one_of(pd.Series(["DEATH", "COMPLETED", None]), ["DEATH"]).tolist()
    [True, False, <NA>]
    >>> one_of(pd.Series([0.0, 2.0]), ["0", "1"]).tolist()
    [True, False]
    """
    if isinstance(allowed, str):
        allowed = [allowed]
    return verdict(as_text(value).isin(allowed), has_value(value))


# ---------------------------------------------------------------- flags
def any_of(flag: pd.Series, criteria: pd.DataFrame) -> pd.Series:
    """Where the flag is Y, at least one of the criteria is Y.

    >>> criteria = pd.DataFrame({"AESDTH": ["N", "N", "N"], "AESHOSP": ["Y", None, "N"]})
    >>> any_of(pd.Series(["Y", "Y", "N"]), criteria).tolist()
    [True, False, <NA>]
    """
    return verdict(ticked(criteria), flag.eq("Y"))


def only_with(flag: pd.Series, criteria: pd.DataFrame) -> pd.Series:
    """Where one of the criteria is Y, the flag is Y.

    >>> criteria = pd.DataFrame({"AESDTH": ["Y", "Y", "N"], "AESHOSP": ["N", "N", None]})
    >>> only_with(pd.Series(["Y", "N", "N"]), criteria).tolist()
    [True, False, <NA>]
    """
    return verdict(flag.eq("Y"), ticked(criteria))


def flag_when(flag: pd.Series, value: pd.Series, term: str) -> pd.Series:
    """The flag is Y if and only if the value is the given term.

    >>> value = pd.Series(["COMPLETED", "DEATH", "DEATH", None])
    >>> flag_when(pd.Series(["Y", "Y", "N", "N"]), value, term="COMPLETED").tolist()
    [True, False, True, <NA>]
    """
    return verdict(flag.eq("Y").eq(value.eq(term)), has_value(flag) & has_value(value))


# ---------------------------------------------------------------- groups of records
def at_most_one(flag: pd.Series, by: pd.DataFrame) -> pd.Series:
    """No more than one record of a group has the flag Y.

    >>> by = pd.DataFrame({"LBTESTCD": ["CK", "CK", "CK", "LDH"]})
    >>> at_most_one(pd.Series(["Y", "Y", None, "Y"]), by).tolist()
    [False, False, <NA>, True]
    """
    flagged = flag.eq("Y")
    groups = [by[name].astype("str").fillna("") for name in by.columns]
    return verdict(flagged.groupby(groups, observed=True).transform("sum").le(1), flagged)


def distinct(values: pd.DataFrame) -> pd.Series:
    """No two records agree in all of these values; a record that lacks one of them is not compared.

    >>> columns = {"AETERM": ["rash", "rash", "rash"], "AESTDTC": ["2017", "2017", None]}
    >>> distinct(pd.DataFrame(columns)).tolist()
    [False, False, <NA>]
    """
    complete = values.notna().all(axis=1)
    return verdict(~values.duplicated(keep=False), complete)


def equal_sum(
    subject: pd.Series,
    visit: pd.Series,
    parameter: pd.Series,
    value: pd.Series,
    score: str,
    parts: list[str],
) -> pd.Series:
    """The score is the sum of its parts at the visit, and all parts are there.

    >>> frame = pd.DataFrame(
    ...     [["1", "Week 3", "A", 20.0], ["1", "Week 3", "B", 7.5], ["1", "Week 3", "SUM", 27.5],
    ...      ["1", "Week 6", "A", 20.0], ["1", "Week 6", "SUM", 20.0]],  # B is missing
    ...     columns=["subject", "visit", "parameter", "value"])
    >>> equal_sum(**frame, score="SUM", parts=["A", "B"]).tolist()
    [<NA>, <NA>, True, <NA>, False]
    """
    part = number(value).where(parameter.isin(parts))
    grouped = part.groupby([subject.astype("str"), visit.astype("str")])
    near = (number(value) - grouped.transform("sum")).abs().le(TOLERANCE)
    return verdict(near & grouped.transform("count").eq(len(parts)), parameter.eq(score))


def responds(
    subject: pd.Series,
    parameter: pd.Series,
    value: pd.Series,
    excluded: pd.Series,
    imputed: pd.Series,
    score: str,
    response: str,
    threshold: float,
) -> pd.Series:
    """The response is 1 if a score that counts reaches the threshold, 0 if not; imputed if none.

    >>> frame = pd.DataFrame(
    ...     [["1", "SCORE", 45.0, None, None], ["1", "RESP", 1.0, None, None],  # agrees
    ...      ["2", "SCORE", 45.0, "Y", None], ["2", "RESP", 0.0, None, "NRI"],  # does not count
    ...      ["3", "SCORE", 30.0, None, None], ["3", "RESP", 1.0, None, None]],  # 30 is no response
    ...     columns=["subject", "parameter", "value", "excluded", "imputed"])
    >>> responds(**frame, score="SCORE", response="RESP", threshold=40).tolist()
    [<NA>, True, <NA>, True, <NA>, False]
    """
    counts = parameter.eq(score) & excluded.ne("Y") & number(value).notna()
    group = subject.astype("str")
    best = number(value).where(counts).groupby(group).transform("max")
    agrees = number(value).eq(best.ge(threshold).astype(float)) & imputed.eq("NRI").eq(best.isna())
    return verdict(agrees, parameter.eq(response))


_FUNCTIONS = (
    absent, age_decided, any_of, at_most_one, between, complete_or_reduced, dated, days_between,
    difference, distinct, equal_sum, flag_when, in_range, is_duration, matched, not_after,
    not_before, not_less, one_of, only_with, present, present_with, responds, same_date,
    within_percent,
)  # fmt: skip
CHECKS: dict[str, Check] = {function.__name__: function for function in _FUNCTIONS}


def words(name: str) -> str:
    """A check in words: the first line of its docstring.

    Args:
        name: of a check.

    Returns:
        A sentence.

    >>> words("present")
    'There is a value.'
    """
    return (CHECKS[name].__doc__ or "").strip().splitlines()[0]
