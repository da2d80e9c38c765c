"""A second, independent programming of the derivation rules, in plain Python and exact fractions.

Every rule of the derivation rules is one or more functions `rule<number>_<what>`. The code is
written to be read beside the rules, row by row, and shares nothing with the product: agreement of
the two is the evidence.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from rawfiles import (
    Partial,
    Row,
    Tables,
    bounded_number,
    clock,
    full_date,
    number,
    partial_date,
    read_folder,
)

Out = dict[str, Any]

STUDY = "NTR6160"
MEASURES = ("PGA", "PTGA", "MMT8", "HAQDI", "ENZ", "EXTRA")
COLUMN = {
    "PGA": "physician_vas",
    "PTGA": "patient_vas",
    "MMT8": "mmt8",
    "HAQDI": "haq_di",
    "EXTRA": "extramuscular_vas",
}
RANGE = {"PGA": 10, "PTGA": 10, "MMT8": 150, "HAQDI": 3, "EXTRA": 10}
ENZYME_RANGE = {"CK": 15, "ALDOLASE": 6, "LDH": 3, "AST": 3, "ALT": 3}
VAS_EDGES = (5, 15, 25, 40)
EDGES = {name: (2, 10, 20, 30) if name == "MMT8" else VAS_EDGES for name in MEASURES}
HALF_POINTS = {  # twice the published points, so that they are integers
    "PGA": (0, 15, 30, 35, 40),
    "PTGA": (0, 5, 10, 15, 20),
    "MMT8": (0, 20, 40, 55, 65),
    "HAQDI": (0, 10, 15, 15, 20),
    "ENZ": (0, 5, 10, 15, 15),
    "EXTRA": (0, 15, 25, 30, 40),
}
WINDOWS = {3: (22, 12, 32), 6: (43, 33, 53), 9: (64, 54, 78)}  # week: target, first day, last day
PLANNED = (
    ("BL", 1),
    ("W3", 22),
    ("W6", 43),
    ("W9", 64),
)  # visit, planned study day; VISITNUM is the place in the list
SPECIAL_INTEREST = {
    "THROMBOEMBOLIC": (
        "PULMONARY EMBOLISM", "DEEP VEIN THROMBOSIS", "MYOCARDIAL INFARCTION", "CEREBROVASCULAR ACCIDENT",
    ),
    "ASEPTIC MENINGITIS": ("ASEPTIC MENINGITIS", "MENINGITIS ASEPTIC"),
    "HAEMOLYSIS": ("HAEMOLYSIS", "HAEMOLYTIC ANAEMIA"),
    "HEADACHE": ("HEADACHE",),
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One collected value of one measure; `text` is a laboratory result as collected."""

    value: Fraction
    day: date | None
    at: time | None = None
    visitnum: Fraction | None = None
    text: str = ""
    enzyme: str = ""


@dataclass
class Subject:
    """What the rules need to know of a subject."""

    row: Row
    infusions: list[Row] = field(default_factory=list)
    core_set: list[Row] = field(default_factory=list)
    laboratory: list[Row] = field(default_factory=list)
    adverse_events: list[Row] = field(default_factory=list)
    medications: list[Row] = field(default_factory=list)
    vitals: list[Row] = field(default_factory=list)
    end_of_study: list[Row] = field(default_factory=list)
    usubjid: str = ""
    trtsdt: date | None = None
    start_time: time | None = None
    trtedt: date | None = None
    rescue: date | None = None
    rescue_flag: str = ""
    eos: date | None = None
    safety: bool = False
    efficacy: bool = False


@dataclass(frozen=True)
class Score:
    """A Total Improvement Score at one analysis visit."""

    week: int
    value: Fraction
    day: date
    post_rescue: bool


# --- the rules
# -------------------------------------------------------------------------------------------------------


def rule1_treatment_start(infusions: Iterable[Row]) -> tuple[date | None, time | None]:
    """Rule 1: treatment starts with the first infusion; its time where one was collected."""
    dated = [
        (full_date(row["infusion_date"]), clock(row.get("start_time", ""))) for row in infusions
    ]
    days = [day for day, _ in dated if day]
    if not days:
        return None, None
    times = [at for day, at in dated if day == min(days) and at]
    return min(days), min(times) if times else None


