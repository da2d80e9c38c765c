"""DM, which every study has: from the form of subjects, other forms with one record per subject, and exposure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import subjects, wiring
from .guesses import Form, Guesses
from .wiring import Draft, Wired

EXPOSED = "EXPOSED"
FIRST, LAST = "first_start", "last_end"
_EXPOSURE = {"RFSTDTC": FIRST, "RFENDTC": LAST, "RFXSTDTC": FIRST, "RFXENDTC": LAST}


def draft(guesses: Guesses, exposure: Form | None) -> Draft:
    """DM. exposure: the form that EX is made of, if it has start dates."""
    form = guesses.of_subjects
    made = wiring.draft(guesses, form, referenced=False)
    found = {"SUBJID": _subject(guesses), "SITEID": _site(guesses)}
    made.variables = {**found, **{n: w for n, w in made.variables.items() if n not in found}}
    if exposure:
        _join(made, EXPOSED, guesses, {FIRST: FIRST, LAST: LAST})
        why = f"first and last dates of {exposure.name}"
        open_ = {name: column for name, column in _EXPOSURE.items() if name not in made.variables}
        made.variables |= {
            name: Wired({"from": column}, why, inner=True) for name, column in open_.items()
        }
    for other in guesses.forms:
        _borrow(made, guesses, other)
    _age(made)
    wiring.settle_names(made, guesses.subjects.column)
    return made


def exposed(guesses: Guesses, exposure: Form) -> dict[str, Any]:
    """The step on the way to DM: first and last date of exposure of each subject."""
    subject, start = guesses.subjects.column, exposure.column("EXSTDTC")
    end = exposure.column("EXENDTC") or start
    take = {FIRST: {"min": start}, LAST: {"max": end}}
    return {
        "dataset": EXPOSED,
        "internal": True,
        "keys": [subject],
        "rows": [{"take": exposure.name}, {"summarize": {"by": [subject], "take": take}}],
        "variables": {subject: {}, FIRST: {}, LAST: {}},
    }


# ---------------------------------------------------------------- what DM has of its own
def _subject(guesses: Guesses) -> Wired:
    return Wired({"from": guesses.subjects.column}, "the column of the subject")


def _site(guesses: Guesses) -> Wired:
    subject, site = guesses.subjects.column, guesses.subjects.site
    if site:
        return Wired({"from": site}, "the column of the site")
    if subjects.site_in_subject(guesses.of_subjects.sheet.frame[subject]):
        piece = {
            "derive": "piece",
            "from": {"value": subject},
            "with": {"separator": "-", "number": 1},
        }
        return Wired(
            piece, "what stands before the hyphen", "whether subjects are called site-number"
        )
    return wiring.undecided("DM", "SITEID")


def _age(made: Draft) -> None:
    known = made.variables
    reference = next((name for name in ("RFICDTC", "RFSTDTC") if name in known), "")
    if "AGE" not in known and "BRTHDTC" in known and reference:
        data = {"derive": "age_in_years", "from": {"birth": "BRTHDTC", "reference": reference}}
        known["AGE"] = Wired(data, f"age at {reference}", inner=True)
    if "AGE" in known and "AGEU" not in known:
        data = {"derive": "when_present", "from": {"values": "AGE"}, "with": {"term": "YEARS"}}
        known["AGEU"] = Wired(data, "ages are years", inner=True)


# ---------------------------------------------------------------- what it takes from elsewhere
def _borrow(made: Draft, guesses: Guesses, other: Form) -> None:
    """Columns for DM on another form that each subject has once."""
    lent = {
        c: v
        for c, v in other.lent.items()
        if v not in made.variables and other.name != made.form.name
    }
    if not lent:
        return
    names = {
        c: c if c not in made.form.kinds and c not in made.made else f"{other.name}_{c}"
        for c in lent
    }
    _join(made, other.name, guesses, {names[c]: c for c in lent})
    for column, variable in lent.items():
        data: Mapping[str, Any] = {"from": names[column]}
        if variable == "AGE":
            data = {"derive": "number", "from": {"value": names[column]}}
        made.variables[variable] = Wired(data, f"{column} of {other.name}", inner=True)


def _join(made: Draft, source: str, guesses: Guesses, take: Mapping[str, str]) -> None:
    """A join by subject; columns under their own names are listed, others renamed."""
    same = all(new == old for new, old in take.items())
    subject = guesses.subjects.column
    made.steps.append(
        {"join": {"with": source, "on": [subject], "take": list(take) if same else dict(take)}}
    )
    made.made += list(take)
