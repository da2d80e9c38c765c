"""The published study: its specs on three made-up subjects, and on the published raw extracts if at hand."""

from __future__ import annotations

from pathlib import Path

import pyreadstat
import pytest

from ivig_cdisc import Summary, convert
from ivig_cdisc.comparison import as_text, compare
from ivig_cdisc.narrative import as_text as story_text
from ivig_cdisc.narrative import explain

RAW = {
    "dm_raw.csv": """\
STUDY,PATNUM,IT.AGE,IT.SEX,IT.ETHNIC,IT.RACE,COUNTRY,PLANNED_ARM,PLANNED_ARMCD,ACTUAL_ARM,ACTUAL_ARMCD,COL_DT,IC_DT
CDISCPILOT01,901-2001,63,Female,Hispanic or Latino,White,USA,Xan High,Xan_Hi,Xan Low,Xan_Lo,02/29/2012,03/05/2012
CDISCPILOT01,901-2002,70,Male,Hispanic or Latino,Asian,USA,Screen Failure,Scrnfail,Screen Failure,Scrnfail,03/01/2012,
CDISCPILOT01,902-2003,81,Male,,Black or African American,USA,Placebo,Pbo,Placebo,Pbo,04/02/2012,
""",
    "ds_raw.csv": """\
STUDY,PATNUM,SITENM,INSTANCE,FORM,FORML,IT.DSTERM,IT.DSDECOD,OTHERSP,DSDTCOL,DSTMCOL,IT.DSSTDAT,DEATHDT
CDISCPILOT01,901-2001,X,Week 26,DISC1,Subject Disposition,,,Final Lab Visit,09-10-2012,11:45,09-10-2012,
CDISCPILOT01,901-2001,X,Week 26,DISC1,Subject Disposition,Protocol Completed,Completed,,09-10-2012,,09-10-2012,
CDISCPILOT01,901-2001,X,Baseline,DISC1,Subject Disposition,Randomized,Randomized,,03-10-2012,,03-10-2012,
CDISCPILOT01,901-2002,X,Screening 1,DISC1,Subject Disposition,Screen Failure,Screen Failure,,03-02-2012,,03-02-2012,
CDISCPILOT01,902-2003,X,Baseline,DISC1,Subject Disposition,Randomized,Randomized,,04-10-2012,,04-10-2012,
CDISCPILOT01,902-2003,X,Unscheduled 5.1,DISC1,Subject Disposition,Death,Death,,06-04-2012,,06-03-2012,06/03/2012
""",
    "ec_raw.csv": """\
STUDY,PATNUM,VISITNAME,FOLDER,FOLDERL,IT.ECREFID,DRUGAD,IT.ECSTDAT,IT.ECENDAT,IT.ECDSTXT,IT.ECDOSU,DOSFM,DOSFRQ,IT.ECROUTE
CDISCPILOT01,901-2001,Baseline,EC,Exposure,123,XANOMELINE,10-Mar-2012,24-Mar-2012,54,Milligram,patch,Daily,Transdermal
CDISCPILOT01,901-2001,Week 2,EC,Exposure,123,XANOMELINE,25-Mar-2012,09-Sep-2012,81,Milligram,patch,Daily,Transdermal
CDISCPILOT01,902-2003,Baseline,EC,Exposure,123,PLACEBO,10-Apr-2012,,0,Milligram,patch,Daily,Transdermal
""",
}
DM = """\
USUBJID SUBJID SITEID BRTHDTC AGE SEX RACE ETHNIC ACTARMCD ARM ARMNRS COUNTRY DMDTC DMDY
01-901-2001 2001 901 1949-02-28 63 F WHITE HISPANIC|OR|LATINO Xan_Lo Xanomeline|High|Dose . USA 2012-02-29 -10
01-901-2002 2002 901 1942-03-01 70 M ASIAN HISPANIC|OR|LATINO . . SCREEN|FAILURE USA 2012-03-01 .
01-902-2003 2003 902 1931-04-02 81 M BLACK|OR|AFRICAN|AMERICAN . Pbo Placebo . USA 2012-04-02 -8
"""
DM_DATES = """\
USUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFICDTC RFPENDTC DTHDTC DTHFL
01-901-2001 2012-03-10 2012-09-10 2012-03-10 2012-09-09 2012-03-05 2012-09-10T11:45 . .
01-901-2002 . . . . . 2012-03-02 . .
01-902-2003 2012-04-10 2012-06-04 2012-04-10 . . 2012-06-04 2012-06-03 Y
"""
DS = """\
USUBJID DSSEQ DSTERM DSDECOD DSCAT VISITNUM VISIT EPOCH DSDTC DSSTDTC DSDY DSSTDY
01-901-2001 1 RANDOMIZED RANDOMIZED PROTOCOL|MILESTONE 3 BASELINE TREATMENT 2012-03-10 2012-03-10 1 1
01-901-2001 2 PROTOCOL|COMPLETED COMPLETED DISPOSITION|EVENT 13 WEEK|26 FOLLOW-UP 2012-09-10 2012-09-10 185 185
01-901-2001 3 FINAL|LAB|VISIT FINAL|LAB|VISIT OTHER|EVENT 13 WEEK|26 FOLLOW-UP 2012-09-10T11:45 2012-09-10 185 185
01-901-2002 1 SCREEN|FAILURE SCREEN|FAILURE DISPOSITION|EVENT 1 SCREENING|1 SCREENING 2012-03-02 2012-03-02 . .
01-902-2003 1 RANDOMIZED RANDOMIZED PROTOCOL|MILESTONE 3 BASELINE TREATMENT 2012-04-10 2012-04-10 1 1
01-902-2003 2 DEATH DEATH DISPOSITION|EVENT 5.1 UNSCHEDULED|5.1 TREATMENT 2012-06-04 2012-06-03 56 55
"""
EX = """\
USUBJID EXSEQ EXTRT EXDOSE EXDOSU EXDOSFRM EXDOSFRQ EXROUTE VISITNUM VISITDY EPOCH EXSTDTC EXENDTC EXSTDY EXENDY
01-901-2001 1 XANOMELINE 54 mg PATCH QD TRANSDERMAL 3 1 TREATMENT 2012-03-10 2012-03-24 1 15
01-901-2001 2 XANOMELINE 81 mg PATCH QD TRANSDERMAL 4 14 TREATMENT 2012-03-25 2012-09-09 16 184
01-902-2003 1 PLACEBO 0 mg PATCH QD TRANSDERMAL 3 1 TREATMENT 2012-04-10 . 1 .
"""


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("raw")
    for name, text in RAW.items():
        (folder / name).write_text(text, "utf-8")
    return convert(folder, tmp_path_factory.mktemp("converted") / "out", study="cdiscpilot01")


