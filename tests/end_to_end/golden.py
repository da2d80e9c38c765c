"""What the example becomes, as CSV that can be read and compared.

To write it anew, and then look at every difference: `python tests/end_to_end/golden.py`
"""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

EXAMPLE = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"
FOLDER = Path(__file__).with_name("golden")
TABLES = {  # file: dataset, and the parameter whose records are kept
    "dm": ("sdtm/dm.xpt", None),
    "adsl": ("adam/adsl.xpt", None),
    "adtte": ("adam/adtte.xpt", None),
    "adtis_tis": ("adam/adtis.xpt", "TIS"),
}


def tables(out: Path) -> dict[str, list[list[str]]]:
    """The golden tables as they are in an output folder: a header, and rows of text."""
    counts = [
        [path.relative_to(out).as_posix(), _records(path)] for path in sorted(out.glob("*/*.xpt"))
    ]
    chosen = {name: _table(out / path, parameter) for name, (path, parameter) in TABLES.items()}
    return {"records": [["file", "records"], *counts], **chosen}


def _records(path: Path) -> str:
    return str(pyreadstat.read_xport(str(path))[1].number_rows)


def _table(path: Path, parameter: str | None) -> list[list[str]]:
    frame, _ = pyreadstat.read_xport(str(path))
    kept = frame[frame["PARAMCD"] == parameter] if parameter else frame
    return [
        [str(name) for name in frame],
        *([_text(v) for v in row] for row in kept.itertuples(index=False)),
    ]


def _text(value: Any) -> str:
    """Whole numbers without point, other numbers as short as they stay the same, dates in ISO 8601."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def read(name: str) -> list[list[str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write(name: str, table: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.csv").write_bytes(text.getvalue().encode())


def main() -> None:
    from ivig_cdisc import convert

    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables(
            convert(EXAMPLE, Path(folder) / "out", validate=False).out
        ).items():
            write(name, table)


if __name__ == "__main__":
    main()
