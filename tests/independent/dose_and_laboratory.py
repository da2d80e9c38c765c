"""The second programming of exposure and of laboratory results, by the rules as `oracle.py` has them."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import oracle
from oracle import Record, Row, Subject, double
from rawfiles import bounded_number, clock, full_date, number, read_folder

Out = dict[str, Any]

PLANNED = {"1": Fraction(2), "2": Fraction(1), "3": Fraction(1)}  # g/kg, rule 13
CODES = {"HB": "HGB"}  # as collected: as submitted; the others are the same
UNITS = {
    "CK": "U/L",
    "LDH": "U/L",
    "AST": "U/L",
    "ALT": "U/L",
    "ALDOLASE": "U/L",
    "HGB": "mmol/L",
    "CREAT": "umol/L",
    "IGG": "g/L",
}
KATAL = Fraction(60)  # U/L in 1 ukat/L


# --- exposure
# ---------------------------------------------------------------------------------------------------------


def adex(folder: Path) -> list[Out]:
    """Doses of all subjects by infusion, by cycle and of the whole treatment."""
    rows: list[Out] = []
    for one in oracle.subjects(read_folder(folder)):
        given = [row for row in one.infusions if full_date(row["infusion_date"])]
        if not given:
            continue
        for row in given:
            rows += infusion_rows(one, row)
        for cycle, planned in PLANNED.items():
            mine = [row for row in given if row["cycle"] == cycle]
            if mine:
                rows += summary_rows(one, "CYC", mine, planned, f"Cycle {cycle}")
        rows += summary_rows(one, "TOT", given, sum(PLANNED.values(), Fraction(0)), "")
        cycles = Fraction(len({row["cycle"] for row in given if row["cycle"]}))
        rows.append(exposure_row(one, "TOTCYC", cycles, given, ""))
    return rows


def infusion_rows(one: Subject, row: Row) -> list[Out]:
    """Grams, grams per kg of that day's weight, minutes and grams per hour of an infusion."""
    dose, weight = number(row["dose_g"]), number(row["weight_kg"])
    lasted = minutes(row)
    values = {
        "INFDOSE": dose,
        "INFDSKG": ratio(dose, weight),
        "INFDUR": lasted,
        "INFRATE": hourly(dose, lasted),
    }
    visit = f"Cycle {row['cycle']}"
    return [
        exposure_row(one, name, value, [row], visit)
        for name, value in values.items()
        if value is not None
    ]


def summary_rows(
    one: Subject, prefix: str, given: list[Row], planned: Fraction, visit: str
) -> list[Out]:
    """The same of several infusions; how long they lasted only where that of each is known."""
    grams = total(number(row["dose_g"]) for row in given)
    per_kg = total(ratio(number(row["dose_g"]), number(row["weight_kg"])) for row in given)
    lasted = [minutes(row) for row in given]
    whole = total(lasted) if None not in lasted else None
    share = ratio(per_kg, planned)
    values = {
        "DOSE": grams,
        "PLAN": planned,
        "DSKG": per_kg,
        "RATIO": None if share is None else 100 * share,
        "DUR": whole,
        "RATE": hourly(grams, whole),
    }
    return [
        exposure_row(one, prefix + name, value, given, visit)
        for name, value in values.items()
        if value is not None
    ]


def exposure_row(one: Subject, name: str, value: Fraction, given: list[Row], visit: str) -> Out:
    """An ADEX row, dated from the first to the last of its infusions."""
    days = [day for row in given if (day := full_date(row["infusion_date"]))]
    return {
        "USUBJID": one.usubjid,
        "PARAMCD": name,
        "AVISIT": visit,
        "ADT": min(days),
        "ADY": oracle.rule1_study_day(min(days), one.trtsdt),
        "AENDT": max(days),
        "AVAL": double(value),
    }


def minutes(row: Row) -> Fraction | None:
    """From start to stop on the infusion's day; no time that is not after the start."""
    start, stop = clock(row.get("start_time", "")), clock(row.get("stop_time", ""))
    if start is None or stop is None or stop <= start:
        return None
    return Fraction((stop.hour - start.hour) * 60 + stop.minute - start.minute)


