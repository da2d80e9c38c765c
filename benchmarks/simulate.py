"""Write a synthetic raw export of any number of subjects, deliberately rich in boundary situations.

    python benchmarks/simulate.py DIR --subjects N --seed S

Nothing here describes a real person. A subject depends on the seed and its own number only, so a
larger export starts with the subjects of a smaller one. Days are study days: day 1 is the first
infusion, the day before it is day -1.
"""

import argparse
import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import TextIO

COLUMNS = {
    "subjects": (
        "subject_id site_id country consent_date birth_date sex diagnosis symptom_onset "
        "biopsy_date inclusion_date screen_failure_reason"
    ),
    "eligibility": "subject_id criterion answer assessed_date",
    "infusions": (
        "subject_id cycle infusion_date start_time stop_time weight_kg dose_g lot_no "
        "interrupted interruption_reason"
    ),
    "core_set": (
        "subject_id visit visit_date physician_vas patient_vas mmt8 haq_di extramuscular_vas"
    ),
    "laboratory": (
        "subject_id visit sample_date sample_time test result unit lower_limit upper_limit lab"
    ),
    "adverse_events": (
        "subject_id ae_no description pt_name soc_name start_date end_date ongoing severity "
        "serious ser_death ser_life ser_hosp ser_disab ser_cong ser_med related action outcome"
    ),
    "medications": (
        "subject_id med_no drug atc indication dose unit frequency route start_date stop_date "
        "ongoing rescue"
    ),
    "medical_history": ("subject_id mh_no condition pt_name soc_name start_date end_date ongoing"),
    "vitals": "subject_id visit date time weight_kg height_cm sbp dbp pulse temperature_c",
    "end_of_study": (
        "subject_id completed end_date reason reason_text death_date excluded_from_efficacy "
        "exclusion_reason"
    ),
}
CODES = ("-95", "-96", "-97", "-98", "-99")
TARGETS = {"W3": 22, "W6": 43, "W9": 64}
WINDOW_EDGES = {"W3": (11, 12, 32, 33), "W6": (32, 33, 53, 54), "W9": (53, 54, 78, 79)}
ENZYMES = {"CK": 15, "ALDOLASE": 6, "LDH": 3, "AST": 3, "ALT": 3}
OTHER_TESTS = {
    "HB": ("mmol/L", 750, 1050),
    "CREAT": ("umol/L", 5000, 11000),
    "IGG": ("g/L", 700, 1600),
}
# measure: (range, direction of improvement, smallest step) in hundredths of the collected unit
CORE = {
    "PGA": (1000, -1, 10),
    "PTGA": (1000, -1, 10),
    "MMT8": (15000, 1, 100),
    "HAQDI": (300, -1, 1),
    "EXTRA": (1000, -1, 10),
}
ORDER = ("PGA", "PTGA", "MMT8", "HAQDI", "ENZ", "EXTRA")
HALF_POINTS = {
    "PGA": (0, 15, 30, 35, 40),
    "PTGA": (0, 5, 10, 15, 20),
    "MMT8": (0, 20, 40, 55, 65),
    "HAQDI": (0, 10, 15, 15, 20),
    "ENZ": (0, 5, 10, 15, 15),
    "EXTRA": (0, 15, 25, 30, 40),
}
EVENTS = (
    ("Hoofdpijn na infuus", "HEADACHE", "NERVOUS SYSTEM DISORDERS"),
    ("Longembolie", "PULMONARY EMBOLISM", "RESPIRATORY, THORACIC AND MEDIASTINAL DISORDERS"),
    ("Pijn been; diepe veneuze trombose", "DEEP VEIN THROMBOSIS", "VASCULAR DISORDERS"),
    ("Haemolytic anaemia", "HAEMOLYTIC ANAEMIA", "BLOOD AND LYMPHATIC SYSTEM DISORDERS"),
    ("Aseptic meningitis", "MENINGITIS ASEPTIC", "INFECTIONS AND INFESTATIONS"),
    ("Huiduitslag", "RASH", "SKIN AND SUBCUTANEOUS TISSUE DISORDERS"),
    ("Misselijkheid", "NAUSEA", "GASTROINTESTINAL DISORDERS"),
    ("Koorts", "PYREXIA", "GENERAL DISORDERS AND ADMINISTRATION SITE CONDITIONS"),
)
RESCUES = (
    ("Prednisolone", "H02AB06", "60", "mg", "QD", "ORAL"),
    ("Methylprednisolone", "H02AB04", "1000", "mg", "ONCE", "INTRAVENOUS"),
    ("Methotrexate", "L04AX03", "15", "mg", "QW", "SUBCUTANEOUS"),
)
OTHER_DRUGS = (
    ("Paracetamol", "N02BE01", "500", "mg", "BID", "ORAL"),
    ("Omeprazole", "A02BC01", "20", "mg", "QD", "ORAL"),
)
CONDITIONS = (
    ("Hypertensie", "HYPERTENSION", "VASCULAR DISORDERS"),
    ("Suikerziekte", "TYPE 2 DIABETES MELLITUS", "METABOLISM AND NUTRITION DISORDERS"),
)

