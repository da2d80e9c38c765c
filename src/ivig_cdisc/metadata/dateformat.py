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
        unknown, named = _sorted_out(one)
        for piece in unknown:
            yield f"{piece} is not a part of a date{_meant(piece)}; parts are DD, MM, Mon and YYYY"
        for part in sorted(set(named)):
            if named.count(part) > 1:
                yield f"{one} has the {part} twice"
        if not unknown and "year" not in named:
            yield f"{one or 'an empty format'} has no year (YYYY)"


def _sorted_out(one: str) -> tuple[list[str], list[str]]:
    """The pieces of a format that are no parts of a date, and the parts that the others name."""
    unknown: list[str] = []
    named: list[str] = []
    for piece in _pieces(one):
        if piece in PARTS:
            named.append(PARTS[piece])
        else:
            unknown.append(piece)
    return unknown, named


def _pieces(text: str) -> list[str]:
    """Mon, and runs of the same letter."""
    return [match[0] for match in re.finditer(r"mon|([a-z])\1*", text, flags=re.IGNORECASE)]


def _meant(piece: str) -> str:
    """The part that was perhaps meant, by its first letter."""
    month = "Mon"
    if piece.upper() == "M" or piece == "mm":
        month = "MM"
    near = {"D": "DD", "M": month, "Y": "YYYY"}.get(piece[0].upper())
    if not near:
        return ""
    return f" (did you mean {near}?)"


def unknown_faults(part: str, token: str) -> Iterator[str]:
    """What is wrong with the text that stands for an unknown part.

    It must not be one that is known.
    """
    known = TWO_DIGITS
    if part != "day":
        known = f"{TWO_DIGITS}|{MONTHS}"
    if not token.strip():
        yield "should not be empty"
    elif re.fullmatch(known, token, flags=re.IGNORECASE):
        yield f"{token} is read as a {part} that is known"
