"""The examples of docs/language/expressions.md are carried out: what the page shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.expressions import compute, parse, select

PAGE = Path(__file__).parents[2] / "docs" / "language" / "expressions.md"
EXAMPLE = re.compile(r"```yaml\n(compute|where): (.+)\n```\n\n((?:\|.*\n)+)")


def examples() -> list[tuple[str, str, str]]:
    return EXAMPLE.findall(PAGE.read_text("utf-8"))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def column(heading: str, values: list[str]) -> pd.Series:
    kind = heading.partition(" ")[2]
    known = [value or None for value in values]
    if kind == "date":
        return pd.to_datetime(pd.Series(known))
    return pd.Series(known, dtype="str" if kind == "text" else "float64")


def test_the_page_has_examples() -> None:
    assert len(examples()) == PAGE.read_text("utf-8").count("```yaml")
    assert len(examples()) >= 10


@pytest.mark.parametrize(("key", "text", "table"), examples())
def test_example(key: str, text: str, table: str) -> None:
    heading, _, *lines = table.splitlines()
    rows = [cells(line) for line in lines]
    names = cells(heading)
    frame = pd.DataFrame(
        {
            name.partition(" ")[0]: column(name, [row[i] for row in rows])
            for i, name in enumerate(names[:-1])
        }
    )
    expected = [row[-1] for row in rows]
    if key == "where":
        assert ["yes" if one else "no" for one in select(parse(text), frame)[0]] == expected
        return
    found, _ = compute(parse(text), frame)
    assert [None if pd.isna(value) else value for value in found] == [
        float(value) if value else None for value in expected
    ]
