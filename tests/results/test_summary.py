"""The closing summary on five subjects small enough to count by hand."""

import math
from itertools import pairwise

import pandas as pd
import pytest

from ivig_cdisc.metadata import Analysis, load
from ivig_cdisc.results import Line, kept, lines

ANALYSES = load("ntr6160")[0].results
Frame = pd.DataFrame


def told(adsl: Frame, adtis: Frame, adtte: Frame) -> list[Line]:
    return lines(ANALYSES, [kept(ANALYSES, {"ADSL": adsl, "ADTIS": adtis, "ADTTE": adtte})])


def analysis(**words: object) -> Analysis:
    """An analysis of ADSL; only what it says beside that is named."""
    usual = {"id": "A", "title": "Who", "set": {"take": "ADSL"}, "method": "share", "order": 1}
    return Analysis.model_validate({**usual, "place": {"file": "x.yaml", "line": 1}, **words})


ADSL = pd.DataFrame(
    [
        ("01", "Y", "Y", None),
        ("02", "Y", "Y", "Y"),
        ("03", "Y", "Y", None),
        (
            "04",
            "Y",
            "N",
            "Y",
        ),  # treated, excluded from efficacy: counts nowhere but in "of those treated"
        ("05", "N", "N", None),  # screen failure
    ],
    columns=["USUBJID", "SAFFL", "EFFFL", "RESCFL"],
)
ADTIS = pd.DataFrame(
    [
        ("01", "RESP40", 1.0, "Y"),
        ("02", "RESP40", 0.0, "N"),  # rescued: imputed as non-responder
        ("03", "RESP40", 0.0, "N"),
        ("04", "RESP40", 1.0, "Y"),
        ("01", "RESPBY40", 1.0, "Y"),
        ("02", "RESPBY40", 0.0, "N"),
        ("03", "RESPBY40", 1.0, "Y"),
        ("04", "RESPBY40", 1.0, "Y"),
        ("01", "TIS", 1.0, None),  # a score of 1 point is not a response
    ],
    columns=["USUBJID", "PARAMCD", "AVAL", "AVALC"],
)
ADTTE = pd.DataFrame(
    [
        ("01", "TTMOD", 22.0, 0),
        ("02", "TTMOD", 30.0, 1),
        ("03", "TTMOD", 43.0, 0),
        ("04", "TTMOD", 1.0, 0),
        ("01", "TTMIN", 1.0, 0),
    ],
    columns=["USUBJID", "PARAMCD", "AVAL", "CNSR"],
)


def by_id(adsl: Frame) -> dict[str, Line]:
    return {line.id: line for line in told(adsl, ADTIS, ADTTE)}


def test_texts() -> None:
    assert {line.id: line.text for line in told(ADSL, ADTIS, ADTTE)} == {
        "EFFFL": "3/4",
        "RESP40": "1/3 = 33.3 % (95 % CI 0.8 to 90.6)",
        "RESPBY40": "2/3 = 66.7 % (95 % CI 9.4 to 99.2)",
        "TTMOD": "43 days (95 % CI 22 days to not reached; 2/3 events)",
        "RESCFL": "1/3",
    }


def test_numbers() -> None:
    result = by_id(ADSL)
    assert (result["RESP40"].count, result["RESP40"].total) == (1, 3)
    assert result["RESP40"].lower == pytest.approx(
        1 - 0.975 ** (1 / 3)
    )  # one responder: a closed form
    assert result["TTMOD"].estimate == 43
    assert math.isnan(result["TTMOD"].upper)


def test_keys_may_be_categories() -> None:
    keys = {"USUBJID": "category"}
    texts = [
        line.text
        for line in told(ADSL.astype(keys), ADTIS.astype({**keys, "PARAMCD": "category"}), ADTTE)
    ]
    assert texts == [line.text for line in told(ADSL, ADTIS, ADTTE)]


def test_nobody_in_the_efficacy_set() -> None:
    result = by_id(ADSL.assign(EFFFL="N"))
    assert [result[id].text for id in ("EFFFL", "RESP40", "TTMOD", "RESCFL")] == [
        "0/4",
        "0/0",
        "no subjects",
        "0/0",
    ]


def test_half_a_tenth_of_a_percent_is_rounded_up() -> None:
    sixteen = [f"{i:02}" for i in range(16)]
    adsl = pd.DataFrame({"USUBJID": sixteen, "SAFFL": "Y", "EFFFL": "Y", "RESCFL": None})
    adtis = pd.DataFrame({"USUBJID": sixteen, "PARAMCD": "RESP40", "AVAL": [1.0] + [0.0] * 15})
    adtte = pd.DataFrame({"USUBJID": sixteen, "PARAMCD": "TTMOD", "AVAL": 63.0, "CNSR": 1})
    first = {line.id: line.text for line in told(adsl, adtis, adtte)}
    assert first["RESP40"].startswith("1/16 = 6.3 %")
    assert first["TTMOD"] == "not reached (95 % CI not reached to not reached; 0/16 events)"


def test_the_primary_outcome_is_the_one_whose_purpose_says_so() -> None:
    assert [line.id for line in told(ADSL, ADTIS, ADTTE) if line.is_primary] == ["RESP40"]


def test_a_result_whose_dataset_was_not_made_is_not_told() -> None:
    made = lines(ANALYSES, [kept(ANALYSES, {"ADSL": ADSL})])
    assert [line.id for line in made] == ["EFFFL", "RESCFL"]
    assert lines(ANALYSES, []) == []


@pytest.mark.parametrize("cuts", [[0, 5], [0, 1, 5], [0, 2, 3, 5]])
def test_parts_of_the_subjects_add_up(cuts: list[int]) -> None:
    parts = []
    for start, stop in pairwise(cuts):
        people = ADSL.iloc[start:stop]
        mine = {
            "ADSL": people,
            "ADTIS": ADTIS[ADTIS["USUBJID"].isin(people["USUBJID"])],
            "ADTTE": ADTTE[ADTTE["USUBJID"].isin(people["USUBJID"])],
        }
        parts.append(kept(ANALYSES, mine))
    assert repr(lines(ANALYSES, parts)) == repr(told(ADSL, ADTIS, ADTTE))  # NaN is not NaN


def test_a_result_for_each_group() -> None:
    adsl = pd.DataFrame(
        {
            "USUBJID": ["1", "2", "3", "4"],
            "ARM": ["A", "B", "B", None],  # who is in no group is in no line
            "GRADE": [1.0, 2.0, 2.0, 1.0],
            "SAFFL": ["Y", "Y", "N", "Y"],
        }
    )
    grouped = analysis(event={"SAFFL": ["Y"]}, by=["ARM", "GRADE"])
    made = lines([grouped], [kept([grouped], {"ADSL": adsl})])
    assert [(line.label, line.text) for line in made] == [
        ("Who, A, 1", "1/1"),
        ("Who, B, 2", "1/2"),
    ]


def test_a_time_that_is_missing_is_left_out_and_told() -> None:
    adtte = ADTTE.assign(AVAL=[22.0, float("nan"), 43.0, 1.0, 1.0])
    (line,) = [line for line in told(ADSL, ADTIS, adtte) if line.id == "TTMOD"]
    assert line.text == "32.5 days (95 % CI 22 days to not reached; 2/2 events; 1 without a time)"
    assert (line.count, line.total) == (2, 2)
