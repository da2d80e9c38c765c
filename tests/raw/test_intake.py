"""Records that come in, and what is said of those that are odd."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.errors import RawError
from ivig_cdisc.findings import COLUMNS
from ivig_cdisc.metadata import Study
from ivig_cdisc.raw import LEDGER, Raw
from ivig_cdisc.raw import read as read_folder

Read = Callable[..., Raw]
SUBJECTS = "subject_id;site_id;birth_date\nS1;A;01-02-1960\nS2;B;UN-UNK-1970\n"
LABS = "subject_id;visit;sample_date;sample_time;test;result;upper_limit\n"


def said(raw: Raw) -> list[tuple[object, ...]]:
    """Findings as (severity, rule, form, line, column, message), '' and 0 where there is none."""
    named = raw.findings[["severity", "rule", "dataset", "line", "column", "message"]]
    filled = named.fillna({"dataset": "", "line": 0, "column": ""})
    return list(filled.astype({"line": int}).itertuples(index=False, name=None))


def columns(raw: Raw, form: str, *names: str) -> list[tuple[object, ...]]:
    """Line and cells of these columns, None for missing."""
    frame = raw.forms[form][list(names)].reset_index().astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


# ---------------------------------------------------------------- frames
def test_a_clean_export(read: Read) -> None:
    labs = [
        LABS,
        "S2;BL;UN-05-2017;8:05;CK;< 12,5;200\n",
        "S1;W3;02-03-2017;;CK;-99;\n",  # user-missing: the cell is empty, its companion says why
        "S1;BL;05-02-2017;10:15;CK;350,0;-98\n",
    ]
    raw = read(labs="".join(labs))
    meanings = pd.CategoricalDtype(["NOT DONE", "UNKNOWN"])
    none = pd.Categorical([None] * 3, dtype=meanings)
    expected = pd.DataFrame(
        {
            "subject_id": ["S1", "S1", "S2"],
            "visit": ["BL", "W3", "BL"],
            "sample_date": ["2017-02-05", "2017-03-02", "2017-05"],
            "sample_time": ["10:15", None, "08:05"],
            "test": ["CK", "CK", "CK"],
            "result": ["350.0", None, "< 12.5"],
            "upper_limit": [None, None, "200"],
        },
        index=pd.Index([4, 3, 2], name="line"),
        dtype="str",
    ).assign(
        **{
            f"{name}.missing": none
            for name in ("subject_id", "visit", "sample_date", "sample_time", "test")
        },
        **{"result.missing": pd.Categorical([None, "NOT DONE", None], dtype=meanings)},
        **{"upper_limit.missing": pd.Categorical(["UNKNOWN", None, None], dtype=meanings)},
    )
    pd.testing.assert_frame_equal(raw.forms["labs"], expected)
    assert columns(raw, "subjects", "subject_id", "birth_date") == [
        (2, "S1", "1960-02-01"),
        (3, "S2", "1970"),
    ]
    # notes.csv of this export has a header only; labs.csv and subjects.csv are as they should be
    assert said(raw) == [
        ("warning", "RAW-EMPTY-FORM", "notes", 1, "", "the file has a header and no records")
    ]
    assert {name: path.name for name, path in raw.files.items()} == {
        "subjects": "subjects.csv",
        "labs": "labs.csv",
        "notes": "notes.csv",
    }


def test_column_order_is_free_and_unknown_columns_go_nowhere(read: Read) -> None:
    raw = read(notes="note;extra;subject_id\nhello;1;S1\n")
    assert list(raw.forms["notes"]) == ["subject_id", "note", "subject_id.missing", "note.missing"]
    assert columns(raw, "notes", "subject_id", "note") == [(2, "S1", "hello")]
    assert raw.unknown == {"notes": {"extra": 1}}
    message = "the study knows no column extra; it is not used"
    assert ("note", "RAW-UNKNOWN-COLUMN", "notes", 1, "extra", message) in said(raw)


def test_absent_optional_form_is_an_empty_frame(read: Read) -> None:
    raw = read(notes=None)
    notes = raw.forms["notes"]
    assert list(notes) == ["subject_id", "note", "subject_id.missing", "note.missing"]
    assert (len(notes), notes.index.name, notes.index.dtype, notes["note"].dtype) == (
        0,
        "line",
        "int64",
        "str",
    )
    message = "the optional file notes.csv is absent; the form is taken as empty"
    assert said(raw)[-1] == ("warning", "RAW-OPTIONAL-ABSENT", "notes", 0, "", message)
    assert "notes" not in raw.files


def test_embedded_line_breaks_keep_line_numbers(read: Read) -> None:
    raw = read(notes='subject_id;note\nS1;"one\ntwo; three"\n\nS2;"say ""no"""\n')
    assert columns(raw, "notes", "subject_id", "note") == [
        (2, "S1", "one\ntwo; three"),
        (5, "S2", 'say "no"'),
    ]


