"""Every format of FORMATS: what is written comes back, in the same bytes however it is cut; and how each file looks."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats import FORMATS, Facts, Format, known_formats, no_records
from ivig_cdisc.formats.reading import of_file
from ivig_cdisc.metadata import DatasetSpec
from tests.full_disk import files_no_longer_than

from .small import CUTOFF, char, dataset, num, spec, text

FACTS = Facts("ABC123", CUTOFF)
ADLB = spec(
    char("USUBJID", 8, "Unique Subject Identifier"),
    char("AVALC", 8, "Analysis Value (C)"),
    num("AVAL", label="Analysis Value"),
    num("ASEQ", label="Analysis Sequence Number"),
    num("ADT", "DATE9.", "Analysis Date"),
    num("ADTM", "E8601DT.", "Analysis Datetime"),
    num("ATM", "TIME8.", "Analysis Time"),
    name="ADLB",
    label="Laboratory Analysis",
    standard="ADaM",
    structure="BDS",
)
FRAME = pd.DataFrame(
    {
        "USUBJID": text("01", "02"),
        "AVALC": text('5 "é", 😀\n', None),  # a quote, a comma, a letter, a character of four bytes
        "AVAL": [0.1, math.nan],
        "ASEQ": [1.0, 2.0],
        "ADT": pd.to_datetime(["2024-02-29", None]).astype("datetime64[us]"),
        "ADTM": pd.to_datetime(["2024-02-29T12:34:56.5", None]).astype("datetime64[us]"),
        "ATM": [45_296.0, math.nan],
    }
)
UTF8 = [form for form in FORMATS.values() if form.keeps_text]


def write(form: Format, frame: pd.DataFrame, path: Path, of: DatasetSpec = ADLB) -> Path:
    with form.write(path, of, FACTS) as file:
        file.append(frame)
    return path


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> Format:
    return FORMATS[request.param]


# ---------------------------------------------------------------- all formats alike
def test_a_format_is_known_by_its_name() -> None:
    assert {name: form.name for name, form in FORMATS.items()} == {name: name for name in FORMATS}
    assert known_formats(["CSV", " xpt ", "csv"]) == ("xpt", "csv")


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (
            ["xpt", "parquett"],
            "there is no format parquett (did you mean parquet?); known are xpt, ",
        ),
        ([], "no format is named; known are xpt, dataset-json, ndjson, csv, parquet"),
    ],
)
def test_no_such_format(names: list[str], reason: str) -> None:
    with pytest.raises(ExportError) as refused:
        known_formats(names)
    assert str(refused.value).startswith(reason)


def test_written_and_read(form: Format, tmp_path: Path) -> None:
    held, _ = form.fit(dataset(ADLB, FRAME))
    path = write(form, held.frame, tmp_path / f"adlb{form.suffix}")
    pd.testing.assert_frame_equal(form.read(path, ADLB), held.frame)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_no_records(form: Format, tmp_path: Path) -> None:
    path = write(form, FRAME.iloc[:0], tmp_path / f"adlb{form.suffix}")
    pd.testing.assert_frame_equal(form.read(path, ADLB), FRAME.iloc[:0])
    pd.testing.assert_frame_equal(no_records(ADLB), FRAME.iloc[:0])


def test_nothing_is_left_of_a_file_that_was_not_finished(form: Format, tmp_path: Path) -> None:
    with (
        pytest.raises(ExportError, match=r"ADLB\.AVAL: the variable has no column"),
        form.write(tmp_path / "adlb", ADLB, FACTS) as file,
    ):
        file.append(FRAME.drop(columns="AVAL"))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full(form: Format, tmp_path: Path) -> None:
    held, _ = form.fit(dataset(ADLB, FRAME))
    many = pd.concat([held.frame] * 2000, ignore_index=True)
    with (
        files_no_longer_than(100),
        pytest.raises(ExportError, match="File too large"),
        form.write(tmp_path / "adlb", ADLB, FACTS) as file,
    ):
        file.append(many)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(form: Format, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file"):
        write(form, FRAME, tmp_path / "gone" / "adlb")


def test_columns_that_are_not_those_of_the_spec(form: Format, tmp_path: Path) -> None:
    path = write(form, form.fit(dataset(ADLB, FRAME))[0].frame, tmp_path / f"lb{form.suffix}")
    with pytest.raises(ExportError, match="the columns are not those of the spec of LB: "):
        form.read(path, spec(char("USUBJID", 8)))


LENGTHS = {"USUBJID": 2, "AVALC": 7}
SHORT = FRAME.assign(AVALC=text("<7 kg/d", None))


def test_text_that_is_shorter_than_it_may_be(
    form: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known at the end only. The records are the same, in files of several blocks too."""
    monkeypatch.setattr("ivig_cdisc.formats.xpt.writer._BLOCK", 100)  # one record of 61 bytes
    frame = pd.concat([SHORT] * 3, ignore_index=True)
    with form.write(tmp_path / "short", ADLB, FACTS) as file:
        file.append(frame.iloc[:1])
        file.append(frame.iloc[1:])
        longest = dict(file.longest)
        file.shorten(LENGTHS)
    short = ADLB.model_copy(
        update={
            "variables": (
                char("USUBJID", 2, "Unique Subject Identifier"),
                char("AVALC", 7, "Analysis Value (C)"),
                *ADLB.variables[2:],
            )
        }
    )
    as_if_known = write(form, frame, tmp_path / "known", short)
    assert (tmp_path / "short").read_bytes() == as_if_known.read_bytes()
    says_none = form.name == "csv"
    assert longest == ({} if says_none else LENGTHS)


