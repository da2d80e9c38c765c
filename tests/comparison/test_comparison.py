"""What two datasets differ in: cells, records, attributes, in whatever format they are."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.comparison import Comparison, as_html, as_text, compare

from .files import FORMATS, ROWS, csv, dataset_json, xpt


def cells(found: Comparison) -> list[tuple[Any, ...]]:
    kept = found.differences[found.differences["kind"].eq("cells")]
    return [
        tuple(None if pd.isna(v) else v for v in row)
        for row in kept[["key", "variable", "first", "second"]].to_numpy()
    ]


def kinds(found: Comparison) -> list[tuple[str, str]]:
    return [(str(kind), str(name)) for kind, name in found.groups[["kind", "variable"]].to_numpy()]


def texts(tmp: Path, one: str, two: str, **how: Any) -> Comparison:
    """Two CSV files, given as text."""
    for name, text in (("one", one), ("two", two)):
        (tmp / name).mkdir(exist_ok=True)
        (tmp / name / "vs.csv").write_text(text, "utf-8")
    return compare(tmp / "one" / "vs.csv", tmp / "two" / "vs.csv", **how)


@pytest.mark.parametrize(("one", "two"), [*itertools.product(FORMATS, repeat=2)])
def test_formats_hold_the_same(tmp_path: Path, one: str, two: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    found = compare(
        FORMATS[one](tmp_path / "a" / f"vs{one}"), FORMATS[two](tmp_path / "b" / f"vs{two}")
    )
    assert (found.clean, cells(found), kinds(found)) == (True, [], [])
    assert found.counts.to_numpy().tolist() == [["VS", 3, 3, 3, 15, 15, 0, 0]]
    assert found.keys["VS"].names == ("USUBJID", "VSSEQ")


def test_dates_are_shown_as_dates(tmp_path: Path) -> None:
    later = [[*ROWS[0][:4], "2024-01-13"], *ROWS[1:]]
    found = compare(xpt(tmp_path / "vs.xpt"), dataset_json(tmp_path / "vs.json", later))
    assert cells(found) == [("USUBJID=S1, VSSEQ=1", "ADT", "2024-01-03", "2024-01-13")]
    assert found.largest == {("VS", "ADT"): 10.0}


@pytest.mark.parametrize(
    ("one", "two", "differ"),
    [
        ("12", "12", False),
        ("1.0", "1", True),  # a CSV does not say that it is a number: it may be a version
        ("1E2", "100", True),
        ("9007199254740993", "9007199254740992", True),
        ("012", "12", True),  # a code
        ("a", "a  ", True),  # both files can hold a blank at the end
        ("a ", "a  ", True),
        ("a", " a", True),
        ("   ", "", True),
        ("", "0", True),
        ("a", "A", True),
        ("é", "e", True),
        ("NA", "", True),  # text like any other
    ],
)
def test_values_of_csv(tmp_path: Path, one: str, two: str, *, differ: bool) -> None:
    found = texts(tmp_path, f'K,X\n1,"{one}"\n', f'K,X\n1,"{two}"\n')
    assert [(variable) for _, variable, _, _ in cells(found)] == ["X"] * differ


def test_a_text_beside_numbers_is_text(tmp_path: Path) -> None:
    odd = csv(tmp_path / "vs.csv", [[*ROWS[0][:3], "trace", ROWS[0][4]], *ROWS[1:]])
    found = compare(xpt(tmp_path / "vs.xpt"), odd)
    assert cells(found) == [("USUBJID=S1, VSSEQ=1", "VSSTRESN", "120", "trace")]


def test_a_tolerance_is_that_of_decimal_numbers(tmp_path: Path) -> None:
    """0.4 - 0.3 is a little more than 0.1 in doubles."""
    found = texts(tmp_path, "K,X\n1,0.3\n2,0.3\n", "K,X\n1,0.4\n2,0.4000001\n", tolerance=0.1)
    assert [key for key, *_ in cells(found)] == ["K=2"]


def test_a_tolerance_makes_no_numbers_of_codes(tmp_path: Path) -> None:
    assert cells(texts(tmp_path, "K,ID\n1,1E5\n", "K,ID\n1,100000\n", tolerance=1))
    assert not cells(
        texts(tmp_path, "K,X\n1,1e+05\n", "K,X\n1,100000\n", tolerance=1)
    )  # as programs write it


@pytest.mark.parametrize(
    ("two", "tolerance", "differ"),
    [
        ("1.5", 0.5, False),
        ("1.5", 0.25, True),
        ("0.5", 0.5, False),
        ("1.0000001", 0, True),
        ("", 99, True),
        ("1.1", 0.1, False),
    ],
)
def test_tolerance(tmp_path: Path, two: str, tolerance: float, *, differ: bool) -> None:
    found = texts(tmp_path, "K,X\n1,1\n", f"K,X\n1,{two}\n", tolerance=tolerance)
    assert bool(cells(found)) is differ


def test_attributes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = xpt(
        tmp_path / "b" / "vs.xpt",
        label="Vitals",
        VSORRES=("Char", 30, "The Result", ""),
        VSSTRESN=("Char", 8, "Numeric Result", ""),
        ADT=("Num", 8, "Analysis Date", "E8601DA."),
    )
    assert kinds(compare(xpt(tmp_path / "vs.xpt"), other))[:5] == [
        ("dataset_label", ""),
        ("length", "VSORRES"),
        ("label", "VSORRES"),
        ("type", "VSSTRESN"),
        ("format", "ADT"),
    ]


def test_variables_and_their_order(tmp_path: Path) -> None:
    found = texts(tmp_path, "K,A,B,C,ONE\n1,1,1,1,x\n", "K,b,A,C,TWO\n1,1,1,1,\n")
    told = found.differences[["kind", "variable", "first", "second"]].astype("object")
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        ["name", "B", "B", "b"],
        ["only_first", "ONE", "1 value(s), digest 3a3eb404", None],
        ["only_second", "TWO", None, "0 value(s), digest 9d9fceb9"],
        ["order", "", "A B", "B A"],
    ]


def test_records_of_one_side_and_duplicates(tmp_path: Path) -> None:
    one = "USUBJID,X\nS1,1\nS1,2\nS2,3\n"
    two = (
        "USUBJID,X\nS3,4\nS1,9\nS1,1\n"  # in the order of their content, S1 1 is the first of both
    )
    found = texts(tmp_path, one, two, keys=["USUBJID"])
    assert found.keys["VS"].duplicates == (1, 1)
    assert cells(found) == [("USUBJID=S1 #2", "X", "2", "9")]
    only = found.differences[found.differences["kind"].str.startswith("records")]
    assert only[["kind", "key"]].to_numpy().tolist() == [
        ["records_only_first", "USUBJID=S2"],
        ["records_only_second", "USUBJID=S3"],
    ]


@pytest.mark.parametrize(
    ("name", "head", "rows", "expected"),
    [
        ("vs", "USUBJID,VSSEQ,X", ["S1,1,a", "S1,2,a"], ("USUBJID", "VSSEQ")),
        (
            "suppdm",
            "RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM",
            ["DM,S1,,,A", "DM,S1,,,B"],
            ("USUBJID", "IDVAR", "IDVARVAL", "QNAM"),
        ),
        ("dm", "STUDYID,USUBJID,X", ["T,S1,a", "T,S2,a"], ("USUBJID",)),
        ("x", "A,B,C", ["1,1,1", "1,2,1", "2,1,1"], ("A", "B")),
        ("x", "A,B", ["1,1", "1,1"], ("A", "B")),  # nothing is unique
    ],
)
def test_keys_that_are_found(
    tmp_path: Path, name: str, head: str, rows: list[str], expected: tuple[str, ...]
) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_text("\n".join([head, *rows]), "utf-8")
    found = compare(file, file)
    assert (found.keys[name.upper()].names, found.clean) == (expected, True)


def test_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: of 3 records each, 2 are in both; 2 x 3 cells, of which 2 differ, by 10 of 80 and by a letter."""
    monkeypatch.chdir(tmp_path)
    one = "USUBJID,X,T\nS1,80,a\nS2,1,b\nS3,1,c\n"
    two = "USUBJID,X,T\nS1,90,A\nS2,1,b\nS4,1,d\n"
    texts(tmp_path, one, two)
    assert as_text(compare(Path("one/vs.csv"), Path("two/vs.csv")), 1) == (
        "first:  one/vs.csv\nsecond: two/vs.csv\n\n"
        "dataset  first  second  in both  cells  equal  explained  unexplained\n"
        "VS           3       3        2      6      4          0            2\n\n"
        "VS, by USUBJID (found: unique in both)\n"
        "  records only in the first, 1\n    USUBJID=S3\n"
        "  records only in the second, 1\n    USUBJID=S4\n"
        "  X: cells that differ, 1, by at most 10\n    USUBJID=S1: 80 | 90   +10 (+12.5 %)\n"
        "  T: cells that differ, 1\n    USUBJID=S1: a | A\n\n"
        "Without attributes, which were not compared: vs.csv.\n"
        "They differ: 4 kind(s) of difference.\n"
    )


