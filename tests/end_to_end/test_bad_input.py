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
from ivig_cdisc.testing import records

from .folders import EXAMPLE, Export, copy_of_example

Cli = Callable[..., Result]
Mutation = Callable[[Export], object]


def in_bytes(file: str, change: Callable[[bytes], bytes]) -> Mutation:
    return lambda export: (export.folder / file).write_bytes(
        change((export.folder / file).read_bytes())
    )


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
        (
            "subjects.csv",
            "infusions.csv",
            "core_set.csv",
            "laboratory.csv",
            "adverse_events.csv",
            "end_of_study.csv",
        ),
    ),
    "a form has another name": Refusal(
        renamed("core_set.csv", "coreset.csv"), ("did you mean coreset.csv?",)
    ),
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
    "a column is a duplicate": Refusal(
        in_line("core_set.csv", 1, "patient_vas", "physician_vas"),
        ("core_set.csv:1:physician_vas", "duplicate"),
    ),
    "an unknown column is a duplicate": Refusal(
        in_line("core_set.csv", 1, "extramuscular_vas", "extramuscular_vas;note;note"),
        ("core_set.csv:1:note", "duplicate"),
    ),
    "a required form has 0 bytes": Refusal(
        in_bytes("core_set.csv", lambda _: b""), ("core_set.csv", "empty")
    ),
    "an optional form has 0 bytes": Refusal(
        in_bytes("vitals.csv", lambda _: b""), ("vitals.csv", "empty")
    ),
    "a form is blank": Refusal(
        in_bytes("core_set.csv", lambda _: b"\n  \n\n"), ("core_set.csv", "empty")
    ),
    "a form is a byte order mark": Refusal(
        in_bytes("subjects.csv", lambda _: b"\xef\xbb\xbf"), ("subjects.csv", "empty")
    ),
    "UTF-16 with its mark": Refusal(
        in_bytes("core_set.csv", lambda data: data.decode().encode("utf-16")),
        ("core_set.csv", "UTF-16", "UTF-8"),
    ),
    "UTF-16 without its mark": Refusal(
        in_bytes("core_set.csv", lambda data: data.decode().encode("utf-16-le")),
        ("core_set.csv", "UTF-16", "UTF-8"),
    ),
    "a byte of no encoding": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b"01-001;W3", b"01-001;\x81W3")),
        ("core_set.csv:3:", "0x81"),
    ),
    "a NUL byte": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b"01-001;W3", b"01-001;\0W3")),
        ("core_set.csv:3:", "NUL"),
    ),
    "a file of NUL bytes": Refusal(
        in_bytes("core_set.csv", lambda data: bytes(len(data))), ("core_set.csv",)
    ),
    "a spreadsheet": Refusal(
        in_bytes("core_set.csv", lambda _: b"PK\x03\x04\x14\0\x06\0" + bytes(99)), ("core_set.csv",)
    ),
    "commas for semicolons": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b";", b",")),
        ("core_set.csv:1:", "delimiter", "','", "';'"),
    ),
    "tabs for semicolons": Refusal(
        in_bytes("core_set.csv", lambda data: data.replace(b";", b"\t")),
        ("core_set.csv:1:", "delimiter", r"'\t'"),
    ),
    "a quote that is never closed": Refusal(
        in_line("core_set.csv", 3, ";W3;", ';"W3;'), ("core_set.csv:3:", "quotation mark")
    ),
    "a quote that is closed lines below": Refusal(
        both(
            in_line("core_set.csv", 3, ";W3;", ';"W3;'), in_line("core_set.csv", 6, ";W9;", ';W"9;')
        ),
        ("core_set.csv:3:", "quotation mark", "line 6"),
    ),
    "an unclosed quote in the header": Refusal(
        in_line("core_set.csv", 1, "visit;", '"visit;'), ("core_set.csv:1:", "quotation mark")
    ),
    "a folder for a required form": Refusal(folder_instead("core_set.csv"), ("core_set.csv",)),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_refused(cli: Cli, export: Export, out: Path, what: str) -> None:
    refusal = REFUSALS[what]
    refusal.mutate(export)
    result = cli("convert", export.folder, out, "--study", "ntr6160")
    assert result.exit_code == 2
    assert not result.stdout
    assert not [said for said in refusal.said if said not in result.stderr], result.stderr
    assert not out.exists()
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize("place", ["nowhere", "a file"])
def test_no_folder(cli: Cli, tmp_path: Path, out: Path, place: str) -> None:
    (tmp_path / "a file").write_bytes(b"")
    result = cli("convert", tmp_path / place, out, "--study", "ntr6160")
    assert result.exit_code == 2
    assert place in result.stderr
    assert "folder" in result.stderr


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for this user"
)
def test_no_permission(cli: Cli, export: Export, out: Path) -> None:
    (export.folder / "core_set.csv").chmod(0)
    result = cli("convert", export.folder, out, "--study", "ntr6160")
    assert result.exit_code == 2
    assert "core_set.csv" in result.stderr