def test_another_encoding_is_noted(read: Read) -> None:
    raw = read(notes="subject_id;note\nS1;café\n".encode("cp1252"))
    assert columns(raw, "notes", "note") == [(2, "café")]
    message = (
        "was read as cp1252, not as utf-8-sig; look at these letters: é (line 2). If they are not what was typed, say "
        "in study.yaml which `encodings` the export has"
    )
    assert ("warning", "RAW-ENCODING", "notes", 1, "", message) in said(raw)
    assert raw.ledger.set_index("form")["encoding"]["notes"] == "cp1252"


# ---------------------------------------------------------------- findings
def test_a_finding_says_everything(read: Read) -> None:
    found = read(labs=LABS + "S2;BL;31-02-2017;;CK;1;2\n").findings.iloc[0]
    assert found.dropna().to_dict() == {
        "severity": "error",
        "rule": "RAW-DATE-IMPOSSIBLE",
        "dataset": "labs",
        "subject": "S2",
        "site": "B",
        "variable": "sample_date",
        "value": "31-02-2017",
        "message": "31-02-2017 is not a day of the calendar",
        "file": "labs.csv",
        "line": 2,
        "column": "sample_date",
        "verbatim": "31-02-2017",
    }
    assert list(found.index) == list(COLUMNS)


NOT_A_DATE = '"x" is not a date; expected DD-MM-YYYY, with UN for an unknown day and UNK for an unknown month'


@pytest.mark.parametrize(
    ("record", "column", "cell", "finding"),
    [
        ("S1;BL;x;;CK;1;2", "sample_date", None, ("error", "RAW-DATE-UNPARSABLE", NOT_A_DATE)),
        (
            "S1;BL;;25:00;CK;1;2",
            "sample_time",
            None,
            ("error", "RAW-TIME", '"25:00" is not a time; expected HH:MM, 00:00 to 23:59'),
        ),
        (
            "S1;BL;;;CK;neg;2",  # a result may be text
            "result",
            "neg",
            ("note", "RAW-RESULT-TEXT", '"neg": words, kept as text, without a number; line 2'),
        ),
        (
            "S1;BL;;;CK;1;2+",
            "upper_limit",
            None,
            (
                "error",
                "RAW-NUMBER",
                '"2+" is not a number; expected digits with . or , as decimal sign',
            ),
        ),
        (
            "S1;BL;;;CK;1;501",
            "upper_limit",
            "501",
            ("warning", "RAW-RANGE", "501 is outside the plausible range 0 to 500"),
        ),
        (
            "S1;W9;;;CK;1;2",
            "visit",
            "W9",
            ("error", "RAW-CODE", '"W9" is not a known code; expected BL, W3'),
        ),
        (
            "S1;;;;CK;1;2",
            "visit",
            None,
            ("error", "RAW-REQUIRED", "visit is empty, and it is required"),
        ),
        (
            "S1;-99;;;CK;1;2",
            "visit",
            None,
            ("error", "RAW-REQUIRED", "visit holds the code -99 (NOT DONE), and it is required"),
        ),
        (
            "S9;BL;;;CK;1;2",
            "subject_id",
            "S9",
            (
                "error",
                "RAW-UNKNOWN-SUBJECT",
                "subject S9 is not in subjects.csv; the record is kept",
            ),
        ),
    ],
)
def test_bad_cells(
    read: Read, record: str, column: str, cell: str | None, finding: tuple[str, str, str]
) -> None:
    raw = read(labs=f"{LABS}{record}\n", notes=None)
    assert columns(raw, "labs", column) == [(2, cell)]
    severity, rule, message = finding
    assert [one for one in said(raw) if one[2] == "labs"] == [
        (severity, rule, "labs", 2, column, message)
    ]


def test_records_without_subject_are_left_out(read: Read) -> None:
    raw = read(labs=f"{LABS};BL;x;;CK;1;2\n-98;BL;;;CK;1;2\nS1;BL;;;CK;1;2\n#REF!;BL;;;CK;1;2\n")
    nobody = ", so it is not known whose record this is"
    assert columns(raw, "labs", "subject_id") == [(4, "S1")]
    assert said(raw)[:3] == [
        (
            "reject",
            "RAW-NO-SUBJECT",
            "labs",
            2,
            "subject_id",
            f"left out: subject_id is empty{nobody}",
        ),
        (
            "reject",
            "RAW-NO-SUBJECT",
            "labs",
            3,
            "subject_id",
            f"left out: subject_id holds the code -98 (UNKNOWN){nobody}",
        ),
        (
            "reject",
            "RAW-NO-SUBJECT",
            "labs",
            5,
            "subject_id",
            f'left out: subject_id is "#REF!"{nobody}',
        ),
    ]  # their other cells are not looked at


