"""Exports that are not as they should be: what cannot be read is refused in words, all else becomes a finding."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyreadstat
import pytest
from click.testing import Result
from ivig_cdisc import Summary, convert

from .folders import EXAMPLE, Export

Cli = Callable[..., Result]
Mutation = Callable[[Export], object]
MISSING_CODES = ("-95", "-96", "-97", "-98", "-99")


def in_bytes(file: str, change: Callable[[bytes], bytes]) -> Mutation:
    return lambda export: (export.folder / file).write_bytes(change((export.folder / file).read_bytes()))


def in_line(file: str, line: int, old: str, new: str) -> Mutation:
    def change(text: str) -> str:
        assert old in text, f"line {line} of {file} does not hold {old}"
        return text.replace(old, new, 1)

    return lambda export: export.line(file, line, change)


def without(*files: str) -> Mutation:
    return lambda export: [(export.folder / file).unlink() for file in files]


def folder_instead(file: str) -> Mutation:
    def change(export: Export) -> None:
        (export.folder / file).unlink()
        (export.folder / file).mkdir()

    return change


def renamed(file: str, name: str) -> Mutation:
    return lambda export: (export.folder / file).rename(export.folder / name)


def both(*mutations: Mutation) -> Mutation:
    return lambda export: [mutate(export) for mutate in mutations]


# ---------------------------------------------------------------- what stops a conversion
class Refusal(NamedTuple):
    """What is done to the export, and what must be said of it."""

    mutate: Mutation
    said: tuple[str, ...]


REFUSALS = {
    "a required form is missing": Refusal(without("subjects.csv"), ("subjects.csv", "missing")),
    "several required forms are missing": Refusal(
        without("subjects.csv", "core_set.csv", "laboratory.csv", "vitals.csv"),
        ("missing", "subjects.csv", "core_set.csv", "laboratory.csv"),
    ),
    "all forms are missing": Refusal(
        without(*sorted(path.name for path in (EXAMPLE / "raw").iterdir())),
        ("subjects.csv", "infusions.csv", "core_set.csv", "laboratory.csv", "adverse_events.csv", "end_of_study.csv"),
    ),
    "a form has another name": Refusal(renamed("core_set.csv", "coreset.csv"), ("did you mean coreset.csv?",)),
    "a column is missing": Refusal(
        in_line("core_set.csv", 1, "mmt8", "mmt_8"), ("core_set.csv:1:mmt8", "did you mean mmt_8?")
    ),
    "a column is in capitals": Refusal(
        in_line("core_set.csv", 1, "mmt8", "MMT8"), ("core_set.csv:1:mmt8", "did you mean MMT8?")
    ),
    "columns of an optional form are missing": Refusal(
        in_line("vitals.csv", 1, "sbp;dbp", "systolic;diastolic"), ("vitals.csv:1:", "sbp", "dbp")
    ),
    "columns of two forms are missing": Refusal(
        both(in_line("core_set.csv", 1, "mmt8", "x"), in_line("laboratory.csv", 1, "unit", "y")),
        ("core_set.csv:1:mmt8", "laboratory.csv:1:unit"),
    ),
    "a column stands twice": Refusal(
        in_line("core_set.csv", 1, "patient_vas", "physician_vas"), ("core_set.csv:1:physician_vas", "twice")
    ),
    "an unknown column stands twice": Refusal(
        in_line("core_set.csv", 1, "extramuscular_vas", "extramuscular_vas;note;note"), ("core_set.csv:1:note", "twice")
    ),
    "a required form has 0 bytes": Refusal(in_bytes("core_set.csv", lambda _: b""), ("core_set.csv", "empty")),
    "an optional form has 0 bytes": Refusal(in_bytes("vitals.csv", lambda _: b""), ("vitals.csv", "empty")),
    "a form is blank": Refusal(in_bytes("core_set.csv", lambda _: b"\n  \n\n"), ("core_set.csv", "empty")),
    "a form is a byte order mark": Refusal(
        in_bytes("subjects.csv", lambda _: b"\xef\xbb\xbf"), ("subjects.csv", "empty")
    ),
    "UTF-16 with its mark": Refusal(
        in_bytes("core_set.csv", lambda data: data.decode().encode("utf-16")), ("core_set.csv", "UTF-16", "UTF-8")
    ),
    "UTF-16 without its mark": Refusal(
        in_bytes("core_set.csv", lambda data: data.decode().encode("utf-16-le")), ("core_set.csv", "UTF-16", "UTF-8")
    ),
    "a byte of no encoding": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b"01-001;W3", b"01-001;\x81W3")), ("core_set.csv:3:", "0x81")
    ),
    "a NUL byte": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b"01-001;W3", b"01-001;\0W3")), ("core_set.csv:3:", "NUL")
    ),
    "a file of NUL bytes": Refusal(in_bytes("core_set.csv", lambda data: bytes(len(data))), ("core_set.csv",)),
    "a spreadsheet": Refusal(
        in_bytes("core_set.csv", lambda _: b"PK\x03\x04\x14\0\x06\0" + bytes(99)), ("core_set.csv",)
    ),
    "commas for semicolons": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b";", b",")), ("core_set.csv:1:", "delimiter", "','", "';'")
    ),
    "tabs for semicolons": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b";", b"\t")), ("core_set.csv:1:", "delimiter", r"'\t'")
    ),
    "a quote that is never closed": Refusal(
        in_line("core_set.csv", 3, ";W3;", ';"W3;'), ("core_set.csv:3:", "quotation mark")
    ),
    "a quote that is closed lines below": Refusal(
        both(in_line("core_set.csv", 3, ";W3;", ';"W3;'), in_line("core_set.csv", 6, ";W9;", ';W"9;')),
        ("core_set.csv:3:", "quotation mark", "line 6"),
    ),
    "an unclosed quote in the header": Refusal(
        in_line("core_set.csv", 1, "visit;", '"visit;'), ("core_set.csv:1:", "quotation mark")
    ),
    "a folder for a required form": Refusal(folder_instead("core_set.csv"), ("core_set.csv",)),
    "a folder for an optional form": Refusal(folder_instead("vitals.csv"), ("vitals.csv",)),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_refused(cli: Cli, export: Export, out: Path, what: str) -> None:
    refusal = REFUSALS[what]
    refusal.mutate(export)
    result = cli("convert", export.folder, out)
    assert result.exit_code == 2
    assert not result.stdout
    assert not [said for said in refusal.said if said not in result.stderr], result.stderr
    assert not out.exists()
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize("place", ["nowhere", "a file"])
def test_no_folder(cli: Cli, tmp_path: Path, out: Path, place: str) -> None:
    (tmp_path / "a file").write_bytes(b"")
    result = cli("convert", tmp_path / place, out)
    assert result.exit_code == 2
    assert place in result.stderr
    assert "folder" in result.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for this user")
def test_no_permission(cli: Cli, export: Export, out: Path) -> None:
    (export.folder / "core_set.csv").chmod(0)
    result = cli("convert", export.folder, out)
    assert result.exit_code == 2
    assert "core_set.csv" in result.stderr


# ---------------------------------------------------------------- what becomes a finding
class Found(NamedTuple):
    """What is done to the export, and the finding that comes of it."""

    mutate: Mutation
    severity: str
    rule: str
    file: str
    line: int | None
    column: str | None = None
    subject: str | None = None
    verbatim: str | None = None


def cell(rule: str, file: str, line: int, column: str, verbatim: str, severity: str = "error") -> Found:
    """One cell that is changed, and found."""
    subject = Export(EXAMPLE / "raw").cell(file, line, "subject_id")
    return Found(
        lambda export: export.set(file, line, column, verbatim), severity, rule, file, line, column, subject, verbatim
    )


def added(rule: str, file: str, line: int, column: str | None, row: list[str], severity: str = "error") -> Found:
    """One record that is added at the end, and found."""
    verbatim = row[0] if column else None
    return Found(lambda export: export.append(file, row), severity, rule, file, line, column, row[0], verbatim)


CELLS = {
    "a month in words": cell("RAW-DATE-UNPARSABLE", "core_set.csv", 3, "visit_date", "27 maart 2017"),
    "year first": cell("RAW-DATE-UNPARSABLE", "core_set.csv", 3, "visit_date", "2017-03-27"),
    "month first": cell("RAW-DATE-IMPOSSIBLE", "core_set.csv", 3, "visit_date", "03-27-2017"),
    "31 February": cell("RAW-DATE-IMPOSSIBLE", "core_set.csv", 3, "visit_date", "31-02-2017"),
    "29 February in no leap year": cell("RAW-DATE-IMPOSSIBLE", "subjects.csv", 2, "birth_date", "29-02-1962"),
    "a year of two digits": cell("RAW-DATE-UNPARSABLE", "infusions.csv", 2, "infusion_date", "06-03-17"),
    "another century": cell("RAW-DATE-IMPOSSIBLE", "adverse_events.csv", 2, "start_date", "07-03-0217"),
    "25 o'clock": cell("RAW-TIME", "infusions.csv", 2, "start_time", "25:00"),
    "a letter in a number": cell("RAW-NUMBER", "core_set.csv", 3, "mmt8", "13O"),
    "a unit in a number": cell("RAW-NUMBER", "infusions.csv", 2, "dose_g", "30 g"),
    "a thousands separator": cell("RAW-NUMBER", "vitals.csv", 2, "sbp", "1.000,5"),
    "no number at all": cell("RAW-NUMBER", "vitals.csv", 2, "sbp", "nan"),
    "infinity": cell("RAW-NUMBER", "vitals.csv", 2, "sbp", "1e999"),
    "a result in words": cell("RAW-RESULT", "laboratory.csv", 2, "result", "trace"),
    "a result without its number": cell("RAW-RESULT", "laboratory.csv", 2, "result", "<"),
    "above the scale": cell("RAW-RANGE", "core_set.csv", 3, "physician_vas", "10.1", "warning"),
    "below zero": cell("RAW-RANGE", "infusions.csv", 2, "dose_g", "-5", "warning"),
    "an unknown visit": cell("RAW-CODE", "core_set.csv", 3, "visit", "W12"),
    "an unknown sex": cell("RAW-CODE", "subjects.csv", 2, "sex", "F"),
    "yes for 1": cell("RAW-CODE", "adverse_events.csv", 2, "serious", "yes"),
    "an unknown user-missing code": cell("RAW-NUMBER", "core_set.csv", 3, "mmt8", "-99x"),
    "a required cell that was not asked": cell("RAW-REQUIRED", "subjects.csv", 2, "consent_date", "-97"),
    "a subject that is not listed": cell("RAW-UNKNOWN-SUBJECT", "core_set.csv", 3, "subject_id", "99-001"),
    "a subject twice": added(
        "RAW-DUPLICATE-KEY", "subjects.csv", 24, "subject_id", ["01-001", "02", "NLD", *[""] * 8]
    ),
    "an end of study twice": added(
        "RAW-DUPLICATE-KEY", "end_of_study.csv", 24, None, ["01-001", "09-05-2017", "0", "2", "", "0", "", ""]
    ),
    "a required cell that is empty": Found(
        lambda e: e.set("subjects.csv", 2, "sex", ""), "error", "RAW-REQUIRED", "subjects.csv", 2, "sex", "01-001"
    ),
    "nobody's record": Found(
        lambda e: e.set("laboratory.csv", 3, "subject_id", ""), "error", "RAW-NO-SUBJECT", "laboratory.csv", 3, "subject_id"
    ),
    "too few fields": Found(
        lambda e: e.line("core_set.csv", 3, lambda text: text.rsplit(";", 2)[0]),
        "error", "RAW-RAGGED", "core_set.csv", 3, None, "01-001",
    ),
    "too many fields": Found(
        lambda e: e.line("core_set.csv", 3, lambda text: text + ";1;2"),
        "error", "RAW-RAGGED", "core_set.csv", 3, None, "01-001",
    ),
    "a quote within quotes": Found(
        in_line("adverse_events.csv", 2, ";Headache after infusion;", ';"Head "ache" after infusion";'),
        "warning", "RAW-QUOTE", "adverse_events.csv", 2, None, "01-001",
    ),
    "an unknown column": Found(
        in_line("core_set.csv", 1, "extramuscular_vas", "extramuscular_vas;note"),
        "note", "RAW-UNKNOWN-COLUMN", "core_set.csv", 1, "note",
    ),
    "an unknown file": Found(
        lambda e: (e.folder / "notes.csv").write_bytes(b"x"), "note", "RAW-UNKNOWN-FILE", "notes.csv", None
    ),
    "an optional form is missing": Found(without("vitals.csv"), "warning", "RAW-OPTIONAL-ABSENT", "vitals.csv", None),
    "a form has a header only": Found(
        lambda e: e.write_rows("vitals.csv", [e.header("vitals.csv")]), "warning", "RAW-EMPTY-FORM", "vitals.csv", 1
    ),
    "another encoding": Found(
        in_bytes("medical_history.csv", lambda data: data.decode().encode("cp1252")),
        "note", "RAW-ENCODING", "medical_history.csv", 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CELLS)
def test_found(export: Export, out: Path, what: str) -> None:
    """The finding is there and names the place; all the export's other findings of the reader stay as they were."""
    wanted = CELLS[what]
    wanted.mutate(export)
    found = convert(export.folder, out, only=["DM"], validate=False).findings
    columns = ["severity", "rule", "file", "line", "column", "subject", "verbatim"]
    rows = [tuple(None if pd.isna(v) else v for v in row) for row in found[columns].itertuples(index=False)]
    assert wanted[1:] in rows, found.loc[found["file"] == wanted.file, [*columns, "message"]].to_string()
    message = found.loc[(found["rule"] == wanted.rule) & (found["file"] == wanted.file), "message"]
    assert message.str.len().gt(10).all()


