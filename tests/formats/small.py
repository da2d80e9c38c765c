"""Small specs for the tests of export, with what they do not look at left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from ivig_cdisc.dataset import EDGES, Dataset
from ivig_cdisc.metadata import DatasetSpec, Place, Variable, Wiring

CUTOFF = "2024-12-31"
PLACE = Place(file=Path("study.yaml"), line=1)


def char(name: str, length: int, label: str = "", **more: Any) -> Variable:
    return _variable(name=name, type="Char", length=length, label=label or name.title(), **more)


def num(name: str, display: str = "", label: str = "", length: int = 8) -> Variable:
    return _variable(
        name=name, type="Num", length=length, label=label or name.title(), format=display
    )


def _variable(**entries: Any) -> Variable:
    return Variable(wiring=Wiring(function="constant", place=PLACE), **entries)


def spec(
    *variables: Variable, name: str = "LB", label: str = "Laboratory Test Results", **more: Any
) -> DatasetSpec:
    keys = (variables[0].name,) if variables else ()
    entries: dict[str, Any] = {
        "standard": "SDTM",
        "structure": "Findings",
        "keys": keys,
        "rows": (),
        "place": PLACE,
    }
    return DatasetSpec(name=name, label=label, variables=variables, **(entries | more))


def dataset(spec: DatasetSpec, frame: pd.DataFrame) -> Dataset:
    return Dataset(
        spec, frame, pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EDGES.items()})
    )


def text(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")
