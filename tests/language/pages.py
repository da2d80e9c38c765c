"""Examples of the pages of docs/language: their YAML, and the tables around them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

PAGES = Path(__file__).parents[2] / "docs" / "language"
KINDS = {"text": "str", "date": "datetime64[us]", "": "float64"}


def page(name: str) -> str:
    """The text of a page."""
    return (PAGES / name).read_text("utf-8")


def table(text: str) -> tuple[list[str], list[pd.Series]]:
    """A table of a page: names, and columns.

    A heading is a name, with text or date after it where the column does not hold numbers. An empty
    cell is a missing value.
    """
    heading, _, *lines = [re.split(r"\s*\|\s*", line.strip()[1:-1]) for line in text.splitlines()]
    names, columns = [], []
    for i, title in enumerate(heading):
        name, _, kind = title.strip().partition(" ")
        cells = pd.Series([line[i].strip() or None for line in lines], dtype="object")
        names.append(name)
        columns.append(cells.astype(KINDS[kind]))
    return names, columns
