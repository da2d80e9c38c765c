"""Any REDCap export with repeats: nothing is lost, and the order of its rows decides nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivig_cdisc.metadata import Study
from ivig_cdisc.metadata.layout import Redcap
from ivig_cdisc.raw import Raw
from ivig_cdisc.raw import read as read_export

FIELDS = ("labs_test", "labs_result", "notes_note")
HEADER = (
    *("record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"),
    *(
        "subjects_site_id",
        "subjects_birth_date",
        "labs_visit",
        "labs_sample_date",
        "labs_sample_time",
    ),
    *("labs_upper_limit", *FIELDS, "labs_complete"),
)
KEYS = st.tuples(
    st.sampled_from(["S1", "S2"]),
    st.sampled_from(["bl", "w3"]),
    st.sampled_from([("", ""), ("labs", "1"), ("labs", "2"), ("notes", "1"), ("diary", "1")]),
)
TEXT = st.text(alphabet='ab1é,";+ \n', max_size=6)
RESULT = st.sampled_from(["", " ", "1", "12.5", "<5"])  # other texts have more readings than one
TEXTS = dict.fromkeys(("labs_test", "notes_note", "labs_complete"), TEXT)
CELLS = st.fixed_dictionaries({}, optional={**TEXTS, "labs_result": RESULT})
Row = dict[str, str]


@st.composite
def exports(draw: st.DrawFn) -> list[Row]:
    """One row for each key, whatever it holds, and a first row that makes each subject known."""
    rows = [
        {"record_id": who, "redcap_event_name": "all", "subjects_site_id": "A"}
        for who in ("S1", "S2")
    ]
    for (who, event, (instrument, instance)), cells in draw(
        st.dictionaries(KEYS, CELLS, max_size=8)
    ).items():
        key = {"record_id": who, "redcap_event_name": event}
        repeat = {"redcap_repeat_instrument": instrument, "redcap_repeat_instance": instance}
        rows.append({**key, **repeat, **cells})
    return rows


def read(rows: list[Row], study: Study) -> Raw:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    intake = study.intake.model_copy(update={"redcap": Redcap()})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.csv"
        path.write_text(held.getvalue(), "utf-8", newline="")
        return read_export(path, study.model_copy(update={"intake": intake}))


def records(raw: Raw, form: str, *columns: str) -> Counter[tuple[str, ...]]:
    """How often each record occurs, empty text for missing."""
    return Counter(raw.forms[form][list(columns)].fillna("").itertuples(index=False, name=None))


def expected(rows: list[Row], instrument: str, *fields: str) -> Counter[tuple[str, ...]]:
    """The records of one instrument: its own rows, and all others with a value of it."""
    cells = [(row, tuple(row.get(field, "").strip() for field in fields)) for row in rows]
    held = [
        (row, texts)
        for row, texts in cells
        if row.get("redcap_repeat_instrument") == instrument or any(texts)
    ]
    return Counter((row["record_id"], *texts) for row, texts in held)


def is_held(row: Row) -> bool:
    """Whether a row is a record of a form that the study has."""
    of_form = row.get("redcap_repeat_instrument") in ("labs", "notes") or "subjects_site_id" in row
    return of_form or any(row.get(field, "").strip() for field in FIELDS)


def told(raw: Raw) -> list[tuple[str, ...]]:
    """What is said, but where it stands; what is said once of several cells names their lines."""
    found = (
        raw.findings[["severity", "rule", "dataset", "subject", "column", "verbatim"]]
        .fillna("")
        .astype(str)
    )
    return sorted(found.itertuples(index=False, name=None))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=exports(), data=st.data())
def test_nothing_is_lost_whatever_the_order(
    study: Study, rows: list[Row], data: st.DataObject
) -> None:
    raw = read(rows, study)
    assert records(raw, "labs", "subject_id", "test", "result") == expected(
        rows, "labs", "labs_test", "labs_result"
    )
    assert records(raw, "notes", "subject_id", "note") == expected(rows, "notes", "notes_note")
    assert records(raw, "subjects", "subject_id", "site_id") == Counter([("S1", "A"), ("S2", "A")])
    nowhere = [row for row in rows if not is_held(row)]
    assert sum(one.count for one in raw.aside if one.kind == "row") == len(nowhere)
    again = read(data.draw(st.permutations(rows)), study)
    for name, frame in raw.forms.items():
        other = again.forms[name]
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), other.reset_index(drop=True))
    assert told(again) == told(raw)
