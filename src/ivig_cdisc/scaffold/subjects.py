"""Whose record it is: the column that names the subject, the form that lists the subjects, the column of the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import RawError
from .column_names import is_one_of, knowledge, rank
from .sample import Sheet

_NEARLY = 0.9  # share of the subjects, or of the records, that decides in spite of some bad ones


@dataclass(frozen=True)
class Subjects:
    """Column, form and site; repeated and unlisted count what does not fit the guess."""

    column: str
    form: str
    site: str
    listed: int
    repeated: int
    unlisted: int


def column(sheets: Sequence[Sheet]) -> str:
    """The name of the column that names the subject in at least half of the files.

    A column that is called so is preferred; otherwise one that all files have, unique in one that
    holds the values of all others. RawError where there is none.
    """
    names = Counter(name for sheet in sheets for name in sheet.columns)
    called = [
        name for name in names if is_one_of(name, "subject") and names[name] * 2 >= len(sheets)
    ]
    if called:
        return max(called, key=lambda name: (names[name], -rank(name, "subject"), name))
    everywhere = [
        name for name in sorted(names) if names[name] == len(sheets) > 1 and _lists(name, sheets)
    ]
    if not everywhere:
        words = ", ".join(knowledge()["subject"][:6])
        raise RawError(
            f"no column names the subject in at least half of the {len(sheets)} files, as {words} would"
        )
    return everywhere[0]


def _lists(name: str, sheets: Sequence[Sheet]) -> bool:
    """Whether one file has each value once and all that the others have."""
    seen = set().union(*(set(sheet.frame[name].dropna()) for sheet in sheets))
    values = [sheet.frame[name].dropna() for sheet in sheets]
    return any(v.is_unique and seen and len(set(v)) >= _NEARLY * len(seen) for v in values)


def find(name: str, sheets: Sequence[Sheet], domains: Mapping[str, str]) -> Subjects:
    """The form of the subjects among those that have the column, and where it names the site.

    domains: of each form for which one was guessed. Demographics come first, then forms with each
        subject once, then those with the most subjects.
    """
    seen = set().union(*(set(sheet.frame[name].dropna()) for sheet in sheets))

    def fitness(sheet: Sheet) -> tuple[bool, bool, int, bool, str]:
        values = sheet.frame[name].dropna()
        once = len(values) > 0 and values.nunique() >= _NEARLY * len(values)
        whole = values.nunique() >= _NEARLY * len(seen)
        return (
            once and whole,
            once and domains.get(sheet.name) == "DM",
            values.nunique() if once else 0,
            whole,
            sheet.name,
        )

    best = max(sorted(sheets, key=lambda s: s.name, reverse=True), key=lambda s: fitness(s)[:4])
    values = best.frame[name].dropna()
    return Subjects(
        column=name,
        form=best.name,
        site=_site(best),
        listed=values.nunique(),
        repeated=len(values) - values.nunique(),
        unlisted=len(seen - set(values)),
    )


def _site(sheet: Sheet) -> str:
    named = [
        name
        for name in sheet.columns
        if is_one_of(name, "site") and sheet.frame[name].notna().any()
    ]
    return min(named, key=lambda name: (rank(name, "site"), name), default="")


def site_in_subject(values: pd.Series) -> bool:
    """Whether subjects are called site-number, so that the piece before the hyphen is shared by several."""
    pieces = values.dropna().str.extract(r"^([0-9A-Za-z]+)-[0-9A-Za-z]+$")[0]
    return bool(len(pieces)) and bool(pieces.notna().all()) and 1 <= pieces.nunique() < len(pieces)
