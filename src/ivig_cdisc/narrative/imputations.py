"""Dates that were completed, and what that means; from DM and ADAE."""

from __future__ import annotations

import pandas as pd

from ..iso8601 import complete_date, completed_years
from .phrases import date, sentence
from .subject import Record, Subject

UNKNOWN = {"D": "the day was unknown", "M": "the month was unknown", "Y": "the date was unknown"}
SIDES = (  # of an event: as collected, its imputation flag, as taken
    ("start", "AESTDTC", "ASTDTF", "ASTDT"),
    ("end", "AEENDTC", "AENDTF", "AENDT"),
)


def ages(subject: Subject) -> list[str]:
    """That the age is one of two, where birth or consent are not known to the day."""
    born, consent = subject.facts.get("BRTHDTC"), subject.facts.get("RFICDTC")
    if not (born and consent and "AGE" in subject.facts):
        return []
    birth, asked = pd.Series([born], dtype="str"), pd.Series([consent], dtype="str")
    years = completed_years(birth, asked)
    if not (years["least"] < years["most"]).any():
        return []
    which, known = "birth date", born
    if complete_date(birth).notna().all():
        which, known = "date of consent", consent
    return [sentence(f"The {which} is known as {known}: the age is the difference of the years")]


def event_dates(subject: Subject) -> list[str]:
    """Starts and ends of adverse events that were incomplete."""
    told = []
    for event in subject.records("ADAE"):
        for side, collected, flag, imputed in SIDES:
            if flag in event and imputed in event:
                told.append(_taken(event, side, collected, flag, imputed))
    return told


def _taken(event: Record, side: str, collected: str, flag: str, imputed: str) -> str:
    name = event.get("AETERM") or event.get("AEDECOD", "an event")
    known = event.get(collected, "unknown")
    reason = UNKNOWN.get(event[flag], "it was incomplete")
    taken = date(event[imputed])
    told = f'The {side} of "{name}", collected as {known}, is taken as {taken}, since {reason}'
    return sentence(told)
