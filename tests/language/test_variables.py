"""docs/language/variables.md: from the columns of each example comes the variable that it says."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc.engine.columns import derived
from ivig_cdisc.engine.plan import Column
from ivig_cdisc.engine.rows import Rows
from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.frozen import Place
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.metadata.source import VariableSource
from ivig_cdisc.metadata.standard import standard
from ivig_cdisc.metadata.terminology import Terminology
from ivig_cdisc.metadata.together import COMPANIONS, each_alone
from ivig_cdisc.metadata.values import Values

from .pages import page, table

EXAMPLES = re.findall(
    r"```yaml\n(.+?)```\n\n((?:\|[^\n]*\n)+)", page("variables.md"), flags=re.DOTALL
)
NO_DATASET: Any = SimpleNamespace(spec=SimpleNamespace(name="X"))


def test_the_page_has_nothing_but_examples_that_run() -> None:
    assert len(EXAMPLES) == page("variables.md").count("```yaml") >= 9


def test_the_page_names_what_is_given_together() -> None:
    for function in COMPANIONS:
        assert f"`{function}`" in page("variables.md")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[0].split(":")[0])
def test_example(tmp_path: Path, example: tuple[str, str]) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(example[0], "utf-8")
    document = read(file)
    given = shape(document, dict[str, VariableSource])
    alone = each_alone(document, ("variables",), given)
    values = Values(document, Terminology(standard(), {}, {}))
    names, columns = table(example[1])
    before = len(names) - len(alone)
    frame = pd.DataFrame(dict(zip(names[:before], columns[:before], strict=True)))
    current = Rows(frame, pd.DataFrame())
    for name, source in alone.items():
        wiring = values.of(("variables", name), name, source, Place(file=file, line=1))
        current = derived(NO_DATASET, Column(name, wiring), current, {})
    assert document.problems == []
    for name, expected in zip(names[before:], columns[before:], strict=True):
        found = current.frame[name].astype(expected.dtype)
        pd.testing.assert_series_equal(found, expected, check_names=False)
