"""Laboratory: ranges, their indicator, and what is said of each test."""

from __future__ import annotations

from pathlib import Path

from .exports import converted, rows

HEAD = "subject_id;visit;sample_date;sample_time;test;result;unit;lower_limit;upper_limit;lab\n"


def test_results_and_their_ranges(tmp_path: Path) -> None:
    """`<n` is judged; what was not done has no range, no unit and no reason that says it again."""
    form = HEAD + (
        "01-001;BL;15-01-2018;08:00;AST;<10;U/L;0;35;LAB01\n"
        "01-001;BL;15-01-2018;08:00;CK;<0.10;ukat/L;0.17;2.83;LAB01\n"
        "01-001;BL;15-01-2018;08:00;IGG;<9;g/L;7;16;LAB01\n"
        "01-001;BL;15-01-2018;08:00;LDH;-96;U/L;0;247;LAB01\n"
        "01-001;BL;15-01-2018;08:00;ALT;-99;U/L;0;45;LAB01\n"
    )
    made = converted(tmp_path, "LB", laboratory=form)
    results = ("LBTESTCD", "LBSTRESC", "LBSTRESU", "LBNRIND", "LBSTAT", "LBREASND")
    assert rows(made, "LB", *results) == [
        ("ALT", None, None, None, "NOT DONE", None),
        ("AST", "<10", "U/L", "NORMAL", None, None),
        ("CK", "<6", "U/L", "LOW", None, None),
        ("IGG", "<9", "g/L", None, None, None),
        ("LDH", None, None, None, "NOT DONE", "NOT APPLICABLE"),
    ]
    ranges = ("LBTESTCD", "LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI")
    assert rows(made, "LB", *ranges) == [
        ("ALT", None, None, None, None),
        ("AST", "0", "35", 0, 35),
        ("CK", "0.17", "2.83", 10.2, 169.8),
        ("IGG", "7", "16", 7, 16),
        ("LDH", None, None, None, None),
    ]


def test_each_test_has_its_category_specimen_and_code(tmp_path: Path) -> None:
    form = HEAD + (
        "01-001;BL;15-01-2018;08:00;CK;3;ukat/L;0;2.8;LAB01\n"
        "01-001;BL;15-01-2018;08:00;LDH;200;U/L;0;247;LAB01\n"
        "01-001;BL;15-01-2018;08:00;AST;20;U/L;0;35;LAB01\n"
        "01-001;BL;15-01-2018;08:00;ALT;20;U/L;0;45;LAB01\n"
        "01-001;BL;15-01-2018;08:00;ALDOLASE;5;U/L;0;7.6;LAB01\n"
        "01-001;BL;15-01-2018;08:00;HB;8.8;mmol/L;7.5;10;LAB01\n"
        "01-001;BL;15-01-2018;08:00;CREAT;70;umol/L;49;90;LAB01\n"
        "01-001;BL;15-01-2018;08:00;IGG;9;g/L;7;16;LAB01\n"
        "01-001;W3;12-02-2018;08:00;HB;142;g/L;120;160;LAB01\n"
        "01-001;W3;12-02-2018;08:00;CK;-95;U/L;0;170;LAB01\n"
    )
    made = converted(tmp_path, "LB", laboratory=form)
    assert rows(made, "LB", "LBTESTCD", "LBCAT", "LBSPEC", "LBSTRESU", "LBLOINC") == [
        ("ALDOLASE", "CHEMISTRY", "SERUM", "U/L", "1761-6"),
        ("ALT", "CHEMISTRY", "SERUM", "U/L", "1742-6"),
        ("AST", "CHEMISTRY", "SERUM", "U/L", "1920-8"),
        ("CK", "CHEMISTRY", "SERUM", "U/L", "2157-6"),
        ("CK", "CHEMISTRY", "SERUM", None, None),
        ("CREAT", "CHEMISTRY", "SERUM", "umol/L", "14682-9"),
        ("HGB", "HEMATOLOGY", "BLOOD", "mmol/L", "59260-0"),
        ("HGB", "HEMATOLOGY", "BLOOD", "g/L", None),  # mass, not substance
        ("IGG", "IMMUNOLOGY", "SERUM", "g/L", "2465-3"),
        ("LDH", "CHEMISTRY", "SERUM", "U/L", "2532-0"),
    ]