def test_found_through_the_command_line(cli: Cli, export: Export, out: Path) -> None:
    """Of the whole table of cells, none stops the conversion, together neither."""
    separate = {"a form has a header only", "an optional form is missing", "another encoding"}
    cells = {(f.file, f.line): f for name, f in CELLS.items() if name not in separate}
    for found in sorted(cells.values(), key=lambda f: -(f.line or 0)):
        found.mutate(export)
    result = cli("convert", export.folder, out, "--no-validation")
    assert result.exit_code == 1
    assert "Findings:" in result.stdout
    assert (out / "manifest.json").is_file()


def test_text_is_kept_as_it_was_typed(export: Export, out: Path) -> None:
    """Delimiters, quotes, line breaks and tabs within quotes are text; XPT has blanks for line breaks and tabs."""
    export.set("adverse_events.csv", 2, "description", 'a;b "c"\nd\te\r\n; "')
    export.set("medical_history.csv", 2, "condition", "=1+1; 'x' \"\"")
    found = convert(export.folder, out, only=["AE", "MH"], validate=False).findings
    assert "RAW-RAGGED" not in set(found["rule"])
    events, _ = pyreadstat.read_xport(str(out / "sdtm" / "ae.xpt"))
    history, _ = pyreadstat.read_xport(str(out / "sdtm" / "mh.xpt"))
    assert events.loc[0, "AETERM"] in {'a;b "c" d e ; "', 'a;b "c" d e  ; "'}
    assert "=1+1; 'x' \"\"" in set(history["MHTERM"])
    here = found[(found["file"] == "adverse_events.csv") & (found["line"] == 2)]
    assert list(here["rule"]) == ["XPT-CONTROL"]


