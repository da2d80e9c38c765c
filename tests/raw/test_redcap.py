"""An export that is one CSV file of a whole REDCap project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.errors import RawError
from ivig_cdisc.metadata import Study
from ivig_cdisc.metadata.layout import Redcap, RedcapForm
from ivig_cdisc.raw import Raw, add_verbatim
from ivig_cdisc.raw import read as read_export

Read = Callable[..., Raw]
OWN = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance"
LABS = "labs_visit,labs_sample_date,labs_sample_time,labs_test,labs_result,labs_upper_limit"
HEADER = f"{OWN},subjects_site_id,subjects_birth_date,{LABS},notes_note\n"
S1 = "S1,bl,,,A,01-02-1960,,,,,,,\n"
SAID = ["severity", "rule", "dataset", "line", "column", "message"]


def changed(study: Study, **redcap: object) -> Study:
    return study.model_copy(
        update={"intake": study.intake.model_copy(update={"redcap": Redcap(**redcap)})}
    )


@pytest.fixture
def read(study: Study, tmp_path: Path) -> Read:
    def write_and_read(content: str | bytes, **redcap: object) -> Raw:
        path = tmp_path / "project.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_export(path, changed(study, **redcap))

    return write_and_read


def said(raw: Raw) -> list[tuple[object, ...]]:
    filled = raw.findings[SAID].fillna({"dataset": "", "line": 0, "column": ""})
    return list(filled.astype({"line": int}).itertuples(index=False, name=None))


def rows(raw: Raw, form: str, *names: str) -> list[tuple[object, ...]]:
    """Line and cells of these columns, None for missing."""
    frame = raw.forms[form][list(names)].reset_index().astype(object)
    return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))


# ---------------------------------------------------------------- records
def test_rows_become_records_of_forms(read: Read) -> None:
    raw = read(
        HEADER
        # not repeating: fields of subjects, labs and notes in one row make a record of each
        + 'S1,bl,,,A,01-02-1960,BL,05-02-2017,,CK,350,,"one, ""two""\nthree"\n'
        + "S1,bl,labs,1,,,W3,UN-03-2017,,CK,-99,,\n"
        + "S1,bl,labs,2,,,W3,UN-03-2017,,CK,-99,500,\n"
        + "S1,bl,notes,1,,,,,,,,,first\n"
        + "S2,bl,,,B,UN-UNK-1970,,,,,,,\n"
    )
    assert rows(raw, "subjects", "subject_id", "birth_date") == [
        (2, "S1", "1960-02-01"),
        (7, "S2", "1970"),
    ]
    assert rows(raw, "notes", "subject_id", "note") == [
        (6, "S1", "first"),
        (2, "S1", 'one, "two"\nthree'),
    ]
    assert rows(raw, "labs", "visit", "sample_date", "result", "result.missing", "upper_limit") == [
        (2, "BL", "2017-02-05", "350", None, None),
        (5, "W3", "2017-03", None, "NOT DONE", "500"),
        (4, "W3", "2017-03", None, "NOT DONE", None),
    ]
    # 4 and 5 have the same key; both are kept, as in any export
    message = "has the same subject_id, visit, sample_date, test as line 4; both are kept"
    assert said(raw) == [("error", "RAW-DUPLICATE-KEY", "labs", 5, "", message)]
    assert raw.ledger["records"].tolist() == [2, 3, 2]
    assert raw.files.keys() == {"subjects", "labs", "notes"}


def test_no_repeat_is_lost(read: Read) -> None:
    """Not where instances begin at 2, have gaps, stand twice, are empty or belong to different events."""
    instances = [
        ("bl", 2, "a"),
        ("bl", 5, "b"),
        ("w3", 2, "c"),
        ("w3", 2, "d"),
        ("", 1, ""),
        ("bl", "", "e"),
    ]
    notes = "".join(f"S1,{event},notes,{n},,,,,,,,,{note}\n" for event, n, note in instances)
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,\n" + notes)
    assert [note for _, note in rows(raw, "notes", "note")] == ["a", "b", "c", "d", "e", None]


def test_two_instances_are_two_records_whatever_they_hold(read: Read) -> None:
    rows_ = "S1,bl,notes,1,,,,,,,,,same\nS1,bl,notes,2,,,,,,,,,same\nS1,w3,notes,1,,,,,,,,,same\n"
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,\n" + rows_)
    assert rows(raw, "notes", "note") == [(4, "same"), (5, "same"), (6, "same")]
    event = "the study knows no field redcap_event_name; it is not used"  # there are two, and no column says which
    assert said(raw) == [("note", "RAW-UNKNOWN-COLUMN", "", 1, "redcap_event_name", event)]


def test_the_same_instance_twice_is_told(read: Read) -> None:
    rows_ = "S1,bl,notes,1,,,,,,,,,a\nS1,bl,notes,1,,,,,,,,,a\nS1,bl,notes,1,,,,,,,,,b\n"
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,\n" + rows_)
    assert rows(raw, "notes", "note") == [(4, "a"), (5, "a"), (6, "b")]
    same = (
        "identical to line 4; both are kept, as the form does not say `duplicates: keep` or `first`"
    )
    keys = "has the record, event, instrument and instance of line 4; both are kept"
    assert said(raw) == [
        ("error", "RAW-DUPLICATE-LINE", "notes", 5, "", same),
        ("error", "RAW-DUPLICATE-ROW", "", 6, "", keys),
    ]


def test_every_row_is_accounted_for(read: Read) -> None:
    header = HEADER.replace(
        "redcap_repeat_instance", "redcap_repeat_instance,redcap_data_access_group", 1
    )
    body = S1.replace(",,,A,", ",,,north,A,") + "S1,bl,labs,1,north,,,BL,,,CK,1,,\n"
    body += "S1,w3,,,north,,,,,,,,,\nS1,,diary,1,,,,,,,,,,\n"
    raw = read(header + body)
    group = "the study knows no field redcap_data_access_group; it is not used"
    event = "the study knows no field redcap_event_name; it is not used"
    found = [one for one in said(raw) if one[1] != "RAW-EMPTY-FORM"]
    assert found == [
        ("note", "RAW-UNKNOWN-COLUMN", "", 1, "redcap_data_access_group", group),
        ("note", "RAW-UNKNOWN-COLUMN", "", 1, "redcap_event_name", event),
        (
            "note",
            "RAW-EMPTY-ROW",
            "",
            4,
            "",
            "holds nothing of any form of the study; it is not read",
        ),
        (
            "note",
            "RAW-UNKNOWN-FORM",
            "",
            5,
            "",
            "no form of the study is named diary; of its 1 rows only fields of known forms are read",
        ),
    ]
    assert [(one.kind, one.name, one.count) for one in raw.aside] == [
        ("row", "", 1),
        ("row", "diary", 1),
        ("column", "redcap_event_name", 3),
        ("column", "redcap_data_access_group", 3),
        ("column", "redcap_repeat_instrument", 2),
        ("column", "redcap_repeat_instance", 2),
    ]
    assert [one.name for one in raw.aside if one.known] == [
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
    ]


def test_the_data_access_group_can_be_the_site(read: Read) -> None:
    header = HEADER.replace("subjects_site_id", "redcap_data_access_group")
    forms = {"subjects": RedcapForm(fields={"site_id": "redcap_data_access_group"})}
    raw = read(header + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,\n", forms=forms)
    assert rows(raw, "subjects", "site_id") == [(2, "A")]


def test_values_in_a_row_of_another_instrument_are_a_record(read: Read) -> None:
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,stray\n")
    assert (len(raw.forms["labs"]), rows(raw, "notes", "note")) == (1, [(3, "stray")])


def test_what_redcap_keeps_itself_is_no_value(read: Read) -> None:
    header = HEADER.replace("notes_note", "notes_note,notes_complete,labs_complete,labs_timestamp")
    raw = read(
        header + S1.replace("\n", ",0,0,\n") + "S1,bl,labs,1,,,BL,,,CK,1,,,,2,2017-02-05 10:00\n"
    )
    assert rows(raw, "notes", "note") == []
    assert said(raw) == [
        (
            "warning",
            "RAW-EMPTY-FORM",
            "notes",
            1,
            "",
            "no row of the file holds anything of this form",
        )
    ]
    own = [
        (one.name, one.count)
        for one in raw.aside
        if one.reason == "of the export system, not of the subject"
    ]
    assert own == [
        ("redcap_event_name", 2),
        ("redcap_repeat_instrument", 1),
        ("redcap_repeat_instance", 1),
        ("notes_complete", 1),
        ("labs_complete", 2),
        ("labs_timestamp", 1),
    ]


def test_a_field_that_redcap_keeps_can_be_wired(read: Read) -> None:
    header = HEADER.replace("notes_note", "notes_note,notes_complete")
    forms = {"notes": RedcapForm(fields={"note": "notes_complete"})}
    raw = read(header + S1.replace("\n", ",2\n"), forms=forms)
    assert rows(raw, "notes", "subject_id", "note") == [(2, "S1", "2")]
    assert "notes_complete" not in [one.name for one in raw.aside]


# ---------------------------------------------------------------- how fields are named
def test_fields_by_prefix_and_by_name(read: Read) -> None:
    header = "study_no,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,dob"
    header += ",lb_date,lb_sample_time,lb_test,lborres,lb_upper_limit\n"
    forms = {
        "subjects": {
            "prefix": "",
            "fields": {"site_id": "redcap_data_access_group", "birth_date": "dob"},
        },
        "labs": {
            "instrument": "laboratory",
            "prefix": "lb_",
            "fields": {"visit": "redcap_event_name", "sample_date": "lb_date", "result": "lborres"},
        },
    }
    raw = read(
        header + "S1,bl_arm_1,,,A,01-02-1960,,,,,\n"
        "S1,bl_arm_1,laboratory,1,A,,05-02-2017,,CK,1,\n"
        "S1,w3_arm_1,laboratory,1,A,,05-03-2017,,CK,x,\n"
        "S1,w9_arm_1,laboratory,1,A,,,,,,\n",
        record="study_no",
        events={"bl_arm_1": "BL", "w3_arm_1": "W3"},
        forms=forms,
    )
    assert rows(raw, "subjects", "subject_id", "site_id", "birth_date") == [
        (2, "S1", "A", "1960-02-01")
    ]
    assert rows(raw, "labs", "visit", "sample_date", "result") == [
        (3, "BL", "2017-02-05", "1"),
        (4, "W3", "2017-03-05", "x"),
        (5, "w9_arm_1", None, None),
    ]
    expected = '"w9_arm_1" is not a known code; expected BL, W3'
    assert ("error", "RAW-CODE", "labs", 5, "redcap_event_name", expected) in said(raw)
    result = '"x": words, kept as text, without a number; line 4'
    assert ("note", "RAW-RESULT-TEXT", "labs", 4, "lborres", result) in said(raw)


def boxed(read: Read, header: str, cells: str) -> Raw:
    """Groups of checkboxes: the visit, and a test with codes of its own."""
    names = HEADER.replace("labs_visit", header).replace(
        "notes_note", "notes_note___1,notes_note___b,notes_note____99"
    )
    return read(names + "S1,bl,,,A,,,,,,,,,0,0,0\n" + cells)


def test_checkboxes_become_one_column(read: Read) -> None:
    cells = "".join(
        f"S1,bl,labs,{n},,,{tick},,,CK,{n},,0,0,0\n"
        for n, tick in enumerate(["1,0", "0,1", "1,1"], 1)
    )
    raw = boxed(
        read,
        "labs_visit___bl,labs_visit___w3",
        cells + "S1,bl,,,,,0,0,,,,,,1,1,0\nS1,bl,,,,,,,,,,,,0,0,1\n",
    )
    # the codes are those of the study, BL and not bl; several are one text, and no code
    assert rows(raw, "labs", "visit", "result") == [
        (3, "BL", "1"),
        (5, "BL W3", "3"),
        (4, "W3", "2"),
    ]
    expected = '"BL W3" is not a known code; expected BL, W3'
    assert ("error", "RAW-CODE", "labs", 5, "labs_visit", expected) in said(raw)
    # boxes that are not ticked make no record; ____99 is the user-missing code -99
    assert rows(raw, "notes", "note", "note.missing") == [(6, "1 b", None), (7, None, "NOT DONE")]


def test_a_checkbox_holds_1_or_0(read: Read) -> None:
    raw = boxed(read, "labs_visit___bl,labs_visit___w3", "S1,bl,labs,1,,,Checked,x,,,CK,1,,0,0,0\n")
    message = 'labs_visit___w3 holds "x"; expected 1 or 0'
    assert ("error", "RAW-CHECKBOX", "labs", 3, "labs_visit", message) in said(raw)
    assert rows(raw, "labs", "visit") == [(3, "BL")]


def test_one_box_as_a_column(read: Read) -> None:
    header = HEADER.replace("notes_note", "kinds___1,kinds___2")
    forms = {"notes": {"fields": {"note": "kinds___2"}}}
    raw = read(header + S1.replace("\n", ",0\n") + "S1,bl,labs,1,,,BL,,,CK,1,,0,1\n", forms=forms)
    assert rows(raw, "notes", "note") == [(3, "1")]
    assert [finding[4] for finding in said(raw)] == ["kinds___1"]


# ---------------------------------------------------------------- findings
def test_problems_of_a_file(read: Read) -> None:
    header = HEADER.replace("notes_note", "notes_note,labs_mood,weather")
    raw = read(
        header
        + "S1,bl,,,A,,,,,,,,,,rain\n"
        + "S2,bl,labs,1,,,BL,31-02-2017,,CK,1,,,good,\n"
        + "S1,bl,labs,1,,,BL,,,CK,1\n"
        + ",bl,notes,1,,,,,,,,,x,,\n"
        + "S1,bl,diary,1,,,,,,,,,,,\n"
    )
    unknown = (
        "no form of the study is named diary; of its 1 rows only fields of known forms are read"
    )
    ragged = "has 11 fields, the header 15: labs_upper_limit, notes_note, labs_mood, weather taken as empty"
    nobody = "left out: subject_id is empty, so it is not known whose record this is"
    listing = "subject S2 is not in the form subjects; the record is kept"
    assert said(raw) == [
        ("reject", "RAW-NO-SUBJECT", "notes", 5, "record_id", nobody),
        (
            "error",
            "RAW-DATE-IMPOSSIBLE",
            "labs",
            3,
            "labs_sample_date",
            "31-02-2017 is not a day of the calendar",
        ),
        ("error", "RAW-UNKNOWN-SUBJECT", "labs", 3, "record_id", listing),
        ("error", "RAW-RAGGED", "", 4, "", ragged),
        (
            "note",
            "RAW-UNKNOWN-COLUMN",
            "labs",
            1,
            "labs_mood",
            "the study knows no column mood; it is not used",
        ),
        (
            "note",
            "RAW-UNKNOWN-COLUMN",
            "",
            1,
            "weather",
            "the study knows no field weather; it is not used",
        ),
        ("note", "RAW-UNKNOWN-FORM", "", 6, "", unknown),
    ]
    assert raw.unknown == {"labs": {"mood": 1}}


def test_later_findings_are_led_back_to_the_field(read: Read, study: Study) -> None:
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,< 5,,\n")
    later = raw.findings.reindex([0]).astype(raw.findings.dtypes)
    later = later.assign(rule="LB-1", dataset="LB", file="labs.csv", line=3, column="result")
    found = add_verbatim(later.astype(raw.findings.dtypes), raw.files, study)
    assert found[["file", "line", "column", "verbatim"]].to_numpy().tolist() == [
        ["project.csv", 3, "labs_result", "< 5"]
    ]


# ---------------------------------------------------------------- refusals
FOLDER = "of an export with one file per form, give the folder"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ": the file is empty; a header line was expected"),
        (
            HEADER.replace(",", ";"),
            ":1: the header is one field; the delimiter seems to be ';', expected ','",
        ),
        (
            "subject_id,visit\nS1,BL\n",
            f":1: is not a REDCap export: the header has no field record_id; {FOLDER}",
        ),
        (
            HEADER.replace("labs_result,", ""),
            ":1:labs_result: columns are missing in the header: labs_result",
        ),
        (
            HEADER.replace("labs_result", "labs_results"),
            ":1:labs_result: columns are missing in the header: labs_result (did you mean labs_results?)",
        ),
        (
            HEADER.replace("notes_note", "labs_result"),
            ":1:labs_result: duplicate columns in the header: labs_result",
        ),
        (f"{OWN},subjects_site_id,subjects_birth_date\n", ": required forms are missing: labs"),
        (HEADER + 'S1,bl,"labs\n', ":2: a quotation mark opens here and is never closed"),
    ],
)
def test_refusals(read: Read, content: str, message: str) -> None:
    with pytest.raises(RawError) as caught:
        read(content)
    assert str(caught.value) == f"project.csv{message}"


def test_an_optional_form_without_fields_is_absent(read: Read) -> None:
    raw = read(
        HEADER.replace(",notes_note", "")
        + "S1,bl,,,A,01-02-1960,,,,,,\nS1,bl,labs,1,,,BL,,,CK,1,\n"
    )
    message = "the optional form notes is absent; it is taken as empty"
    assert said(raw) == [("warning", "RAW-OPTIONAL-ABSENT", "notes", 0, "", message)]
    assert len(raw.forms["notes"]) == 0


def test_frames_have_the_dtypes_of_any_reader(read: Read) -> None:
    raw = read(HEADER + S1 + "S1,bl,labs,1,,,BL,,,CK,1,,\n")
    labs = raw.forms["labs"]
    assert labs.index.dtype == "int64"
    assert labs.index.name == "line"
    assert all(
        isinstance(labs[name].dtype, pd.StringDtype)
        for name in labs
        if not name.endswith(".missing")
    )
