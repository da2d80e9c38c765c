"""Damaged exports of every kind: what cannot be read is told at its cell, and nothing ends in a traceback.

The normal run takes a part of the cells, spread over all kinds; `make test-all` takes every one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc import metadata, raw
from ivig_cdisc.metadata import Study
from tests.sampled import EVERYTHING

from . import damages
from .damages import KINDS, Damage
from .written import EXAMPLE, maker

STEP = 1 if EVERYTHING else 7
CELLS = [(kind, damage) for damage in damages.cell_damages() for kind in KINDS]
EITHER = [(kind, damage) for damage in damages.either_damages() for kind in KINDS]


@pytest.fixture(scope="module")
def ntr6160() -> Study:
    return metadata.load("ntr6160")[0]


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    return damages.small_tables(maker(), EXAMPLE / "raw")


def taken_in(
    kind: str, damage: Damage, tables: dict[str, Any], study: Study, folder: Path
) -> raw.Raw:
    made = maker()
    return raw.read(
        damages.write(made, kind, damages.damaged(made, tables, damage), folder / "raw"), study
    )


def findings_on(taken: raw.Raw, damage: Damage) -> pd.DataFrame:
    """The findings that name the damaged cell and what was typed in it."""
    found = taken.findings
    return found[
        found["dataset"].eq(damage.form)
        & found["variable"].eq(damage.column)
        & found["verbatim"].eq(damage.text)
    ]


@pytest.mark.parametrize(("kind", "damage"), CELLS[::STEP], ids=str)
def test_a_damaged_cell_is_told(
    kind: str, damage: Damage, tables: dict[str, Any], ntr6160: Study, tmp_path: Path
) -> None:
    taken = taken_in(kind, damage, tables, ntr6160, tmp_path)
    found = findings_on(taken, damage)
    assert len(found) == 1
    assert found["severity"].item() == "error"
    assert found["subject"].item() == damages.SUBJECTS[0]
    file = taken.files[damage.form]
    line = file.read_text("utf-8").split("\n")[found["line"].item() - 1]
    assert damages.SUBJECTS[0] in line or "<ItemGroupData" in line
    if (
        ntr6160.forms[damage.form].columns[damage.column].type != "code"
    ):  # an unknown code stays as collected
        assert taken.forms[damage.form][damage.column].ne(damage.text).all()


@pytest.mark.parametrize(("kind", "damage"), EITHER[::STEP], ids=str)
def test_another_spelling_of_a_number_is_that_number_or_told(
    kind: str, damage: Damage, tables: dict[str, Any], ntr6160: Study, tmp_path: Path
) -> None:
    taken = taken_in(kind, damage, tables, ntr6160, tmp_path)
    if findings_on(taken, damage).empty:
        numbers = pd.to_numeric(taken.forms[damage.form][damage.column])
        assert numbers.eq(damages.EITHER[damage.text]).any()
