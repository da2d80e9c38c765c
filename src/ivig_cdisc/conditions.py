"""What `where` means, in row steps, variables, rules and results alike.

It says which records are meant, in one of two forms: an expression, or the short form, which lists
values by column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from . import expressions
from .expressions import Fault, Kind
from .text import as_text, value_text

Wanted = Sequence[str | int | float] | str  # values, or "present" or "absent"
Listed = Mapping[str, Wanted]  # the short form
Where = Listed | str  # the short form, or an expression


def fits(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Which records are as `where` wants them.

    Args:
        frame: the records.
        where: an expression, which holds where it is known to be true; or the short form, which
            holds where each of its columns is as wanted: `present` or `absent` (there is a value
            or none; empty text is none), or one of the listed values. These are compared as the
            column has them: 9, 9.0 and "9" alike in a column of numbers, as text in a column of
            text. Numeric dates are ISO 8601 text here.

    Returns:
        True or False for each record, never missing; index of the frame.

    >>> frame = pd.DataFrame({"NUM": [9.0, None], "TXT": ["09", ""]})
    >>> fits(frame, {"NUM": ["9"]}).tolist()
    [True, False]
    >>> fits(frame, {"TXT": [9]}).tolist()
    [False, False]
    >>> fits(frame, {"TXT": "absent"}).tolist()
    [False, True]
    >>> fits(frame, "NUM > 8 or TXT is missing").tolist()
    [True, True]
    """
    chosen, _ = fitting(frame, where)
    return chosen


def fitting(frame: pd.DataFrame, where: Where) -> tuple[pd.Series, list[Fault]]:
    """Which records are as `where` wants them, and what in it has no value.

    Args:
        frame: the records.
        where: as `fits` takes it.

    Returns:
        True or False for each record, index of the frame; and the faults of an expression, as a
        division by zero. A record with a fault may still fit, by the rest of the expression.
    """
    faults: list[Fault] = []
    chosen = np.ones(len(frame), dtype=bool)
    if isinstance(where, str):
        chosen, faults = expressions.select(expressions.parse(where), frame)
        return pd.Series(chosen, index=frame.index), faults
    for column, wanted in where.items():
        chosen &= _fit(frame[column], wanted)
    return pd.Series(chosen, index=frame.index), faults


def _fit(values: pd.Series, wanted: Wanted) -> np.ndarray:
    if wanted == "present":
        return has_value(values).to_numpy(bool)
    if wanted == "absent":
        return ~has_value(values).to_numpy(bool)
    if is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype):
        numbers = pd.to_numeric(pd.Series(list(wanted), dtype="object"), errors="coerce").dropna()
        return values.isin(numbers.astype("float64")).to_numpy(bool)
    if is_datetime64_any_dtype(values.dtype):
        values = as_text(values)
    return values.isin([value_text(one) for one in wanted]).to_numpy(bool)


def columns_of(where: Where) -> tuple[str, ...]:
    """The columns that a condition reads.

    Args:
        where: either form.

    Returns:
        Their names, each once, in the order in which they stand in it.

    >>> columns_of("AVAL > BASE and AVAL < 9"), columns_of({"AVAL": "present"})
    (('AVAL', 'BASE'), ('AVAL',))
    """
    if isinstance(where, str):
        return expressions.names(expressions.parse(where))
    return tuple(where)


def compared(where: Where) -> Iterator[tuple[str, str]]:
    """The values that records are wanted to have.

    Args:
        where: either form.

    Yields:
        A column, and a value that it is compared with, as text; values that records must not have
        are among them.

    >>> list(compared("SEX in ('M', 'F') and AGE > 7")), list(compared({"N": [1.0]}))
    ([('SEX', 'M'), ('SEX', 'F')], [('N', '1')])
    """
    if isinstance(where, str):
        for literal in expressions.literals(expressions.parse(where)):
            yield literal.column, literal.text
        return
    for column, wanted in where.items():
        if not isinstance(wanted, str):
            for value in wanted:
                yield column, value_text(value)


def excluded(where: Where) -> Iterator[tuple[str, str]]:
    """The values that records must not have.

    Args:
        where: either form; the short one excludes nothing.

    Yields:
        A column, and a value that it must not have. That no column with a missing value fits either
        is easily overlooked.

    >>> list(excluded("SEX = 'F' and not (SAFFL = 'Y') and PARAMCD != 'T1'"))
    [('SAFFL', 'Y'), ('PARAMCD', 'T1')]
    """
    if isinstance(where, str):
        for literal in expressions.literals(expressions.parse(where)):
            if literal.excluded:
                yield literal.column, literal.text