@pytest.mark.parametrize(
    "change", ["no line end at the end", "carriage returns", "blank lines", "blanks", "trailing semicolons"]
)
def test_harmless(export: Export, out: Path, converted: Summary, change: str) -> None:
    """Nothing new is found, and the dataset is the same to the byte."""
    {
        "no line end at the end": in_bytes("medical_history.csv", lambda data: data.rstrip(b"\n")),
        "carriage returns": in_bytes("medical_history.csv", lambda data: data.replace(b"\n", b"\r")),
        "blank lines": in_bytes("medical_history.csv", lambda data: data + b"\n  \n\n"),
        "blanks": lambda e: e.change("medical_history.csv", lambda _, row: [f"  {field} " for field in row]),
        "trailing semicolons": in_bytes("medical_history.csv", lambda data: data.replace(b"\n", b";;\n")),
    }[change](export)
    summary = convert(export.folder, out, only=["MH"], validate=False)
    assert (out / "sdtm" / "mh.xpt").read_bytes() == (converted.out / "sdtm" / "mh.xpt").read_bytes()
    assert _in_file(summary, "medical_history.csv") == _in_file(converted, "medical_history.csv")


def _in_file(summary: Summary, file: str) -> list[tuple[object, ...]]:
    found = summary.findings
    return [
        *found.loc[found["file"] == file, ["rule", "line", "column", "verbatim"]].itertuples(index=False, name=None)
    ]


