"""Findings on one cell of the raw export have one cause, whoever complains of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from ..findings import SEVERITIES, is_open

CELL = ("file", "line", "column")


def causes(found: pd.DataFrame) -> pd.Series:
    """The raw cell of each finding, file:line:column; missing where it does not speak of one.

    Args:
        found: findings.

    Returns:
        Text, with the index of the findings.

    >>> cells = {"file": ["ae.csv", None], "line": [15, None], "column": ["end", None]}
    >>> kinds = {"file": "str", "line": "Int64", "column": "str"}
    >>> causes(pd.DataFrame(cells).astype(kinds)).tolist()
    ['ae.csv:15:end', nan]
    """
    cause: pd.Series = found["file"] + ":" + found["line"].astype("str") + ":" + found["column"]
    return cause.where(found["line"].notna())


def ranked(found: pd.DataFrame) -> pd.DataFrame:
    """The findings in an order in which the first of each cause speaks for it.

    Open before waived, then the worst, then reading before datasets, as it says things in the words
    of the form.
    """
    worst = found["severity"].map({severity: i for i, severity in enumerate(SEVERITIES)})
    keys = (found["row"].notna(), worst, ~is_open(found))  # the last one counts most
    return found.iloc[np.lexsort([key.to_numpy() for key in keys])]


def shared(found: pd.DataFrame) -> list[list[int]]:
    """Positions of the findings of each cause that has several, that which speaks for it first."""
    cause = causes(found)
    place = pd.Series(range(len(found)), index=found.index)
    several = ranked(found[cause.duplicated(keep=False) & cause.notna()])
    codes = pd.factorize(cause[several.index])[0]
    order = np.argsort(codes, kind="stable")
    positions = place[several.index].to_numpy()[order].tolist()
    changes = np.flatnonzero(np.diff(codes[order])) + 1
    cuts = [0, *changes.tolist(), len(positions)]
    groups = []
    for start, end in pairwise(cuts):
        if end > start:
            groups.append(positions[start:end])
    return sorted(groups)


def first(found: pd.DataFrame) -> pd.DataFrame:
    """Of each cause the finding that speaks for it, and all of no raw cell, in the given order."""
    cause = causes(found)
    spoken = ranked(found)
    again = cause[spoken.index].duplicated() & cause[spoken.index].notna()
    return found.loc[found.index.isin(spoken.index[~again])]


def with_reasons(found: pd.DataFrame) -> pd.DataFrame:
    """The findings, with the reason where a value was entered and could not be read.

    Args:
        found: findings of reading and of datasets.

    Returns:
        The findings in their order. The message of one on a missing value of a dataset goes on with
        what was entered in its source, and the rule by which it could not be read.

    >>> from ivig_cdisc.findings import findings
    >>> cell = {"file": "ae.csv", "line": 7, "column": "start_date"}
    >>> raw = findings(severity="error", rule="RAW-DATE", value="12-13-2024", **cell)
    >>> rash = {"dataset": "AE", "row": 3, "message": "Rash has no start date."}
    >>> ae = findings(rule="AE-WITHOUT-START", **rash, **cell)
    >>> with_reasons(pd.concat([raw, ae], ignore_index=True))["message"][1]
    'Rash has no start date. What was entered, "12-13-2024", could not be read (RAW-DATE).'
    """
    cause = causes(found)
    of_reading = found["row"].isna() & found["rule"].str.startswith("RAW-")
    unread = of_reading & found["severity"].eq("error") & found["value"].notna() & cause.notna()
    told = ' What was entered, "' + found["value"] + '", could not be read (' + found["rule"] + ")."
    reasons = told[unread].groupby(cause[unread]).first()
    lacking = cause.where(found["row"].notna() & found["value"].isna())
    reason = lacking.map(reasons).astype("str").fillna("")
    return found.assign(message=(found["message"] + reason).astype("str"))
