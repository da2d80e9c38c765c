"""Commands on the specs of a study: begin them, check them, to Excel and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..errors import Problem, SpecError
from . import options
from .ending import exits


@click.command("new-study")
@click.argument("name")
@click.option(
    "--from",
    "raw",
    metavar="RAW",
    type=options.PATH,
    required=True,
    help="Raw export: a folder of CSVs.",
)
@click.option(
    "--to",
    "folder",
    metavar="FOLDER",
    type=options.PATH,
    help="New folder; otherwise NAME in small letters.",
)
@exits
def new_study(name: str, raw: Path, folder: Path | None) -> bool:
    """Begin the specs of a study from its raw export.

    RAW is a folder with one CSV file per form; of an ODM or REDCap file nothing is guessed. Forms,
    columns, types, codes, date formats and SDTM variables are guessed, every guess is marked as
    one, and what is left to decide is listed.
    """
    from .. import scaffold
    from ..terminal import show

    text = scaffold.new_study(name, raw, folder or Path(name.lower()))
    show(text.splitlines())
    return True


@click.group()
def spec() -> None:
    """Work with the specs of a study."""


@spec.command()
@click.argument("study", default=None, required=False)
@options.text_or_json
@exits
def check(study: str | None, form: str) -> bool:
    """Check the specs of STUDY, a bundled study or a folder, and list all problems at once.

    Without STUDY, all bundled ones. Exit code 2 means that there are problems; warnings alone are
    none.
    """
    from .. import study_check
    from ..terminal import show

    checked = study_check.check_all(study)
    problems: list[Problem] = []
    for one in checked:
        if one.errors:
            problems += one.problems
    if form == "json":
        click.echo(study_check.as_json(checked).encode(), nl=False)
        if problems:
            sys.exit(2)
        return True
    show(study_check.blocks(checked))
    if problems:
        raise SpecError(problems)
    return True


@spec.command()
@click.argument("name", default=None, required=False)
@options.text_or_json
@exits
def functions(name: str | None, form: str) -> bool:
    """Show what the YAML can call: derivations, checks, row steps, words of a variable.

    With NAME all of it: arguments, types, what is missing, source, an example. Without NAME one
    sentence of each.
    """
    from .. import reference
    from ..terminal import show

    told = reference.named(name)
    if form == "json":
        click.echo(reference.as_json(told).encode(), nl=False)
    else:
        show(reference.blocks(told, whole=name is not None))
    return True


@spec.command()
@click.argument("file", type=options.PATH, default=None, required=False)
@exits
def schema(file: Path | None) -> bool:
    """Write the JSON schema of the YAML to FILE, or show it, so that editors complete and check.

    A file names it in its first line: "# yaml-language-server: $schema=schema.json#/$defs/study".
    """
    from .. import reference
    from ..output import write_file

    text = reference.schema_text()
    if file is None:
        click.echo(text.encode(), nl=False)
    else:
        write_file(file, text.encode())
    return True


@spec.command("export")
@click.argument("study")
@click.argument("workbook", type=options.PATH)
@exits
def export_spec(study: str, workbook: Path) -> bool:
    """Write the specs of STUDY as an Excel workbook."""
    from ..workbook import write

    write(study, workbook)
    return True


@spec.command("import")
@click.argument("workbook", type=options.PATH)
@click.argument("folder", type=options.PATH)
@click.option("--overwrite", is_flag=True, help="Replace the specs that are in the folder.")
@exits
def import_spec(workbook: Path, folder: Path, *, overwrite: bool) -> bool:
    """Write the specs in an Excel workbook as a study's FOLDER of YAML."""
    from ..workbook import read

    read(workbook, folder, overwrite=overwrite)
    return True
