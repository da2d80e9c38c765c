"""The example as the old cut, and new cuts of it with a few lines changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivig_cdisc import Summary, convert

RAW = Path(__file__).parents[3] / "examples" / "ntr6160" / "raw"
Edit = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Cut:
    """A raw export and its conversion."""

    raw: Path
    out: Path


@pytest.fixture(scope="session")
def old(raw: Path, converted: Summary) -> Cut:
    return Cut(raw, converted.out)


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Edit]], Cut]:
    """Convert a copy of the example in which the lines of some files are edited."""

    def make(edits: dict[str, Edit], *, validate: bool = False) -> Cut:
        place = tmp_path_factory.mktemp("new")
        shutil.copytree(RAW, place / "raw")
        for name, edit in edits.items():
            path = place / "raw" / name
            lines = (
                path.read_bytes().decode("latin-1").splitlines(keepends=True)
            )  # bytes stay as they are
            path.write_bytes("".join(edit(lines)).encode("latin-1"))
        return Cut(place / "raw", convert(place / "raw", place / "out", validate=validate).out)

    return make


def replaced(before: str, after: str) -> Edit:
    """One text that stands in the file once, replaced."""

    def edit(lines: list[str]) -> list[str]:
        text = "".join(lines)
        assert text.count(before) == 1, before
        return text.replace(before, after).splitlines(keepends=True)

    return edit


def without(start: str) -> Edit:
    """No line that starts so."""
    return lambda lines: [line for line in lines if not line.startswith(start)]
