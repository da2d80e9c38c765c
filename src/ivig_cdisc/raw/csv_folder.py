"""An export that is a folder with one CSV file per form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ..errors import RawError
from ..findings import findings
from ..metadata import Study
from .csv_file import read_header, read_records
from .sheet import Aside, Sheet, check_delimiter, check_forms, check_names
from .text_file import read_file


@dataclass(frozen=True)
class CsvFolder:
    """The files of the forms; each is read when it is asked for."""

    study: Study
    files: Mapping[str, Path]
    findings: Sequence[pd.DataFrame] = ()
    aside: Sequence[Aside] = ()
    digests: dict[str, str] = field(default_factory=dict)

    def sheet(self, form: str) -> Sheet:
        """The file of one form."""
        said, delimiter = self.study.forms[form], self.study.intake.delimiter
        file = read_file(self.files[form], self.study.intake.encodings)
        self.digests[file.name] = file.digest
        notes = file.notes(self.study.intake.encodings[0], delimiter)
        delimiter = file.delimiter or delimiter
        header = read_header(file.text, delimiter, said.file)
        check_delimiter(header.names, said.columns, delimiter, said.file, header.line)
        check_names(header.names, said.columns, said.file, header.line)
        records = read_records(file.text, header, delimiter, said.file)
        return Sheet(said, said.file, file.encoding, records, notes=notes)


def open_folder(folder: Path, study: Study) -> CsvFolder:
    """The file of each form that is there, and findings on files that are absent or belong to no form."""
    present = {
        name: folder / form.file
        for name, form in study.forms.items()
        if (folder / form.file).is_file()
    }
    for path in present.values():
        _check_inside(folder, path)
    named = {form.file for form in study.forms.values()}
    strange = sorted(
        p.name for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.name not in named
    )
    absent = check_forms(study, present, strange, folder=folder.name)
    return CsvFolder(study, present, [*absent, *map(_unknown_file, strange)])


def _check_inside(folder: Path, path: Path) -> None:
    """Refuse a file that is a link to one outside the export."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RawError(
            "is a link to a file outside the export's folder; put the file itself there",
            file=path.name,
        )


def _unknown_file(name: str) -> pd.DataFrame:
    message = f"no form of the study names the file {name}; it is not read"
    return findings(severity="note", rule="RAW-UNKNOWN-FILE", message=message, file=name)