def rule1_study_day(day: date | None, start: date | None) -> int | None:
    """Rule 1: day 1 is the first infusion's date; there is no day 0."""
    if day is None or start is None:
        return None
    return (day - start).days + (1 if day >= start else 0)


def rule2_is_after_start(record: Record, start: date | None, start_time: time | None) -> bool:
    """Rule 2: after the first infusion's date, or on it with a time after the infusion's start."""
    if record.day is None or start is None:
        return False
    if record.day != start:
        return record.day > start
    return record.at is not None and start_time is not None and record.at > start_time


def rule2_baseline(
    records: Iterable[Record], start: date | None, start_time: time | None
) -> Record | None:
    """Rule 2: the last value that is not after the start of the first infusion."""
    if start is None:
        return None
    candidates = [
        one for one in records if one.day and not rule2_is_after_start(one, start, start_time)
    ]
    return max(candidates, key=later) if candidates else None


def rule3_week(study_day: int | None) -> int | None:
    """Rule 3: the analysis visit whose window holds the study day."""
    if study_day is None:
        return None
    for week, (_, first, last) in WINDOWS.items():
        if first <= study_day <= last:
            return week
    return None


def rule3_analysed(
    records: Iterable[Record], start: date | None, start_time: time | None
) -> dict[int, Record]:
    """Rule 3: in each window the post-baseline record nearest the target; of a tie the later."""
    inside: dict[int, list[Record]] = {}
    for one in records:
        week = rule3_week(rule1_study_day(one.day, start))
        if week and rule2_is_after_start(one, start, start_time):
            inside.setdefault(week, []).append(one)
    return {
        week: max(some, key=lambda one: (-distance(one, week, start), later(one)))
        for week, some in inside.items()
    }


def rule4_improvement(measure: str, base: Fraction, value: Fraction, width: int) -> Fraction:
    """Rule 4: change in percent of the range, improvement positive; only MMT8 improves upwards."""
    gain = value - base if measure == "MMT8" else base - value
    return 100 * gain / width


def rule4_points(measure: str, percent: Fraction) -> Fraction:
    """Rule 4: points of the band; a band is closed above, so an edge belongs to the band below it."""
    band = sum(percent > edge for edge in EDGES[measure])
    return Fraction(HALF_POINTS[measure][band], 2)


def rule4_multiple(row: Row) -> Fraction | None:
    """Rule 4: the value divided by the upper limit printed with it, `<n` and `>n` as n."""
    value, _ = bounded_number(row.get("result", ""))
    limit = number(row.get("upper_limit", ""))
    if value is None or limit is None or limit <= 0:
        return None
    return value / limit


def bound_type(text: str) -> str:
    """How a number came of a bound: LLOQ of `<n`, ULOQ of `>n`."""
    return {"<": "LLOQ", ">": "ULOQ"}.get(text[:1], "")


def rule4_enzyme(baselines: dict[str, Record]) -> str | None:
    """Rule 4: the enzyme with the highest multiple at baseline; ties in the order of the list."""
    present = [name for name in ENZYME_RANGE if name in baselines]
    return (
        max(present, key=lambda name: baselines[name].value) if present else None
    )  # max keeps the first of equals


def rule5_total(points: dict[str, Fraction]) -> Fraction | None:
    """Rule 5: the sum of all six; with any missing there is none."""
    return sum(points.values(), Fraction(0)) if set(points) == set(MEASURES) else None


def rule6_category(total: Fraction) -> str:
    """Rule 6: NONE < 20 <= MINIMAL < 40 <= MODERATE < 60 <= MAJOR."""
    return ("NONE", "MINIMAL", "MODERATE", "MAJOR")[
        sum(total >= threshold for threshold in (20, 40, 60))
    ]


