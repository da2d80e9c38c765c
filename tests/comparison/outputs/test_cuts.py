"""Cuts of the example that differ in little, and what the comparison says of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from ivig_cdisc import convert
from ivig_cdisc.comparison.outputs import Difference, as_json, as_text, diff
from ivig_cdisc.errors import CdiscError, ExportError, RawError
from ivig_cdisc.output import open_output

from .conftest import RAW, Cut, replaced, without

Make = Callable[..., Cut]
EVENT = (
    "01-001;4;Clot;DEEP VEIN THROMBOSIS;VASCULAR DISORDERS;20-03-2017;;1;2;1;0;0;1;0;0;0;2;0;9\n"
)


def compared(old: Cut, new: Cut, **options: Any) -> Difference:
    return diff(old.out, new.out, raw_old=old.raw, raw_new=new.raw, **options)


def moved(difference: Difference) -> dict[str, tuple[int, int, int]]:
    """Added, removed and changed of the datasets in which anything is."""
    counts = difference.counts.set_index("dataset")[["added", "removed", "changed"]]
    return {
        str(name): tuple(map(int, row))
        for name, row in zip(counts.index, counts.to_numpy())
        if row.any()
    }


def values(difference: Difference, dataset: str) -> list[tuple[str, str, str, str]]:
    cells = difference.cells[difference.cells["dataset"].eq(dataset)].fillna("")
    return list(cells[["key", "variable", "old", "new"]].itertuples(index=False, name=None))


def outcomes(difference: Difference) -> list[tuple[str, ...]]:
    frame = difference.outcomes[["subject", "parameter", "variable", "old", "new"]].fillna("")
    return list(frame.itertuples(index=False, name=None))


def causes(difference: Difference) -> set[tuple[object, ...]]:
    frame = difference.causes.astype("object").fillna("")
    columns = ["change", "file", "old_line", "new_line", "column", "old", "new"]
    return set(frame[columns].itertuples(index=False, name=None))


# ---------------------------------------------------------------- nothing differs
def test_an_output_and_itself(old: Cut) -> None:
    difference = compared(old, old)
    assert difference.same
    assert moved(difference) == {}
    assert len(difference.findings)
    assert as_text(difference).startswith("NTR6160: no difference between ")
    assert orjson.loads(as_json(difference))["same"] is True


def test_the_order_of_raw_lines_does_not_matter(old: Cut, cut: Make) -> None:
    def backwards(lines: list[str]) -> list[str]:
        return [lines[0], *reversed(lines[1:])]

    new = cut(
        dict.fromkeys(
            ("core_set.csv", "laboratory.csv", "infusions.csv", "end_of_study.csv"), backwards
        )
    )
    assert compared(old, new).same


# ---------------------------------------------------------------- one cell, one result
@pytest.fixture(scope="module")
def flipped(cut: Make) -> Cut:
    """15 % of the range exactly in the old cut, 16 % in the new: 37.5 points become 45."""
    shift = replaced("01-003;W9;14-08-2017;6.8;", "01-003;W9;14-08-2017;6.7;")
    # a record on top moves every line, which is no difference
    return cut(
        {
            "core_set.csv": lambda lines: shift(
                [lines[0], "04-003;UNS;17-04-2019;;;;;\n", *lines[1:]]
            )
        }
    )


@pytest.fixture(scope="module")
def response(old: Cut, flipped: Cut) -> Difference:
    return compared(old, flipped)


def test_a_response_and_the_cell_that_made_it(response: Difference) -> None:
    assert moved(response) == {"RS": (0, 0, 1), "ADTIS": (0, 0, 5), "ADTTE": (0, 0, 1)}
    assert outcomes(response) == [
        ("NTR6160-01-003", "RESP40", "AVAL", "0", "1"),
        ("NTR6160-01-003", "RESPBY40", "AVAL", "0", "1"),
        (
            "NTR6160-01-003",
            "TTMOD",
            "CNSR",
            "1",
            "0",
        ),  # the date stays: the last score became the event
    ]
    assert causes(response) == {("changed", "core_set.csv", 12, 13, "physician_vas", "6.8", "6.7")}
    # the censoring of the last is a constant of the record that was chosen
    assert response.causes["reach"].tolist() == ["value", "value", "selection"]
    assert ("PARAMCD=PGA, AVISITN=9, ADT=2017-08-14, SRCDOM=RS", "APCHG", "15", "16") in values(
        response, "ADTIS"
    )
    assert "      core_set.csv line 12, now 13: physician_vas 6.8 -> 6.7\n" in as_text(response)


def test_without_raw_exports_only_lines_are_named(old: Cut, flipped: Cut) -> None:
    difference = diff(old.out, flipped.out)
    assert set(difference.causes["file"]) == {
        "core_set.csv"
    }  # the other files are the same in both
    text = as_text(difference)
    # the values at baseline, line 9, are the same in both outputs
    assert "      the old value is made of core_set.csv 12\n" in text
    assert "      the new value is made of core_set.csv 13\n" in text
    assert difference.causes[["old", "new"]].isna().all(axis=None)


def test_a_start_time(old: Cut, cut: Make) -> None:
    new = cut(
        {"infusions.csv": replaced("01-001;1;06-03-2017;10:00;", "01-001;1;06-03-2017;08:00;")}
    )
    difference = compared(old, new)
    assert values(difference, "EX") == [
        (
            "EXTRT=PRIVIGEN, EXSTDTC=2017-03-06T08:00",
            "EXSTDTC",
            "2017-03-06T10:00",
            "2017-03-06T08:00",
        )
    ]
    assert values(difference, "ADSL") == [
        ("", "TRTSDTM", "2017-03-06T10:00:00", "2017-03-06T08:00:00")
    ]
    assert moved(difference) == {
        "DM": (0, 0, 1),
        "SE": (0, 0, 2),  # screening ends, treatment starts
        "EX": (0, 0, 1),
        "VS": (0, 0, 1),  # the weight before it
        "ADSL": (0, 0, 1),
        "ADEX": (0, 0, 8),  # four of the infusion, duration and rate of the cycle and of all
    }
    assert outcomes(difference) == []


def test_an_adverse_event(old: Cut, cut: Make) -> None:
    new = cut({"adverse_events.csv": lambda lines: [*lines[:3], EVENT, *lines[3:]]})
    difference = compared(old, new)
    assert moved(difference) == {
        "AE": (1, 0, 0),
        "ADAE": (1, 0, 1),  # another is no longer the first of the most severe
        "ADTTE": (0, 0, 1),
    }
    assert difference.records["key"].tolist() == [
        "AEDECOD=DEEP VEIN THROMBOSIS, AESTDTC=2017-03-20, AESPID=4",
        "ASTDT=2017-03-20, AEDECOD=DEEP VEIN THROMBOSIS",
    ]
    assert outcomes(difference) == [
        ("NTR6160-01-001", "TTSAE", "ADT", "2017-05-08", "2017-03-20"),
        ("NTR6160-01-001", "TTSAE", "CNSR", "1", "0"),
    ]
    assert causes(difference) == {
        ("added", "adverse_events.csv", "", 4, "serious", "", "1"),
        ("added", "adverse_events.csv", "", 4, "start_date", "", "20-03-2017"),
    }
    # the numbers of the three events behind it move up by one, which is told only when asked for
    assert moved(compared(old, new, sequences=True))["AE"] == (1, 0, 3)


def test_a_subject_less(old: Cut, cut: Make) -> None:
    difference = compared(old, cut({path.name: without("04-003") for path in RAW.glob("*.csv")}))
    assert set(difference.records["subject"]) == {"NTR6160-04-003"}
    assert set(difference.records["change"]) == {"removed"}
    assert difference.cells.empty
    assert outcomes(difference) == []
    assert set(
        difference.findings.loc[difference.findings["status"].eq("resolved"), "subject"]
    ) == {"04-003"}
    assert "Subjects, whose records are not listed below\n  removed  NTR6160-04-003\n" in as_text(
        difference
    )


def test_an_analysis_set(old: Cut, cut: Make) -> None:
    new = cut(
        {
            "end_of_study.csv": replaced(
                "01-001;08-05-2017;1;1;;0;;", "01-001;08-05-2017;1;1;;1;Ceiling;"
            )
        }
    )
    difference = compared(old, new)
    assert outcomes(difference) == [("NTR6160-01-001", "", "EFFFL", "Y", "N")]
    # the reason is a cell of the same record, and no part of the decision
    assert causes(difference) == {
        ("changed", "end_of_study.csv", 2, 2, "excluded_from_efficacy", "0", "1")
    }
    assert "  changed  NTR6160-01-001, 54 records: EFFFL Y -> N\n" in as_text(difference)


def test_no_rescue_any_more(old: Cut, cut: Make) -> None:
    difference = compared(old, cut({"medications.csv": without("01-006")}))
    assert ("NTR6160-01-006", "RESPBY40", "AVAL", "0", "1") in outcomes(difference)
    assert ("NTR6160-01-006", "TTRESC", "CNSR", "0", "1") in outcomes(difference)
    assert {cause[:3] for cause in causes(difference)} == {("removed", "medications.csv", 10)}


def test_a_record_that_gives_way_to_another(old: Cut, cut: Make) -> None:
    """Without the Week 3 record of day 25, that of day 19 counts."""
    new = cut(
        {
            "core_set.csv": without("02-001;UNS;01-06-2017"),
            "laboratory.csv": without("02-001;UNS;01-06-2017"),
        }
    )
    difference = compared(old, new)
    told = [row for row in outcomes(difference) if row[1] == "TTMOD"]
    assert told, "the first score of 40 moves"
    assert {cause[0] for cause in causes(difference)} == {"removed"}


# ---------------------------------------------------------------- findings
def test_findings_that_are_new_and_resolved(cut: Make) -> None:
    before = cut({}, validate=True)
    after = cut(
        {
            "core_set.csv": replaced(";11.5;", ";1.5;"),
            "vitals.csv": replaced(";129;90;90;36.5;", ";1x9;90;90;36.5;"),
        },
        validate=True,
    )
    difference = diff(before.out, after.out)
    found = difference.findings
    told = {status: sorted(part["rule"]) for status, part in found.groupby("status")}
    assert told["new"] == ["RAW-NUMBER"]
    assert told["resolved"] == ["PHYSICIAN-SCALE", "RAW-RANGE"]
    assert len(told["persisting"]) == len(open_output(before.out).findings) - 2
    assert not difference.same


# ---------------------------------------------------------------- what cannot be compared
def test_datasets_of_one_output_only(old: Cut, tmp_path: Path) -> None:
    part = convert(RAW, tmp_path / "out", only=["DM"], validate=False).out
    difference = diff(old.out, part)
    assert difference.only_new == ()
    assert {"ADSL", "ADTIS", "AE"} <= set(difference.only_old)
    assert "DM" not in difference.only_old
    assert not difference.same
    assert "Only in the old output, not compared: TA, " in as_text(difference)


def test_what_is_no_output(old: Cut, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is not an output of ivig-cdisc"):
        diff(old.out, tmp_path)


def test_raw_exports_come_in_twos_and_fit(old: Cut, flipped: Cut) -> None:
    with pytest.raises(CdiscError, match="of both outputs, or of neither"):
        diff(old.out, flipped.out, raw_old=old.raw)
    with pytest.raises(
        RawError, match=r"is not the raw export that .* was made from: core_set\.csv"
    ):
        diff(old.out, flipped.out, raw_old=old.raw, raw_new=old.raw)


def test_json_holds_everything(response: Difference) -> None:
    content = orjson.loads(as_json(response))
    assert content["same"] is False
    assert content["outcomes"][0] == {
        "outcome": 1,
        "dataset": "ADTIS",
        "subject": "NTR6160-01-003",
        "parameter": "RESP40",
        "variable": "AVAL",
        "old": "0",
        "new": "1",
    }
    assert {row["status"] for row in content["findings"]} == {"persisting"}


def test_long_lists_are_cut_in_text_but_not_by_choice(response: Difference) -> None:
    assert "  and 3 more\n" in as_text(response, most=1)
    assert " more\n" not in as_text(response, most=None)
