"""What is written as YAML is read back as the same data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.metadata import document
from ivig_cdisc.metadata.written import written

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"),
    max_size=30,
)
names = texts.filter(bool)  # an entry without a name is a mistake
finite = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | finite
    | texts
    | st.sampled_from(["NO", "012", "1.50", "~", "- a"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)
)


def back(tmp: Path, text: str) -> Any:
    file = tmp / "x.yaml"
    file.write_text(text, "utf-8")
    read = document.read(file)
    assert read.problems == []
    return read.data


@given(data=st.dictionaries(names, values, max_size=5))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]) -> None:
    assert repr(back(tmp_path_factory.mktemp("yaml"), written(data))) == repr(data)


def test_layout() -> None:
    variable = {"derive": "study_day", "from": {"date": "VSDTC", "reference": "RFSTDTC"}}
    data = {
        "dataset": "VS",
        "keys": ["USUBJID", "VSSEQ"],
        "rows": [{"take": "vitals", "where": {"on": ["1", 1]}}],
    }
    assert written(
        {**data, "variables": {"VSDY": variable, "VSPOS": {"value": "Y", "label": "a: b"}}}
    ) == (
        "dataset: VS\n"
        "keys: [USUBJID, VSSEQ]\n"
        "rows:\n"
        '  - {take: vitals, where: {on: ["1", 1]}}\n'
        "variables:\n"
        "  VSDY: {derive: study_day, from: {date: VSDTC, reference: RFSTDTC}}\n"
        "  VSPOS: {value: Y, label: 'a: b'}\n"
    )
