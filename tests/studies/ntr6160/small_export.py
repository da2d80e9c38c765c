"""A small export of the trial: a test writes the lines that matter, every other form has its heading only."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ivig_cdisc import convert, load_study
from ivig_cdisc.testing import write_raw

STUDY = "ntr6160"


def datasets(folder: Path, only: list[str], **forms: str) -> dict[str, pd.DataFrame]:
    """What these datasets become from an export with these forms.

    Args:
        folder: a place for the export and the outcome; neither is there yet.
        only: the datasets, as `--only` names them.
        **forms: by name, its lines: a heading with the columns that matter, then records, cells
            separated by blanks; `.` is an empty cell.

    Returns:
        The frames by name of the dataset.
    """
    study = load_study(STUDY).study
    lines = {name: _lines(form.columns, forms.get(name, "")) for name, form in study.forms.items()}
    raw = write_raw(folder / "raw", lines)
    return convert(raw, folder / "out", study=STUDY, only=only, validate=False).datasets


def _lines(columns: Iterable[str], text: str) -> str:
    """The form with all of its columns, those that the text does not have empty."""
    heading, *rows = [line.split() for line in text.strip().splitlines()] or [[]]
    lines = [";".join(columns)]
    for row in rows:
        record = dict(zip(heading, row, strict=True))
        cells = [record.pop(column, ".") for column in columns]
        assert not record, f"columns that the form does not have: {', '.join(record)}"
        lines.append(";".join("" if cell == "." else cell for cell in cells))
    return "\n".join(lines) + "\n"
