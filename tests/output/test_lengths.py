"""Text as long as the longest value of the study, in all datasets that have the variable."""

from __future__ import annotations

from ivig_cdisc.metadata import Variable
from ivig_cdisc.output.lengths import common_lengths
from tests.formats.small import char, num, spec


def text(name: str, most: int, *, by_data: bool = True) -> Variable:
    return char(name, most, by_data=by_data)


SUBJECT, TERM, SPID = text("USUBJID", 40), text("AETERM", 200), text("AESPID", 40)
EVENTS = spec(SUBJECT, TERM, SPID, num("AESEQ"), name="AE")
ANALYSIS = spec(SUBJECT, TERM, SPID, name="ADAE", standard="ADaM")
NONE = {"USUBJID": 0, "AETERM": 0, "AESPID": 0}


def test_the_longest_of_all_datasets() -> None:
    """ADAE has only some of the events, and no AESPID at all: its columns are as long all the same."""
    longest = {
        "AE": {"USUBJID": 9, "AETERM": 31, "AESPID": 5},
        "ADAE": {"USUBJID": 7, "AETERM": 12, "AESPID": 0},
    }
    expected = {"USUBJID": 9, "AETERM": 31, "AESPID": 5}
    assert common_lengths([EVENTS, ANALYSIS], longest) == {"AE": expected, "ADAE": expected}


def test_never_0() -> None:
    assert common_lengths([EVENTS], {"AE": NONE}) == {
        "AE": {"USUBJID": 1, "AETERM": 1, "AESPID": 1}
    }


def test_never_more_than_the_spec() -> None:
    """Of a text that a format cuts nowhere, as Dataset-JSON, the file itself says how long it is."""
    longest = {"AE": {**NONE, "AETERM": 500}}
    assert common_lengths([EVENTS], longest)["AE"]["AETERM"] == 200


def test_a_length_of_the_study_stays_and_the_others_are_not_shorter() -> None:
    """Where two of one name can be put together, neither is cut."""
    said = spec(SUBJECT, text("AESPID", 8, by_data=False), name="AE")
    longest = {"AE": {**NONE, "AESPID": 3}, "ADAE": {**NONE, "AESPID": 5}}
    lengths = common_lengths([said, ANALYSIS], longest)
    assert lengths["AE"] == {"USUBJID": 1}
    assert lengths["ADAE"]["AESPID"] == 8


def test_a_dataset_without_records_does_not_count() -> None:
    said = spec(text("AESPID", 8, by_data=False), name="AE")
    assert common_lengths([said, ANALYSIS], {"ADAE": NONE})["ADAE"]["AESPID"] == 1


def test_supp_shares_what_its_parent_has() -> None:
    """QVAL of each SUPP-- is as long as it has to be there."""
    medications = spec(SUBJECT, text("CMTRT", 200), name="CM")
    suppae = spec(SUBJECT, text("QVAL", 200), name="SUPPAE", parent="AE")
    suppcm = spec(SUBJECT, text("QVAL", 200), name="SUPPCM", parent="CM")
    longest = {
        "AE": {**NONE, "USUBJID": 9},
        "CM": {"USUBJID": 7, "CMTRT": 4},
        "SUPPAE": {"USUBJID": 8, "QVAL": 44},
        "SUPPCM": {"USUBJID": 7, "QVAL": 2},
    }
    lengths = common_lengths([EVENTS, medications, suppae, suppcm], longest)
    assert lengths["SUPPAE"] == {"USUBJID": 9, "QVAL": 44}
    assert lengths["SUPPCM"] == {"USUBJID": 9, "QVAL": 2}


def test_a_variable_that_leaves_in_supp_has_no_column() -> None:
    events = spec(SUBJECT, char("AENOTE", 200, by_data=True, supplemental=True), name="AE")
    assert common_lengths([events], {"AE": NONE}) == {"AE": {"USUBJID": 1}}
