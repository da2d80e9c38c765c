"""Bytes to records with line numbers; the fast way and the way for quoted text agree."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.errors import RawError
from ivig_cdisc.raw import csv_file
from ivig_cdisc.raw.csv_file import Records, read_header, read_records
from ivig_cdisc.raw.text_file import read_text

ENCODINGS = ("utf-8-sig", "cp1252")
UNDECODABLE = "has bytes that no expected encoding knows"


def records(text: str) -> Records:
    return read_records(text, read_header(text, ";", "f.csv"), ";", "f.csv")


def rows(text: str) -> dict[int, list[str]]:
    """Line and fields of each record; an empty field is ''."""
    fields = records(text).fields.fillna("")
    return {int(line): list(row) for line, row in zip(fields.index, fields.to_numpy(), strict=True)}


def from_bytes(data: bytes, folder: Path) -> str:
    (folder / "f.csv").write_bytes(data)
    return read_text(folder / "f.csv", ENCODINGS)[0]


# ---------------------------------------------------------------- bytes
@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("a\né\n".encode(), "a\né\n"),
        (b"\xef\xbb\xbfa\n\xc3\xa9\n", "a\né\n"),  # a BOM is no part of the first name
        ("a\né – €\n".encode("cp1252"), "a\né – €\n"),
        (b"a\r\n1\r\n", "a\n1\n"),
        (b"a\r1\r", "a\n1\n"),
    ],
)
def test_bytes_to_text(data: bytes, text: str, tmp_path: Path) -> None:
    assert from_bytes(data, tmp_path) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "f.csv: the file is empty; a header line was expected"),
        (b"\xef\xbb\xbf\r\n", "f.csv: the file is empty; a header line was expected"),
        ("a;b\n1;2\n".encode("utf-16"), "f.csv: looks like UTF-16; save it as UTF-8"),
        ("a;b\n1;2\n".encode("utf-16-le"), "f.csv: looks like UTF-16; save it as UTF-8"),
        (
            b"a\nb\n\xe9\x81\n",  # the line is that of the encoding that got farthest
            f"f.csv:3: {UNDECODABLE}: utf-8-sig (byte 0xE9), cp1252 (byte 0x81); save it as UTF-8",
        ),
        (
            b"\xef\xbb\xbfa\n\xe9\n",  # a BOM promises UTF-8: no other encoding is tried
            f"f.csv:2: {UNDECODABLE}: utf-8-sig (byte 0xE9); save it as UTF-8",
        ),
    ],
)
def test_bytes_that_are_no_text(data: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(RawError) as caught:
        from_bytes(data, tmp_path)
    assert str(caught.value) == message


# ---------------------------------------------------------------- header
@pytest.mark.parametrize(
    ("text", "names", "line"),
    [
        ("a;b\n", ("a", "b"), 1),
        (' a ;"b"\n', ("a", "b"), 1),
        ("\n\na;b\n", ("a", "b"), 3),
        ("a;;b;;\n", ("a", "(column 2)", "b"), 1),  # names that are empty at the end are no columns
        ('a;"b\nc"\n', ("a", "b\nc"), 2),
    ],
)
def test_header(text: str, names: tuple[str, ...], line: int) -> None:
    header = read_header(text, ";", "f.csv")
    assert (header.names, header.line) == (names, line)


def test_header_without_names() -> None:
    with pytest.raises(RawError, match=r"^f\.csv: the file is empty; a header line was expected$"):
        read_header(";;\n", ";", "f.csv")


def test_header_with_an_open_quote() -> None:
    with pytest.raises(
        RawError,
        match=r"^f\.csv:1: a quotation mark in the header is not closed where a name ends$",
    ):
        read_header('a;"b\n1;2\n', ";", "f.csv")


# ---------------------------------------------------------------- records
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b\n", {}),
        ("a;b\n1;2", {2: ["1", "2"]}),
        (
            "a;b\n\n1; 2 \n\n\n3;\n",
            {3: ["1", "2"], 6: ["3", ""]},
        ),  # blank lines count and are no records
        ("a;b\n   \n1;2\n", {3: ["1", "2"]}),
        ("a;b;\n1;2;\n3;4;\n", {2: ["1", "2"], 3: ["3", "4"]}),
        ('a;b\n1;"2"\n', {2: ["1", "2"]}),
        ('a;b\n1;"x;y"\n2;"say ""no"""\n', {2: ["1", "x;y"], 3: ["2", 'say "no"']}),
        ('a;b\n1;"two\n\nlines"\n2;z\n', {2: ["1", "two\n\nlines"], 5: ["2", "z"]}),
        (
            'a;b\n1;5" long\n',
            {2: ["1", '5" long']},
        ),  # a mark inside text that is not quoted is text
        ("a\n1\n\n2\n", {2: ["1"], 4: ["2"]}),
    ],
)
def test_records(text: str, expected: dict[int, list[str]]) -> None:
    assert rows(text) == expected


