"""Sentences with values in `{...}`; `[...]` is left out where a value in it is missing.

{VAR}            a number with at most six digits, a date as ISO 8601, text as it is
{VAR:.2f}        a number in a format of Python
{VAR:lower}      a term of a codelist as it stands in a sentence
{VAR:when}       "on" and a date, or "in" where the day or the month is not known
{VAR:count day}  a number of something: 1 day, 21 days
{source.VAR}     of the record that the analysis record names by SRCDOM and SRCSEQ
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

SOURCE = "source."
_TOKEN = re.compile(r"(\{[^{}]*\}|[\[\]{}])")
_FILL = re.compile(r"\{((?:source\.)?\w+)(?::([^{}]+))?\}")
_WORDS = ("lower", "when")


@dataclass(frozen=True)
class Fill:
    """Where a value stands, and how it is shown."""

    name: str
    form: str = ""


@dataclass(frozen=True)
class Optional:
    """What is left out where a value in it is missing."""

    pieces: tuple[Piece, ...]


Piece = str | Fill | Optional


def parsed(text: str) -> tuple[Piece, ...]:
    """The pieces of a sentence.

    Args:
        text: with values in `{...}` and what may be left out in `[...]`.

    Returns:
        Text, values and optional parts in their order.

    Raises:
        ValueError: a bracket is without its other, or there is no such format.
    """
    open_parts: list[list[Piece]] = [[]]
    for sign in filter(None, _TOKEN.split(text)):
        if sign == "[":
            open_parts.append([])
        elif sign == "]":
            if len(open_parts) == 1:
                raise ValueError("has a ] without a [")
            part = Optional(tuple(open_parts.pop()))
            open_parts[-1].append(part)
        else:
            open_parts[-1].append(_piece(sign))
    if len(open_parts) > 1:
        raise ValueError("has a [ without a ]")
    return tuple(open_parts[0])


def _piece(sign: str) -> Piece:
    if sign[0] not in "{}":
        return sign
    found = _FILL.fullmatch(sign)
    if not found:
        raise ValueError(f"{sign} is not a value: expected {{VAR}} or {{VAR:format}}")
    fill = Fill(found[1], found[2] or "")
    if not _is_format(fill.form):
        known = "lower, when, count NOUN, or a format of numbers as .2f"
        raise ValueError(f"{fill.form} is not a format: expected {known}")
    return fill


def _is_format(form: str) -> bool:
    if form in _WORDS or re.fullmatch(r"count \w[\w ]*", form):
        return True
    if re.search(r"\d{3}", form):  # a width or precision that no sentence has
        return False
    try:
        format(1.5, form)
    except ValueError:
        return False
    return True


def names(pieces: Sequence[Piece]) -> Iterator[str]:
    """All values that a sentence names, those in brackets too.

    Args:
        pieces: of the sentence, as `parsed` gives them.

    Returns:
        Names of variables, those of a source record with `source.` before them; one as often as it
        is named.
    """
    for piece in pieces:
        if isinstance(piece, Fill):
            yield piece.name
        elif isinstance(piece, Optional):
            yield from names(piece.pieces)


def _checked(text: str) -> str:
    parsed(text)
    return text


Sentence = Annotated[str, AfterValidator(_checked)]
