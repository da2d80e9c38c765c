"""What tests of several rooms need."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import settings

settings.register_profile(
    "busy", deadline=None
)  # how long an example takes says more of the machine than of the code
settings.load_profile("busy")


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
