"""The examples of docs/language/rows.md are carried out: what the page shows is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from ivig_cdisc.engine import verbs
from ivig_cdisc.metadata import Step
from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.metadata.steps import VERBS

PAGE = (Path(__file__).parents[2] / "docs" / "language" / "rows.md").read_text("utf-8")
TABLE = r"\n(\w+)\n\n((?:\|[^\n]*\n)+)"
ELSEWHERE = {"values", "lookup", "cross", "events"}  # have pages of their own
EXAMPLE = re.compile(rf"```yaml\n(.+?)```\n((?:{TABLE})+)", flags=re.DOTALL)


def table(text: str) -> pd.DataFrame:
    """A table of the page; a heading is a name, and text or date where it holds no numbers."""
    heading, _, *lines = [line.strip().strip("|").split("|") for line in text.splitlines()]
    cells = [[cell.strip() or None for cell in line] for line in lines]
    columns = {}
    for i, title in enumerate(heading):
        name, _, kind = title.strip().partition(" ")
        column = pd.Series([line[i] for line in cells])
        dtypes = {"text": "str", "date": "datetime64[s]", "": "float64"}
        columns[name] = column.astype(dtypes[kind])
    return pd.DataFrame(columns)


def test_the_page_has_an_example_of_each_verb() -> None:
    examples = EXAMPLE.findall(PAGE)
    assert len(examples) == PAGE.count("```yaml")
    shown = "\n".join(example for example, *_ in examples)
    assert {verb for verb in VERBS if f"{verb}:" not in shown} <= ELSEWHERE


@pytest.mark.parametrize("example", EXAMPLE.findall(PAGE), ids=lambda example: example[0][:60])
def test_example(tmp_path: Path, example: tuple[str, ...]) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(example[0], "utf-8")
    document = read(file)
    steps = shape(document, list[Step])
    assert document.problems == []
    tables = {name: table(text) for name, text in re.findall(TABLE, example[1])}
    expected = tables.pop("result")
    current = verbs.start(steps[0], tables)
    for step in steps[1:]:
        current = verbs.apply(current, step, tables)
    found = current.frame.reset_index(drop=True)
    pd.testing.assert_frame_equal(
        found, expected, check_like=True, check_dtype=False, check_categorical=False
    )
