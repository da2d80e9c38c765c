"""Tables of the study: what is read of them, and each mistake at its line, before any data."""

from __future__ import annotations

import pytest

from ivig_cdisc import engine, metadata
from ivig_cdisc.engine.spec_tables import as_frame
from ivig_cdisc.metadata import StudyTable

from .conftest import LOOKUP, PARAMETERS, TV, StudyFolder


@pytest.fixture
def trial(tabled: StudyFolder) -> StudyFolder:
    return tabled


def table(study: StudyFolder, name: str) -> StudyTable:
    return study.load().tables[name]


# ---------------------------------------------------------------- what is read
def test_rows_of_yaml(trial: StudyFolder) -> None:
    visits = table(trial, "visits")
    assert visits.columns == {
        "VISITNUM": (1, 2),
        "VISIT": ("BASELINE", "WEEK 1"),
        "VISITDY": (1, None),  # the second row does not say it
    }
    frame = as_frame(visits)
    assert frame.index.tolist() == [1, 2]
    assert frame["VISITDY"].dtype == "float64"
    assert visits.lines == (29, 30)


@pytest.mark.parametrize(
    "text",
    [
        PARAMETERS,
        "\ufeff" + PARAMETERS,  # as spreadsheets write it
        PARAMETERS.replace(",", ";"),
        PARAMETERS.replace(",", "\t"),
        PARAMETERS.replace("\n", "\r\n"),
        PARAMETERS.replace("\n", ",,\n"),  # delimiters without anything behind them
        PARAMETERS.replace("\nPULSE", "\n\n,,\nPULSE"),  # lines without text
        PARAMETERS.replace("WEIGHT,", " WEIGHT ,"),
        PARAMETERS.replace("Weight (kg)", '"Weight (kg)"'),
    ],
)
def test_a_csv_file_however_it_is_written(trial: StudyFolder, text: str) -> None:
    trial.write("parameters.csv", text)
    assert table(trial, "parameters").columns == {
        "PARAMCD": ("WEIGHT", "PULSE"),
        "PARAM": ("Weight (kg)", "Pulse (/min)"),
        "PARAMN": (1.0, 2.0),
    }


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1", "-2.5"), (1.0, -2.5)),
        (("0.00001", "10000000000000000"), (0.00001, 1e16)),
        (("1", "-2.50"), ("1", "-2.50")),  # a text that says more than its number
        (("1", "12345678901234567890"), ("1", "12345678901234567890")),
        (("9007199254740993", "1"), ("9007199254740993", "1")),
        (("0.0", ""), ("0.0", None)),
        (("-0", "1"), ("-0", "1")),
        (("1", ""), (1.0, None)),
        (("01", "2"), ("01", "2")),  # a code: all is text
        (("1", "x"), ("1", "x")),
        (("true", "null"), ("true", "null")),
    ],
)
def test_a_column_holds_numbers_or_text(
    trial: StudyFolder, cells: tuple[str, str], values: tuple[object, object]
) -> None:
    one, two = cells
    trial.write("parameters.csv", f"PARAMCD,PARAM,PARAMN\nWEIGHT,W,{one}\nPULSE,P,{two}\n")
    known = metadata.load(trial.folder)[0]  # that PARAMN is text is told where it is wired
    assert known.tables["parameters"].columns["PARAMN"] == values


def test_types_of_what_is_looked_up(trial: StudyFolder) -> None:
    trial.write("parameters.csv", PARAMETERS.replace(",1\n", ",one\n"))
    assert trial.problems() == [
        "adam/advs.yaml:15: ADVS.PARAMN: is Num and PARAMN is text: derive number"
    ]


def test_values_of_a_fact(trial: StudyFolder) -> None:
    plan = "[{VISITNUM: 5, VISIT: LAST, VISITDY: 9}]"
    trial.change("study.yaml", "  heavy: 100\n", f"  heavy: 100\n  plan: {plan}\n")
    trial.change("sdtm/tv.yaml", "{table: visits}", "{fact: plan}")
    assert table(trial, "facts.plan").columns["VISITNUM"] == (5,)


