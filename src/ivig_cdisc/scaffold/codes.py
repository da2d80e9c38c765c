"""Collected values matched to the terms of CDISC codelists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from ..metadata.standard import standard
from .column_names import knowledge

YES_NO = "C66742"


def match(values: Iterable[str], codelist: str, names: str = "") -> dict[str, str]:
    """The term for each value that has one.

    Case makes no difference, and blanks or hyphens stand for one another.

    Args:
        values: as collected.
        codelist: NCI code, several as `C1; C2`.
        names: a codelist whose terms say the same in words, as --TEST does of --TESTCD; values in
            its words find the code.

    Returns:
        Value: term, without the values that have none.
    """
    known = _terms(codelist, names)
    matched: dict[str, str] = {}
    for value in values:
        if (same := _same(value)) in known:
            matched[value] = known[same]
    return matched


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
        for term, text in standard().decode(code, name).items():
            found[_same(text)] = term
    for code in codes:
        for word, term in knowledge()["terms"].get(code, {}).items():
            found[_same(word)] = str(term)
    for code in codes:
        for term in standard().codelists[code].terms:
            found[_same(term)] = term
    return found


def _parts(codelist: str) -> tuple[str, ...]:
    return tuple(part for part in codelist.split("; ") if part in standard().codelists)


def _same(text: str) -> str:
    """Case, blanks and hyphens do not make a difference; all other signs do (mg, mg/kg)."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
