"""Plain data of a document as a model of the spec.

What does not fit is said in words of the spec language.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from .document import Document, Path_

SAID = {  # pydantic's type of an error: what it means here
    "missing": "is missing",
    "model_type": "should be entries of the form key: value",
    "model_attributes_type": "should be entries of the form key: value",
    "dict_type": "should be entries of the form key: value",
    "mapping_type": "should be entries of the form key: value",
    "list_type": "should be a list",
    "tuple_type": "should be a list",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "int_parsing_size": "should be a smaller number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "finite_number": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "string_too_short": "should not be empty",
}


def suggest(name: str, known: Collection[str]) -> str:
    """' (did you mean X?)' where a known name is near, or is one in other capitals, else nothing."""
    same = [each for each in known if each.upper() == name.upper()]
    near = same or difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def shape(document: Document, kind: Any, data: Any = None, at: Path_ = ()) -> Any:
    """The document's data as a `kind`.

    None where it does not fit, with all reasons as problems of the document.
    """
    if data is None and document.data is None and document.problems:  # is no YAML: said already
        return None
    try:
        return TypeAdapter(kind).validate_python(document.data if data is None else data)
    except ValidationError as error:
        told: dict[Path_, list[str]] = {}
        for fault in error.errors(include_url=False):
            told.setdefault(_path(document, at, fault), []).append(_reason(kind, fault))
        for path, reasons in told.items():  # one entry may be right in one of several ways
            document.complain(path, ", or ".join(dict.fromkeys(reasons)))
        return None


def _path(document: Document, at: Path_, fault: Any) -> Path_:
    """The fault's location without the steps that name a type instead of an entry (a verb is both)."""
    path, location, lines = at, fault["loc"], document.lines
    for i, part in enumerate(location):
        following = location[i + 1 : i + 2]
        names_type = (
            following and (*path, *following) in lines and (*path, part, *following) not in lines
        )
        is_absent = fault["type"] == "missing" and not following
        if is_absent or ((*path, part) in lines and not names_type):
            path = (*path, part)
    return path


def _reason(kind: Any, fault: Any) -> str:
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return f"is not a word of the spec language{suggest(name, _words(kind, fault['loc'][:-1]))}"
    if fault["type"] == "literal_error":
        allowed = fault["ctx"]["expected"].replace("'", "")
        words = allowed.replace(" or ", ", ").split(", ")
        return f"should be {allowed}{suggest(str(fault['input']), words)}"
    if fault["type"] == "too_long" or (
        fault["type"] == "missing" and isinstance(fault["loc"][-1], int)
    ):
        return "should have another number of items"
    return SAID.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))


# ---------------------------------------------------------------- words that are known at a place
def _words(kind: Any, location: Path_) -> set[str]:
    """The words that may stand at a location of a model."""
    kinds = list(_alternatives(kind))
    for part in location:
        inner = [one for outer in kinds for one in _inner(outer, part)]
        leads_on = any(get_args(one) or issubclass(one, BaseModel) for one in inner)
        kinds = (
            inner if leads_on else kinds
        )  # a step that names a type leads nowhere; a verb is both
    models = [one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)]
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


def _alternatives(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _alternatives(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for one in get_args(kind):
            yield from _alternatives(one)
    else:
        yield kind


def _inner(kind: Any, part: str | int) -> Iterator[Any]:
    """What stands behind an entry of a model, a mapping or a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {
            field.alias or name: field.annotation for name, field in kind.model_fields.items()
        }
        if part in fields:
            yield from _alternatives(fields[str(part)])
    elif get_args(kind):
        yield from _alternatives(
            next(arg for arg in reversed(get_args(kind)) if arg is not Ellipsis)
        )
