"""Several variables that one derivation gives, as the entries that each has of its own.

`ASTDT, ASTDTF: {derive: imputed_start, ...}` says one fact once: the date, and how much of it is
imputed. Each companion of a derivation is a derivation itself, of the same columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from ..text import suggest
from .document import Document, Path_
from .model import NOT_THERE
from .salvage import without_values
from .source import NO_CODELIST, VariableSource

SEPARATOR = ","
WIRED = {"derive", "from_", "with_", "where"}  # what is said of all of them
FIRST = ""  # the variable that the derivation itself gives
PLACES = ("first", "second", "third", "fourth", "fifth")


class Companion(NamedTuple):
    """A derivation beside another.

    columns    its parameters, and the other's parameters whose columns these get; or FIRST.
    constants  whether it is told what the other is told.
    type       of its variable, where the standard does not say.
    alone      the other's parameter that only this derivation reads; without it there is none.
    """

    function: str
    columns: Mapping[str, str]
    constants: bool = False
    type: str = ""
    alone: str = ""


def _limit(parameter: str) -> Companion:
    """The lower or the upper limit beside a result in standard units."""
    columns = {"limit": parameter, **OF_RESULT}
    return Companion("standard_limit_number", columns, constants=True, type="Num", alone=parameter)


OF_RESULT = {"result": "result", "unit": "unit", "test": "test"}
FLAG = Companion("imputation_flag", {"date": "date"})
NUMBER = Companion("number", {"value": FIRST}, type="Num")
UNIT = Companion("standard_unit", OF_RESULT, constants=True)
COMPANIONS: Mapping[str, tuple[Companion, ...]] = {
    "standardized": (NUMBER, UNIT, _limit("low"), _limit("high")),
    "standard_result": (NUMBER, UNIT),
    "not_done": (Companion("reason_not_done", {"reason": "reason", "value": "value"}),),
    "imputed_start": (FLAG,),
    "imputed_end": (FLAG,),
}
# attributes of the first variable that are not those of the standard: numbers have no codelist
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {"standardized": {"codelist": NO_CODELIST}}


def each_alone(
    document: Document, part: Path_, variables: Mapping[str, VariableSource]
) -> dict[str, VariableSource]:
    """The variables of a file, those that are given together each with an entry of its own.

    Args:
        document: where they stand; what does not fit becomes a problem of it, and each variable
            gets the line of the entry.
        part: the entry of the document that holds them: variables, working, or the whole.
        variables: by name, or by several names with commas between.

    Returns:
        The variables by name, in order.
    """
    found: dict[str, VariableSource] = {}
    for key, given in variables.items():
        if SEPARATOR not in key and given.derive not in ATTRIBUTES:
            found[key] = given
            continue
        path = (*part, key)
        names = names_of(key)
        entries = [without_values(given)] * len(names)
        is_wrong = given.value is NOT_THERE  # which is told already
        if not is_wrong and _gives_several(document, path, given):
            _check(document, path, names, given)
            entries = _entries(names[0], given)
        for name, own in zip(names, entries, strict=False):
            if name in found or (name in variables and name != key):
                document.complain(path, f"{name} is given more than once")
            document.lines[*part, name] = document.line(path)
            found[name] = own
    return found


def names_of(key: str) -> list[str]:
    """The variables that an entry is about.

    >>> names_of("ASTDT, ASTDTF"), names_of("AGE")
    (['ASTDT', 'ASTDTF'], ['AGE'])
    """
    return [name.strip() for name in key.split(SEPARATOR)]


def _gives_several(document: Document, path: Path_, given: VariableSource) -> bool:
    if given.derive in COMPANIONS:
        return True
    known = ", ".join(COMPANIONS)
    near = suggest(given.derive, COMPANIONS)
    document.complain(path, f"several variables come of {known} only{near}")
    return False


def _check(document: Document, path: Path_, names: list[str], given: VariableSource) -> None:
    companions = COMPANIONS[given.derive]
    gives = [given.derive, *(companion.function for companion in companions)]
    if len(names) > len(gives):
        reason = f"{given.derive} gives {len(gives)} variables at most: {', '.join(gives)}"
        document.complain(path, reason)
    _check_attributes(document, path, names, given)
    for number, companion in enumerate(companions, 1):
        wired = companion.alone in _columns(given)
        if companion.alone and wired and number >= len(names):
            place = PLACES[number]
            reason = f"{companion.alone} makes the {place} variable, which is not named"
            document.complain((*path, "from", companion.alone), reason)
        elif companion.alone and not wired and number < len(names):
            reason = f"{names[number]} is made of {companion.alone}, which is not wired"
            document.complain((*path, "from"), reason)


def _check_attributes(
    document: Document, path: Path_, names: list[str], given: VariableSource
) -> None:
    """What is said of one variable is not said of several."""
    if len(names) == 1:
        return
    for word in given.model_dump(exclude_defaults=True, exclude=WIRED):
        reason = f"{word} is said of one variable: give each an entry of its own"
        document.complain((*path, word), reason)


def _columns(given: VariableSource) -> dict[str, str | tuple[str, ...]]:
    """The columns that are wired; none where that is not said as it should be."""
    if isinstance(given.from_, dict):
        return given.from_
    return {}


def _entries(first: str, given: VariableSource) -> list[VariableSource]:
    """The entry of the first variable, and of its companions."""
    companions = COMPANIONS[given.derive]
    entries = [_first(given, {companion.alone for companion in companions})]
    for companion in companions:
        if companion.alone and companion.alone not in _columns(given):
            entries.append(without_values(VariableSource()))
        else:
            entries.append(_beside(companion, first, given))
    return entries


def _first(given: VariableSource, of_others: Collection[str]) -> VariableSource:
    """The entry of the derivation itself, without the columns that only companions read."""
    changed: dict[str, Any] = {}
    for word, usual in ATTRIBUTES.get(given.derive, {}).items():
        changed[word] = getattr(given, word) or usual
    if isinstance(given.from_, dict):
        changed["from_"] = {
            parameter: column
            for parameter, column in given.from_.items()
            if parameter not in of_others
        }
    return given.model_copy(update=changed)


def _beside(companion: Companion, first: str, given: VariableSource) -> VariableSource:
    """The entry of a variable beside the first."""
    columns = _columns(given)
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
    return VariableSource.model_validate(own)
