"""Write the synthetic raw data of study NTR6160: ten CSV forms and the list of their problems.

Every value is invented. The story of the subjects is in `story.py` and `events.py`, `forms.py`
turns it into rows, `problems.py` plants the deliberate problems; this script writes the files,
the same bytes on each run:

    python make_raw.py            writes raw/ and problems.csv beside this script
    python make_raw.py --out DIR  writes the forms to DIR and problems.csv beside DIR
"""

import argparse
import csv
import io
from pathlib import Path
from typing import NamedTuple

from course import Row
from forms import CORE, make_forms
from problems import Plant, mend_all, plant_all


class Layout(NamedTuple):
    """How one file is written: its columns in order, encoding and line end."""

    columns: str
    encoding: str = "utf-8"
    newline: str = "\n"


LAYOUTS = {
    "subjects": Layout(
        "subject_id site_id country consent_date birth_date sex diagnosis symptom_onset "
        "biopsy_date inclusion_date screen_failure_reason",
        encoding="utf-8-sig",
    ),
    "eligibility": Layout("subject_id criterion answer assessed_date"),
    "infusions": Layout(
        "subject_id cycle infusion_date start_time stop_time weight_kg dose_g lot_no "
        "interrupted interruption_reason",
        newline="\r\n",
    ),
    "core_set": Layout("subject_id visit visit_date " + " ".join(CORE)),
    "laboratory": Layout(
        "subject_id visit sample_date sample_time test result unit lower_limit upper_limit lab"
    ),
    "adverse_events": Layout(
        "subject_id ae_no description pt_name soc_name start_date end_date ongoing severity "
        "serious ser_death ser_life ser_hosp ser_disab ser_cong ser_med related action outcome",
        encoding="cp1252",
    ),
    "medications": Layout(
        "subject_id med_no drug atc indication dose unit frequency route start_date stop_date "
        "ongoing rescue"
    ),
    "medical_history": Layout(
        "subject_id mh_no condition pt_name soc_name start_date end_date ongoing"
    ),
    # `device_no` is not part of the contract: an unknown extra column
    "vitals": Layout(
        "subject_id visit date time weight_kg height_cm sbp dbp pulse temperature_c device_no"
    ),
    # columns in another order than the contract lists them
    "end_of_study": Layout(
        "subject_id end_date completed reason reason_text excluded_from_efficacy "
        "exclusion_reason death_date"
    ),
}


def csv_line(values: list[str], newline: str) -> str:
    """Write one record; a text with a delimiter, quote or newline in it is quoted."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator=newline).writerow(values)
    return buffer.getvalue()


def write_form(path: Path, layout: Layout, rows: list[Row]) -> list[int]:
    """Write one file and give the physical line on which each row begins."""
    columns = layout.columns.split()
    text = csv_line(columns, layout.newline)
    lines = []
    for row in rows:
        if unknown := set(row) - set(columns):
            message = f"{path.name}: no column {sorted(unknown)}"
            raise ValueError(message)
        lines.append(text.count("\n") + 1)
        text += csv_line([row.get(column, "") for column in columns], layout.newline)
    path.write_bytes(text.encode(layout.encoding))
    return lines


def write_problems(path: Path, plants: list[Plant], starts: dict[int, int]) -> None:
    """Write where each deliberate problem is."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("file", "line", "column", "subject", "value", "kind", "what"))
    for p in sorted(plants, key=lambda p: (p.form, starts[id(p.row)], p.column)):
        subject = p.row["subject_id"]
        place = (f"{p.form}.csv", starts[id(p.row)], p.column, subject)
        writer.writerow((*place, p.row[p.column], p.kind, p.what))
    path.write_bytes(buffer.getvalue().encode("utf-8"))


def main() -> None:
    """Make the forms, plant the problems or mend them, write everything."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=here / "raw", help="folder for the forms")
    parser.add_argument("--clean", action="store_true", help="without the deliberate problems")
    options = parser.parse_args()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    forms = make_forms()
    plants: list[Plant] = []
    if options.clean:
        mend_all(forms)
    else:
        plants = plant_all(forms)
    starts: dict[int, int] = {}
    for name, rows in forms.items():
        lines = write_form(out / f"{name}.csv", LAYOUTS[name], rows)
        starts |= {id(row): line for row, line in zip(rows, lines, strict=True)}
    write_problems(out.resolve().parent / "problems.csv", plants, starts)


if __name__ == "__main__":
    main()
