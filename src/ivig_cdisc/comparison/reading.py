"""Datasets from XPT and CSV files, and which files of a folder are datasets."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyreadstat

from ..errors import ExportError, RawError
from ..raw.csv_file import likely_delimiter, read_header, read_records, read_text
from .dataset_json import read_json, read_ndjson
from .table import Attributes, Table, cleaned

ENCODINGS = ("utf-8-sig", "cp1252")


def read(path: Path) -> Table:
    """The dataset of one file; ExportError or RawError, which name the file, where it cannot be read."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ExportError(f"{path}: is no dataset that can be compared; expected {', '.join(READERS)}")
    if not path.is_file():
        raise ExportError(f"{path}: is not there, or no file")
    return reader(path)


def datasets(folder: Path) -> dict[str, Path]:
    """The files of a folder that are datasets, by name in capitals; other files are left alone."""
    found: dict[str, Path] = {}
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in READERS and p.is_file()):
        name = path.stem.upper()
        if name in found:
            raise ExportError(f"{folder}: {name} stands twice, as {found[name].name} and {path.name}")
        found[name] = path
    return found


def read_xpt(path: Path) -> Table:
    """A SAS XPORT version 5 file."""
    try:
        frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{path}: {error}") from error
    variables = {
        name: Attributes.of(
            "Char" if meta.readstat_variable_types[name] == "string" else "Num",
            meta.variable_storage_width[name],
            meta.column_names_to_labels[name],
            meta.original_variable_types[name],
        )
        for name in meta.column_names
    }
    columns = {n: cleaned(frame[n]) if a.type == "Char" else frame[n].astype("float64") for n, a in variables.items()}
    return Table(path.name, path.stem.upper(), meta.file_label or "", variables, pd.DataFrame(columns))


def read_csv(path: Path) -> Table:
    """A CSV file with a header, its delimiter and encoding found; an empty cell is missing, all is text."""
    content, _ = read_text(path, ENCODINGS)
    delimiter = likely_delimiter(content)
    header = read_header(content, delimiter, path.name)
    if twice := sorted({name for name in header.names if header.names.count(name) > 1}):
        raise RawError(f"the header has {', '.join(twice)} more than once", file=path.name, line=header.line)
    body = "".join(content.split("\n", header.line)[header.line :])
    ragged = read_records(content, header, delimiter, path.name).ragged
    if len(ragged):
        reason = f"has {ragged['fields'].iloc[0]} fields, the header {len(header.names)}"
        raise RawError(reason, file=path.name, line=int(ragged["line"].iloc[0]))
    frame = _cells(body, delimiter, header.names, path.name)
    return Table(path.name, path.stem.upper(), None, dict.fromkeys(header.names, Attributes()), frame.apply(cleaned))


def _cells(body: str, delimiter: str, names: tuple[str, ...], file: str) -> pd.DataFrame:
    """Every field as text, blanks at its beginning kept."""
    if not body.strip():
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    try:
        return pd.read_csv(
            io.StringIO(body),
            sep=delimiter,
            header=None,
            names=list(names),
            dtype="str",
            keep_default_na=False,
            index_col=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise RawError(f"cannot be read as CSV: {error}", file=file) from error


READERS = {".xpt": read_xpt, ".csv": read_csv, ".json": read_json, ".ndjson": read_ndjson}
