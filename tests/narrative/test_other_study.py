"""Of a study that asks little, little is told, and nothing that is not known."""

from __future__ import annotations

from pathlib import Path

from ivig_cdisc import convert
from ivig_cdisc.narrative import as_text, explain
from ivig_cdisc.scaffold import new_study

TUTORIAL = Path(__file__).parents[2] / "docs" / "your-study" / "raw"
WHOLE = """\
ABC-01, subject 101-001
101-001 of study ABC-01.

Who
  101-001 (ABC-01-101-001) is a woman aged 61 years, at site 101 in NLD.

Dates
  Informed consent was given on 2024-01-03.

Adverse events
  2 adverse events, none serious.
  Headache: mild, from 2024-01-12 to 2024-01-13, not serious, related, outcome recovered/resolved.
  Fatigue: mild, from 2024-02, not serious, not related, outcome not recovered/not resolved.

Numbers are shown with at most 6 digits; the datasets hold them in full.
"""


def test_doses_that_the_specs_do_not_take_are_no_lack_of_treatment(tmp_path: Path) -> None:
    """The first dose of 101-001 is in the export, but the specs as begun do not say that it is one."""
    specs = tmp_path / "abc01"
    new_study("ABC-01", TUTORIAL, specs)
    out = convert(TUTORIAL, tmp_path / "out", study=specs, validate=False).out
    assert as_text(explain(out, "101-001", study=specs)) == WHOLE
