"""ADCM: when a medication was taken, as far as its dates say, and which one was rescue."""

from __future__ import annotations

from pathlib import Path

from .analysis import cells
from .exports import converted

MEDICATIONS = """\
subject_id;med_no;drug;atc;indication;dose;unit;frequency;route;start_date;stop_date;ongoing;rescue
01-001;1;before;;;;;;;01-01-2018;21-01-2018;;0
01-001;2;up to the day;;;;;;;01-01-2018;22-01-2018;;0
01-001;3;ongoing;;;;;;;UN-UNK-2010;;1;0
01-001;4;last day;;;;;;;21-02-2018;;;0
01-001;5;after;;;;;;;22-02-2018;;;0
01-001;6;same month;;;;;;;UN-01-2018;;;0
01-001;7;no start;;;;;;;;10-01-2018;;0
01-001;8;no dates;;;;;;;;;;0
01-001;9;later rescue;;;;;;;05-02-2018;;;1
01-001;10;rescue;;;;;;;UN-02-2018;;;1
01-001;11;undated rescue;;;;;;;;;;1
"""


def test_periods(tmp_path: Path) -> None:
    """Treated on 22 January alone: until 21 February a medication is on treatment."""
    made = converted(tmp_path, "ADCM", medications=MEDICATIONS)
    names = ("CMTRT", "ASTDT", "ASTDTF", "ASTDY", "AENDT", "PREFL", "ONTRTFL", "FUPFL")
    assert sorted(cells(made, "ADCM", *names), key=str) == sorted(
        [
            ("before", "2018-01-01", None, -21, "2018-01-21", "Y", None, None),
            ("up to the day", "2018-01-01", None, -21, "2018-01-22", "Y", "Y", None),
            ("ongoing", "2010-01-01", "M", -2943, None, "Y", "Y", None),
            ("last day", "2018-02-21", None, 31, None, None, "Y", None),
            ("after", "2018-02-22", None, 32, None, None, None, "Y"),
            ("same month", "2018-01-22", "D", 1, None, None, "Y", None),  # as the first dose
            ("no start", None, None, None, "2018-01-10", "Y", None, None),
            ("no dates", None, None, None, None, None, "Y", None),
            ("later rescue", "2018-02-05", None, 15, None, None, "Y", None),
            ("rescue", "2018-02-01", "D", 11, None, None, "Y", None),
            ("undated rescue", None, None, None, None, None, "Y", None),
        ],
        key=str,
    )
    rescue = cells(made, "ADCM", "CMTRT", "RSCMFL", "AOCC01FL", CMCAT="RESCUE MEDICATION")
    assert sorted(rescue) == [
        ("later rescue", "Y", None),
        ("rescue", "Y", "Y"),
        ("undated rescue", "Y", None),
    ]
    others = cells(made, "ADCM", "RSCMFL", CMCAT="CONCOMITANT MEDICATION")
    assert set(others) == {(None,)}
