"""Turn the story of the subjects into the rows of the ten forms, still without problems."""

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import events
import story
from course import (
    SHOWN,
    STARTS,
    Row,
    clock,
    dmy,
    drawn_levels,
    on_day,
    rng_of,
    ticked,
    visits,
    when,
)
from laboratory import laboratory_form
from story import SUBJECTS

Forms = dict[str, list[Row]]

CORE = ("physician_vas", "patient_vas", "mmt8", "haq_di", "extramuscular_vas")
CORE_SIZE = (10.0, 10.0, 150.0, 3.0, 10.0)
INCLUSION = ("I01", "I02", "I03", "I04", "I05")
EXCLUSION = ("E01", "E02", "E03", "E04", "E05", "E06")
SERIOUS = ("death", "life", "hosp", "disab", "cong", "med")
PLANNED_G_PER_KG = {1: 2, 2: 1, 3: 1}
DECIMAL_COMMA_SITE = "02"
PARTIAL_ONSET = 0.7  # share of symptom onsets of which the day is unknown
NOT_DONE = 0.06  # share of temperatures not taken


# --- the forms -------------------------------------------------------------------------------
def subjects_form() -> Iterator[Row]:
    """Write included subjects and screen failures."""
    rng = rng_of("subjects")
    for s in SUBJECTS:
        inclusion = s.start - timedelta(days=rng.choice((5, 6, 7)))
        onset = inclusion - timedelta(days=rng.randint(80, 230))
        consent = s.start - timedelta(days=rng.choice((11, 12, 13, 14, 17, 18)))
        known = "d"
        if rng.random() < PARTIAL_ONSET:
            known = "m"
        yield {
            "subject_id": s.id,
            "consent_date": dmy(consent),
            "birth_date": s.birth,
            "sex": s.sex,
            "diagnosis": s.diagnosis,
            "symptom_onset": onset.strftime(SHOWN[known]),
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
            "symptom_onset": (f.consent - timedelta(days=150)).strftime(SHOWN["m"]),
            "biopsy_date": dmy(f.consent - timedelta(days=20)),
            "screen_failure_reason": f.reason,
        }


def eligibility_form(subjects: list[Row]) -> Iterator[Row]:
    """Write all criteria: inclusion ones met, exclusion ones not, but for screen failures."""
    failed = {f.id: f.failed for f in story.SCREEN_FAILURES}
    for subject in subjects:
        subject_id = subject["subject_id"]
        for criterion in (*INCLUSION, *EXCLUSION):
            met = criterion in INCLUSION or failed.get(subject_id) == criterion
            yield {
                "subject_id": subject_id,
                "criterion": criterion,
                "answer": ticked(met),
                "assessed_date": subject.get("inclusion_date") or subject["consent_date"],
            }


