"""Files written and read back by pyreadstat, cell by cell; parts; and what is refused of cells."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats.xpt import XptFile, read, write
from ivig_cdisc.metadata import DatasetSpec

from .small import CUTOFF, char, dataset, num, spec, text

ADLB = spec(
    char("USUBJID", 12, "Unique Subject Identifier"),
    char("PARAMCD", 8, "Parameter Code"),
    char("AVALC", 20, "Analysis Value (C)"),
    num("AVAL", "8.2", "Analysis Value"),
    num("AVISITN", "", "Analysis Visit (N)"),
    num("ADT", "DATE9.", "Analysis Date"),
    num("ADTM", "DATETIME20.", "Analysis Datetime"),
    num("ATM", "TIME8.", "Analysis Time"),
    name="ADLB",
    label="Laboratory Analysis",
)
FRAME = pd.DataFrame(
    {
        "USUBJID": pd.Categorical(["NTR-1", "NTR-1", "NTR-2", None]),
        "PARAMCD": pd.Categorical(["IGG", "CK", "IGG", "CK"], ["IGG", "UNUSED", "CK"]),
        "AVALC": text(
            "  <0.1", "", None, "7.25 "
        ),  # blanks at the start stay, at the end the format loses them
        "AVAL": [0.1, -1e70, math.nan, 7.25],
        "AVISITN": pd.array([1, 2, None, 2**53], "Int64"),
        "ADT": pd.to_datetime(["2024-02-29", "1959-12-31", None, "1960-01-01"]),
        "ADTM": pd.to_datetime(
            ["2024-02-29T23:59:59", "1959-12-31T23:59:59", None, "1960-01-01T00:00:00"]
        ),
        "ATM": pd.to_datetime(
            ["2024-02-29T23:59:59", "1959-12-31T00:00:01", None, "1960-01-01T00:00:00"]
        ),
    }
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write(dataset(ADLB, FRAME), tmp_path / "adlb.xpt", cutoff=CUTOFF)
    return tmp_path / "adlb.xpt"


def test_cells_as_pyreadstat_reads_them(file: Path) -> None:
    frame, _ = pyreadstat.read_xport(str(file))
    missing, datetime = [None] * 4, dt.datetime.fromisoformat
    assert frame.astype(object).where(frame.notna(), None).to_numpy().tolist() == [
        [
            "NTR-1",
            "IGG",
            "  <0.1",
            0.1,
            1.0,
            dt.date(2024, 2, 29),
            datetime("2024-02-29T23:59:59"),
            dt.time(23, 59, 59),
        ],
        [
            "NTR-1",
            "CK",
            "",
            -1e70,
            2.0,
            dt.date(1959, 12, 31),
            datetime("1959-12-31T23:59:59"),
            dt.time(0, 0, 1),
        ],
        ["NTR-2", "IGG", "", None, *missing],
        ["", "CK", "7.25", 7.25, 2.0**53, dt.date(1960, 1, 1), datetime("1960-01-01"), dt.time(0)],
    ]


def test_what_is_known_of_the_columns(file: Path) -> None:
    _, meta = pyreadstat.read_xport(str(file))
    assert (meta.table_name, meta.file_label) == ("ADLB", "Laboratory Analysis")
    assert meta.column_names == list(ADLB.columns)
    assert meta.column_labels == [variable.label for variable in ADLB.variables]
    assert meta.variable_storage_width == dict(
        zip(ADLB.columns, [12, 8, 20, 8, 8, 8, 8, 8], strict=True)
    )
    formats = {
        name: shown
        for name, shown in meta.original_variable_types.items()
        if name in ("AVAL", "ADT", "ADTM", "ATM")
    }
    assert formats == {"AVAL": "8.2", "ADT": "DATE9", "ADTM": "DATETIME20", "ATM": "TIME8"}


def test_read_gives_the_frame_again(file: Path) -> None:
    expected = FRAME.assign(
        USUBJID=text("NTR-1", "NTR-1", "NTR-2", None),
        PARAMCD=text("IGG", "CK", "IGG", "CK"),
        AVALC=text("  <0.1", None, None, "7.25"),
        AVISITN=[1.0, 2.0, math.nan, 2.0**53],
        ADT=FRAME["ADT"].astype("datetime64[us]"),
        ADTM=FRAME["ADTM"].astype("datetime64[us]"),
        ATM=[86399.0, 1.0, math.nan, 0.0],  # times have no type of their own in a frame
    )
    pd.testing.assert_frame_equal(read(file, ADLB), expected)


def test_a_dataset_without_rows(tmp_path: Path) -> None:
    write(dataset(ADLB, FRAME.iloc[:0]), tmp_path / "adlb.xpt", cutoff=CUTOFF)
    found = read(tmp_path / "adlb.xpt", ADLB)
    assert (len(found), found.dtypes["ADT"], found.dtypes["USUBJID"]) == (
        0,
        "datetime64[us]",
        "str",
    )


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_dates_in_any_resolution_are_the_same_bytes(file: Path, tmp_path: Path, unit: str) -> None:
    dates = {name: FRAME[name].astype(f"datetime64[{unit}]") for name in ("ADT", "ADTM", "ATM")}
    write(dataset(ADLB, FRAME.assign(**dates)), tmp_path / "again.xpt", cutoff=CUTOFF)
    assert (tmp_path / "again.xpt").read_bytes() == file.read_bytes()


def test_numbers_of_any_type_are_the_same_bytes(tmp_path: Path) -> None:
    counts = spec(char("USUBJID", 4), num("N"))
    written = set()
    for kind in ("float64", "int64", "Int64", "Float64", "int32", "category"):
        frame = pd.DataFrame({"USUBJID": text("A", "B"), "N": pd.Series([1, -300], dtype=kind)})
        write(dataset(counts, frame), tmp_path / "n.xpt", cutoff=CUTOFF)
        written.add((tmp_path / "n.xpt").read_bytes())
    assert len(written) == 1


def many(rows: int) -> pd.DataFrame:
    return pd.concat([FRAME] * (rows // len(FRAME) + 1), ignore_index=True).iloc[:rows]


@pytest.mark.parametrize("parts", [1, 2, 7])
def test_rows_in_parts_are_the_same_file(tmp_path: Path, parts: int) -> None:
    frame = many(30_001)  # more than one block of the writer
    write(dataset(ADLB, frame), tmp_path / "whole.xpt", cutoff=CUTOFF)
    with XptFile(tmp_path / "parts.xpt", ADLB, CUTOFF) as file:
        for part in np.array_split(np.arange(len(frame)), parts):
            rows = frame.iloc[part]
            file.append(rows.assign(PARAMCD=rows["PARAMCD"].cat.remove_unused_categories()))
            file.append(rows.iloc[:0])
    assert (tmp_path / "parts.xpt").read_bytes() == (tmp_path / "whole.xpt").read_bytes()
    assert len(read(tmp_path / "parts.xpt", ADLB)) == len(frame)


PAIR = spec(char("USUBJID", 7), num("AVAL"), char("AVALC", 200))
CELLS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=7)


@given(
    st.lists(
        st.tuples(CELLS, st.none() | st.floats(-1e70, 1e70, allow_subnormal=False), CELLS),
        max_size=30,
    ),
    st.booleans(),
)
def test_any_cells_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, float, str]], keys: bool
) -> None:
    frame = pd.DataFrame(rows, columns=["USUBJID", "AVAL", "AVALC"])
    frame["AVAL"] = (
        frame["AVAL"].astype(float).where(frame["AVAL"].astype(float).abs() > 1e-78, 0.0)
    )
    frame = frame.astype({"USUBJID": "category" if keys else "str", "AVALC": "str"})
    path = tmp_path_factory.getbasetemp() / "any.xpt"
    write(dataset(PAIR, frame), path, cutoff=CUTOFF)
    found = read(path, PAIR)
    assert found["AVAL"].tolist() == pytest.approx(
        frame["AVAL"].tolist(), rel=0, abs=0, nan_ok=True
    )
    for name in ("USUBJID", "AVALC"):
        assert found[name].fillna("").tolist() == [
            value.rstrip(" ") for value in frame[name].astype("str")
        ]


# ---------------------------------------------------------------- refusals
NARROW = spec(
    char("USUBJID", 3), char("AVALC", 2), num("AVAL"), num("ADT", "DATE9."), num("N", "8.")
)


def narrow(**columns: object) -> pd.DataFrame:
    good = {
        "USUBJID": ["A"],
        "AVALC": ["x"],
        "AVAL": [1.0],
        "ADT": pd.to_datetime(["2024-01-01"]),
        "N": [1],
    }
    return pd.DataFrame({**good, **columns})


def refusal(path: Path, spec: DatasetSpec, frame: pd.DataFrame) -> list[str]:
    with pytest.raises(ExportError) as refused:
        write(dataset(spec, frame), path / "lb.xpt", cutoff=CUTOFF)
    assert list(path.iterdir()) == []  # neither a file nor a part of one
    return str(refused.value).splitlines()


def test_cells_that_do_not_fit_are_refused_all_at_once(tmp_path: Path) -> None:
    frame = narrow(
        USUBJID=["é"],
        AVALC=pd.Categorical(["abc"]),
        AVAL=[math.inf],
        N=[2**53 + 1],
        ADT=pd.to_datetime(["2024-01-01T08:00"]),
    )
    assert refusal(tmp_path, NARROW, frame) == [
        "LB.USUBJID: text is not printable ASCII; fit the dataset first",
        "LB.AVALC: text has 3 bytes, the variable 2; fit the dataset first",
        "LB.AVAL: a number is infinite or outside the range of IBM doubles; fit the dataset first",
        "LB.ADT: values hold a time of day, its format shows none",
        "LB.N: a number is infinite or outside the range of IBM doubles; fit the dataset first",
    ]


def test_columns_of_the_wrong_type_are_refused_all_at_once(tmp_path: Path) -> None:
    frame = narrow(
        USUBJID=[1],
        AVAL=["x"],
        ADT=pd.to_timedelta([1], unit="h"),
        N=pd.to_datetime(["2024-01-01"]),
    )
    assert refusal(tmp_path, NARROW, frame.drop(columns="AVALC")) == [
        "LB.USUBJID: the variable is Char, its values are int64",
        "LB.AVALC: the variable has no column",
        "LB.AVAL: the variable is Num, its values are str",
        f"LB.ADT: values are {frame['ADT'].dtype}, its format shows a date",
        f"LB.N: values are {frame['N'].dtype}, its format shows a number",
    ]


@pytest.mark.parametrize("width", [1, 79, 80, 200])
def test_a_blank_last_row_that_readers_would_lose(tmp_path: Path, width: int) -> None:
    frame = pd.DataFrame({"USUBJID": text("A", None)})
    assert refusal(tmp_path, spec(char("USUBJID", width)), frame) == [
        "LB: the last row is blank; readers would take it for padding and lose it"
    ]


def test_a_time_zone_is_no_date_of_sas(tmp_path: Path) -> None:
    frame = narrow(ADT=pd.to_datetime(["2024-01-01"]).tz_localize("Europe/Zurich"))
    assert refusal(tmp_path, NARROW, frame) == [
        f"LB.ADT: values are {frame['ADT'].dtype}, SAS has no time zones"
    ]


def test_a_blank_row_elsewhere_is_kept(tmp_path: Path) -> None:
    kept = spec(char("USUBJID", 40))
    write(
        dataset(kept, pd.DataFrame({"USUBJID": text(None, "A", None, None, "B")})),
        tmp_path / "lb.xpt",
        cutoff=CUTOFF,
    )
    assert read(tmp_path / "lb.xpt", kept)["USUBJID"].fillna("").tolist() == ["", "A", "", "", "B"]


def test_a_blank_row_that_ends_a_part_only_is_kept(tmp_path: Path) -> None:
    kept = spec(char("USUBJID", 40))
    with XptFile(tmp_path / "lb.xpt", kept, CUTOFF) as file:
        for values in ((None,), ("A",), ()):
            file.append(pd.DataFrame({"USUBJID": text(*values)}))
    assert len(read(tmp_path / "lb.xpt", kept)) == 2


def test_a_failure_on_the_way_leaves_no_file_and_the_old_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    path.write_text("old")
    with pytest.raises(ExportError), XptFile(path, NARROW, CUTOFF) as file:
        file.append(pd.concat([narrow(), narrow(AVAL=math.inf)]))
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("lb.xpt", "old")]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as refused:
        write(dataset(NARROW, narrow()), tmp_path / "out" / "lb.xpt", cutoff=CUTOFF)
    assert str(refused.value) == f"{tmp_path / 'out' / 'lb.xpt'}: No such file or directory"


def test_reading_another_dataset_or_no_file(file: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ExportError,
        match="the columns are not those of the spec of LB: ADTM, ATM, AVISITN, N, PARAMCD",
    ):
        read(file, NARROW)
    (tmp_path / "text.xpt").write_text("not a transport file")
    with pytest.raises(ExportError, match=r"text\.xpt: "):
        read(tmp_path / "text.xpt", ADLB)
    with pytest.raises(ExportError, match=r"none\.xpt: "):
        read(tmp_path / "none.xpt", ADLB)
