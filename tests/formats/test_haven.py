"""The same file as R reads it: every cell to full precision, labels, formats and dates.

Needs R with haven (Debian: r-cran-haven). haven and pyreadstat share the library that reads; the
values come through R.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.formats.xpt import write
from ivig_cdisc.metadata import DatasetSpec

from .small import CUTOFF, char, dataset, num, spec

SCRIPT = r"""
given <- commandArgs(trailingOnly = TRUE)
data <- haven::read_xpt(given[1])
as_text <- function(column) if (is.character(column)) column else
  ifelse(is.na(column), NA, sprintf("%.17g", as.numeric(column)))
cells <- as.data.frame(lapply(data, as_text), stringsAsFactors = FALSE)
write.csv(cells, given[2], row.names = FALSE, na = "missing", fileEncoding = "UTF-8")
known <- function(column, what) { found <- attr(column, what); if (is.null(found)) "" else found }
columns <- data.frame(
  name = names(data), label = vapply(data, known, "", "label"), format = vapply(data, known, "", "format.sas"),
  class = vapply(data, function(column) class(column)[1], "")
)
write.csv(columns, given[3], row.names = FALSE)
cat(known(data, "label"))
"""


@cache
def without_haven() -> str:
    """Why the tests cannot run, or nothing."""
    if not shutil.which("Rscript"):
        return "Rscript is not installed"
    loaded = subprocess.run(["Rscript", "-e", "library(haven)"], capture_output=True, check=False)
    return "" if loaded.returncode == 0 else "the R package haven is not installed"


def table(rows: int) -> tuple[DatasetSpec, pd.DataFrame]:
    random = np.random.default_rng(1960)
    words = np.array(["<0.1", "  indented", 'a "quoted", text', "x" * 200, None], object)
    size = random.uniform(-78, 75, rows)
    value = random.choice([-1, 1], rows) * random.uniform(1, 7, rows) * 10**size
    date = np.datetime64("1900-01-01") + random.integers(0, 73_000, rows).astype("timedelta64[D]")
    moment = np.datetime64("1900-01-01T00:00:00") + random.integers(0, 2**32, rows).astype(
        "timedelta64[s]"
    )
    frame = pd.DataFrame(
        {
            "USUBJID": pd.Categorical([f"N-{i % 97:04}" for i in range(rows)]),
            "AVALC": pd.Series(words[random.integers(0, len(words), rows)], dtype="str"),
            "AVAL": np.where(random.random(rows) < 0.1, np.nan, value),
            "AVISITN": pd.array(random.integers(-(2**53), 2**53, rows), "Int64"),
            "ADT": pd.Series(date.astype("datetime64[us]")).mask(random.random(rows) < 0.1),
            "ADTM": pd.Series(moment.astype("datetime64[us]")).mask(random.random(rows) < 0.1),
            "ATM": pd.Series(moment.astype("datetime64[us]")).mask(random.random(rows) < 0.1),
        }
    )
    frame.loc[:3, "AVAL"] = [0.1, -1 / 3, 2.0**-260, 2.0**252 - 2.0**199]
    return spec(
        char("USUBJID", 12, "Unique Subject Identifier"),
        char("AVALC", 200, "Analysis Value (C), forty bytes of label", format="$200."),
        num("AVAL", "8.2", "Analysis Value"),
        num("AVISITN", "", "Analysis Visit (N)"),
        num("ADT", "DATE9.", "Analysis Date"),
        num("ADTM", "DATETIME20.", "Analysis Datetime"),
        num("ATM", "TIME8.", "Analysis Time"),
        name="ADLB",
        label="Laboratory Analysis Dataset",
    ), frame


def test_every_cell_in_r(tmp_path: Path) -> None:
    if without_haven():
        pytest.skip(without_haven())
    adlb, frame = table(2_000)
    write(dataset(adlb, frame), tmp_path / "adlb.xpt", cutoff=CUTOFF)
    (tmp_path / "read.R").write_text(SCRIPT)
    names = ["adlb.xpt", "cells.csv", "columns.csv"]
    label = subprocess.run(
        ["Rscript", "read.R", *names], cwd=tmp_path, capture_output=True, check=True, text=True
    ).stdout
    cells = pd.read_csv(tmp_path / "cells.csv", dtype="str", keep_default_na=False)
    columns = pd.read_csv(tmp_path / "columns.csv", keep_default_na=False).to_dict("list")

    assert label == adlb.label
    assert columns["name"] == list(adlb.columns)
    assert columns["label"] == [variable.label for variable in adlb.variables]
    assert columns["format"] == ["", "$200", "8.2", "", "DATE9", "DATETIME20", "TIME8"]
    assert columns["class"] == [
        "character",
        "character",
        "numeric",
        "numeric",
        "Date",
        "POSIXct",
        "hms",
    ]
    for name in ("USUBJID", "AVALC"):
        assert cells[name].tolist() == frame[name].astype("str").fillna("").tolist()
    for name, expected in as_r_counts(frame).items():
        found = cells[name].where(cells[name] != "missing", "nan").map(float).to_numpy()
        assert np.array_equal(found, expected.to_numpy(float, na_value=np.nan), equal_nan=True), (
            name
        )
    assert cells["AVAL"].head(3).tolist() == [
        "0.10000000000000001",
        "-0.33333333333333331",
        "5.3976053469340279e-79",
    ]


def as_r_counts(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Numbers as R counts: dates in days and datetimes in seconds since 1970, times in seconds of the day."""
    day, second = pd.Timedelta(days=1), pd.Timedelta(seconds=1)
    return {
        "AVAL": frame["AVAL"],
        "AVISITN": frame["AVISITN"],
        "ADT": (frame["ADT"] - pd.Timestamp("1970-01-01")) / day,
        "ADTM": (frame["ADTM"] - pd.Timestamp("1970-01-01")) / second,
        "ATM": (frame["ATM"] - frame["ATM"].dt.normalize()) / second,
    }
