"""How far a conversion is, on stderr, so that the summary can be piped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from ..pipeline import Progress, Step


@contextmanager
def watched() -> Iterator[Progress]:
    """A moving bar on a terminal, plain lines otherwise."""
    if sys.stderr is not None and sys.stderr.isatty():
        with _bar() as progress:
            yield progress
    else:
        yield _Lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda step: bar.update(task, description=_described(step), completed=step.share)


class _Lines:
    """One line for each stage of each part, as a log has it."""

    def __init__(self) -> None:
        self._last = ("", 0)

    def __call__(self, step: Step) -> None:
        stage = (step.stage, step.part)
        if stage != self._last:
            click.echo(f"{step.stage}{_part(step)}", err=True)
        self._last = stage


def _described(step: Step) -> str:
    return f"{step.stage} {step.dataset}".rstrip() + _part(step)


def _part(step: Step) -> str:
    if step.part and step.parts > 1:
        return f" (part {step.part} of {step.parts})"
    return ""
