"""The laboratory form: enzymes that follow the course, and other tests."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import story
from course import Row, Visit, clock, dmy, drawn_levels, on_day, rng_of, visits
from story import ENZYME_RANGE, ENZYMES, FEMALE, MALE, SUBJECTS, Subject

UKAT_SITE = "03"
NO_ALDOLASE_SITE = "04"

# Upper limits in U/L: men, women. In ukat/L they are divided by 60 and rounded as below.
UPPER = {
    "CK": (170.0, 145.0),
    "ALDOLASE": (7.6, 7.6),
    "LDH": (247.0, 247.0),
    "AST": (35.0, 31.0),
    "ALT": (45.0, 34.0),
}
UNITS_DECIMALS = {"CK": 0, "ALDOLASE": 1, "LDH": 0, "AST": 0, "ALT": 0}
UKAT_DECIMALS = {"CK": 2, "ALDOLASE": 3, "LDH": 2, "AST": 2, "ALT": 2}


class Usual(NamedTuple):
    """Haemoglobin in mmol/L and creatinine in umol/L before treatment, with their limits."""

    hb: float
    hb_limits: tuple[str, str]
    creatinine: int
    creatinine_limits: tuple[str, str]


USUAL = {
    MALE: Usual(9.1, ("8.5", "11.0"), 74, ("64", "104")),
    FEMALE: Usual(8.1, ("7.5", "10.0"), 61, ("49", "90")),
}


def enzyme_multiples(s: Subject, percent: float, rng: Random) -> dict[str, float]:
    """Move the most abnormal enzyme by a percentage of its range, the others in proportion."""
    base = dict(zip(ENZYMES, s.enzymes, strict=True))
    top = max(ENZYMES, key=lambda test: base[test])
    moved = max(base[top] - percent * ENZYME_RANGE[top] / 100, 0.5)
    multiples = {}
    for test in ENZYMES:
        noise = 1.0
        if test != top and percent != 0:
            noise = rng.uniform(0.95, 1.05)
        multiples[test] = max(base[test] * moved / base[top] * noise, 0.4)
    return multiples


def enzyme_row(s: Subject, test: str, multiple: float) -> Row:
    """Write an enzyme with the limits and unit of the site's laboratory."""
    if s.id.startswith(NO_ALDOLASE_SITE) and test == "ALDOLASE":
        return {"test": test, "result": "-96"}
    upper, women = UPPER[test]
    if s.sex == FEMALE:
        upper = women
    unit, digits = "U/L", UNITS_DECIMALS[test]
    if s.id.startswith(UKAT_SITE):
        unit, digits = "ukat/L", UKAT_DECIMALS[test]
        upper /= 60
    printed = f"{upper:.{digits}f}"
    return {
        "test": test,
        "result": f"{multiple * float(printed):.{digits}f}",
        "unit": unit,
        "lower_limit": "0",
        "upper_limit": printed,
    }


def other_rows(s: Subject, visit: Visit, rng: Random) -> list[Row]:
    """Write haemoglobin, creatinine and IgG, which falls and rises with the infusions."""
    usual = USUAL[s.sex]
    hb_fall, igg_range = 0.0, (8.5, 14.5)
    if visit.day > 1:
        hb_fall, igg_range = 0.5, (17, 27)
    hb = usual.hb + rng.uniform(-0.4, 0.4) - hb_fall
    creatinine = usual.creatinine + rng.uniform(-12, 14)
    igg = rng.uniform(*igg_range)
    shown = (
        ("HB", f"{hb:.1f}", "mmol/L", *usual.hb_limits),
        ("CREAT", f"{creatinine:.0f}", "umol/L", *usual.creatinine_limits),
        ("IGG", f"{igg:.1f}", "g/L", "7.0", "16.0"),
    )
    names = ("test", "result", "unit", "lower_limit", "upper_limit")
    return [dict(zip(names, values, strict=True)) for values in shown]


def laboratory_form() -> Iterator[Row]:
    """Write eight tests for each assessment, and the extra samples of the story."""
    rng = rng_of("laboratory")
    drawn = drawn_levels()
    for s in SUBJECTS:
        for visit in visits(s):
            percent = story.ENZYME_EDITS.get((s.id, visit.key), drawn[s.id, visit.key][4])
            yield from assessment_rows(s, visit, percent, rng)
        yield from extra_rows(s)


def assessment_rows(s: Subject, visit: Visit, percent: float, rng: Random) -> Iterator[Row]:
    """Write the results of one assessment; none where no blood was taken."""
    multiples = enzyme_multiples(s, percent, rng)
    sample = {"visit": visit.name, "sample_time": clock(rng.randrange(8 * 60, 8 * 60 + 55, 5))}
    rows = [enzyme_row(s, test, multiples[test]) for test in ENZYMES]
    rows += other_rows(s, visit, rng)
    day = story.LAB_DAYS.get((s.id, visit.key), visit.day)
    if not day:
        return
    for row in rows:
        edit = story.LAB_EDITS.get((s.id, visit.key, row["test"]))
        if edit:
            row["result"] = edit
        yield row | sample | sample_key(s, day)


def extra_rows(s: Subject) -> Iterator[Row]:
    """Write the results of samples between the assessments."""
    for subject_id, name, day, time, test, multiple in story.EXTRA_LABS:
        if subject_id == s.id:
            row = enzyme_row(s, test, multiple) | sample_key(s, day)
            yield row | {"visit": name, "sample_time": time}


def sample_key(s: Subject, day: int) -> Row:
    """Write what all results of one sample share."""
    sampled = dmy(on_day(s.start, day))
    return {"subject_id": s.id, "sample_date": sampled, "lab": f"LAB{s.id[:2]}"}
