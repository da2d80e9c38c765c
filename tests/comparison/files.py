"""The same small table in every format that can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from ivig_cdisc.dataset import EDGES, Dataset
from ivig_cdisc.formats.xpt import write
from ivig_cdisc.metadata import DatasetSpec, Place, Variable, Wiring

VARIABLES = {  # type, length, label, format
    "USUBJID": ("Char", 10, "Unique Subject Identifier", ""),
    "VSSEQ": ("Num", 8, "Sequence Number", ""),
    "VSORRES": ("Char", 20, "Result", ""),
    "VSSTRESN": ("Num", 8, "Numeric Result", ""),
    "ADT": ("Num", 8, "Analysis Date", "DATE9."),
}
ROWS: list[list[Any]] = [
    ["S1", 1.0, "120", 120.0, "2024-01-03"],
    ["S1", 2.0, " 80.5", 80.5, "2024-01-04"],  # a blank at the beginning counts
    ["S2", 1.0, None, None, None],
]


def xpt(
    path: Path,
    rows: list[list[Any]] = ROWS,
    label: str = "Vital Signs",
    **changed: tuple[str, int, str, str],
) -> Path:
    given = {**VARIABLES, **changed}
    place = Place(file=path, line=1)
    spec = DatasetSpec(
        name=path.stem.upper(),
        label=label,
        standard="SDTM",
        structure="Findings",
        keys=(),
        rows=(),
        variables=tuple(_variable(name, place, *said) for name, said in given.items()),
        place=place,
    )
    frame = pd.DataFrame(rows, columns=list(given))
    for name, (kind, _, _, display) in given.items():
        if display:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
        else:
            frame[name] = frame[name].astype("str" if kind == "Char" else "float64")
    lineage = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in EDGES.items()})
    write(Dataset(spec, frame, lineage), path, cutoff="2024-06-30")
    return path


def _variable(name: str, place: Place, kind: str, size: int, label: str, display: str) -> Variable:
    said = {"name": name, "type": kind, "length": size, "label": label, "format": display}
    return Variable.model_validate({**said, "wiring": Wiring(function="constant", place=place)})


def csv(
    path: Path, rows: list[list[Any]] = ROWS, names: tuple[str, ...] = tuple(VARIABLES)
) -> Path:
    pd.DataFrame(rows, columns=list(names)).to_csv(path, index=False)
    return path


def dataset_json(path: Path, rows: list[list[Any]] = ROWS) -> Path:
    kinds = {
        "USUBJID": "string",
        "VSSEQ": "integer",
        "VSORRES": "string",
        "VSSTRESN": "double",
        "ADT": "date",
    }
    columns = [
        {
            "name": n,
            "label": said,
            "dataType": kinds[n],
            "length": size,
            "displayFormat": display.rstrip(".") or None,
        }
        | ({"targetDataType": "integer"} if n == "ADT" else {})
        for n, (_, size, said, display) in VARIABLES.items()
    ]
    head = {"datasetJSONVersion": "1.1.0", "name": "VS", "label": "Vital Signs", "columns": columns}
    if path.suffix == ".ndjson":
        path.write_text("\n".join(map(json.dumps, [head, *rows])), "utf-8")
    else:
        path.write_text(json.dumps({**head, "rows": rows}), "utf-8")
    return path


FORMATS = {".xpt": xpt, ".csv": csv, ".json": dataset_json, ".ndjson": dataset_json}
