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
from .form_extract import Aside, FormExtract, check_delimiter, check_forms, check_names
from .text_file import read_file


@dataclass(frozen=True)
class CsvFolder:
    """The files of the forms; each is read when it is asked for."""

    study: Study
    files: Mapping[str, Path]
    findings: Sequence[pd.DataFrame] = ()
    aside: Sequence[Aside] = ()
    digests: dict[str, str] = field(default_factory=dict)

    def extract(self, form: str) -> FormExtract:
        """The file of one form.

        Args:
            form: its name.

        Returns:
            Its records as they were collected, the line of each in the file as index.

        Raises:
            RawError: where the file cannot be read, or its columns are not those of the form.
        """
        said, intake = self.study.forms[form], self.study.intake
        file = read_file(self.files[form], intake.encodings)
        self.digests[file.name] = file.digest
        issues = file.form_issues(intake.encodings[0], intake.delimiter)
        delimiter = file.delimiter or intake.delimiter
        header = read_header(file.text, delimiter, said.file)
        check_delimiter(header.names, said.columns, delimiter, said.file, header.line)
        check_names(header.names, said.columns, said.file, header.line)
        records = read_records(file.text, header, delimiter, said.file)
        return FormExtract(said, said.file, file.encoding, records, form_issues=issues)


def open_folder(folder: Path, study: Study) -> CsvFolder:
    """The file of each form that is there.

    Args:
        folder: of the export.
        study: whose forms say which files are read.

    Returns:
        The files, and findings on those that are absent or belong to no form.

    Raises:
        RawError: where the file of a required form is absent, or one is a link out of the folder.
    """
    present: dict[str, Path] = {}
    for name, form in study.forms.items():
        path = folder / form.file
        if path.is_file():
            _check_inside(folder, path)
            present[name] = path
    named = {form.file for form in study.forms.values()}
    strange = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and path.name not in named:
            strange.append(path.name)
    absent = check_forms(study, present, strange, folder=folder.name)
    return CsvFolder(study, present, [*absent, *map(_unknown_file, strange)])


def _check_inside(folder: Path, path: Path) -> None:
    """Refuse a file that is a link to one outside the export."""
    if not path.resolve().is_relative_to(folder.resolve()):
        reason = "is a link to a file outside the export's folder; put the file itself there"
        raise RawError(reason, file=path.name)


def _unknown_file(name: str) -> pd.DataFrame:
    message = f"no form of the study names the file {name}; it is not read"
    return findings(severity="note", rule="RAW-UNKNOWN-FILE", message=message, file=name)
