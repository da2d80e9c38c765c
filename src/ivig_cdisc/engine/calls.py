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
from ..derive.kinds import KINDS
from ..derive.roles import CONDITION, FLAG, GROUP
from ..metadata import NOT_THERE, Wiring, suggest
from .constants import Fault, faults

FROM_EDGES = {
    "source_dataset": "text",
    "source_variable": "text",
    "source_sequence": "number",
}  # of the kernel itself
ANY = ""  # a column of whatever kind


@dataclass(frozen=True)
class Parameter:
    """One parameter of a derivation: a column, a list of columns, or a constant."""

    hint: Any  # the type of a constant; None for columns
    kind: str  # text, number, date or alike; ANY for a column of whatever kind, and for constants
    is_list: bool
    required: bool

    @property
    def is_constant(self) -> bool:
        return self.hint is not None


OF_EDGES = {"of": Parameter(None, ANY, is_list=False, required=True)}


@cache
def signature(function: str) -> dict[str, Parameter]:
    """Parameters of a derivation by name."""
    if function in FROM_EDGES:
        return OF_EDGES
    hints = get_type_hints(derive.FUNCTIONS[function], include_extras=True)
    parameters = inspect.signature(derive.FUNCTIONS[function]).parameters.values()
    return {p.name: _parameter(p, hints[p.name]) for p in parameters}


@cache
def gives(function: str) -> str:
    """Kind of the column that comes out: text, number, date or alike.

    ANY if the signature does not say.
    """
    if function in FROM_EDGES:
        return FROM_EDGES[function]
    return _kind(get_type_hints(derive.FUNCTIONS[function], include_extras=True)["return"]) or ANY


def _parameter(given: inspect.Parameter, hint: Any) -> Parameter:
    required = given.default is inspect.Parameter.empty
    choices = (
        hint,
        *(get_args(hint) if get_origin(hint) in (Union, UnionType) else ()),
    )  # Text | None is a Text
    for choice in choices:
        plain = get_args(choice)[0] if get_origin(choice) is Annotated else choice
        is_list = get_origin(plain) is Sequence
        kind = _kind(get_args(plain)[0] if is_list else choice)
        if kind is not None:
            return Parameter(None, kind, is_list, required)
    return Parameter(hint, ANY, is_list=False, required=required)


def _kind(hint: Any) -> str | None:
    """The kind of a column, ANY if it is of whatever kind.

    None where the type is none of a column.
    """
    if hint is pd.Series:
        return ANY
    if get_origin(hint) is Annotated and get_args(hint)[0] is pd.Series:
        return next((str(word) for word in hint.__metadata__ if word in KINDS), ANY)
    return None


@cache
def deciding(function: str) -> dict[str, str]:
    """Parameters of a derivation that decide and give no part of the value.

    Which of derive.roles each has.
    """
    hints = (
        get_type_hints(derive.FUNCTIONS[function], include_extras=True)
        if function in derive.FUNCTIONS
        else {}
    )
    return {
        name: str(word)
        for name, hint in hints.items()
        for word in _words(hint)
        if word in (CONDITION, FLAG, GROUP)
    }


def _words(hint: Any) -> Iterator[Any]:
    """What the annotation says beside the type, that of an optional column too."""
    yield from getattr(hint, "__metadata__", ())
    for choice in get_args(hint) if get_origin(hint) in (Union, UnionType) else ():
        yield from getattr(choice, "__metadata__", ())


def carried_reads(wiring: Wiring) -> tuple[str, ...]:
    """Names of the columns that go in and give a part of the value; the others only decide."""
    decide = (
        {"of"} if wiring.function in FROM_EDGES else deciding(wiring.function)
    )  # of: its name is told, not its value
    carried = {name: columns for name, columns in wiring.columns.items() if name not in decide}
    return wiring.model_copy(update={"columns": carried}).reads


# ---------------------------------------------------------------- what is wrong with a call
def call_faults(wiring: Wiring) -> Iterator[Fault]:
    """What does not fit the signature of the function.

    Names of arguments, and the types of constants.

    Of a constant, with its name and the entries in it that lead to the fault.
    """
    wanted = signature(wiring.function)
    given = {**wiring.columns, **wiring.constants}
    for name in given:
        if name not in wanted:
            yield (), f"there is no argument {name}{suggest(name, wanted)}"
    for name, parameter in wanted.items():
        if name in given:
            yield from _argument_faults(name, parameter, wiring)
        elif parameter.required:
            yield (), f"the argument {name} is missing"


def _argument_faults(name: str, parameter: Parameter, wiring: Wiring) -> Iterator[Fault]:
    if name in wiring.constants and not parameter.is_constant:
        yield (), f"{name} is a column: it goes into from, not with"
    elif name in wiring.columns and parameter.is_constant:
        yield (), f"{name} is a constant: it goes into with, not from"
    elif parameter.is_constant and wiring.constants[name] is not NOT_THERE:
        for path, reason in faults(parameter.hint, wiring.constants[name]):
            yield (name, *path), reason
    elif not (parameter.is_constant or parameter.is_list) and not isinstance(
        wiring.columns[name], str
    ):
        yield (), f"{name} is one column, not a list"
