"""ISO 8601 dates and times of reduced precision (SDTMIG 3.4, 4.4.1 and 4.4.2): which parts are known, and what follows.

Every reader of --DTC text asks this module, so that `2024`, `2024-03`, `2024---15`, `2024-03--T08:00` and `--03-15`
mean the same everywhere. A date of reduced precision is a span: from the first moment it can be to the last. Two dates
are in a known order only where their spans do not overlap.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

PARTS = ("year", "month", "day", "hour", "minute", "second")
_PATTERN = (
    r"(?P<year>\d{4}|-)"
    r"(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}|-))?)?"
    r"(?:T(?P<hour>\d{2}|-)(?::(?P<minute>\d{2}|-)(?::(?P<second>\d{2}(?:\.\d+)?|-))?)?)?"
)


def parts(text: pd.Series) -> pd.DataFrame:
    """The known parts of each date and time: PARTS as columns of numbers, missing where a part is not known.

    text: ISO 8601; what is not ISO 8601 has no part.

    >>> parts(pd.Series(["2024---15", "2024-03--T08:00"])).fillna(-1).astype(int).to_numpy().tolist()
    [[2024, -1, 15, -1, -1, -1], [2024, 3, -1, 8, 0, -1]]
    """
    codes, distinct = pd.factorize(text.astype("str"))
    plain = pd.Series(distinct, dtype="str")
    found = plain.where(plain.str.fullmatch(_PATTERN).fillna(False).astype(bool)).str.extract(_PATTERN)
    numbers = found.replace("-", np.nan).astype("float64")
    return numbers.reindex(codes).set_axis(text.index)
