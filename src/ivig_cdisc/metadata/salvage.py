"""What can still be used of a file in which something is wrong.

So that all other mistakes are found at once, and nothing is said of what follows from the first:
what is left out is known to be there, and nothing is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .document import Document, Path_
from .model import NOT_THERE
from .shape import shape
from .source import DatasetSource, StudySource, VariableSource

# words of a variable that do not say what its values are
ATTRIBUTES = frozenset(
    {"label", "type", "length", "format", "codelist", "dictionary", "core", "range", "supplemental"}
)
NOT_KNOWN = "Not Known"  # the label of what has none that is right
Model = TypeVar("Model", bound=BaseModel)


def words(model: type[BaseModel]) -> set[str]:
    """The words of a model, as the YAML has them."""
    return {field.alias or name for name, field in model.model_fields.items()}


# ---------------------------------------------------------------- datasets
def dataset_source(document: Document) -> DatasetSource | None:
    """What the file of a dataset says.

    Wrong variables are there, without any values; wrong rows are none. None where the head of the
    file is wrong, or the file is not YAML.
    """
    source: DatasetSource | None = shape(document, DatasetSource)
    if source is not None and not source.rows:
        document.complain(("rows",), "is empty; the first step is take or stack")
    if not document.wrong or not isinstance(document.data, dict):
        return source
    data = {word: document.data[word] for word in document.data if word in words(DatasetSource)}
    for path in document.wrong:
        if path[:1] == ("rows",):
            data["rows"] = []
        elif len(path) > 1 and path[0] in ("variables", "working"):
            word, name = str(path[0]), path[1]
            data[word] = {**data[word], name: _unknown(document, (word, name))}
        elif path[:1] and path[0] not in words(DatasetSource):
            continue
        else:
            return None
    return _as(DatasetSource, data)


def _unknown(document: Document, path: Path_) -> VariableSource:
    """A variable that is there: what is right of its attributes, and as its values nothing."""
    given = document.data
    for part in path:
        given = given[part]
    wrong = {str(part[len(path)]) for part in document.wrong if _is_in(part, path)}
    kept: dict[str, Any] = {}
    if isinstance(given, dict):
        for word, value in given.items():
            if word in words(VariableSource) - wrong:
                kept[word] = value
    found = _as(VariableSource, kept) or VariableSource()
    if "supplemental" in wrong:
        found = found.model_copy(update={"supplemental": NOT_KNOWN})
    known = {"label": found.label or NOT_KNOWN, "type": found.type or "Num"}
    if isinstance(given, dict) and wrong and wrong <= ATTRIBUTES - {"type"}:
        return found.model_copy(update={word: known[word] for word in wrong & known.keys()})
    return without_values(found.model_copy(update=known))


def _is_in(path: Path_, outer: Path_) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def without_values(variable: VariableSource) -> VariableSource:
    """The variable with its attributes; nothing is known of its values."""
    attributes = {word: getattr(variable, word) for word in ATTRIBUTES}
    return VariableSource().model_copy(update={**attributes, "value": NOT_THERE})


def _as(model: type[Model], data: Any) -> Model | None:
    """The data as a model; None where what is left of them is not enough."""
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def name_of(document: Document) -> str:
    """The name of a dataset whose file cannot be used; that of the file where it does not say."""
    if isinstance(document.data, dict) and isinstance(document.data.get("dataset"), str):
        return str(document.data["dataset"])
    return document.file.stem.upper()


def each(document: Document, kind: Any) -> Iterator[tuple[int, Any]]:
    """The entries of a list that fit, with their numbers; what is wrong is said of the others."""
    if document.data is not None and not isinstance(document.data, list):
        document.complain((), "should be a list")
        return
    for i, given in enumerate(document.data or ()):
        entry = shape(document, kind, given, (i,))
        if entry is not None:
            yield i, entry


# ---------------------------------------------------------------- study.yaml
def study_source(head: Document) -> tuple[StudySource | None, frozenset[str]]:
    """What study.yaml says, as far as other files can be read with it; and the names left out.

    None where what is wrong is needed for all else.
    """
    source: StudySource | None = shape(head, StudySource)
    if source is not None or not isinstance(head.data, dict):
        return source, frozenset()
    data = {word: head.data[word] for word in head.data if word in words(StudySource)}
    left_out: set[str] = set()
    for path in head.wrong:
        if not path or path[0] not in words(StudySource):
            continue
        if len(path) < 2 or path[0] not in ("forms", "terms", "codelists", "lengths"):
            return None, frozenset()
        word, name = str(path[0]), str(path[1])
        entries = dict(data[word])
        if word == "terms":
            entries[name] = {}
        elif word == "codelists":
            entries[name] = {"terms": []}
        elif word == "forms" and _is_column(path, head):
            entries[name] = _with_unknown_column(entries[name], str(path[3]))
        else:
            entries.pop(name, None)
            left_out.add(name)
        data[word] = entries
    if left_out & set(_names_in(data.get("intake"))):
        return None, frozenset()
    return _as(StudySource, data), frozenset(left_out)


def _is_column(path: Path_, head: Document) -> bool:
    """Whether one column of a form is wrong, and the form itself can be used."""
    others = [one for one in head.wrong if one[:2] == path[:2]]
    return all(one[2:3] == ("columns",) and len(one) > 3 for one in others)


def _with_unknown_column(form: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {**form, "columns": {**form["columns"], column: None}}


def _names_in(data: Any) -> Iterator[str]:
    """All texts and keys of some data."""
    if isinstance(data, str):
        yield data
    if isinstance(data, dict):
        yield from map(str, data)
        for value in data.values():
            yield from _names_in(value)
