"""Who the subject is: age, sex, site, analysis sets; from DM and ADSL."""

from __future__ import annotations

from .phrases import enumerated, lower_term, number, sentence
from .subject import Subject

PERSONS = {"F": "woman", "M": "man"}
SETS = {  # ADaMIG 1.3, 3.2.4
    "SAFFL": "safety set",
    "FASFL": "full analysis set",
    "ITTFL": "intention-to-treat set",
    "PPROTFL": "per-protocol set",
}


def introduced(subject: Subject) -> list[str]:
    """Age, sex and site."""
    return [
        sentence(f"{subject.subjid} ({subject.usubjid}) is a {_person(subject)}{_place(subject)}")
    ]


def _person(subject: Subject) -> str:
    facts = subject.facts
    sex = facts.get("SEX")
    aged = ""
    if "AGE" in facts:
        aged = f" aged {number(facts['AGE'])} {lower_term(facts, 'AGEU')}".rstrip()
    if sex:
        return PERSONS.get(str(sex), f"person of sex {sex}") + aged
    unknown = " of unknown sex" if subject.asked("DM", "SEX") else ""
    return f"person{unknown}{aged}"


def _place(subject: Subject) -> str:
    facts = subject.facts
    if "SITEID" not in facts:
        return ""
    country = f" in {facts['COUNTRY']}" if "COUNTRY" in facts else ""
    return f", at site {facts['SITEID']}{country}"


def sets(subject: Subject) -> list[str]:
    """Which analysis sets of the guide the subject belongs to, and why to none where that is known."""
    flags = {name: subject.facts[flag] for flag, name in SETS.items() if flag in subject.facts}
    inside = [f"the {name}" for name, flag in flags.items() if flag == "Y"]
    outside = [f"the {name}" for name, flag in flags.items() if flag != "Y"]
    if inside:
        but = f", but not to {enumerated(outside)}" if outside else ""
        return [sentence(f"The subject belongs to {enumerated(inside)}{but}")]
    if outside:
        reason = _why_not_treated(subject)
        return [sentence(f"The subject does not belong to {enumerated(outside)}{reason}")]
    return []


def _why_not_treated(subject: Subject) -> str:
    reason = lower_term(subject.facts, "ARMNRS")
    return f": {reason}" if reason else ""


def untreated(subject: Subject) -> str:
    """That the subject was not treated, and why where that is known."""
    return sentence(f"{subject.subjid} was not treated{_why_not_treated(subject)}")