# ---------------------------------------------------------------- what becomes a finding
class Found(NamedTuple):
    """What is done to the export, and the finding that comes of it."""

    mutate: Mutation
    severity: str
    rule: str
    file: str
    line: int | None = None
    column: str | None = None
    subject: str | None = None
    verbatim: str | None = None


def cell(
    rule: str, file: str, line: int, column: str, typed: str, severity: str = "error"
) -> Found:
    """One cell that is changed, and found."""
    subject = (
        typed if column == "subject_id" else Export(EXAMPLE / "raw").cell(file, line, "subject_id")
    )
    return Found(
        lambda e: e.set(file, line, column, typed),
        severity,
        rule,
        file,
        line,
        column,
        subject,
        typed or None,
    )


def added(
    rule: str, file: str, line: int, column: str | None, row: list[str], severity: str = "error"
) -> Found:
    """One record that is added at the end, and found."""
    return Found(
        lambda e: e.append(file, row),
        severity,
        rule,
        file,
        line,
        column,
        row[0],
        row[0] if column else None,
    )


def in_record(severity: str, rule: str, file: str, line: int, mutate: Mutation) -> Found:
    """One record whose shape is changed, and found."""
    subject = Export(EXAMPLE / "raw").cell(file, line, "subject_id")
    return Found(mutate, severity, rule, file, line, None, subject)


