"""One record of a dataset, singled out by a condition.

Such as "USUBJID=ABC123-01-001 AVISIT='Week 9'".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..conditions import fits
from ..errors import CdiscError
from ..text import as_text, first_few, suggest, value_text

COMMA = re.compile(r"""('[^']*'|"[^"]*")|,\s+(?=\w+=)""")  # between keys, as a report has it
MOST = 5  # values of a key that a message names
LONGEST = 120  # characters of a condition that a message shows
EXAMPLE = "a value with blanks is in quotes, as in USUBJID=01-001 AVISIT='Week 9'"


def conditions(where: str) -> list[tuple[str, str]]:
    """Variables and their values as typed.

    Args:
        where: the condition; a value with spaces is in quotation marks.

    Returns:
        Pairs of variable and value, in the order of the condition.

    Raises:
        CdiscError: the text is empty, or not made of `VARIABLE=value` parts.
    """
    pairs: list[tuple[str, str]] = []
    for part in _parts(where):
        variable, equals, value = part.partition("=")
        if not (variable and equals):
            reason = f"the condition {_short(where)} is not made of VARIABLE=value"
            raise CdiscError(f"{reason}; {EXAMPLE}")
        pairs.append((variable, value))
    if not pairs:
        raise CdiscError(f"the condition is empty; {EXAMPLE}")
    return pairs


def _parts(where: str) -> list[str]:
    try:
        return shlex.split(COMMA.sub(_quoted_or_blank, where))
    except ValueError as error:
        reason = "nothing follows the last \\"
        if "quotation" in str(error):
            reason = "a quotation mark is not closed"
        cannot = f"the condition {_short(where)} cannot be read"
        raise CdiscError(f"{cannot}: {reason}; {EXAMPLE}") from error


def condition(record: pd.Series) -> str:
    """A record's values as the condition that finds it.

    Args:
        record: values by variable; a missing one is left out.

    Returns:
        The text, as `conditions` reads it.

    >>> condition(pd.Series({"USUBJID": "S-01", "AVISIT": "Week 9", "AVISITN": 9.0}))
    "USUBJID=S-01 AVISIT='Week 9' AVISITN=9"
    """
    parts = []
    for name, value in record.dropna().items():
        parts.append(f"{name}={shlex.quote(value_text(value))}")
    return " ".join(parts)


def _quoted_or_blank(found: re.Match[str]) -> str:
    return found[1] or " "


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
    wanted: list[tuple[str, str]] = []
    for typed, value in conditions(where):
        wanted.append((known_variable(typed, name, frame.columns), value))
    chosen = pd.Series(data=True, index=frame.index)
    for variable, value in wanted:
        chosen &= fits(frame, {variable: [value]})
    found = frame.index[chosen]
    if len(found) == 0:
        raise CdiscError(f"no record of {name} fits {_short(where)}{_never(wanted, frame)}")
    if len(found) > 1:
        several = f"{len(found)} records of {name} fit {_short(where)}"
        raise CdiscError(f"{several}; they differ in {_differing(frame.loc[found, list(keys)])}")
    return int(found[0])


def _differing(keys: pd.DataFrame) -> str:
    """The keys in which records differ, with the first of their values."""
    parts = []
    for name in keys:
        values = list(as_text(keys[name]).dropna().unique())
        if keys[name].nunique(dropna=False) > 1:
            parts.append(f"{name} ({first_few(values, MOST)})")
    return ", ".join(parts) or "no key"


def known_variable(variable: str, name: str, columns: pd.Index) -> str:
    """The variable in capitals.

    Args:
        variable: as typed.
        name: of the dataset, for messages.
        columns: of the dataset.

    Raises:
        CdiscError: the dataset has no variable of that name.
    """
    if variable.upper() not in columns:
        near = suggest(variable.upper()[:LONGEST], list(columns))
        raise CdiscError(f"{name} has no variable {variable[:LONGEST]}{near}")
    return variable.upper()


def _never(wanted: Sequence[tuple[str, str]], frame: pd.DataFrame) -> str:
    """Which of the conditions none of the records meets, with the value that was perhaps meant."""
    for variable, value in wanted:
        if not fits(frame, {variable: [value]}).any():
            known = as_text(frame[variable]).dropna().unique().tolist()
            return f": {variable} is nowhere {_short(value)}{_near(value, known)}"
    return "; each condition fits some, but none fits all"


def _near(value: str, known: Sequence[str]) -> str:
    """What was perhaps meant: a value that ends as typed, as a subject with its study in front."""
    for longer in known:
        if longer.endswith(value):
            return f" (did you mean {longer}?)"
    return suggest(value[:LONGEST], known)


def _short(where: str) -> str:
    if len(where) > LONGEST:
        where = f"{where[:LONGEST]}..."
    return repr(where)


# ---------------------------------------------------------------- values
def shown(value: Any) -> str | None:
    """A value as a person writes it.

    Args:
        value: a cell of a frame.

    Returns:
        The text; None where the value is missing.
    """
    if pd.isna(value):
        return None
    return value_text(value)