def test_values_of_a_file_and_in_place(trial: StudyFolder) -> None:
    trial.write("plan.csv", "VISITNUM,VISIT,VISITDY\n1,BL,\n")
    trial.change("sdtm/tv.yaml", "{table: visits}", "{file: plan.csv}")
    assert table(trial, "plan.csv").columns["VISIT"] == ("BL",)
    trial.write(
        "sdtm/tv.yaml", TV.replace("{table: visits}", "[{VISITNUM: 1, VISIT: A, VISITDY: 2}]")
    )
    (trial.folder / "plan.csv").unlink()
    assert table(trial, "TV.values").columns["VISIT"] == ("A",)


def test_a_table_is_taken_as_a_form(trial: StudyFolder) -> None:
    taken = "{take: visits, where: {VISITNUM: [1]}, rename: {name: VISIT}}"
    trial.change("sdtm/tv.yaml", "values: {table: visits}", taken)
    trial.change("sdtm/tv.yaml", "VISIT: {}", "VISIT: {from: name}")
    assert trial.problems() == []


# ---------------------------------------------------------------- mistakes
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: (document): is empty; a header line was expected"),
        ("PARAMCD,PARAM,PARAMN\n\n", "1: (document): has no rows below the header"),
        (PARAMETERS.replace("PARAMN", ""), "2: (document): has 3 cells, the header 2"),
        (PARAMETERS.replace("PARAM,", ","), "1: (document): column 2 has no name"),
        (PARAMETERS.replace("PARAM,", "PARAMCD,"), "1: PARAMCD: is a duplicate"),
        (PARAMETERS.replace(",1\n", "\n"), "2: (document): has 2 cells, the header 3"),
        (PARAMETERS.replace("(kg)", "(kg),x"), "2: (document): has 4 cells, the header 3"),
        (
            PARAMETERS.replace("Pulse", '"Pulse'),
            "3: (document): a quotation mark opens here and is not closed where a cell ends",
        ),
        (
            PARAMETERS.replace("Pulse", "Pul\u200bse"),
            "3: PARAM: holds U+200B, which nobody sees: leave it out",
        ),
        (
            f"{PARAMETERS}PULSE,Again,3\n",
            "4: parameters: PARAMCD PULSE is a duplicate of row 2, and is looked up",
        ),
        (
            f"{PARAMETERS},None,3\n",
            "4: parameters: PARAMCD is missing, by which the table is looked up",
        ),
    ],
)
def test_mistakes_in_a_csv_file(trial: StudyFolder, text: str, problem: str) -> None:
    trial.write("parameters.csv", text)
    # nothing that follows from it is told
    assert problem in [one.removeprefix("parameters.csv:") for one in trial.problems()]
    assert {one.split(":")[0] for one in trial.problems()} == {"parameters.csv"}


