"""Single sentences, from records made for the purpose."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.metadata import parsed
from ivig_cdisc.narrative.filling import filled, first_said
from ivig_cdisc.narrative.passages import _ordered
from ivig_cdisc.narrative.safety import events


class Told:
    """A subject with these records."""

    facts: dict[str, Any] = {}

    def __init__(self, **records: list[dict[str, Any]]) -> None:
        self._records = records

    def records(self, dataset: str) -> list[dict[str, Any]]:
        return self._records.get(dataset, [])

    def asked(self, _dataset: str, _variable: str) -> bool:
        return False


@pytest.mark.parametrize(
    ("submitted", "said"),
    [
        ("Y", "Rash: related."),  # the answer to a question, which a sentence does not have
        ("N", "Rash: not related."),
        ("U", "Rash: relation unknown."),
        ("PROBABLY RELATED", "Rash: probably related."),
        (None, "Rash:."),
    ],
)
def test_the_causality_of_an_event(submitted: str | None, said: str) -> None:
    event = {"AETERM": "Rash"} | ({"AEREL": submitted} if submitted else {})
    told = events(Told(AE=[event]))  # type: ignore[arg-type]
    assert told[-1].replace(": .", ":.") == said


def test_records_stand_in_the_order_of_their_dates() -> None:
    """The 25th of an unknown month may be of January: after 2024-01-20, before which its letters would stand."""
    starts = {
        "A": "2024-02",
        "B": "2024---25",
        "C": None,
        "D": "2023-12-31T08:00",
        "E": "2024-01-20",
        "F": "--01-01",
    }
    drugs = pd.DataFrame({"CMTRT": list(starts), "CMSTDTC": list(starts.values())}, dtype="str")
    assert list(_ordered(drugs, ["CMSTDTC"])["CMTRT"]) == ["D", "E", "B", "A", "C", "F"]
    # those without a date stay last when the order descends
    assert list(_ordered(drugs, ["-CMSTDTC"])["CMTRT"]) == ["A", "B", "E", "D", "C", "F"]


KNOWN = {
    "DOSE": 40.0,
    "UNIT": "g",
    "PART": 1.01902345,
    "DAY": pd.Timestamp("2017-03-06"),
    "MOMENT": pd.Timestamp("2017-03-06T09:20"),
    "MONTH": "2017-02",
    "DATE": "2017-02-03",
    "TERM": "MILD",
    "ONE": 1.0,
    "ZERO": 0.0,
    "EMPTY": "",
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{DOSE} {UNIT}", "40 g"),
        ("{PART} and {PART:.2f}", "1.01902 and 1.02"),
        ("{DAY}, {MOMENT}", "2017-03-06, 2017-03-06 at 09:20:00"),
        ("{DATE:when}, {MONTH:when}, {DAY:when}", "on 2017-02-03, in 2017-02, on 2017-03-06"),
        ("{TERM:lower} ({TERM})", "mild (MILD)"),
        ("{ONE:count day}, {ZERO:count day}, {DOSE:count day}", "1 day, 0 days, 40 days"),
        ("{TERM:.2f} {TERM:count day}", "MILD MILD"),  # a format of numbers does nothing to text
        ("{NONE}", None),
        ("{EMPTY}", None),  # empty text is missing
        ("{DOSE}[ for {NONE}]", "40"),
        ("{DOSE}[ of {UNIT}[ on {NONE}]]", "40 of g"),
        ("[{NONE} and {DOSE}]", ""),
    ],
)
def test_filling(text: str, said: str | None) -> None:
    assert filled(text, KNOWN.get) == said


def test_the_first_sentence_that_can_be_said() -> None:
    assert first_said(["on {NONE}", "at {UNIT}", "{DOSE}"], KNOWN.get) == "At g."
    assert first_said(["on {NONE}"], KNOWN.get) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a [b", "has a [ without a ]"),
        ("a] b", "has a ] without a ["),
        ("a {b", "{ is not a value"),
        ("a } b", "} is not a value"),
        ("{}", "{} is not a value"),
        ("{A B}", "{A B} is not a value"),
        ("{A:lowr}", "lowr is not a format"),
        ("{A:count}", "count is not a format"),
    ],
)
def test_sentences_that_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"is not|has a") as error:
        parsed(text)
    assert str(error.value).startswith(reason)
