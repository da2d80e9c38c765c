"""Constants of a derivation against the types of its signature, before any data are read.

A type is one that the standard library knows: text, numbers, Sequence, Mapping, TypedDict, Literal,
alternatives by |, and `Annotated[type, check]`, where check is a function that raises ValueError
with a reason, and with the entry that this is about if it is about one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from ..text import suggest

SINGLE = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "empty",
}
Fault = tuple[tuple[str, ...], str]  # where in the constant, and what is wrong


def faults(hint: Any, value: Any) -> Iterator[Fault]:
    """What does not fit the type.

    Args:
        hint: the type, as it stands in a signature.
        value: the constant.

    Yields:
        The reason of each fault, with the entries that lead to it; numbers from 1 in lists.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Required, NotRequired):
        yield from faults(inner[0], value)
    elif origin is Annotated:
        yield from _checked(inner[0], inner[1:], value)
    elif origin in (Union, UnionType):
        yield from _alternatives(inner, value)
    elif origin is Literal:
        yield from _literal(inner, value)
    elif is_typeddict(hint):
        yield from _entries(hint, value)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _mapping(inner[1], value)
    elif isinstance(origin, type) and issubclass(origin, Sequence):
        yield from _list(inner[0], value)
    elif hint in SINGLE and not _is_single(hint, value):
        yield (), f"should be {SINGLE[hint]}, not {description(value)}"


def description(value: Any) -> str:
    """What a value is, for people."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "entries of the form key: value"
    if isinstance(value, str):
        if len(value) > 40:
            return "text"
        return f"the text '{value}'"
    if isinstance(value, Sequence):
        return "a list"
    return str(value).lower()


def _is_single(hint: type, value: Any) -> bool:
    if isinstance(value, bool):
        return hint is bool
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(value, hint)


def _checked(hint: Any, checks: Sequence[Callable[[Any], None]], value: Any) -> Iterator[Fault]:
    """The type first; only what has it is given to the checks."""
    found = list(faults(hint, value))
    if found:
        yield from found
        return
    for check in checks:
        try:
            check(value)
        except ValueError as error:
            reason, *entries = error.args
            yield tuple(map(str, entries)), str(reason)


def _alternatives(hints: Sequence[Any], value: Any) -> Iterator[Fault]:
    """Nothing if one of the types fits; else what is wrong with the one that comes nearest."""
    tried = []
    for hint in hints:
        if hint is type(None) and value is not None:
            continue
        found = list(faults(hint, value))
        if not found:
            return
        tried.append(found)
    yield from max(tried, key=_depth)


def _depth(found: Sequence[Fault]) -> int:
    """How far the type fits: how many entries lead to the deepest fault."""
    return max(len(path) for path, _ in found)


def _literal(allowed: Sequence[Any], value: Any) -> Iterator[Fault]:
    if value not in allowed:
        known = [str(one) for one in allowed]
        near = suggest(str(value), known)
        yield (), f"should be one of {', '.join(known)}, not {description(value)}{near}"


def _entries(hint: Any, value: Any) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield (), f"should be entries of the form key: value, not {description(value)}"
        return
    known = get_type_hints(hint, include_extras=True)
    for name in value:
        if name not in known:
            near = suggest(str(name), known) or f"; known are {', '.join(known)}"
            yield (str(name),), f"is not an entry that is known here{near}"
    for name in known:
        if name in value:
            yield from _under(name, faults(known[name], value[name]))
        elif is_required(hint, known[name]):
            yield (name,), "is missing"


def is_required(hint: Any, entry: Any) -> bool:
    """Whether an entry must be there.

    `__required_keys__` knows nothing of annotations that are text.

    Args:
        hint: a TypedDict.
        entry: the type of one of its entries.

    Returns:
        True where the entry, or the TypedDict as a whole, says so.
    """
    said = get_origin(entry)
    if said in (Required, NotRequired):
        return said is Required
    return bool(hint.__total__)


def _mapping(hint: Any, value: Any) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield (), f"should be entries of the form key: value, not {description(value)}"
        return
    for name, one in value.items():
        yield from _under(str(name), faults(hint, one))


def _list(hint: Any, value: Any) -> Iterator[Fault]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield (), f"should be a list, not {description(value)}"
        return
    for number, one in enumerate(value, 1):
        yield from _under(str(number), faults(hint, one))


def _under(name: str, found: Iterator[Fault]) -> Iterator[Fault]:
    for path, reason in found:
        yield (name, *path), reason