def test_a_csv_file_that_is_not_utf8(trial: StudyFolder) -> None:
    (trial.folder / "parameters.csv").write_bytes(
        PARAMETERS.replace("Pulse", "Pülse").encode("cp1252")
    )
    reason = "is not UTF-8 text: save it as CSV UTF-8"
    assert trial.problems() == [f"parameters.csv:3: (document): {reason}"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "study.yaml",
            "parameters.csv",
            "parameter.csv",
            (
                "study.yaml:27: tables.parameters.file: there is no file parameter.csv "
                "beside study.yaml"
            ),
        ),
        (
            "study.yaml",
            "parameters.csv",
            "../parameters.csv",
            (
                "study.yaml:27: tables.parameters.file: ../parameters.csv is not the name of a CSV "
                "file beside study.yaml"
            ),
        ),
        (
            "study.yaml",
            "file: parameters.csv",
            "fil: parameters.csv",
            (
                "study.yaml:27: tables.parameters.fil: is not a word of the spec language "
                "(did you mean file?)"
            ),
        ),
        (
            "study.yaml",
            "visits:\n",
            "DM:\n",
            "study.yaml:28: tables.DM: is a dataset, too: take another name",
        ),
        (
            "study.yaml",
            "visits:\n",
            "vitals:\n",
            "study.yaml:28: tables.vitals: is a form, too: take another name",
        ),
        (
            "study.yaml",
            "VISIT: WEEK 1",
            "VISIT: 7",
            "study.yaml:30: tables.visits.2.VISIT: is a number, and VISIT of row 1 is text: quote it",
        ),
        (
            "study.yaml",
            "VISIT: WEEK 1",
            "VISIT: true",
            (
                "study.yaml:30: tables.visits.2.VISIT: true is yes or no, not a value: "
                "quote it if the text is meant"
            ),
        ),
        (
            "study.yaml",
            "VISIT: WEEK 1",
            "VISIT: [A]",
            "study.yaml:30: tables.visits.2.VISIT: should be text or a number",
        ),
        (
            "study.yaml",
            "    - {VISITNUM: 2, VISIT: WEEK 1}\n",
            "    - 2\n",
            "study.yaml:30: tables.visits.2: should be values by column",
        ),
        (
            "adam/advs.yaml",
            "take: [PARAM, PARAMN]",
            "take: [PARAMM, PARAMN]",
            "adam/advs.yaml:10: ADVS.rows.3: parameters has no column PARAMM (did you mean PARAM?)",
        ),
        (
            "adam/advs.yaml",
            "{VSTESTCD: PARAMCD}",
            "{VSTESTCD: PARMCD}",
            "adam/advs.yaml:10: ADVS.rows.3: parameters has no column PARMCD (did you mean PARAMCD?)",
        ),
        (
            "adam/advs.yaml",
            "{VSTESTCD: PARAMCD}",
            "{VSTESTC: PARAMCD}",
            "adam/advs.yaml:10: ADVS.rows.3: there is no column VSTESTC here (did you mean VSTESTCD?)",
        ),
        (
            "adam/advs.yaml",
            "table: parameters",
            "table: parameter",
            (
                "adam/advs.yaml:10: ADVS.rows.3: there is no table parameter "
                "(did you mean parameters?)"
            ),
        ),
        (
            "adam/advs.yaml",
            "table: parameters",
            "table: DM",
            "adam/advs.yaml:10: ADVS.rows.3: DM is not a table of the study: join it",
        ),
        (
            "adam/advs.yaml",
            "take: [PARAM, PARAMN]",
            "take: {VSTEST: PARAM, PARAMN: PARAMN}",
            (
                "adam/advs.yaml:10: ADVS.rows.3: there is a column VSTEST already; "
                "take it under another name"
            ),
        ),
        (
            "adam/planned.yaml",
            "with: TV",
            "with: VS",
            (
                "adam/planned.yaml:6: PLANNED.rows.2: VS has subjects: cross goes with tables, "
                "or datasets per study"
            ),
        ),
        (
            "sdtm/tv.yaml",
            "per: study\n",
            "",
            "sdtm/tv.yaml:4: TV.rows: nothing that it reads has a subject: set per: study",
        ),
        (
            "sdtm/tv.yaml",
            "values: {table: visits}",
            "take: subjects",
            (
                "sdtm/tv.yaml:6: TV.rows.1: subjects has subjects: a dataset per study reads tables, "
                "or datasets per study"
            ),
        ),
        (
            "sdtm/tv.yaml",
            "{table: visits}",
            "{fact: visit}",
            "sdtm/tv.yaml:6: rows.1.values.fact: there is no fact visit",
        ),
        (
            "sdtm/tv.yaml",
            "{table: visits}",
            "{fact: heavy}",
            (
                "sdtm/tv.yaml:6: rows.1.values.fact: the fact heavy should be a list of rows, "
                "each with its values by column"
            ),
        ),
        (
            "sdtm/tv.yaml",
            "{table: visits}",
            "{table: visits, fact: heavy}",
            "sdtm/tv.yaml:6: rows.1.values: needs rows, or one of table, file and fact",
        ),
        (
            "sdtm/tv.yaml",
            "{table: visits}",
            "{table: visit}",
            "sdtm/tv.yaml:6: rows.1.values.table: there is no table visit (did you mean visits?)",
        ),
        (
            "sdtm/tv.yaml",
            "{table: visits}",
            "visits",
            (
                "sdtm/tv.yaml:6: rows.1.values: should be a list of rows, {table: X}, "
                "{file: X.csv} or {fact: X}"
            ),
        ),
        (
            "study.yaml",
            "{file: parameters.csv}",
            "parameters.csv",
            "study.yaml:27: tables.parameters: should be a list of rows, or {file: X.csv}",
        ),
        ("sdtm/tv.yaml", "{table: visits}", "[]", "sdtm/tv.yaml:6: rows.1.values: has no rows"),
        (
            "sdtm/tv.yaml",
            "TVSTRL: {value: Start}",
            "TVSTRL: {value: Start}, OWN: {supplemental: Own, value: X}",
            (
                "sdtm/tv.yaml:7: variables.OWN.supplemental: SUPP-- names a record by its subject, "
                "and none of these has one"
            ),
        ),
        (
            "adam/advs.yaml",
            f"  - lookup: {LOOKUP}\n",
            f"  - lookup: {LOOKUP}\n  - values: {{table: visits}}\n",
            (
                "adam/advs.yaml:11: ADVS.rows.4: the first step, and only that, "
                "is take, stack, values or events"
            ),
        ),
    ],
)
def test_mistakes(trial: StudyFolder, file: str, old: str, new: str, problem: str) -> None:
    trial.change(file, old, new)
    assert problem in trial.problems()


