"""The closing summary on five subjects small enough to count by hand."""

import math

import pandas as pd
import pytest

from ivig_cdisc.results import Line, primary

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


def lines(adsl: pd.DataFrame) -> dict[str, Line]:
    return {line.id: line for line in primary(adsl, ADTIS, ADTTE)}


def test_texts() -> None:
    assert {line.id: line.text for line in primary(ADSL, ADTIS, ADTTE)} == {
        "EFFFL": "3/4",
        "RESP40": "1/3 = 33.3 % (95 % CI 0.8 to 90.6)",
        "RESPBY40": "2/3 = 66.7 % (95 % CI 9.4 to 99.2)",
        "TTMOD": "43 days (95 % CI 22 days to not reached; 2/3 events)",
        "RESCFL": "1/3",
    }


def test_numbers() -> None:
    result = lines(ADSL)
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
        for line in primary(ADSL.astype(keys), ADTIS.astype({**keys, "PARAMCD": "category"}), ADTTE)
    ]
    assert texts == [line.text for line in primary(ADSL, ADTIS, ADTTE)]


def test_nobody_in_the_efficacy_set() -> None:
    result = lines(ADSL.assign(EFFFL="N"))
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
    first = {line.id: line.text for line in primary(adsl, adtis, adtte)}
    assert first["RESP40"].startswith("1/16 = 6.3 %")
    assert first["TTMOD"] == "not reached (95 % CI not reached to not reached; 0/16 events)"
