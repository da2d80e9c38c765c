"""The example, converted and examined once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivig_cdisc import Summary

RAW = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"


@pytest.fixture(scope="session")
def out(examined: Summary) -> Path:
    return examined.out