def test_long_lists_are_cut(tmp_path: Path) -> None:
    rows = [f"S{i}" for i in range(30)]
    found = texts(tmp_path, "USUBJID\n" + "\n".join(rows), "USUBJID\nS0\n")
    assert "... and 9 more (--all)" in as_text(found)
    assert "more (--all)" not in as_text(found, None)


def test_page_is_whole_and_escaped(tmp_path: Path) -> None:
    page = as_html(
        texts(tmp_path, "USUBJID,X\nS1,<script>alert(1)</script>\n", "USUBJID,X\nS1,b&c\n")
    )
    assert "&lt;script&gt;" in page
    assert "b&amp;c" in page
    assert "<script" not in page
    assert "{{" not in page
    assert "http" not in page.replace("http-equiv", "")


quick = settings(deadline=None, max_examples=25)
tables = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["", "1", "2.5", "x"])), max_size=8
)


@quick
@given(rows=tables, data=st.data())
def test_the_order_of_records_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    head = "USUBJID,X\n"
    one, two = (
        head + "".join(f"{a},{b}\n" for a, b in r) for r in (rows, data.draw(st.permutations(rows)))
    )
    assert texts(tmp_path_factory.mktemp("pair"), one, two).clean


@quick
@given(one=tables, two=tables)
def test_both_directions_find_the_same(
    tmp_path_factory: pytest.TempPathFactory, one: list[tuple[str, str]], two: list[tuple[str, str]]
) -> None:
    head, tmp = "USUBJID,X\n", tmp_path_factory.mktemp("pair")
    a, b = (head + "".join(f"{x},{y}\n" for x, y in rows) for rows in (one, two))
    there, back = texts(tmp, a, b), texts(tmp, b, a)
    assert len(cells(there)) == len(cells(back))
    assert there.counts[["first", "second", "equal"]].to_numpy().tolist() == (
        back.counts[["second", "first", "equal"]].to_numpy().tolist()
    )
