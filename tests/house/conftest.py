"""What every test of the house needs: where the checkout is, and its source as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkout() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="session")
def package(checkout: Path) -> Path:
    return checkout / "src" / "ivig_cdisc"


@pytest.fixture(scope="session")
def modules(package: Path) -> Mapping[Path, ast.Module]:
    """Every module of the package, by its path inside the package."""
    return {
        path.relative_to(package): ast.parse(path.read_bytes())
        for path in sorted(package.rglob("*.py"))
    }
