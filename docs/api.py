"""The text of api.md: what Python programs can call, from signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import ivig_cdisc
from ivig_cdisc import CdiscError, testing

HEAD = """\
# From Python

Made by `python docs/make.py` from signatures and docstrings: do not edit it.

```python
import ivig_cdisc

summary = ivig_cdisc.convert("raw", "out")
summary.clean  # no finding that says that something is wrong
summary.findings  # one row per finding
summary.datasets["ADSL"]  # one dataset as a frame
print(ivig_cdisc.trace("out", "ADSL", "SUBJID=01-003", "AGE", raw="raw"))
```

All names are typed and imported when they are first asked for. Whatever ends a run raises a
`CdiscError`; bad data never do. A summary shows itself as a table in a notebook; what `trace` and
`explain` give is text when it is printed.

Read transport files with `pyreadstat.read_xport` or `haven`, not with `pandas.read_sas`: it makes
5.4e-79 of a zero, and `CNSR == 0` finds no event.
"""
TESTING = """\
## ivig_cdisc.testing

What a test of a study needs. With pytest:

```python
from ivig_cdisc.testing import convert_rows, records


def test_an_unknown_sex_is_kept_and_found(tmp_path):
    subjects = [{"subject_id": "01", "sex": "M"}, {"subject_id": "02", "sex": "X"}]
    summary = convert_rows(tmp_path, {"dm": subjects}, study="specs/my_study")
    assert records(summary.datasets["DM"], "SUBJID", "SEX") == [("01", "M"), ("02", "X")]
    assert ("02", "X") in records(summary.findings, "subject", "verbatim")
```
"""
SECTION = re.compile(r"^(Args|Returns|Raises):$", flags=re.MULTILINE)
ENTRY = re.compile(r"^    (\w+): ", flags=re.MULTILINE)


def page() -> str:
    """The whole text of api.md."""
    public = {name: getattr(ivig_cdisc, name) for name in ivig_cdisc.__all__}
    functions = [thing for thing in public.values() if inspect.isfunction(thing)]
    classes = [thing for thing in public.values() if inspect.isclass(thing)]
    errors = [one for one in classes if issubclass(one, CdiscError)]
    results = [one for one in classes if one not in errors]
    parts = [HEAD, "## Functions\n", *map(_function, functions)]
    parts += ["## What they give\n", *map(_class, results), "## Errors\n", *map(_class, errors)]
    parts += [TESTING, *(_function(getattr(testing, name)) for name in testing.__all__)]
    return "\n".join(parts).rstrip() + "\n"


def _function(function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    lines = ["(", *_parameters(signature), f") -> {signature.return_annotation}"]
    shown = "\n".join(lines)
    name = function.__name__
    return f"### {name}\n\n```python\n{name}{shown}\n```\n\n{_documented(function)}\n"


def _parameters(signature: inspect.Signature) -> list[str]:
    lines = []
    keyword_only = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            lines.append("    *,")
        lines.append(f"    {_parameter(parameter)},")
    return lines


def _parameter(parameter: inspect.Parameter) -> str:
    stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    named = f"{stars}{parameter.name}: {parameter.annotation}"
    if parameter.default is parameter.empty:
        return named
    default = getattr(parameter.default, "__name__", _double_quoted(repr(parameter.default)))
    return f"{named} = {default}"


def _class(kind: type) -> str:
    parts = [f"### {kind.__name__}\n", *_fields(kind), f"{_documented(kind)}\n"]
    members = [f"- `{name}`: {_first_line(member)}" for name, member in _members(kind)]
    return "\n".join([*parts, *members, ""] if members else parts)


def _fields(kind: type) -> list[str]:
    """The fields of a dataclass with their types, as a block."""
    if not is_dataclass(kind):
        return []
    lines = [f"    {field.name}: {_double_quoted(field.type)}" for field in fields(kind)]
    return ["```python", f"class {kind.__name__}:", *lines, "```\n"]


def _double_quoted(code: Any) -> str:
    """Code as the formatter writes it."""
    return str(code).replace("'", '"')


def _members(kind: type) -> list[tuple[str, Any]]:
    """Properties and methods that have a documentation."""
    own = [(name, member) for name, member in vars(kind).items() if not name.startswith("_")]
    called = [
        (name, one) for name, one in own if isinstance(one, property) or inspect.isfunction(one)
    ]
    return [(name, one) for name, one in called if inspect.getdoc(one)]


def _first_line(member: Any) -> str:
    return (inspect.getdoc(member) or "").partition("\n")[0]


def _documented(thing: Any) -> str:
    """A docstring as Markdown.

    Sections are bold, their entries lists; tables and examples stay as they stand.
    """
    text = inspect.getdoc(thing) or ""
    prose, example, rest = text.partition(">>> ")
    prose = re.sub(r"^(\w+(?:, \w+)*)  +(?=\S)", r"- `\1`: ", prose, flags=re.MULTILINE)
    prose = ENTRY.sub(r"- `\1`: ", SECTION.sub(r"**\1**\n", prose))
    prose = re.sub(r"^    (?=\S)", "", prose, flags=re.MULTILINE)
    prose = re.sub(r"^ {5,}(?=\S)", "  ", prose, flags=re.MULTILINE)
    return f"{prose}```python\n{example}{rest}\n```" if example else prose
