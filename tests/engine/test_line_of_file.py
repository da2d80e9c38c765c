"""file.line: the line of a record in its file, which steps and variables read where its order says something."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import convert, derive, engine, metadata, raw, trace
from ivig_cdisc.lineage import locate
from ivig_cdisc.metadata import Study, origins
from ivig_cdisc.metadata.origins import Origin
from ivig_cdisc.output import open_output
from ivig_cdisc.testing import records, write_raw
from tests.raw.written import group, odm, subject

from .conftest import built

STUDY = """\
id: T
title: A trial
cutoff: 2018-12-31
intake: {subjects: subjects, subject: subject}
forms:
  subjects: {key: [subject], columns: {subject: , arm: }}
  doses: {key: [subject], duplicates: keep, columns: {subject: , gram: {type: number}, note: }}
  calls: {required: false, key: [subject], columns: {subject: , gram: {type: number}}}
"""
DOSES = {
    "subjects": "subject,arm\n02,A\n01,B\n",
    "doses": "subject,gram,note\n01,40,z\n02,70,z\n01,30,a\n02,80,a\n01,40,a\n",
    "calls": "subject,gram\n\n01,7\n",
}
HEAD = "dataset: D\ninternal: true\nkeys: [subject, at]\n"
TAKE = HEAD + "rows:\n  - take: doses\n"
VARIABLES = "variables: {subject: {}, gram: {type: Num, derive: number, from: {value: gram}}, at: {type: Num, from: file.line}}\n"
CASES = {
    "the records of the form, each with its line": (
        TAKE + VARIABLES,
        [("01", 40, 2), ("01", 30, 4), ("01", 40, 6), ("02", 70, 3), ("02", 80, 5)],
    ),
    "the first": (
        TAKE + "  - first: {by: [subject], order: [file.line]}\n" + VARIABLES,
        [("01", 40, 2), ("02", 70, 3)],
    ),
    "the first from behind": (
        TAKE + "  - first: {by: [subject], order: [-file.line]}\n" + VARIABLES,
        [("01", 40, 6), ("02", 80, 5)],
    ),
    "the last": (
        TAKE + "  - last: {by: [subject], order: [file.line]}\n" + VARIABLES,
        [("01", 40, 6), ("02", 80, 5)],
    ),
    "a condition of a take, and of a filter": (
        HEAD
        + "rows:\n  - {take: doses, where: file.line > 2}\n  - filter: file.line < 5\n"
        + VARIABLES,
        [("01", 30, 4), ("02", 70, 3)],
    ),
    "that of the record, and of the one that is joined": (
        TAKE
        + "  - join: {with: subjects, on: [subject], take: {gram0: file.line}}\n"
        + VARIABLES.replace(
            "gram: {type: Num, derive: number, from: {value: gram}}", "gram0: {type: Num}"
        ),
        [("01", 3, 2), ("01", 3, 4), ("01", 3, 6), ("02", 2, 3), ("02", 2, 5)],
    ),
    "the latest of several that match": (
        HEAD
        + "rows:\n  - take: subjects\n  - join: {with: doses, on: [subject], latest: file.line, take: [gram]}\n"
        + VARIABLES,
        [("01", 40, 3), ("02", 80, 2)],
    ),
    "each record's own after a stack": (
        HEAD + "rows:\n  - stack: [{take: doses}, {take: calls}]\n" + VARIABLES,
        [("01", 40, 2), ("01", 7, 3), ("01", 30, 4), ("01", 40, 6), ("02", 70, 3), ("02", 80, 5)],
    ),
    "only what a summary takes": (
        TAKE
        + "  - summarize: {by: [subject], take: {at: {max: file.line}, gram: {count: file.line}}}\n"
        + VARIABLES.replace("derive: number, from: {value: gram}", "from: gram").replace(
            "from: file.line", "from: at"
        ),
        [("01", 3, 6), ("02", 2, 5)],
    ),
    "the record's for each that a melt makes": (
        TAKE + "  - melt: {columns: {note: NOTE}, name: test, value: result}\n" + VARIABLES,
        [("01", 40, 2), ("01", 30, 4), ("01", 40, 6), ("02", 70, 3), ("02", 80, 5)],
    ),
}
DM = """\
dataset: DM
rows: [{take: subjects}]
variables:
  STUDYID: {value: T}
  DOMAIN: {value: DM}
  USUBJID: {from: subject}
  SUBJID: {from: subject}
  SITEID: {value: "1"}
  SEX: {value: M}
  COUNTRY: {value: NLD}
