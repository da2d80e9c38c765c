"""Variables of analysis datasets that say one thing in words, as a code and as a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..metadata import DatasetSpec

PARAMETER = "PARAMCD"
WITHIN = ("AVISIT", "AVAL")  # these go together within a parameter
FIXED = (  # records that agree in the first have one value of the second
    ((PARAMETER,), "PARAM"),
    (("PARAM",), PARAMETER),
    ((PARAMETER, "AVISIT"), "AVISITN"),
    ((PARAMETER, "AVISITN"), "AVISIT"),
    ((PARAMETER, "AVALC"), "AVAL"),
    ((PARAMETER, "AVAL"), "AVALC"),
)
CATEGORY = re.compile(r"PARCAT\d{1,2}")


def one_valued(spec: DatasetSpec) -> Iterator[tuple[tuple[str, ...], str]]:
    """Which variable has one value among records that agree in which others.

    Args:
        spec: of an analysis dataset.

    Returns:
        Each pair in both directions; of categories of the parameter the one that must be.

    Source: ADaMIG 1.3, 3.1 (pairs of variables), 3.3.4 (PARAM, PARAMCD, PARCATy).
    """
    kinds = spec.kinds
    for given, value in FIXED:
        if {*given, value} <= set(kinds):
            yield given, value
    for name, kind in kinds.items():
        if CATEGORY.fullmatch(name) and PARAMETER in kinds:
            yield (PARAMETER,), name
        number = _number_of(name)
        is_pair = kind == "text" and kinds.get(number) == "number"
        if is_pair and name not in WITHIN:
            yield (name,), number
            yield (number,), name


def _number_of(name: str) -> str:
    """TRTPN of TRTP, ABLFN of ABLFL."""
    if name.endswith("FL"):
        return f"{name[:-1]}N"
    return f"{name}N"
