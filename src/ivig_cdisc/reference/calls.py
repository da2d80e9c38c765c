"""What a call of a derivation or a check looks like, as a JSON schema of `from` and `with`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType, UnionType
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

import pandas as pd

from .. import derive
from ..engine.calls import FROM_EDGES, signature
from ..engine.constants import is_required
from ..validation import CHECKS
from .documentation import documentation

Schema = dict[str, Any]
# 012 and 1e5 are text here, and numbers to other readers
TYPE_OF_TEXT: Mapping[str, Any] = MappingProxyType({"type": ["string", "number"]})
TEXT = {"$ref": "#/$defs/text"}
NAMES = {"$ref": "#/$defs/names"}
REFERENCE = {"$ref": "#/$defs/reference"}
SHARED: Mapping[str, Schema] = MappingProxyType(
    {  # definitions that calls are made of
        "text": dict(TYPE_OF_TEXT),
        "names": {"type": "array", "items": TEXT},
        "reference": {
            "description": "Of study.yaml terms or a fact; or the terms of two codelists.",
            "type": "object",
            "propertyNames": {"enum": ["terms", "fact", "decode"]},
            "minProperties": 1,
            "maxProperties": 1,
        },
    }
)
COLUMNS = {pd.Series, pd.DataFrame}
NOTHING: Schema = {"not": {}}  # a column is not a constant
SINGLE: Mapping[Any, Schema] = {
    str: TEXT,
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}


def derivations() -> dict[str, Schema]:
    """Each derivation by name, and what an entry that names it must look like."""
    found = {}
    for function in (*derive.FUNCTIONS, *FROM_EDGES):
        meanings: Mapping[str, str] = {}
        if function in derive.FUNCTIONS:
            meanings = documentation(derive.FUNCTIONS[function]).words
        columns: Schema = {}
        constants: Schema = {}
        required = []
        for name, parameter in signature(function).items():
            if parameter.required:
                required.append(name)
            if parameter.is_constant:
                made = constants[name] = {"anyOf": [constant(parameter.hint), REFERENCE]}
            elif parameter.is_list:
                made = columns[name] = {"anyOf": [NAMES, TEXT]}
            else:
                made = columns[name] = dict(TEXT)
            if name in meanings:
                made["description"] = meanings[name]
        found[function] = _call(columns, constants, required)
    return found


def checks() -> dict[str, Schema]:
    """Each check by name, and what a rule that names it must look like."""
    found = {}
    for check in sorted(CHECKS):
        hints = get_type_hints(CHECKS[check])
        columns: Schema = {}
        constants: Schema = {}
        required = []
        for name, parameter in inspect.signature(CHECKS[check]).parameters.items():
            choices = {hints[name], *get_args(hints[name])}
            is_column = bool(choices & COLUMNS)
            is_either = is_column and bool(choices & set(SINGLE))
            if parameter.default is parameter.empty and not is_either:
                required.append(name)
            if is_column:
                columns[name] = {"anyOf": [TEXT, NAMES]}
            if is_either or not is_column:
                constants[name] = {"anyOf": [constant(hints[name]), REFERENCE]}
        found[check] = _call(columns, constants, required)
    return found


def _call(columns: Schema, constants: Schema, required: Sequence[str]) -> Schema:
    """What `from` and `with` hold: all that is required, and nothing else than there is."""
    words = {"from": columns, "with": constants}
    properties: Schema = {}
    needed = []
    for word, parameters in words.items():
        wanted = [name for name in parameters if name in required]
        properties[word] = {
            "type": "object",
            "properties": parameters,
            "additionalProperties": False,
        }
        if wanted:
            properties[word]["required"] = wanted
            needed.append(word)
    call: Schema = {"properties": properties}
    if needed:
        call["required"] = needed
    return call


def constant(hint: Any) -> Schema:
    """The schema of a type as it stands in a signature.

    Args:
        hint: one of those that the spec check knows (engine.constants).

    Returns:
        Plain data; what holds for nothing where the type is that of a column.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Annotated, Required, NotRequired):
        return constant(inner[0])
    if origin in (Union, UnionType):
        return {"anyOf": [constant(one) for one in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if is_typeddict(hint):
        return _entries(hint)
    if isinstance(origin, type):
        return _collection(origin, inner)
    return dict(SINGLE.get(hint, NOTHING))


def _collection(origin: type, inner: Sequence[Any]) -> Schema:
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": constant(inner[1])}
    return {"type": "array", "items": constant(inner[0])}


def _entries(hint: Any) -> Schema:
    hints = get_type_hints(hint, include_extras=True)
    return {
        "type": "object",
        "properties": {name: constant(one) for name, one in hints.items()},
        "required": list(_required(hint, hints)),
        "additionalProperties": False,
    }


def _required(hint: Any, hints: Mapping[str, Any]) -> Iterator[str]:
    for name, one in hints.items():
        if is_required(hint, one):
            yield name
