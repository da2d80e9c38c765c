"""What the patient reports: the index of the HAQ under its own category, the VAS under the core set's."""

from __future__ import annotations

from pathlib import Path

from .exports import converted, rows

FORM = (
    "subject_id;visit;visit_date;physician_vas;patient_vas;mmt8;haq_di;extramuscular_vas\n"
    "01-001;BL;15-01-2018;6;5.5;120;1.625;3\n"
    "01-001;W3;12-02-2018;4;-98;130;-99;3\n"
)


def test_categories_and_what_was_asked_for(tmp_path: Path) -> None:
    made = converted(tmp_path, "QS", validate=True, core_set=FORM)
    category, scale = "HAQ-DI WITHOUT VAS", "VISUAL ANALOG SCALE (10 CM)"
    index, global_vas = "HAQ02-Disability Index", "Patient Global Activity VAS"
    shown = ("QSTESTCD", "QSTEST", "QSCAT", "QSORRES", "QSORRESU", "QSMETHOD", "QSEVLINT")
    assert rows(made, "QS", *shown) == [
        ("HAQ02DI", index, category, "1.625", None, None, "-P1W"),
        ("HAQ02DI", index, category, None, None, None, "-P1W"),
        ("PATVAS", global_vas, "IMACS CORE SET", "5.5", "cm", scale, None),
        ("PATVAS", global_vas, "IMACS CORE SET", None, None, scale, None),
    ]
    assert rows(made, "QS", "QSTESTCD", "QSSTAT", "QSREASND") == [
        ("HAQ02DI", None, None),
        ("HAQ02DI", "NOT DONE", None),
        ("PATVAS", None, None),
        ("PATVAS", "NOT DONE", "ASKED BUT UNKNOWN"),
    ]
    assert "QS" not in set(made.findings["dataset"])
