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

    Args:
        value: of any kind.

    Returns:
        The same column. Missing stays missing.

    >>> copy(pd.Series(["as it is"])).tolist()
    ['as it is']
    """
    return value


def recode(value: Text, terms: Mapping[str, str]) -> Text:
    """The submission value of the collected value; a value without one stays as it is.

    Args:
        value: text.
        terms: submission value by collected value.

    Returns:
        Text. Missing stays missing.

    Source: SDTMIG 3.4, 4.3 (coding and controlled terminology).

    >>> recode(pd.Series(["1", "7", None]), {"1": "MILD"}).tolist()
    ['MILD', '7', nan]
    """
    if not len(value):
        return value.astype("str")
    uniques = pd.Series(value.unique())
    return value.map({old: terms.get(str(old), old) for old in uniques.dropna()}).astype("str")


def upper_case(value: Text) -> Text:
    """In capitals.

    Args:
        value: text.

    Returns:
        Text. Missing stays missing.

    Source: SDTMIG 3.4, 4.2.4.

    >>> upper_case(pd.Series(["Rash", None])).tolist()
    ['RASH', nan]
    """
    return value.astype("str").str.upper()


def coalesce(values: Sequence[Alike]) -> Alike:
    """The first of several values that is not missing.

    Args:
        values: columns of one kind, most important first.

    Returns:
        The values. Missing where all are.

    >>> coalesce([pd.Series([None, "a"]), pd.Series(["b", "c"])]).tolist()
    ['b', 'a']
    """
    first = _plain(values[0])
    for value in values[1:]:
        other = _plain(value)
        if other.isna().all():  # what is all missing has no say in what kind of column it is
            continue
        if first.isna().all():
            first = other
            continue
        first = first.where(first.notna(), other)
    return first


def _plain(value: pd.Series) -> pd.Series:
    """Categories as text, which other text can go into; any other column as it is."""
    if isinstance(value.dtype, pd.CategoricalDtype):
        return value.astype("str")
    return value


def paste(values: Sequence[Text], prefix: str = "", separator: str = "") -> Text:
    """The values one after another behind a fixed prefix; missing where one of them is missing.

    Args:
        values: text.
        prefix: stands before them.
        separator: stands between them.

    Returns:
        Text. Missing where one of the values is.

    >>> paste([pd.Series(["01", None]), pd.Series(["a", "b"])], prefix="X-", separator="/").tolist()
    ['X-01/a', nan]
    """
    joined = values[0].astype("str")
    for value in values[1:]:
        joined = joined + separator + value.astype("str")
    return prefix + joined


def piece(value: Text, separator: str, number: int) -> Text:
    """The n-th piece of the text between separators, counted from 1.

    Args:
        value: text.
        separator: what stands between the pieces.
        number: which piece.

    Returns:
        Text. Missing where the piece is empty or there are fewer, and where the value is missing.

    >>> piece(pd.Series(["701-1015", "702", None]), separator="-", number=2).tolist()
    ['1015', nan, nan]
    """
    pieces = value.astype("str").str.split(separator, regex=False, expand=True)
    found = pieces.reindex(columns=range(number))[number - 1].astype("str")
    return found.where(found != "")


def when_present(values: Sequence[pd.Series], term: str, otherwise: str | None = None) -> Text:
    """A fixed term where at least one of the values is present, else another one or none.

    Args:
        values: columns of any kind.
        term: where there is a value.
        otherwise: where there is none.

    Returns:
        Text. Missing where there is no value and no other term.

    >>> when_present([pd.Series(["2018", None])], "Y").tolist()
    ['Y', nan]
    """
    present = pd.concat(list(values), axis=1).notna().any(axis=1)
    chosen = np.where(present, term, otherwise)  # type: ignore[arg-type]
    return pd.Series(chosen, index=values[0].index).astype("str")


def first_absent(values: Sequence[pd.Series], terms: Sequence[str]) -> Text:
    """The term of the first value that is missing; missing where all are present.

    Args:
        values: columns of any kind, most important first.
        terms: one for each of them.

    Returns:
        Text. Missing where all values are present.

    >>> first_absent([pd.Series(["a", None]), pd.Series([None, None])], ["NO A", "NO B"]).tolist()
    ['NO B', 'NO A']
    """
    named = np.select([value.isna().to_numpy() for value in values], list(terms), "")
    return pd.Series(named, index=values[0].index).replace("", np.nan).astype("str")


def where_is(value: Alike, flag: Condition, values: Sequence[str]) -> Alike:
    """The value on records whose flag is one of the given values, else missing.

    Args:
        value: of any kind.
        flag: text.
        values: of the flag.

    Returns:
        The values. Missing on other records, those without the flag included.

    >>> where_is(pd.Series([1.0, 2.0]), pd.Series(["Y", None]), ["Y"]).tolist()
    [1.0, nan]
    """
    return value.where(flag.isin(list(values)))


def where_absent(value: Alike, flag: Condition) -> Alike:
    """The value on records without the flag, else missing.

    Args:
        value: of any kind.
        flag: of any kind.

    Returns:
        The values. Missing where there is a flag.

    >>> where_absent(pd.Series([1.0, 2.0]), pd.Series(["Y", None])).tolist()
    [nan, 2.0]
    """
    return value.where(flag.isna())


def where_present(value: Alike, present: Condition) -> Alike:
    """The value on records where another column is present, else missing.

    Args:
        value: of any kind.
        present: of any kind.

    Returns:
        The values. Missing where the other column is.

    >>> where_present(pd.Series([1.0, 2.0]), pd.Series(["a", None])).tolist()
    [1.0, nan]
    """
    return value.where(present.notna())


def recode_where(value: Text, present: Condition, terms: Mapping[str, str]) -> Text:
    """The term for the value on records where another column is present.

    Args:
        value: text.
        present: of any kind.
        terms: term by value.

    Returns:
        Text. Missing where the other column is, and for a value without a term.

    >>> value, present = pd.Series(["WEIGHT", "WEIGHT"]), pd.Series(["70", None])
    >>> recode_where(value, present, {"WEIGHT": "kg"}).tolist()
    ['kg', nan]
    """
    return value.astype("object").map(dict(terms)).where(present.notna()).astype("str")


def study_status(disposition: Text) -> Text:
    """COMPLETED or DISCONTINUED by the disposition.

    Args:
        disposition: DSDECOD of the end of the study.

    Returns:
        COMPLETED or DISCONTINUED. Missing for screen failures and without a disposition.

    Source: ADaMIG 1.3, 3.2 (EOSSTT).

    >>> study_status(pd.Series(["COMPLETED", "LACK OF EFFICACY", "SCREEN FAILURE", None])).tolist()
    ['COMPLETED', 'DISCONTINUED', nan, nan]
    """
    known = disposition.notna() & (disposition != "SCREEN FAILURE")
    status = np.where(disposition == "COMPLETED", "COMPLETED", "DISCONTINUED")
    return pd.Series(status, index=disposition.index).where(known).astype("str")
