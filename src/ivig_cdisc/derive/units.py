"""Results in standard units: value, unit and limits are converted together or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Annotated, Any, NotRequired, TypedDict

import numpy as np
import pandas as pd

from ..text import NUMBER, decimal_text
from .decimals import Result, of_distinct, read_result
from .kinds import Number, Text
from .numbers import number
from .roles import CONDITION

__all__ = [
    "standard_limit",
    "standard_limit_number",
    "standard_result",
    "standard_unit",
    "standardized",
]


FACTOR = rf"{NUMBER}(/[0-9]+)?"


# ---------------------------------------------------------------- what a conversion may say
def _a_number(given: float | str) -> None:
    """Exact, and neither too large nor too small for a double."""
    text = str(given)
    wanted = f"should be a number, or a quotient such as 5/9, not {text or 'empty'}"
    if not re.fullmatch(FACTOR, text):
        raise ValueError(wanted)
    try:
        exact = Fraction(text)
        vanishes = exact != 0 and float(exact) == 0
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise ValueError(wanted) from error
    if vanishes:
        raise ValueError(wanted)


def _a_factor(given: float | str) -> None:
    _a_number(given)
    if Fraction(str(given)) <= 0:
        raise ValueError(f"should be greater than 0, not {given}")


def _a_unit(given: str) -> None:
    if not given.strip():
        raise ValueError("should not be empty")


def _a_count(given: int) -> None:
    if not 0 <= given <= 15:
        raise ValueError(f"should be a whole number from 0 to 15, not {given}")


def _an_end(given: Mapping[str, Any]) -> None:
    """A quotient such as 5/9 needs a number of decimals to be written with."""
    unending = [n for n in ("factor", "offset") if _places(Fraction(str(given.get(n, 0)))) is None]
    if unending and "decimals" not in given:
        raise ValueError(
            f"is missing: {given[unending[0]]} has no end as a decimal number", "decimals"
        )


def _some(given: Mapping[str, Any]) -> None:
    if not given:
        raise ValueError("should not be empty")


class _Conversion(TypedDict):
    """The result in the unit `to` is the result x `factor` + `offset`, rounded to `decimals`."""

    to: Annotated[str, _a_unit]
    factor: Annotated[float | str, _a_factor]
    offset: NotRequired[Annotated[float | str, _a_number]]
    decimals: NotRequired[Annotated[int, _a_count]]


Conversion = Annotated[_Conversion, _an_end]
Which = Annotated[Text, CONDITION]  # decides which conversion there is, and whether
ByUnit = Annotated[Mapping[str, Conversion], _some]
Conversions = Annotated[Mapping[str, Conversion | ByUnit], _some]  # or by test and then by unit


# ---------------------------------------------------------------- value, unit and limits
def standardized(
    result: Text,
    unit: Text,
    conversions: Conversions,
    test: Which | None = None,
    low: Text | None = None,  # noqa: ARG001 - the limits make variables beside the result
    high: Text | None = None,  # noqa: ARG001
) -> Text:
    """The result in the standard unit, with its `<`, `<=`, `>` or `>=`.

    Up to five variables come of it together: result, number, unit, lower and upper limit. They are
    `standard_result`, `number`, `standard_unit` and `standard_limit_number`.

    Args:
        result: text.
        unit: text.
        conversions: to the standard unit, by unit, or by test and then by unit.
        test: text; a conversion of the test comes before one of the unit alone.
        low: text; the lower limit of the reference range, of the fourth variable.
        high: text; the upper limit of the reference range, of the fifth variable.

    Returns:
        Text, as `standard_result`. Missing stays missing.

    Raises:
        ValueError: a converted result has no end as a decimal number, and no decimals are said.

    Source: SDTMIG 3.4, 4.5.1.1.

    >>> result, unit = pd.Series(["0.83", "<=0.5"]), pd.Series(["ukat/L", "ukat/L"])
    >>> standardized(result, unit, {"ukat/L": {"to": "U/L", "factor": 60}}).tolist()
    ['49.8', '<=30']
    """
    return standard_result(result, unit, conversions, test)


def standard_result(
    result: Text, unit: Text, conversions: Conversions, test: Which | None = None
) -> Text:
    """The result in the standard unit, with its `<`, `<=`, `>` or `>=`.

    Computed exactly from the digits as typed; rounded, half away from zero, only where the
    conversion says `decimals`; written without exponent.

    Args:
        result: text.
        unit: text.
        conversions: to the standard unit, by unit, or by test and then by unit.
        test: text; a conversion of the test comes before one of the unit alone.

    Returns:
        Text. What is not a number stays as it is, so does a result whose unit has no conversion.
        Missing stays missing.

    Raises:
        ValueError: a converted result has no end as a decimal number, and no decimals are said.

    Source: SDTMIG 3.4, 4.5.1.1.

    >>> units = {"ukat/L": {"to": "U/L", "factor": 60},
    ...          "GLUC": {"mg/dL": {"to": "mmol/L", "factor": 0.0555}}}
    >>> result = pd.Series(["0.83", "<=0.5", "12.50", "trace", "90"])
    >>> unit = pd.Series(["ukat/L", "ukat/L", "U/L", "ukat/L", "mg/dL"])
    >>> standard_result(result, unit, units, pd.Series(["CK", "CK", "CK", "CK", "GLUC"])).tolist()
    ['49.8', '<=30', '12.50', 'trace', '4.995']
    """
    return _standardized(result, unit, conversions, test)["result"]


def standard_unit(
    result: Which, unit: Text, conversions: Conversions, test: Which | None = None
) -> Text:
    """The unit of the standardized result: the standard one where the result was converted.

    Args:
        result: text, as `standard_result` has it.
        unit: text.
        conversions: to the standard unit, by unit, or by test and then by unit.
        test: text; a conversion of the test comes before one of the unit alone.

    Returns:
        Text: the standard unit, or the collected one where the result was not converted. Without a
        result, the unit is the one that it would have been in. Missing where the unit is.

    Source: SDTMIG 3.4, 4.5.1.1.

    >>> result, unit = pd.Series(["0.83", "trace", "7"]), pd.Series(["ukat/L", "ukat/L", "g/L"])
    >>> standard_unit(result, unit, {"ukat/L": {"to": "U/L", "factor": 60}}).tolist()
    ['U/L', 'ukat/L', 'g/L']
    """
    return _standardized(result, unit, conversions, test)["unit"]


def standard_limit(
    limit: Text, result: Which, unit: Text, conversions: Conversions, test: Which | None = None
) -> Text:
    """The limit of the reference range in the unit of the standardized result.

    Converted where the result is, so that both are in the unit that `standard_unit` gives.

    Args:
        limit: text.
        result: text.
        unit: text.
        conversions: to the standard unit, by unit, or by test and then by unit.
        test: text; a conversion of the test comes before one of the unit alone.

    Returns:
        Text. Missing where the limit is.

    Raises:
        ValueError: a converted limit has no end as a decimal number, and no decimals are said.

    Source: SDTMIG 3.4, 4.5.1.1.

    >>> limit, unit = pd.Series(["3.2", "3.2"]), pd.Series(["ukat/L", "ukat/L"])
    >>> result = pd.Series(["0.83", "trace"])
    >>> standard_limit(limit, result, unit, {"ukat/L": {"to": "U/L", "factor": 60}}).tolist()
    ['192', '3.2']
    """
    understood = of_distinct(result, _is_understood, "boolean").fillna(True).astype(bool)
    converted = standard_result(limit, unit, conversions, test)
    return converted.where(understood, limit.astype("str"))


def standard_limit_number(
    limit: Text, result: Which, unit: Text, conversions: Conversions, test: Which | None = None
) -> Number:
    """The limit of the reference range as a number, in the unit of the standardized result.

    Args:
        limit: text.
        result: text.
        unit: text.
        conversions: to the standard unit, by unit, or by test and then by unit.
        test: text; a conversion of the test comes before one of the unit alone.

    Returns:
        Numbers. Missing where the limit is, or is no number.

    Raises:
        ValueError: a converted limit has no end as a decimal number, and no decimals are said.

    Source: SDTMIG 3.4, 4.5.1.1.

    >>> limit, unit = pd.Series(["3.2", "3.2"]), pd.Series(["ukat/L", "ukat/L"])
    >>> result = pd.Series(["0.83", "trace"])
    >>> to_units = {"ukat/L": {"to": "U/L", "factor": 60}}
    >>> standard_limit_number(limit, result, unit, to_units).tolist()
    [192.0, 3.2]
    """
    return number(standard_limit(limit, result, unit, conversions, test))


def _is_understood(typed: object) -> bool:
    return read_result(str(typed)) is not None


def _standardized(
    result: pd.Series, unit: pd.Series, conversions: Conversions, test: pd.Series | None
) -> pd.DataFrame:
    """Result and unit, converted together; each distinct one of a test is computed once."""
    tests = pd.Series(index=result.index, dtype="object") if test is None else test
    (results, units, names), together = _distinct(result, unit, tests)
    standard = [_standard(*one, conversions) for one in zip(results, units, names, strict=True)]
    made = pd.DataFrame(standard, columns=["result", "unit"]).astype("str")
    return made.take(together).set_axis(result.index)


def _distinct(*columns: pd.Series) -> tuple[list[list[Any]], np.ndarray]:
    """The distinct records, column by column with None for missing; and for each row which."""
    number, read = np.zeros(len(columns[0]), dtype="int64"), []
    for column in columns:
        codes, values = pd.factorize(column)
        number, _ = pd.factorize(number * (len(values) + 1) + codes)
        read.append((codes, [*values, None]))  # -1, which is missing, is the last
    first = np.unique(number, return_index=True)[1]
    records = []
    for which, known in read:
        records.append([known[code] for code in which[first]])
    return records, number


def _standard(result: Any, unit: Any, test: Any, conversions: Conversions) -> tuple[Any, Any]:
    """One result and its unit."""
    conversion = _conversion(conversions, test, unit)
    if result is None:
        return None, conversion["to"] if conversion else unit
    found = read_result(str(result))
    if found is None:
        return result, unit
    if conversion is None:
        return found.sign + _in_digits(found), unit
    return found.sign + _converted(found.exact, conversion), conversion["to"]


def _conversion(conversions: Mapping[str, Any], test: Any, unit: Any) -> _Conversion | None:
    """That of the test and unit, else that of the unit, if there is one.

    Data may hold the name of a test as unit.
    """
    of_test, of_unit = conversions.get(test, {}), conversions.get(unit, {})
    if "to" not in of_test and unit in of_test:
        found: _Conversion = of_test[unit]
        return found
    return of_unit if "to" in of_unit else None


def _converted(exact: Fraction, conversion: _Conversion) -> str:
    factor = Fraction(str(conversion["factor"]))
    offset = Fraction(str(conversion.get("offset", 0)))
    standard = exact * factor + offset
    places = _places(standard)
    decimals = conversion.get("decimals")
    if decimals is not None:
        return _written(_half_away(standard * 10**decimals), decimals)
    if places is None:
        raise ValueError(
            f"a conversion to {conversion['to']} has no end as a decimal number: it needs decimals"
        )
    return _written(int(standard * 10**places), places)


def _half_away(number: Fraction) -> int:
    """The nearest whole number; half goes away from zero."""
    size = floor(abs(number) + Fraction(1, 2))
    return size if number >= 0 else -size


def _places(number: Fraction) -> int | None:
    """How many decimals the number has; None where they have no end."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _written(digits: int, places: int) -> str:
    return decimal_text(Decimal(f"{digits}e-{places}"))


def _in_digits(found: Result) -> str:
    """The digits as typed, zeros at the end and all, but for an exponent and a plus."""
    if "e" in found.digits.lower():
        return decimal_text(Decimal(found.digits))
    return found.digits.removeprefix("+")
