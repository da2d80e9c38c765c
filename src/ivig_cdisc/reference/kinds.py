"""Types of constants, of entries and of words, as people say them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from pydantic import BaseModel

WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Any: "anything",
}


def said(hint: Any) -> str:
    """A type as people say it.

    Args:
        hint: of a constant, an entry of a TypedDict, or a word of a model.

    Returns:
        {text: number} for entries of the form key: value, [text] for a list, otherwise a noun.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Annotated, Required, NotRequired):
        return said(inner[0])
    if origin in (Union, UnionType):
        return _alternatives(inner)
    if origin is Literal:
        return " or ".join(str(one) for one in inner if one != "")
    if isinstance(origin, type):
        return _collection(origin, inner)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return "entries"
    return WORDS.get(hint) or name(hint)


def _collection(origin: type, inner: Sequence[Any]) -> str:
    if issubclass(origin, Mapping):
        return f"{{{said(inner[0])}: {said(inner[1])}}}"
    return _list(inner)


def _alternatives(inner: Sequence[Any]) -> str:
    """Each once; a whole number is a number."""
    told = dict.fromkeys(said(one) for one in inner if one is not NoneType)
    if WORDS[float] in told:
        told.pop(WORDS[int], None)
    return " or ".join(told)


def _list(inner: Sequence[Any]) -> str:
    if len(inner) > 1 and Ellipsis not in inner:
        return f"[{', '.join(map(said, inner))}]"
    return f"[{said(inner[0])}]"


def name(kind: Any) -> str:
    """The name of a type, without the underscore of a private one."""
    return str(getattr(kind, "__name__", kind)).lstrip("_")


def shapes(hint: Any) -> Iterator[Any]:
    """The TypedDicts that a type is made of."""
    if is_typeddict(hint):
        yield hint
    for inner in get_args(hint):
        yield from shapes(inner)


def models(hint: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from models(inner)
