"""What files say of variables, format by format; and by how much cells differ, where that means anything."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.comparison import as_text, compare
from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats import FORMATS, Facts
from ivig_cdisc.formats.frames import with_lengths
from ivig_cdisc.testing import records
from tests.formats import transport
from tests.formats.small import char, num, spec, text

Said = list[tuple[str, str | None, str | None]]


def dataset_json(path: Path, cell: Any = None, **said: Any) -> Path:
    columns = [
        {"name": "USUBJID", "label": "", "dataType": "string", "length": 2},
        {"name": "X", "label": "", "dataType": "string", **said},
    ]
    path.write_text(
        json.dumps({"name": path.stem.upper(), "columns": columns, "rows": [["S1", cell]]}), "utf-8"
    )
    return path


def xpt(path: Path, kind: str, length: int, *rows: list[Any]) -> Path:
    columns: list[transport.Column] = [("USUBJID", "Char", 2), ("X", kind, length)]
    path.write_bytes(transport.library(transport.member(path.stem.upper(), columns, rows)))
    return path


def attributes(one: Path, two: Path) -> Said:
    found = compare(one, two).differences
    assert set(found["variable"]) <= {"X"}
    return records(found, "kind", "first", "second")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({}, {}, []),
        ({"dataType": "integer"}, {"dataType": "float"}, [("type", "integer", "float")]),
        ({"dataType": "float"}, {"dataType": "double"}, [("type", "float", "double")]),
        ({"dataType": "decimal"}, {"dataType": "integer"}, [("type", "decimal", "integer")]),
        ({}, {"dataType": "URI"}, [("type", "string", "URI")]),
        ({}, {"dataType": "integer"}, [("type", "string", "integer")]),
        (
            {"dataType": "date"},
            {"dataType": "date", "targetDataType": "integer"},
            [("type", "date", "date as integer")],
        ),
        ({"length": 8}, {"length": 10}, [("length", "8", "10")]),
        ({"length": 8}, {}, [("length", "8", None)]),
        ({}, {"length": 8}, [("length", None, "8")]),
        ({"dataType": "float"}, {"dataType": "float", "length": 8}, [("length", None, "8")]),
        ({"label": "A"}, {"label": ""}, [("label", "A", "")]),
        ({"displayFormat": "8.2"}, {}, [("format", "8.2", "")]),
        (
            {"displayFormat": "DATE9."},
            {"displayFormat": "DATE9"},
            [],
        ),  # the point at the end is not told apart
    ],
)
def test_of_dataset_json(
    tmp_path: Path, one: dict[str, Any], two: dict[str, Any], expected: Said
) -> None:
    paths = dataset_json(tmp_path / "lb.json", **one), dataset_json(tmp_path / "other.json", **two)
    paths[1].write_text(paths[1].read_text("utf-8").replace("OTHER", "LB"), "utf-8")
    assert attributes(*paths) == expected


@pytest.mark.parametrize(
    ("kind", "length", "said", "expected"),
    [
        ("Char", 5, {"length": 5}, []),
        ("Char", 5, {}, [("length", "5", None)]),
        ("Char", 5, {"length": 6}, [("length", "5", "6")]),
        (
            "Num",
            8,
            {"dataType": "integer"},
            [],
        ),  # bytes in XPT, characters in Dataset-JSON, where it is seldom said
        ("Num", 8, {"dataType": "float"}, []),  # XPT has one type of numbers
        ("Num", 8, {"dataType": "string", "length": 8}, [("type", "Num", "Char")]),
    ],
)
def test_of_xpt_and_dataset_json(
    tmp_path: Path, kind: str, length: int, said: dict[str, Any], expected: Said
) -> None:
    missing = "" if kind == "Char" else "."
    one, two = (
        xpt(tmp_path / "lb.xpt", kind, length, ["S1", missing]),
        dataset_json(tmp_path / "lb.json", **said),
    )
    assert attributes(one, two) == expected


LB = spec(
    char("USUBJID", 2),
    char("LBSTRESC", 5),
    num("LBSTRESN"),
    num("LBSEQ"),
    num("ADT", "DATE9."),
    standard="ADaM",
    structure="BDS",
)
RESULTS = pd.DataFrame(
    {
        "USUBJID": text("S1", "S2"),
        "LBSTRESC": text("0.5", None),
        "LBSTRESN": [0.5, None],
        "LBSEQ": [1.0, 2.0],
        "ADT": pd.to_datetime(["2024-02-29", None]).astype("datetime64[s]"),
    }
)


def output(path: Path, *lengths: tuple[str, int]) -> Path:
    """The results in the format of the name; text may be shorter than its variable."""
    form = next(one for one in FORMATS.values() if one.suffix == path.suffix)
    with form.write(path, with_lengths(LB, dict(lengths)), Facts("S", "2024-06-30")) as file:
        file.append(RESULTS)
    return path


@pytest.mark.parametrize(
    ("one", "two"), list(combinations(["xpt", "json", "ndjson", "parquet"], 2))
)
def test_of_one_dataset_in_two_formats(tmp_path: Path, one: str, two: str) -> None:
    """A number has eight bytes in XPT, and no length elsewhere."""
    paths = output(tmp_path / f"lb.{one}"), output(tmp_path / f"lb.{two}")
    found = compare(*paths).differences
    assert "length" not in set(found["kind"])


def test_of_text_of_another_length_in_parquet(tmp_path: Path) -> None:
    paths = output(tmp_path / "lb.xpt"), output(tmp_path / "lb.parquet", ("LBSTRESC", 4))
    found = compare(*paths).differences
    assert records(found, "kind", "variable", "first", "second") == [
        ("length", "LBSTRESC", "5", "4")
    ]


def test_of_parquet_of_another_program(tmp_path: Path) -> None:
    """It says no length of text, and that of a number is none that it could say."""
    one, two = output(tmp_path / "lb.xpt"), tmp_path / "lb.parquet"
    RESULTS.to_parquet(two)
    found = compare(one, two).differences
    lengths = found[found["kind"] == "length"]
    assert records(lengths, "variable", "first", "second") == [
        ("USUBJID", "2", None),
        ("LBSTRESC", "5", None),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(8, 8, []), (8, 4, [("length", "8", "4")])]
)
def test_of_numbers_of_two_xpt(tmp_path: Path, first: int, second: int, expected: Said) -> None:
    (tmp_path / "other").mkdir()
    one = xpt(tmp_path / "lb.xpt", "Num", first, ["S1", "."])
    two = xpt(tmp_path / "other/lb.xpt", "Num", second, ["S1", "."])
    assert attributes(one, two) == expected


def test_what_is_absent_is_told_in_words(tmp_path: Path) -> None:
    one, two = dataset_json(tmp_path / "lb.json", length=8), dataset_json(tmp_path / "lb.ndjson")
    head, rows = json.loads(two.read_text("utf-8")), [["S1", None]]
    head.pop("rows")
    two.write_text("\n".join(map(json.dumps, [{**head, "name": "LB"}, *rows])), "utf-8")
    assert "  X: length\n    8 | (missing)\n" in as_text(compare(one, two))


# ---------------------------------------------------------------- by how much
@pytest.mark.parametrize(
    ("name", "shown", "change"),
    [
        ("AVAL", "", "80 | 90   +10 (+12.5 %)"),
        ("ASTDY", "", "80 | 90   +10"),  # a study day has no zero
        ("ADT", "DATE", "1960-03-21 | 1960-03-31   +10"),
        ("ATM", "TIME", "00:01:20 | 00:01:30   +10"),
    ],
)
def test_percentages_are_of_what_has_a_zero(
    tmp_path: Path, name: str, shown: str, change: str
) -> None:
    columns: list[transport.Column] = [("USUBJID", "Char", 2), (name, "Num", 8)]
    paths = tmp_path / "one.xpt", tmp_path / "two.xpt"
    for path, value in zip(paths, (80.0, 90.0), strict=True):
        member = transport.member("X", columns, [["S1", value]], shown={name: shown.encode()})
        path.write_bytes(transport.library(member))
    assert f"    USUBJID=S1: {change}\n" in as_text(compare(*paths))


# ---------------------------------------------------------------- files that are cut
@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (1, "LB ends after 79 of the 80 bytes of a record; the file is cut"),
        (
            40,
            "LB ends after 40 of the 80 bytes of a record; the file is cut",
        ),  # all rows are there, as it happens
        (
            60,
            "LB ends after 20 of the 80 bytes of a record; the file is cut",
        ),  # two rows are, and nobody can tell
        (65, "LB ends in the middle of row 2, after 5 of its 10 bytes"),
    ],
)
def test_xpt_that_is_cut(tmp_path: Path, missing: int, told: str) -> None:
    whole = xpt(tmp_path / "lb.xpt", "Num", 8, ["S1", 1.0], ["S2", 2.0], ["S3", 3.0])
    cut = tmp_path / "cut.xpt"
    cut.write_bytes(whole.read_bytes()[:-missing])
    with pytest.raises(ExportError, match=told):
        compare(whole, cut)
