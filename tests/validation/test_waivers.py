"""Waivers: what they may say, what they name, and what becomes of them when the data change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ivig_cdisc.findings import failing, findings, gather, with_fingerprints
from ivig_cdisc.metadata import Place, Waiver, specs_root
from ivig_cdisc.metadata.document import read
from ivig_cdisc.testing import records
from ivig_cdisc.validation import waive

FOUND = with_fingerprints(
    gather(
        [
            findings(
                severity="error",
                rule=["END-BEFORE-START", "END-BEFORE-START", "RAW-NUMBER"],
                dataset=["AE", "CM", "vitals"],
                subject=["01-007", "02-003", "01-004"],
                key=["AESPID=2", "CMSPID=2", None],
                variable=["AEENDTC", "CMENDTC", "sbp"],
                value=["2018-03-09", "2017-10-20", "12o"],
                message="It does not hold.",
                file=["adverse_events.csv", "medications.csv", "vitals.csv"],
                line=[15, 17, 14],
            )
        ]
    )
)
AE, CM, VITALS = FOUND["fingerprint"]
CM_NAMED = {
    "rule": "END-BEFORE-START",
    "dataset": "CM",
    "subject": "02-003",
    "key": "CMSPID=2",
    "variable": "CMENDTC",
}
AE_SAID = "END-BEFORE-START, AE, 01-007, AESPID=2, AEENDTC"
CM_SAID = "END-BEFORE-START, CM, 02-003, CMSPID=2, CMENDTC"
GONE = "its data or rule changed, or it is mistyped"


def _slip(fingerprint: str) -> str:
    """With its 8th digit missing, and one more at the end: all behind it stand elsewhere."""
    return f"{fingerprint[:7]}{fingerprint[8:]}0"


def waiver(line: int = 7, **entries: Any) -> Waiver:
    said = {"reason": "Seen in the source.", "who": "A. de Vries", "date": "2021-01-12"}
    place = Place(file=Path("specs/study/waivers.yaml"), line=line)
    return Waiver(**{**said, **entries}, place=place)


def outcome(*waivers: Waiver, **more: Any) -> list[tuple[Any, ...]]:
    return records(waive(FOUND, waivers, **more), "rule", "dataset", "waived")


SEEN = "Seen in the source (A. de Vries, 2021-01-12)"
OPEN = [
    ("END-BEFORE-START", "AE", None),
    ("END-BEFORE-START", "CM", None),
    ("RAW-NUMBER", "vitals", None),
]


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ({"fingerprint": AE}, 0),
        ({"fingerprint": AE, "rule": "END-BEFORE-START", "subject": "01-007"}, 0),
        (CM_NAMED, 1),
        (
            {"rule": "RAW-NUMBER", "dataset": "vitals", "subject": "01-004", "variable": "sbp"},
            2,
        ),  # has no key
    ],
)
def test_a_waiver_names_a_finding(entries: dict[str, str], place: int) -> None:
    expected = [(*line[:2], SEEN if i == place else None) for i, line in enumerate(OPEN)]
    assert outcome(waiver(**entries)) == expected


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({"fingerprint": "0123456789abcdef"}, f"{GONE}: 0123456789abcdef."),  # like none of them
        (
            {"fingerprint": _slip(AE)},
            f"there is no fingerprint {_slip(AE)}; did you mean {AE} ({AE_SAID})?",
        ),
        (
            {"fingerprint": f"{AE}-2"},
            f"there is no fingerprint {AE}-2; did you mean {AE} ({AE_SAID})?",
        ),
        (
            {"fingerprint": AE, "rule": "OTHER"},
            f"its fingerprint is that of another finding: {AE_SAID}.",
        ),
        (  # the value is another one than when it was waived
            {"fingerprint": "0123456789abcdef", "rule": "END-BEFORE-START", "subject": "01-007"},
            f"its data changed, and the finding on {AE_SAID} is now {AE}.",
        ),
        (
            {"fingerprint": "0123456789abcdef", "rule": "RAW-DATE"},
            f"{GONE}: RAW-DATE, 0123456789abcdef.",
        ),
        (  # the finding has a key
            {**CM_NAMED, "key": ""},
            f"{GONE}: END-BEFORE-START, CM, 02-003, CMENDTC; the finding nearest to it is {CM_SAID}.",
        ),
        (
            {**CM_NAMED, "subject": "02-030"},
            f"{GONE}: END-BEFORE-START, CM, 02-030, CMSPID=2, CMENDTC; the finding nearest to it is {CM_SAID}.",
        ),
        ({"rule": "CYCLE", "dataset": "EX", "subject": "9"}, f"{GONE}: CYCLE, EX, 9."),
    ],
)
def test_a_waiver_that_names_nothing_says_what_comes_near(
    entries: dict[str, str], why: str
) -> None:
    found = waive(FOUND, [waiver(line=12, **entries)])
    assert found["waived"].isna().all()
    message = (
        f"The waiver in waivers.yaml, line 12, names no finding: {why} "
        "It said: Seen in the source (A. de Vries, 2021-01-12)."
    )
    columns = ("severity", "rule", "file", "line", "message")
    assert records(found.iloc[[-1]], *columns) == [
        ("note", "WAIVER-EXPIRED", "waivers.yaml", 12, message)
    ]
    assert found["fingerprint"].str.fullmatch("[0-9a-f]{16}").all()


def test_nothing_expires_where_not_all_was_examined() -> None:
    assert outcome(waiver(fingerprint="0123456789abcdef"), complete=False) == OPEN


def test_the_first_of_two_waivers_has_the_word() -> None:
    assert (
        outcome(waiver(fingerprint=CM, reason="First"), waiver(**CM_NAMED))[1][2]
        == "First (A. de Vries, 2021-01-12)"
    )


def test_waived_findings_do_not_fail_a_run() -> None:
    found = waive(FOUND, [waiver(fingerprint=AE), waiver(fingerprint=VITALS)])
    assert records(failing(found), "dataset") == [("CM",)]
    assert len(found) == len(FOUND)


def test_waiving_again_starts_anew() -> None:
    assert (
        records(waive(waive(FOUND, [waiver(fingerprint=AE)]), []), "rule", "dataset", "waived")
        == OPEN
    )
    assert waive(gather([]), []).empty


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({}, "needs a fingerprint, or rule and dataset with subject, key and variable"),
        ({"rule": "R"}, "needs a fingerprint, or rule and dataset with subject, key and variable"),
        ({"fingerprint": "8FADDAB6F9C1D9AC"}, "is not a fingerprint"),
        ({"fingerprint": AE, "date": "12-01-2021"}, "is not a date YYYY-MM-DD"),
        ({"fingerprint": AE, "date": "2021-02-30"}, "day"),
        ({"fingerprint": AE, "reason": ""}, "at least 1 character"),
        ({"fingerprint": AE, "who": ""}, "at least 1 character"),
        ({"fingerprint": AE, "why": "x"}, "Extra inputs"),
    ],
)
def test_what_a_waiver_may_not_say(entries: dict[str, str], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        waiver(**entries)


def test_fingerprints_of_digits_are_text(tmp_path: Path) -> None:
    """YAML would read them as numbers."""
    file = tmp_path / "waivers.yaml"
    file.write_text(
        "- {fingerprint: 1234567890123456}\n- {fingerprint: 0123456789012345-2}\n", "utf-8"
    )
    prints = [waiver(**entry).fingerprint for entry in read(file).data]
    assert prints == ["1234567890123456", "0123456789012345-2"]


def test_the_sample_of_the_example_is_a_waiver(tmp_path: Path) -> None:
    """It stands there as a comment, so nothing is waived."""
    written = (specs_root() / "study" / "ntr6160" / "waivers.yaml").read_text("utf-8")
    assert not re.findall(r"^[^#]", written, re.MULTILINE)
    sample = tmp_path / "waivers.yaml"
    sample.write_text(
        "\n".join(line[2:] for line in written.splitlines() if re.match("# (-|  )", line)), "utf-8"
    )
    text = sample.read_text("utf-8")
    sample.write_text(text[text.index("- fingerprint") :], "utf-8")
    place = Place(file=sample, line=1)
    assert [Waiver(**entry, place=place).rule for entry in read(sample).data] == [
        "END-BEFORE-START",
        "CYCLE-INTERVAL",
    ]
