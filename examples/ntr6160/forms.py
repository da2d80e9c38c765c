"""Turn the story of the subjects into the rows of the ten forms, still without problems."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import story
from story import ENZYME_RANGE, ENZYMES, SUBJECTS, Subject

Row = dict[str, str]
Forms = dict[str, list[Row]]

CORE = ("physician_vas", "patient_vas", "mmt8", "haq_di", "extramuscular_vas")
CORE_SIZE = (10.0, 10.0, 150.0, 3.0, 10.0)
CRITERIA = [f"I{n:02}" for n in range(1, 6)] + [f"E{n:02}" for n in range(1, 7)]
PLANNED_G_PER_KG = {1: 2, 2: 1, 3: 1}
DECIMAL_COMMA_SITE = "02"
UKAT_SITE = "03"
NO_ALDOLASE_SITE = "04"
PARTIAL_ONSET = 0.7  # share of symptom onsets of which the day is unknown
NOT_DONE = 0.06  # share of temperatures not taken

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


class Visit(NamedTuple):
    """One assessment of a course, `W3@22=minimal`."""

    key: str  # W3@22
    name: str  # W3
    day: int
    level: str


# --- small helpers ---------------------------------------------------------------------------
def rng_of(form: str) -> Random:
    """Give a generator of its own to each form, so that a change in one leaves the others."""
    return Random(f"{story.SEED} {form}")


def on_day(start: date, day: int) -> date:
    """Turn a study day into a date; there is no day 0."""
    return start + timedelta(days=day - 1 if day > 0 else day)


def dmy(value: date) -> str:
    """Write a date as DD-MM-YYYY."""
    return value.strftime("%d-%m-%Y")


def when(start: date, told: str) -> str:
    """Write a date of the story (see there) as the form shows it."""
    match = re.fullmatch(r"([dmy])(-?\d+)", told)
    if not match:
        return "" if told == "ongoing" else told
    day = on_day(start, int(match[2]))
    return day.strftime({"d": "%d-%m-%Y", "m": "UN-%m-%Y", "y": "UN-UNK-%Y"}[match[1]])


def visits(subject: Subject) -> list[Visit]:
    """Read the course of a subject."""
    found = []
    for item in subject.course.split():
        key, level = item.split("=")
        name, day = key.split("@")
        found.append(Visit(key, name, int(day), level))
    return found


def clock(minutes: int) -> str:
    """Write minutes after midnight as HH:MM."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def start_of(subject_id: str) -> date:
    """Find the first infusion date of an included subject."""
    return next(s.start for s in SUBJECTS if s.id == subject_id)


# --- the forms -------------------------------------------------------------------------------
def subjects_form() -> Iterator[Row]:
    """Write included subjects and screen failures."""
    rng = rng_of("subjects")
    for s in SUBJECTS:
        inclusion = s.start - timedelta(days=rng.choice((5, 6, 7)))
        onset = inclusion - timedelta(days=rng.randint(80, 230))
        yield {
            "subject_id": s.id,
            "consent_date": dmy(s.start - timedelta(days=rng.choice((11, 12, 13, 14, 17, 18)))),
            "birth_date": s.birth,
            "sex": s.sex,
            "diagnosis": s.diagnosis,
            "symptom_onset": onset.strftime(
                "UN-%m-%Y" if rng.random() < PARTIAL_ONSET else "%d-%m-%Y"
            ),
            "biopsy_date": dmy(inclusion - timedelta(days=rng.randint(14, 45))),
            "inclusion_date": dmy(inclusion),
        }
    for f in story.SCREEN_FAILURES:
        yield {
            "subject_id": f.id,
            "consent_date": dmy(f.consent),
            "birth_date": f.birth,
            "sex": f.sex,
            "diagnosis": f.diagnosis,
            "symptom_onset": (f.consent - timedelta(days=150)).strftime("UN-%m-%Y"),
            "biopsy_date": dmy(f.consent - timedelta(days=20)),
            "screen_failure_reason": f.reason,
        }


def eligibility_form(subjects: list[Row]) -> Iterator[Row]:
    """Write all criteria: inclusion ones met, exclusion ones not, but for screen failures."""
    failed = {f.id: f.failed for f in story.SCREEN_FAILURES}
    for subject in subjects:
        subject_id = subject["subject_id"]
        for criterion in CRITERIA:
            met = criterion.startswith("I") or failed.get(subject_id) == criterion
            yield {
                "subject_id": subject_id,
                "criterion": criterion,
                "answer": "1" if met else "0",
                "assessed_date": subject.get("inclusion_date") or subject["consent_date"],
            }