def rule7_rescue(
    medications: Iterable[Row], start: date | None, eos: date | None
) -> tuple[date | None, str]:
    """Rule 7: the earliest imputed start among rescue medications, and its flag; of two on a day the one not imputed.

    One without any start date cannot count.
    """
    starts = [
        rule11_start(
            partial_date(row.get("start_date", "")), start, rule11_medication_end(row, eos)
        )
        for row in medications
        if row.get("rescue") == "1"
    ]
    return min(((day, flag) for day, flag in starts if day), default=(None, ""))


def rule11_medication_end(row: Row, eos: date | None) -> date | None:
    """Rule 11: the end of a medication, imputed as that of an event."""
    return rule11_end(partial_date(row.get("stop_date", "")), eos)[0]


def rule7_is_post_rescue(day: date | None, rescue: date | None) -> bool:
    """Rule 7: after the rescue date; on the very date is before rescue."""
    return day is not None and rescue is not None and day > rescue


def rule8_safety(screen_failure: bool, start: date | None) -> bool:
    """Rule 8: at least one infusion; never a screen failure."""
    return start is not None and not screen_failure


def rule8_efficacy(safety: bool, end_of_study: Iterable[Row]) -> bool:
    """Rule 8: in the safety set and not excluded from efficacy."""
    return safety and not any(row.get("excluded_from_efficacy") == "1" for row in end_of_study)


def rule9_resp40(scores: list[Score]) -> tuple[int, date | None, bool]:
    """Rule 9: moderate improvement at Week 9 before rescue; else imputed non-responder (value, date, imputed)."""
    week9 = [score for score in scores if score.week == 9 and not score.post_rescue]
    if not week9:
        return 0, None, True
    return int(week9[0].value >= 40), week9[0].day, False


def rule9_respby40(scores: list[Score]) -> tuple[int, date | None, bool]:
    """Rule 9: moderate improvement at any analysis visit before rescue (value, date, imputed)."""
    counted = [score for score in scores if not score.post_rescue]
    if not counted:
        return 0, None, True
    reached = [score for score in counted if score.value >= 40]
    return int(bool(reached)), (reached[0] if reached else counted[-1]).day, False


def rule10_improvement(
    scores: list[Score], threshold: int, rescue: date | None, start: date | None
) -> tuple[date | None, int]:
    """Rule 10: first score at the threshold before rescue; censored (1) at rescue, else last score, else start."""
    reached = [score for score in scores if score.value >= threshold and not score.post_rescue]
    if reached:
        return reached[0].day, 0
    if rescue:
        return rescue, 1
    return (scores[-1].day if scores else start), 1


def rule10_rescue(rescue: date | None, eos: date | None) -> tuple[date | None, int]:
    """Rule 10: rescue start, censored at the end of study."""
    return (rescue, 0) if rescue else (eos, 1)


def rule10_serious(events: Iterable[Row], subject: Subject) -> tuple[date | None, int, str]:
    """Rule 10: onset of the first serious treatment-emergent event and its flag, censored at the end of study."""
    serious = [event_row(subject, row) for row in events if row["serious"] == "1"]
    onsets = [(event["ASTDT"], event["ASTDTF"]) for event in serious if event["TRTEMFL"] == "Y"]
    if not onsets:
        return subject.eos, 1, ""
    first = min(
        onsets, key=lambda onset: onset[0]
    )  # min keeps the first of equals, as the records stand
    return first[0], 0, first[1]


def rule10_days(day: date | None, start: date | None) -> int | None:
    """Rule 10: AVAL = ADT - TRTSDT + 1."""
    return (day - start).days + 1 if day and start else None


def rule11_start(
    parts: Partial | None, start: date | None, end: date | None = None
) -> tuple[date | None, str]:
    """Rule 11: first day of the known part, or TRTSDT where the known part equals that of TRTSDT; and the flag.

    Never after the end: then it is that end.
    """
    if parts is None:
        return None, ""
    days = possible_days(parts)
    later = [day for day in days if start and days[0] <= start <= days[-1] and day >= start]
    day = later[0] if later else days[0]
    return min(day, end) if end and imputed_part(parts) else day, imputed_part(parts)


