"""The text of functions.md: what YAML can call, from signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import wrap
from types import ModuleType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pandas as pd

from ivig_cdisc import derive
from ivig_cdisc.engine.calls import FROM_EDGES, Parameter, deciding, gives, signature
from ivig_cdisc.engine.constants import is_required
from ivig_cdisc.validation.checks import CHECKS

WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false"}
HEAD = """\
# What YAML can call

Made by `python docs/make.py` from signatures and docstrings: do not edit it. How functions are
wired is on [one page](../specs/README.md).

- *from* lists columns, *with* constants; what ends with `?` may be left out.
- A column is text (ISO 8601 dates too), a number, a date (a day or moment as ADaM counts it),
  alike (all of one kind, whichever that is) or any; [text] is a list of columns.
- A condition only decides whether there is a value or which; a group, which records belong
  together; a flag, which record of a group gives its value to all of it.
- A constant {text: number} has entries of the form key: value, [text] is a list. What has a
  capital is explained under [Shapes](#shapes). A fact of study.yaml has the shape that its readers
  want.
"""


def page() -> str:
    """The whole text of functions.md."""
    modules = dict.fromkeys(inspect.getmodule(function) for function in derive.FUNCTIONS.values())
    parts = [HEAD, "## Derivations\n", *(_module(module) for module in modules if module)]
    parts += ["### Where a record came from\n", "".join(map(_derivation, FROM_EDGES))]
    parts += [
        "## Checks\n\nWhat `check` of a rule can name.\n",
        "".join(map(_check, sorted(CHECKS))),
    ]
    parts += ["## Shapes\n", "".join(_shape(kind) for kind in sorted(_shapes(), key=_name))]
    return "\n".join(parts).rstrip() + "\n"


def _module(module: ModuleType) -> str:
    title = str(module.__doc__).partition("\n")[0].partition(". ")[0].rstrip(".")
    return f"### {title}\n\n" + "".join(map(_derivation, module.__all__))


def _derivation(name: str) -> str:
    function = derive.FUNCTIONS.get(name)
    wanted = signature(name)
    columns = {
        _optional(p, at): _column(name, p, at) for p, at in wanted.items() if not at.is_constant
    }
    constants = {_optional(p, at): _hint(at.hint) for p, at in wanted.items() if at.is_constant}
    said = (
        _first_sentence(function)
        if function
        else f"The {name.partition('_')[2]} of the record that `of` was taken from."
    )
    return _entry(name, columns, constants, said, gives(name) or "any")


def _optional(name: str, parameter: Parameter) -> str:
    return name if parameter.required else f"{name}?"


def _column(function: str, name: str, parameter: Parameter) -> str:
    kind, role = parameter.column_type or "any", deciding(function).get(name, "")
    return ", ".join(filter(None, (f"[{kind}]" if parameter.is_list else kind, role)))


def _check(name: str) -> str:
    hints = get_type_hints(CHECKS[name])
    del hints["return"]
    columns = {p: _columns(hint) for p, hint in hints.items() if _columns(hint)}
    constants = {p: _hint(hint) for p, hint in hints.items() if not _columns(hint)}
    return _entry(name, columns, constants, _first_sentence(CHECKS[name]), "")


def _columns(hint: Any) -> str:
    kinds = {pd.Series: "a column", pd.DataFrame: "a list"}
    return next((kinds[one] for one in (hint, *get_args(hint)) if one in kinds), "")


def _first_sentence(function: Callable[..., Any]) -> str:
    text = " ".join(str(function.__doc__).partition("\n\n")[0].split())
    return text.partition(". ")[0].rstrip(".") + "."


def _entry(
    name: str, columns: Mapping[str, str], constants: Mapping[str, str], said: str, given: str
) -> str:
    wiring = [
        f"*{word}* {', '.join(f'`{parameter}` ({kind})' for parameter, kind in parameters.items())}"
        for word, parameters in (("from", columns), ("with", constants))
        if parameters
    ]
    gets = f"; gives {given}" if given else ""
    lines = [f"- **{name}**: {said}", f"  {'; '.join(wiring)}{gets}."]
    return "".join(
        f"{piece}\n" for line in lines for piece in wrap(line, 140, subsequent_indent="  ")
    )


# ---------------------------------------------------------------- types of constants
def _hint(hint: Any) -> str:
    """A type as people say it."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _hint(inner[0])
    if origin in (Union, UnionType):
        return " or ".join(_hint(one) for one in inner if one is not type(None))
    if origin is Literal:
        return " or ".join(map(str, inner))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"{{{_hint(inner[0])}: {_hint(inner[1])}}}"
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return f"[{_hint(inner[0])}]"
    return WORDS.get(hint) or _name(hint)


def _name(kind: Any) -> str:
    return str(kind.__name__).lstrip("_")


def _shapes() -> set[Any]:
    """The kinds of entries that constants of derivations are made of."""
    hints = [p.hint for name in derive.FUNCTIONS for p in signature(name).values() if p.is_constant]
    return {kind for hint in hints for kind in _dicts(hint)}


def _dicts(hint: Any) -> Iterator[Any]:
    if is_typeddict(hint):
        yield hint
    for inner in get_args(hint):
        yield from _dicts(inner)


def _shape(kind: Any) -> str:
    hints = get_type_hints(kind, include_extras=True)
    entries = ", ".join(
        f"`{name}{'' if is_required(kind, hint) else '?'}` ({_plain(hint)})"
        for name, hint in hints.items()
    )
    lines = [f"- **{_name(kind)}**: {_first_sentence(kind)}", f"  {entries}."]
    return "".join(
        f"{piece}\n" for line in lines for piece in wrap(line, 140, subsequent_indent="  ")
    )


def _plain(hint: Any) -> str:
    wrapper = str(get_origin(hint))
    return _hint(get_args(hint)[0]) if "Required" in wrapper else _hint(hint)
