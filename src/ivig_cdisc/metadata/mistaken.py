"""Scalars that would be taken for another kind: true, 8 and "8" are three things in YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

NUMBERS = frozenset({int, float})


def mistaken(kind: Any, value: Any) -> str:
    """Why a value is not of a type, where it is a scalar that looks like another one.

    Args:
        kind: the type of a field; of lists and mappings that of their items counts.
        value: as it was read.

    Returns:
        The reason; empty where there is none, and for all that is not a scalar at fault.
    """
    kinds = set(_alternatives(kind))
    if isinstance(value, bool):
        return _of_truth(kinds, value)
    if isinstance(value, str):
        return _of_text(kinds, value)
    found = ""
    if isinstance(value, list | tuple):
        for item in value:
            found = found or _inner(kinds, item)
    if isinstance(value, dict):
        for item in value.values():
            found = found or _inner(kinds, item)
    return found


def _alternatives(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from _alternatives(one)
    elif get_origin(kind) is Literal:
        for word in get_args(kind):
            yield type(word)
    else:
        yield kind


def _inner(kinds: set[Any], item: Any) -> str:
    """Why an item is not of the type that items have; nothing where they may have several."""
    inner: set[Any] = set()
    for kind in kinds:
        origin = get_origin(kind)
        if isinstance(origin, type) and issubclass(origin, list | tuple | Mapping):
            inner.update(one for one in get_args(kind)[-2:] if one is not Ellipsis)
    if len(inner) == 1:
        return mistaken(inner.pop(), item)
    return ""


def _of_truth(kinds: set[Any], value: bool) -> str:  # noqa: FBT001 it is what is judged
    word = str(value).lower()
    if kinds <= {*NUMBERS, NoneType}:
        return f"should be {_number(kinds)}, not {word}"
    if bool not in kinds and kinds & {str, *NUMBERS}:
        return f"should be text or a number, not {word}: quote it where it is text"
    return ""


def _of_text(kinds: set[Any], value: str) -> str:
    scalars = kinds - {NoneType}
    if scalars == {bool}:
        return f"should be true or false, not {value}"
    if scalars and scalars <= NUMBERS and value:
        return f"should be {_number(scalars)}, not the text '{value}'"
    return ""


def _number(kinds: set[Any]) -> str:
    if float in kinds:
        return "a number"
    return "a whole number"