def rule11_end(parts: Partial | None, eos: date | None) -> tuple[date | None, str]:
    """Rule 11: last day of the known part, never after the end of study; and the flag."""
    if parts is None:
        return None, ""
    days = possible_days(parts)
    within = [day for day in days if not eos or day <= eos]
    day = within[-1] if within else eos
    return day if imputed_part(parts) else parts.complete(), imputed_part(parts)


def possible_days(parts: Partial) -> list[date]:
    """Every day that the known parts allow, in order."""
    months = [parts.month] if parts.month else range(1, 13)
    return [
        date(parts.year, month, day)
        for month in months
        for day in range(1, calendar.monthrange(parts.year, month)[1] + 1)
        if parts.day in (None, day)
    ]


def imputed_part(parts: Partial) -> str:
    """The flag: M where the month is imputed, D where only the day is, nothing where the date is complete."""
    if parts.month is None:
        return "M"
    return "" if parts.day else "D"


def rule12_is_emergent(onset: date | None, subject: Subject, ended: Partial | None = None) -> bool:
    """Rule 12: imputed start from TRTSDT to 30 days after the last infusion; no event that ended before TRTSDT."""
    if onset is None or subject.trtsdt is None or subject.trtedt is None:
        return False
    latest = rule11_end(ended, None)[0]
    if latest and latest < subject.trtsdt:
        return False
    return subject.trtsdt <= onset <= subject.trtedt + timedelta(days=30)


def rule13_dose(infusions: Iterable[Row]) -> tuple[Fraction | None, Fraction | None, int | None]:
    """Rule 13: cumulative grams, grams per kg of that day's weight, and number of cycles."""
    given = [row for row in infusions if full_date(row["infusion_date"])]
    if not given:
        return None, None, None
    pairs = [(number(row["dose_g"]), number(row["weight_kg"])) for row in given]
    grams = sum((dose for dose, _ in pairs if dose is not None), Fraction(0))
    per_kg = sum(
        (dose / weight for dose, weight in pairs if dose is not None and weight), Fraction(0)
    )
    return grams, per_kg, len({row["cycle"] for row in given if row["cycle"]})


def rule14_special_interest(preferred_term: str) -> str:
    """Rule 14: the group of special interest a preferred term belongs to, or nothing."""
    return next(
        (group for group, terms in SPECIAL_INTEREST.items() if preferred_term.upper() in terms), ""
    )


# --- decisions on order and visits
# -----------------------------------------------------------------------------------


def later(one: Record) -> tuple[Any, ...]:
    """Decision 2: date, then time (missing first), then VISITNUM (missing last), then value."""
    return (
        one.day,
        one.at is not None,
        one.at or time.min,
        one.visitnum is None,
        one.visitnum or Fraction(0),
        one.value,
    )


def distance(one: Record, week: int, start: date | None) -> int:
    """Days between a record and the target of its window."""
    return abs((rule1_study_day(one.day, start) or 0) - WINDOWS[week][0])


def visitnum(visit: str, study_day: int | None) -> Fraction | None:
    """Decision 3: planned visits in order; an unscheduled one by its study day alone."""
    for place, (name, _) in enumerate(PLANNED, start=1):
        if visit == name:
            return Fraction(place)
    if visit != "UNS" or study_day is None:
        return None
    before = [
        (place, planned)
        for place, (_, planned) in enumerate(PLANNED, start=1)
        if planned <= study_day
    ]
    if not before:
        return 1 + Fraction(study_day, 1000)
    place, planned = before[-1]
    return place + Fraction(study_day - planned + 1, 1000)


# --- subjects
# --------------------------------------------------------------------------------------------------------


def subjects(tables: Tables) -> list[Subject]:
    """The subjects of subjects.csv with the rows of all other forms and the facts of rules 1, 7 and 8."""
    known: dict[str, Subject] = {}
    for row in tables["subjects"]:
        if row["subject_id"]:
            known.setdefault(row["subject_id"], Subject(row))
    for form in (
        "infusions",
        "core_set",
        "laboratory",
        "adverse_events",
        "medications",
        "vitals",
        "end_of_study",
    ):
        for row in tables[form]:
            if row["subject_id"] in known:
                getattr(known[row["subject_id"]], form).append(row)
    return [with_facts(one) for one in known.values()]


