"""Commands that make an output folder: convert, validate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options
from .ending import exits


@click.command()
@click.argument("raw", type=options.PATH)
@click.argument("out", type=options.PATH)
@options.study(otherwise="the bundled one that RAW fits")
@click.option(
    "--partitions",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Convert subjects in N parts.",
)
@click.option(
    "--only",
    metavar="DATASETS",
    callback=options.names,
    help="These datasets (DM,ADSL) and what they need.",
)
@click.option(
    "--format",
    "formats",
    metavar="FORMATS",
    default="xpt",
    show_default=True,
    callback=options.names,
    help="Of the datasets: xpt, dataset-json, ndjson, csv, parquet.",
)
@click.option("--no-validation", is_flag=True, help="Convert without examining what was made.")
@click.option("--overwrite", is_flag=True, help="Replace an existing output folder.")
@click.option("--verbose", is_flag=True, help="Show also which rules took longest.")
@exits
def convert(raw: Path, out: Path, study: str | None, partitions: int, **how: Any) -> bool:
    """Convert a raw export to SDTM and ADaM, examined.

    RAW is a folder of CSV files, an ODM-XML file or a REDCap CSV file; OUT appears whole or not at
    all.
    """
    from ..pipeline import convert as convert_study
    from ..preparation import recognise
    from ..terminal import show
    from . import summary
    from .progress import watched

    if study is None:
        fit = recognise(raw)
        study = fit.study
        show([f"study {study}: the export {fit}"])
    with watched() as progress:
        made = convert_study(
            raw,
            out,
            study=study,
            partitions=partitions,
            only=how["only"],
            formats=how["formats"],
            validate=not how["no_validation"],
            overwrite=how["overwrite"],
            progress=progress,
        )
    show(summary.blocks(made))
    if how["verbose"]:
        show(summary.slowest_rules(made))
    return made.clean


@click.command()
@click.argument("out", type=options.PATH)
@options.study()
@exits
def validate(out: Path, study: str | None) -> bool:
    """Examine the datasets in OUT again."""
    from ..pipeline import validate as examine
    from ..terminal import show
    from . import summary
    from .progress import watched

    with watched() as progress:
        made = examine(out, study=study, progress=progress)
    show(summary.blocks(made))
    return made.clean
