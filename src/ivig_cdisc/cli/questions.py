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
    from ..terminal import show
    from ..tracing import trace as traced

    found = traced(out, dataset, where, variable, raw, study=study)
    if form == "json":
        click.echo(tree.as_json(found).encode())
    else:
        show(tree.as_text(found).splitlines())
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
    from ..terminal import show

    story = narrative.explain(out, subject, study=study)
    if html is None:
        show(narrative.as_text(story).splitlines())
    else:
        write_file(html, narrative.as_html(story).encode())
    return True
