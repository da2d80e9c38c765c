"""The page on ODM shows what happens: its file, read by its study.yaml, gives the records that it shows."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from ivig_cdisc import metadata, raw

PAGE = (Path(__file__).parents[2] / "docs" / "odm.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))


def test_the_example_gives_the_records_that_are_shown(tmp_path: Path) -> None:
    (tmp_path / "abc").mkdir()
    (tmp_path / "abc" / "study.yaml").write_text(BLOCKS["yaml"], "utf-8")
    (tmp_path / "export.xml").write_text(BLOCKS["xml"], "utf-8")
    study, problems = metadata.load(tmp_path / "abc")
    taken = raw.read(tmp_path / "export.xml", study)
    assert problems == []
    assert taken.findings["message"].tolist() == []
    shown = list(csv.DictReader(BLOCKS["csv"].splitlines()))
    for name in ("demography", "vitals"):
        wanted = [line for line in shown if line["form"] == name]
        columns = list(study.forms[name].columns)
        read = taken.forms[name][columns].astype("str").to_dict("records")
        assert read == [{column: line[column] for column in columns} for line in wanted]
