"""Stories of the example's subjects, sentence by sentence."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc import convert
from ivig_cdisc.errors import CdiscError, ExportError
from ivig_cdisc.narrative import PatientNarrative, Section, Table, as_html, as_text, explain
from ivig_cdisc.output import open_output

from .conftest import RAW

WHOLE = """\
NTR6160, subject 03-003
03-003 was not treated: screen failure.

Who
  03-003 (NTR6160-03-003) is a subject of sex 3 aged 59 years, at site 03 in NLD.
  The diagnosis is dermatomyositis.
  The symptoms began in 2017-12.
  The subject does not belong to the safety set: screen failure.

Dates
  Informed consent was given on 2018-05-22.
  There was no treatment.
  The study ended on 2018-05-28: screen failure ("Prednisolone started by the referring hospital").

Imputations
  The birth date is known as 1959: the age is the difference of the years.

Findings
  Error: Completed is N, but the reason for the end of the study is COMPLETED. \
[COMPLETION-DISAGREES, end_of_study.csv:18:reason]
  Error: 3 is not a term of the codelist Sex (C66731). [SPEC-CODELIST, subjects.csv:18:sex]
  Error: "3" is not a known code; expected 1, 2. [RAW-CODE, subjects.csv:18:sex]
  Note: Born 1959, consent 2018-05-22 leave two ages. AGE, 59, is the difference of the years. \
[AGE-NOT-DECIDED, subjects.csv:18:birth_date]

Numbers are shown with at most 6 digits; the datasets hold them in full.
"""


def told(out: Path, subject: str) -> dict[str, list[str]]:
    """The sentences of each section."""
    return {
        section.title: [
            *section.sentences,
            *(section.table.sentences if section.table else ()),
            *section.after,
        ]
        for section in explain(out, subject).sections
    }


@pytest.mark.parametrize("subject", ["02-001", "03-003"])
def test_the_records_of_a_subject_are_those_of_the_whole(out: Path, subject: str) -> None:
    """Steps between the files too, which are made again of this subject's records alone."""
    usubjid = f"NTR6160-{subject}"
    opened = open_output(out)
    datasets = opened.of_subject(usubjid)
    assert {"DM", "LB", "ADSL", "ADTTE"} <= set(datasets)
    for name, dataset in datasets.items():
        mine = opened.datasets[name].frame
        if "USUBJID" in mine:  # trial design is of no subject
            mine = mine[mine["USUBJID"].eq(usubjid)].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            dataset.frame, mine, check_dtype=False, check_categorical=False
        )


def test_a_screen_failure_as_a_whole(out: Path) -> None:
    assert as_text(explain(out, "03-003")) == WHOLE


def test_a_responder(out: Path) -> None:
    story = told(out, "02-001")
    assert story["Who"] == [
        "02-001 (NTR6160-02-001) is a woman aged 46 years, at site 02 in NLD.",
        "The diagnosis is dermatomyositis.",
        "The symptoms began in 2017-02, 3.2 months before treatment.",
        "The subject belongs to the safety set.",
        "The subject belongs to the efficacy set.",
    ]
    assert story["Doses"][1:] == [
        (
            "Cycle 2: planned 1 g/kg, given 1.01902 g/kg, 21 days after the cycle before; "
            "40 g on day 22 and 35 g on day 23."
        ),
        (
            "Cycle 3: planned 1 g/kg, given 1.01626 g/kg, 21 days after the cycle before; "
            "40 g on day 43 and 35 g on day 44."
        ),
        "Altogether 300 g or 4.06231 g/kg in 3 cycles.",
    ]
    assert (
        story["Week 3"][0] == "The score is 50 (moderate improvement), dated 2017-06-01 (day 25)."
    )
    assert story["Week 3"][1] == (
        "Physician Global Activity (cm): 4.2 on 2017-06-01 (day 25), from 6.1 at baseline, "
        "improvement 19 % of the range, 15 points."
    )
    # day 19 and day 25 are both three days from day 22
    assert story["Week 3"][-1] == (
        "All measures: records of days 19 and 25 lie in the window (days 12 to 32); that of day 25 is analysed, the "
        "later of those equally near to target day 22."
    )
    assert story["Response"] == [
        "Responder at Week 9: the score of 72.5 on 2017-07-11 (day 65) is at least 40.",
        "Responder by Week 9: the first score of at least 40 that counts is 50 on 2017-06-01 (day 25) at Week 3.",
    ]
    assert story["Times to event"][1:3] == [
        (
            "Time to Moderate Improvement (days): event on day 25 (2017-06-01), "
            "first moderate improvement, from ADTIS.ADT."
        ),
        (
            "Time to Rescue Medication (days): censored on day 65 (2017-07-11), "
            "end of study and no rescue medication, from ADSL.EOSDT."
        ),
    ]
    assert "Rescue" not in story


