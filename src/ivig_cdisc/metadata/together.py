"""Several variables that one derivation gives, as the entries that each has of its own.

`ASTDT, ASTDTF: {derive: imputed_start, ...}` says one fact once: the date, and how much of it is
imputed. Each companion of a derivation is a derivation itself, of the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..text import suggest
from .document import Document, Path_
from .model import NOT_THERE
from .source import VariableSource

SEPARATOR = ","
WIRED = {"derive", "from_", "with_", "where"}  # what is said of all of them
FIRST = ""  # the variable that the derivation itself gives


class Companion(NamedTuple):
    """A derivation beside another.

    columns    its parameters, and the other's parameters whose columns these get; or FIRST.
    constants  whether it is told what the other is told.
    type       of its variable, where the standard does not say.
    """

    function: str
    columns: Mapping[str, str]
    constants: bool = False
    type: str = ""


FLAG = Companion("imputation_flag", {"date": "date"})
COMPANIONS: Mapping[str, tuple[Companion, ...]] = {
    "standard_result": (
        Companion("number", {"value": FIRST}, type="Num"),
        Companion(
            "standard_unit", {"result": "result", "unit": "unit", "test": "test"}, constants=True
        ),
    ),
    "imputed_start": (FLAG,),
    "imputed_end": (FLAG,),
}


def each_alone(
    document: Document, part: str, variables: Mapping[str, VariableSource]
) -> dict[str, VariableSource]:
    """The variables of a dataset, those that are given together each with an entry of its own.

    Args:
        document: where they stand; what does not fit becomes a problem of it, and each variable
            gets the line of the entry.
        part: the entry of the document that holds them, `variables` or `working`.
        variables: by name, or by several names with commas between.

    Returns:
        The variables by name, in order.
    """
    found: dict[str, VariableSource] = {}
    for key, given in variables.items():
        if SEPARATOR not in key:
            found[key] = given
            continue
        path = (part, key)
        names = names_of(key)
        if given.value is NOT_THERE:  # what is wrong with it is told already
            entries = [given] * len(names)
        else:
            _check(document, path, names, given)
            entries = _entries(names[0], given)
        for name, own in zip(names, entries, strict=False):
            if name in found or name in variables:
                document.complain(path, f"{name} is given more than once")
            document.lines[part, name] = document.line(path)
            found[name] = own
    return found


def names_of(key: str) -> list[str]:
    """The variables that an entry is about.

    >>> names_of("ASTDT, ASTDTF"), names_of("AGE")
    (['ASTDT', 'ASTDTF'], ['AGE'])
    """
    return [name.strip() for name in key.split(SEPARATOR)]


def _check(document: Document, path: Path_, names: list[str], given: VariableSource) -> None:
    if given.derive not in COMPANIONS:
        known = ", ".join(COMPANIONS)
        near = suggest(given.derive, COMPANIONS)
        reason = f"several variables come of {known} only{near}"
        document.complain(path, reason)
        return
    gives = [given.derive, *(companion.function for companion in COMPANIONS[given.derive])]
    if len(names) > len(gives):
        reason = f"{given.derive} gives {len(gives)} variables at most: {', '.join(gives)}"
        document.complain(path, reason)
    said = given.model_dump(exclude_defaults=True, exclude=WIRED)
    for word in said:
        reason = f"{word} is said of one variable: give each an entry of its own"
        document.complain((*path, word), reason)


def _entries(first: str, given: VariableSource) -> list[VariableSource]:
    """The entry of the first variable, and of its companions."""
    entries = [given]
    columns = given.from_
    if not isinstance(columns, dict):
        columns = {}
    for companion in COMPANIONS.get(given.derive, ()):
        wired: dict[str, str | tuple[str, ...]] = {}
        for parameter, source in companion.columns.items():
            if source == FIRST:
                wired[parameter] = first
            elif source in columns:
                wired[parameter] = columns[source]
        own: dict[str, Any] = {
            "derive": companion.function,
            "from": wired,
            "where": given.where,
            "type": companion.type,
        }
        if companion.constants:
            own["with"] = given.with_
        entries.append(VariableSource.model_validate(own))
    return entries
