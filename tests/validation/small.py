"""Small studies for the tests of validate, with what they do not look at left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ivig_cdisc.dataset import EDGES, Dataset
from ivig_cdisc.metadata import Codelist, DatasetSpec, Intake, Place, Rule, Study, Variable, Wiring

PLACE = Place(file=Path("study.yaml"), line=1)
LISTS = {
    "C66769": Codelist(
        id="C66769", name="Severity", extensible=False, terms={"MILD": "C41338", "SEVERE": "C41340"}
    ),
    "C71620": Codelist(id="C71620", name="Unit", extensible=True, terms={"U/L": "C67456"}),
}


def char(name: str, length: int = 20, **more: Any) -> Variable:
    return _variable(name=name, type="Char", length=length, **more)


def num(name: str, **more: Any) -> Variable:
    return _variable(name=name, type="Num", length=8, **more)


def _variable(**entries: Any) -> Variable:
    label = entries.pop("label", entries["name"].title())
    return Variable(label=label, wiring=Wiring(function="constant", place=PLACE), **entries)


def spec(
    name: str, *variables: Variable, keys: tuple[str, ...] = ("USUBJID",), **more: Any
) -> DatasetSpec:
    entries = {
        "label": name,
        "standard": "SDTM",
        "structure": "EVENTS",
        "rows": (),
        "place": PLACE,
        **more,
    }
    return DatasetSpec(name=name, keys=keys, variables=variables, **entries)


def dataset(made: DatasetSpec, frame: pd.DataFrame) -> Dataset:
    lineage = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EDGES.items()})
    return Dataset(made, frame, lineage)


def table(**columns: list[Any]) -> pd.DataFrame:
    """A frame as the build makes it: text as str, numbers as float."""
    frame = pd.DataFrame(columns)
    texts = [
        n
        for n in frame
        if any(isinstance(v, str) for v in columns[n]) or not frame[n].notna().any()
    ]
    return frame.astype(dict.fromkeys(texts, "str"))


def rule(name: str, dataset: str, check: str, variable: str, **more: Any) -> Rule:
    entries = {
        "severity": "error",
        "message": "It does not hold.",
        "columns": {},
        "place": PLACE,
        **more,
    }
    return Rule(id=name, dataset=dataset, check=check, variable=variable, **entries)


def study(*specs: DatasetSpec, rules: tuple[Rule, ...] = (), **more: Any) -> Study:
    entries: dict[str, Any] = {
        "id": "NTR6160",
        "title": "A <small> study & its findings",
        "cutoff": "2020-12-31",
        "folder": Path(),
        "standards": {},
        "intake": Intake(subject="subject_id", subjects="subjects"),
        "forms": {},
        "terms": {},
        "facts": {},
        "codelists": LISTS,
        **more,
    }
    return Study(datasets=specs, rules=rules, **entries)
