"""The CSV files of an export as text, with the delimiter and encoding of each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import RawError
from ..metadata import Intake
from ..raw.csv_file import DELIMITERS, likely_delimiter, read_header, read_records
from ..raw.sheet import check_names
from ..raw.text_file import read_text

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODINGS = Intake.model_fields["encodings"].default


@dataclass(frozen=True)
class Sheet:
    """One file: the form's name, columns of text with empty cells missing; index: line."""

    name: str
    file: str
    delimiter: str
    encoding: str
    frame: pd.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(map(str, self.frame.columns))


@dataclass(frozen=True)
class Sample:
    """The files that can be forms of one study, in order of their names; and why others cannot."""

    sheets: tuple[Sheet, ...]
    delimiter: str
    left_out: tuple[tuple[str, str], ...]

    @property
    def records(self) -> int:
        return sum(len(sheet.frame) for sheet in self.sheets)


def read(folder: Path) -> Sample:
    """All CSV files of a folder; RawError where it is none, or holds none that can be read."""
    if folder.is_file():
        raise RawError(
            "is one file, and a new study begins from a folder with one CSV file per form. Of an ODM or REDCap export "
            "nothing is guessed: export the forms as CSV, or write study.yaml by hand, see specs/README.md",
            file=str(folder),
        )
    if not folder.is_dir():
        raise RawError(
            "is no folder; a new study begins from a folder with one CSV file per form",
            file=str(folder),
        )
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file())
    if not paths:
        raise RawError(
            "holds no CSV file; a new study begins from one CSV file per form", file=str(folder)
        )
    sheets, refused = _sheets(paths)
    if not sheets:
        raise RawError("\n".join(f"{file}: {reason}" for file, reason in refused))
    delimiter = _usual([sheet.delimiter for sheet in sheets if len(sheet.columns) > 1] or [","])
    odd = [s for s in sheets if s.delimiter != delimiter and len(s.columns) > 1]
    refused += [(s.file, _odd_delimiter(s.delimiter, delimiter)) for s in odd]
    return Sample(tuple(s for s in sheets if s not in odd), delimiter, tuple(sorted(refused)))


def _sheets(paths: list[Path]) -> tuple[list[Sheet], list[tuple[str, str]]]:
    sheets: list[Sheet] = []
    refused: list[tuple[str, str]] = []
    for path in paths:
        try:
            sheets.append(_sheet(path, {sheet.name for sheet in sheets}))
        except RawError as error:
            refused.append((path.name, str(error).removeprefix(f"{path.name}:").strip()))
    return sheets, refused


def _sheet(path: Path, taken: set[str]) -> Sheet:
    text, encoding = read_text(path, ENCODINGS)
    delimiter = likely_delimiter(text)
    header = read_header(text, delimiter, path.name)
    check_names(header.names, (), path.name, header.line)
    records = read_records(text, header, delimiter, path.name)
    return Sheet(
        _form_name(path, taken),
        path.name,
        delimiter,
        encoding,
        records.fields.apply(lambda column: column.str.strip()),
    )


def _form_name(path: Path, taken: set[str]) -> str:
    """Small letters: a form must not be called like a dataset."""
    name = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "form"
    return next(
        n for n in (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3))) if n not in taken
    )


# ---------------------------------------------------------------- delimiter
def _usual(delimiters: list[str]) -> str:
    counts = Counter(delimiters)
    return max(DELIMITERS, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))


def _odd_delimiter(own: str, usual: str) -> str:
    return f"its delimiter is the {NAMES[own]}, that of most files the {NAMES[usual]}; save it with {NAMES[usual]}s"
