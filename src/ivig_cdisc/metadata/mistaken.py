"""Scalars that would be taken for another kind: true, 8 and "8" are three things in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from .shape import types_of

NUMBERS = frozenset({int, float})


def mistaken(kinds: frozenset[Any], value: Any) -> str:
    """Why a value is not of a type, where it is a scalar that looks like another one.

    Args:
        kinds: the types that it may have; of lists and mappings that of their items counts.
        value: as it was read.

    Returns:
        The reason; empty where there is none, and for all that is not a scalar at fault.
    """
    if isinstance(value, bool):
        return _of_truth(kinds, value)
    if isinstance(value, str):
        return _of_text(kinds, value)
    items: Iterable[Any] = ()
    if isinstance(value, list | tuple):
        items = value
    elif isinstance(value, dict):
        items = value.values()
    if not items:
        return ""
    inner = _of_items(kinds)
    reasons = (mistaken(inner, item) for item in items)
    return next(filter(None, reasons), "")


def alternatives(kind: Any) -> Iterator[Any]:
    """The types of which a value may have any; a word counts as text.

    Args:
        kind: the type of a field.
    """
    for one in types_of(kind):
        if get_origin(one) is Literal:
            for word in get_args(one):
                yield type(word)
        else:
            yield one


@cache
def _of_items(kinds: frozenset[Any]) -> frozenset[Any]:
    """The types that items may have; nothing where there are several kinds of items."""
    inner: set[Any] = set()
    for kind in kinds:
        origin = get_origin(kind)
        if isinstance(origin, type) and issubclass(origin, list | tuple | Mapping):
            inner.update(one for one in get_args(kind)[-2:] if one is not Ellipsis)
    if len(inner) == 1:
        return frozenset(alternatives(inner.pop()))
    return frozenset()


def _of_truth(kinds: frozenset[Any], value: bool) -> str:  # noqa: FBT001 it is what is judged
    word = str(value).lower()
    if not kinds:
        return ""
    if kinds <= {*NUMBERS, NoneType}:
        return f"should be {_number(kinds)}, not {word}"
    if bool not in kinds and kinds & {str, *NUMBERS}:
        return f"should be text or a number, not {word}: quote it where it is text"
    return ""


def _of_text(kinds: frozenset[Any], value: str) -> str:
    if str in kinds:
        return ""
    scalars = kinds - {NoneType}
    if scalars == {bool}:
        return f"should be true or false, not {value}"
    if scalars and scalars <= NUMBERS and value:
        return f"should be {_number(scalars)}, not the text '{value}'"
    return ""


def _number(kinds: frozenset[Any]) -> str:
    if float in kinds:
        return "a number"
    return "a whole number"