def test_a_file_that_no_table_names(trial: StudyFolder) -> None:
    trial.write("units.csv", "A,B\n1,2\n")
    (problem,) = trial.problems()
    assert problem.startswith("units.csv:1: (file): is not read")


def test_a_file_that_is_read_twice_is_told_once(trial: StudyFolder) -> None:
    trial.write("parameters.csv", PARAMETERS.replace(",1\n", "\n"))
    trial.change("sdtm/tv.yaml", "{table: visits}", "{file: parameters.csv}")
    assert trial.problems() == ["parameters.csv:2: (document): has 2 cells, the header 3"]


def test_one_duplicate_is_told_once(trial: StudyFolder) -> None:
    """However many datasets look the table up."""
    trial.write("parameters.csv", f"{PARAMETERS}PULSE,Again,3\n")
    second = (trial.folder / "adam/advs.yaml").read_text("utf-8").replace("ADVS", "ADVS2")
    trial.write("adam/advs2.yaml", second)
    assert len(trial.problems()) == 1


def test_records_per_study_have_no_subject_in_other_datasets(trial: StudyFolder) -> None:
    trial.write(
        "adam/both.yaml",
        "dataset: BOTH\ninternal: true\nkeys: []\nrows:\n"
        "  - stack: [{take: DM}, {take: TV}]\nvariables: {USUBJID: {}}\n",
    )
    reason = "no variable names the subject of a record: add one"
    assert trial.problems() == [f"adam/both.yaml:4: BOTH.rows: {reason}"]


def test_plans_are_not_told_apart_by_their_tables(trial: StudyFolder) -> None:
    plans = engine.bind(trial.load())[0]
    assert plans["TV"] == engine.bind(trial.load())[0]["TV"]


def test_the_text_of_a_number_comes_whole(trial: StudyFolder) -> None:
    """As a limit of a protocol, or a code of many digits."""
    table = "PARAMCD,PARAM,PARAMN\nWEIGHT,1.50,1\nPULSE,12345678901234567890,2\n"
    trial.write("parameters.csv", table)
    known = trial.load().tables["parameters"]
    assert as_frame(known)["PARAM"].tolist() == ["1.50", "12345678901234567890"]
