"""Who the subject is: age, sex, site, analysis sets; from DM and ADSL."""

from __future__ import annotations

from .filling import part
from .phrases import enumerated, sentence
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
    facts = subject.facts
    aged = part(" aged {AGE}[ {AGEU:lower}]", facts)
    place = part(", at site {SITEID}[ in {COUNTRY}]", facts)
    who = f"{subject.subjid} ({subject.usubjid})"
    return [sentence(f"{who} is a {_person(subject)}{aged}{place}")]


def _person(subject: Subject) -> str:
    sex = subject.facts.get("SEX")
    if sex:
        return PERSONS.get(str(sex), f"subject of sex {sex}")
    if subject.asked("DM", "SEX"):
        return "subject of unknown sex"
    return "subject"


def sets(subject: Subject) -> list[str]:
    """Which analysis sets of the guide the subject belongs to, and why to none if that is known."""
    inside, outside = _names(subject)
    if inside and outside:
        told = f"The subject belongs to {inside}, but not to {outside}"
        return [sentence(told)]
    if inside:
        return [sentence(f"The subject belongs to {inside}")]
    if outside:
        reason = part(": {ARMNRS:lower}", subject.facts)
        return [sentence(f"The subject does not belong to {outside}{reason}")]
    return []


def _names(subject: Subject) -> tuple[str, str]:
    """The sets that the subject belongs to, and the others of those that the study has."""
    inside, outside = [], []
    for flag, name in SETS.items():
        value = subject.facts.get(flag)
        if value == "Y":
            inside.append(f"the {name}")
        elif value is not None:
            outside.append(f"the {name}")
    return enumerated(inside), enumerated(outside)


def untreated(subject: Subject) -> str:
    """That the subject was not treated, and why where that is known."""
    reason = part(": {ARMNRS:lower}", subject.facts)
    return sentence(f"{subject.subjid} was not treated{reason}")
