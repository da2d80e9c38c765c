"""Cutting an export by subject, and what holds for any export."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivig_cdisc.metadata import Study
from ivig_cdisc.raw import Raw, partition
from ivig_cdisc.raw import read as read_folder

Read = Callable[..., Raw]
SUBJECTS = "subject_id;site_id;birth_date\nS1;A;01-02-1960\nS2;B;UN-UNK-1970\n"
LABS = "subject_id;visit;sample_date;sample_time;test;result;upper_limit\n"
LEFT_OUT = (
    "RAW-NO-SUBJECT",
    "RAW-DUPLICATE-SUBJECT",
)  # identical lines are kept: the form does not say `first`


def subjects(part: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    return {form: sorted(set(frame["subject_id"])) for form, frame in part.items()}


@pytest.fixture
def raw(read: Read) -> Raw:
    """S1 and S2 are listed; S0 and S9 occur in other forms only, S10 sorts as text."""
    return read(
        labs=LABS + "S9;BL;;;CK;1;2\nS10;BL;;;CK;1;2\nS1;BL;;;CK;1;2\n",
        notes="subject_id;note\nS0;a\n",
    )


def test_parts_are_contiguous_and_sorted(raw: Raw, study: Study) -> None:
    assert [subjects(part) for part in partition(raw, 3, study)] == [
        {"subjects": ["S1"], "labs": ["S1"], "notes": ["S0"]},
        {"subjects": ["S2"], "labs": ["S10"], "notes": []},
        {"subjects": [], "labs": ["S9"], "notes": []},
    ]


@pytest.mark.parametrize(("n", "parts"), [(1, 1), (2, 2), (5, 5), (50, 5)])
def test_parts_put_together_are_the_export(raw: Raw, study: Study, n: int, parts: int) -> None:
    found = list(partition(raw, n, study))
    assert len(found) == parts  # empty ones are skipped
    for form, frame in raw.forms.items():
        pd.testing.assert_frame_equal(pd.concat([part[form] for part in found]), frame)


def test_an_export_without_subjects_is_one_empty_part(read: Read, study: Study) -> None:
    raw = read(subjects="subject_id;site_id;birth_date\n", labs=LABS)
    parts = list(partition(raw, 4, study))
    assert [subjects(part) for part in parts] == [{"subjects": [], "labs": [], "notes": []}]


# ---------------------------------------------------------------- any export
CELLS = st.tuples(
    st.sampled_from(["S1", "S2", "S9", "", "-99"]),
    st.sampled_from(["BL", "W9", ""]),
    st.sampled_from(["01-02-2017", "UN-02-2017", "31-02-2017", "-99"]),
    st.sampled_from(["8:00", "x", ""]),
    st.sampled_from(["CK", '"C;K"', '"C\nK"']),
    st.sampled_from(["1", "<1,5", "-99", "neg"]),
    st.sampled_from(["1", "501", ""]),
)
RECORDS = st.lists(CELLS.map(";".join), max_size=12)


def read_labs(records: list[str], study: Study) -> Raw:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "subjects.csv").write_text(SUBJECTS, "utf-8")
        (Path(folder) / "labs.csv").write_text(
            LABS + "".join(f"{record}\n" for record in records), "utf-8"
        )
        return read_folder(Path(folder), study)


EACH = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@EACH
@given(records=RECORDS)
def test_every_record_is_kept_or_left_out_with_a_finding(study: Study, records: list[str]) -> None:
    raw = read_labs(records, study)
    left_out = raw.findings[raw.findings["rule"].isin(LEFT_OUT)]
    assert len(records) == len(raw.forms["labs"]) + len(left_out)
    assert not set(left_out["line"]) & set(raw.forms["labs"].index)
    entry = raw.ledger.set_index("form").loc["labs"]
    assert (entry["records"], entry["kept"], entry["left_out"]) == (
        len(records),
        len(raw.forms["labs"]),
        len(left_out),
    )


@EACH
@given(records=RECORDS, chance=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    study: Study, records: list[str], chance: random.Random
) -> None:
    shuffled = chance.sample(records, len(records))
    one, other = read_labs(records, study), read_labs(shuffled, study)
    pd.testing.assert_frame_equal(
        one.forms["labs"].reset_index(drop=True), other.forms["labs"].reset_index(drop=True)
    )
    assert sorted(one.findings["rule"]) == sorted(other.findings["rule"])