Lines = dict[str, list[str]]


def bands_by_total() -> dict[int, list[tuple[int, ...]]]:
    """All combinations of bands, by twice the total score they give."""
    found: dict[int, list[tuple[int, ...]]] = {}
    for bands in product(range(5), repeat=6):
        total = sum(HALF_POINTS[name][band] for name, band in zip(ORDER, bands, strict=True))
        found.setdefault(total, []).append(bands)
    return found


BANDS = bands_by_total()
TOTALS = sorted(BANDS)


@dataclass
class Subject:
    """One subject while its rows are being written."""

    number: int
    rng: Random
    edges: Random  # of what is known of dates; apart, so that the rest of a subject stays as it is
    lines: Lines
    id: str = ""
    comma: bool = False
    start: date = date(2017, 1, 1)
    start_clock: int | None = None
    weight: int = 700
    last_infusion: int = 0
    eos: int = 70
    visits: list[tuple[str, int]] = field(default_factory=list)
    rescued: bool = False

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def day(self, study_day: int) -> date:
        """The calendar date of a study day."""
        return self.start + timedelta(days=study_day - (study_day > 0))

    def write(self, form: str, *cells: object) -> None:
        """Append a row to a form; the subject comes first."""
        self.lines[form].append(";".join([self.id, *[quoted(cell) for cell in cells]]))

    def decimal(self, value: int, places: int) -> str:
        """A whole number of 10**-places in the site's decimal style, without trailing zeros."""
        sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(places + 1, "0")
        whole, part = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
        if not part:
            return sign + whole
        point = "," if self.comma else "."
        return f"{sign}{whole}{point}{part}"


def quoted(cell: object) -> str:
    """A cell, quoted where it holds the delimiter."""
    text = str(cell)
    return f'"{text}"' if ";" in text else text


def dmy(day: date) -> str:
    """DD-MM-YYYY."""
    return f"{day.day:02d}-{day.month:02d}-{day.year}"


def fuzzy(one: Subject, day: date, no_day: float, no_month: float, nothing: float) -> str:
    """A date as collected, sometimes partial or missing."""
    draw = one.rng.random()
    if draw < no_day:
        return f"UN-{day.month:02d}-{day.year}"
    if draw < no_day + no_month:
        return f"UN-UNK-{day.year}"
    if draw < no_day + no_month + nothing:
        return one.rng.choice(("", "-98"))
    return dmy(day)