def test_a_rescued_subject(out: Path) -> None:
    """45 points in Week 6, after rescue: they do not count."""
    story = told(out, "01-006")
    assert story["Dates"][-1] == (
        'The study ended on 2017-12-27 (day 45): lack of efficacy ("Rescue medication needed").'
    )
    assert story["Rescue"] == [
        "Rescue medication began on 2017-12-11.",
        (
            "Methylprednisolone 1000 mg ONCE intravenous from 2017-12-11 to 2017-12-11 for "
            "insufficient efficacy of study treatment."
        ),
        "Prednisolone 60 mg QD oral from 2017-12-14 for insufficient efficacy of study treatment.",
    ]
    assert story["Week 6"][:2] == [
        "The score is 45 (moderate improvement), dated 2017-12-27 (day 45).",
        "That is after the start of rescue medication, so it is no response.",
    ]
    assert story["Response"] == [
        (
            "Not a responder at Week 9, by non-responder imputation: there is no score at Week 9; "
            "rescue medication began on 2017-12-11."
        ),
        (
            "Not a responder by Week 9: no score that counts is at least 40, "
            "the last being 10 on 2017-12-04 (day 22) at Week 3."
        ),
        (
            "The score of 45 on 2017-12-27 (day 45) is after the start of rescue medication "
            "and does not count."
        ),
    ]
    assert story["Imputations"] == [
        "Moderate Improvement at Week 9 (TIS >= 40): no by non-responder imputation."
    ]


def test_a_missing_part_and_what_follows(out: Path) -> None:
    story = told(out, "04-003")
    assert (
        story["Week 9"][2] == "Manual Muscle Testing MMT-8 (0-150): no value, so there is no score."
    )
    assert story["Response"][0] == (
        "Not a responder at Week 9, by non-responder imputation: there is no score at Week 9."
    )
    assert story["Adverse events"][1] == (
        "Leucocytes low, found by chance (LEUKOPENIA): mild, from an unknown date, treatment-emergence unknown, "
        "not serious, possibly related, outcome unknown."
    )


def test_a_subject_outside_the_efficacy_set(out: Path) -> None:
    story = told(out, "01-008")
    assert story["Who"][-1] == (
        "The subject does not belong to the efficacy set: Minimal weakness at baseline, ceiling effect."
    )
    assert story["Response"][-1] == (
        "This does not enter the efficacy analysis: the subject is not in the efficacy set."
    )
    assert story["Baseline"][-1] == (
        "The muscle enzyme is LDH, at baseline the highest in multiples of its upper limit."
    )
    assert story["Imputations"] == [
        "The birth date is known as 1985: the age is the difference of the years.",
        'The start of "Back pain", collected as 2018, is taken as 2018-05-14, since the month was unknown.',
    ]