TWICE = f"{LABS}S1;BL;;;CK;x;2\nS2;BL;;;CK;1;2\nS1;BL;;;CK; x;2\nS1;BL;;;CK;x;2\n"
NOT_SAID = (
    "identical to line 2; both are kept, as the form does not say `duplicates: keep` or `first`"
)


@pytest.mark.parametrize(
    ("duplicates", "lines", "severity", "message"),
    [
        ("", [2, 4, 5, 3], "error", NOT_SAID),  # nothing is left out that nobody said should be
        ("keep", [2, 4, 5, 3], "note", "identical to line 2; kept"),
        ("first", [2, 3], "warning", "identical to line 2; left out"),
    ],
)
def test_identical_lines(
    study: Study, tmp_path: Path, duplicates: str, lines: list[int], severity: str, message: str
) -> None:
    forms = study.forms | {
        "labs": study.forms["labs"].model_copy(update={"duplicates": duplicates})
    }
    (tmp_path / "subjects.csv").write_text(SUBJECTS, "utf-8")
    (tmp_path / "labs.csv").write_text(TWICE, "utf-8")
    raw = read_folder(tmp_path, study.model_copy(update={"forms": forms}))
    assert raw.forms["labs"].index.tolist() == lines
    assert [one for one in said(raw) if one[1].startswith("RAW-DUPLICATE")] == [
        (severity, "RAW-DUPLICATE-LINE", "labs", 4, "", message),  # and not for its key as well
        (severity, "RAW-DUPLICATE-LINE", "labs", 5, "", message),
    ]
    assert raw.ledger.set_index("form").loc["labs", ["records", "kept"]].tolist() == [4, len(lines)]


def test_lines_that_differ_in_an_unknown_column_are_not_identical(read: Read) -> None:
    raw = read(notes="subject_id;note;extra\nS1;a;1\nS1;a;2\n")  # the form has no key
    assert columns(raw, "notes", "note") == [(2, "a"), (3, "a")]


def test_the_same_key_twice_is_kept(read: Read) -> None:
    raw = read(labs=f"{LABS}S1;BL;x;;CK;1;2\nS1;BL;x;;CK;2;2\nS1;BL;y;;CK;3;2\nS1;BL;x;;CK;4;2\n")
    message = "has the same subject_id, visit, sample_date, test as line 2; both are kept"
    assert len(raw.forms["labs"]) == 4
    assert [one for one in said(raw) if one[1] == "RAW-DUPLICATE-KEY"] == [
        (
            "error",
            "RAW-DUPLICATE-KEY",
            "labs",
            3,
            "",
            message,
        ),  # line 4 has another date, though neither can be read
        ("error", "RAW-DUPLICATE-KEY", "labs", 5, "", message),
    ]


def test_a_subject_is_one_record(read: Read) -> None:
    raw = read(subjects=SUBJECTS + "S1;C;01-02-1961\n")
    message = "left out: subject S1 stands on line 2 already, and a subject can be one record only"
    assert columns(raw, "subjects", "subject_id", "site_id") == [(2, "S1", "A"), (3, "S2", "B")]
    assert said(raw)[0] == ("reject", "RAW-DUPLICATE-SUBJECT", "subjects", 4, "subject_id", message)
    assert raw.findings["site"][0] == "A"


def test_ragged_lines(read: Read) -> None:
    raw = read(notes="subject_id;note\nS1\nS1;a;;\nS2;b;c;d\n")
    surplus = (
        "the surplus at its end is empty; a delimiter too many may have shifted the other fields"
    )
    assert columns(raw, "notes", "subject_id", "note") == [
        (3, "S1", "a"),
        (2, "S1", None),
        (4, "S2", "b"),
    ]
    assert [one[1:] for one in said(raw) if one[2] == "notes"] == [
        ("RAW-RAGGED", "notes", 2, "", "has 1 fields, the header 2: note taken as empty"),
        ("RAW-RAGGED", "notes", 3, "", f"has 4 fields, the header 2: {surplus}"),
        ("RAW-RAGGED", "notes", 4, "", "has 4 fields, the header 2: left out what follows: c;d"),
    ]


def test_misquoted_lines(read: Read) -> None:
    raw = read(notes='subject_id;note\nS1;"Pain" in leg\n')
    message = "has a quotation mark inside quoted text that is not doubled; compare this line with what was read"
    assert ("warning", "RAW-QUOTE", "notes", 2, "", message) in said(raw)


