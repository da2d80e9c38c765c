"""Plain data of a document as a model of the spec.

What does not fit is said in words of the spec language.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..expressions import ExpressionError
from ..text import nearest, suggest
from .document import Document, Path_
from .written import scalar_text

ENTRIES = "entries of the form key: value"
NOUNS = {  # pydantic's type of an error: what should stand there
    "model_type": ENTRIES,
    "model_attributes_type": ENTRIES,
    "dict_type": ENTRIES,
    "mapping_type": ENTRIES,
    "list_type": "a list",
    "tuple_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
SAID = {  # what else is wrong
    "missing": "is missing",
    "string_too_short": "should not be empty",
    "too_short": "should not be empty",
    "too_long": "should have no more than {max_length}",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
}
OF_YAML = "YAML"  # the context of what is read: a word without anything is a mistake there
WHOLE: Any = object()  # all data of the document
LONGEST_CURE = 40  # characters of a value that is repeated
# what is said in full where it is found
IN_FULL = ("value_error", "keep", "lengths", "table", "values", "where")
OTHERWISE = "is not what belongs here"
BY_ITSELF = ("from", "type", "take")  # the word that was meant where its value stands alone


def shape(document: Document, kind: Any, data: Any = WHOLE, at: Path_ = ()) -> Any:
    """The document's data as a `kind`.

    None where it does not fit, with all reasons as problems of the document.
    """
    if data is WHOLE:
        data = document.data
        if data is None and document.problems:  # is no YAML: said already
            return None
    try:
        return TypeAdapter(kind).validate_python(data, context=OF_YAML)
    except ValidationError as error:
        for path, reason, column in _reasons(document, kind, error, at):
            document.complain(path, reason, column=column)
        return None


def _reasons(
    document: Document, kind: Any, error: ValidationError, at: Path_
) -> Iterator[tuple[Path_, str, int]]:
    """What is wrong, once for each entry: one may be right in one of several ways.

    The path, the reason, and the column where that is known.
    """
    faults: dict[Path_, list[Any]] = {}
    misspelt: set[Path_] = set()
    for fault in error.errors(include_url=False):
        path = _path(document, at, fault)
        if fault["type"] == "missing" and isinstance(fault["loc"][-1], int):
            path = path[:-1]  # an item: the list is too short
        faults.setdefault(path, []).append(fault)
        if fault["type"] == "extra_forbidden":
            misspelt.add((*path[:-1], _meant(kind, fault)))
    for path, several in faults.items():
        if path in document.wrong:  # said when it was read
            continue
        is_missing = all(fault["type"] == "missing" for fault in several)
        if is_missing and path in misspelt:
            continue
        told = several
        if _is_outer(path, faults):  # it is right in the way whose parts are wrong
            told = [fault for fault in several if fault["type"] not in NOUNS]
        if told:
            yield path, _together(kind, told), _column(document, path, told[-1])


def _is_outer(path: Path_, faults: Iterable[Path_]) -> bool:
    """Whether something is wrong further inside as well."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in faults)


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


def _together(kind: Any, faults: Sequence[Any]) -> str:
    """Several reasons for one entry: what it should be in one way or the other, with a cure."""
    nouns: dict[str, None] = {}
    words: list[str] = []
    others: dict[str, None] = {}
    cure = near = ""
    for fault in faults:
        if fault["type"] == "literal_error":
            words += _allowed(fault)
            near = suggest(str(fault["input"]), words)
        elif fault["type"] in NOUNS:
            nouns[NOUNS[fault["type"]]] = None
            cure = cure or _cure(kind, fault)
        else:
            others[_reason(kind, fault)] = None
    if "a number" in nouns:
        nouns.pop("a whole number", None)
    wanted = [*words, *nouns]
    said = list(others)
    if wanted:
        said.insert(0, f"should be {_either(wanted)}{near or cure}")
    return ", or ".join(said)


def _allowed(fault: Any) -> list[str]:
    """The words that a value may be; nothing at all is not a word."""
    return [word for word in re.findall("'([^']*)'", fault["ctx"]["expected"]) if word]


def _either(wanted: Sequence[str]) -> str:
    *most, last = wanted
    if not most:
        return last
    return f"{', '.join(most)} or {last}"


