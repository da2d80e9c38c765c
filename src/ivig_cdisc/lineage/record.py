"""One record of a dataset, singled out by a condition such as "USUBJID=ABC123-01-001 AVISIT='Week 9'"."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ..errors import CdiscError
from ..metadata import suggest
from ..text import number_text

LONGEST = 120  # characters of a condition that a message shows
EXAMPLE = "it reads as USUBJID=01-001 AVISIT='Week 9'"


def conditions(where: str) -> list[tuple[str, str]]:
    """Variables and their values as typed.

    CdiscError where the text is not made of `VARIABLE=value` parts.
    """
    pairs = [part.partition("=") for part in _parts(where)]
    if not pairs:
        raise CdiscError(f"the condition is empty; {EXAMPLE}")
    for variable, equals, _ in pairs:
        if not (variable and equals):
            raise CdiscError(
                f"the condition {_short(where)} is not made of VARIABLE=value; {EXAMPLE}"
            )
    return [(variable, value) for variable, _, value in pairs]


def _parts(where: str) -> list[str]:
    try:
        return shlex.split(where)
    except ValueError as error:
        mark = "nothing follows the last \\"
        if "quotation" in str(error):
            mark = "a quotation mark is not closed"
        raise CdiscError(
            f"the condition {_short(where)} cannot be read: {mark}; {EXAMPLE}"
        ) from error


def find(frame: pd.DataFrame, name: str, keys: Sequence[str], where: str) -> int:
    """The one row that fits.

    Args:
        frame: the records; at least the variables of the condition, and the keys.
        name: of the dataset, for messages.
        keys: of the dataset; those in which several records differ are named.
        where: the condition.

    Returns:
        The row, of the index of the frame.

    Raises:
        CdiscError: a variable is not there, or none or several rows fit.
    """
    wanted = [
        (known_variable(variable, name, frame.columns), value)
        for variable, value in conditions(where)
    ]
    texts = {variable: _texts(frame[variable]) for variable, _ in wanted}
    fits = pd.Series(data=True, index=frame.index)
    for variable, value in wanted:
        fits &= texts[variable].eq(value)
    found = frame.index[fits]
    if len(found) == 0:
        raise CdiscError(f"no record of {name} fits {_short(where)}{_never(wanted, texts)}")
    if len(found) > 1:
        differing = [key for key in keys if frame.loc[found, key].nunique(dropna=False) > 1]
        told = f"{len(found)} records of {name} fit {_short(where)}"
        raise CdiscError(f"{told}; they differ in {', '.join(differing) or 'no key'}")
    return int(found[0])


def known_variable(variable: str, name: str, columns: pd.Index) -> str:
    """The variable in capitals; CdiscError where the dataset has none of that name."""
    if variable.upper() not in columns:
        near = suggest(variable.upper()[:LONGEST], list(columns))
        raise CdiscError(f"{name} has no variable {variable[:LONGEST]}{near}")
    return variable.upper()


def _never(wanted: Sequence[tuple[str, str]], texts: Mapping[str, pd.Series]) -> str:
    """Which of the conditions none of the records meets, with the value that was perhaps meant."""
    for variable, value in wanted:
        known = texts[variable].dropna().unique().tolist()
        if value not in known:
            longer = next(_ending_with(value, known), "")
            near = longer or suggest(value[:LONGEST], known)
            return f": {variable} is nowhere {value[:LONGEST]}{near}"
    return "; each condition fits some, but none fits all"


def _ending_with(value: str, known: Sequence[str]) -> Iterator[str]:
    """The values that end as the one that was typed, as a subject with its study in front."""
    for one in known:
        if one.endswith(value):
            yield f" (did you mean {one}?)"


def _short(where: str) -> str:
    return repr(where if len(where) <= LONGEST else f"{where[:LONGEST]}...")


# ---------------------------------------------------------------- values
def shown(value: Any) -> str | None:
    """A value as a person writes it: 22 and not 22.0, dates without time.

    None where it is missing.
    """
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().removesuffix("T00:00:00")
    return number_text(value) if isinstance(value, float) else str(value)


def _texts(column: pd.Series) -> pd.Series:
    """The values as `shown` gives them; each distinct one is made once."""
    codes, distinct = pd.factorize(column)
    texts = pd.Series([shown(value) for value in distinct], dtype="str")
    return texts.reindex(codes).set_axis(column.index)
