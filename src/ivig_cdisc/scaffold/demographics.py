"""DM, which every study has: from the form of subjects, other forms, and exposure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import subjects, wiring
from .guesses import Form, Guesses
from .wiring import DatasetDraft, VariableDraft

EXPOSURE = "EXPOSURE"
FIRST, LAST = "first_start", "last_end"
_EXPOSURE = {"RFSTDTC": FIRST, "RFENDTC": LAST, "RFXSTDTC": FIRST, "RFXENDTC": LAST}


def draft(guesses: Guesses, exposure: Form | None) -> DatasetDraft:
    """DM.

    Args:
        guesses: of the whole export.
        exposure: the form that EX is made of, if it has start dates.
    """
    form = guesses.of_subjects
    made = wiring.draft(guesses, form, referenced=False)
    own = {"SUBJID": _subject(guesses), "SITEID": _site(guesses)}
    made.variables = own | made.variables | own
    if exposure:
        _join(made, EXPOSURE, guesses, {FIRST: FIRST, LAST: LAST})
        why = f"first and last dates of {exposure.name}"
        for name, column in _EXPOSURE.items():
            made.variables.setdefault(name, VariableDraft({"from": column}, why, inner=True))
    for other in guesses.forms:
        _borrow(made, guesses, other)
    _age(made)
    wiring.settle_names(made, guesses.subjects.column)
    return made


def exposure_dates(guesses: Guesses, exposure: Form) -> dict[str, Any]:
    """The step on the way to DM: first and last date of exposure of each subject."""
    subject, start = guesses.subjects.column, exposure.column("EXSTDTC")
    end = exposure.column("EXENDTC") or start
    take = {FIRST: {"min": start}, LAST: {"max": end}}
    return {
        "dataset": EXPOSURE,
        "internal": True,
        "keys": [subject],
        "rows": [{"take": exposure.name}, {"summarize": {"by": [subject], "take": take}}],
        "variables": {subject: {}, FIRST: {}, LAST: {}},
    }


# ---------------------------------------------------------------- what DM has of its own
def _subject(guesses: Guesses) -> VariableDraft:
    return VariableDraft({"from": guesses.subjects.column}, "the column of the subject")


def _site(guesses: Guesses) -> VariableDraft:
    subject, site = guesses.subjects.column, guesses.subjects.site
    if site:
        return VariableDraft({"from": site}, "the column of the site")
    if not subjects.site_in_subject(guesses.of_subjects.sampled.frame[subject]):
        return wiring.undecided("DM", "SITEID")
    first = {"separator": "-", "number": 1}
    piece = {"derive": "piece", "from": {"value": subject}, "with": first}
    decide = "whether subjects are called site-number"
    return VariableDraft(piece, "what stands before the hyphen", decide)


def _age(made: DatasetDraft) -> None:
    known = made.variables
    reference = ""
    for date in ("RFSTDTC", "RFICDTC"):
        if date in known:
            reference = date
    if "AGE" not in known and "BRTHDTC" in known and reference:
        data = {"derive": "age_in_years", "from": {"birth": "BRTHDTC", "reference": reference}}
        known["AGE"] = VariableDraft(data, f"age at {reference}", inner=True)
    if "AGE" in known and "AGEU" not in known:
        data = {"derive": "when_present", "from": {"values": "AGE"}, "with": {"term": "YEARS"}}
        known["AGEU"] = VariableDraft(data, "ages are years", inner=True)


# ---------------------------------------------------------------- what it takes from elsewhere
def _borrow(made: DatasetDraft, guesses: Guesses, other: Form) -> None:
    """Columns for DM on another form that each subject has once."""
    names: dict[str, str] = {}  # what a column is called in DM
    if other.name != made.form.name:
        for column, variable in other.dm_candidates.items():
            if variable not in made.variables:
                taken = column in made.form.types or column in made.made
                names[column] = f"{other.name}_{column}" if taken else column
    if not names:
        return
    _join(made, other.name, guesses, {new: column for column, new in names.items()})
    for column, new in names.items():
        variable = other.dm_candidates[column]
        data: Mapping[str, Any] = {"from": new}
        if variable == "AGE":
            data = {"derive": "number", "from": {"value": new}}
        made.variables[variable] = VariableDraft(data, f"{column} of {other.name}", inner=True)


def _join(made: DatasetDraft, source: str, guesses: Guesses, take: Mapping[str, str]) -> None:
    """A join by subject; columns under their own names are listed, others renamed."""
    subject = guesses.subjects.column
    taken: list[str] | dict[str, str] = dict(take)
    if list(take.keys()) == list(take.values()):
        taken = list(take)
    made.steps.append({"join": {"with": source, "on": [subject], "take": taken}})
    made.made += list(take)
