"""The one list of what a spec requires; the run and the written suites are both made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..metadata import (
    Codelist,
    CodelistsBy,
    DatasetSpec,
    Rule,
    Study,
    Variable,
    continuations,
    is_open,
    pieces,
)
from .checks import words
from .conformance import DATE, DATE_OR_DURATION, REQUIREMENTS, SEVERITY
from .wording import reads

GX_SEVERITY = {"error": "critical", "warning": "warning", "note": "info"}


def requirements(spec: DatasetSpec, study: Study) -> dict[str, dict[str, Any]]:
    """What the spec of a dataset requires of its variables, the supplemental ones too.

    Args:
        spec: the dataset.
        study: whose codelists are meant.

    Returns:
        For each requirement the variables that it is made of, in their order, each with what is
        required of it; a requirement of no variable is left out. Nothing is required of internal
        datasets.
    """
    if spec.internal:
        return {}
    wanted: dict[str, dict[str, Any]] = {name: {} for name in REQUIREMENTS}
    for variable in spec.variables:
        for requirement, required in _of_variable(variable, spec, study):
            wanted[requirement][variable.name] = required
    for place, name in enumerate(spec.keys, start=1):
        wanted["SPEC-KEY"][name] = place
    return {name: variables for name, variables in wanted.items() if variables}


def described(rule: Rule | str) -> dict[str, str]:
    """A rule, or a requirement by its name, in words.

    Returns:
        rule: its id; severity; what: the requirement, or what a finding of the rule says; check:
        the check of the rule in words, empty for a requirement.
    """
    if isinstance(rule, Rule):
        told = {"what": reads(rule.message), "check": words(rule.check)}
        return {"rule": rule.id, "severity": rule.severity, **told}
    what = str(REQUIREMENTS[rule].__doc__).strip().splitlines()[0]
    return {"rule": rule, "severity": SEVERITY.get(rule, "error"), "what": what, "check": ""}


# ---------------------------------------------------------------- what single variables must be
def _of_variable(
    variable: Variable, spec: DatasetSpec, study: Study
) -> Iterator[tuple[str, str | int | list[float] | dict[str, Any]]]:
    """Each requirement of a variable by its name, and what is required."""
    yield "SPEC-COLUMN", variable.label
    yield "SPEC-TYPE", _type(variable)
    goes_on = {*continuations(spec), *pieces(spec)}
    if variable.type == "Char" and variable.name not in goes_on:
        yield "SPEC-LENGTH", variable.length  # text that goes on elsewhere may have any
    if _has_value(variable, spec):
        yield "SPEC-REQUIRED", variable.label
    if variable.codelists_by and variable.codelists_by.by in spec.columns:
        yield from _listed_by(variable, variable.codelists_by, study)
    elif variable.codelist:
        codelist = study.codelists[variable.codelist]
        yield _requirement(codelist), _listed(codelist)
    if variable.iso8601:
        yield "SPEC-ISO8601", _dated(variable)
    if variable.range:
        yield "SPEC-RANGE", list(variable.range)


def _requirement(codelist: Codelist) -> str:
    if codelist.extensible:
        return "SPEC-EXTENSIBLE"
    return "SPEC-CODELIST"


def _listed_by(
    variable: Variable, chosen: CodelistsBy, study: Study
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The codelists that go with values of another variable: the closed ones, the others."""
    parts: dict[str, list[dict[str, Any]]] = {}
    for codelist, values in _values(variable, chosen, study):
        part = {**_listed(codelist), "by": chosen.by, **values}
        parts.setdefault(_requirement(codelist), []).append(part)
    for requirement, listed in parts.items():
        yield requirement, {"parts": listed}


def _values(
    variable: Variable, chosen: CodelistsBy, study: Study
) -> Iterator[tuple[Codelist, dict[str, Any]]]:
    """Each codelist with the values that it goes with; the standard's with all but those."""
    said: dict[str, list[str]] = {}
    for value, key in chosen.of.items():
        said.setdefault(key, []).append(value)
    for key, values in said.items():
        if key in study.codelists:
            yield study.codelists[key], {"values": values}
    if variable.codelist_usual:
        yield study.codelists[variable.codelist_usual], {"but": list(chosen.of)}


def _listed(codelist: Codelist) -> dict[str, Any]:
    return {
        "codelist": codelist.id,
        "name": codelist.name,
        "extensible": codelist.extensible,
        "terms": list(codelist.terms),
    }


def _type(variable: Variable) -> str:
    if variable.kind in {"date", "datetime"}:
        return "Date"
    return variable.type


def _has_value(variable: Variable, spec: DatasetSpec) -> bool:
    """Req means a value in SDTM, but only a variable in ADaM, identifiers apart.

    A variable that is still to decide has none, which is told once and not of each record.
    Source: SDTMIG 3.4, 4.1.5; ADaMIG 1.3, 3.1.
    """
    if is_open(variable.wiring.constants.get("value")):
        return False
    return variable.core == "Req" and (spec.standard == "SDTM" or variable.role == "Identifier")


def _dated(variable: Variable) -> str:
    if variable.name.endswith("DTC"):
        return DATE
    return DATE_OR_DURATION