def with_facts(one: Subject) -> Subject:
    """Fill in what the rules derive once per subject."""
    one.usubjid = f"{STUDY}-{one.row['subject_id']}"
    one.trtsdt, one.start_time = rule1_treatment_start(one.infusions)
    one.trtedt = max(
        (day for row in one.infusions if (day := full_date(row["infusion_date"]))), default=None
    )
    one.eos = next((day for row in one.end_of_study if (day := full_date(row["end_date"]))), None)
    one.rescue, one.rescue_flag = rule7_rescue(one.medications, one.trtsdt, one.eos)
    one.safety = rule8_safety(is_screen_failure(one), one.trtsdt)
    one.efficacy = rule8_efficacy(one.safety, one.end_of_study)
    return one


def is_screen_failure(one: Subject) -> bool:
    """A subject without an inclusion date."""
    return one.row["inclusion_date"] == ""


def age(birth: Partial | None, consent: Partial | None) -> int | None:
    """Decision 20: completed years at consent where all days that the dates can be agree; else the difference of years.

    Nothing where birth is after consent whatever the days.
    """
    if birth is None or consent is None or min(days_of(birth)) > max(days_of(consent)):
        return None
    ages = {completed_years(born, asked) for born in days_of(birth) for asked in days_of(consent)}
    return ages.pop() if len(ages) == 1 else consent.year - birth.year


def days_of(known: Partial) -> list[date]:
    """Every day that a partial date can be."""
    months = [known.month] if known.month else range(1, 13)
    return [
        date(known.year, month, day)
        for month in months
        for day in range(1, calendar.monthrange(known.year, month)[1] + 1)
        if known.day in (None, day)
    ]


def completed_years(born: date, asked: date) -> int:
    """Birthdays that have been."""
    return asked.year - born.year - ((asked.month, asked.day) < (born.month, born.day))


def status(one: Subject) -> str:
    """SCREEN FAILURE, ONGOING without an end, else COMPLETED or DISCONTINUED."""
    if is_screen_failure(one):
        return "SCREEN FAILURE"
    if not one.end_of_study:
        return "ONGOING"
    return {"1": "COMPLETED", "0": "DISCONTINUED"}.get(one.end_of_study[0]["completed"], "")


def treatment_status(one: Subject, cycles: int | None) -> str:
    """Decision 26: all three cycles are the whole treatment; fewer are, unless the study goes on, its end."""
    if not one.safety or cycles is None:
        return ""
    if cycles >= 3:
        return "COMPLETED"
    return "ONGOING" if status(one) == "ONGOING" else "DISCONTINUED"


def age_group(years: int | None) -> tuple[str, int | None]:
    """18-64 or >=65, and its number."""
    if years is None or years < 18:
        return "", None
    return ("18-64", 1) if years < 65 else (">=65", 2)


def body_records(one: Subject, column: str) -> list[Record]:
    """The records of one column of vitals.csv that have a value."""
    found = []
    for row in one.vitals:
        value = number(row.get(column, ""))
        if value is not None:
            day = full_date(row["date"])
            place = visitnum(row["visit"], rule1_study_day(day, one.trtsdt))
            found.append(Record(value, day, clock(row.get("time", "")), place))
    return found


def baseline_row(one: Subject) -> Out:
    """Rule 2 of body weight, height and each core set measure; the body mass index to one decimal."""
    weight, height = (
        rule2_baseline(body_records(one, column), one.trtsdt, one.start_time)
        for column in ("weight_kg", "height_cm")
    )
    row: Out = {"WEIGHTBL": at_baseline(weight), "HEIGHTBL": at_baseline(height), "BMIBL": None}
    if weight and height and height.value:
        index = weight.value / (height.value / 100) ** 2
        row["BMIBL"] = float(Fraction(int(index * 10 + Fraction(1, 2)), 10))
    measures = measure_records(one)
    for name in MEASURES:
        records = measures[name][1] if name in measures else []
        base = rule2_baseline(records, one.trtsdt, one.start_time)
        row[f"{name}BL"] = at_baseline(base)
    return row


