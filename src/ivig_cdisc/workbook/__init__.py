"""The specs of a study as the workbook that data managers and statisticians exchange.

And back to YAML, nothing lost.

write   the specs as an Excel file
read    an Excel file as a folder of YAML
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from ..errors import Problem, SpecError
from ..metadata import Study
from ..output import atomic_folder, carry
from ..preparation import load_study
from ..reference import SCHEMA_FILE, schema_text
from . import excel
from .from_excel import texts, unread, write_files
from .sheets import Row
from .tables import csv_files
from .to_excel import files, rows

__all__ = ["read", "write"]


def write(study: str | Path, file: Path) -> None:
    """Write the specs of a study as an Excel workbook: same specs, same bytes.

    Args:
        study: a folder of specs, or the name of a bundled study.
        file: the workbook.

    Raises:
        SpecError: the specs cannot be used.
        ExportError: the file cannot be written.
    """
    specs = load_study(study).study
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_files(folder, texts(rows(specs.folder), _trust))
        excel.write(file, rows(folder), f"{specs.id}: {specs.title}", specs.cutoff)


def _trust(sheet: str, row: Row, column: str, reason: str) -> None:
    raise AssertionError(f"{sheet} {column} {row}: {reason}")


def read(file: Path, folder: Path, *, overwrite: bool = False) -> None:
    """Write the specs in a workbook as a folder of YAML, which appears whole or not at all.

    Args:
        file: the workbook; an empty cell says nothing, and what the standard gives holds.
        folder: of the study.
        overwrite: replace the specs in a folder that holds a study; its other files stay.

    Raises:
        SpecError: with all that is wrong, by sheet and cell.
        ExportError: the file is not a workbook, or the folder cannot be written.
    """
    found, problems = excel.read(file)

    def complain(sheet: str, row: Row, column: str, reason: str) -> None:
        line = cast("excel.Line", row)
        problems.append(Problem(file, line.number, line.place(sheet, column), reason))

    if problems:
        raise SpecError(problems)
    made = texts(found, complain)
    if problems:
        raise SpecError(problems)
    with atomic_folder(folder, overwrite=overwrite, reason_against=_no_study) as beside:
        write_files(beside, made)
        study = _checked(beside, file)
        for row, column, reason in unread(found, study):
            complain("Variables", row, column, reason)
        if problems:
            raise SpecError(problems)
        _keep_the_rest(folder, beside)
        _with_schema(beside)


def _checked(folder: Path, file: Path) -> Study:
    """The study; SpecError with the workbook as its place where the specs cannot be used."""
    try:
        return load_study(folder).study
    except SpecError as error:
        problems = [_in_workbook(problem, folder, file) for problem in error.problems]
        raise SpecError(problems) from error


def _keep_the_rest(old: Path, new: Path) -> None:
    """What is in the folder and no spec stays: notes, differences that are explained, raw data."""
    if old.is_dir():
        specs = {*files(old), *csv_files(old)}
        carry(old, new, leaving=lambda name: name in specs)


def _with_schema(folder: Path) -> None:
    """The JSON schema beside the specs, where their first lines name it and it is not there."""
    file = folder / SCHEMA_FILE
    heads = [path.read_text("utf-8").partition("\n")[0] for path in folder.rglob("*.yaml")]
    if f"{SCHEMA_FILE}#" in " ".join(heads) and not file.exists():
        file.write_text(schema_text(), "utf-8")


def _no_study(folder: Path) -> str:
    """Why a folder's specs cannot be replaced; nothing if it is a study's, or empty."""
    if (folder / "study.yaml").is_file():
        return ""
    if folder.is_dir() and not any(folder.iterdir()):
        return ""
    return "is not a study (it has no study.yaml)"


def _in_workbook(problem: Problem, folder: Path, file: Path) -> Problem:
    part = problem.file.name
    if problem.file.is_relative_to(folder):
        part = problem.file.relative_to(folder).as_posix()
    return Problem(file, 1, f"{part}: {problem.path}", problem.reason)
