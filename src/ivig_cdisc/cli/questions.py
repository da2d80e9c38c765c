"""Commands that ask an output folder: trace one cell, explain one subject."""

from __future__ import annotations

from pathlib import Path

import click

from . import options
from .ending import exits


@click.command()
@click.argument("out", type=options.PATH)
@click.argument("dataset")
@click.option(
    "--where",
    metavar="RECORD",
    required=True,
    help="The record: USUBJID=... PARAMCD=... AVISIT='Week 9'.",
)
@click.option("--var", "variable", metavar="VARIABLE", required=True, help="The variable.")
@click.option("--raw", type=options.PATH, help="The raw export, to show what was typed.")
@options.study()
@options.text_or_json
@exits
def trace(
    out: Path,
    dataset: str,
    where: str,
    variable: str,
    raw: Path | None,
    study: str | None,
    form: str,
) -> bool:
    """Show how one cell was derived.

    The tree goes from the cell of DATASET in OUT down to file, line and column of the raw export.
    """
    from ..lineage import tree
    from ..tracing import trace as traced

    found = traced(out, dataset, where, variable, raw, study=study)
    if form == "json":
        click.echo(tree.as_json(found).encode())
    else:
        click.echo(tree.as_text(found))
    return True


@click.command()
@click.argument("out", type=options.PATH)
@click.argument("subject")
@options.study()
@click.option("--html", metavar="FILE", type=options.PATH, help="Write a page to this file.")
@exits
def explain(out: Path, subject: str, study: str | None, html: Path | None) -> bool:
    """Tell one subject's story in plain sentences."""
    from .. import narrative
    from ..output import write_file

    story = narrative.explain(out, subject, study=study)
    if html is None:
        click.echo(narrative.as_text(story), nl=False)
    else:
        write_file(html, narrative.as_html(story).encode())
    return True
