"""Every byte of a small file, laid out by hand from TS-140; and what the format refuses."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.errors import ExportError
from ivig_cdisc.formats.xpt import XptFile, layout, write

from .small import CUTOFF, char, dataset, num, spec, text

MOMENT = b"31DEC24:00:00:00"


def descriptor(
    kind: int, width: int, number: int, name: bytes, label: bytes, display: bytes, offset: int
) -> bytes:
    """One variable: 140 bytes, integers high byte first."""
    return (
        b"\0" + bytes([kind]) + b"\0\0" + b"\0" + bytes([width]) + b"\0" + bytes([number])
        + name.ljust(8) + label.ljust(40)
        + display + b"\0\0" + b"\0\0"  # name, width and decimals of the format; left aligned; filler
        + b" " * 8 + b"\0\0" + b"\0\0"  # no informat
        + b"\0\0\0" + bytes([offset]) + b"\0" * 52
    )  # fmt: skip


EXPECTED = (
    b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "
    b"SAS     SAS     SASLIB  9.4                                     " + MOMENT
    + MOMENT + b" " * 64
    + b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  "
    b"SAS     DM      SASDATA 9.4                                     " + MOMENT
    + MOMENT + b" " * 16 + b"Demographics                            " + b" " * 8
    + b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000300000000000000000000  "
    + descriptor(2, 5, 1, b"USUBJID", b"Unique Subject Identifier", b"        \0\0\0\0", 0)
    + descriptor(1, 8, 2, b"AGE", b"Age", b"        \0\x08\0\x01", 5)  # format 8.1
    + descriptor(1, 8, 3, b"TRTSDT", b"Start", b"DATE    \0\x09\0\0", 13)
    + b" " * 60  # 3 descriptors are 420 bytes, six records 480
    + b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  "
    + b"S1   " + bytes.fromhex("422a000000000000") + bytes.fromhex("445b680000000000")  # 42; 23400 days
    + b"     " + bytes.fromhex("2e00000000000000") + bytes.fromhex("c110000000000000")  # a day before 1960
    + b" " * 38  # 42 bytes of data
)  # fmt: skip

DM = spec(
    char("USUBJID", 5, "Unique Subject Identifier"),
    num("AGE", "8.1", "Age"),
    num("TRTSDT", "DATE9.", "Start"),
    name="DM",
    label="Demographics",
)
FRAME = pd.DataFrame(
    {
        "USUBJID": text("S1", None),
        "AGE": [42, math.nan],
        "TRTSDT": pd.to_datetime(["2024-01-25", "1959-12-31"]),
    }
)


def test_every_byte(tmp_path: Path) -> None:
    write(dataset(DM, FRAME), tmp_path / "dm.xpt", cutoff=CUTOFF)
    assert (tmp_path / "dm.xpt").read_bytes() == EXPECTED


def test_supplemental_variables_are_no_columns(tmp_path: Path) -> None:
    with_more = DM.model_copy(
        update={"variables": (*DM.variables, char("RACEOTH", 900, supplemental=True))}
    )
    write(dataset(with_more, FRAME.assign(RACEOTH="x")), tmp_path / "dm.xpt", cutoff=CUTOFF)
    assert (tmp_path / "dm.xpt").read_bytes() == EXPECTED


def test_source_date_epoch_is_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709210096")
    assert layout.timestamp(CUTOFF) == "29FEB24:12:34:56"


@pytest.mark.parametrize(
    ("epoch", "cutoff", "reason"),
    [
        ("", "2024-02-30", 'data cut-off "2024-02-30" is not a date as 2024-12-31'),
        ("soon", CUTOFF, 'SOURCE_DATE_EPOCH "soon" is not a number of seconds'),
    ],
)
def test_bad_moment(monkeypatch: pytest.MonkeyPatch, epoch: str, cutoff: str, reason: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ExportError) as refused:
        layout.timestamp(cutoff)
    assert str(refused.value) == reason


def test_everything_a_spec_asks_too_much_at_once(tmp_path: Path) -> None:
    bad = spec(
        char("Usubjid", 20),
        char("LBTESTCODE", 8),
        char("LBTEST", 201),
        char("LBCAT", 0),
        char("LBCOM", 20, "Comment, more words than forty bytes can hold"),
        char("LBNAM", 20, "Vendor’s name"),
        num("LBSTRESN", length=4),
        num("LBDT", "DATE9"),
        num("LBTM", "$TIME5."),
        char("LBDTC", 20, format="E8601DA10."),
        num("LBDT"),
        name="LABORATORY",
        label="Ü" * 21,
    )
    with pytest.raises(ExportError) as refused:
        XptFile(tmp_path / "lb.xpt", bad, CUTOFF)
    assert str(refused.value).splitlines() == [
        'LABORATORY: name "LABORATORY"; a name is 1 to 8 of A-Z, 0-9 and _, and starts with a letter',
        f'LABORATORY: label "{"Ü" * 21}"; a label is printable ASCII',
        f'LABORATORY: label "{"Ü" * 21}" has 42 bytes; a label has at most 40',
        'LABORATORY.Usubjid: name "Usubjid"; a name is 1 to 8 of A-Z, 0-9 and _, and starts with a letter',
        'LABORATORY.LBTESTCODE: name "LBTESTCODE"; a name is 1 to 8 of A-Z, 0-9 and _, and starts with a letter',
        "LABORATORY.LBTEST: length 201; a Char variable has 1 to 200 bytes",
        "LABORATORY.LBCAT: length 0; a Char variable has 1 to 200 bytes",
        'LABORATORY.LBCOM: label "Comment, more words than forty bytes can hold" has 45 bytes; a label has at most 40',
        'LABORATORY.LBNAM: label "Vendor’s name"; a label is printable ASCII',
        "LABORATORY.LBSTRESN: length 4; a Num variable has 8 bytes, fewer would lose digits",
        'LABORATORY.LBDT: format "DATE9"; a format is a name of at most 8 characters, a width, a point, as DATE9.',
        'LABORATORY.LBTM: format "$TIME5." is for Char, the variable is Num',
        'LABORATORY.LBDTC: format "E8601DA10." is for Num, the variable is Char',
        "LABORATORY.LBDT: the name occurs more than once",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_dataset_without_variables() -> None:
    with pytest.raises(ExportError) as refused:
        layout.fields(spec())
    assert str(refused.value) == "LB: 0 variables; the file holds 1 to 9999"


@pytest.mark.parametrize(
    ("display", "parts"),
    [
        ("DATE9.", ("DATE", 9, 0, "date")),
        ("DATETIME20.", ("DATETIME", 20, 0, "datetime")),
        ("TIME5.", ("TIME", 5, 0, "time")),
        ("E8601DA10.", ("E8601DA", 10, 0, "date")),
        ("8.2", ("", 8, 2, "number")),
        ("BEST12.", ("BEST", 12, 0, "number")),
        ("", ("", 0, 0, "number")),
    ],
)
def test_formats(display: str, parts: tuple[str, int, int, str]) -> None:
    (field,) = layout.fields(spec(num("X", display)))
    assert (field.display, field.display_width, field.decimals, field.kind) == parts
