"""How fast XPORT files are written: this package against pyreadstat, taking turns.

Run: python benchmarks/xpt.py [rows] [rounds]. Both write the same table. Prints the size of the
file and, per writer, the best and the median speed in MB/s of that file; then the ratio of the
medians. Both get the table in the form they like best: ours the categories a study's frames have,
pyreadstat plain text with the widths found in the values.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pyreadstat

from ivig_cdisc.dataset import Dataset
from ivig_cdisc.formats import fit, write
from ivig_cdisc.metadata import DatasetSpec, Place, Variable, Wiring

CUTOFF = "2024-12-31"
PLACE = Place(file=Path("benchmark"), line=1)
TESTS = [
    "ALB",
    "ALP",
    "ALT",
    "AST",
    "BILI",
    "CK",
    "CREAT",
    "GGT",
    "HGB",
    "IGG",
    "K",
    "LDH",
    "NEUT",
    "PLAT",
    "SODIUM",
    "WBC",
]
UNITS = ["g/L", "U/L", "umol/L", "10^9/L", "mmol/L"]
# fmt: off
WIDTHS = {  # 0: a number
    "STUDYID": 12, "DOMAIN": 2, "USUBJID": 24, "LBSEQ": 0, "LBTESTCD": 8, "LBTEST": 40,
    "LBCAT": 40, "LBORRES": 20, "LBORRESU": 20, "LBORNRLO": 12, "LBORNRHI": 12, "LBSTRESC": 20,
    "LBSTRESN": 0, "LBSTRESU": 20, "LBSTNRLO": 0, "LBSTNRHI": 0, "LBNRIND": 12, "LBSPEC": 20,
    "LBLOBXFL": 1, "VISITNUM": 0, "VISIT": 40, "EPOCH": 20, "LBDTC": 20, "LBDY": 0, "LBCOM": 100,
}
# fmt: on


def table(rows: int) -> pd.DataFrame:
    """Laboratory records as a frame of a study: keys are categories, results text and numbers."""
    random = np.random.default_rng(6160)
    visit = random.integers(1, 15, rows)
    result = np.round(random.lognormal(3, 1, rows), 1)
    test = pd.Categorical.from_codes(random.integers(0, len(TESTS), rows), TESTS)
    unit = pd.Categorical.from_codes(random.integers(0, len(UNITS), rows), UNITS)
    day = pd.Series(
        np.datetime64("2023-01-09T08:00")
        + random.integers(0, 700 * 1440, rows).astype("timedelta64[m]")
    )
    text = pd.Series(result).astype("str")
    columns = {
        "STUDYID": pd.Categorical(["NTR6160"] * rows),
        "DOMAIN": pd.Categorical(["LB"] * rows),
        "USUBJID": pd.Categorical([f"NTR6160-{i // 500:06}" for i in range(rows)]),
        "LBSEQ": np.arange(rows, dtype=float) % 500 + 1,
        "LBTESTCD": test,
        "LBTEST": test.rename_categories([f"{name} measured" for name in TESTS]),
        "LBCAT": pd.Categorical(["CHEMISTRY"] * rows),
        "LBORRES": text,
        "LBORRESU": unit,
        "LBORNRLO": pd.Series(["10"] * rows, dtype="str"),
        "LBORNRHI": pd.Series(["60"] * rows, dtype="str"),
        "LBSTRESC": text,
        "LBSTRESN": result,
        "LBSTRESU": unit,
        "LBSTNRLO": np.full(rows, 10.0),
        "LBSTNRHI": np.where(visit > 1, 60.0, np.nan),
        "LBNRIND": pd.Series(np.where(result > 60, "HIGH", "NORMAL"), dtype="str"),
        "LBSPEC": pd.Categorical(["SERUM"] * rows),
        "LBLOBXFL": pd.Series(np.where(visit == 1, "Y", None), dtype="str"),
        "VISITNUM": visit.astype(float),
        "VISIT": pd.Categorical.from_codes(visit - 1, [f"WEEK {week}" for week in range(0, 28, 2)]),
        "EPOCH": pd.Categorical(["TREATMENT"] * rows),
        "LBDTC": day.dt.strftime("%Y-%m-%dT%H:%M").astype("str"),
        "LBDY": np.where(visit > 0, visit * 14.0 - 13, np.nan),
        "LBCOM": pd.Series(
            np.where(result > 100, "Sample was haemolytic and has been repeated", None), dtype="str"
        ),
    }
    return pd.DataFrame(columns)


def spec() -> DatasetSpec:
    """The table's spec: WIDTHS in bytes, 0 for numbers."""
    wiring = Wiring(function="constant", place=PLACE)
    variables = tuple(
        Variable(
            name=name, label=name, type="Char" if width else "Num", length=width or 8, wiring=wiring
        )
        for name, width in WIDTHS.items()
    )
    return DatasetSpec(
        name="LB",
        label="Laboratory Test Results",
        standard="SDTM",
        structure="Findings",
        keys=("USUBJID", "LBTESTCD", "VISITNUM"),
        rows=(),
        variables=variables,
        place=PLACE,
    )


def compare(rows: int, rounds: int) -> None:
    """Writes the table with both, in turn, and prints the figures."""
    frame = table(rows)
    ours = Dataset(spec(), frame, pd.DataFrame())
    theirs = frame.astype({name: "str" for name, width in WIDTHS.items() if width})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lb.xpt"
        other = Path(folder) / "other.xpt"
        runs: dict[str, Callable[[], object]] = {
            "ivig-cdisc write": lambda: write(ours, path, cutoff=CUTOFF),
            "ivig-cdisc fit": lambda: fit(ours),
            "pyreadstat": lambda: pyreadstat.write_xport(
                theirs, str(other), file_format_version=5, table_name="LB"
            ),
        }
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(rounds):
            for name, run in runs.items():
                seconds[name].append(_seconds(run))
        sizes = {
            name: (other if name == "pyreadstat" else path).stat().st_size / 1e6 for name in runs
        }
    _show(rows, seconds, sizes)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _show(rows: int, seconds: dict[str, list[float]], sizes: dict[str, float]) -> None:
    print(f"{rows} rows x {len(WIDTHS)} columns")
    for name, times in seconds.items():
        speed = (
            f"best {sizes[name] / min(times):8.1f}  median {sizes[name] / median(times):8.1f} MB/s"
        )
        print(f"{name:18} {sizes[name]:7.1f} MB  {median(times):7.3f} s  {speed}")
    slow, fast = median(seconds["pyreadstat"]), median(seconds["ivig-cdisc write"])
    print(f"ratio of the times for the same table: {slow / fast:.1f}")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    compare(*given, *(300_000, 5)[len(given) :])
