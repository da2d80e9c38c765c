"""Whose record it is: the column of the subject, the form of the subjects, the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import RawError
from .column_names import is_one_of, knowledge, rank
from .sample import SampledFile

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


def column(files: Sequence[SampledFile]) -> str:
    """The name of the column that names the subject in at least half of the files.

    A column that is called so is preferred; otherwise one that all files have, unique in one that
    holds the values of all others.

    Raises:
        RawError: where there is none.
    """
    names: Counter[str] = Counter()
    for sampled in files:
        names.update(sampled.columns)
    usual = [name for name in names if names[name] * 2 >= len(files)]
    called = [name for name in usual if is_one_of(name, "subject")]
    if called:
        return max(called, key=lambda name: (names[name], -rank(name, "subject"), name))
    for name in sorted(names):
        if names[name] == len(files) > 1 and _lists(name, files):
            return name
    words = ", ".join(knowledge()["subject"][:6])
    half = f"at least half of the {len(files)} files"
    raise RawError(f"no column names the subject in {half}, as {words} would")


def _lists(name: str, files: Sequence[SampledFile]) -> bool:
    """Whether one file has each value once and all that the others have."""
    seen = _values(name, files)
    for sampled in files:
        values = sampled.frame[name].dropna()
        if values.is_unique and seen and len(set(values)) >= _NEARLY * len(seen):
            return True
    return False


def _values(name: str, files: Sequence[SampledFile]) -> set[str]:
    """What all files hold in a column."""
    return set().union(*(sampled.frame[name].dropna() for sampled in files))


def find(name: str, files: Sequence[SampledFile], domains: Mapping[str, str]) -> Subjects:
    """The form of the subjects, and where it names the site.

    Demographics come first, then forms with each subject once, then those with the most subjects.

    Args:
        name: of the column that names the subject.
        files: that have the column.
        domains: of each form for which one was guessed.
    """
    seen = _values(name, files)

    def fitness(sampled: SampledFile) -> tuple[bool, bool, int, bool]:
        values = sampled.frame[name].dropna()
        subjects = values.nunique()
        once = len(values) > 0 and subjects >= _NEARLY * len(values)
        whole = subjects >= _NEARLY * len(seen)
        is_demographics = once and domains.get(sampled.name) == "DM"
        return once and whole, is_demographics, subjects if once else 0, whole

    best = max(sorted(files, key=lambda sampled: sampled.name, reverse=True), key=fitness)
    values = best.frame[name].dropna()
    return Subjects(
        column=name,
        form=best.name,
        site=_site(best),
        listed=values.nunique(),
        repeated=len(values) - values.nunique(),
        unlisted=len(seen - set(values)),
    )


def _site(sampled: SampledFile) -> str:
    filled = []
    for name in sampled.columns:
        if is_one_of(name, "site") and sampled.frame[name].notna().any():
            filled.append(name)
    return min(filled, key=lambda name: (rank(name, "site"), name), default="")


def site_in_subject(values: pd.Series) -> bool:
    """Whether subjects are called site-number, with several of one site before the hyphen."""
    sites = values.dropna().str.extract(r"^([0-9A-Za-z]+)-[0-9A-Za-z]+$")[0]
    if not len(sites) or sites.isna().any():
        return False
    return sites.nunique() < len(sites)