# ---------------------------------------------------------------- user-missing codes
@pytest.mark.parametrize("code", MISSING_CODES)
def test_user_missing_code_in_every_column(export: Export, out: Path, code: str) -> None:
    """One cell of each column in a record of its own: what is required is reported, and nothing else is wrong with it."""
    required = _required()
    placed = {}
    for file in export.files:
        lines = [line for line, _ in export.rows(file)[1:]]
        columns = [column for column in export.header(file) if column not in {"subject_id", "device_no"}]
        for line, column in zip(lines, columns, strict=False):
            placed[file, line, column] = (file, column) in required
            export.set(file, line, column, code)
    found = convert(export.folder, out, validate=False).findings
    errors = found[(found["severity"] == "error") & (found["verbatim"] == code)]
    reported = {(row.file, row.line, row.column): row.rule for row in errors.itertuples()}
    assert reported == {place: "RAW-REQUIRED" for place, is_required in placed.items() if is_required}


def _required() -> set[tuple[str, str]]:
    from ivig_cdisc import prepare

    forms = prepare("ntr6160")[0].forms.values()
    return {(form.file, name) for form in forms for name, column in form.columns.items() if column.required}


def test_user_missing_subject(export: Export, out: Path) -> None:
    export.set("core_set.csv", 3, "subject_id", "-99")
    found = convert(export.folder, out, only=["DM"], validate=False).findings
    here = found[(found["file"] == "core_set.csv") & (found["line"] == 3)]
    assert list(here["rule"]) == ["RAW-NO-SUBJECT"]
    assert list(here["verbatim"]) == ["-99"]


