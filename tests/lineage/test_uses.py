"""How many records went into which datasets: counted by bits, the same as counted one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.lineage.uses import DatasetSets, Use, counted

MANY = [f"D{number:03}" for number in range(130)]  # three numbers for each record


def use(dataset: str, lines: dict[int, bool]) -> Use:
    mapped = np.array(list(lines.values()), dtype=bool)
    return Use("labs", dataset, np.array(list(lines), dtype="int64"), mapped)


def test_records_by_what_took_them() -> None:
    lines = pd.Index([2, 3, 5, 7, 11])
    uses = [
        use("LB", {2: True, 3: True, 5: False}),
        use("SUPPLB", {3: True}),
        use("DATES", {3: False, 5: False, 7: False}),  # an internal dataset looked them up
    ]
    # line 11 is in no dataset and is not counted; DATES is not named where a dataset holds the line
    assert list(counted(lines, uses)) == [
        ("mapped", "LB", 1),
        ("mapped", "LB, SUPPLB", 1),
        ("derivation only", "DATES", 1),
        ("derivation only", "DATES, LB", 1),
    ]


def test_parts_of_a_study_add_up() -> None:
    uses = [use("LB", {2: True}), use("LB", {9: True}), use("LB", {4: False})]
    found = list(counted(pd.Index([9, 4, 2]), uses))  # lines in whatever order
    assert found == [("mapped", "LB", 2), ("derivation only", "LB", 1)]


def test_a_form_that_nothing_took() -> None:
    assert list(counted(pd.Index([2, 3]), [])) == []


def test_a_form_without_records() -> None:
    assert list(counted(pd.Index([], dtype="int64"), [use("LB", {})])) == []


@pytest.mark.parametrize("datasets", [1, 63, 64, 65, 128, 129])
def test_more_datasets_than_a_number_has_bits(datasets: int) -> None:
    names = MANY[:datasets]
    sets = DatasetSets(3, names)
    for name in names:
        sets.add(np.array([1]), name)
    sets.add(np.array([2]), names[-1])
    every = {", ".join(names): 1}
    last = Counter({names[-1]: 1})
    assert sets.counts() == dict(Counter(every) + last)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(MANY), st.booleans()), max_size=30))
def test_counted_as_one_would_by_hand(uses: list[tuple[int, str, bool]]) -> None:
    by_line: dict[int, dict[str, bool]] = {}
    for line, dataset, mapped in uses:
        by_line.setdefault(line, {})[dataset] = mapped
    expected: Counter[tuple[str, str]] = Counter()
    for taken in by_line.values():
        mapped_in = [name for name in sorted(taken) if taken[name]]
        status = "mapped" if mapped_in else "derivation only"
        expected[status, ", ".join(mapped_in or sorted(taken))] += 1
    given_uses = [
        use(name, {line: taken[name]}) for line, taken in by_line.items() for name in taken
    ]
    found = counted(pd.Index(range(10)), given_uses)
    assert {(str(status), names): count for status, names, count in found} == dict(expected)
