"""What a typed number means, by the signs that may stand for its decimals and between its thousands.

Where both the point and the comma may be the decimal sign, `1,624` has two readings: 1.624 and
1624. A convention is one way to write numbers; a text proves a convention if only that one can read
it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

NAMES = {".": "point", ",": "comma"}
_MEANT = {
    " ": " \u00a0\u2009\u202f",
    "'": "'\u2019",
}  # what is typed for a blank and for an apostrophe


@dataclass(frozen=True)
class Convention:
    """One way to write numbers: the sign before decimals, and those that may stand between thousands."""

    decimal: str
    thousands: tuple[str, ...] = ()


def conventions(decimal: Sequence[str], thousands: Sequence[str] | None) -> tuple[Convention, ...]:
    """The ways in which numbers may be written; thousands: None where nothing is said of them.

    Where nothing is said and there are two decimal signs, the one that is not the decimal sign may
    separate thousands.
    """
    if thousands is None and len(decimal) > 1:
        return tuple(
            Convention(sign, tuple(other for other in decimal if other != sign)) for sign in decimal
        )
    return tuple(Convention(sign, tuple(thousands or ())) for sign in decimal)


def number_reader(convention: Convention) -> Callable[[str], str | None]:
    """A function from typed text to the number in plain digits with a point; None where it is not a number.

    A plus sign and the exponent stay as typed. Thousands are groups of exactly three digits with
    the same sign between them, the first of one to three digits that do not begin with 0. A number
    that no double can hold is none.

    >>> read = number_reader(Convention(",", (".",)))
    >>> [read(text) for text in ("1.624", "1.624,50", "0,345", "+3e2", "1.62", "0.345", "1e999")]
    ['1624', '1624.50', '0.345', '+3e2', None, None, None]
    """
    mark = re.escape(convention.decimal)
    simple = re.compile(rf"[+-]?(?:[0-9]+(?:{mark}[0-9]+)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?")
    signs = re.escape("".join(_MEANT.get(sign, sign) for sign in convention.thousands))
    group = rf"([{signs}])[0-9]{{3}}(?:\1[0-9]{{3}})*" if signs else ""
    grouped = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}{group}(?:{mark}[0-9]+)?")

    def read(typed: str) -> str | None:
        text = typed
        if group and (found := grouped.fullmatch(typed)):
            text = typed.replace(found[1], "")
        elif not simple.fullmatch(typed):
            return None
        plain = text.replace(convention.decimal, ".")
        return plain if _fits_a_double(plain) else None

    return read


def _fits_a_double(text: str) -> bool:
    value = float(text)
    return math.isfinite(value) and (value != 0 or not re.match("[^eE]*[1-9]", text))


def as_decimal(text: str) -> Decimal | None:
    """The exact value of a number in plain digits; None where the text is not a number."""
    try:
        value = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None
