"""The course of a subject: its visits, their dates, and the improvement that each is to show."""

import re
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import story
from story import SUBJECTS, Subject

Row = dict[str, str]

# What is known of a date: all of it, month and year, the year.
SHOWN = {"d": "%d-%m-%Y", "m": "UN-%m-%Y", "y": "UN-UNK-%Y"}
# Day 1 of each included subject: the first infusion.
STARTS = {subject.id: subject.start for subject in SUBJECTS}


class Visit(NamedTuple):
    """One assessment of a course, `W3@22=minimal`."""

    key: str  # W3@22
    name: str  # W3
    day: int
    level: str


def rng_of(form: str) -> Random:
    """Give a generator of its own to each form, so that a change in one leaves the others."""
    return Random(f"{story.SEED} {form}")


def ticked(holds: bool) -> str:
    """Write a tick as the forms have it: 1 or 0."""
    return str(int(holds))


# --- dates -----------------------------------------------------------------------------------
def on_day(start: date, day: int) -> date:
    """Turn a study day into a date; there is no day 0."""
    if day > 0:
        day -= 1
    return start + timedelta(days=day)


def dmy(value: date) -> str:
    """Write a date as DD-MM-YYYY."""
    return value.strftime(SHOWN["d"])


def when(start: date, text: str) -> str:
    """Write a date of the story (see there) as the form shows it."""
    if text == "ongoing":
        return ""
    match = re.fullmatch(r"([dmy])(-?\d+)", text)
    if not match:
        return text
    return on_day(start, int(match[2])).strftime(SHOWN[match[1]])


def clock(minutes: int) -> str:
    """Write minutes after midnight as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


# --- visits ----------------------------------------------------------------------------------
def visits(subject: Subject) -> list[Visit]:
    """Read the course of a subject."""
    found = []
    for item in subject.course.split():
        key, level = item.split("=")
        name, day = key.split("@")
        found.append(Visit(key, name, int(day), level))
    return found


def drawn_levels() -> dict[tuple[str, str], tuple[float, ...]]:
    """Draw the intended improvement of the six measures for each assessment."""
    rng = rng_of("levels")
    drawn = {}
    for s in SUBJECTS:
        for visit in visits(s):
            shifts = rng.choice(story.LEVELS[visit.level])
            jitter = 2.0
            if visit.level == "base":
                jitter = 0.0
            drawn[s.id, visit.key] = tuple(x + rng.uniform(-jitter, jitter) for x in shifts)
    return drawn
