"""Transport files read: every fact of the format, and files that are damaged or no transport files at all."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats.xpt import reader
from ivig_cdisc.formats.xpt.header import Member
from ivig_cdisc.formats.xpt.reader import XptRows

from .transport import LIBRARY, Cell, Column, library, member, title

LB: list[Column] = [("USUBJID", "Char", 3), ("LBSTRESN", "Num", 8)]
ROWS: list[list[Cell]] = [["A-1", 1.5], ["A-2", "."], ["A-3", ".A"]]
FILE = library(member("LB", LB, ROWS, b"Laboratory"))
HEAD = FILE.index(b"HEADER RECORD*******OBS ") + 80  # bytes before the rows


def written(folder: Path, octets: bytes) -> Path:
    path = folder / "lb.xpt"
    path.write_bytes(octets)
    return path


def only(folder: Path, octets: bytes) -> tuple[Member, XptRows]:
    (found,) = reader.members(written(folder, octets))
    return found, reader.load(found)


def cells(found: XptRows) -> list[list[Any]]:
    return found.frame.astype(object).where(found.frame.notna(), None).to_numpy().tolist()


def refusal(folder: Path, octets: bytes) -> str:
    path = written(folder, octets)
    with pytest.raises(ExportError) as refused:
        reader.members(path)
    return str(refused.value).removeprefix(f"{path}: ")


# ---------------------------------------------------------------- what is read
def test_what_is_said_of_a_dataset(tmp_path: Path) -> None:
    found, _ = only(tmp_path, FILE)
    assert (found.name, found.label, found.kind, found.sas, found.system, found.version) == (
        "LB",
        "Laboratory",
        "",
        "9.4",
        "X64_10PR",
        5,
    )
    assert (found.created, found.modified, found.rows, found.width) == ("31DEC24:00:00:00",) * 2 + (
        3,
        11,
    )


def test_what_pyreadstat_says_of_variables(tmp_path: Path) -> None:
    """Long labels and names only in version 8."""
    frame = pd.DataFrame({"A_LONG_NAME": [1.5, 2.0], "ADT": [1.0, 2.0], "B": ["x", "yy"]})
    for version in (5, 8):
        path = tmp_path / f"v{version}.xpt"
        given = frame if version == 8 else frame.rename(columns={"A_LONG_NAME": "A"})
        label = "l" * (60 if version == 8 else 40)
        pyreadstat.write_xport(
            given,
            str(path),
            file_format_version=version,
            table_name="T",
            file_label="Title",
            column_labels=[label, "Date", "b"],
            variable_format={"ADT": "DATE9."},
        )
        (found,) = reader.members(path)
        assert (found.version, found.name, found.label, found.rows) == (version, "T", "Title", 2)
        assert [(v.name, v.label, v.type, v.length, v.format) for v in found.variables] == [
            (given.columns[0], label, "Num", 8, ""),
            ("ADT", "Date", "Num", 8, "DATE9"),
            ("B", "b", "Char", 2, ""),
        ]
        assert reader.load(found).frame.to_numpy().tolist() == given.to_numpy().tolist()


def test_missing_values_are_kept_apart(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["1", 0.0],
        ["2", "."],
        ["3", "._"],
        ["4", ".Z"],
        ["5", 46.0],
        ["6", 65.0],
    ]
    _, found = only(tmp_path, library(member("LB", LB, rows)))
    assert cells(found) == [
        ["1", 0.0],
        ["2", None],
        ["3", None],
        ["4", None],
        ["5", 46.0],
        ["6", 65.0],
    ]
    assert {name: column.to_dict() for name, column in found.special.items()} == {
        "LBSTRESN": {2: "._", 3: ".Z"}
    }


@pytest.mark.parametrize("length", [2, 3, 4, 5, 6, 7, 8])
def test_short_numbers(tmp_path: Path, length: int) -> None:
    """A number of few bytes loses its last digits when it is written, and nothing when it is read."""
    columns: list[Column] = [("N", "Num", length), ("T", "Char", 1)]
    rows: list[list[Cell]] = [[value, "x"] for value in (1.0, -118.0, 0.0, ".", ".B")]
    _, found = only(tmp_path, library(member("LB", columns, rows)))
    assert found.frame["N"].fillna(-1).tolist() == [1.0, -118.0, 0.0, -1, -1]
    assert found.special["N"].to_dict() == {4: ".B"}


def test_a_third_in_three_bytes(tmp_path: Path) -> None:
    _, found = only(tmp_path, library(member("LB", [("N", "Num", 3)], [[1 / 3]])))
    assert found.frame["N"].tolist() == [0x5555 / 2**16]


@pytest.mark.parametrize(
    ("octets", "text", "encoding"),
    [
        (b"plain", "plain", "ascii"),
        ("Céphalée".encode(), "Céphalée", "utf-8"),
        ("Céphalée".encode("cp1252"), "Céphalée", "wlatin1"),
        (b"\x92\x80\x81", "’€\x81", "wlatin1"),  # 0x81 is no character of WLATIN1, and yet itself
        (b"  x", "  x", "ascii"),
        (b"x\t", "x\t", "ascii"),
        (b"x\n", "x\n", "ascii"),
        ("x\u00a0".encode(), "x\u00a0", "utf-8"),
        (b"x\0y", "x\0y", "ascii"),
        (b"x\0", "x\0", "ascii"),
        (b"", None, "ascii"),
    ],
)
def test_text(tmp_path: Path, octets: bytes, text: str | None, encoding: str) -> None:
    columns: list[Column] = [("T", "Char", 10), ("U", "Char", 80)]
    _, found = only(tmp_path, library(member("LB", columns, [[octets, "end"]])))
    assert (cells(found), found.encoding) == ([[text, "end"]], encoding)


def test_what_is_told_of_text(tmp_path: Path) -> None:
    columns: list[Column] = [("T", "Char", 10), ("U", "Char", 10)]
    rows: list[list[Cell]] = [["é", b"x\0y"], [b"\xe9", "b"], [b"\xe9", "b"], [b"\xe8", "b"]]
    _, found = only(tmp_path, library(member("LB", columns, rows)))
    assert found.frame["T"].tolist() == ["é", "é", "é", "è"]  # one odd byte spoils no other value
    assert (found.encoding, found.facts) == (
        "mixed",
        (
            "T: 2 distinct value(s) are not UTF-8, and were read as WLATIN1",
            "U: 1 distinct value(s) hold a NUL",
        ),
    )


def test_several_members(tmp_path: Path) -> None:
    ae = member("AE", [("AETERM", "Char", 90)], [["x"], ["y"]], size=136)
    path = written(tmp_path, library(member("LB", LB, ROWS), ae, member("DM", LB, [])))
    found = reader.members(path)
    assert [(each.name, each.rows) for each in found] == [("LB", 3), ("AE", 2), ("DM", 0)]
    assert [len(reader.load(each).frame) for each in found] == [3, 2, 0]
    assert reader.load(found[1]).frame["AETERM"].tolist() == ["x", "y"]


def test_a_row_that_looks_like_a_header(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["x"], [title("MEMBER")], ["y"]]
    _, found = only(tmp_path, library(member("LB", [("T", "Char", 80)], rows)))
    assert len(found.frame) == 3


@pytest.mark.parametrize(
    ("width", "rows", "expected"),
    [
        (40, ["a", "b"], 2),
        (40, ["a"], 1),  # 40 blanks fill up the record: they could be a row, and are none
        (40, ["a", "", ""], 3),  # what fills up is less than 80 blanks: of 120 blanks, 80 are rows
        (1, ["a", *[""] * 85], 81),  # of 160 bytes, at most 79 fill up
        (80, ["a", ""], 2),  # a row as long as a record is a row
        (200, ["", "a", ""], 3),
        (100, ["", ""], 2),
    ],
)
def test_blank_rows(tmp_path: Path, width: int, rows: list[str], expected: int) -> None:
    found, loaded = only(
        tmp_path, library(member("LB", [("T", "Char", width)], [[row] for row in rows]))
    )
    assert (found.rows, len(loaded.frame)) == (expected, expected)


def test_columns_in_another_order_than_their_places(tmp_path: Path) -> None:
    octets = bytearray(FILE)
    first, second = FILE.index(b"USUBJID "), FILE.index(b"LBSTRESN")
    octets[first + 76 : first + 80], octets[second + 76 : second + 80] = (
        (8).to_bytes(4, "big"),
        bytes(4),
    )
    rows = b"".join(
        row[3:] + row[:3] for row in (FILE[HEAD + i : HEAD + i + 11] for i in (0, 11, 22))
    )
    _, found = only(tmp_path, bytes(octets[:HEAD]) + rows + FILE[HEAD + 33 :])
    assert cells(found) == [["A-1", 1.5], ["A-2", None], ["A-3", None]]


# ---------------------------------------------------------------- what is refused
def changed(place: bytes, offset: int, new: bytes) -> bytes:
    start = FILE.index(place) + offset
    return FILE[:start] + new + FILE[start + len(new) :]


MEMBER, FIRST, SECOND = "record 4, byte 241: ", "record 9, byte 641: ", "record 10, byte 781: "
WIDE = library(member("LB", [("T", "Char", 200)], [["a"], ["b"]]))


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"", "is not a SAS transport file: it is empty"),
        (b"USUBJID,LBSEQ\n", "is not a SAS transport file: it does not begin with a library header"),
        (LIBRARY[:100], "record 2, byte 101: the file ends in the middle of the library header"),
        (LIBRARY, "record 4, byte 241: the file ends before the header of a member"),
        (LIBRARY + b"x" * 80, "record 4, byte 241: the header of a member was expected"),
        (FILE[:700], "record 9, byte 701: the file ends in the middle of the descriptors of the variables"),
        (FILE[: HEAD - 80], "record 13, byte 961: the file ends before the header of the rows"),
        (FILE[:-1], "record 14, byte 1120: LB ends after 79 of the 80 bytes of a record; the file is cut"),
        (FILE[: HEAD + 44], "record 14, byte 1085: LB ends after 44 of the 80 bytes of a record; the file is cut"),
        (FILE[: HEAD + 20], "record 14, byte 1061: LB ends in the middle of row 2, after 9 of its 11 bytes"),
        (WIDE[:-80], "record 16, byte 1201: LB ends in the middle of row 2, after 120 of its 200 bytes"),
        (FILE + b"x" * 80, "record 16, byte 1201: LB ends in the middle of row 15, after 6 of its 11 bytes"),
        (FILE + FILE, "record 15, byte 1121: a second library begins here; take the files apart"),
        (changed(b"01600000000140", 10, b"0150"), MEMBER + "descriptors of 150 bytes; 140 or 136 were expected"),
        (changed(b"01600000000140", 10, b"x140"), "record 4, byte 241: the size of a descriptor is not a number"),
        (changed(b"0000000002", 0, b"0000000000"), "record 8, byte 561: the dataset has no variable"),
        (
            changed(b"0000000002", 0, b"9999999999"),
            "record 15, byte 1121: the file ends in the middle of the descriptors of the variables",
        ),
        (changed(b"0000000002", 0, b"00000000-2"), "record 8, byte 561: the number of variables is not a number"),
        (changed(b"USUBJID ", -8, b"\0\3"), FIRST + "USUBJID is of type 3; 1 for numbers or 2 for text was expected"),
        (changed(b"USUBJID ", -4, b"\xff\xff"), FIRST + "USUBJID has a length of -1 bytes; 1 to 32767 were expected"),
        (changed(b"LBSTRESN", -4, b"\0\t"), SECOND + "LBSTRESN has a length of 9 bytes; 2 to 8 were expected"),
        (changed(b"USUBJID ", 0, b" " * 8), FIRST + "a variable has no name"),
        (changed(b"USUBJID ", 0, b"LBSTRESN"), FIRST + "the dataset has LBSTRESN more than once"),
        (
            changed(b"LBSTRESN", 76, b"\0\0\0\1"),
            "record 14, byte 1041: LB.LBSTRESN is at position 1 of the row; 3 was expected",
        ),
        (
            changed(b"LBSTRESN", 76, b"\xff\xff\xff\xff"),
            "record 14, byte 1041: LB.LBSTRESN is at position -1 of the row; 0 was expected",
        ),
    ],
)  # fmt: skip
def test_files_that_are_damaged(tmp_path: Path, octets: bytes, told: str) -> None:
    assert refusal(tmp_path, octets) == told


def test_rows_of_version_8_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "v8.xpt"
    pyreadstat.write_xport(
        pd.DataFrame({"A": [1.0] * 20}), str(path), file_format_version=8, table_name="T"
    )
    assert refusal(tmp_path, path.read_bytes()[:-80]) == (
        "record 13, byte 961: T says 20 rows, which take 160 bytes; there are 80"
    )


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"none\.xpt: No such file or directory"):
        reader.members(tmp_path / "none.xpt")
    with pytest.raises(ExportError, match="Is a directory"):
        reader.members(tmp_path)


# ---------------------------------------------------------------- any bytes, any cells
def outcome(path: Path) -> list[tuple[int, int]] | None:
    """Rows and columns of each member, or None where the file is refused."""
    try:
        return [reader.load(found).frame.shape for found in reader.members(path)]
    except ExportError:
        return None


TWO = library(member("LB", LB, ROWS), member("AE", [("T", "Char", 90)], [["x"], ["é"]]))


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(TWO) - 1), st.integers(0, 255)), min_size=1, max_size=6
    )
)
def test_changed_bytes_are_an_error_or_a_frame(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    octets = bytearray(TWO)
    for place, value in changes:
        octets[place] = value
    found = outcome(written(tmp_path_factory.getbasetemp(), bytes(octets)))
    assert found is None or len(found) >= 1


@settings(deadline=None)
@given(cut=st.integers(0, len(TWO)))
@example(cut=TWO.rindex(b"HEADER RECORD*******MEMBER"))
def test_a_file_that_is_cut_is_refused_or_ends_after_a_row(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    found = outcome(written(tmp_path_factory.getbasetemp(), TWO[:cut]))
    whole = {TWO.rindex(b"HEADER RECORD*******MEMBER"), len(TWO)}
    no_row = TWO.rindex(b"HEADER RECORD*******OBS ") + 80
    assert (found is None) is (cut not in whole | {no_row})


@settings(deadline=None)
@given(octets=st.binary(max_size=400), begun=st.booleans())
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, octets: bytes, begun: bool) -> None:
    found = outcome(written(tmp_path_factory.getbasetemp(), (LIBRARY if begun else b"") + octets))
    assert found is None


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5).filter(
    lambda t: len(t.encode()) <= 9
)
NUMBER = (
    st.floats(1e-70, 1e70)
    | st.floats(-1e70, -1e-70)
    | st.just(0.0)
    | st.sampled_from(sorted([".", "._", ".A", ".Z"]))
)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(st.just("S"), TEXT, NUMBER), min_size=1, max_size=20))
def test_any_cells_are_what_pyreadstat_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, float | str]]
) -> None:
    columns: list[Column] = [("USUBJID", "Char", 1), ("T", "Char", 9), ("N", "Num", 8)]
    found, loaded = only(tmp_path_factory.getbasetemp(), library(member("LB", columns, rows)))
    witness, _ = pyreadstat.read_xport(str(found.path))
    assert loaded.frame["T"].fillna("").tolist() == [text.rstrip(" ") for _, text, _ in rows]
    expected = [math.nan if isinstance(value, str) else value for _, _, value in rows]
    assert np.array_equal(loaded.frame["N"].to_numpy(), np.array(expected), equal_nan=True)
    assert np.array_equal(witness["N"].to_numpy(float), np.array(expected), equal_nan=True)
    assert witness["T"].tolist() == loaded.frame["T"].fillna("").tolist()
    letters = {
        i: value for i, (_, _, value) in enumerate(rows) if isinstance(value, str) and value != "."
    }
    assert loaded.special.get("N", pd.Series(dtype="str")).to_dict() == letters