def rows(file: Path, names: list[str]) -> list[list[str]]:
    """The cells of these columns as text, missing as a point."""
    frame, _ = pyreadstat.read_xport(str(file))
    texts = frame[names].map(
        lambda cell: cell if isinstance(cell, str) else f"{cell:.15g}".replace("nan", "")
    )
    return [[cell.replace(" ", "|") or "." for cell in row] for row in texts.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("name", "expected"), [("dm", DM), ("dm", DM_DATES), ("ds", DS), ("ex", EX)]
)
def test_made_up_subjects(made_up: Summary, name: str, expected: str) -> None:
    head, *lines = (line.split() for line in expected.splitlines())
    assert rows(made_up.out / "sdtm" / f"{name}.xpt", head) == lines


def test_nothing_to_complain_about(made_up: Summary) -> None:
    assert made_up.findings.empty


STORY = """\
CDISCPILOT01, subject 2003
2003 of study CDISCPILOT01.

Who
  2003 (01-902-2003) is a man aged 81 years, at site 902 in USA.

Dates
  Treatment began on 2012-04-10.
  The study ended on 2012-06-03 (day 55): death.
  The subject died on 2012-06-03.

Doses
  Given were 0 mg on day 1.

Numbers are shown with at most 6 digits; the datasets hold them in full.
"""


def test_the_story_of_a_study_that_says_nothing_of_it(made_up: Summary) -> None:
    """Without narrative.yaml and results: what CDISC's names tell, and no more."""
    assert story_text(explain(made_up.out, "2003", study="cdiscpilot01")) == STORY
    assert made_up.results == []


PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "cdisc_pilot"


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published study is not beside the checkout")
def test_the_published_study(tmp_path: Path) -> None:
    """Every cell is as published, but for the differences that are explained one by one."""
    summary = convert(PUBLISHED / "raw", tmp_path / "out", study="cdiscpilot01")
    explained = summary.study.folder / "differences.yaml"
    found = compare(tmp_path / "out" / "sdtm", PUBLISHED / "sdtm", explained=explained)
    assert found.clean, as_text(found)
    assert found.counts.to_numpy().tolist() == [
        # records: first, second, in both; cells: all, equal, explained, unexplained
        ["DM", 306, 306, 306, 8568, 8026, 542, 0],
        ["DS", 850, 850, 850, 10200, 10200, 0, 0],
        ["EX", 591, 591, 591, 10047, 10047, 0, 0],
    ]
    assert summary.findings.empty


def test_no_code_knows_the_study() -> None:
    sources = (Path(__file__).parents[2] / "src").rglob("*.py")
    assert not [path for path in sources if "pilot" in path.read_text("utf-8").lower()]
