"""Whatever is done to an export: no traceback, the right exit code, and every record is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import Result

from tests.sampled import EVERYTHING

from .folders import copy_of_example
from .mutator import mutate

COPIES = 300 if EVERYTHING else 20

Cli = Callable[..., Result]


@pytest.mark.parametrize("seed", range(COPIES))
def test_mutated_copy(seed: int, tmp_path: Path, cli: Cli) -> None:
    export, out = copy_of_example(tmp_path / "raw"), tmp_path / "place" / "out"
    done = mutate(export, seed)
    told = "; ".join(damage.told for damage in done)
    result = cli("convert", export.folder, out, "--study", "ntr6160", "--no-validation")
    expected = [damage.converts for damage in done]
    if False in expected:
        assert result.exit_code == 2, told
    elif None not in expected:
        assert result.exit_code in (0, 1), f"{told}: {result.output}"
    if result.exit_code == 2:
        assert "ivig-cdisc: " in result.output, told
        assert not (tmp_path / "place").exists(), told
        return
    found = orjson.loads((out / "validation" / "findings.json").read_bytes())
    worst = any(found["counts"].get(severity) for severity in ("reject", "error"))
    assert result.exit_code == (1 if worst else 0), told
    assert_balanced(out, told)


def assert_balanced(out: Path, told: str) -> None:
    """The rows of each file by status are the rows that were read: those in a dataset, not submitted, or left out."""
    ledger = orjson.loads((out / "validation" / "ledger.json").read_bytes())
    assert ledger, told
    for file, entry in ledger.items():
        statuses = entry["rows by status"]
        assert sum(row["count"] for row in statuses) == entry["rows"] == entry["read"], (
            f"{told}: {file}"
        )
        names = [column["name"] for column in entry["columns by status"]]
        assert len(names) == len(set(names)), f"{told}: {file}"