# ---------------------------------------------------------------- whole exports of nonsense
@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize(
    "text", ["", "-99", "?", "0", "1", 'é;"', "9" * 40, "1e-300", "01-01-2017", "UN-UNK-2017", "x" * 300]
)
def test_every_cell_holds_the_same(export: Export, out: Path, text: str) -> None:
    """But for the subject: whatever stands in the cells, the conversion ends, and says so in findings."""
    for file in export.files:
        at = export.header(file).index("subject_id")
        export.change(
            file, lambda n, row, at=at: row if n == 1 else [v if i == at else text for i, v in enumerate(row)]
        )  # type: ignore[misc]
    summary = convert(export.folder, out, validate=False)
    assert summary.rows["DM"] == 22
    assert not summary.clean


@pytest.mark.parametrize("file", sorted(path.name for path in (EXAMPLE / "raw").iterdir()))
def test_header_only(export: Export, out: Path, file: str) -> None:
    export.write_rows(file, [export.header(file)])
    summary = convert(export.folder, out, validate=False)
    found = summary.findings[(summary.findings["file"] == file) & (summary.findings["rule"] == "RAW-EMPTY-FORM")]
    assert list(found["severity"]) == ["warning"]


def test_header_only_everywhere(cli: Cli, export: Export, out: Path) -> None:
    """A study that has not begun: examined too, and clean."""
    for file in export.files:
        export.write_rows(file, [export.header(file)])
    result = cli("convert", export.folder, out)
    assert result.exit_code == 0
    assert not list(out.glob("*/*.xpt")), "a dataset without records is not written"


@pytest.mark.parametrize("subject", ["01-001", "01-005", "04-099"])  # treated, screen failure, in the laboratory only
def test_one_subject(export: Export, out: Path, converted: Summary, subject: str) -> None:
    """A study of one gives the records that this one has in the study of all."""
    for file in export.files:
        at = export.header(file).index("subject_id")
        export.change(file, lambda n, row, at=at: row if n == 1 or row[at] == subject else None)  # type: ignore[misc]
    alone = convert(export.folder, out)
    assert set(alone.rows) <= set(converted.rows)
    for name in set(alone.rows):
        path = next(out.glob(f"*/{name.lower()}.xpt")).relative_to(out)
        whole, _ = pyreadstat.read_xport(str(converted.out / path))
        mine, _ = pyreadstat.read_xport(str(out / path))
        theirs = whole[whole["USUBJID"] == f"NTR6160-{subject}"].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, theirs, obj=name)


def test_a_number_too_large_is_no_improvement(export: Export, out: Path) -> None:
    """A slip of the finger far beyond the scale is a worsening, not the best result of all."""
    line = next(n for n, row in export.rows("core_set.csv") if row[:2] == ["01-001", "W9"])
    export.set("core_set.csv", line, "physician_vas", "9" * 20)
    convert(export.folder, out, only=["ADTIS"], validate=False)
    analysis, _ = pyreadstat.read_xport(str(out / "adam" / "adtis.xpt"))
    mine = analysis[(analysis["USUBJID"] == "NTR6160-01-001") & (analysis["AVISIT"] == "Week 9")].set_index("PARAMCD")
    assert mine.loc["PGA", "AVAL"] == pytest.approx(1e20)
    assert mine.loc["PGA", "APCHG"] < 0
    assert mine.loc["PGASC", "AVAL"] == 0