def at_baseline(record: Record | None) -> float | None:
    """The value of a baseline record."""
    return double(record.value) if record else None


def adsl(folder: Path) -> list[Out]:
    """One row per subject."""
    return [subject_row(one) for one in subjects(read_folder(folder))]


def subject_row(one: Subject) -> Out:
    """The ADSL row of a subject."""
    grams, per_kg, cycles = rule13_dose(one.infusions)
    years = age(partial_date(one.row["birth_date"]), partial_date(one.row["consent_date"]))
    group, group_number = age_group(years)
    completed = one.safety and status(one) == "COMPLETED"
    return {
        "USUBJID": one.usubjid,
        "SAFFL": yes_no(one.safety),
        "SAFFN": int(one.safety),
        "EFFFL": yes_no(one.efficacy),
        "EFFFN": int(one.efficacy),
        "ENRLFL": yes_no(not is_screen_failure(one)),
        "ENRLFN": int(not is_screen_failure(one)),
        "COMPLFL": yes_no(completed),
        "COMPLFN": int(completed),
        "TRTSDT": one.trtsdt,
        "TRTEDT": one.trtedt,
        "TRTDURD": (one.trtedt - one.trtsdt).days + 1 if one.trtedt and one.trtsdt else None,
        "AGE": years,
        "AGEGR1": group,
        "AGEGR1N": group_number,
        "RESCFL": yes_no(one.rescue is not None),
        "RESCDT": one.rescue,
        "RESCDTF": one.rescue_flag,
        "CUMDOSE": double(grams),
        "CUMDOSKG": double(per_kg),
        "NCYCLES": cycles,
        "RFICDT": full_date(one.row["consent_date"]),
        "EOSDT": one.eos,
        "EOSSTT": status(one),
        "EOTSTT": treatment_status(one, cycles),
        "SCRNFL": yes_no(is_screen_failure(one)),
        **baseline_row(one),
    }


def yes_no(value: bool) -> str:
    """Y or N."""
    return "Y" if value else "N"


def yes(value: bool) -> str:
    """Y or nothing."""
    return "Y" if value else ""


def double(value: Fraction | None) -> float | None:
    """The double nearest to the exact value."""
    return None if value is None else float(value)


# --- core set and Total Improvement Score
# ----------------------------------------------------------------------------


def core_records(one: Subject, column: str) -> list[Record]:
    """The records of one core set column that have a value."""
    found = []
    for row in one.core_set:
        value = number(row.get(column, ""))
        day = full_date(row["visit_date"])
        if value is not None:
            found.append(
                Record(value, day, None, visitnum(row["visit"], rule1_study_day(day, one.trtsdt)))
            )
    return found


def enzyme_records(one: Subject) -> dict[str, list[Record]]:
    """The multiples of the upper limit, by enzyme."""
    found: dict[str, list[Record]] = {}
    for row in one.laboratory:
        multiple = rule4_multiple(row) if row["test"] in ENZYME_RANGE else None
        if multiple is None:
            continue
        day = full_date(row["sample_date"])
        number_of_visit = visitnum(row["visit"], rule1_study_day(day, one.trtsdt))
        text = row["result"].replace(",", ".")
        at = clock(row.get("sample_time", ""))
        record = Record(multiple, day, at, number_of_visit, text, row["test"])
        found.setdefault(row["test"], []).append(record)
    return found


def measure_records(one: Subject) -> dict[str, tuple[int, list[Record]]]:
    """Per measure its range and records; ENZ is the subject's enzyme, or absent."""
    found = {name: (RANGE[name], core_records(one, column)) for name, column in COLUMN.items()}
    by_enzyme = enzyme_records(one)
    baselines = {
        name: rule2_baseline(records, one.trtsdt, one.start_time)
        for name, records in by_enzyme.items()
    }
    enzyme = rule4_enzyme({name: record for name, record in baselines.items() if record})
    if enzyme:
        found["ENZ"] = (ENZYME_RANGE[enzyme], by_enzyme[enzyme])
    return found


