"""`where` has one meaning, whatever the column and wherever it is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc.conditions import fits

FRAME = pd.DataFrame(
    {
        "NUM": [9.0, 3.5, None, 1e-05],
        "WHOLE": [9, 3, 0, 12],
        "TXT": ["9", "9.0", "", None],
        "CAT": pd.Categorical(["Y", None, "N", ""]),
        "DAY": pd.to_datetime(
            ["2017-05-12", "2017-05-12T10:30", None, "2016-02-29"], format="ISO8601"
        ),
        "NONE": [np.nan] * 4,  # nobody wired it
    }
)


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({}, [0, 1, 2, 3]),
        # numbers are numbers, however the YAML writes them
        ({"NUM": [9]}, [0]),
        ({"NUM": [9.0]}, [0]),
        ({"NUM": ["9"]}, [0]),
        ({"NUM": ["9.00", "3.5"]}, [0, 1]),
        ({"NUM": ["0.00001"]}, [3]),
        ({"NUM": ["nine", ""]}, []),  # what is not a number is no number, and not the missing one
        ({"WHOLE": ["12", 9.0]}, [0, 3]),
        # text is text
        ({"TXT": ["9"]}, [0]),
        ({"TXT": [9]}, [0]),
        ({"TXT": [9.0]}, [0]),
        ({"TXT": ["9.0"]}, [1]),
        ({"TXT": ["09"]}, []),
        ({"TXT": [""]}, [2]),
        ({"CAT": ["Y", "N"]}, [0, 2]),
        # numeric dates as ISO 8601
        ({"DAY": ["2017-05-12"]}, [0]),
        ({"DAY": ["2017-05-12T10:30:00"]}, [1]),
        # empty text is none
        ({"TXT": "present"}, [0, 1]),
        ({"TXT": "absent"}, [2, 3]),
        ({"CAT": "present"}, [0, 2]),
        ({"CAT": "absent"}, [1, 3]),
        ({"NUM": "present"}, [0, 1, 3]),
        ({"NUM": "absent"}, [2]),
        ({"DAY": "absent"}, [2]),
        ({"NONE": "present"}, []),
        ({"NONE": ["9"]}, []),
        # all conditions hold
        ({"NUM": "present", "TXT": "present"}, [0, 1]),
    ],
)
def test_fits(where: dict[str, Any], rows: list[int]) -> None:
    found = fits(FRAME, where)
    assert found.dtype == bool
    assert found.index[found].tolist() == rows


def test_fits_keeps_the_index_and_takes_no_records() -> None:
    frame = FRAME.set_axis([17, 3, 11, 5])
    assert fits(frame, {"NUM": [9]}).to_dict() == {17: True, 3: False, 11: False, 5: False}
    assert fits(frame.iloc[:0], {"TXT": "present", "DAY": ["2017-05-12"], "CAT": ["Y"]}).empty
