"""What a derivation wants and gives, read off its signature.

And what is wrong with the arguments of a call.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pandas as pd

from .. import derive
from ..derive.kinds import KINDS, YES
from ..derive.roles import ACROSS, CONDITION, FLAG, GROUP
from ..metadata import CONSTANT, NOT_THERE, Wiring
from ..text import nearest, suggest
from .constants import Fault, faults

FROM_EDGES = {
    "source_dataset": "text",
    "source_variable": "text",
    "source_sequence": "number",
}  # of the engine itself, each with the type of what it gives
ColumnType = str  # text, number or date; in signatures also alike
ANY = ""  # a column of whatever type, or one of which nothing is known


@dataclass(frozen=True)
class Parameter:
    """One parameter of a derivation: a column, a list of columns, or a constant."""

    hint: Any  # the type of a constant; None for columns
    column_type: ColumnType  # ANY for a column of whatever type, and for constants
    is_list: bool
    required: bool

    @property
    def is_constant(self) -> bool:
        return self.hint is not None


OF_EDGES = {"of": Parameter(None, ANY, is_list=False, required=True)}


@cache
def signature(function: str) -> dict[str, Parameter]:
    """Parameters of a derivation by name, as its annotations say what they are.

    Args:
        function: name of the derivation, one of `derive.FUNCTIONS` or FROM_EDGES.

    Returns:
        The parameters in the order of the signature.
    """
    if function in FROM_EDGES:
        return OF_EDGES
    hints = _hints(function)
    parameters = inspect.signature(derive.FUNCTIONS[function]).parameters
    return {name: _parameter(given, hints[name]) for name, given in parameters.items()}


@cache
def gives(function: str) -> ColumnType:
    """Type of the column that comes out.

    Args:
        function: name of the derivation, one of `derive.FUNCTIONS` or FROM_EDGES.

    Returns:
        text, number, date or alike; ANY if the signature does not say.
    """
    if function in FROM_EDGES:
        return FROM_EDGES[function]
    return _column_type(_hints(function)["return"]) or ANY


def only_value(function: str) -> str:
    """The one value that a derivation can give, beside a missing one.

    Args:
        function: name of the derivation.

    Returns:
        Y, where the signature says that it gives nothing else; otherwise empty.
    """
    if function in derive.FUNCTIONS and YES in _words(_hints(function)["return"]):
        return "Y"
    return ""


def _hints(function: str) -> dict[str, Any]:
    return get_type_hints(derive.FUNCTIONS[function], include_extras=True)


def _parameter(given: inspect.Parameter, hint: Any) -> Parameter:
    required = given.default is inspect.Parameter.empty
    for choice in (hint, *_alternatives(hint)):  # Text | None is a Text
        column_type, is_list = _column_type(choice), False
        if column_type is None:
            column_type, is_list = _column_type(_item(choice)), True
        if column_type is not None:
            return Parameter(None, column_type, is_list, required)
    return Parameter(hint, ANY, is_list=False, required=required)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """The types of which a value may have any; none where there is no choice."""
    if get_origin(hint) in (Union, UnionType):
        return get_args(hint)
    return ()


def _item(hint: Any) -> Any:
    """The type of what is in a list; None where the type is not a list."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) is Sequence:
        return get_args(hint)[0]
    return None


def _column_type(hint: Any) -> ColumnType | None:
    """The type of a column, ANY if it is of whatever type.

    None where the hint is not that of a column.
    """
    if hint is pd.Series:
        return ANY
    if get_origin(hint) is not Annotated or get_args(hint)[0] is not pd.Series:
        return None
    for word in hint.__metadata__:
        if word in KINDS:
            return str(word)
    return ANY


@cache
def deciding(function: str) -> dict[str, str]:
    """Parameters of a derivation that decide and give no part of the value.

    Args:
        function: name of the derivation; any other name has none.

    Returns:
        Each of these parameters with its role, one of `derive.roles`.
    """
    return _with_role(function, (CONDITION, FLAG, GROUP))


@cache
def across(function: str) -> frozenset[str]:
    """Parameters of a derivation whose value goes into other records of the group too.

    Args:
        function: name of the derivation; any other name has none.

    Returns:
        Their names.
    """
    return frozenset(_with_role(function, (ACROSS,)))


def _with_role(function: str, wanted: Sequence[str]) -> dict[str, str]:
    """Parameters that have one of these roles, each with it."""
    if function not in derive.FUNCTIONS:
        return {}
    roles = {}
    for name, hint in _hints(function).items():
        for word in _words(hint):
            if word in wanted:
                roles[name] = str(word)
    return roles


def _words(hint: Any) -> Iterator[Any]:
    """What the annotation says beside the type, that of an optional column too."""
    yield from getattr(hint, "__metadata__", ())
    for choice in _alternatives(hint):
        yield from getattr(choice, "__metadata__", ())


def carried_reads(wiring: Wiring) -> tuple[str, ...]:
    """Names of the columns that go in and give a part of the value; the others only decide."""
    if wiring.cases or wiring.function == CONSTANT:
        return _carried_by_conditions(wiring)
    decide = set(deciding(wiring.function))
    if wiring.function in FROM_EDGES:
        decide = {"of"}  # its name is reported, not its value
    carried = {name: columns for name, columns in wiring.columns.items() if name not in decide}
    return wiring.model_copy(update={"columns": carried}).inputs


def _carried_by_conditions(wiring: Wiring) -> tuple[str, ...]:
    found = dict.fromkeys(wiring.tested)
    for choice in wiring.cases:
        found |= dict.fromkeys(carried_reads(choice.wiring))
    return tuple(found)


# ---------------------------------------------------------------- what is wrong with a call
def call_faults(wiring: Wiring) -> Iterator[Fault]:
    """What does not fit the signature of the function: names of arguments, types of constants.

    Args:
        wiring: a call of a derivation that there is.

    Yields:
        The reason of each fault; that of a constant with its name and the entries in it that lead
        there.
    """
    wanted = signature(wiring.function)
    given = {**wiring.columns, **wiring.constants}
    meant = set()
    for name in given:
        if name not in wanted:
            meant.add(nearest(name, wanted))
            yield (), f"there is no argument {name}{suggest(name, wanted)}"
    columns = [name for name, parameter in wanted.items() if not parameter.is_constant]
    if columns and not wiring.columns and not any(wanted[name].required for name in columns):
        yield (), f"none of the arguments {', '.join(columns)} is wired"
    for name, parameter in wanted.items():
        if name in given:
            yield from _argument_faults(name, parameter, wiring)
        elif parameter.required and name not in meant:
            yield (), f"the argument {name} is missing"


def _argument_faults(name: str, parameter: Parameter, wiring: Wiring) -> Iterator[Fault]:
    several = not isinstance(wiring.columns.get(name), str)
    if name in wiring.constants and not parameter.is_constant:
        yield (), f"{name} is a column: it goes into from, not with"
    elif name in wiring.columns and parameter.is_constant:
        yield (), f"{name} is a constant: it goes into with, not from"
    elif parameter.is_constant and wiring.constants[name] is not NOT_THERE:
        for path, reason in faults(parameter.hint, wiring.constants[name]):
            yield (name, *path), reason
    elif several and not parameter.is_constant and not parameter.is_list:
        yield (), f"{name} is one column, not a list"