def test_a_result_above_its_limit(out: Path) -> None:
    story = told(out, "03-001")
    assert (
        "Most Abnormal Muscle Enzyme (x ULN): 35.124 (collected as >85.00) on 2017-09-29 (day -3)."
        in story["Baseline"]
    )
    assert (
        "Most Abnormal Muscle Enzyme (x ULN) at Baseline: >85.00 is taken as that limit, which gives 35.124."
        in story["Imputations"]
    )


def test_the_nearest_of_several_records(out: Path) -> None:
    """40 or more on day 57, less on day 66, which is nearer to day 64."""
    story = told(out, "03-004")
    assert story["Week 9"][-1] == (
        "All measures: records of days 57 and 66 lie in the window (days 54 to 78); that of day 66 is analysed, the "
        "nearest to target day 64."
    )


def test_a_serious_event_decides_a_time(out: Path) -> None:
    frame = [explain(out, subject) for subject in ("01-002", "02-006", "03-005", "04-002")]
    times = [
        text
        for story in frame
        for s in story.sections
        if s.title == "Times to event"
        for text in s.sentences
    ]
    named = [
        text
        for text in times
        if re.search(r'event on day \d+ \([\d-]+\), first serious adverse event \("', text)
    ]
    assert named, "an event is named by its verbatim term"


@pytest.mark.parametrize("subject", ["01-006", "NTR6160-01-006", " 01-006 "])
def test_either_id_will_do(out: Path, subject: str) -> None:
    assert explain(out, subject).usubjid == "NTR6160-01-006"


def test_an_unknown_subject(out: Path) -> None:
    with pytest.raises(CdiscError, match=r"has no subject 01-06 \(did you mean 01-006\?\)"):
        explain(out, "01-06")
    with pytest.raises(
        CdiscError, match=r"has no subject 04-099: it stands in laboratory.csv:\d+, but not among"
    ):
        explain(out, "04-099")
    with pytest.raises(ExportError):
        explain(out / "sdtm", "01-006")


def test_every_subject_has_a_story_and_always_the_same(out: Path) -> None:
    subjects = [
        f"0{site}-00{n}"
        for site, most in ((1, 8), (2, 6), (3, 5), (4, 3))
        for n in range(1, most + 1)
    ]
    for subject in subjects[::5]:
        story = explain(out, subject)
        assert story == explain(out, subject)
        text = as_text(story)
        assert not re.search(
            r"nan|None|NaT|\.0 |, \.|,,| ,|\.\.|  \.", re.sub(r'"[^"]*"', "quoted", text)
        ), text


@pytest.mark.parametrize("only", ["DM", "AE", "ADSL", "EX", "ADTIS"])
def test_what_is_not_in_the_output_is_not_told(tmp_path: Path, only: str) -> None:
    part = convert(RAW, tmp_path / "out", only=[only], validate=False).out
    story = explain(part, "01-006")
    titles = [section.title for section in story.sections]
    assert titles[:2] == ["Who", "Dates"]
    assert ("Response" in titles) == (only == "ADTIS")
    assert "Times to event" not in titles


# ---------------------------------------------------------------- the page
class Reader(HTMLParser):
    """Text of a page, and its open elements."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "img", "iframe"}
        assert not {"src", "onclick"} & {name for name, _ in attrs}
        if tag not in {"meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return "\n".join(reader.text)


def test_the_page_says_the_same(out: Path) -> None:
    story = explain(out, "01-006")
    text = page(as_html(story))
    for section in story.sections:
        assert section.title in text
        assert all(sentence in text for sentence in (*section.sentences, *section.after))
    assert "{{" not in text


def test_the_page_escapes() -> None:
    nasty = "<script>alert('1')</script> & \"x\""
    table = Table((nasty,), ((nasty, nasty),), (nasty,))
    story = PatientNarrative(
        "S", nasty, nasty, nasty, nasty, nasty, (Section(nasty, (nasty,), table, (nasty,)),)
    )
    html = as_html(story)
    assert "<script" not in html
    assert page(html).count("alert('1')") == 11