def split_dose(total: int, days: int) -> list[int]:
    """Split grams over infusion days in steps of 5 g, the larger ones first."""
    steps, rest = divmod(total // 5, days)
    return [5 * (steps + (1 if n < rest else 0)) for n in range(days)]


def infusions_form() -> Iterator[Row]:
    """Write one row per infusion day; each cycle's total is the plan, rounded to 5 g."""
    rng = rng_of("infusions")
    for s in SUBJECTS:
        for cycle, (first_day, days) in enumerate(s.cycles, start=1):
            weight = s.weight + rng.choice((-0.4, -0.2, 0.0, 0.3))
            total = 5 * round(weight * PLANNED_G_PER_KG[cycle] / 5)
            for number, dose in enumerate(split_dose(total, days), start=1):
                begin = rng.randrange(9 * 60 + 15, 10 * 60 + 35, 5)
                reason = story.INTERRUPTED.get((s.id, cycle, number))
                yield {
                    "subject_id": s.id,
                    "cycle": str(cycle),
                    "infusion_date": dmy(on_day(s.start, first_day + number - 1)),
                    "start_time": clock(begin),
                    "stop_time": clock(begin + 3 * dose + (120 if reason else 60)),
                    "weight_kg": f"{weight:.1f}",
                    "dose_g": str(dose),
                    "lot_no": f"SYN{s.start.year % 100}{rng.randint(1, 4):03}",
                    "interrupted": "1" if reason else "0",
                    "interruption_reason": reason or "",
                }


def drawn_levels() -> dict[tuple[str, str], tuple[float, ...]]:
    """Draw the intended improvement of the six measures for each assessment."""
    rng = rng_of("levels")
    drawn = {}
    for s in SUBJECTS:
        for visit in visits(s):
            shifts = rng.choice(story.LEVELS[visit.level])
            jitter = 0.0 if visit.level == "base" else 2.0
            drawn[s.id, visit.key] = tuple(x + rng.uniform(-jitter, jitter) for x in shifts)
    return drawn


def core_value(measure: str, baseline: float, size: float, percent: float) -> str:
    """Move a baseline by a percentage of the range and round it as the form does."""
    better = percent * size / 100
    value = baseline + better if measure == "mmt8" else baseline - better
    value = min(max(value, 0.0), size)
    if measure == "mmt8":
        return str(round(value))
    if measure == "haq_di":
        return f"{round(value * 8) / 8:g}"
    return f"{value:.1f}"


def core_set_form() -> Iterator[Row]:
    """Write one row per assessment."""
    drawn = drawn_levels()
    for s in SUBJECTS:
        baseline = [float(x) for x in s.baseline.split()]
        for visit in visits(s):
            core_shifts = [*drawn[s.id, visit.key][:4], drawn[s.id, visit.key][5]]
            values = zip(CORE, baseline, CORE_SIZE, core_shifts, strict=True)
            row = {m: core_value(m, base, size, shift) for m, base, size, shift in values}
            row |= story.CORE_EDITS.get((s.id, visit.key), {})
            row |= {"subject_id": s.id, "visit": visit.name}
            yield row | {"visit_date": dmy(on_day(s.start, visit.day))}


def enzyme_multiples(s: Subject, percent: float, rng: Random) -> dict[str, float]:
    """Move the most abnormal enzyme by a percentage of its range, the others in proportion."""
    base = dict(zip(ENZYMES, s.enzymes, strict=True))
    top = max(ENZYMES, key=lambda test: base[test])
    moved = max(base[top] - percent * ENZYME_RANGE[top] / 100, 0.5)
    noise = {t: 1.0 if t == top or percent == 0 else rng.uniform(0.95, 1.05) for t in ENZYMES}
    return {t: max(base[t] * moved / base[top] * noise[t], 0.4) for t in ENZYMES}


def enzyme_row(s: Subject, test: str, multiple: float) -> Row:
    """Write an enzyme with the limits and unit of the site's laboratory."""
    if s.id.startswith(NO_ALDOLASE_SITE) and test == "ALDOLASE":
        return {"test": test, "result": "-96"}
    ukat = s.id.startswith(UKAT_SITE)
    digits = (UKAT_DECIMALS if ukat else UNITS_DECIMALS)[test]
    upper = UPPER[test][0 if s.sex == story.MALE else 1] / (60 if ukat else 1)
    printed = f"{upper:.{digits}f}"
    return {
        "test": test,
        "result": f"{multiple * float(printed):.{digits}f}",
        "unit": "ukat/L" if ukat else "U/L",
        "lower_limit": "0",
        "upper_limit": printed,
    }


def other_rows(s: Subject, visit: Visit, rng: Random) -> list[Row]:
    """Write haemoglobin, creatinine and IgG, which falls and rises with the infusions."""
    man = s.sex == story.MALE
    treated = visit.day > 1
    hb = (9.1 if man else 8.1) + rng.uniform(-0.4, 0.4) - (0.5 if treated else 0)
    creatinine = (74 if man else 61) + rng.uniform(-12, 14)
    igg = rng.uniform(17, 27) if treated else rng.uniform(8.5, 14.5)
    shown = (
        ("HB", f"{hb:.1f}", "mmol/L", "8.5" if man else "7.5", "11.0" if man else "10.0"),
        ("CREAT", f"{creatinine:.0f}", "umol/L", "64" if man else "49", "104" if man else "90"),
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
            day = story.LAB_DAYS.get((s.id, visit.key), visit.day)
            percent = story.ENZYME_EDITS.get((s.id, visit.key), drawn[s.id, visit.key][4])
            multiples = enzyme_multiples(s, percent, rng)
            sample = {
                "visit": visit.name,
                "sample_time": clock(rng.randrange(8 * 60, 8 * 60 + 55, 5)),
            }
            rows = [enzyme_row(s, t, multiples[t]) for t in ENZYMES] + other_rows(s, visit, rng)
            for row in rows if day else []:
                edit = story.LAB_EDITS.get((s.id, visit.key, row["test"]))
                edited = {"result": edit} if edit else {}
                yield row | edited | sample | lab_key(s, day)
        for subject_id, name, day, time, test, multiple in story.EXTRA_LABS:
            if subject_id == s.id:
                row = enzyme_row(s, test, multiple) | lab_key(s, day)
                yield row | {"visit": name, "sample_time": time}


def lab_key(s: Subject, day: int) -> Row:
    """Write what all results of one sample share."""
    sampled = dmy(on_day(s.start, day))
    return {"subject_id": s.id, "sample_date": sampled, "lab": f"LAB{s.id[:2]}"}


def adverse_events_form() -> Iterator[Row]:
    """Write the events of the story."""
    for e in story.EVENTS:
        start = start_of(e.subject)
        criteria = {f"ser_{c}" for c in e.criteria.split() if c != "none"}
        flags = ("ser_death", "ser_life", "ser_hosp", "ser_disab", "ser_cong", "ser_med")
        yield {
            "subject_id": e.subject,
            "description": e.description,
            "pt_name": e.term,
            "soc_name": story.SOC[e.soc],
            "start_date": when(start, e.start),
            "end_date": when(start, e.end),
            "ongoing": "1" if e.end == "ongoing" else "0",
            "severity": str(e.severity),
            "serious": "1" if e.criteria else "0",
            **{flag: "1" if flag in criteria else "0" for flag in flags},
            "related": str(e.related),
            "action": str(e.action),
            "outcome": str(e.outcome),
        }


def medications_form() -> Iterator[Row]:
    """Write the concomitant medications of the story and the rescue medications."""
    for m in story.MEDICATIONS:
        start = start_of(m.subject)
        row = m._asdict()
        row |= {"subject_id": row.pop("subject"), "start_date": when(start, row.pop("start"))}
        row |= {"stop_date": when(start, row.pop("stop")), "rescue": "0"}
        yield row | {"ongoing": "1" if m.stop == "ongoing" else "0"}
    for subject_id, given in story.RESCUE.items():
        for drug, day in given:
            once = story.DRUGS[drug][3] == "ONCE"
            first = dmy(on_day(start_of(subject_id), day))
            names = ("atc", "dose", "unit", "frequency", "route")
            yield {
                "subject_id": subject_id,
                "drug": drug.capitalize(),
                **dict(zip(names, story.DRUGS[drug], strict=True)),
                "indication": "Insufficient efficacy of study treatment",
                "start_date": first,
                "stop_date": first if once else "",
                "ongoing": "0" if once else "1",
                "rescue": "1",
            }


def medical_history_form() -> Iterator[Row]:
    """Write the conditions of the story."""
    for c in story.HISTORY:
        start = start_of(c.subject)
        yield {
            "subject_id": c.subject,
            "condition": c.condition,
            "pt_name": c.term,
            "soc_name": story.SOC[c.soc],
            "start_date": when(start, c.start),
            "end_date": when(start, c.end),
            "ongoing": "1" if c.end == "ongoing" else "0",
        }


def vitals_form() -> Iterator[Row]:
    """Write vital signs at the planned visits; height at baseline only."""
    rng = rng_of("vitals")
    for s in SUBJECTS:
        for visit in visits(s):
            if visit.name == "UNS":
                continue
            baseline = visit.name == "BL"
            yield {
                "subject_id": s.id,
                "visit": visit.name,
                "date": dmy(on_day(s.start, visit.day)),
                "time": clock(rng.randrange(8 * 60, 9 * 60, 5)),
                "weight_kg": f"{s.weight + rng.uniform(-1, 1):.1f}",
                "height_cm": str(s.height) if baseline else rng.choice(("", "-97")),
                "sbp": str(rng.randint(108, 152)),
                "dbp": str(rng.randint(62, 92)),
                "pulse": str(rng.randint(58, 94)),
                "temperature_c": "-99"
                if rng.random() < NOT_DONE
                else f"{rng.uniform(36, 37.4):.1f}",
                "device_no": f"BP-{s.id[:2]}-{rng.randint(1, 3)}",
            }


def end_of_study_form() -> Iterator[Row]:
    """Write how each subject ended: completed, rescued, or never included."""
    for s in SUBJECTS:
        rescued = s.id in story.RESCUE
        exclusion = story.EXCLUDED_FROM_EFFICACY.get(s.id, "")
        yield {
            "subject_id": s.id,
            "completed": "0" if rescued else "1",
            "end_date": dmy(on_day(s.start, s.end_day)),
            "reason": "2" if rescued else "1",
            "reason_text": "Rescue medication needed" if rescued else "",
            "excluded_from_efficacy": "1" if exclusion else "0",
            "exclusion_reason": exclusion,
        }
    for f in story.SCREEN_FAILURES:
        yield {
            "subject_id": f.id,
            "completed": "0",
            "end_date": dmy(f.consent + timedelta(days=6)),
            "reason": "9",
            "reason_text": "Screen failure",
            "excluded_from_efficacy": "0",
        }


# --- putting it together ---------------------------------------------------------------------
def number(rows: list[Row], column: str) -> None:
    """Give the rows of each subject the numbers 1, 2, 3 ... in a column."""
    last: dict[str, int] = {}
    for row in rows:
        last[row["subject_id"]] = last.get(row["subject_id"], 0) + 1
        row[column] = str(last[row["subject_id"]])


def use_decimal_commas(forms: Forms) -> None:
    """Write numbers of one site with a decimal comma."""
    for name, rows in forms.items():
        for row in rows if name != "subjects" else []:
            if row["subject_id"].startswith(DECIMAL_COMMA_SITE):
                for column, value in row.items():
                    if re.fullmatch(r"[<>]?\d+\.\d+", value):
                        row[column] = value.replace(".", ",")


def make_forms() -> Forms:
    """Make all forms without the deliberate problems, sorted by subject."""
    subjects = sorted(subjects_form(), key=lambda row: row["subject_id"])
    for row in subjects:
        row |= {"site_id": row["subject_id"][:2], "country": story.COUNTRY}
    forms: Forms = {
        "subjects": subjects,
        "eligibility": list(eligibility_form(subjects)),
        "infusions": list(infusions_form()),
        "core_set": list(core_set_form()),
        "laboratory": list(laboratory_form()),
        "adverse_events": list(adverse_events_form()),
        "medications": list(medications_form()),
        "medical_history": list(medical_history_form()),
        "vitals": list(vitals_form()),
        "end_of_study": list(end_of_study_form()),
    }
    for rows in forms.values():
        rows.sort(key=lambda row: row["subject_id"])
    number(forms["adverse_events"], "ae_no")
    number(forms["medications"], "med_no")
    number(forms["medical_history"], "mh_no")
    use_decimal_commas(forms)
    return forms