def test_terms_of_a_category_that_no_record_has(form: Format, tmp_path: Path) -> None:
    """Which terms a part has left must not decide on lengths."""
    terms = pd.CategoricalDtype(["<7 kg/d", "not here"])
    with form.write(tmp_path / "short", ADLB, FACTS) as file:
        file.append(SHORT.assign(AVALC=SHORT["AVALC"].astype(terms)))
        assert file.longest.get("AVALC", 7) == 7


def test_compare_reads_it(form: Format, tmp_path: Path) -> None:
    held = form.fit(dataset(ADLB, FRAME))[0].frame
    table = of_file(write(form, held, tmp_path / f"adlb{form.suffix}"))["ADLB"].read()
    assert list(table.frame) == list(ADLB.columns)
    assert table.frame["USUBJID"].tolist() == ["01", "02"]


TEXTS = st.none() | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
# a number of seconds since 1960 is exact to the microsecond as far as 2**33
FIRST, LAST = datetime.fromisoformat("1700-01-01"), datetime.fromisoformat("2200-12-31")
MOMENTS = st.none() | st.datetimes(FIRST, LAST)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.lists(
    st.tuples(TEXTS, TEXTS, NUMBERS, NUMBERS, MOMENTS, MOMENTS, st.none() | st.floats(0, 86_399)),
    max_size=4,
)


def frame_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(ADLB.columns))
    kinds = {"USUBJID": "str", "AVALC": "str", "AVAL": "float64", "ASEQ": "float64"}
    frame = frame.astype({**kinds, "ATM": "float64", "ADT": "datetime64[us]"})
    frame = frame.astype({"ADTM": "datetime64[us]"})
    return frame.assign(ADT=frame["ADT"].dt.normalize())


SMALL = (None, None, None, None, None, datetime(1823, 1, 1, 0, 0, 0, 7), None)  # noqa: DTZ001


@example(rows=[SMALL], cut=0)  # its seconds times a million are nearer to 6
@settings(max_examples=12, deadline=None)
@given(rows=ROWS, cut=st.integers(0, 4))
def test_any_records(rows: list[tuple[Any, ...]], cut: int) -> None:
    """Control characters, line breaks, quotes, astral characters; the least and the largest double; any microsecond."""
    frame = frame_of(rows)
    for form in UTF8:
        held, found = form.fit(dataset(ADLB, frame))
        assert found.empty
        with TemporaryDirectory() as place:
            whole = write(form, held.frame, Path(place) / f"whole{form.suffix}")
            parts = Path(place) / f"parts{form.suffix}"
            with form.write(parts, ADLB, FACTS) as file:
                file.append(frame.iloc[:cut])
                file.append(frame.iloc[cut:])
            assert parts.read_bytes() == whole.read_bytes()
            pd.testing.assert_frame_equal(form.read(whole, ADLB), frame, check_exact=True)


# ---------------------------------------------------------------- what they cannot hold
@pytest.mark.parametrize("form", UTF8, ids=lambda form: form.name)
def test_text_is_left_as_it_is(form: Format) -> None:
    given = dataset(ADLB, FRAME)
    held, found = form.fit(given)
    assert held is given
    assert found.empty


