"""The condition that names a record to trace is read, or refused with a plain sentence."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.errors import CdiscError
from ivig_cdisc.lineage.record import conditions, find

FRAME = pd.DataFrame(
    {
        "USUBJID": ["T-1", "T-1", "T-2"],
        "AVISIT": ["Week 3", "Week 9", "Week 9"],
        "AVAL": [1.0, 2.5, 2],
    }
)
KEYS = ("USUBJID", "AVISIT")
REFUSED = {
    "AVISIT='Week 9": "cannot be read: a quotation mark is not closed; a value with blanks is in quotes, as in USUBJID=01-001 AVISIT='Week 9'",
    "USUBJID=1\\": "cannot be read: nothing follows the last \\",
    "": "the condition is empty",
    " ": "the condition is empty",
    "=": "the condition '=' is not made of VARIABLE=value",
    "USUBJID": "the condition 'USUBJID' is not made of VARIABLE=value",
    "USUBJIT=1": "ADTIS has no variable USUBJIT (did you mean USUBJID?)",
    "USUBJID=T-1": "2 records of ADTIS fit 'USUBJID=T-1'; they differ in AVISIT",
    "USUBJID=ß\u200b": r": USUBJID is nowhere 'ß\u200b'",
    "USUBJID=2": "no record of ADTIS fits 'USUBJID=2': USUBJID is nowhere '2' (did you mean T-2?)",
    "USUBJID=T-1 AVISIT='WEEK 9'": "AVISIT is nowhere 'WEEK 9' (did you mean Week 9?)",
    "USUBJID=T-2 AVISIT='Week 3'": "; each condition fits some, but none fits all",
    "USUBJID=" + "x" * 100_000: "xxx...': USUBJID is nowhere 'xxx",
    "x" * 100_000 + "=1": "ADTIS has no variable xxx",
}


@pytest.mark.parametrize(
    ("where", "row"),
    [
        ("USUBJID=T-2", 2),
        ("usubjid=T-1 AVISIT='Week 9'", 1),
        ("AVAL=2.5", 1),
        ('AVISIT="Week 3"', 0),
    ],
)
def test_a_condition_that_names_one_record(where: str, row: int) -> None:
    assert find(FRAME, "ADTIS", KEYS, where) == row


@pytest.mark.parametrize("where", REFUSED, ids=lambda where: where[:20])
def test_a_condition_that_names_none(where: str) -> None:
    with pytest.raises(CdiscError) as caught:
        find(FRAME, "ADTIS", KEYS, where)
    assert REFUSED[where] in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=30) | st.text("USBJIDPARMC='\"\\ #", max_size=30))
def test_any_condition_is_read_or_refused(where: str) -> None:
    try:
        pairs = conditions(where)
    except CdiscError:
        return
    assert pairs
    assert all(variable for variable, _ in pairs)
