"""Commands that ask an output folder: trace one cell, explain one subject."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
@click.option(
    "--depth",
    metavar="N|all",
    callback=options.depth,
    help="How far down the tree is shown; otherwise as far as about a screen holds.",
)
@click.option("--html", metavar="FILE", type=options.PATH, help="Write a page that folds.")
@options.text_or_json
@exits
def trace(out: Path, dataset: str, html: Path | None, form: str, **asked: Any) -> bool:
    """Show how one cell was derived.

    The tree goes from the cell of DATASET in OUT down to file, line and column of the raw export;
    of a large one the upper part is shown. The page and JSON are the whole tree.
    """
    from .. import tracing
    from ..lineage import tree_text
    from ..output import write_file
    from ..terminal import show

    depth = asked.pop("depth")
    found = tracing.trace(out, dataset, **asked)
    if html is not None:
        write_file(html, tracing.as_html(found).encode())
    elif form == "json":
        click.echo(tree_text.as_json(found).encode())
    else:
        show(tree_text.first_page(found, depth).splitlines())
    return True


@click.command()
@click.argument("out", type=options.PATH)
@click.argument("subject")
@options.study()
@click.option("--html", metavar="FILE", type=options.PATH, help="Write a page to this file.")
@exits
def explain(out: Path, subject: str, study: str | None, html: Path | None) -> bool:
    """Show one subject's narrative, in plain sentences."""
    from .. import narrative
    from ..output import write_file
    from ..terminal import show

    found = narrative.explain(out, subject, study=study)
    if html is None:
        show(narrative.as_text(found).splitlines())
    else:
        write_file(html, narrative.as_html(found).encode())
    return True