def misfits(where: Where, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """What does not fit together in a condition, before any data are read.

    Args:
        where: either form.
        kinds: what columns hold; of a column that is not among them nothing is known.

    Yields:
        The reasons, in the order of the condition: values that no column of numbers can have; parts
        of an expression that do not compare; an expression that is no condition.

    >>> kinds = {"AVAL": "number"}
    >>> list(misfits({"AVAL": [1, "high"]}, kinds))
    ['AVAL is a number and high is not']
    >>> list(misfits("AVAL = 'high'", kinds))
    ["character 6: AVAL is a number and 'high' is text: they do not compare"]
    """
    if isinstance(where, str):
        yield from _misfits(where, kinds)
        return
    for column, wanted in where.items():
        if kinds.get(column) == "number":
            for odd in not_numbers(wanted):
                yield f"{column} is a number and {odd} is not"


def _misfits(text: str, kinds: Mapping[str, Kind]) -> Iterator[str]:
    kind, found = expressions.kind_of(expressions.parse(text), kinds)
    for misfit in found:
        yield str(misfit)
    if not found and kind != "truth":
        yield "is a value and not a condition: compare it, or write is present"


def in_words(where: Where) -> str:
    """A condition as an expression says it.

    Args:
        where: either form.

    Returns:
        An expression as it was typed; the short form as one.

    >>> in_words({"SEX": ["F"], "AGE": "present", "N": [1, 2]})
    "SEX = 'F' and AGE is present and N in (1, 2)"
    """
    if isinstance(where, str):
        return where
    parts = []
    for column, wanted in where.items():
        if wanted == "present":
            parts.append(f"{column} is present")
        elif wanted == "absent":
            parts.append(f"{column} is missing")
        else:
            parts.append(f"{column} {_listed_in_words(wanted)}")
    return " and ".join(parts)


def _listed_in_words(wanted: Wanted) -> str:
    values = [_quoted(value) for value in wanted]
    if len(values) == 1:
        return f"= {values[0]}"
    return f"in ({', '.join(values)})"


def _quoted(value: str | float) -> str:
    if isinstance(value, str):
        doubled = value.replace("'", "''")
        return f"'{doubled}'"
    return value_text(value)


def with_value(where: Where, column: str) -> Where:
    """A condition that wants a value in one more column.

    Args:
        where: either form.
        column: the column.

    Returns:
        Both conditions, in the same form.

    >>> with_value("A = 1 or B = 2", "ADT"), with_value({"A": [1]}, "ADT")
    ('(A = 1 or B = 2) and `ADT` is present', {'A': [1], 'ADT': 'present'})
    """
    if isinstance(where, str):
        return f"({where}) and `{column}` is present"
    return {**where, column: "present"}


def renamed(where: Where, new_name: Callable[[str], str]) -> Where:
    """A condition in which columns have other names.

    Args:
        where: either form.
        new_name: gives the new name for one.

    Returns:
        The condition in the same form.

    >>> renamed("SAFFL = 'Y'", "for.{}".format), renamed({"SAFFL": ["Y"]}, "for.{}".format)
    ("`for.SAFFL` = 'Y'", {'for.SAFFL': ['Y']})
    """
    if isinstance(where, str):
        return expressions.retold(where, new_name)
    return {new_name(name): wanted for name, wanted in where.items()}


def checked(text: str) -> str:
    """The text, which is an expression.

    Args:
        text: as it stands in the YAML.

    Raises:
        ExpressionError: it is not an expression of the language.
    """
    expressions.parse(text)
    return text


def not_numbers(wanted: Wanted) -> list[str]:
    """The listed values that no column of numbers can have.

    Args:
        wanted: values, or "present" or "absent".

    Returns:
        The values that cannot be read as a number, as text.

    >>> not_numbers(["1.0", 2, "one"]), not_numbers("present")
    (['one'], [])
    """
    if isinstance(wanted, str):
        return []
    texts = pd.Series([value_text(one) for one in wanted], dtype="object")
    return list(texts[pd.to_numeric(texts, errors="coerce").isna()])


def has_value(values: pd.Series) -> pd.Series:
    """Whether there is a value; empty text is none."""
    known: pd.Series = values.notna() & values.ne("")
    return known
