"""Collected values matched to the terms of CDISC codelists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from ..metadata.standard import standard
from .column_names import knowledge

YES_NO = "C66742"


def match(values: Iterable[str], codelist: str, names: str = "") -> dict[str, str]:
    """The term for each value that has one, without regard to case, and blanks or hyphens for one another.

    codelist: NCI code, several as `C1; C2`. names: a codelist whose terms say the same in words, as
        --TEST does of --TESTCD; values in its words find the code.
    """
    known = _terms(codelist, names)
    return {value: known[key] for value in values if (key := _same(value)) in known}


def extensible(codelist: str) -> bool:
    """Whether the study may add terms."""
    return any(standard().codelists[part].extensible for part in _parts(codelist))


def named(codelist: str) -> str:
    """The codelist as it is shown: code and name."""
    return " / ".join(f"{part} {standard().codelists[part].name}" for part in _parts(codelist))


@cache
def _terms(codelist: str, names: str) -> Mapping[str, str]:
    """Terms by their plain spelling; an exact term comes before a synonym."""
    found: dict[str, str] = {}
    codes, decoded = _parts(codelist), _parts(names)
    for code, name in zip(codes, decoded, strict=False):
        found |= {_same(text): term for term, text in standard().decode(code, name).items()}
    for code in codes:
        found |= {
            _same(word): str(term) for word, term in knowledge()["terms"].get(code, {}).items()
        }
    for code in codes:
        found |= {_same(term): term for term in standard().codelists[code].terms}
    return found


def _parts(codelist: str) -> tuple[str, ...]:
    return tuple(part for part in codelist.split("; ") if part in standard().codelists)


def _same(text: str) -> str:
    """Case, blanks and hyphens do not make a difference; all other signs do (mg, mg/kg)."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
