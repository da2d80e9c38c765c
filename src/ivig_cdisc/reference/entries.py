"""Everything that the YAML can call, one entry each: what it is, what it takes, what it gives."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pandas as pd
from pydantic import BaseModel

from .. import derive, expressions, results
from ..engine.calls import FROM_EDGES, deciding, gives, signature
from ..engine.constants import is_required
from ..metadata import Step
from ..metadata.source import DatasetSource, VariableSource
from ..validation import CHECKS
from .documentation import Documentation, documentation
from .kinds import models, name, said, shapes

ROWS = "Row steps"
DATASETS, VARIABLES = "Words of a dataset", "Words of a variable"
EDGES, CHECKED, METHODS = "Where a record came from", "Checks", "Methods of results"
SHAPES, EXPRESSIONS = "Shapes", "Functions of expressions"
COLUMNS = {pd.Series: "a column", pd.DataFrame: "a list"}


@dataclass(frozen=True)
class Argument:
    """What something takes: the word under which it stands, its name, its type and meaning.

    word: from, with, or empty for a word of the language itself.
    """

    word: str
    name: str
    kind: str
    required: bool
    says: str = ""

    @property
    def written(self) -> str:
        """The name, with ? where it may be left out."""
        if self.required:
            return self.name
        return f"{self.name}?"


@dataclass(frozen=True)
class Entry:
    """One thing that the YAML can call.

    family     what it belongs to, as a heading.
    gives      the type of what comes out; empty where nothing is to be said.
    """

    family: str
    name: str
    documentation: Documentation
    arguments: tuple[Argument, ...] = ()
    gives: str = ""


@cache
def entries() -> tuple[Entry, ...]:
    """All that the YAML can call.

    Returns:
        The entries, family by family: datasets, row steps and variables, functions of expressions,
        derivations, checks, methods of results, and the shapes of constants.
    """
    return (
        *words(DATASETS, DatasetSource),
        *verbs(),
        *words(VARIABLES, VariableSource),
        *of_expressions(),
        *derivations(),
        *checks(),
        *methods(),
        *of_shapes(),
    )


# ---------------------------------------------------------------- models
def verbs() -> Iterator[Entry]:
    """The row steps, in the order in which the language lists them."""
    for model in models(Step):
        verb = next(iter(model.model_fields))
        yield Entry(ROWS, verb, documentation(model), tuple(_words(model)))


def words(family: str, model: type[BaseModel]) -> Iterator[Entry]:
    """The words of a model, each with its meaning."""
    for argument in _words(model):
        meaning = Documentation(argument.says, "", {}, "", "", "")
        yield Entry(family, argument.name, meaning, (), argument.kind)


def _words(model: type[BaseModel], above: str = "") -> Iterator[Argument]:
    """The words of a model; those within a word stand behind a point."""
    told = documentation(model).words
    hints = get_type_hints(model, include_extras=True)
    for field_name, field in model.model_fields.items():
        word = field.alias or field_name
        hint = hints[field_name]
        path = f"{above}.{word}".lstrip(".")
        yield Argument("", path, said(hint), field.is_required(), told.get(word, ""))
        if _is_within(hint, model):
            yield from _words(hint, path)


def _is_within(hint: Any, model: type[BaseModel]) -> bool:
    """Whether a type is a model that stands inside of another one, as the words of one verb."""
    return inspect.isclass(hint) and hint.__qualname__.startswith(f"{model.__qualname__}.")


# ---------------------------------------------------------------- functions
def of_expressions() -> Iterator[Entry]:
    """The functions of `compute` and of conditions."""
    for function, about in expressions.FUNCTIONS.items():
        said_of_it = Documentation(about.does, "", {}, about.missing, "", "")
        values = Argument("", "values", _counted(about), required=True)
        yield Entry(EXPRESSIONS, function, said_of_it, (values,))


def _counted(about: expressions.Function) -> str:
    """How many values a function of expressions takes."""
    if about.least == about.most:
        return str(about.least)
    return f"{about.least} to {about.most}"


def derivations() -> Iterator[Entry]:
    """Functions of columns, module by module, and what the engine itself knows of a record."""
    modules = dict.fromkeys(inspect.getmodule(function) for function in derive.FUNCTIONS.values())
    for module in modules:
        if module:
            for function in module.__all__:
                yield _derivation(_title(module), function)
    for function in FROM_EDGES:
        yield _of_edges(function)


def _title(module: ModuleType) -> str:
    return str(module.__doc__).partition("\n")[0].partition(". ")[0].rstrip(".")


def _derivation(family: str, function: str) -> Entry:
    about = documentation(derive.FUNCTIONS[function])
    roles = deciding(function)
    columns, constants = [], []
    for parameter, wanted in signature(function).items():
        meaning = about.words.get(parameter, "")
        if wanted.is_constant:
            kind = said(wanted.hint)
            constants.append(Argument("with", parameter, kind, wanted.required, meaning))
            continue
        kind = wanted.column_type or "any"
        if wanted.is_list:
            kind = f"[{kind}]"
        if parameter in roles:
            kind = f"{kind}, {roles[parameter]}"
        columns.append(Argument("from", parameter, kind, wanted.required, meaning))
    return Entry(family, function, about, (*columns, *constants), gives(function) or "any")


def _of_edges(function: str) -> Entry:
    what = function.partition("_")[2]
    sentence = f"The {what} of the record that `of` was taken from."
    missing = "Missing where it was taken from several, or from none."
    about = Documentation(sentence, missing, {}, "", "ADaMIG 1.3, 3.3.9.", "")
    of = Argument("from", "of", "any", required=True, says="the column whose source is asked")
    return Entry(EDGES, function, about, (of,), gives(function))


def checks() -> Iterator[Entry]:
    """What a rule can ask of records."""
    for check in sorted(CHECKS):
        function = CHECKS[check]
        columns, constants = [], []
        for parameter, given in inspect.signature(function).parameters.items():
            hint = get_type_hints(function)[parameter]
            required = given.default is given.empty
            kind = _column(hint)
            if kind:
                columns.append(Argument("from", parameter, kind, required))
            else:
                constants.append(Argument("with", parameter, said(hint), required))
        yield Entry(CHECKED, check, documentation(function), (*columns, *constants))


def _column(hint: Any) -> str:
    """What kind of column a check takes; empty for a constant."""
    for one in (hint, *get_args(hint)):
        if one in COLUMNS:
            return COLUMNS[one]
    return ""


def methods() -> Iterator[Entry]:
    """What `method` of a result can name."""
    for method in results.METHODS:
        yield Entry(METHODS, method, documentation(results.METHODS[method]))


# ---------------------------------------------------------------- shapes
def of_shapes() -> Iterator[Entry]:
    """The kinds of entries that constants of derivations are made of."""
    found: dict[Any, None] = {}
    for function in derive.FUNCTIONS:
        for parameter in signature(function).values():
            if parameter.is_constant:
                found |= dict.fromkeys(shapes(parameter.hint))
    for shape in sorted(found, key=name):
        hints = get_type_hints(shape, include_extras=True)
        parts = [
            Argument("", part, said(hint), is_required(shape, hint)) for part, hint in hints.items()
        ]
        yield Entry(SHAPES, name(shape), documentation(shape), tuple(parts))
