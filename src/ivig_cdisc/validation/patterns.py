"""ISO 8601 as regular expressions that every engine knows: no look-around, no backreference.

Written suites carry them, as Great Expectations can only match text. DATE accepts the same text as
`iso8601.is_date`; a test holds the two together.
"""

from __future__ import annotations

# ---------------------------------------------------------------- dates
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"  # 04, 08 ... 96: leap, as a year or as a century
_LEAP_YEAR = f"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
_MONTH = "(?:0[1-9]|1[0-2])"
_TO_28 = "(?:0[1-9]|1[0-9]|2[0-8])"
_TO_30 = "(?:0[1-9]|[12][0-9]|30)"
_TO_31 = "(?:0[1-9]|[12][0-9]|3[01])"
_ANY_YEAR = f"(?:{_YEAR}|-)"  # a hyphen stands for a part that is not known
_DAY_OF_YEAR = f"(?:(?:0[13578]|1[02]|-)-{_TO_31}|(?:0[469]|11)-{_TO_30}|02-{_TO_28})"
_DAY = f"(?:{_ANY_YEAR}-{_DAY_OF_YEAR}|(?:{_LEAP_YEAR}|-)-02-29)"
_NO_DAY = f"{_ANY_YEAR}-(?:{_MONTH}|-)--"

# ---------------------------------------------------------------- times
_HOUR = "(?:[01][0-9]|2[0-3])"
_MINUTE = "[0-5][0-9]"
_SECOND = r"[0-5][0-9](?:\.[0-9]+)?"
_SINCE_MINUTE = f":(?:{_MINUTE}|(?:{_MINUTE}|-):{_SECOND})"
_EAST = rf"\+(?:(?:0[0-9]|1[0-3])(?::{_MINUTE})?|14(?::00)?)"  # up to 14 hours, as zones have it
_WEST = f"-(?:(?:0[0-9]|1[01])(?::{_MINUTE})?|12(?::00)?)"  # and up to 12 hours
_TIME = f"T(?:{_HOUR}(?:{_SINCE_MINUTE})?(?:Z|{_EAST}|{_WEST})?|-{_SINCE_MINUTE})"

DATE = f"(?:{_YEAR}|{_ANY_YEAR}-{_MONTH}|{_DAY}(?:{_TIME})?|{_NO_DAY}{_TIME})"

# ---------------------------------------------------------------- durations
_OF_DAYS = "(?:[0-9]+Y(?:[0-9]+M)?(?:[0-9]+D)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_OF_HOURS = f"(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"

DURATION = f"-?P(?:[0-9]+W|{_OF_DAYS}(?:T{_OF_HOURS})?|T{_OF_HOURS})"


def whole(*patterns: str) -> str:
    """A pattern of text that is one of these from its first letter to its last.

    >>> whole("[0-9]+", "[A-Z]")
    '^(?:[0-9]+|[A-Z])$'
    """
    return f"^(?:{'|'.join(patterns)})$"