def hourly(grams: Fraction | None, lasted: Fraction | None) -> Fraction | None:
    """Grams per hour."""
    rate = ratio(grams, lasted)
    return None if rate is None else 60 * rate


def ratio(value: Fraction | None, by: Fraction | None) -> Fraction | None:
    """A quotient; nothing where one side is missing, or the divisor is 0."""
    return value / by if value is not None and by else None


def total(values: Iterable[Fraction | None]) -> Fraction | None:
    """The sum of what there is."""
    present = [value for value in values if value is not None]
    return sum(present, Fraction(0)) if present else None


# --- laboratory
# ---------------------------------------------------------------------------------------------------------


def adlb(folder: Path) -> list[Out]:
    """All results of all subjects that have a number in the unit of their parameter."""
    rows: list[Out] = []
    for one in oracle.subjects(read_folder(folder)):
        by_test: dict[str, list[tuple[Record, Fraction | None]]] = {}
        for row in one.laboratory:
            found = standard(one, row)
            if found:
                by_test.setdefault(CODES.get(row["test"], row["test"]), []).append(found)
        for name, results in by_test.items():
            rows += test_rows(one, name, results)
    return rows


def standard(one: Subject, row: Row) -> tuple[Record, Fraction | None] | None:
    """Result and upper limit in the standard unit, `<n` and `>n` as n."""
    value, bounded = bounded_number(row["result"])
    name = CODES.get(row["test"], row["test"])
    factor = KATAL if row["unit"] == "ukat/L" else Fraction(1)
    unit = "U/L" if row["unit"] == "ukat/L" else row["unit"]
    if value is None or unit != UNITS.get(name):
        return None
    limit = number(row["upper_limit"])
    day = full_date(row["sample_date"])
    place = oracle.visitnum(row["visit"], oracle.rule1_study_day(day, one.trtsdt))
    text = row["result"] if bounded else ""
    at = clock(row.get("sample_time", ""))
    record = Record(value * factor, day, at, place, text)
    return record, None if limit is None else limit * factor


def test_rows(one: Subject, name: str, results: list[tuple[Record, Fraction | None]]) -> list[Out]:
    """Rules 2 and 3 for one test: baseline, change from it, and the record of each window."""
    records = [record for record, _ in results]
    base = oracle.rule2_baseline(records, one.trtsdt, one.start_time)
    analysed = oracle.rule3_analysed(records, one.trtsdt, one.start_time)
    rows = []
    for record, limit in results:
        day = oracle.rule1_study_day(record.day, one.trtsdt)
        row = {
            "USUBJID": one.usubjid,
            "PARAMCD": name,
            "ADT": record.day,
            "ADY": day,
            "AVAL": double(record.value),
            "DTYPE": oracle.bound_type(record.text),
            "A1HI": double(limit),
            "R2A1HI": double(ratio(record.value, limit if limit and limit > 0 else None)),
            **position(one, record, base, analysed),
        }
        rows.append(row)
    return rows


def position(one: Subject, record: Record, base: Record | None, analysed: dict[int, Record]) -> Out:
    """Where a record stands: at baseline, after it with a change, or before it."""
    empty: Out = {
        "AVISIT": "",
        "AVISITN": None,
        "BASE": None,
        "CHG": None,
        "PCHG": None,
        "ABLFL": "",
        "ANL01FL": "",
    }
    if record is base:
        flags = {"ABLFL": "Y", "ANL01FL": "Y", "BASE": double(record.value)}
        return empty | flags | {"AVISIT": "Baseline", "AVISITN": 0}
    if not oracle.rule2_is_after_start(record, one.trtsdt, one.start_time):
        return empty
    week = oracle.rule3_week(oracle.rule1_study_day(record.day, one.trtsdt))
    chosen = week is not None and analysed[week] is record
    row = empty | oracle.at_week(week) | {"ANL01FL": oracle.yes(chosen)}
    if base is not None:
        change = record.value - base.value
        share = ratio(100 * change, base.value)
        row |= {"BASE": double(base.value), "CHG": double(change), "PCHG": double(share)}
    return row