def tis_row(one: Subject, paramcd: str, day: date | None, **values: Any) -> Out:
    """An ADTIS row with everything empty but what is given."""
    empty = dict.fromkeys(
        (
            "AVISIT",
            "AVALC",
            "ENZYME",
            "LBORRES",
            "ABLFL",
            "ANL01FL",
            "DTYPE",
            "AVALCAT1",
            "CRIT1FL",
            "CRIT2FL",
            "CRIT3FL",
        ),
        "",
    )
    return {
        "USUBJID": one.usubjid,
        "PARAMCD": paramcd,
        "AVISITN": None,
        "ADT": day,
        "ADY": rule1_study_day(day, one.trtsdt),
        "BASE": None,
        "CHG": None,
        "APCHG": None,
        "PSTRESFL": yes(rule7_is_post_rescue(day, one.rescue)),
        **empty,
        **values,
    }


def at_week(week: int | None) -> Out:
    """AVISIT and AVISITN of an analysis week."""
    return {"AVISIT": f"Week {week}" if week else "", "AVISITN": week}


def measure_rows(one: Subject, name: str, width: int, records: list[Record]) -> list[Out]:
    """Decision 5: all records of a measure; then its points, where it has a baseline and an analysed value."""
    base = rule2_baseline(records, one.trtsdt, one.start_time)
    analysed = rule3_analysed(records, one.trtsdt, one.start_time)
    rows = []
    for record in records:
        common = {
            "AVAL": float(record.value),
            "LBORRES": record.text,
            "DTYPE": bound_type(record.text),
            "ENZYME": record.enzyme,
        }
        if record is base:
            visit: Out = {
                "AVISIT": "Baseline",
                "AVISITN": 0,
                "ABLFL": "Y",
                "ANL01FL": "Y",
                "BASE": float(record.value),
            }
        elif rule2_is_after_start(record, one.trtsdt, one.start_time):
            week = rule3_week(rule1_study_day(record.day, one.trtsdt))
            chosen = week is not None and analysed[week] is record
            visit = at_week(week) | {"ANL01FL": yes(chosen)} | changes(name, base, record, width)
        else:
            visit = {}
        rows.append(tis_row(one, name, record.day, **common, **visit))
    return rows + [
        tis_row(
            one,
            f"{name}SC",
            record.day,
            AVAL=float(points),
            ANL01FL="Y",
            ENZYME=record.enzyme,
            **at_week(week),
        )
        for week, (record, points) in measure_points(one, name, width, records).items()
    ]


def changes(name: str, base: Record | None, record: Record, width: int) -> Out:
    """BASE, CHG and APCHG of a post-baseline record, where there is a baseline."""
    if base is None:
        return {}
    improvement = rule4_improvement(name, base.value, record.value, width)
    return {
        "BASE": float(base.value),
        "CHG": float(record.value - base.value),
        "APCHG": float(improvement),
    }


def measure_points(
    one: Subject, name: str, width: int, records: list[Record]
) -> dict[int, tuple[Record, Fraction]]:
    """Per week the analysed record and its points."""
    base = rule2_baseline(records, one.trtsdt, one.start_time)
    if base is None:
        return {}
    analysed = rule3_analysed(records, one.trtsdt, one.start_time)
    return {
        week: (record, rule4_points(name, rule4_improvement(name, base.value, record.value, width)))
        for week, record in analysed.items()
    }


def scores_of(one: Subject, measures: dict[str, tuple[int, list[Record]]]) -> list[Score]:
    """The Total Improvement Scores of a subject, in order of week."""
    points = {
        name: measure_points(one, name, width, records)
        for name, (width, records) in measures.items()
    }
    scores = []
    for week in WINDOWS:
        here = {name: by_week[week] for name, by_week in points.items() if week in by_week}
        total = rule5_total({name: value for name, (_, value) in here.items()})
        if total is not None:
            day = max(record.day for record, _ in here.values() if record.day)
            scores.append(Score(week, total, day, rule7_is_post_rescue(day, one.rescue)))
    return scores


