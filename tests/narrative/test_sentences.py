"""Single sentences, from records made for the purpose."""

from __future__ import annotations

from typing import Any

import pytest

from ivig_cdisc.narrative.disposition import rescue
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
    told = events(Told(AE=[event])).sentences  # type: ignore[arg-type]
    assert told[-1].replace(": .", ":.") == said


def test_rescue_drugs_stand_in_the_order_of_their_dates() -> None:
    """The 25th of an unknown month may be of January: after 2024-01-20, before which its letters would stand."""
    starts = {
        "A": "2024-02",
        "B": "2024---25",
        "C": None,
        "D": "2023-12-31T08:00",
        "E": "2024-01-20",
        "F": "--01-01",
    }
    drugs = [{"CMTRT": n, "CMCAT": "RESCUE MEDICATION", "CMSTDTC": s} for n, s in starts.items()]
    given = [{name: value for name, value in drug.items() if value} for drug in drugs]
    told = rescue(Told(CM=given)).sentences  # type: ignore[arg-type]
    assert [sentence[0] for sentence in told] == ["D", "E", "B", "A", "C", "F"]
