"""Copies of the example, its tables, and a command line that must not crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from click.testing import CliRunner, Result

from ivig_cdisc import Summary
from ivig_cdisc.cli import main

from .folders import Export, copy_of_example


@pytest.fixture(scope="session")
def tables(converted: Summary) -> dict[str, tuple[Any, Any]]:
    """Each XPT file as pyreadstat reads it: its frame and what it says of its columns."""
    files = sorted(converted.out.glob("*/*.xpt"))
    return {path.stem.upper(): pyreadstat.read_xport(str(path)) for path in files}


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """A copy of the example's raw forms, to be changed."""
    return copy_of_example(tmp_path / "raw")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where output is to go; its folder holds nothing else."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place" / "out"


@pytest.fixture
def cli() -> Callable[..., Result]:
    """Run the command line in this process; a traceback is a failure of the test."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return result

    return run
