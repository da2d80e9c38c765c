"""Written suites: what is required of a dataset as its file holds it, without this package.

They are made of the same list of requirements and rules as the run, one expectation for each
variable, in expectations that Great Expectations has itself. What it cannot say is named in the
suite, with the reason. docs/suites.md shows how they are run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..metadata import DatasetSpec, Rule, Study
from . import native_rules
from .native import REQUIRED, Native
from .requirements import GX_SEVERITY, described, requirements
from .rules import not_applicable_reason, without_records

Suite = dict[str, Any]
NOTES = [
    "Read the file by pandas.read_sas(file, format='xport', encoding='utf-8').replace('', None).",
    "Take numbers below 1e-70 for 0: pandas reads 0 as 5.4e-79.",
    "Char variables are str, Num variables float64; a date is days since 1960, a datetime seconds.",
    "Lengths count characters; a letter that is not ASCII has several bytes.",
    "meta.file is the file in the output folder.",
    "meta.not_included is what the suite does not say, with the reason.",
]


def suites(study: Study, files: Mapping[str, str]) -> dict[str, Suite]:
    """The suites of the datasets that were written.

    Args:
        study: the study.
        files: the file of each dataset that was written, by the dataset's name.

    Returns:
        For each dataset its suite as plain JSON values, in the form that
        `great_expectations.ExpectationSuite(**suite)` takes.
    """
    frames = without_records(study.datasets)
    made = {}
    for spec in study.datasets:
        if spec.name in files:
            rules = _applying(spec.name, study, frames)
            made[spec.name] = _suite(spec, study, rules, files[spec.name])
    return made


def _applying(dataset: str, study: Study, frames: Mapping[str, pd.DataFrame]) -> list[Rule]:
    """The rules of a dataset that apply to it."""
    found = []
    for rule in study.rules:
        if rule.dataset == dataset and not not_applicable_reason(rule, frames):
            found.append(rule)
    return found


def load_suite(path: str | Path) -> Any:
    """A written suite as a `great_expectations.ExpectationSuite`, with all that is in the file.

    Args:
        path: a file of `validation/suites`.

    Returns:
        The suite.

    Raises:
        ValueError: the file is not a suite, or Great Expectations does not know an expectation. By
            itself it would drop it, say so in its log only, and call what is left a success.
    """
    from . import expectations  # costs seconds: only who loads one pays

    try:
        written = json.loads(Path(path).read_bytes())
        _refuse_other_json(written)
        return expectations.from_json(written)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _refuse_other_json(written: Any) -> None:
    """ValueError where JSON does not have the shape of a suite."""
    if not _is_suite(written):
        raise ValueError("is not a suite: expected a name, and expectations as a list of objects")


def _is_suite(written: Any) -> bool:
    if not isinstance(written, dict) or not isinstance(written.get("name"), str):
        return False
    listed = written.get("expectations")
    return isinstance(listed, list) and all(isinstance(one, dict) for one in listed)


def _suite(spec: DatasetSpec, study: Study, rules: list[Rule], file: str) -> Suite:
    expectations: list[dict[str, Any]] = []
    not_included: list[dict[str, str]] = []
    for requirement, variables in requirements(spec, study).items():
        reasons = _reasons(requirement, variables, spec)
        said = {name: wanted for name, wanted in variables.items() if name not in reasons}
        if said:
            for native in REQUIRED[requirement](said, spec):
                expectations.append(_expectation(requirement, native))
        for name, reason in reasons.items():
            not_included.append({"rule": requirement, "variable": name, "reason": reason})
    for rule in rules:
        try:
            for native in native_rules.expectations(rule, spec):
                expectations.append(_expectation(rule, native))
        except native_rules.UnsayableError as error:
            left_out = {"rule": rule.id, "variable": rule.variable, "reason": str(error)}
            not_included.append(left_out)
    meta = {"study": study.id, "dataset": spec.name, "file": file, "not_included": not_included}
    return {"name": spec.name, "notes": NOTES, "meta": meta, "expectations": expectations}


def _reasons(requirement: str, variables: Mapping[str, Any], spec: DatasetSpec) -> dict[str, str]:
    """The variables of which a requirement cannot be said, and why."""
    reasons = {}
    for name in variables:
        variable = spec.variable(name)
        if variable.supplemental:
            reasons[name] = f"{name} is written as records of SUPP{spec.name}."
        elif requirement == "SPEC-RANGE" and variable.type == "Char":
            reasons[name] = f"{name} is text in the file."
    if requirement == "SPEC-KEY" and reasons:  # the rest of a key is none
        return dict.fromkeys(variables, "The key is not whole in the file.")
    return reasons


def _expectation(rule: Rule | str, native: Native) -> dict[str, Any]:
    told = described(rule)
    meta = {
        "rule": told["rule"],
        "severity": told["severity"],
        "message": told["what"],
        "variable": native.variable,
    }
    severity = GX_SEVERITY[told["severity"]]
    return {"type": native.type, "kwargs": native.kwargs, "severity": severity, "meta": meta}
