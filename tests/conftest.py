"""What tests of several rooms need."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session")
def browser() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if not found:
        pytest.skip("there is no Chromium to open the page in")
    return found
