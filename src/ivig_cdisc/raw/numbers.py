"""What a typed number means, by the signs for its decimals and between its thousands.

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
    """One way to write numbers: the sign before decimals, and those between thousands."""

    decimal: str
    thousands: tuple[str, ...] = ()


def conventions(decimal: Sequence[str], thousands: Sequence[str] | None) -> tuple[Convention, ...]:
    """The ways in which numbers may be written.

    Where nothing is said of thousands and there are two decimal signs, the one that is not the
    decimal sign may separate thousands.

    Args:
        decimal: the signs that may stand before decimals.
        thousands: the signs that may stand between thousands; None where nothing is said of them.

    Returns:
        One convention for each decimal sign.
    """
    found = []
    for sign in decimal:
        between = tuple(thousands or ())
        if thousands is None:
            between = tuple(other for other in decimal if other != sign)
        found.append(Convention(sign, between))
    return tuple(found)


def number_reader(convention: Convention) -> Callable[[str], str | None]:
    """A function from typed text to the number in plain digits with a point.

    A plus sign and the exponent stay as typed. Thousands are groups of exactly three digits with
    the same sign between them, the first of one to three digits that do not begin with 0.

    Args:
        convention: how numbers are written.

    Returns:
        The function; it gives None for what is not a number, or is one that no double can hold.

    >>> read = number_reader(Convention(",", (".",)))
    >>> [read(text) for text in ("1.624", "1.624,50", "0,345", "+3e2", "1.62", "0.345", "1e999")]
    ['1624', '1624.50', '0.345', '+3e2', None, None, None]
    """
    mark = re.escape(convention.decimal)
    simple = re.compile(rf"[+-]?(?:[0-9]+(?:{mark}[0-9]+)?|{mark}[0-9]+)(?:[eE][+-]?[0-9]+)?")
    signs = re.escape("".join(_MEANT.get(sign, sign) for sign in convention.thousands))
    group = ""
    if signs:
        group = rf"([{signs}])[0-9]{{3}}(?:\1[0-9]{{3}})*"
    grouped = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}{group}(?:{mark}[0-9]+)?")

    def read(typed: str) -> str | None:
        text = typed
        if group and (found := grouped.fullmatch(typed)):
            text = typed.replace(found[1], "")
        elif not simple.fullmatch(typed):
            return None
        plain = text.replace(convention.decimal, ".")
        if not _fits_a_double(plain):
            return None
        return plain

    return read


def _fits_a_double(text: str) -> bool:
    value = float(text)
    return math.isfinite(value) and (value != 0 or not re.match("[^eE]*[1-9]", text))


def as_decimal(text: str) -> Decimal | None:
    """The exact value of a number in plain digits; None where the text is not a number."""
    if not text.isascii() or "_" in text:  # Decimal takes digits of other scripts, and 1_000
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
