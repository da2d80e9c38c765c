"""Who the subject is and how the study went: dates, doses, rescue."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..iso8601 import complete_date, sort_key
from .phrases import count, date, joined, low, number, on_day, sentence
from .sections import Section
from .subject import Person, Record

PERSONS = {"F": "woman", "M": "man"}
SETS = {"SAFFL": "safety set", "EFFFL": "efficacy set"}


# ---------------------------------------------------------------- who
def who(person: Person) -> Section:
    """Age, sex, diagnosis and site; analysis sets."""
    return Section("Who", (_introduced(person), *_ill(person), *_sets(person)))


def _introduced(person: Person) -> str:
    facts = person.facts
    sex = facts.get("SEX")
    unknown = " of unknown sex" if person.asked("DM", "SEX") else ""
    kind = PERSONS.get(str(sex), f"person of sex {sex}" if sex else f"person{unknown}")
    aged = f" aged {number(facts['AGE'])} {low(facts, 'AGEU')}".rstrip() if "AGE" in facts else ""
    ill = f" with {low(facts, 'DIAG')}" if "DIAG" in facts else ""
    place = f" at site {facts['SITEID']}" if "SITEID" in facts else ""
    country = f" in {facts['COUNTRY']}" if place and "COUNTRY" in facts else ""
    return sentence(
        f"{person.subjid} ({person.usubjid}) is a {kind}{aged}{ill},{place}{country}".rstrip(",")
    )


def _ill(person: Person) -> Iterator[str]:
    onset = person.record("MYOSITIS").get("MHSTDTC")
    lasted = person.facts.get("DISDURM")
    if onset:
        placed = "on" if complete_date(pd.Series([onset])).notna().all() else "in"
        before = f", {number(lasted)} months before treatment" if lasted is not None else ""
        yield sentence(f"The symptoms began {placed} {date(onset)}{before}")


def _sets(person: Person) -> Iterator[str]:
    """Which analysis sets the subject belongs to, and why it is left out of one where that is collected."""
    flags = {name: person.facts[flag] for flag, name in SETS.items() if flag in person.facts}
    inside = [name for name, flag in flags.items() if flag == "Y"]
    outside = [name for name, flag in flags.items() if flag != "Y"]
    if not inside and outside:
        yield sentence(f"The subject belongs to no analysis set{_failed(person)}")
    elif inside:
        but = f", but not to the {joined(outside)}" if outside else ""
        reason = person.facts.get("EFFEXCLR") if outside else None
        yield sentence(
            f"The subject belongs to the {' and the '.join(inside)}{but}"
            + (f": {reason}" if reason else "")
        )


def _failed(person: Person) -> str:
    return f": {low(person.facts, 'ARMNRS')}" if "ARMNRS" in person.facts else ""


# ---------------------------------------------------------------- dates
def dates(person: Person) -> Section:
    """Consent, inclusion, treatment, end of study, death."""
    facts = person.facts
    found = (
        ("RFICDTC", "Informed consent was given on {}"),
        ("INCLDTC", "The subject was included on {}"),
        ("RFXSTDTC", "Treatment began on {}"),
        ("RFXENDTC", "Treatment ended on {}"),
    )
    told = [sentence(text.format(date(facts[name]))) for name, text in found if name in facts]
    if person.untreated:
        told.append("There was no treatment.")
    death = [sentence(f"The subject died on {facts['DTHDTC']}")] if "DTHDTC" in facts else []
    return Section("Dates", (*told, *_ended(person), *death))


def _ended(person: Person) -> Iterator[str]:
    """How and when the study ended, as DS says, or its date alone."""
    ends = [record for record in person.records("DS") if record.get("DSCAT") == "DISPOSITION EVENT"]
    for record in ends:
        said = record.get("DSTERM", "")
        reason = f' ("{said}")' if said and said != record.get("DSDECOD") else ""
        when = f" on {on_day(record, 'DSSTDTC', 'DSSTDY')}" if "DSSTDTC" in record else ""
        yield sentence(f"The study ended{when}: {low(record, 'DSDECOD')}{reason}")
    if not ends and "RFPENDTC" in person.facts:
        yield sentence(f"The study ended on {person.facts['RFPENDTC']}")


# ---------------------------------------------------------------- doses
def doses(person: Person) -> Section:
    """Dose of each cycle against plan, and the days it was given on."""
    days = person.records("EX")
    cycles = person.records("CYCLE")
    told = [
        _cycle(cycle, [day for day in days if day.get("CYCLE") == cycle["CYCLE"]])
        for cycle in cycles
    ]
    told += [] if cycles else [sentence(f"Given were {_given(days)}")] if days else []
    return Section("Doses", (*told, *_interrupted(days), *_altogether(person)))


def _cycle(cycle: Record, days: list[Record]) -> str:
    planned = f"planned {number(cycle['PLANKG'])} g/kg, " if "PLANKG" in cycle else ""
    dose = (
        f"given {number(cycle['DOSEKG'])} g/kg"
        if "DOSEKG" in cycle
        else "the dose per kg is not known"
    )
    since = (
        f", {count(int(cycle['PREVDAYS']), 'day')} after the cycle before"
        if "PREVDAYS" in cycle
        else ""
    )
    return sentence(
        f"Cycle {cycle['CYCLE']}: {planned}{dose}{since}" + (f"; {_given(days)}" if days else "")
    )


def _given(days: list[Record]) -> str:
    return joined([_dose(day) for day in days])


def _dose(day: Record) -> str:
    dose = (
        f"{number(day['EXDOSE'])} {day.get('EXDOSU', '')}".strip()
        if "EXDOSE" in day
        else "an unknown dose"
    )
    return f"{dose} on {_day(day)}"


def _day(day: Record) -> str:
    return (
        f"day {number(day['EXSTDY'])}"
        if "EXSTDY" in day
        else date(day.get("EXSTDTC", "an unknown date"))
    )


def _interrupted(days: list[Record]) -> Iterator[str]:
    for day in days:
        if "EXADJ" in day:
            yield sentence(f"The dose of {_day(day)} was interrupted: {day['EXADJ']}")


def _altogether(person: Person) -> Iterator[str]:
    facts = person.facts
    told = [
        f"{number(facts[name])} {unit}"
        for name, unit in (("CUMDOSE", "g"), ("CUMDOSKG", "g/kg"))
        if name in facts
    ]
    if told:
        cycles = f" in {count(int(facts['NCYCLES']), 'cycle')}" if "NCYCLES" in facts else ""
        yield sentence(f"Altogether {' or '.join(told)}{cycles}")


# ---------------------------------------------------------------- rescue
def rescue(person: Person) -> Section:
    """Rescue medication: since when, and what."""
    start = person.facts.get("RESCDT")
    drugs = [
        record for record in person.records("CM") if record.get("CMCAT") == "RESCUE MEDICATION"
    ]
    told = [sentence(f"Rescue medication began on {date(start)}")] if start is not None else []
    return Section("Rescue", (*told, *(_drug(record) for record in _by_start(drugs))))


def _by_start(drugs: list[Record]) -> list[Record]:
    """By the first moment at which each can have begun; those without a year last."""
    starts = pd.Series([drug.get("CMSTDTC") for drug in drugs], dtype="str")
    order = sort_key(starts, undated="missing").sort_values(kind="stable").index
    return [drugs[place] for place in order]


def _drug(record: Record) -> str:
    dose = (
        f"{number(record['CMDOSE'])} {record.get('CMDOSU', '')}".strip()
        if "CMDOSE" in record
        else ""
    )
    parts = [record.get("CMTRT", ""), dose, str(record.get("CMDOSFRQ", "")), low(record, "CMROUTE")]
    since = f"from {record['CMSTDTC']}" if "CMSTDTC" in record else "from an unknown date"
    until = f"to {record['CMENDTC']}" if "CMENDTC" in record else ""
    reason = f"for {low(record, 'CMINDC')}" if "CMINDC" in record else ""
    return sentence(" ".join(filter(None, [*parts, since, until, reason])))
