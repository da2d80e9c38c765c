"""What the physician rates: tests of the study's own list, and no evaluator (SDTMIG 3.4, QRS 8)."""

from __future__ import annotations

from pathlib import Path

from .exports import converted, rows
from .test_qs import FORM


def test_measures_of_the_physician(tmp_path: Path) -> None:
    made = converted(tmp_path, "RS", validate=True, core_set=FORM)
    scale, category = "VISUAL ANALOG SCALE (10 CM)", "IMACS CORE SET"
    extramuscular, overall = "Extramuscular Global Activity VAS", "Physician Global Activity VAS"
    shown = ("RSTESTCD", "RSTEST", "RSCAT", "RSORRES", "RSORRESU", "RSMETHOD", "RSEVLINT")
    assert rows(made, "RS", *shown) == [
        ("EXTVAS", extramuscular, category, "3", "cm", scale, "-P4W"),
        ("EXTVAS", extramuscular, category, "3", "cm", scale, "-P4W"),
        ("PHYVAS", overall, category, "6", "cm", scale, None),
        ("PHYVAS", overall, category, "4", "cm", scale, None),
    ]
    assert "RSEVAL" not in made.datasets["RS"]
    assert "RS" not in set(made.findings["dataset"])