def _cure(kind: Any, fault: Any) -> str:
    """How the value is written where only its brackets or its word are missing."""
    given, wanted = fault["input"], NOUNS[fault["type"]]
    if given is not None and not _is_short(given):
        return ""
    if wanted == "a list" and given is not None:
        return f", as [{scalar_text(given)}]"
    if wanted == ENTRIES:
        words = _words(kind, fault["loc"])
        word = next((one for one in BY_ITSELF if one in words), "")
        if word and given is None:
            return ", as {}"
        if word:
            return f", as {{{word}: {scalar_text(given)}}}"
    return ""


def _is_short(given: Any) -> bool:
    """Whether a value is text that can be repeated in a message."""
    return isinstance(given, str) and 0 < len(given) <= LONGEST_CURE


def _column(document: Document, path: Path_, fault: Any) -> int:
    """The column of what is wrong in an expression; 0 where that is not known."""
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, ExpressionError):
        return document.column(path, error.at)
    return 0


def _reason(kind: Any, fault: Any) -> str:
    location, reason = fault["loc"], fault["type"]
    if reason == "extra_forbidden":
        return _strange(kind, location)
    if reason == "missing" and isinstance(location[-1], int):
        return f"should have {_length(kind, location[:-1])} items"
    if reason == "too_long" and _length(kind, location):
        return f"should have {_length(kind, location)} items"
    if reason == "verb":
        return f"{fault['msg']}{_nearest_verb(fault)}"
    if reason in IN_FULL:
        return str(fault["msg"]).removeprefix("Value error, ")
    return SAID.get(reason, OTHERWISE).format(**fault.get("ctx", {}))


def _nearest_verb(fault: Any) -> str:
    """The verb that a word of the step may have been."""
    verbs = re.findall(r"\w+", str(fault["msg"]).partition("one of ")[2])
    found = ""
    for word in fault["input"] if isinstance(fault["input"], dict) else ():
        found = found or suggest(str(word), verbs)
    return found


def _strange(kind: Any, location: Path_) -> str:
    """A word that is not known at a place, or not beside the one that an entry begins with."""
    word, words = str(location[-1]), _words(kind, location[:-1])
    if word.endswith(")"):
        return "is cut off by a comma: quote an expression that has one between braces"
    if word in words:
        return f"does not go with {location[-2]}: it begins an entry (-) of its own"
    return f"is not a word of the spec language{suggest(word, words)}"


def _meant(kind: Any, fault: Any) -> str:
    return nearest(str(fault["loc"][-1]), _words(kind, fault["loc"][:-1]))


# ---------------------------------------------------------------- words that are known at a place
def _words(kind: Any, location: Path_) -> set[str]:
    """The words that may stand at a location of a model."""
    words: set[str] = set()
    for one in _kinds(kind, location):
        if isinstance(one, type) and issubclass(one, BaseModel):
            words.update(_fields(one))
    return words


def _length(kind: Any, location: Path_) -> int:
    """How many items a list of a fixed length has; 0 of any other."""
    lengths = [0]
    for one in _kinds(kind, location):
        if get_origin(one) is tuple and Ellipsis not in get_args(one):
            lengths.append(len(get_args(one)))
    return max(lengths)


def _kinds(kind: Any, location: Path_) -> list[Any]:
    """The types that may stand at a location of a model."""
    kinds = list(types_of(kind))
    for part in location:
        inner: list[Any] = []
        for outer in kinds:
            inner += _inner(outer, part)
        # a step that names a type leads nowhere; a verb is both
        if any(get_args(one) or issubclass(one, BaseModel) for one in inner):
            kinds = inner
    return kinds


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """The types of a model's fields, by their words in the YAML."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def types_of(kind: Any) -> Iterator[Any]:
    """The types of which a value may have any.

    Args:
        kind: the type of a field.
    """
    if get_origin(kind) is Annotated:
        yield from types_of(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for one in get_args(kind):
            yield from types_of(one)
    else:
        yield kind


def _inner(kind: Any, part: str | int) -> Iterator[Any]:
    """What stands behind an entry of a model, a mapping or a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = _fields(kind)
        if part in fields:
            yield from types_of(fields[str(part)])
    elif get_args(kind) and get_origin(kind) is not Literal:
        arguments = [argument for argument in get_args(kind) if argument is not Ellipsis]
        yield from types_of(arguments[-1])
