"""What tests of several rooms need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from ivig_cdisc import Summary, convert

# how long an example takes says more of the machine than of the code
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


RAW = Path(__file__).parents[1] / "examples" / "ntr6160" / "raw"


@pytest.fixture(scope="session")
def raw() -> Path:
    """The raw export of the example."""
    return RAW


@pytest.fixture(scope="session")
def examined(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The example, converted and examined. Tests that write into it take a copy."""
    return convert(RAW, tmp_path_factory.mktemp("examined") / "out")


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """The example, converted only. Tests that write into it take a copy."""
    return convert(RAW, tmp_path_factory.mktemp("converted") / "out", validate=False)


@pytest.fixture(scope="session")
def browser() -> str:
    found = next(
        filter(
            None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))
        ),
        None,
    )
    if not found:
        pytest.skip("there is no Chromium to open the page in")
    return found
