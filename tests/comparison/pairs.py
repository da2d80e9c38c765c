"""Two files that hold the same records but for one cell, and what is to be said of them: literal, pair by pair.

Each entry is the type of the variable, the format and the cell of either file, and the verdict:
SAME, DIFFER, or the words with which the comparison is refused. A cell of a CSV is the text between
the delimiters, one of XPT a number, a text, bytes or a special missing value, one of Dataset-JSON
what JSON has.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.formats import transport

SAME, DIFFER = "same", "differ"

Pair = tuple[str, str, Any, str, Any, str]

NUMBERS: list[Pair] = [
    ("Num", "xpt", 1.5, "xpt", 1.5, SAME),
    ("Num", "xpt", 0.0, "xpt", -0.0, SAME),
    ("Num", "xpt", 0.1 + 0.2, "xpt", 0.3, DIFFER),
    ("Num", "xpt", ".", "xpt", ".", SAME),
    ("Num", "xpt", ".A", "xpt", ".A", SAME),
    ("Num", "xpt", ".", "xpt", ".A", DIFFER),
    ("Num", "xpt", ".", "xpt", "._", DIFFER),
    ("Num", "xpt", ".A", "xpt", ".Z", DIFFER),
    ("Num", "xpt", ".A", "xpt", 1.5, DIFFER),
    ("Num", "xpt", ".", "xpt", 0.0, DIFFER),
    ("Num", "xpt", 1.5, "csv", "1.5", SAME),
    ("Num", "xpt", 1.0, "csv", "1.0", SAME),  # a number beside a number
    ("Num", "xpt", 100000.0, "csv", "1e+05", SAME),
    ("Num", "xpt", 0.1, "csv", "0.10000000000000001", SAME),  # all digits of the double
    ("Num", "xpt", 0.1, "csv", "0.10000000000000000001", DIFFER),
    ("Num", "xpt", 1 / 3, "csv", "0.333333333333333", DIFFER),
    ("Num", "xpt", 2.0**53, "csv", "9007199254740992", SAME),
    ("Num", "xpt", 2.0**53, "csv", "9007199254740993", DIFFER),
    ("Num", "xpt", ".", "csv", "", SAME),
    ("Num", "xpt", ".", "csv", "   ", SAME),
    ("Num", "xpt", ".", "csv", ".", SAME),  # as SAS writes a missing number into text
    ("Num", "xpt", ".", "csv", ".  ", SAME),
    ("Num", "xpt", ".", "csv", "..", DIFFER),
    ("Num", "xpt", ".A", "csv", ".", DIFFER),
    ("Num", "xpt", 0.0, "csv", ".", DIFFER),
    ("Num", "xpt", 1.5, "csv", "1.5  ", SAME),
    ("Num", "json", None, "csv", ".", SAME),
    ("Num", "json", 0, "csv", ".", DIFFER),
    ("Num", "json", 1.5, "csv", "1.5 ", SAME),
    ("Num", "xpt", ".A", "csv", "", DIFFER),
    ("Num", "xpt", ".A", "csv", ".A", SAME),
    ("Num", "xpt", ".", "csv", "NA", DIFFER),
    ("Num", "xpt", ".", "csv", "abc", DIFFER),
    ("Num", "xpt", 12.0, "csv", "012", DIFFER),  # a code
    ("Num", "xpt", 1.5, "csv", "1.5\t", DIFFER),
    ("Num", "xpt", 1.5, "csv", "1.5\u00a0", DIFFER),
    ("Num", "xpt", 1.5, "csv", '"1,5"', DIFFER),
    ("Num", "xpt", 0.0, "csv", "1e-400", DIFFER),
    ("Num", "xpt", ".", "csv", "1e999", DIFFER),
    ("Num", "xpt", 1.5, "json", 1.5, SAME),
    ("Num", "xpt", ".", "json", None, SAME),
    ("Num", "xpt", ".A", "json", None, DIFFER),
    ("Num", "xpt", 2.0**53, "ndjson", 2**53, SAME),
    ("Num", "xpt", 2.0**53, "ndjson", 2**53 + 1, DIFFER),
    ("Num", "json", 2**53 + 1, "ndjson", 2**53 + 1, SAME),
    ("Num", "json", 2**53 + 1, "ndjson", 2**53, DIFFER),
    ("Num", "json", 1, "ndjson", 1.0, SAME),
    ("Num", "json", 0.1, "csv", "0.1", SAME),
    ("Num", "json", None, "csv", "n/a", DIFFER),
    ("Num", "json", 1.5, "json", "abc", 'X: "abc" is not of type double'),
    ("Num", "json", None, "json", "1.5", 'X: "1.5" is not of type double'),
    ("Num", "json", None, "ndjson", True, "X: true is not of type double"),
    ("Num", "json", None, "json", [1], "X: [1] is not of type double"),
    ("Num", "json", None, "ndjson", {"a": 1}, 'X: {"a":1} is not of type double'),
    ("Decimal", "json", "0.10", "ndjson", "0.1", SAME),
    ("Decimal", "json", "123456789.123456789", "ndjson", "123456789.123456789", SAME),
    ("Decimal", "json", "123456789.123456789", "ndjson", "123456789.123456788", DIFFER),
    ("Decimal", "json", "0.10", "csv", "0.1", SAME),
    ("Decimal", "json", "0,10", "ndjson", None, 'X: "0,10" is not of type decimal'),
    ("Decimal", "json", None, "ndjson", "n/a", 'X: "n/a" is not of type decimal'),
    ("Decimal", "json", None, "ndjson", "", 'X: "" is not of type decimal'),
    ("Decimal", "json", None, "ndjson", "NaN", 'X: "NaN" is not of type decimal'),
    (
        "Integer",
        "json",
        2**70,
        "ndjson",
        2**70 + 1,
        "is not of type integer",
    ),  # JSON readers give both as one double
]
TEXTS: list[Pair] = [
    ("Char", "xpt", "a", "xpt", "a", SAME),
    ("Char", "xpt", "a", "xpt", "A", DIFFER),
    ("Char", "xpt", "a", "xpt", " a", DIFFER),
    ("Char", "xpt", "a", "xpt", "a\t", DIFFER),
    ("Char", "xpt", "a", "xpt", "a\n", DIFFER),
    ("Char", "xpt", "a", "xpt", "a\u00a0", DIFFER),
    ("Char", "xpt", b"a", "xpt", b"a\0b", DIFFER),
    ("Char", "xpt", b"a\0b", "xpt", b"a\0c", DIFFER),
    ("Char", "xpt", b"a\0b", "xpt", b"a\0b", SAME),
    ("Char", "xpt", "é", "xpt", "e", DIFFER),
    ("Char", "xpt", "é", "xpt", b"\xe9", SAME),  # UTF-8 and WLATIN1
    ("Char", "xpt", "é", "xpt", "e\u0301", DIFFER),
    ("Char", "xpt", b"\xe9", "xpt", b"\xe8", DIFFER),
    ("Char", "xpt", b"\x81", "xpt", b"\x8d", DIFFER),
    ("Char", "xpt", "", "xpt", ".", DIFFER),
    ("Char", "xpt", "a", "csv", "a", SAME),
    # XPT fills up text with blanks: beside it nobody knows of any at the end. Two other files both
    # say them.
    ("Char", "xpt", "a", "csv", "a  ", SAME),
    ("Char", "xpt", "a", "json", "a  ", SAME),
    ("Char", "xpt", "a", "ndjson", "a  ", SAME),
    ("Char", "xpt", "", "csv", "   ", SAME),
    ("Char", "xpt", "", "json", "   ", SAME),
    ("Char", "xpt", "a", "csv", "  a", DIFFER),
    ("Char", "xpt", "a", "csv", "a \u00a0", DIFFER),
    ("Char", "csv", "a", "csv", "a  ", DIFFER),
    ("Char", "csv", "a ", "csv", "a ", SAME),
    ("Char", "csv", "", "csv", "   ", DIFFER),
    ("Char", "csv", ".", "csv", "", DIFFER),
    ("Char", "csv", "a", "json", "a  ", DIFFER),
    ("Char", "csv", "a  ", "ndjson", "a  ", SAME),
    ("Char", "csv", "", "json", "   ", DIFFER),
    ("Char", "json", "a", "ndjson", "a  ", DIFFER),
    ("Char", "json", "   ", "ndjson", None, DIFFER),
    ("Char", "xpt", "", "csv", "", SAME),
    ("Char", "xpt", "a", "csv", '"a\n"', DIFFER),
    ("Char", "xpt", "1.10", "csv", "1.1", DIFFER),
    ("Char", "xpt", "1E5", "csv", "100000", DIFFER),
    ("Char", "xpt", "é", "json", "é", SAME),
    ("Char", "xpt", "", "json", None, SAME),
    ("Char", "xpt", "a", "ndjson", "a\u200b", DIFFER),
    ("Char", "csv", "1.10", "csv", "1.1", DIFFER),
    ("Char", "csv", "1E5", "csv", "100000", DIFFER),
    ("Char", "csv", "012", "csv", "12", DIFFER),
    ("Char", "csv", "1.0", "csv", "1", DIFFER),
    ("Char", "csv", "9007199254740993", "csv", "9007199254740992", DIFFER),
    ("Char", "csv", '"a\r\nb"', "csv", '"a\nb"', DIFFER),
    ("Char", "csv", '"a"', "csv", "a", SAME),
    ("Char", "csv", '"a""b"', "csv", 'a"b', SAME),
    ("Char", "csv", "NA", "csv", "", DIFFER),
    ("Char", "csv", "a\t", "csv", "a", DIFFER),
    ("Char", "csv", "a\u00a0", "csv", "a", DIFFER),
    ("Char", "csv", "a\ufeff", "csv", "a", DIFFER),
    ("Char", "csv", '"a"b', "csv", "ab", "a quotation mark is closed where no field ends"),
    ("Char", "csv", '"a', "csv", "a", "a quotation mark opens here and is never closed"),
    ("Char", "csv", "a\0b", "csv", "a", "holds a NUL byte; the file is damaged"),
    ("Char", "csv", "a,b", "csv", "a", "has 3 fields, the header 2"),
    ("Char", "json", "1.10", "csv", "1.1", DIFFER),
    ("Char", "json", "a\0b", "ndjson", "a", DIFFER),
    ("Char", "json", "", "ndjson", None, SAME),
    ("Char", "json", "5", "ndjson", 5, "X: 5 is not of type text"),
    ("Char", "json", "true", "json", True, "X: true is not of type text"),
    ("Char", "json", None, "ndjson", [], "X: [] is not of type text"),
    ("Char", "json", "2024", "ndjson", "2024-01-01", DIFFER),
]
DATES: list[Pair] = [
    ("Date", "xpt", 23378.0, "xpt", 23378.0, SAME),
    ("Date", "xpt", 23378.0, "xpt", 23378.5, DIFFER),
    ("Date", "xpt", 23378.0, "csv", "2024-01-03", SAME),
    ("Date", "xpt", 23378.0, "csv", "23378", SAME),
    ("Date", "xpt", 23376.0, "csv", "2024-01", DIFFER),  # a month is not its first day
    ("Date", "xpt", 23376.0, "csv", "2024", DIFFER),
    ("Date", "xpt", 2024.0, "csv", "2024", DIFFER),  # a year, and not the day 2024
    ("Date", "xpt", 23376.0, "csv", "2024---01", DIFFER),
    ("Date", "xpt", 23376.0, "csv", "2024-01-01T00:00:00", DIFFER),
    ("Date", "xpt", 23376.0, "csv", "2024-01-01+01:00", DIFFER),
    ("Date", "xpt", ".", "csv", "2023-02-29", DIFFER),
    ("Date", "xpt", ".", "csv", "2024-13-01", DIFFER),
    ("Date", "xpt", ".", "csv", "99999-01-01", DIFFER),
    ("Date", "xpt", ".U", "csv", "", DIFFER),
    ("Date", "xpt", ".", "csv", ".", SAME),
    ("Date", "xpt", 9e9, "xpt", 9e9, SAME),  # no day that a calendar has
    ("Date", "xpt", 9e9, "xpt", 8e9, DIFFER),
    ("Date", "xpt", -138061.0, "csv", "1582-01-01", SAME),
    ("Date", "json", "2024-01-03", "csv", "2024-01-03", SAME),
    ("Date", "json", "2024-01-03", "xpt", 23378.0, SAME),
    ("Date", "json", "2024-01", "ndjson", "2024-01-01", 'X: "2024-01" is not of type date'),
    ("Date", "json", "2023-02-29", "ndjson", None, 'X: "2023-02-29" is not of type date'),
    ("Datetime", "xpt", 2019859200.0, "csv", "2024-01-03T00:00:00", SAME),
    ("Datetime", "xpt", 2019859200.0, "csv", "2024-01-03", DIFFER),
    ("Datetime", "xpt", 2019859200.0, "csv", "2024-01-03T00:00", DIFFER),
    ("Datetime", "xpt", 2019859200.0, "csv", "2024-01-03T00:00:00Z", DIFFER),
    ("Datetime", "xpt", 2019859200.0, "csv", "2024-01-02T24:00:00", DIFFER),
    ("Datetime", "xpt", 2019859200.5, "csv", "2024-01-03T00:00:00.5", SAME),
    ("Datetime", "xpt", 2019859200.5, "csv", "2024-01-03T00:00:00", DIFFER),
    ("Datetime", "xpt", 1e15, "xpt", 1e15, SAME),
    ("Datetime", "json", "2024-01-03T00:00:00", "xpt", 2019859200.0, SAME),
    (
        "Datetime",
        "json",
        "2024-01-03T00:00:00+01:00",
        "xpt",
        ".",
        'X: "2024-01-03T00:00:00+01:00" is not of type datetime',
    ),
    (
        "Datetime",
        "json",
        "2024-01-03T25:00:00",
        "xpt",
        ".",
        'X: "2024-01-03T25:00:00" is not of type datetime',
    ),
    ("Time", "xpt", 28800.0, "csv", "08:00:00", SAME),
    ("Time", "xpt", 28800.0, "csv", "08:00", DIFFER),
    ("Time", "xpt", ".", "csv", "25:00:00", DIFFER),
    (
        "Time",
        "xpt",
        90000.0,
        "csv",
        "01:00:00",
        DIFFER,
    ),  # more than a day is not the time of the next
    ("Time", "json", "08:00:00", "xpt", 28800.0, SAME),
    ("Time", "json", "08:61:00", "xpt", ".", 'X: "08:61:00" is not of type time'),
]
PAIRS = [*NUMBERS, *TEXTS, *DATES]
USUAL: dict[str, dict[str, Any]] = {  # the cell of the other records
    "Num": {"xpt": 7.0, "csv": "7", "json": 7, "ndjson": 7},
    "Decimal": {"xpt": 7.0, "csv": "7", "json": "7", "ndjson": "7"},
    "Integer": {"xpt": 7.0, "csv": "7", "json": 7, "ndjson": 7},
    "Char": {"xpt": "x", "csv": "x", "json": "x", "ndjson": "x"},
    "Date": {"xpt": 0.0, "csv": "1960-01-01", "json": "1960-01-01", "ndjson": "1960-01-01"},
    "Datetime": {"xpt": 0.0, "csv": "1960-01-01T00:00:00", "json": "1960-01-01T00:00:00"},
    "Time": {"xpt": 60.0, "csv": "00:01:00", "json": "00:01:00"},
}
SHOWN = {"Date": b"E8601DA", "Datetime": b"E8601DT", "Time": b"TIME"}


def write(folder: Path, kind: str, form: str, cell: Any, position: int) -> Path:
    """A file of three records, S1 to S3, of which the one at the position has this cell."""
    folder.mkdir()
    cells = [cell if at == position else USUAL[kind][form] for at in range(3)]
    path = folder / f"lb.{form}"
    if form == "xpt":
        path.write_bytes(xpt(kind, cells))
    elif form == "csv":
        path.write_bytes(
            "".join(["USUBJID,X\r\n", *(f"S{i},{c}\r\n" for i, c in enumerate(cells, 1))]).encode()
        )
    else:
        path.write_text(dataset_json(kind, cells, whole=form == "json"), "utf-8")
    return path


def xpt(kind: str, cells: list[Any]) -> bytes:
    columns = [("USUBJID", "Char", 2), ("X", "Char", 20) if kind == "Char" else ("X", "Num", 8)]
    rows = [[f"S{i}", cell] for i, cell in enumerate(cells, 1)]
    return transport.library(
        transport.member("LB", columns, rows, b"Lab", shown={"X": SHOWN.get(kind, b"")})
    )


def dataset_json(kind: str, cells: list[Any], *, whole: bool) -> str:
    types = {"Char": "string", "Num": "double"}
    x = {"name": "X", "label": "", "dataType": types.get(kind, kind.lower())}
    if kind in SHOWN:
        x |= {"targetDataType": "integer", "displayFormat": f"{SHOWN[kind].decode()}9"}
    columns = [{"name": "USUBJID", "label": "", "dataType": "string", "length": 2}, x]
    head = {
        "datasetJSONVersion": "1.1.0",
        "name": "LB",
        "label": "Lab",
        "records": len(cells),
        "columns": columns,
    }
    rows = [[f"S{i}", cell] for i, cell in enumerate(cells, 1)]
    return (
        json.dumps({**head, "rows": rows}) if whole else "\n".join(map(json.dumps, [head, *rows]))
    )
