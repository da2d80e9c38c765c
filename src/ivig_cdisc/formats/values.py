"""When text and a number are the same value: exactly, or not at all.

A text is a number only where it says no other digits than the number has: 9007199254740993 is none,
since the nearest double is one less, and 0.10000000000000001 is 0.1. A date or time is a number
only where all of it is known.
"""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
import pandas as pd

from ..metadata import Kind
from ..text import number_text
from .frames import DAY_SECONDS, EPOCH

NUMBER = r"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"  # 012 is a code
CODE = r"\d+[eE]\d+"
_YEAR = r"\d{4}"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
_PATTERNS: dict[Kind, str] = {
    "date": _DAY,
    "datetime": f"{_DAY}[T ]{_CLOCK}",
    "time": _CLOCK,
    "number": "(?!)",
}
_SURE_DIGITS = 15  # so many significant digits come back from any double
_MOST_DIGITS = 767  # no double has more
EXACTLY = Context(prec=2_000)  # more digits than a sum of a double and whole seconds has
EXACT = 2.0**53  # whole numbers up to it are all doubles
_LEAST_NORMAL = 2.0**-1022
_FIRST_DAY, _LAST_DAY = -715_510, 2_936_549  # 0001-01-01 and 9999-12-31


def numbers(texts: pd.Series, kind: Kind) -> pd.Series:
    """The number that each text is exactly, dates and times as SAS counts them.

    Missing where it is none.
    """
    codes, distinct = pd.factorize(texts)
    found = [_number(str(each)) for each in _counted(pd.Series(distinct, dtype="str"), kind)]
    values = np.append(found, np.nan)[codes]  # missing has code -1
    return pd.Series(values, index=texts.index, name=texts.name, dtype="float64")


def written(values: pd.Series, kind: Kind) -> pd.Series:
    """Each number as text: dates and times as ISO 8601 where they are such.

    `numbers` reads it back as the same number. Missing stays missing.
    """
    codes, distinct = pd.factorize(values.astype("float64"))
    texts = pd.array([_text(float(each), kind) for each in distinct], dtype="str")
    return pd.Series(texts.take(codes, allow_fill=True), index=values.index, name=values.name)


def are_numbers(texts: pd.Series) -> bool:
    """Whether every text is a number as a program writes it.

    1E5, without a sign, may be a code and is none.
    """
    given = texts.dropna().astype("str")
    return bool((given.str.fullmatch(NUMBER) & ~given.str.fullmatch(CODE)).all())


# ---------------------------------------------------------------- text to number
def _counted(texts: pd.Series, kind: Kind) -> pd.Series:
    """Each text as decimal number: itself, or what SAS counts for a date or time.

    Empty where it is neither.

    Beside dates, four digits are a year and not a count of days.
    """
    plain = texts.str.fullmatch(NUMBER)
    if kind in ("date", "datetime"):
        plain &= ~texts.str.fullmatch(_YEAR)
    moments = texts.str.fullmatch(_PATTERNS[kind])
    counted = [_count(each, kind) for each in texts[moments]]
    counts = pd.Series(counted, index=texts.index[moments], dtype="str")
    return texts.where(plain, "").where(~moments, counts)


def _count(moment: str, kind: Kind) -> str:
    """A full date or time as SAS counts it; empty for a day that no calendar has."""
    day, clock = moment[:10], moment[11:]
    if kind == "time":
        day, clock = "1960-01-01", moment
    try:
        days = int((np.datetime64(day, "D") - EPOCH).astype("int64"))
    except ValueError:
        return ""
    if kind == "date":
        return str(days)
    hours, minutes, seconds = clock.split(":")
    whole = days * DAY_SECONDS + int(hours) * 3600 + int(minutes) * 60
    return f"{EXACTLY.add(Decimal(whole), Decimal(seconds)):f}"


def _number(text: str) -> float:
    if not text:
        return np.nan
    number = float(text)
    if np.isfinite(number) and _says(text, number):
        return number
    return np.nan


def _says(text: str, number: float) -> bool:
    """Whether the digits of the text are those of the number, as far as they go.

    The shortest that read back as the number are its digits too: where it lies in the middle, as
    2**-24 does, they may be others than those that it is rounded to.
    """
    digits = text.lower().partition("e")[0].replace(".", "").replace("-", "").lstrip("0")
    if not digits:
        return True
    if len(digits) <= _SURE_DIGITS and abs(number) >= _LEAST_NORMAL:
        return True
    if len(digits) > _MOST_DIGITS:
        return False
    exact = Decimal(text)
    return exact in (Decimal(repr(number)), Decimal(f"{number:.{len(digits) - 1}e}"))


# ---------------------------------------------------------------- number to text
def digits(number: float) -> str:
    """A number as text that reads back as the same number.

    As `number_text` has it, and a whole one of more than 53 bits in all its digits.

    >>> digits(0.1), digits(2.0**56)
    ('0.1', '72057594037927936')
    """
    if np.isfinite(number) and abs(number) > EXACT:
        return f"{number:.0f}"
    return number_text(number)


def _text(number: float, kind: Kind) -> str:
    if kind == "number" or not np.isfinite(number):
        return digits(number)
    if kind == "date" and _is_day(number):
        return _date(int(number))
    if kind == "time" and 0 <= number < DAY_SECONDS:
        return _clock(number)
    days = number // DAY_SECONDS
    if kind == "datetime" and _is_day(days):
        return f"{_date(int(days))}T{_clock(number, int(days) * DAY_SECONDS)}"
    return number_text(number)


def _is_day(days: float) -> bool:
    return days.is_integer() and _FIRST_DAY <= days <= _LAST_DAY


def _date(days: int) -> str:
    return str(EPOCH + np.timedelta64(days, "D"))


def _clock(number: float, midnight: int = 0) -> str:
    """Seconds since midnight as hh:mm:ss, and the fraction of a second in all its digits."""
    exact = EXACTLY.subtract(Decimal(number_text(number)), Decimal(midnight))
    seconds = int(exact)
    fraction = f"{EXACTLY.remainder(exact, Decimal(1)):f}".removeprefix("0").rstrip("0").rstrip(".")
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"
