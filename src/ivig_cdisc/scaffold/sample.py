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
from ..raw.form_extract import check_names
from ..raw.text_file import read_text

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODINGS = Intake.model_fields["encodings"].default


@dataclass(frozen=True)
class SampledFile:
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

    files: tuple[SampledFile, ...]
    delimiter: str
    left_out: tuple[tuple[str, str], ...]

    @property
    def records(self) -> int:
        return sum(len(sampled.frame) for sampled in self.files)


def read(folder: Path) -> Sample:
    """All CSV files of a folder.

    Raises:
        RawError: where it is not a folder, or holds no file that can be read.
    """
    paths = _paths(folder)
    files, refused = _read_files(paths)
    if not files:
        raise RawError("\n".join(f"{file}: {reason}" for file, reason in refused))
    split = [sampled.delimiter for sampled in files if len(sampled.columns) > 1]
    delimiter = _usual(split or [","])
    taken = []
    for sampled in files:
        if sampled.delimiter == delimiter or len(sampled.columns) == 1:
            taken.append(sampled)
        else:
            refused.append((sampled.file, _odd_delimiter(sampled.delimiter, delimiter)))
    return Sample(tuple(taken), delimiter, tuple(sorted(refused)))


def _paths(folder: Path) -> list[Path]:
    """The CSV files of a folder, in the order of their names."""
    wanted = "a new study begins from a folder with one CSV file per form"
    if folder.is_file():
        cure = "export the forms as CSV, or write study.yaml by hand, see specs/README.md"
        reason = f"is one file, and {wanted}. Of an ODM or REDCap export nothing is guessed: {cure}"
        raise RawError(reason, file=str(folder))
    if not folder.is_dir():
        raise RawError(f"is not a folder; {wanted}", file=str(folder))
    paths = [p for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.is_file()]
    if not paths:
        reason = "holds no CSV file; a new study begins from one CSV file per form"
        raise RawError(reason, file=str(folder))
    return sorted(paths)


def _read_files(paths: list[Path]) -> tuple[list[SampledFile], list[tuple[str, str]]]:
    files: list[SampledFile] = []
    refused: list[tuple[str, str]] = []
    for path in paths:
        try:
            files.append(_read_file(path, {sampled.name for sampled in files}))
        except RawError as error:
            refused.append((path.name, str(error).removeprefix(f"{path.name}:").strip()))
    return files, refused


def _read_file(path: Path, taken: set[str]) -> SampledFile:
    text, encoding = read_text(path, ENCODINGS)
    delimiter = likely_delimiter(text)
    header = read_header(text, delimiter, path.name)
    check_names(header.names, (), path.name, header.line)
    records = read_records(text, header, delimiter, path.name)
    frame = records.fields.apply(lambda column: column.str.strip())
    return SampledFile(_form_name(path, taken), path.name, delimiter, encoding, frame)


def _form_name(path: Path, taken: set[str]) -> str:
    """Small letters: a form must not be called like a dataset."""
    plain = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "form"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name


# ---------------------------------------------------------------- delimiter
def _usual(delimiters: list[str]) -> str:
    counts = Counter(delimiters)
    return max(DELIMITERS, key=lambda mark: (counts[mark], -DELIMITERS.index(mark)))


def _odd_delimiter(own: str, usual: str) -> str:
    delimiters = f"its delimiter is the {NAMES[own]}, that of most files the {NAMES[usual]}"
    return f"{delimiters}; save it with {NAMES[usual]}s"
