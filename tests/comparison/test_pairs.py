"""Pairs of files that differ in one cell at most: the comparison says just that cell, nothing, or why it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc.comparison import compare
from ivig_cdisc.errors import ExportError, RawError

from .pairs import DIFFER, PAIRS, SAME, Pair, write

POSITIONS = [0, 1, 2]


def said(folder: Path, pair: Pair, position: int) -> tuple[str, list[Any]]:
    """The verdict and the cells that differ, by subject; or why there is none."""
    kind, form, cell, other_form, other, _ = pair
    one = write(folder / "a", kind, form, cell, position)
    two = write(folder / "b", kind, other_form, other, position)
    try:
        found = compare(one, two, keys=["USUBJID"])
    except (ExportError, RawError) as error:
        return str(error), []
    cells = found.differences[found.differences["kind"].eq("cells")]
    records = found.differences["kind"].str.startswith("records").any()
    assert not records
    return DIFFER if len(cells) else SAME, cells[["key", "variable"]].to_numpy().tolist()


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(map(ascii, pair[:5])))
def test_pair(tmp_path: Path, pair: Pair, position: int) -> None:
    verdict, cells = said(tmp_path, pair, position)
    expected = pair[-1]
    if expected in (SAME, DIFFER):
        assert verdict == expected
        assert cells == [[f"USUBJID=S{position + 1}", "X"]] * (expected == DIFFER)
    else:
        assert expected in verdict
        assert f"row {position + 1}, " in verdict or f":{position + 2}: " in verdict


def test_there_are_many() -> None:
    assert len(PAIRS) * len(POSITIONS) >= 300
