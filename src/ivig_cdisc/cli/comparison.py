"""Commands that compare: two outputs of one study, any two datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from . import options
from .ending import exits


@click.command()
@click.argument("old", type=options.PATH)
@click.argument("new", type=options.PATH)
@options.study(otherwise="the one that the outputs name")
@click.option(
    "--raw1",
    metavar="RAW",
    type=options.PATH,
    help="Raw export that OLD was made from; with --raw2.",
)
@click.option(
    "--raw2",
    metavar="RAW",
    type=options.PATH,
    help="Raw export that NEW was made from; with --raw1.",
)
@click.option("--sequences", is_flag=True, help="Compare --SEQ, ASEQ and SRCSEQ too.")
@options.everything
@click.option("--json", "as_json", is_flag=True, help="JSON, complete.")
@exits
def diff(
    old: Path, new: Path, study: str | None, raw1: Path | None, raw2: Path | None, **how: bool
) -> bool:
    """Compare two outputs of one study.

    Findings that are new or resolved, records that changed, and which raw cells made an outcome
    change. Exit code 1 means that the outputs differ.
    """
    from ..comparison import outputs
    from ..terminal import show

    found = outputs.diff(
        old, new, study=study, raw_old=raw1, raw_new=raw2, sequences=how["sequences"]
    )
    if how["as_json"]:
        click.echo(outputs.as_json(found).encode(), nl=False)
    elif how["everything"]:
        show(outputs.blocks(found, most=None))
    else:
        show(outputs.blocks(found))
    return found.same


@click.command()
@click.argument("first", type=options.PATH)
@click.argument("second", type=options.PATH)
@click.option(
    "--keys",
    metavar="VARIABLES",
    callback=options.names,
    help="What makes a record unique: USUBJID,DSSEQ.",
)
@options.study(otherwise="the one that an output names; its specs have the keys")
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="For numbers, absolute.",
)
@click.option(
    "--explained",
    metavar="FILE",
    type=options.PATH,
    help="YAML with the differences that are known and why.",
)
@click.option("--html", metavar="FILE", type=options.PATH, help="Write a page to this file too.")
@options.everything
@exits
def compare(first: Path, second: Path, html: Path | None, *, everything: bool, **how: Any) -> bool:
    """Compare two datasets, or two folders of them.

    FIRST and SECOND are XPT, Dataset-JSON, CSV or Parquet, in any combination: attributes, records
    that only one has, cells that differ. Exit code 1 means that they differ, or that a file of a
    folder cannot be compared; with --explained, in anything but what is written there.
    """
    from .. import comparison
    from ..output import write_file
    from ..terminal import show

    found = comparison.compare(first, second, **how)
    if everything:
        show(comparison.blocks(found, most=None))
    else:
        show(comparison.blocks(found))
    if html is not None:
        write_file(html, comparison.as_html(found).encode())
    return found.clean
