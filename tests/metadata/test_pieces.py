"""COVAL1 and TSVAL1: which variables a long text goes on in, and mistakes in them."""

from __future__ import annotations

import pytest

from ivig_cdisc.metadata import continuations, pieces

from .conftest import StudyFolder

IN_BOTH = "a text goes on in variables or in SUPP--, not in both"
TOO_SHORT = "a text goes on where 200 bytes are full, and its pieces have as many"
UNKNOWN = "is not a variable of CO in SDTMIG 3.4"
CO = """\
dataset: CO
keys: [STUDYID, USUBJID]
shared: [STUDYID, DOMAIN, USUBJID, COSEQ]
rows: [{take: subjects}]
variables:
  RDOMAIN: {value: DM}
  COVAL: {from: country}
"""


def comments(study: StudyFolder, more: str) -> StudyFolder:
    study.write("sdtm/co.yaml", f"{CO}{more}")
    return study


def test_the_guide_says_what_they_are(study: StudyFolder) -> None:
    more = "  COVAL2: {from: COVAL}\n  COVAL1: {from: COVAL}\n  COEVAL: {value: INVESTIGATOR}\n"
    co = comments(study, more).load().dataset("CO")
    assert co.columns[-4:] == ("COVAL", "COVAL1", "COVAL2", "COEVAL")
    made = [co.variable(name) for name in ("COVAL", "COVAL1", "COVAL2")]
    assert [(v.label, v.type, v.length, v.core, v.role) for v in made] == [
        ("Comment", "Char", 200, "Req", "Topic"),
        ("Comment 1", "Char", 200, "Perm", "Topic"),
        ("Comment 2", "Char", 200, "Perm", "Topic"),
    ]
    assert pieces(co) == {"COVAL": ("COVAL1", "COVAL2")}
    assert not {"COVAL", "COVAL1", "COVAL2"} & set(continuations(co))


@pytest.mark.parametrize(
    "more",
    [
        "",
        "  COVAL1: {from: site}\n",  # is of something else
        "  COVAL1: {value: X}\n",
    ],
)
def test_nothing_goes_on_in_what_is_wired_otherwise(study: StudyFolder, more: str) -> None:
    assert pieces(comments(study, more).load().dataset("CO")) == {}


def test_a_shorter_text_does_not_go_on(study: StudyFolder) -> None:
    study.change("study.yaml", "terms:\n", "lengths: {COVAL: 100}\nterms:\n")
    co = comments(study, "  COVAL1: {from: COVAL}\n").load().dataset("CO")
    assert pieces(co) == {}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            "  COVAL2: {from: COVAL}\n",
            "sdtm/co.yaml:8: variables.COVAL2: COVAL1 comes before it, and is not here",
        ),
        (
            "  COVAL0: {from: COVAL}\n",
            f"sdtm/co.yaml:8: variables.COVAL0: COVAL0 {UNKNOWN} (did you mean COVAL?)",
        ),
        (
            "  TSVAL1: {from: COVAL}\n",
            f"sdtm/co.yaml:8: variables.TSVAL1: TSVAL1 {UNKNOWN}",
        ),
        (
            "  COVAL1:\n    from: COVAL\n    supplemental: More\n",
            f"sdtm/co.yaml:10: variables.COVAL1.supplemental: {IN_BOTH}",
        ),
        (
            "  COVAL1: {from: COVAL, supplemental: {label: More, origin: CRF}}\n",
            f"sdtm/co.yaml:8: variables.COVAL1.supplemental: {IN_BOTH}",
        ),
        (
            "  COVAL1:\n    from: COVAL\n    where: COSEQ = 99\n",
            (
                "sdtm/co.yaml:10: variables.COVAL1.where: "
                "a text goes on wherever it is long; say it of the text itself"
            ),
        ),
        (
            "  COVAL1: {from: COVAL, type: Num}\n",
            "sdtm/co.yaml:8: CO.COVAL1: is Num and COVAL is text: derive number",
        ),
        (
            "  COVAL1: {from: COVAL}\n  COVAL2: {from: COVAL, length: 199}\n",
            f"sdtm/co.yaml:9: variables.COVAL2.length: {TOO_SHORT}",
        ),
    ],
)
def test_mistakes(study: StudyFolder, more: str, reason: str) -> None:
    assert comments(study, more).problems() == [reason]


@pytest.mark.parametrize("entry", ["COVAL1", "--VAL1"])
def test_lengths_of_the_study_are_not_shorter_either(study: StudyFolder, entry: str) -> None:
    lengths = f"lengths:\n  USUBJID: 20\n  {entry}: 199\n  others: data\n"
    study.change("study.yaml", "terms:\n", f"{lengths}terms:\n")
    comments(study, "  COVAL1: {from: COVAL}\n")
    assert study.problems() == [f"study.yaml:23: lengths.{entry}: {TOO_SHORT}"]


@pytest.mark.parametrize(
    ("lengths", "more"),
    [
        ("{COVAL1: 200}", "{from: COVAL}"),
        ("{COVAL1: data}", "{from: COVAL}"),
        ("{COVAL1: 20}", "{from: COVAL, length: 200}"),  # what the dataset says comes first
        ("{COVAL1: 20}", "{from: site}"),  # is no piece
        ("data", "{from: COVAL, length: 200}"),
    ],
)
def test_lengths_that_a_piece_can_have(study: StudyFolder, lengths: str, more: str) -> None:
    study.change("study.yaml", "terms:\n", f"lengths: {lengths}\nterms:\n")
    assert comments(study, f"  COVAL1: {more}\n").problems() == []