def hhmm(minutes: int) -> str:
    """A time of the day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def subject(number: int, seed: int, lines: Lines) -> None:
    """All rows of one subject."""
    one = Subject(number, Random(seed * 1_000_003 + number), Random(f"{seed}/{number}"), lines)
    site = 1 + number % 7
    one.id, one.comma = f"{site:02d}{number:05d}", bool(site % 2)
    one.start = date(2016, 1, 1) + timedelta(days=one.rng.randrange(1400))
    if one.chance(
        0.1
    ):  # near a change of year, where imputation to 1 January is no longer imputation to the start
        one.start = date(one.start.year, 12, one.rng.randint(1, 31))
    kind = one.rng.random()
    screen_failure, untreated, no_core_set = kind < 0.04, 0.04 <= kind < 0.07, 0.07 <= kind < 0.1
    write_subject(one, site, screen_failure)
    write_eligibility(one, screen_failure)
    if screen_failure:
        if one.chance(0.3):
            write_core_set_row(one, "BL", dmy(one.day(-2)), core_baseline(one))
        return
    if not untreated:
        write_infusions(one)
    plan_visits(one)
    write_assessments(one, core_set=not no_core_set)
    write_medications(one)
    write_events(one)
    write_vitals(one)
    write_history(one)
    write_end(one)


def write_subject(one: Subject, site: int, screen_failure: bool) -> None:
    """subjects.csv: birthdays on, before and after the day of consent; sometimes in part."""
    consent = one.day(-one.rng.randint(1, 20))
    birthday = consent + timedelta(days=one.rng.choice((0, 0, 1, -1, one.rng.randint(-180, 180))))
    year = birthday.year - one.rng.randint(18, 80)
    birth = date(
        year, birthday.month, min(birthday.day, calendar.monthrange(year, birthday.month)[1])
    )
    born = f"UN-{birth.month:02d}-{year}" if one.edges.random() < 0.15 else dmy(birth)
    one.write(
        "subjects",
        f"{site:02d}",
        "BEL" if site == 7 else "NLD",
        dmy(consent),
        f"UN-UNK-{year}" if one.chance(0.1) else born,
        one.rng.choice("12"),
        one.rng.choice("1112234"),
        fuzzy(one, one.day(-one.rng.randint(40, 260)), 0.3, 0.1, 0.02),
        fuzzy(one, one.day(-one.rng.randint(5, 35)), 0.05, 0, 0.03),
        "" if screen_failure else dmy(consent),
        "Inclusion body myositis" if screen_failure else "",
    )


def write_eligibility(one: Subject, screen_failure: bool) -> None:
    """eligibility.csv: all eleven criteria; a screen failure meets an exclusion criterion."""
    asked = dmy(one.day(-1))
    for n in range(1, 6):
        one.write("eligibility", f"I{n:02d}", "1", asked)
    for n in range(1, 7):
        one.write("eligibility", f"E{n:02d}", "1" if screen_failure and n == 1 else "0", asked)


def write_infusions(one: Subject) -> None:
    """infusions.csv: a loading dose over one to five days, then up to two more; in any order."""
    one.weight = one.rng.randint(480, 1150)
    days = [(1, day, 20) for day in range(1, 1 + one.rng.choice((1, 2, 2, 3, 4, 5)))]
    split = len(days)
    given = one.rng.choices((0, 1, 2), weights=(2, 3, 15))[0]
    days += [(n + 2, 1 + 21 * (n + 1) + one.rng.randint(-2, 3), 10) for n in range(given)]
    one.last_infusion = days[-1][1]
    rows = []
    for cycle, day, per_kg in days:
        clock = one.rng.randint(8 * 60, 14 * 60)
        known = not one.chance(0.08)
        if day == 1:
            one.start_clock = clock if known else None
        dose = (
            round(one.weight * per_kg / (split if cycle == 1 else 1) / 250) * 25
        )  # to 2.5 g, in tenths
        interrupted = one.chance(0.05)
        begin = hhmm(clock) if known else ""
        end = hhmm(clock + one.rng.randint(180, 420))
        weight = one.decimal(one.weight + one.rng.randint(-15, 15), 1)
        lot = f"P{one.rng.randint(10000, 99999)}"
        reason = "Hoofdpijn" if interrupted else ""
        given_dose = one.decimal(max(dose, 25), 1)
        when = (dmy(one.day(day)), begin, end)
        rows.append((cycle, *when, weight, given_dose, lot, int(interrupted), reason))
    one.rng.shuffle(rows)
    for row in rows:
        one.write("infusions", *row)


def plan_visits(one: Subject) -> None:
    """Visits on targets, window edges, at equal distance of the target, twice a day, or none."""
    for visit, target in TARGETS.items():
        pattern = one.rng.random()
        off = one.rng.randint(1, 9)
        if pattern < 0.25:
            one.visits.append((visit, target))
        elif pattern < 0.45:
            one.visits.append((visit, one.rng.choice(WINDOW_EDGES[visit])))
        elif pattern < 0.6:
            one.visits += one.rng.choice(
                (
                    [(visit, target - off), ("UNS", target + off)],
                    [("UNS", target - off), (visit, target + off)],
                )
            )
        elif pattern < 0.7:
            one.visits += [(visit, target + off), ("UNS", target + off)]
        elif pattern < 0.78:
            one.visits += [(visit, target - off), ("UNS", target - off + 1), ("UNS", target + 10)]
        elif pattern < 0.81:
            one.visits += [(visit, target), (visit, target)]
        elif pattern < 0.95:
            one.visits.append((visit, target + one.rng.randint(-4, 4)))
    one.rng.shuffle(one.visits)


def core_baseline(one: Subject) -> dict[str, int]:
    """Baseline values in hundredths: mostly with room to improve, sometimes near the ceiling."""
    if one.chance(0.08):
        return {
            "PGA": one.rng.randrange(0, 300, 10),
            "PTGA": one.rng.randrange(0, 300, 10),
            "MMT8": 14500,
            "HAQDI": 25,
            "EXTRA": one.rng.randrange(0, 200, 10),
        }
    vas = {name: one.rng.randrange(450, 1001, 10) for name in ("PGA", "PTGA", "EXTRA")}
    return vas | {
        "MMT8": one.rng.randrange(5000, 10401, 100),
        "HAQDI": one.rng.choice((150, 175, 200, 225, 250, 300)),
    }


def planned_bands(one: Subject) -> dict[str, int]:
    """A band of improvement per measure, often for a total score at or just beside 20, 40 or 60."""
    draw = one.rng.random()
    if draw < 0.45:
        total = one.rng.choice((40, 80, 80, 120))
    elif draw < 0.65:
        total = one.rng.choice((35, 45, 75, 85, 115, 125))
    else:
        total = one.rng.choice(TOTALS)
    return dict(zip(ORDER, one.rng.choice(BANDS[total]), strict=True))


def gain(one: Subject, name: str, band: int, width: int, step: int) -> int:
    """An improvement inside a band: often exactly its upper edge, or one step inside an edge."""
    edges = [
        percent * width // 100
        for percent in ((2, 10, 20, 30) if name == "MMT8" else (5, 15, 25, 40))
    ]
    low = edges[band - 1] if band else -edges[1]
    high = edges[band] if band < 4 else edges[3] + 10 * step
    draw = one.rng.random()
    if draw < 0.5 and band < 4:
        return high
    if draw < 0.6 and band < 4:
        return high - step
    if draw < 0.75 and band:
        return low + step
    return one.rng.randrange(low + step, high + 1, step)


def core_followup(one: Subject, base: dict[str, int], bands: dict[str, int]) -> dict[str, int]:
    """Values of a visit, from the bands it should give."""
    found = {}
    for name, (width, direction, step) in CORE.items():
        value = base[name] + direction * gain(one, name, bands[name], width, step)
        found[name] = min(max(value, 0), width)
    return found


def write_core_set_row(
    one: Subject, visit: str, day: str, values: dict[str, int], spoilt: float = 0.03
) -> None:
    """core_set.csv: each component is now and then empty or a user-missing code."""
    cells = [
        one.rng.choice(("", *CODES)) if one.chance(spoilt) else one.decimal(values[name], 2)
        for name in CORE
    ]
    one.write("core_set", visit, day, *cells)


@dataclass
class Levels:
    """Enzyme levels of a subject: baseline multiples of the upper limit in hundredths."""

    multiples: dict[str, int]
    tests: list[str]


def enzyme_levels(one: Subject) -> Levels:
    """Baseline multiples: CK highest in most, another enzyme or several equal ones in others."""
    top = one.rng.choice(("CK", "CK", "CK", *ENZYMES))
    multiples = {name: one.rng.randint(90, 280) for name in ENZYMES}
    multiples[top] = one.rng.randint(300, 900) if top != "CK" else one.rng.randint(650, 4500)
    if one.chance(0.25):
        equal = one.rng.choice(list(ENZYMES))
        multiples[equal] = multiples[top]
    tests = [name for name in ENZYMES if not one.chance(0.05 if name == "CK" else 0.12)]
    return Levels(multiples, tests)


def write_laboratory(
    one: Subject, visit: str, day: int, levels: Levels, band: int | None, clock: int | None
) -> None:
    """laboratory.csv: one sample; limits differ by laboratory and visit, or are missing or zero."""
    when = collected_day(one, day)
    time = "" if clock is None else hhmm(clock)
    for name in levels.tests:
        multiple = levels.multiples[name]
        if band is not None:
            multiple = max(multiple - gain(one, name, band, ENZYMES[name] * 100, 1), 5)
        ukat = one.chance(0.15)
        # in hundredths of U/L, or of ukat/L with room for the two decimals of the multiple
        limit = (
            one.rng.choice((250, 285, 320))
            if ukat
            else one.rng.choice((3500, 4000, 14500, 17000, 20000, 25000))
        )
        result = one.decimal(multiple * limit, 4)
        draw = one.rng.random()
        if draw < 0.03:
            result = one.rng.choice(("", *CODES))
        elif draw < 0.09:
            result = one.rng.choice("<>") + result
        draw = one.rng.random()
        upper = one.decimal(limit, 2) if draw > 0.04 else one.rng.choice(("", "0", "-99"))
        unit = "ukat/L" if ukat else "U/L"
        lab = one.rng.choice(("AMC", "VUMC"))
        one.write("laboratory", visit, when, time, name, result, unit, "0", upper, lab)
    for name, (unit, low, high) in OTHER_TESTS.items():
        value = one.decimal(one.rng.randint(low * 8 // 10, high * 12 // 10), 2)
        limits = (one.decimal(low, 2), one.decimal(high, 2))
        one.write("laboratory", visit, when, time, name, value, unit, *limits, "AMC")


def collected_day(one: Subject, day: int) -> str:
    """An assessment date, rarely partial or missing."""
    return fuzzy(one, one.day(day), 0.01, 0.003, 0.007)


def write_assessments(one: Subject, core_set: bool) -> None:
    """Core set and laboratory, each with its own dates; the enzymes follow the same bands."""
    base, levels = core_baseline(one), enzyme_levels(one)
    core_rows = core_baselines(one, base)
    samples = laboratory_baselines(one)
    for visit, day in one.visits:
        bands = planned_bands(one)
        core_rows.append((visit, collected_day(one, day), core_followup(one, base, bands)))
        off = one.rng.choice((0, 0, 0, -3, -2, -1, 1, 2, 3))
        clock = one.rng.randint(7 * 60, 17 * 60) if one.chance(0.7) else None
        if not one.chance(0.04):
            samples.append((visit, day + off, bands["ENZ"], clock))
        if one.chance(0.05):
            samples.append((visit, day + off, bands["ENZ"], 18 * 60))
    for visit, when, values in core_rows if core_set else []:
        write_core_set_row(one, visit, when, values)
    for sample_visit, sample_day, band, clock in samples:
        write_laboratory(one, sample_visit, sample_day, levels, band, clock)


def core_baselines(one: Subject, base: dict[str, int]) -> list[tuple[str, str, dict[str, int]]]:
    """Baseline assessments: none, one, or several of which the last has missing components."""
    if one.chance(0.04):
        return []
    rows = [("BL", dmy(one.day(one.rng.choice((-14, -7, -3, -1, 1, 1)))), base)]
    if one.chance(0.2):
        rows.append(
            (
                "UNS",
                dmy(one.day(one.rng.choice((-7, -1, 1)))),
                {k: max(v - 10, 0) for k, v in base.items()},
            )
        )
    if one.chance(0.1):
        rows.append(("BL", dmy(one.day(1)), base))
    return rows


def laboratory_baselines(one: Subject) -> list[tuple[str, int, int | None, int | None]]:
    """Baseline samples: on earlier days, and on that of the infusion, around its start."""
    if one.chance(0.03):
        return []
    rows: list[tuple[str, int, int | None, int | None]] = []
    start = one.start_clock if one.start_clock is not None else 10 * 60
    if one.chance(0.6):
        clock = one.rng.choice((None, 8 * 60, 9 * 60 + 30))
        rows.append(("BL", one.rng.choice((-10, -3, -1)), None, clock))
    if one.chance(0.7) or not rows:
        rows.append(
            ("BL", 1, None, one.rng.choice((None, start - 45, start, start + 1, start + 90)))
        )
    if one.chance(0.2):
        rows.append(
            (
                "UNS",
                1,
                one.rng.choice((None, 0)),
                one.rng.choice((None, start - 45, start, start + 90)),
            )
        )
    return rows


def write_medications(one: Subject) -> None:
    """medications.csv: ordinary drugs, and rescue on, before and after assessments."""
    number = 0
    rescue_days: list[int] = []
    if one.chance(0.35):
        anchors = [day for _, day in one.visits] or [30]
        first = one.rng.choice(anchors) + one.rng.choice((0, 0, 0, -1, 1, -8, 12))
        rescue_days = [max(first, 1)] + (
            [max(first, 1) + one.rng.randint(0, 20)] if one.chance(0.25) else []
        )
    one.rescued = bool(rescue_days)
    for day in rescue_days:
        number += 1
        drug, atc, dose, unit, frequency, route = one.rng.choice(RESCUES)
        start = fuzzy(one, one.day(day), 0.12, 0.05, 0.06)
        stopped = one.edges.random() < 0.4
        stop = dmy(one.day(day) + timedelta(days=one.edges.randint(0, 3))) if stopped else ""
        told = (dose, unit, frequency, route, start, stop, int(not stopped), 1)
        one.write("medications", number, drug, atc, "Onvoldoende effect", *told)
    for _ in range(one.rng.randint(0, 2)):
        number += 1
        drug, atc, dose, unit, frequency, route = one.rng.choice(OTHER_DRUGS)
        day = one.rng.choice((-200, -20, 1, 5, 30))
        ongoing = one.chance(0.5)
        start = fuzzy(one, one.day(day), 0.1, 0.1, 0.05)
        stop = "" if ongoing else fuzzy(one, one.day(day + 40), 0.1, 0.05, 0)
        told = (dose, unit, frequency, route, start, stop, int(ongoing), 0)
        one.write("medications", number, drug, atc, "Pijn", *told)
    late = max([day for _, day in one.visits] + rescue_days, default=10)
    one.eos = max(late + one.rng.randint(0, 6), one.last_infusion, 1) - (
        1 if one.rescued and one.chance(0.1) else 0
    )
    one.eos = max(one.eos, 1)


def write_events(one: Subject) -> None:
    """adverse_events.csv: around the edges of the treatment period; dates in part."""
    last = max(one.last_infusion, 1)
    edges = (-1, 1, 2, last + 29, last + 30, last + 31, -20)
    count = one.rng.choice((0, 0, 1, 1, 2, 3, 4))
    for number in range(1, 1 + count):
        day = one.rng.choice(edges) if one.chance(0.4) else one.rng.randint(1, last + 35)
        day = day + 1 if day == 0 else day
        ongoing = one.chance(0.2)
        end = (
            ""
            if ongoing
            else fuzzy(one, one.day(day) + timedelta(days=one.rng.randint(0, 25)), 0.15, 0.05, 0.02)
        )
        serious = one.chance(0.15)
        admitted, medical = (one.rng.choice(((1, 0), (0, 1), (1, 1)))) if serious else (0, 0)
        event = one.rng.choice(EVENTS)
        start = fuzzy(one, one.day(day), 0.12, 0.06, 0.04)
        severity = one.rng.choice("123")
        seriousness = (int(serious), 0, 0, admitted, 0, 0, medical)
        related, action = one.rng.choice("01234"), one.rng.choice("00019")
        told = (start, end, int(ongoing), severity, *seriousness, related, action)
        outcome = 3 if ongoing else 1
        one.write("adverse_events", number, *event, *told, outcome)
    write_early_event(one, count + 1)


def write_early_event(one: Subject, number: int) -> None:
    """Sometimes an event that ended before treatment, its start not known to the day."""
    if one.edges.random() > 0.15:
        return
    end = one.start - timedelta(days=one.edges.choice((1, 2, 3, 15)))
    start = one.edges.choice((f"UN-{end.month:02d}-{end.year}", f"UN-UNK-{end.year}"))
    serious = one.edges.choice((0, 0, 1))
    event = one.edges.choice(EVENTS)
    seriousness = (serious, 0, 0, serious, 0, 0, 0)
    told = (start, dmy(end), 0, 1, *seriousness, 1, 0, 1)
    one.write("adverse_events", number, *event, *told)


def write_vitals(one: Subject) -> None:
    """vitals.csv: the baseline and the planned visits."""
    height = one.rng.randint(150, 198)
    planned = [visit for visit in one.visits if visit[0] != "UNS"]
    for visit, day in [("BL", 1), *planned]:
        time = ""
        if one.chance(0.8):
            time = hhmm(one.rng.randint(480, 600))
        weight = one.decimal(one.weight + one.rng.randint(-20, 20), 1)
        pressure = (one.rng.randint(95, 175), one.rng.randint(55, 105))
        pulse = one.rng.randint(50, 110)
        temperature = one.decimal(one.rng.randint(358, 384), 1)
        when = (visit, dmy(one.day(day)), time)
        one.write("vitals", *when, weight, height, *pressure, pulse, temperature)


def write_history(one: Subject) -> None:
    """medical_history.csv."""
    for number, condition in enumerate(CONDITIONS[: one.rng.randint(0, 2)], start=1):
        started = fuzzy(one, one.day(-one.rng.randint(400, 6000)), 0.3, 0.4, 0.1)
        one.write("medical_history", number, *condition, started, "", 1)


def write_end(one: Subject) -> None:
    """end_of_study.csv: always with a complete end date."""
    completed = not one.rescued and not one.chance(0.1)
    if completed:
        reason = 1
    elif one.rescued:
        reason = 2
    else:
        reason = one.rng.choice((3, 4, 5, 9))
    excluded = one.chance(0.05)
    end = (int(completed), dmy(one.day(one.eos)), reason, "Verhuisd" if reason == 9 else "", "")
    one.write("end_of_study", *end, int(excluded), "Ceiling effect" if excluded else "")


def simulate(folder: Path, subjects: int, seed: int) -> None:
    """Write all ten forms of a raw export with this many subjects."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        form: (folder / f"{form}.csv").open("w", encoding="utf-8", newline="\n") for form in COLUMNS
    }
    try:
        for form, columns in COLUMNS.items():
            files[form].write(columns.replace(" ", ";") + "\n")
        for first in range(1, subjects + 1, 1000):
            lines: Lines = {form: [] for form in COLUMNS}
            for number in range(first, min(first + 1000, subjects + 1)):
                subject(number, seed, lines)
            flush(files, lines)
    finally:
        for file in files.values():
            file.close()


def flush(files: Mapping[str, TextIO], lines: Lines) -> None:
    """Append finished rows to the files."""
    for form, rows in lines.items():
        if rows:
            files[form].write("\n".join(rows) + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a synthetic raw export.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--subjects", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    simulate(arguments.folder, arguments.subjects, arguments.seed)


if __name__ == "__main__":
    main()
