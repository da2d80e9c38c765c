"""What is guessed of single columns and forms, read off the specs that are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import metadata
from ivig_cdisc.errors import RawError
from ivig_cdisc.metadata import Study
from ivig_cdisc.scaffold import new_study
from ivig_cdisc.testing import write_raw

from .exports import SUBJECTS


def drafted(tmp: Path, files: dict[str, str], encoding: str = "utf-8") -> tuple[Study, str]:
    """The study as it is loaded, and what was told."""
    said = new_study("ABC1", write_raw(tmp / "raw", files, encoding=encoding), tmp / "abc1")
    study, problems = metadata.load(tmp / "abc1")
    assert problems == []
    return study, said


def columns(tmp: Path, **columns: list[str]) -> dict[str, str]:
    """Type, or type and format, of each column of a form that is guessed along with the subjects."""
    lines = [";".join(["subject_id", "no", *columns])]
    for n, values in enumerate(zip(*columns.values(), strict=True)):
        lines.append(";".join([f"0{n % 3 + 1}", str(n + 1), *values]))
    study, _ = drafted(tmp, {"subjects": SUBJECTS, "other": "\n".join(lines) + "\n"})
    found = study.forms["other"].columns
    return {
        name: " ".join(filter(None, [found[name].type, found[name].format])) for name in columns
    }


def test_types(tmp_path: Path) -> None:
    assert columns(
        tmp_path,
        weight=["71.5", "80", "66.25", "90.5", "71.1", "64"],
        result=["<0.5", "1.2", "> 10", "7", "3", "1"],
        clock=["09:30", "10:00", "23:59", "8:15", "00:00", "12:12"],
        arm=["A", "A", "A", "B", "B", "B"],
        grade=["1", "2", "1", "2", "1", "2"],
        label=["001", "002", "003", "004", "005", "006"],
        seen=["2024-01-31", "2024-02-01", "2024-02", "", "2023", "2024-12-24"],
        moment=["2024-01-31T09:30"] * 6,
        empty=[""] * 6,
    ) == {
        "weight": "number",
        "result": "result",
        "clock": "time",
        "arm": "code",
        "grade": "code",
        "label": "text",
        "seen": "date",
        "moment": "text",
        "empty": "text",
    }


def test_what_people_write_is_not_listed(tmp_path: Path) -> None:
    """Names, remarks, long texts and texts that hardly repeat are in no list of codes, and in no comment."""
    study, said = drafted(
        tmp_path,
        {
            "subjects": SUBJECTS,
            "other": "subject_id;no;Investigator;remark;answer\n"
            + "".join(
                f"0{n % 3 + 1};{n};Dr. Mabuse;all quiet;it was all quiet on that day\n"
                for n in range(12)
            ),
        },
    )
    written = (tmp_path / "abc1" / "study.yaml").read_text("utf-8")
    assert {study.forms["other"].columns[c].type for c in ("Investigator", "remark", "answer")} == {
        "text"
    }
    assert "Mabuse" not in written + said
    assert "quiet" not in written + said


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    lab = "subject_id;no;test;value\n01;1;ALT;12,5\n01;2;AST;0,25\n02;3;ALT;13.0\n03;4;ALT;7\n"
    study, said = drafted(tmp_path, {"subjects": SUBJECTS, "lab": lab})
    assert study.intake.delimiter == ";"
    assert study.intake.decimal == (".", ",")
    assert study.forms["lab"].columns["value"].type == "number"
    assert "decimal sign  point and comma" in said


def test_a_zero_that_is_only_typed(tmp_path: Path) -> None:
    """080 among numbers is a number, and a decision; ids and digits of one width are text."""
    body = "".join(
        f"0{n % 3 + 1};{n};{pulse};{kit};{pulse};{bin_}\n"
        for n, (pulse, kit, bin_) in enumerate(
            zip(
                ["080", "90", "82", "92.5", "70", "101"],
                ["007", "012", "100", "013", "014", "015"],
                ["04", "15", "16", "17", "18", "19"],
                strict=True,
            )
        )
    )
    study, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "v": f"subject_id;no;pulse;kit;lot_no;rack\n{body}"}
    )
    types = {
        name: study.forms["v"].columns[name].type for name in ("pulse", "kit", "lot_no", "rack")
    }
    assert types == {"pulse": "number", "kit": "text", "lot_no": "text", "rack": "text"}
    assert "v.pulse: 1 of 6 values begin with 0; as numbers 080 is 80" in said


def test_three_digits_after_every_comma(tmp_path: Path) -> None:
    _, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "lab": "subject_id;no;value\n01;1;1,250\n02;2;2,125\n"}
    )
    assert "decimal: three digits follow every comma, so it may separate thousands" in said


def test_codes_for_missing_values(tmp_path: Path) -> None:
    """Negative nines among values that are not negative, and words among numbers; not among negative numbers."""
    body = (
        "01;1;-99;-1.5;ND\n01;2;3;-99;4\n02;3;4;2.5;5\n02;4;5;3.5;6\n03;5;6;4.5;7\n03;6;7.5;1.5;8\n"
    )
    study, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "lab": f"subject_id;no;count;change;level\n{body}"}
    )
    assert study.intake.missing == {"-99": "MISSING", "ND": "NOT DONE"}
    assert {c: study.forms["lab"].columns[c].type for c in ("count", "change", "level")} == {
        "count": "number",
        "change": "number",
        "level": "number",
    }
    assert "what -99 means; the code counts as missing in every column" in said


def test_negative_numbers_are_no_codes(tmp_path: Path) -> None:
    body = "".join(
        f"0{n % 3 + 1};{n};{v}\n" for n, v in enumerate(["-99", "-98.5", "-1.5", "2", "3.5", "4"])
    )
    study, _ = drafted(tmp_path, {"subjects": SUBJECTS, "lab": f"subject_id;no;change\n{body}"})
    assert study.intake.missing == {}


def test_tokens_for_unknown_parts(tmp_path: Path) -> None:
    ae = "subject_id;ae_no;start_date\n01;1;UK/NK/2023\n01;2;UK/05/2023\n02;1;31/01/2024\n03;1;01/02/2024\n"
    study, _ = drafted(tmp_path, {"subjects": SUBJECTS, "ae": ae})
    assert study.intake.unknown == {"day": "UK", "month": "NK"}
    assert study.intake.date == "DD/MM/YYYY"


def test_ambiguous_dates_follow_the_others(tmp_path: Path) -> None:
    """Both columns are told; the one is read like the date beside it that has a day over 12."""
    ae = "subject_id;ae_no;start_date;end_date\n01;1;12/31/2023;01/02/2024\n02;1;01/30/2024;02/03/2024\n"
    mh = "subject_id;mh_no;start.date\n01;1;01.02.2001\n02;1;02.03.2002\n"
    study, said = drafted(tmp_path, {"subjects": SUBJECTS, "ae": ae, "mh": mh})
    assert study.intake.date == "MM/DD/YYYY"
    assert study.forms["mh"].columns["start.date"].format == "DD.MM.YYYY"
    assert (
        "ae.end_date: AMBIGUOUS: every value fits MM/DD/YYYY and DD/MM/YYYY; MM/DD/YYYY is taken, as in 1 other"
        in said
    )
    assert (
        "mh.start.date: AMBIGUOUS: every value fits DD.MM.YYYY and MM.DD.YYYY; DD.MM.YYYY is taken\n"
        in said
    )


def test_cp1252(tmp_path: Path) -> None:
    ae = "subject_id;ae_no;term\n01;1;Diarrhée\n02;1;Übelkeit\n"
    study, said = drafted(tmp_path, {"subjects": SUBJECTS, "ae": ae}, "cp1252")
    assert study.intake.encodings == ("utf-8-sig", "cp1252")
    assert "encodings: whether accented letters are read rightly" in said


@pytest.mark.parametrize(
    ("body", "key", "repeated"),
    [
        ("01;BL;2024-01-01;CK\n02;BL;2024-01-01;CK", ("subject_id",), 0),
        ("01;BL;2024-01-01;CK\n01;W1;2024-01-08;CK", ("subject_id", "visit"), 0),
        (
            "01;BL;2024-01-01;CK\n01;BL;2024-01-01;ALT\n01;W1;2024-01-01;CK",
            ("subject_id", "visit", "test"),
            0,
        ),
        (
            "01;BL;2024-01-01;CK\n01;BL;2024-01-01;CK\n01;W1;2024-01-08;CK",
            ("subject_id", "visit"),
            0,
        ),  # the same line
    ],
)
def test_keys(tmp_path: Path, body: str, key: tuple[str, ...], repeated: int) -> None:
    study, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "lab": f"subject_id;visit;date;test\n{body}\n"}
    )
    assert study.forms["lab"].key == key
    assert said.count("have the same key") == repeated


def test_no_key(tmp_path: Path) -> None:
    """Results do not tell records apart, so two results of one day are told."""
    study, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "lab": "subject_id;value\n01;1.5\n01;2.5\n02;3.5\n"}
    )
    assert study.forms["lab"].key == ("subject_id",)
    assert "key of lab: 1 of 3 records have the same key as another" in said


def test_names_with_points_blanks_and_prefixes(tmp_path: Path) -> None:
    dm = "PATNUM,IT.SEX,IT.AGE,Date of Birth\n7-1,Female,63,1960-01-31\n7-2,Male,70,1953-02-28\n8-1,F,71,1952-03-04"
    study, said = drafted(tmp_path, {"dm_raw": dm})
    wired = {v.name: v.wiring for v in study.dataset("DM").variables}
    assert study.intake.subject == "PATNUM"
    assert wired["SEX"].columns == {"value": "IT.SEX"}
    assert wired["SEX"].constants["terms"] == {"F": "F", "Female": "F", "Male": "M"}
    assert wired["AGE"].columns == {"value": "IT.AGE"}
    assert wired["BRTHDTC"].columns == {"value": "Date of Birth"}
    assert wired["SITEID"].function == "piece"
    assert "DM.SITEID: whether subjects are called site-number" in said
    assert "DM.COUNTRY: required and not found: Country" in said


def test_tall_findings(tmp_path: Path) -> None:
    """Names of tests become codes; a code that stands for a missing result becomes a reason."""
    lab = "subject_id;date;test;result;unit;reason\n" + "".join(
        f"0{n};2024-01-1{n};{test};{result};U/L;x\n"
        for n in (1, 2, 3)
        for test, result in (("Creatine Kinase", "120"), ("Hb", "-99"), ("alt", "<5"))
    )
    study, _ = drafted(tmp_path, {"subjects": SUBJECTS, "lab": lab})
    made = study.dataset("LB")
    assert made.variable("LBTESTCD").wiring.constants["terms"] == {
        "Creatine Kinase": "CK",
        "Hb": "HGB",
        "alt": "ALT",
    }
    assert made.rows[0].rename == {"reason": "result.missing", "collected_reason": "reason"}  # type: ignore[union-attr]
    assert made.variable("LBREASND").wiring.columns == {"reason": "reason"}
    assert made.variable("LBORRES").wiring.columns == {"value": "result"}
    unit = made.variable(
        "LBORRESU"
    ).wiring  # a unit that is printed beside a test that was not done is none
    assert (unit.function, unit.columns) == ("recode_where", {"value": "unit", "present": "result"})


def test_columns_called_like_other_variables(tmp_path: Path) -> None:
    """VISITNUM is derived from what was collected, not from the VISIT that it becomes."""
    rows = "".join(f"0{s};W{w};2024-01-{w}{s};80\n" for s in (1, 2, 3) for w in (1, 2))
    study, _ = drafted(
        tmp_path, {"subjects": SUBJECTS, "vs": f"subject_id;VISIT;VSDAT;PULSE\n{rows}"}
    )
    made = study.dataset("VS")
    assert made.rows[0].rename == {"collected_VISIT": "VISIT"}  # type: ignore[union-attr]
    assert made.variable("VISIT").wiring.columns == {"value": "collected_VISIT"}
    assert made.working["visit_number"].columns == {"value": "collected_VISIT"}
    assert made.working["visit_number"].constants["terms"] == {"W1": "1", "W2": "2"}


def test_what_dm_takes_from_elsewhere(tmp_path: Path) -> None:
    """Dates of exposure, and a date of a form with one record per subject; a column of the same name steps aside."""
    study, _ = drafted(
        tmp_path,
        {
            "subjects": "subject_id;first_start;death.date\n01;x;\n02;y;\n03;z;\n",
            "dosing": "subject_id;start date;end date\n01;2024-01-30;2024-02-01\n01;2024-03-30;\n",
            "consent": "subject_id;consent date;age\n01;2024-01-20;44\n02;2024-01-21;45\n",
        },
    )
    made = study.dataset("DM")
    wired = {v.name: v.wiring.columns for v in made.variables if v.wiring.columns}
    assert made.rows[0].rename == {"collected_first_start": "first_start"}  # type: ignore[union-attr]
    assert wired["RFSTDTC"] == {"value": "first_start"}
    assert wired["RFENDTC"] == {"value": "last_end"}
    assert wired["RFICDTC"] == {"value": "consent date"}
    assert wired["AGE"] == {"value": "age"}
    assert wired["DTHDTC"] == {"value": "death.date"}


def test_names_that_are_no_words(tmp_path: Path) -> None:
    """Whatever a header says, the specs can be read."""
    names = ["é", "12", "x: y", "#no", "a'b", "null", "true", "{x}", "(column 3)", "test", "reason"]
    rows = "".join(f"0{n};{';'.join(['5'] * len(names))};120\n" for n in (1, 2, 3))
    study, _ = drafted(
        tmp_path, {"subjects": SUBJECTS, "vs": f"subject_id;{';'.join(names)};sbp\n{rows}"}
    )
    assert [*study.forms["vs"].columns] == ["subject_id", *names, "sbp"]


def test_files_that_are_left_out(tmp_path: Path) -> None:
    """Each with its reason, and the others become a study all the same."""
    study, said = drafted(
        tmp_path,
        {
            "subjects": SUBJECTS,
            "ae": "subject_id;ae_no;term\n01;1;Rash\n",
            "comma": "subject_id,no,term\n01,1,Rash\n",
            "empty": "",
            "twice": "subject_id;a;a\n01;1;2\n",
            "units": "unit;factor\nmg;1\n",
            "other_id": "SUBJECT;x\n01;1\n",
        },
    )
    assert [*study.forms] == ["ae", "subjects"]
    told = [
        line.split(": ", 1)[1]
        for line in said.splitlines()
        if "study.yaml" in line and ".csv: " in line
    ]
    without = "it has no column subject_id, which names the subject in the other files"
    assert told == [
        "comma.csv: its delimiter is the comma, that of most files the semicolon; save it with semicolons",
        "empty.csv: the file is empty; a header line was expected",
        f"other_id.csv: {without}; if that is SUBJECT here, it needs the same name in every file",
        "twice.csv: 1:a: duplicate columns in the header: a",
        f"units.csv: {without}",
    ]


def test_a_header_and_no_records(tmp_path: Path) -> None:
    study, said = drafted(
        tmp_path, {"subjects": SUBJECTS, "ae": "subject_id;ae_no;term;start_date\n"}
    )
    assert study.forms["ae"].key == ("subject_id",)
    assert study.forms["ae"].columns["start_date"].type == "date"
    assert "key of ae: no record shows what the key is" in said


def test_files_and_forms_in_capitals(tmp_path: Path) -> None:
    """A form must not be called like a dataset."""
    study, _ = drafted(
        tmp_path,
        {"DM": "USUBJID,SEX\nX-1,F\nX-2,M\n", "AE": "USUBJID,AETERM\nX-1,Rash\nX-2,Rash\n"},
    )
    assert {name: form.file for name, form in study.forms.items()} == {
        "ae": "AE.csv",
        "dm": "DM.csv",
    }
    assert study.dataset("AE").variable("USUBJID").wiring.function == "copy"


def test_no_subject(tmp_path: Path) -> None:
    files = {"a": "x,y\n1,2\n1,2\n", "b": "z,y\n1,2\n2,2\n"}
    with pytest.raises(
        RawError,
        match=r"^no column names the subject in at least half of the 2 files, as usubjid, subjid, ",
    ):
        drafted(tmp_path, files)


def test_a_subject_by_its_values(tmp_path: Path) -> None:
    """A column of all files that lists, in one of them, what all the others have."""
    study, _ = drafted(
        tmp_path, {"dm": "nummer,sex\n1,M\n2,F\n", "ae": "nummer,term\n1,Rash\n1,Cough\n"}
    )
    assert (study.intake.subject, study.intake.subjects) == ("nummer", "dm")