def test_files_of_no_form(read: Read) -> None:
    message = "no form of the study names the file vitals.csv; it is not read"
    assert ("note", "RAW-UNKNOWN-FILE", "", 0, "", message) in said(read(vitals="a;b\n"))


def test_the_ledger_adds_up(read: Read) -> None:
    raw = read(labs=f"{LABS}S1;BL;;;CK;1;2\nS1;BL;;;CK;1;2\n;;;;;;\n")
    assert list(raw.ledger) == list(LEDGER)
    assert raw.ledger.set_index("form").loc["labs"].tolist() == [
        "labs.csv",
        "utf-8-sig",
        3,
        2,
        1,
    ]  # line 4 has no subject


# ---------------------------------------------------------------- exports that cannot be read
MISSING = "columns are missing in the header"
EMPTY = "notes.csv: the file is empty; a header line was expected"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"labs": None, "subjects": None},
            "export: required files are missing: subjects.csv, labs.csv",
        ),
        (
            {"labs": None, "Labs2": "a"},
            "labs.csv: required files are missing: labs.csv (did you mean Labs2.csv?)",
        ),
        (
            {"notes": "subject_id\nS1\n"},
            "notes.csv:1:note: columns are missing in the header: note",
        ),
        (
            {"notes": "Subject_ID;notes\nS1;a\n"},
            f"notes.csv:1: {MISSING}: subject_id (did you mean Subject_ID?), note (did you mean notes?)",
        ),
        (
            {"notes": "subject_id;note;note\n"},
            "notes.csv:1:note: duplicate columns in the header: note",
        ),
        (
            {"notes": 'subject_id,"note"\nS1,a\n'},
            "notes.csv:1: the header is one field; the delimiter seems to be ',', expected ';'",
        ),
        (
            {"notes": "", "labs": "a;b\n"},  # all files that cannot be read are named
            f"labs.csv:1: {MISSING}: subject_id, visit, sample_date, sample_time, test, result, upper_limit\n{EMPTY}",
        ),
        (
            {"notes": 'subject_id;note\nS1;"a\n'},
            "notes.csv:2: a quotation mark opens here and is never closed",
        ),
    ],
)
def test_what_stops_the_run(read: Read, files: dict[str, str | None], message: str) -> None:
    with pytest.raises(RawError) as caught:
        read(**files)
    assert str(caught.value) == message


def test_no_folder(study: Study, tmp_path: Path) -> None:
    with pytest.raises(
        RawError, match="nowhere: is not there; expected a folder with one CSV file"
    ):
        read_folder(tmp_path / "nowhere", study)


def test_what_is_told_once_does_not_depend_on_the_order(read: Read) -> None:
    records = ["S2;BL;;;CK;neg;2", "S1;BL;;;CK;trace;2", "S1;W3;;;CK;pos;2"]
    first, last = read(labs=LABS + "\n".join(records)), read(labs=LABS + "\n".join(records[::-1]))
    for raw, line in ((first, 4), (last, 2)):
        told = raw.findings[raw.findings["rule"] == "RAW-RESULT-TEXT"]
        assert told[["subject", "line", "verbatim", "message"]].to_numpy().tolist() == [
            [
                "S1",
                line,
                "pos",
                '"neg", "pos", "trace": words, kept as text, without a number; lines 2, 3 and 4',
            ]
        ]


def test_what_the_other_numbers_decide_is_told_with_site_and_lines(read: Read) -> None:
    labs = ["S1;BL;;;CK;1,624;", "S1;BL;;;AST;12.5;", "S2;BL;;;CK;1,624;", "S1;W3;;;CK;1,370;"]
    raw = read(labs=LABS + "\n".join(labs))
    assert columns(raw, "labs", "result") == [(3, "12.5"), (2, "1624"), (5, "1370"), (4, None)]
    about = raw.findings[raw.findings["column"] == "result"]
    assert about[["severity", "rule", "site", "line"]].to_numpy().tolist() == [
        ["error", "RAW-NUMBER-AMBIGUOUS", "B", 4],
        ["note", "RAW-NUMBER-DECIDED", "A", 5],
    ]
    assert about["message"].iloc[1] == (
        '"1,370" is read as 1370, "1,624" is read as 1624, as the other numbers of site A in this column have a point '
        "for decimals or a comma for thousands; lines 2 and 5"
    )


def test_a_second_byte_order_mark_is_left_out(read: Read) -> None:
    raw = read(notes="\ufeff\ufeffsubject_id;note\nS1;a\n")
    message = "begins with U+FEFF ZERO WIDTH NO-BREAK SPACE more than once; it is left out"
    assert columns(raw, "notes", "subject_id", "note") == [(2, "S1", "a")]
    assert ("warning", "RAW-INVISIBLE", "notes", 1, "", message) in said(raw)
