"""Lists of codes: what was collected, and the submission value where one is known.

A codelist or a common word gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from . import codes, targets
from .column_types import ColumnType
from .targets import Target

_YES_NO = "NY"


class Coded(Protocol):
    """What is needed of a form."""

    @property
    def domain(self) -> str: ...

    @property
    def types(self) -> Mapping[str, ColumnType]: ...

    @property
    def targets(self) -> Mapping[str, Target]: ...


@dataclass(frozen=True)
class Terms:
    """A list of codes.

    values    collected value: submission value
    codelist  that these are of, if any
    open      collected values without a term
    """

    values: Mapping[str, str]
    codelist: str = ""
    open: tuple[str, ...] = ()


def find(forms: Iterable[Coded]) -> dict[str, Terms]:
    """The lists of all columns of codes, by name; columns for the same thing share one."""
    found: dict[str, Terms] = {}
    for form in forms:
        for column, column_type in form.types.items():
            if column_type.name == "code":
                name = name_of(form, column)
                found[name] = _united(found.get(name), _terms(form, column))
    return dict(sorted(found.items()))


def name_of(form: Coded, column: str) -> str:
    """Name of the list of a column: of its target, of yes and no, or its own."""
    target, column_type = form.targets.get(column), form.types[column]
    if target and targets.variable(form.domain, target.variable).codelist == codes.YES_NO:
        return _YES_NO
    if target:
        return _as_code(form, target.variable)
    if len(codes.match(column_type.counts.index, codes.YES_NO)) == len(column_type.counts) > 1:
        return _YES_NO
    return re.sub(r"[^A-Z0-9]+", "_", column.upper()).strip("_") or "CODES"


def _as_code(form: Coded, variable: str) -> str:
    """Test names become codes of tests where there is a list of these."""
    return f"{variable}CD" if is_test_name(form.domain, variable) else variable


def is_test_name(of: str, variable: str) -> bool:
    """Whether the variable is --TEST of a domain whose tests have codes."""
    return variable == f"{of}TEST" and bool(targets.variable(of, f"{of}TESTCD").codelist)


def _terms(form: Coded, column: str) -> Terms:
    values, name = sorted(form.types[column].counts.index, key=_order), name_of(form, column)
    codelist, names = _codelist(form, column, name)
    matched: dict[str, str] = {}
    if codelist:
        matched = codes.match(values, codelist, names)
    if names:
        for value in values:
            code = matched.get(value) or targets.test_code(value, form.domain)
            if code:
                matched[value] = code
    submitted = {value: matched.get(value, value) for value in values}
    open_ = tuple(value for value in values if value not in matched)
    return Terms(submitted, codelist, open_)


def _codelist(form: Coded, column: str, name: str) -> tuple[str, str]:
    if name == _YES_NO:
        return codes.YES_NO, ""
    if column not in form.targets:
        return "", ""
    known = targets.variable(form.domain, _as_code(form, form.targets[column].variable))
    return known.codelist, targets.test_names(form.domain, known)


def _united(known: Terms | None, more: Terms) -> Terms:
    if known is None:
        return more
    values = dict(known.values)
    for value, term in more.values.items():
        values.setdefault(value, term)
    ordered = {value: values[value] for value in sorted(values, key=_order)}
    open_ = tuple(sorted({*known.open, *more.open}, key=_order))
    return Terms(ordered, known.codelist or more.codelist, open_)


def _order(value: str) -> tuple[bool, float, str]:
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", value):
        return False, float(value), value
    return True, 0.0, value