def score_row(one: Subject, score: Score) -> Out:
    """The TIS row of an analysis visit."""
    flags = {f"CRIT{n}FL": yes_no(score.value >= 20 * n) for n in (1, 2, 3)}
    category = rule6_category(score.value)
    values = (
        at_week(score.week)
        | flags
        | {"AVAL": float(score.value), "AVALCAT1": category, "ANL01FL": "Y"}
    )
    return tis_row(one, "TIS", score.day, **values)


def response_rows(one: Subject, scores: list[Score]) -> list[Out]:
    """Decision 9: the two responses of every subject in the safety set."""
    rows = []
    for paramcd, avisit, rule in (
        ("RESP40", "Week 9", rule9_resp40),
        ("RESPBY40", "By Week 9", rule9_respby40),
    ):
        value, day, imputed = rule(scores)
        values = {
            "AVAL": float(value),
            "AVALC": yes_no(value == 1),
            "DTYPE": "NRI" if imputed else "",
            "ANL01FL": "Y",
        }
        rows.append(tis_row(one, paramcd, day, AVISIT=avisit, AVISITN=9, **values))
    return rows if one.safety else []


def adtis(folder: Path) -> list[Out]:
    """All ADTIS rows of all subjects."""
    rows: list[Out] = []
    for one in subjects(read_folder(folder)):
        measures = measure_records(one)
        for name, (width, records) in measures.items():
            rows += measure_rows(one, name, width, records)
        scores = scores_of(one, measures)
        rows += [score_row(one, score) for score in scores]
        rows += response_rows(one, scores)
    return rows


# --- time to event and adverse events
# --------------------------------------------------------------------------------


def adtte(folder: Path) -> list[Out]:
    """The four times of every subject in the safety set."""
    return [row for one in subjects(read_folder(folder)) if one.safety for row in time_rows(one)]


def time_rows(one: Subject) -> list[Out]:
    """The four times of one subject."""
    scores = scores_of(one, measure_records(one))
    onset, serious, onset_flag = rule10_serious(one.adverse_events, one)
    times = {
        "TTMOD": rule10_improvement(scores, 40, one.rescue, one.trtsdt),
        "TTMIN": rule10_improvement(scores, 20, one.rescue, one.trtsdt),
        "TTRESC": rule10_rescue(one.rescue, one.eos),
        "TTSAE": (onset, serious),
    }
    return [
        {
            "USUBJID": one.usubjid,
            "PARAMCD": paramcd,
            "AVAL": rule10_days(day, one.trtsdt),
            "CNSR": censored,
            "STARTDT": one.trtsdt,
            "ADT": day,
            "ADTF": onset_flag if paramcd == "TTSAE" else rescue_flag(one, paramcd, day, censored),
        }
        for paramcd, (day, censored) in times.items()
    ]


def rescue_flag(one: Subject, paramcd: str, day: date | None, censored: int) -> str:
    """The flag of the rescue date where that decided: an event of TTRESC, or what censored a time to improvement."""
    decided = censored == (0 if paramcd == "TTRESC" else 1)
    return one.rescue_flag if decided and day == one.rescue else ""


def adae(folder: Path) -> list[Out]:
    """All adverse events of all subjects."""
    return [
        event_row(one, row) for one in subjects(read_folder(folder)) for row in one.adverse_events
    ]


def event_row(one: Subject, row: Row) -> Out:
    """The ADAE row of an event."""
    ended = partial_date(row["end_date"])
    end, end_flag = rule11_end(ended, one.eos)
    start, start_flag = rule11_start(partial_date(row["start_date"]), one.trtsdt, end)
    return {
        "USUBJID": one.usubjid,
        "AESPID": row["ae_no"],
        "ASTDT": start,
        "ASTDTF": start_flag,
        "AENDT": end,
        "AENDTF": end_flag,
        "TRTEMFL": yes(rule12_is_emergent(start, one, ended)),
    }
