"""Text and coded values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from .kinds import Alike, Text
from .roles import Condition

__all__ = [
    "coalesce",
    "copy",
    "first_absent",
    "paste",
    "piece",
    "recode",
    "recode_where",
    "study_status",
    "upper_case",
    "when_present",
    "where_absent",
    "where_is",
    "where_present",
]


def copy(value: Alike) -> Alike:
    """As collected or as in the source dataset.

    >>> copy(pd.Series(["as it is"])).tolist()
    ['as it is']
    """
    return value


def recode(value: Text, terms: Mapping[str, str]) -> Text:
    """The submission value of the collected value; a value without one stays as it is.

    >>> recode(pd.Series(["1", "7", None]), {"1": "MILD"}).tolist()
    ['MILD', '7', nan]
    """
    if not len(value):
        return value.astype("str")
    uniques = pd.Series(value.unique())
    return value.map({old: terms.get(str(old), old) for old in uniques.dropna()}).astype("str")


def upper_case(value: Text) -> Text:
    """In capitals.

    >>> upper_case(pd.Series(["Rash", None])).tolist()
    ['RASH', nan]
    """
    return value.astype("str").str.upper()


def coalesce(values: Sequence[Alike]) -> Alike:
    """The first of several values that is not missing.

    >>> coalesce([pd.Series([None, "a"]), pd.Series(["b", "c"])]).tolist()
    ['b', 'a']
    """
    first, *others = (
        v.astype("str") if isinstance(v.dtype, pd.CategoricalDtype) else v for v in values
    )
    for other in others:
        if not other.isna().all():  # what is all missing has no say in what kind of column it is
            first = other if first.isna().all() else first.where(first.notna(), other)
    return first


def paste(values: Sequence[Text], prefix: str = "", separator: str = "") -> Text:
    """The values one after another behind a fixed prefix; missing where one of them is missing.

    >>> paste([pd.Series(["01", None]), pd.Series(["a", "b"])], prefix="X-", separator="/").tolist()
    ['X-01/a', nan]
    """
    joined = values[0].astype("str")
    for value in values[1:]:
        joined = joined + separator + value.astype("str")
    return prefix + joined


def piece(value: Text, separator: str, number: int) -> Text:
    """The n-th piece of the text between separators, counted from 1; missing where it is empty or there are fewer.

    >>> piece(pd.Series(["701-1015", "702", None]), separator="-", number=2).tolist()
    ['1015', nan, nan]
    """
    pieces = value.astype("str").str.split(separator, regex=False, expand=True)
    found = pieces.reindex(columns=range(number))[number - 1].astype("str")
    return found.where(found != "")


def when_present(values: Sequence[pd.Series], term: str, otherwise: str | None = None) -> Text:
    """A fixed term where at least one of the values is present, else another one or none.

    >>> when_present([pd.Series(["2018", None])], "Y").tolist()
    ['Y', nan]
    """
    present = pd.concat(list(values), axis=1).notna().any(axis=1)
    chosen = np.where(present, term, otherwise)  # type: ignore[arg-type]
    return pd.Series(chosen, index=values[0].index).astype("str")


def first_absent(values: Sequence[pd.Series], terms: Sequence[str]) -> Text:
    """The term of the first value that is missing; missing where all are present.

    >>> first_absent([pd.Series(["a", None]), pd.Series([None, None])], ["NO A", "NO B"]).tolist()
    ['NO B', 'NO A']
    """
    named = np.select([value.isna().to_numpy() for value in values], list(terms), "")
    return pd.Series(named, index=values[0].index).replace("", np.nan).astype("str")


def where_is(value: Alike, flag: Condition, values: Sequence[str]) -> Alike:
    """The value on records whose flag is one of the given values, else missing.

    >>> where_is(pd.Series([1.0, 2.0]), pd.Series(["Y", None]), ["Y"]).tolist()
    [1.0, nan]
    """
    return value.where(flag.isin(list(values)))


def where_absent(value: Alike, flag: Condition) -> Alike:
    """The value on records without the flag, else missing.

    >>> where_absent(pd.Series([1.0, 2.0]), pd.Series(["Y", None])).tolist()
    [nan, 2.0]
    """
    return value.where(flag.isna())


def where_present(value: Alike, present: Condition) -> Alike:
    """The value on records where another column is present, else missing.

    >>> where_present(pd.Series([1.0, 2.0]), pd.Series(["a", None])).tolist()
    [1.0, nan]
    """
    return value.where(present.notna())


def recode_where(value: Text, present: Condition, terms: Mapping[str, str]) -> Text:
    """The term for the value on records where another column is present; a value without a term has none.

    >>> recode_where(pd.Series(["WEIGHT", "WEIGHT"]), pd.Series(["70", None]), {"WEIGHT": "kg"}).tolist()
    ['kg', nan]
    """
    return value.astype("object").map(dict(terms)).where(present.notna()).astype("str")


def study_status(disposition: Text) -> Text:
    """COMPLETED or DISCONTINUED by the disposition; missing for screen failures and without one (ADaMIG 3.2, EOSSTT).

    >>> study_status(pd.Series(["COMPLETED", "LACK OF EFFICACY", "SCREEN FAILURE", None])).tolist()
    ['COMPLETED', 'DISCONTINUED', nan, nan]
    """
    known = disposition.notna() & (disposition != "SCREEN FAILURE")
    status = np.where(disposition == "COMPLETED", "COMPLETED", "DISCONTINUED")
    return pd.Series(status, index=disposition.index).where(known).astype("str")
