"""Exports that are strange all through: user-missing codes everywhere, nonsense, nothing, one subject."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from click.testing import Result

from ivig_cdisc import Summary, convert, load_study

from .folders import EXAMPLE, Export

Cli = Callable[..., Result]
MISSING_CODES = ("-95", "-96", "-97", "-98", "-99")


# ---------------------------------------------------------------- user-missing codes
def test_user_missing_codes_in_every_column(export: Export, out: Path) -> None:
    """One cell of each column, in a record of its own: reported where it is required, else not wrong."""
    required = _required()
    placed = {}
    for file in export.files:
        lines = [line for line, _ in export.rows(file)[1:]]
        columns = [
            column for column in export.header(file) if column not in {"subject_id", "device_no"}
        ]
        for i, (line, column) in enumerate(zip(lines, columns, strict=False)):
            placed[file, line, column] = (file, column) in required
            export.set(file, line, column, MISSING_CODES[i % len(MISSING_CODES)])
    found = convert(export.folder, out, study="ntr6160", validate=False).findings
    errors = found[(found["severity"] == "error") & found["verbatim"].isin(MISSING_CODES)]
    reported = {(row.file, row.line, row.column): row.rule for row in errors.itertuples()}
    assert reported == {
        place: "RAW-REQUIRED" for place, is_required in placed.items() if is_required
    }


def _required() -> set[tuple[str, str]]:
    forms = load_study("ntr6160").study.forms.values()
    return {
        (form.file, name)
        for form in forms
        for name, column in form.columns.items()
        if column.required
    }


def test_user_missing_subject(export: Export, out: Path) -> None:
    export.set("core_set.csv", 3, "subject_id", "-99")
    found = convert(export.folder, out, study="ntr6160", only=["DM"], validate=False).findings
    here = found[(found["file"] == "core_set.csv") & (found["line"] == 3)]
    assert list(here["rule"]) == ["RAW-NO-SUBJECT"]
    assert list(here["verbatim"]) == ["-99"]


# ---------------------------------------------------------------- whole exports of nonsense
@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("text", ["", "-99", "9" * 40, "01-01-2017", 'é;"' * 99])
def test_every_cell_holds_the_same(export: Export, out: Path, text: str) -> None:
    """But for the subject: whatever stands in the cells, the conversion ends, and says so in findings."""
    export.fill(text)
    summary = convert(export.folder, out, study="ntr6160", validate=False)
    assert summary.rows["DM"] == 22
    assert not summary.clean


@pytest.mark.parametrize("file", sorted(path.name for path in (EXAMPLE / "raw").iterdir()))
def test_header_only(export: Export, out: Path, file: str) -> None:
    export.write_rows(file, [export.header(file)])
    summary = convert(export.folder, out, study="ntr6160", validate=False)
    found = summary.findings[
        (summary.findings["file"] == file) & (summary.findings["rule"] == "RAW-EMPTY-FORM")
    ]
    assert list(found["severity"]) == ["warning"]


def test_header_only_everywhere(cli: Cli, export: Export, out: Path) -> None:
    """A study that has not begun: examined too, and clean."""
    for file in export.files:
        export.write_rows(file, [export.header(file)])
    result = cli("convert", export.folder, out, "--study", "ntr6160")
    assert result.exit_code == 0
    written = sorted(path.stem for path in out.glob("*/*.xpt"))
    assert written == ["ta", "te", "ti", "ts", "tv"], "of the others none has a record"


@pytest.mark.parametrize(
    "subject", ["01-001", "01-005", "04-099"]
)  # treated, screen failure, in the laboratory only
def test_one_subject(export: Export, out: Path, converted: Summary, subject: str) -> None:
    """A study of one gives the records that this one has in the study of all."""
    export.keep(subject)
    alone = convert(export.folder, out, study="ntr6160", validate=False)
    assert set(alone.rows) <= set(converted.rows)
    for name in set(alone.rows):
        path = next(out.glob(f"*/{name.lower()}.xpt")).relative_to(out)
        whole, _ = pyreadstat.read_xport(
            str(converted.out / path), disable_datetime_conversion=True
        )
        mine, _ = pyreadstat.read_xport(str(out / path), disable_datetime_conversion=True)
        theirs = whole  # of the trial design, or of all subjects
        if "USUBJID" in whole:
            theirs = whole[whole["USUBJID"] == f"NTR6160-{subject}"].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, theirs, obj=name)


def test_a_number_too_large_is_no_improvement(export: Export, out: Path) -> None:
    """A slip of the finger far beyond the scale is a worsening, not the best result of all."""
    line = next(n for n, row in export.rows("core_set.csv") if row[:2] == ["01-001", "W9"])
    export.set("core_set.csv", line, "physician_vas", "9" * 20)
    convert(export.folder, out, study="ntr6160", only=["ADTIS"], validate=False)
    analysis, _ = pyreadstat.read_xport(str(out / "adam" / "adtis.xpt"))
    mine = analysis[
        (analysis["USUBJID"] == "NTR6160-01-001") & (analysis["AVISIT"] == "Week 9")
    ].set_index("PARAMCD")
    assert mine.loc["PGA", "AVAL"] == pytest.approx(1e20)
    assert mine.loc["PGA", "APCHG"] < 0
    assert mine.loc["PGASC", "AVAL"] == 0