def test_ragged_records() -> None:
    found = records("a;b;c\n1\n1;2;3;;\n1;2;3;4;5\n")
    assert found.fields.fillna("").to_numpy().tolist() == [
        ["1", "", ""],
        ["1", "2", "3"],
        ["1", "2", "3"],
    ]
    assert found.ragged.to_dict("list") == {
        "line": [2, 3, 4],
        "fields": [1, 5, 5],
        "extra": ["", "", "4;5"],
    }


@pytest.mark.parametrize(
    ("text", "ragged"),
    [
        (
            "a,b,c\nS1,68,170\nS2,6,8,\n",
            [3],
        ),  # 6,8 for 68: the empty field is the last one, shifted
        ("a,b,c\nS2,6,8,\n", [2]),  # a line alone does not show that all lines end so
        ("a,b,c\nS1,1,2,\nS2,3,4,\n", []),
        ("a,b,c\nS1,1,2,,\nS2,3,4,\n", [2, 3]),
        ("a,b,c\nS1,1,2,\nS2,3,4,x\n", [3]),
        ("a,b,c,\nS1,1,2,\nS2,3,4\n", []),  # the header ends so too
        ("a,b,c,\nS1,1,2,,\nS2,3,4\n", [2]),
        ("a,b,c,,\nS1,1,2,\n", []),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_surplus_that_is_empty_is_told_unless_all_lines_have_it(
    text: str, ragged: list[int], *, quoted: bool
) -> None:
    text = (
        text.replace("a,", '"a",').replace("S1", '"S1"').replace("S2", '"S2"') if quoted else text
    )
    found = read_records(text, read_header(text, ",", "f.csv"), ",", "f.csv")
    assert found.ragged["line"].tolist() == ragged


def test_misquoted_line_is_read_and_noted() -> None:
    found = records('a;b\n1;"Pain" in leg\n2;"fine"\n')
    assert found.misquoted == [2]
    assert found.fields["b"].tolist() == ["Pain in leg", "fine"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a;b\n1;2\n3;"x\n4;5\n', "f.csv:3: a quotation mark opens here and is never closed"),
        ('a;b\n1;"x', "f.csv:2: a quotation mark opens here and is never closed"),
        # the first quoted field of the record is whole and spans lines; the second opens on line 3
        ('a;b\n"1\n2";"x\n3;4\n', "f.csv:3: a quotation mark opens here and is never closed"),
        (
            'a;b\n1;"x\n2;"y"\n',
            "f.csv:2: a quotation mark opens here and closes on line 3 in the middle of text; close it or double it",
        ),
    ],
)
def test_open_quotes(text: str, message: str) -> None:
    with pytest.raises(RawError) as caught:
        records(text)
    assert str(caught.value) == message


def test_a_very_long_text() -> None:
    text = "x" * 9_000_000
    assert rows(f"a;b\n1;{text}\n") == {2: ["1", text]}
    assert rows(f'a;b\n1;"{text}"\n') == {2: ["1", text]}


def test_many_records_of_quoted_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_BATCH", 2)
    assert rows('a;b\n1;"x"\n2;"y"\n3;"z"\n4\n5;"v"\n') == {
        2: ["1", "x"],
        3: ["2", "y"],
        4: ["3", "z"],
        5: ["4", ""],
        6: ["5", "v"],
    }


# ---------------------------------------------------------------- both ways
PLAIN = st.text(st.sampled_from("a1é€;, \t\u00a0\u2028'-"), max_size=6)
LINES = st.lists(st.lists(PLAIN, min_size=1, max_size=4).map(";".join), max_size=8).map("\n".join)


@given(body=LINES)
def test_fast_and_slow_way_agree(body: str) -> None:
    text = f"a;b;c\n{body}\n"
    header = read_header(text, ";", "f.csv")
    fast = csv_file._plain_records(text, header, ";")  # noqa: SLF001  the two ways are not public
    if fast is not None:
        slow = csv_file._quoted_records(text, header, ";", "f.csv")  # noqa: SLF001
        pd.testing.assert_frame_equal(fast.fields, slow.fields)
        pd.testing.assert_frame_equal(fast.ragged, slow.ragged)


@given(
    cells=st.lists(st.tuples(*[st.text(st.sampled_from('a;"\n é'), max_size=5)] * 3), max_size=6)
)
def test_quoting_changes_nothing(cells: list[tuple[str, str, str]]) -> None:
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    found = records("\n".join(["a;b;c", *lines]))
    kept = [[cell.strip(" ") if cell.strip() else "" for cell in row] for row in cells]
    assert found.fields.fillna("").to_numpy().tolist() == kept
    starts, line = [], 2
    for text in lines:
        starts.append(line)
        line += text.count("\n") + 1
    assert found.fields.index.tolist() == starts


@given(
    cells=st.lists(
        st.tuples(*[st.text(st.sampled_from("a1é "), max_size=4)] * 2), min_size=1, max_size=6
    )
)
def test_quoted_and_plain_files_are_the_same(cells: list[tuple[str, str]]) -> None:
    plain = "\n".join(["a;b", *(";".join(row) for row in cells)])
    quoted = "\n".join(["a;b", *(";".join(f'"{cell}"' for cell in row) for row in cells)])
    assert rows(plain) == rows(quoted)