@pytest.mark.parametrize("form", UTF8, ids=lambda form: form.name)
def test_numbers_that_are_no_finite_doubles(form: Format) -> None:
    counts = pd.array([2**53 + 1, 2**53], "Int64")  # the next whole number has no double of its own
    frame = FRAME.assign(AVAL=[math.inf, -math.inf], ASEQ=counts)
    held, found = form.fit(dataset(ADLB, frame))
    assert held.frame["AVAL"].isna().all()
    assert held.frame["ASEQ"].tolist()[1] == 2**53
    columns = ["severity", "rule", "row", "subject", "variable", "value"]
    rule = f"{form.rules}RANGE"
    assert found[columns].to_numpy().tolist() == [
        ["error", rule, 0, "01", "ASEQ", str(2**53 + 1)],
        ["error", rule, 0, "01", "AVAL", "inf"],
        ["error", rule, 1, "02", "AVAL", "-inf"],
    ]


def test_a_csv_holds_no_nul(tmp_path: Path) -> None:
    frame = FRAME.assign(AVALC=text("a\0b", None))
    held, found = FORMATS["csv"].fit(dataset(ADLB, frame))
    assert held.frame["AVALC"].tolist()[0] == "a b"
    assert found[["severity", "rule", "variable"]].to_numpy().tolist() == [
        ["note", "CSV-CONTROL", "AVALC"]
    ]
    path = write(FORMATS["csv"], held.frame, tmp_path / "adlb.csv")
    assert FORMATS["csv"].read(path, ADLB)["AVALC"].tolist()[0] == "a b"


# ---------------------------------------------------------------- how each file looks
COLUMNS = [
    {
        "itemOID": "IT.ADLB.USUBJID",
        "name": "USUBJID",
        "label": "Unique Subject Identifier",
        "dataType": "string",
        "length": 8,
        "keySequence": 1,
    },
    {
        "itemOID": "IT.ADLB.AVALC",
        "name": "AVALC",
        "label": "Analysis Value (C)",
        "dataType": "string",
        "length": 9,  # a text is longer than its variable
    },
    {
        "itemOID": "IT.ADLB.AVAL",
        "name": "AVAL",
        "label": "Analysis Value",
        "dataType": "float",
    },
    {
        "itemOID": "IT.ADLB.ASEQ",
        "name": "ASEQ",
        "label": "Analysis Sequence Number",
        "dataType": "integer",
    },
    {
        "itemOID": "IT.ADLB.ADT",
        "name": "ADT",
        "label": "Analysis Date",
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "DATE9.",
    },
    {
        "itemOID": "IT.ADLB.ADTM",
        "name": "ADTM",
        "label": "Analysis Datetime",
        "dataType": "datetime",
        "targetDataType": "integer",
        "displayFormat": "E8601DT.",
    },
    {
        "itemOID": "IT.ADLB.ATM",
        "name": "ATM",
        "label": "Analysis Time",
        "dataType": "time",
        "targetDataType": "integer",
        "displayFormat": "TIME8.",
    },
]
RECORDS = [
    ["01", '5 "é", 😀\n', 0.1, 1, "2024-02-29", "2024-02-29T12:34:56.5", "12:34:56"],
    ["02", None, None, 2, None, None, None],
]
LONGER = FRAME.assign(AVALC=text('5 "é", 😀\n', None))


def test_dataset_json(tmp_path: Path) -> None:
    """The attributes and their order: Dataset-JSON 1.1, Top-level Metadata Attributes and Column Metadata."""
    path = write(FORMATS["dataset-json"], LONGER, tmp_path / "adlb.json")
    content = json.loads(path.read_bytes())
    assert content.pop("columns") == COLUMNS
    assert content.pop("rows") == RECORDS
    assert content.pop("sourceSystem")["name"] == "ivig-cdisc"
    assert list(content.items()) == [
        ("datasetJSONCreationDateTime", "2024-12-31T00:00:00"),
        ("datasetJSONVersion", "1.1.0"),
        ("studyOID", "ABC123"),
        ("itemGroupOID", "IG.ADLB"),
        ("records", 2),
        ("name", "ADLB"),
        ("label", "Laboratory Analysis"),
    ]
    assert list(json.loads(path.read_bytes()))[-2:] == ["columns", "rows"]


def test_the_moment_is_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709210096")
    path = write(FORMATS["dataset-json"], FRAME, tmp_path / "adlb.json")
    made = json.loads(path.read_bytes())["datasetJSONCreationDateTime"]
    assert made == "2024-02-29T12:34:56+00:00"


