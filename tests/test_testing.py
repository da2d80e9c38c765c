"""What the package offers to tests of a study."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ivig_cdisc import ExportError, RawError
from ivig_cdisc.testing import convert_rows, records, write_raw
from tests.end_to_end import tiny


def test_rows_are_csv(tmp_path: Path) -> None:
    rows = [
        {"id": "01", "note": 'says "no", twice'},
        {
            "id": 2,
            "date": date(2024, 1, 31),
            "note": None,
        },  # a column that the first row has not, and an empty cell
        {"note": "two\nlines"},
    ]
    folder = write_raw(tmp_path / "new" / "raw", {"ae": rows})
    assert (folder / "ae.csv").read_text("utf-8") == (
        'id,note,date\n01,"says ""no"", twice",\n2,,2024-01-31\n,"two\nlines",\n'
    )


def test_text_is_written_as_it_is(tmp_path: Path) -> None:
    write_raw(tmp_path, {"a": "x;y\r\n1;é", "b": ""}, encoding="cp1252")
    assert (tmp_path / "a.csv").read_bytes() == b"x;y\r\n1;\xe9"
    assert (tmp_path / "b.csv").read_bytes() == b""


def test_the_delimiter_is_that_of_the_study(tmp_path: Path) -> None:
    study = tiny.study(tmp_path / "study")
    text = (study / "study.yaml").read_text("utf-8")
    (study / "study.yaml").write_text(
        text.replace("intake: {", 'intake: {delimiter: "|", '), "utf-8"
    )
    rows = [{"subject_id": "01", "site": "A|B", "sex": "M", "birth_date": "1980-01-01"}]
    summary = convert_rows(tmp_path, {"dm": rows}, study=study)
    assert records(summary.datasets["DM"], "SUBJID", "SITEID") == [("01", "A|B")]
    assert records(summary.findings[summary.findings["severity"] == "error"]) == []


def test_an_earlier_export_is_not_mixed_with_this_one(tmp_path: Path) -> None:
    study = tiny.study(tmp_path / "study")
    convert_rows(tmp_path, {"dm": tiny.FORM}, study=study)
    with pytest.raises(ExportError, match="raw exists; name another folder"):
        convert_rows(tmp_path, {"dm": tiny.FORM}, study=study)


def test_a_required_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(RawError, match=r"dm\.csv"):
        convert_rows(tmp_path, {}, study=tiny.study(tmp_path / "study"))


def test_records_have_none_where_a_value_is_missing() -> None:
    frame = pd.DataFrame(
        {"text": ["a", None], "number": [np.nan, 1.5], "date": pd.to_datetime([None, "2024-01-31"])}
    )
    assert records(frame, "number", "text") == [(None, "a"), (1.5, None)]
    assert records(frame)[1] == (None, 1.5, pd.Timestamp(2024, 1, 31))
    assert records(frame.iloc[:0], "text") == []
