"""Bytes to text: one encoding for a file, damaged lines named, and the delimiter that a spreadsheet names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.errors import RawError
from ivig_cdisc.raw import Raw
from ivig_cdisc.raw.text_file import TextFile, read_file, read_text

ENCODINGS = ("utf-8-sig", "cp1252")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], TextFile]:
    def write_and_read(data: bytes) -> TextFile:
        (tmp_path / "f.csv").write_bytes(data)
        return read_file(tmp_path / "f.csv", ENCODINGS)

    return write_and_read


def said(found: TextFile) -> list[tuple[str, str, int | None, str]]:
    return [
        (note.severity, note.rule, note.line, note.message)
        for note in found.form_issues("utf-8-sig", ";")
    ]


# ---------------------------------------------------------------- encodings
DAMAGED = "the cells that hold them are not read; save the whole file in one encoding, UTF-8"


@pytest.mark.parametrize(
    ("data", "text", "lines", "shown"),
    [
        ("é\nFever ".encode() + b"\x80\n", "é\nFever \ufffd\n", [2], "line 2: 0x80"),  # é stays é
        (b"\xe9\n" + "é\n".encode(), "\ufffd\né\n", [1], "line 1: 0xE9"),
        (
            "é\r\n".encode() + b"\xe9\r\n\xeb\r\n",
            "é\n\ufffd\n\ufffd\n",
            [2, 3],
            "lines 2 and 3: 0xE9, 0xEB",
        ),
        ("é€".encode()[:-1] + b"\n", "é\ufffd\n", [1], "line 1: 0xE282"),  # a letter that was cut
        ("\ufeffé\n".encode() + b"\xc3", "é\n\ufffd", [2], "line 2: 0xC3"),
    ],
)
def test_damaged_lines_are_named(
    file: Callable[[bytes], TextFile], data: bytes, text: str, lines: list[int], shown: str
) -> None:
    found = file(data)
    assert (found.text, found.encoding, [line for line, _ in found.damaged]) == (
        text,
        "utf-8-sig",
        lines,
    )
    assert said(found) == [
        (
            "error",
            "RAW-ENCODING",
            lines[0],
            f"has bytes that are not utf-8-sig on {shown}; {DAMAGED}",
        )
    ]


def test_what_must_be_whole_refuses_damaged_lines(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes("é\n".encode() + b"\x80\n")
    with pytest.raises(
        RawError, match=r"^f\.csv:2: has bytes that are not utf-8-sig on line 2: 0x80; the cells"
    ):
        read_text(tmp_path / "f.csv", ENCODINGS)


def test_another_encoding_shows_its_letters(file: Callable[[bytes], TextFile]) -> None:
    """A Polish file read as Western: it cannot be known, but it is seen."""
    found = file("a\nBól głowy\nBól\n".encode("cp1250"))
    message = (
        "was read as cp1252, not as utf-8-sig; look at these letters: ³ (line 2), ó (lines 2 and 3). If they are not "
        "what was typed, say in study.yaml which `encodings` the export has"
    )
    assert (found.text, said(found)) == (
        "a\nBól g³owy\nBól\n",
        [("warning", "RAW-ENCODING", None, message)],
    )


def test_controls_that_no_text_has(file: Callable[[bytes], TextFile]) -> None:
    """Bytes of cp1252 that were taken for ISO 8859-1 before they became UTF-8."""
    reason = "has control characters that no text has: U+0080 CONTROL CHARACTER (line 2); its encoding may be another one"
    assert said(file("a\n5 \u0080\n".encode())) == [("warning", "RAW-ENCODING", None, reason)]


@given(
    text=st.text(st.sampled_from("aé€ł\n;"), min_size=1),
    byte=st.sampled_from([b"\x80", b"\xe9", b"\xff", b"\xc3"]),
)
def test_a_stray_byte_changes_no_other_letter(
    tmp_path_factory: pytest.TempPathFactory, text: str, byte: bytes
) -> None:
    path = tmp_path_factory.mktemp("stray") / "f.csv"
    path.write_bytes("é\n".encode() + text.encode() + b";" + byte + b";\n")
    found = read_file(path, ENCODINGS)
    assert found.text == f"é\n{text};\ufffd;\n"
    assert [line for line, _ in found.damaged] == [2 + text.count("\n")]


# ---------------------------------------------------------------- what a spreadsheet leaves
@pytest.mark.parametrize(
    ("first", "delimiter"),
    [("sep=;", ";"), ("sep=,", ","), ("SEP=\t", "\t"), ('"sep=;"', ";"), ("sep=|;;;", "|")],
)
def test_the_line_that_names_the_delimiter(
    file: Callable[[bytes], TextFile], first: str, delimiter: str
) -> None:
    found = file(f"{first}\r\na;b\r\n".encode())
    assert (found.text, found.delimiter) == ("\na;b\n", delimiter)
    reason = f"its first line names {delimiter!r} as delimiter, and so it was read, not with ';'"
    assert said(found) == ([] if delimiter == ";" else [("note", "RAW-DELIMITER", None, reason)])


@pytest.mark.parametrize("first", ["sep", "sep=", "sep=ab", "separator=;", "x;sep=;"])
def test_other_first_lines(file: Callable[[bytes], TextFile], first: str) -> None:
    assert file(f"{first}\na;b\n".encode()).delimiter == ""


def test_a_file_that_names_its_delimiter(read: Callable[..., Raw]) -> None:
    raw = read(notes='sep=,\nsubject_id,note\nS1,"a;b"\n')
    assert raw.forms["notes"]["note"].to_dict() == {3: "a;b"}  # lines as an editor counts them
    about = raw.findings[raw.findings["file"] == "notes.csv"]
    assert about[["severity", "rule", "line"]].to_numpy().tolist() == [["note", "RAW-DELIMITER", 1]]


def test_a_damaged_cell_is_missing_and_told(read: Callable[..., Raw]) -> None:
    raw = read(notes="subject_id;note\nS1;Céphalée\nS1;Fever ".encode() + b"\x80\n")
    notes = raw.forms["notes"]["note"]
    assert (notes[2], notes.isna()[3]) == ("Céphalée", True)
    about = raw.findings[raw.findings["file"] == "notes.csv"]
    assert about[["severity", "rule", "line", "column", "subject"]].fillna(
        ""
    ).to_numpy().tolist() == [
        ["error", "RAW-ENCODING", 3, "note", "S1"],
        ["error", "RAW-ENCODING", 3, "", ""],  # the file, with the byte
    ]
