"""Which numbers are dates, by the SAS format that shows them."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["date", "datetime", "time", "number"]

_NAME = re.compile(r"([A-Z][A-Z0-9_]*?)\d*(?:\.\d*)?")
_DATES = (
    *("DATE", "DAY", "DDMMYY", "E8601DA", "B8601DA", "IS8601DA", "JULIAN", "MMDDYY", "MMYY"),
    *("MONYY", "WEEKDATE", "WORDDATE", "YYMM", "YYMMDD", "YYMON", "YYQ", "YEAR"),
)
_DATETIMES = (
    *("DATETIME", "DATEAMPM", "DTDATE", "MDYAMPM", "E8601DN", "E8601DT", "E8601DX", "E8601DZ"),
    *("B8601DN", "B8601DT", "B8601DX", "B8601DZ", "IS8601DN", "IS8601DT", "IS8601DZ"),
)
_TIMES = (
    *("TIME", "TIMEAMPM", "HHMM", "HOUR", "MMSS", "TOD", "E8601LZ", "E8601TM", "E8601TX"),
    *("E8601TZ", "B8601LZ", "B8601TM", "B8601TX", "B8601TZ", "IS8601LZ", "IS8601TM", "IS8601TZ"),
)
# a letter more names the separator: YYMMDDN8. has none
_SEPARATED = ("DDMMYY", "MMDDYY", "YYMMDD", "MMYY", "YYMM")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_DATES, "date"),
    **dict.fromkeys((name + letter for name in _SEPARATED for letter in "BCDNPS"), "date"),
    **dict.fromkeys(_DATETIMES, "datetime"),
    **dict.fromkeys(_TIMES, "time"),
}


def number_kind(display: str) -> Kind:
    """What the numbers of a Num variable with this SAS format are.

    Args:
        display: the format; its width does not matter, nor whether the point is there.

    Returns:
        date: days since 1960; datetime: seconds since then; time: seconds since midnight; number
        for every other format and for none.

    Source: SAS Formats and Informats, date and time formats by their category.

    >>> number_kind("DATE9."), number_kind("yymmddn8."), number_kind("E8601DT")
    ('date', 'date', 'datetime')
    >>> number_kind("TIME8."), number_kind("8.2"), number_kind("BEST12."), number_kind("")
    ('time', 'number', 'number', 'number')
    """
    found = _NAME.fullmatch(display.strip().upper())
    if not found:
        return "number"
    return _KINDS.get(found[1], "number")