def test_ndjson(tmp_path: Path) -> None:
    """The metadata on the first line, and one line for each record."""
    path = write(FORMATS["ndjson"], LONGER, tmp_path / "adlb.ndjson")
    head, *records = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert head["columns"] == COLUMNS
    assert "rows" not in head
    assert records == RECORDS


def test_csv(tmp_path: Path) -> None:
    """RFC 4180: CR LF behind records, quotes doubled; the line break within the text is as it was."""
    path = write(FORMATS["csv"], FRAME, tmp_path / "adlb.csv")
    assert path.read_bytes().decode() == (
        "USUBJID,AVALC,AVAL,ASEQ,ADT,ADTM,ATM\r\n"
        '01,"5 ""é"", 😀\n",0.1,1,2024-02-29,2024-02-29T12:34:56.5,12:34:56\r\n'
        "02,,,2,,,\r\n"
    )


def test_a_csv_with_text_where_a_number_belongs(tmp_path: Path) -> None:
    path = write(FORMATS["csv"], FRAME, tmp_path / "adlb.csv")
    path.write_bytes(path.read_bytes().replace(b"0.1", b"n.d."))
    with pytest.raises(ExportError, match=r'adlb\.csv: record 1, AVAL: "n\.d\." is not a number'):
        FORMATS["csv"].read(path, ADLB)


def test_parquet_as_pandas_sees_it(tmp_path: Path) -> None:
    """Dates are dates; labels are with the fields."""
    path = write(FORMATS["parquet"], FRAME, tmp_path / "adlb.parquet")
    seen = pd.read_parquet(path)
    assert seen["ADT"].tolist()[0] == date(2024, 2, 29)
    assert seen["ADTM"].tolist()[0] == pd.Timestamp("2024-02-29T12:34:56.5")
    assert seen["AVAL"].tolist()[0] == pytest.approx(0.1)
    field = pq.read_schema(path).field("ADT")
    assert field.metadata == {b"label": b"Analysis Date", b"format": b"DATE9."}


def test_parquet_of_another_program(tmp_path: Path) -> None:
    """Whole numbers, decimals, dictionaries, dates and times; a whole number without a double is kept beside."""
    columns = {
        "ID": pa.array(["a", None]).dictionary_encode(),
        "N": pa.array([2**53 + 1, 5], pa.int64()),
        "D": pa.array(["0.10", None]).cast(pa.decimal128(5, 2)),
        "DT": pa.array([date(1960, 1, 2), None]),
        "TM": pa.array([60_000_000, None], pa.time64("us")),
        "OK": pa.array([True, None]),
    }
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    table = of_file(tmp_path / "x.parquet")["X"].read()
    assert table.frame.astype("object").where(table.frame.notna(), None).to_numpy().tolist() == [
        ["a", None, 0.1, 1.0, 60.0, "true"],
        [None, 5.0, None, None, None, None],
    ]
    assert table.odd["N"].to_dict() == {0: str(2**53 + 1)}
    assert [table.variables[name].date for name in ("DT", "TM")] == ["date", "time"]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"X": pa.array([[1], [2]])}, "X is of type list"),
        ({"X": pa.array([0], pa.timestamp("us", "UTC"))}, "X is of type timestamp"),
    ],
)
def test_parquet_that_is_no_dataset(tmp_path: Path, columns: dict[str, Any], reason: str) -> None:
    pq.write_table(pa.table(columns), tmp_path / "x.parquet")
    with pytest.raises(ExportError, match=reason):
        of_file(tmp_path / "x.parquet")["X"].read()


@pytest.mark.parametrize("size", [0, 3, 200])
def test_parquet_that_is_damaged(tmp_path: Path, size: int) -> None:
    path = write(FORMATS["parquet"], FRAME, tmp_path / "adlb.parquet")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ExportError, match=r"adlb\.parquet: cannot be read as Parquet"):
        FORMATS["parquet"].read(path, ADLB)


def test_xpt_as_another_program_sees_it(tmp_path: Path) -> None:
    held, _ = FORMATS["xpt"].fit(dataset(ADLB, FRAME))
    path = write(FORMATS["xpt"], held.frame, tmp_path / "adlb.xpt")
    seen, said = pyreadstat.read_xport(str(path))
    assert said.column_labels == [variable.label for variable in ADLB.variables]
    assert seen["AVALC"].tolist() == ['5 "e", ?', ""]
    assert seen["ADT"].tolist()[0] == date(2024, 2, 29)
