"""Formats of dates as a study writes them: DD, MM, Mon, YYYY and what stands between them.

Several with | between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PARTS = {"DD": "day", "MM": "month", "Mon": "month", "YYYY": "year"}
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
TWO_DIGITS = "[0-9]{2}"


def each(formats: str) -> list[str]:
    """The formats, without blanks around them."""
    return [one.strip() for one in formats.split("|")]


def faults(formats: str) -> Iterator[str]:
    """What is wrong with a format, or with one of several."""
    for one in each(formats):
        pieces = _pieces(one)
        unknown = [piece for piece in pieces if piece not in PARTS]
        for piece in unknown:
            yield f"{piece} is not a part of a date{_meant(piece)}; parts are DD, MM, Mon and YYYY"
        named = [PARTS[piece] for piece in pieces if piece in PARTS]
        for part in sorted({part for part in named if named.count(part) > 1}):
            yield f"{one} has the {part} twice"
        if not unknown and "year" not in named:
            yield f"{one or 'an empty format'} has no year (YYYY)"


def _pieces(text: str) -> list[str]:
    """Mon, and runs of the same letter."""
    return [match[0] for match in re.finditer(r"mon|([a-z])\1*", text, flags=re.IGNORECASE)]


def _meant(piece: str) -> str:
    """The part that was perhaps meant, by its first letter."""
    letter = piece[0].upper()
    month = "MM" if piece.upper() == "M" or piece == "mm" else "Mon"
    near = {"D": "DD", "M": month, "Y": "YYYY"}.get(letter)
    return f" (did you mean {near}?)" if near else ""


def unknown_faults(part: str, token: str) -> Iterator[str]:
    """What is wrong with the text that stands for an unknown part.

    It must not be one that is known.
    """
    known = TWO_DIGITS if part == "day" else f"{TWO_DIGITS}|{MONTHS}"
    if not token.strip():
        yield "should not be empty"
    elif re.fullmatch(known, token, flags=re.IGNORECASE):
        yield f"{token} is read as a {part} that is known"
