"""Plain data of a document as a model of the spec.

What does not fit is said in words of the spec language.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..expressions import ExpressionError
from ..text import suggest
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
    "too_short": "should not be empty",
}


def shape(document: Document, kind: Any, data: Any = None, at: Path_ = ()) -> Any:
    """The document's data as a `kind`.

    None where it does not fit, with all reasons as problems of the document.
    """
    if data is None and document.data is None and document.problems:  # is no YAML: said already
        return None
    if data is None:
        data = document.data
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        faults: dict[Path_, list[str]] = {}
        columns: dict[Path_, int] = {}
        for fault in error.errors(include_url=False):
            path = _path(document, at, fault)
            faults.setdefault(path, []).append(_reason(kind, fault))
            columns[path] = _column(document, path, fault)
        for path, reasons in faults.items():  # one entry may be right in one of several ways
            reason = ", or ".join(dict.fromkeys(reasons))
            document.complain(path, reason, column=columns[path])
        return None


def _path(document: Document, at: Path_, fault: Any) -> Path_:
    """The fault's location without the steps that name a type instead of an entry.

    A verb is both.
    """
    path, location, lines = at, fault["loc"], document.lines
    for i, part in enumerate(location):
        here, following = (*path, part), location[i + 1 : i + 2]
        is_absent = fault["type"] == "missing" and not following
        names_type = (*path, *following) in lines and (*here, *following) not in lines
        is_entry = here in lines and not (following and names_type)
        if is_absent or is_entry:
            path = here
    return path


def _column(document: Document, path: Path_, fault: Any) -> int:
    """The column of what is wrong in an expression; 0 where that is not known."""
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, ExpressionError):
        return document.column(path, error.at)
    return 0


def _reason(kind: Any, fault: Any) -> str:
    location, reason = fault["loc"], fault["type"]
    if reason == "extra_forbidden":
        word = str(location[-1])
        if word.endswith(")"):
            return "is cut off by a comma: quote an expression that has one between braces"
        near = suggest(word, _words(kind, location[:-1]))
        return f"is not a word of the spec language{near}"
    if reason == "literal_error":
        allowed = fault["ctx"]["expected"].replace("'", "")
        words = allowed.replace(" or ", ", ").split(", ")
        return f"should be {allowed}{suggest(str(fault['input']), words)}"
    is_item = reason == "missing" and isinstance(location[-1], int)
    if is_item or reason == "too_long":
        return "should have another number of items"
    return SAID.get(reason, str(fault["msg"]).removeprefix("Value error, "))


# ---------------------------------------------------------------- words that are known at a place
def _words(kind: Any, location: Path_) -> set[str]:
    """The words that may stand at a location of a model."""
    kinds = list(_alternatives(kind))
    for part in location:
        inner: list[Any] = []
        for outer in kinds:
            inner += _inner(outer, part)
        # a step that names a type leads nowhere; a verb is both
        if any(get_args(one) or issubclass(one, BaseModel) for one in inner):
            kinds = inner
    words: set[str] = set()
    for one in kinds:
        if isinstance(one, type) and issubclass(one, BaseModel):
            words.update(_fields(one))
    return words


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The types of a model's fields, by their words in the YAML."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


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
        fields = _fields(kind)
        if part in fields:
            yield from _alternatives(fields[str(part)])
    elif get_args(kind) and get_origin(kind) is not Literal:
        arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
        yield from _alternatives(arguments[-1])