def split_dose(total: int, days: int) -> list[int]:
    """Split grams over infusion days in steps of 5 g, the larger ones first."""
    steps, rest = divmod(total // 5, days)
    doses = [5 * steps] * days
    for day in range(rest):
        doses[day] += 5
    return doses


def infusions_form() -> Iterator[Row]:
    """Write one row per infusion day; each cycle's total is the plan, rounded to 5 g."""
    rng = rng_of("infusions")
    for s in SUBJECTS:
        for cycle, (first_day, days) in enumerate(s.cycles, start=1):
            weight = s.weight + rng.choice((-0.4, -0.2, 0.0, 0.3))
            total = 5 * round(weight * PLANNED_G_PER_KG[cycle] / 5)
            for number, dose in enumerate(split_dose(total, days), start=1):
                begin = rng.randrange(9 * 60 + 15, 10 * 60 + 35, 5)
                reason = events.INTERRUPTED.get((s.id, cycle, number), "")
                end = begin + 3 * dose + 60
                if reason:
                    end += 60
                yield {
                    "subject_id": s.id,
                    "cycle": str(cycle),
                    "infusion_date": dmy(on_day(s.start, first_day + number - 1)),
                    "start_time": clock(begin),
                    "stop_time": clock(end),
                    "weight_kg": f"{weight:.1f}",
                    "dose_g": str(dose),
                    "lot_no": f"SYN{s.start.year % 100}{rng.randint(1, 4):03}",
                    "interrupted": ticked(reason != ""),
                    "interruption_reason": reason,
                }


def core_value(measure: str, baseline: float, size: float, percent: float) -> str:
    """Move a baseline by a percentage of the range and round it as the form does."""
    change = percent * size / 100
    if measure != "mmt8":  # of the others less is better
        change = -change
    value = min(max(baseline + change, 0.0), size)
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
            *shifts, _enzyme, extramuscular = drawn[s.id, visit.key]
            measures = zip(CORE, baseline, CORE_SIZE, [*shifts, extramuscular], strict=True)
            row = {}
            for measure, base, size, shift in measures:
                row[measure] = core_value(measure, base, size, shift)
            row |= story.CORE_EDITS.get((s.id, visit.key), {})
            row |= {"subject_id": s.id, "visit": visit.name}
            yield row | {"visit_date": dmy(on_day(s.start, visit.day))}


def adverse_events_form() -> Iterator[Row]:
    """Write the events of the story."""
    for e in events.EVENTS:
        start = STARTS[e.subject]
        row = {
            "subject_id": e.subject,
            "description": e.description,
            "pt_name": e.term,
            "soc_name": events.SOC[e.soc],
            "start_date": when(start, e.start),
            "end_date": when(start, e.end),
            "ongoing": ticked(e.end == "ongoing"),
            "severity": str(e.severity),
            "serious": ticked(e.criteria != ""),
            "related": str(e.related),
            "action": str(e.action),
            "outcome": str(e.outcome),
        }
        criteria = e.criteria.split()
        for criterion in SERIOUS:
            row[f"ser_{criterion}"] = ticked(criterion in criteria)
        yield row


def medications_form() -> Iterator[Row]:
    """Write the concomitant medications of the story and the rescue medications."""
    for m in events.MEDICATIONS:
        start = STARTS[m.subject]
        row = m._asdict()
        row |= {"subject_id": row.pop("subject"), "start_date": when(start, row.pop("start"))}
        row |= {"stop_date": when(start, row.pop("stop")), "rescue": "0"}
        yield row | {"ongoing": ticked(m.stop == "ongoing")}
    for subject_id, given in story.RESCUE.items():
        for drug, day in given:
            yield rescue_row(subject_id, drug, day)


def rescue_row(subject_id: str, drug: str, day: int) -> Row:
    """Write one rescue medication; what is not given once goes on."""
    first = dmy(on_day(STARTS[subject_id], day))
    names = ("atc", "dose", "unit", "frequency", "route")
    row = {
        "subject_id": subject_id,
        "drug": drug.capitalize(),
        "indication": "Insufficient efficacy of study treatment",
        "start_date": first,
        "stop_date": "",
        "ongoing": "1",
        "rescue": "1",
    }
    row |= dict(zip(names, story.DRUGS[drug], strict=True))
    if row["frequency"] == "ONCE":
        row |= {"stop_date": first, "ongoing": "0"}
    return row


def medical_history_form() -> Iterator[Row]:
    """Write the conditions of the story."""
    for c in events.HISTORY:
        start = STARTS[c.subject]
        yield {
            "subject_id": c.subject,
            "condition": c.condition,
            "pt_name": c.term,
            "soc_name": events.SOC[c.soc],
            "start_date": when(start, c.start),
            "end_date": when(start, c.end),
            "ongoing": ticked(c.end == "ongoing"),
        }


def vitals_form() -> Iterator[Row]:
    """Write vital signs at the planned visits; height at baseline only."""
    rng = rng_of("vitals")
    for s in SUBJECTS:
        for visit in visits(s):
            if visit.name == "UNS":
                continue
            row = {
                "subject_id": s.id,
                "visit": visit.name,
                "date": dmy(on_day(s.start, visit.day)),
                "time": clock(rng.randrange(8 * 60, 9 * 60, 5)),
                "weight_kg": f"{s.weight + rng.uniform(-1, 1):.1f}",
                "height_cm": str(s.height),
            }
            if visit.name != "BL":
                row["height_cm"] = rng.choice(("", "-97"))
            yield row | {
                "sbp": str(rng.randint(108, 152)),
                "dbp": str(rng.randint(62, 92)),
                "pulse": str(rng.randint(58, 94)),
                "temperature_c": temperature(rng),
                "device_no": f"BP-{s.id[:2]}-{rng.randint(1, 3)}",
            }


def temperature(rng: Random) -> str:
    """Write a temperature, or the code for one that was not taken."""
    if rng.random() < NOT_DONE:
        return "-99"
    return f"{rng.uniform(36, 37.4):.1f}"


def end_of_study_form() -> Iterator[Row]:
    """Write how each subject ended: completed, rescued, or never included."""
    for s in SUBJECTS:
        exclusion = story.EXCLUDED_FROM_EFFICACY.get(s.id, "")
        row = {
            "subject_id": s.id,
            "completed": "1",
            "end_date": dmy(on_day(s.start, s.end_day)),
            "reason": "1",
            "reason_text": "",
            "excluded_from_efficacy": ticked(exclusion != ""),
            "exclusion_reason": exclusion,
        }
        if s.id in story.RESCUE:
            row |= {"completed": "0", "reason": "2", "reason_text": "Rescue medication needed"}
        yield row
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
        if name == "subjects":
            continue
        for row in rows:
            if row["subject_id"].startswith(DECIMAL_COMMA_SITE):
                row.update(with_decimal_commas(row))


def with_decimal_commas(row: Row) -> Row:
    """Give the numbers of a row that have a point, with a comma instead."""
    changed = {}
    for column, value in row.items():
        if re.fullmatch(r"[<>]?\d+\.\d+", value):
            changed[column] = value.replace(".", ",")
    return changed


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