# each in a line of its own, so that one conversion can hold them all
RECORDS = {
    "a month in words": cell("RAW-DATE-UNPARSABLE", "core_set.csv", 3, "visit_date", "27 maart 2017"),
    "year first": cell("RAW-DATE-UNPARSABLE", "core_set.csv", 4, "visit_date", "2017-03-27"),
    "month first": cell("RAW-DATE-IMPOSSIBLE", "core_set.csv", 6, "visit_date", "03-27-2017"),
    "31 February": cell("RAW-DATE-IMPOSSIBLE", "core_set.csv", 7, "visit_date", "31-02-2017"),
    "29 February in no leap year": cell("RAW-DATE-IMPOSSIBLE", "subjects.csv", 2, "birth_date", "29-02-1962"),
    "a year of two digits": cell("RAW-DATE-UNPARSABLE", "infusions.csv", 2, "infusion_date", "06-03-17"),
    "another century": cell("RAW-DATE-IMPOSSIBLE", "adverse_events.csv", 4, "start_date", "07-03-0217"),
    "25 o'clock": cell("RAW-TIME", "infusions.csv", 3, "start_time", "25:00"),
    "a letter in a number": cell("RAW-NUMBER", "core_set.csv", 8, "mmt8", "13O"),
    "a unit in a number": cell("RAW-NUMBER", "infusions.csv", 4, "dose_g", "30 g"),
    "a number with two readings": cell("RAW-NUMBER-AMBIGUOUS", "vitals.csv", 2, "sbp", "1,000"),
    "no number at all": cell("RAW-NUMBER", "vitals.csv", 3, "sbp", "nan"),
    "infinity": cell("RAW-NUMBER", "vitals.csv", 4, "sbp", "1e999"),
    "an unknown user-missing code": cell("RAW-NUMBER", "core_set.csv", 9, "mmt8", "-99x"),
    "a result in words": cell("RAW-RESULT-TEXT", "laboratory.csv", 2, "result", "trace", "note"),
    "a result with its unit": cell("RAW-RESULT-TEXT", "laboratory.csv", 3, "result", "5 U", "warning"),
    "above the scale": cell("RAW-RANGE", "core_set.csv", 10, "physician_vas", "10.1", "warning"),
    "below zero": cell("RAW-RANGE", "infusions.csv", 5, "dose_g", "-5", "warning"),
    "an unknown visit": cell("RAW-CODE", "core_set.csv", 11, "visit", "W12"),
    "an unknown sex": cell("RAW-CODE", "subjects.csv", 3, "sex", "F"),
    "yes for 1": cell("RAW-CODE", "adverse_events.csv", 3, "serious", "yes"),
    "a required cell that is empty": cell("RAW-REQUIRED", "subjects.csv", 4, "sex", ""),
    "a required cell that was not asked": cell("RAW-REQUIRED", "subjects.csv", 5, "consent_date", "-97"),
    "a subject that is not listed": cell("RAW-UNKNOWN-SUBJECT", "core_set.csv", 12, "subject_id", "99-001"),
    "a subject twice": added(
        "RAW-DUPLICATE-SUBJECT", "subjects.csv", 24, "subject_id", ["01-001", "02", "NLD", *[""] * 8], "reject"
    ),
    "an end of study twice": added(
        "RAW-DUPLICATE-KEY", "end_of_study.csv", 24, None, ["01-001", "09-05-2017", "0", "2", "", "0", "", ""]
    ),
    "nobody's record": Found(
        lambda e: e.set("laboratory.csv", 4, "subject_id", ""),
        "reject", "RAW-NO-SUBJECT", "laboratory.csv", 4, "subject_id",
    ),
    "too few fields": in_record(
        "error", "RAW-RAGGED", "core_set.csv", 14, lambda e: e.line("core_set.csv", 14, lambda t: t.rsplit(";", 2)[0])
    ),
    "too many fields": in_record(
        "error", "RAW-RAGGED", "core_set.csv", 15, lambda e: e.line("core_set.csv", 15, lambda t: t + ";1;2")
    ),
    "a quote within quotes": in_record(
        "warning", "RAW-QUOTE", "adverse_events.csv", 2,
        in_line("adverse_events.csv", 2, ";Headache after infusion;", ';"Head"ache" after infusion";'),
    ),
    "an unknown column": Found(
        lambda e: e.change("medications.csv", lambda n, row: [*row, "note" if n == 1 else "x"]),
        "note", "RAW-UNKNOWN-COLUMN", "medications.csv", 1, "note",
    ),
    "an unknown file": Found(
        lambda e: (e.folder / "notes.csv").write_bytes(b"x"), "note", "RAW-UNKNOWN-FILE", "notes.csv"
    ),
}  # fmt: skip
FILES = {
    "an optional form is missing": Found(without("vitals.csv"), "warning", "RAW-OPTIONAL-ABSENT", "vitals.csv"),
    "a folder for an optional form": Found(
        folder_instead("vitals.csv"), "warning", "RAW-OPTIONAL-ABSENT", "vitals.csv"
    ),
    "a form has a header only": Found(
        lambda e: e.write_rows("vitals.csv", [e.header("vitals.csv")]), "warning", "RAW-EMPTY-FORM", "vitals.csv", 1
    ),
    "another encoding": Found(
        in_bytes("medical_history.csv", lambda data: data.decode().encode("cp1252")),
        "warning", "RAW-ENCODING", "medical_history.csv", 1,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """The example with all of RECORDS."""
    export = copy_of_example(tmp_path_factory.mktemp("damaged") / "raw")
    assert len({found[3:5] for found in RECORDS.values()}) == len(RECORDS), "two in one line"
    # whole records first, as rewriting a file squares its ragged lines
    for found in sorted(
        RECORDS.values(), key=lambda found: found.rule in {"RAW-RAGGED", "RAW-QUOTE"}
    ):
        found.mutate(export)
    return export


@pytest.fixture(scope="module")
def damages(damaged: Export) -> pd.DataFrame:
    return convert(
        damaged.folder,
        damaged.folder.with_name("out"),
        study="ntr6160",
        only=["DM"],
        validate=False,
    ).findings


def assert_found(wanted: Found, findings: pd.DataFrame) -> None:
    columns = ["severity", "rule", "file", "line", "column", "subject", "verbatim"]
    in_file = findings[findings["file"] == wanted.file]
    assert wanted[1:] in records(findings, *columns), in_file[[*columns, "message"]].to_string()
    assert in_file.loc[in_file["rule"] == wanted.rule, "message"].str.len().gt(10).all()


@pytest.mark.parametrize("what", RECORDS)
def test_found(damages: pd.DataFrame, what: str) -> None:
    assert_found(RECORDS[what], damages)


@pytest.mark.parametrize("what", FILES)
def test_found_in_file(export: Export, out: Path, what: str) -> None:
    FILES[what].mutate(export)
    assert_found(
        FILES[what],
        convert(export.folder, out, study="ntr6160", only=["DM"], validate=False).findings,
    )


def test_nothing_else_is_found(damages: pd.DataFrame, converted: Summary) -> None:
    """Each damage is one finding of the reader, and the findings of the example are still there."""
    before = converted.findings["rule"].str.startswith("RAW-").sum()
    assert damages["rule"].str.startswith("RAW-").sum() == before + len(RECORDS), (
        damages.to_string()
    )


def test_a_damaged_export_is_converted(cli: Cli, damaged: Export, out: Path) -> None:
    result = cli("convert", damaged.folder, out, "--study", "ntr6160", "--no-validation")
    assert result.exit_code == 1
    assert "Findings:" in result.stdout
    assert (out / "manifest.json").is_file()


def test_text_is_kept_as_it_was_typed(export: Export, out: Path) -> None:
    """Delimiters, quotes, line breaks and tabs within quotes are text; XPT has blanks for line breaks and tabs."""
    export.set("adverse_events.csv", 2, "description", 'a;b "c"\nd\te\r\n; "')
    export.set("medical_history.csv", 2, "condition", "=1+1; 'x' \"\"")
    found = convert(export.folder, out, study="ntr6160", only=["AE", "MH"], validate=False).findings
    assert "RAW-RAGGED" not in set(found["rule"])
    events, _ = pyreadstat.read_xport(str(out / "sdtm" / "ae.xpt"))
    history, _ = pyreadstat.read_xport(str(out / "sdtm" / "mh.xpt"))
    assert {'a;b "c" d e ; "', 'a;b "c" d e  ; "'} & set(events["AETERM"])
    assert "=1+1; 'x' \"\"" in set(history["MHTERM"])
    here = found[(found["file"] == "adverse_events.csv") & (found["line"] == 2)]
    assert list(here["rule"]) == ["XPT-CONTROL"]


@pytest.mark.parametrize(
    "change",
    ["no line end at the end", "carriage returns", "blank lines", "blanks", "trailing semicolons"],
)
def test_harmless(export: Export, out: Path, converted: Summary, change: str) -> None:
    """Nothing new is found, and the dataset is the same to the byte."""
    {
        "no line end at the end": in_bytes("medical_history.csv", lambda data: data.rstrip(b"\n")),
        "carriage returns": in_bytes(
            "medical_history.csv", lambda data: data.replace(b"\n", b"\r")
        ),
        "blank lines": in_bytes("medical_history.csv", lambda data: data + b"\n  \n\n"),
        "blanks": lambda e: e.change(
            "medical_history.csv", lambda _, row: [f"  {field} " for field in row]
        ),
        "trailing semicolons": in_bytes(
            "medical_history.csv", lambda data: data.replace(b"\n", b";;\n")
        ),
    }[change](export)
    summary = convert(export.folder, out, study="ntr6160", only=["MH"], validate=False)
    assert (out / "sdtm" / "mh.xpt").read_bytes() == (
        converted.out / "sdtm" / "mh.xpt"
    ).read_bytes()
    assert _in_file(summary, "medical_history.csv") == _in_file(converted, "medical_history.csv")


def _in_file(summary: Summary, file: str) -> list[tuple[object, ...]]:
    found = summary.findings
    return records(found[found["file"] == file], "rule", "line", "column", "verbatim")
