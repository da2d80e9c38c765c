"""An export that is one ODM-XML file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.errors import RawError
from ivig_cdisc.metadata import Study
from ivig_cdisc.raw import Raw, add_verbatim
from ivig_cdisc.raw import read as read_export

from .written import NAMESPACE, group, odm, subject

Read = Callable[[str | bytes], Raw]
WIRE = "wire them under intake.odm.forms (groups)"
S1 = subject("S1", group("subjects", site_id="A", birth_date="01-02-1960"))
LAB = group(
    "labs",
    visit="BL",
    sample_date="05-02-2017",
    sample_time="10:15",
    test="CK",
    result="350",
    upper_limit="",
)
COLUMNS = ["severity", "rule", "dataset", "line", "column", "message"]


@pytest.fixture
def read(study: Study, tmp_path: Path) -> Read:
    def write_and_read(content: str | bytes) -> Raw:
        path = tmp_path / "study.xml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_export(path, study)

    return write_and_read


def refusal(read: Read, content: str | bytes) -> str:
    with pytest.raises(RawError) as caught:
        read(content)
    return str(caught.value)


def said(raw: Raw) -> list[tuple[object, ...]]:
    filled = raw.findings[COLUMNS].fillna({"dataset": "", "line": 0, "column": ""})
    rows = filled.astype({"line": int}).itertuples(index=False, name=None)
    return [row for row in rows if row[1] not in {"RAW-OPTIONAL-ABSENT", "RAW-ABSENT-ITEM"}]


# ---------------------------------------------------------------- records
def test_records(read: Read) -> None:
    far = group(
        "labs",
        visit="W3",
        sample_date="UN-05-2017",
        test="C&#10;K",
        result="-99",
        upper_limit=" 200 ",
    )
    raw = read(odm(S1 + "\n" + subject("S1", LAB, far)))
    labs = raw.forms["labs"]
    expected = pd.DataFrame(
        {
            "subject_id": ["S1", "S1"],
            "visit": ["BL", "W3"],
            "sample_date": ["2017-02-05", "2017-05"],
            "sample_time": ["10:15", None],
            "test": ["CK", "C\nK"],
            "result": ["350", None],  # -99: the companion says why
            "upper_limit": [None, "200"],
        },
        index=pd.Index([4, 5], name="line"),
        dtype="str",
    )
    pd.testing.assert_frame_equal(labs[list(expected)], expected)
    assert labs["result.missing"].tolist()[1] == "NOT DONE"
    assert said(raw) == []
    assert raw.ledger.to_dict("list") == {
        "form": ["subjects", "labs"],
        "file": ["study.xml", "study.xml"],
        "encoding": ["utf-8", "utf-8"],
        "records": [1, 2],
        "kept": [1, 2],
        "left_out": [0, 0],
    }


def test_repeats_at_every_level_are_records(read: Read) -> None:
    events = [
        f'<StudyEventData StudyEventOID="V" StudyEventRepeatKey="{event}">'
        f'<FormData FormOID="F" FormRepeatKey="{form}">'
        + "".join(f"\n{group('notes', note=f'{event}{form}{key}')}" for key in "ab")
        + "</FormData></StudyEventData>"
        for event in "12"
        for form in "xy"
    ]
    raw = read(odm(S1 + "\n" + subject("S1", LAB, *events)))
    notes = [f"{event}{form}{key}" for event in "12" for form in "xy" for key in "ab"]
    assert raw.forms["notes"]["note"].tolist() == notes
    assert raw.forms["notes"].index.tolist() == [6, 7, 9, 10, 12, 13, 15, 16]


def test_null_and_typed_items(read: Read) -> None:
    items = (
        '<ItemGroupData ItemGroupOID="labs">'
        '<ItemDataString ItemOID="labs.visit">B<![CDATA[L]]></ItemDataString>'
        '<ItemDataPartialDate ItemOID="labs.sample_date">UN-02-2017</ItemDataPartialDate>'
        '<ItemData ItemOID="labs.test" Value="CK" IsNull="No"><Annotation SeqNum="1"><Comment>x</Comment></Annotation>'
        '</ItemData><ItemData ItemOID="labs.result" IsNull="Yes"/></ItemGroupData>'
    )
    labs = read(odm(S1 + subject("S2", items))).forms["labs"]
    row = labs[["visit", "sample_date", "test", "result"]].iloc[0].astype(object)
    assert row.where(row.notna(), None).tolist() == ["BL", "2017-02", "CK", None]


def test_a_value_beside_is_null_is_told(read: Read) -> None:
    items = '<ItemGroupData ItemGroupOID="labs">{}<ItemData ItemOID="labs.result" IsNull="Yes" Value="{}"/></ItemGroupData>'
    visit = '<ItemData ItemOID="labs.visit" Value="BL"/>'
    raw = read(odm(S1 + subject("S2", items.format(visit, "71"), items.format(visit, " "))))
    assert raw.forms["labs"]["result"].isna().all()
    told = raw.findings[raw.findings["rule"].eq("RAW-ODM-NULL")]
    assert told[["severity", "subject", "message"]].astype(object).to_numpy().tolist() == [
        ["error", "S2", 'labs.result is said to be null (IsNull) and has a value; left out: "71"']
    ]


def test_names_of_forms_in_capitals_are_the_same_forms(read: Read) -> None:
    raw = read(odm(S1 + subject("S1", LAB, LAB.replace("labs", "LABS").replace("350", "351"))))
    assert raw.forms["labs"]["result"].tolist() == ["350", "351"]


def test_windows_1252_is_read_as_declared(read: Read) -> None:
    text = odm(S1 + "\n" + subject("S1", LAB, group("notes", note="café “x”"))).replace(
        "UTF-8", "windows-1252"
    )
    raw = read(text.encode("cp1252"))
    assert raw.forms["notes"]["note"].tolist() == ["café “x”"]
    assert set(raw.ledger["encoding"]) == {"windows-1252"}
    assert said(raw) == []


def test_reference_data_are_no_records(read: Read) -> None:
    reference = f"<ReferenceData>{group('labs', visit='BL')}</ReferenceData>"
    raw = read(odm(S1 + subject("S1", LAB)).replace("<ClinicalData>", reference + "<ClinicalData>"))
    assert len(raw.forms["labs"]) == 1


# ---------------------------------------------------------------- findings
SAME = "identical to line 4; both are kept, as the form does not say `duplicates: keep` or `first`"


def test_problems_of_a_file(read: Read) -> None:
    odd = group("labs", visit="BL", test="x", result="neg", sample_date="31-02-2017", mood="good")
    twice = '<ItemGroupData ItemGroupOID="notes"><ItemData ItemOID="notes.note" Value="a"/>'
    twice += '<ItemData ItemOID="note" Value="b"/>'
    subjects = subject("S2", LAB, LAB, odd, twice + "</ItemGroupData>", group("diary", mood="bad"))
    other = subject("S9", group("notes", subject_id="S1", note="y"))
    raw = read(odm(f"{S1}\n{subjects}\n{other}"))
    listing = "the form subjects; the record is kept"
    unknown = "no form of the study is named diary; its 1 records are not read"
    assert said(raw) == [
        (
            "error",
            "RAW-UNKNOWN-SUBJECT",
            "labs",
            4,
            "SubjectKey",
            f"subject S2 is not in {listing}",
        ),
        (
            "error",
            "RAW-UNKNOWN-SUBJECT",
            "labs",
            5,
            "SubjectKey",
            f"subject S2 is not in {listing}",
        ),
        ("error", "RAW-DUPLICATE-LINE", "labs", 5, "", SAME),  # the file gives them no repeat keys
        (
            "error",
            "RAW-UNKNOWN-SUBJECT",
            "labs",
            6,
            "SubjectKey",
            f"subject S2 is not in {listing}",
        ),
        (
            "error",
            "RAW-DATE-IMPOSSIBLE",
            "labs",
            6,
            "labs.sample_date",
            "31-02-2017 is not a day of the calendar",
        ),
        (
            "error",
            "RAW-UNKNOWN-SUBJECT",
            "notes",
            7,
            "SubjectKey",
            f"subject S2 is not in {listing}",
        ),
        (
            "error",
            "RAW-REPEATED-ITEM",
            "notes",
            7,
            "notes.note",
            'note is a duplicate in this record; left out: "b"',
        ),
        (
            "error",
            "RAW-SUBJECT-KEY",
            "notes",
            9,
            "SubjectKey",
            'the item subject_id is "S1" in a record of SubjectKey "S9", which counts',
        ),
        (
            "error",
            "RAW-UNKNOWN-SUBJECT",
            "notes",
            9,
            "SubjectKey",
            f"subject S9 is not in {listing}",
        ),
        (
            "note",
            "RAW-UNKNOWN-COLUMN",
            "labs",
            4,
            "labs.mood",
            "the study knows no column mood; it is not used",
        ),
        (
            "note",
            "RAW-RESULT-TEXT",
            "labs",
            6,
            "labs.result",
            '"neg": words, kept as text, without a number; line 6',
        ),
        ("note", "RAW-UNKNOWN-FORM", "", 8, "", unknown),
    ]
    assert set(raw.findings["file"]) == {"study.xml"}
    assert raw.unknown == {"labs": {"mood": 1}}


def test_a_file_without_line_breaks_numbers_its_records(read: Read, study: Study) -> None:
    raw = read(odm(S1 + subject("S1", LAB, LAB.replace("350", "x"))).replace("\n", ""))
    assert raw.forms["labs"].index.tolist() == [2, 3]
    number = "several ItemGroupData stand on one line; as line of a record its number among them is given, from 1"
    assert ("note", "RAW-NUMBERED", "", 1, "", number) in said(raw)
    later = raw.findings[raw.findings["rule"] == "RAW-RESULT-TEXT"]
    made = later.assign(
        file="labs.csv", column="result", verbatim=pd.Series([None], later.index, dtype="str")
    )
    found = add_verbatim(made, raw.files, study)
    assert found[["file", "line", "column", "verbatim"]].to_numpy().tolist() == [
        ["study.xml", 3, "labs.result", "x"]
    ]


def test_an_item_that_never_occurs_is_noted(read: Read) -> None:
    raw = read(
        odm(S1 + subject("S1", group("labs", visit="BL", test="CK", sample_date="01-02-2017")))
    )
    found = raw.findings[raw.findings["rule"] == "RAW-ABSENT-ITEM"]
    assert found["column"].tolist() == ["labs.result", "labs.sample_time", "labs.upper_limit"]
    assert found["message"].iloc[0] == "no record has an item result; the column is taken as empty"


# ---------------------------------------------------------------- metadata
def declared(form: str, *columns: str) -> str:
    items = "".join(f'<ItemRef ItemOID="{form}.{column}" Mandatory="No"/>' for column in columns)
    return f'<ItemGroupDef OID="{form}" Name="{form}" Repeating="Yes">{items}</ItemGroupDef>'


def with_metadata(content: str, *forms: str) -> str:
    study = f'<Study OID="S"><MetaDataVersion OID="1" Name="1">{"".join(forms)}</MetaDataVersion></Study>'
    return odm(content).replace("<ClinicalData>", study + "<ClinicalData>")


LAB_COLUMNS = ("visit", "sample_date", "sample_time", "test", "result", "upper_limit")


def test_a_form_that_is_declared_may_be_empty(read: Read) -> None:
    raw = read(with_metadata(S1, declared("labs", *LAB_COLUMNS)))
    assert len(raw.forms["labs"]) == 0
    assert said(raw) == [
        ("warning", "RAW-EMPTY-FORM", "labs", 2, "", "the form is declared and has no records")
    ]


def test_a_declared_form_has_all_columns(read: Read) -> None:
    columns = ("visit", "sample_date", "sample_time", "test", "results")
    reason = "columns are missing in the ItemGroupDef: result (did you mean results?), upper_limit"
    assert refusal(read, with_metadata(S1, declared("labs", *columns))) == f"study.xml:2: {reason}"


# ---------------------------------------------------------------- refusals
LAUGHS = "\n<!DOCTYPE lolz [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {after} '{f'&{name};' * 10}'>"
    for name, after in zip("abcdefgh", "bcdefghi", strict=True)
)
ENTITY = "has a DOCTYPE; a file with a document type or entities is not read, remove it"


@pytest.mark.parametrize(
    ("before", "inside"),
    [
        (LAUGHS + "]>", "&i;"),
        ("\n<!DOCTYPE ODM [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "&x;"),
        ("\n<!DOCTYPE ODM [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x.dtd'> %x;]>", ""),
        ("\n<!DOCTYPE ODM SYSTEM 'http://127.0.0.1:9/x.dtd'>", ""),
        ("\n<!DOCTYPE ODM>", ""),
    ],
    ids=["billion laughs", "external entity", "parameter entity", "external DTD", "empty DOCTYPE"],
)
def test_document_types_are_refused_at_once(read: Read, before: str, inside: str) -> None:
    began = time.perf_counter()
    assert refusal(read, odm(S1 + inside, before=before)) == f"study.xml:2: {ENTITY}"
    assert time.perf_counter() - began < 1


OTHER = "expected ODM of http://www.cdisc.org/ns/odm/v1.3"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            odm(S1).replace("</SubjectData>", "</SubjectDat>"),
            "3: is not well-formed XML: mismatched tag (column 195)",
        ),
        (odm(S1)[:170], "3: is not well-formed XML: unclosed token (column 30)"),
        (odm("&who;"), "3: is not well-formed XML: undefined entity (column 1)"),
        (b"", "1: is not well-formed XML: no element found (column 1)"),
        (odm(S1, before="\xe9"), "1: is not well-formed XML: syntax error (column 39)"),
        ("<html/>", f"1: is not ODM: the outermost element is html without a namespace; {OTHER}"),
        (
            odm(S1).replace("/v1.3", "/v2.0"),
            f"2: is not ODM: the outermost element is ODM of the namespace http://www.cdisc.org/ns/odm/v2.0; {OTHER}",
        ),
        (
            odm("", attributes='FileType="Transactional"'),
            "2: is of FileType Transactional; export the study as a Snapshot",
        ),
        (f'<ODM xmlns="{NAMESPACE}"/>', "has no ClinicalData; export the study with its data"),
        (odm(S1 + LAB), "3: ItemGroupData stands outside SubjectData"),
        (
            odm(S1 + LAB.replace(' ItemGroupOID="labs"', "")),
            "3: ItemGroupData stands outside SubjectData",
        ),
        (
            odm(subject("S1", LAB).replace(' SubjectKey="S1"', "")),
            "3: SubjectData has no SubjectKey",
        ),
        (odm(subject("S1", LAB).replace(' ItemOID="labs.test"', "")), "3: ItemData has no ItemOID"),
        (odm(S1), "required forms are missing: labs"),
        (
            odm(S1 + subject("S1", LAB.replace("labs", "lab"))),
            f"required forms are missing: labs (did you mean lab?); no form takes the item groups lab: {WIRE}",
        ),
        (  # nothing comes near, and still it is seen what there is to wire
            odm(S1 + subject("S1", LAB.replace("labs", "IG.1") + LAB.replace("labs", "IG.2"))),
            f"required forms are missing: labs; no form takes the item groups IG.1, IG.2: {WIRE}",
        ),
        (
            odm(S1).replace("UTF-8", "klingon"),
            "1: is in an encoding that cannot be read: unknown encoding: klingon",
        ),
    ],
)
def test_refusals(read: Read, content: str | bytes, message: str) -> None:
    separator = ":" if message[0].isdigit() else ": "
    assert refusal(read, content) == f"study.xml{separator}{message}"


# ---------------------------------------------------------------- large files
def large(path: Path, megabytes: int, form: str) -> int:
    """Write a file with labs of one subject, one record every third line; the number of those records."""
    record = group(form, visit="BL", test="CK", result="1", sample_date="01-02-2017").replace(
        "><ItemData", ">\n<ItemData", 1
    )
    block = f"{record}\n" * 1000
    times = megabytes * 1_000_000 // len(block) + 1
    begin, end = odm(f"{S1}\n{subject('S1', LAB, chr(0))}").split(chr(0))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(begin)
        file.writelines(block for _ in range(times))
        file.write(end)
    return times * 1000


GROWTH = """
import resource, sys
from pathlib import Path
from ivig_cdisc import metadata
from ivig_cdisc.raw.odm import open_odm
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
study = metadata.load("ntr6160")[0]
forms = {name: form.model_copy(update={"required": False}) for name, form in study.forms.items()}
study = study.model_copy(update={"forms": forms})
open_odm(Path(sys.argv[1]), study)
before = peak()
open_odm(Path(sys.argv[2]), study)
print(peak() - before)
"""


def test_memory_does_not_grow_with_the_tags(tmp_path: Path) -> None:
    large(tmp_path / "small.xml", 1, "diary")
    large(
        tmp_path / "large.xml", 30, "diary"
    )  # a form of no use: what is kept of it is its number of records
    command = [sys.executable, "-c", GROWTH, tmp_path / "small.xml", tmp_path / "large.xml"]
    grown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert float(grown) < 6  # MiB


def test_lines_are_right_beyond_65535(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "study.xml"
    count = large(path, 12, "notes")
    raw = read_export(path, study)
    assert raw.ledger.set_index("form")["records"]["notes"] == count
    assert count > 40_000
    found = raw.findings[raw.findings["rule"] == "RAW-DUPLICATE-LINE"]["line"]
    lines = path.read_text("utf-8").split("\n")
    assert all(lines[line - 1].startswith('<ItemGroupData ItemGroupOID="notes"') for line in found)
    assert len(found) == count - 1
    assert found.max() > 80_000