"""


def study(folder: Path, dataset: str) -> Study:
    for name, text in {"study.yaml": STUDY, "sdtm/dm.yaml": DM, "sdtm/d.yaml": dataset}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return metadata.load(folder)[0]


@pytest.mark.parametrize("case", CASES)
def test_which_records(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    loaded = study(tmp_path / "study", text)
    found = built(loaded, raw.read(write_raw(tmp_path / "raw", DOSES), loaded).forms)["D"].frame
    others = [name for name in found if name != "at"]
    assert records(found, *others, "at") == expected


MISTAKES = {
    "  - first: {by: [subject], order: [file.lin]}\n": "there is no column file.lin here (did you mean file.line?)",
    "  - summarize: {by: [subject], take: {gram: {max: gram}}}\n": "there is no column file.line here",
    "  - filter: file.line = '2'\n": "file.line is a number and '2' is text",
}


@pytest.mark.parametrize("step", MISTAKES)
def test_what_does_not_fit_is_told(tmp_path: Path, step: str) -> None:
    loaded = study(tmp_path, TAKE + step + VARIABLES)
    _, problems = engine.bind(loaded)
    assert [MISTAKES[step] in problem.reason for problem in problems] == [True], problems


def test_no_column_of_a_form_has_the_name(tmp_path: Path) -> None:
    wrong = STUDY.replace("note: }", "file.line: }")
    study(tmp_path, TAKE + VARIABLES)
    (tmp_path / "study.yaml").write_text(wrong, "utf-8")
    _, problems = metadata.load(tmp_path)
    assert [(problem.line, problem.path, problem.reason) for problem in problems] == [
        (
            7,
            "forms.doses.columns.file.line",
            "is the line of each record in the file: no column has this name",
        )
    ]


ODM = odm(
    subject("01", group("subjects", arm="A"), group("doses", gram="40"), group("doses", gram="30"))
)
REDCAP = """\
record_id,redcap_repeat_instrument,redcap_repeat_instance,subjects_arm,doses_gram,doses_note
01,,,A,,
01,doses,1,,40,
01,doses,2,,30,
"""


@pytest.mark.parametrize(
    ("name", "text", "lines"), [("t.xml", ODM, [4, 5]), ("t.csv", REDCAP, [3, 4])]
)
def test_other_kinds_of_exports(tmp_path: Path, name: str, text: str, lines: list[int]) -> None:
    """In an ODM file it is the line of the item group, or its number where several stand on one line."""
    loaded = study(tmp_path / "study", TAKE + VARIABLES)
    export = tmp_path / name
    export.write_text(text, "utf-8")
    found = built(loaded, raw.read(export, loaded).forms)["D"].frame
    assert records(found, "gram", "at") == [(40, lines[0]), (30, lines[1])]


# ---------------------------------------------------------------- converted
EX = """\
dataset: EX
keys: [STUDYID, USUBJID, EXTRT]
rows: [{take: doses}]
working:
  number: {derive: number, from: {value: gram}}
  yes: {value: "Y"}
  flagged: {derive: first_occurrence, from: {groups: [subject], among: yes, order: [-file.line]}}
variables:
  STUDYID: {value: T}
  DOMAIN: {value: EX}
  USUBJID: {from: subject}
  EXSEQ: {derive: sequence, from: {subject: USUBJID}}
  EXSPID: {from: file.line}
  EXTRT: {value: IVIG}
  EXDOSE: {from: number}
  EXDOSU: {value: g}
  EXLAST: {supplemental: Last, from: flagged}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study, its export, and the output in one part and in two."""
    place = tmp_path_factory.mktemp("converted")
    study(place / "study", "")
    (place / "study" / "sdtm" / "d.yaml").write_text(EX, "utf-8")
    export = write_raw(place / "raw", DOSES)
    for parts in (1, 2):
        convert(export, place / f"out{parts}", study=place / "study", partitions=parts)
    return place


def test_a_variable_of_a_submission(folder: Path) -> None:
    datasets = open_output(folder / "out1", folder / "study").datasets
    frame = datasets["EX"].frame
    assert records(frame, "USUBJID", "EXSPID", "EXDOSE") == [
        ("01", "4", 30),
        ("01", "6", 40),
        ("01", "2", 40),
        ("02", "3", 70),
        ("02", "5", 80),
    ]
    assert not any("." in name for name in frame)
    supplement = records(datasets["SUPPEX"].frame, "USUBJID", "IDVARVAL", "QVAL")
    assert supplement == [("01", "2", "Y"), ("02", "2", "Y")]


def test_it_does_not_depend_on_partitions(folder: Path) -> None:
    manifests = [json.loads((folder / f"out{i}" / "manifest.json").read_bytes()) for i in (1, 2)]
    assert manifests[0]["outputs"] == manifests[1]["outputs"]


def test_it_was_not_collected(folder: Path) -> None:
    spec = metadata.load(folder / "study")[0]
    every = origins.variables(spec.dataset("EX"), spec, derive.FUNCTIONS)
    (found,) = [one for one in every if one.name == "EXSPID"]
    assert found.origin == Origin("Assigned", "Sponsor")


def test_trace_shows_the_line(folder: Path) -> None:
    where = "EXSEQ=1 USUBJID=01"
    node = trace(folder / "out1", "EX", where, "EXSPID", folder / "raw", study=folder / "study")
    assert [(leaf.place, leaf.value) for leaf in node.leaves() if leaf.column == "file.line"] == [
        ("doses.csv:4:file.line", "4")
    ]


def test_a_finding_points_at_the_record(folder: Path) -> None:
    """There is no cell that holds the line."""
    opened = open_output(folder / "out1", folder / "study")
    cells = pd.DataFrame({"dataset": ["EX"], "row": [0], "variable": ["EXSPID"]})
    assert records(locate(opened.lineage, cells)) == [("doses", 4, None)]
