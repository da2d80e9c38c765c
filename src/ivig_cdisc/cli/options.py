"""Arguments and options that several commands have."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)


def study(otherwise: str = "the one that OUT names") -> Callable[[F], F]:
    """--study; otherwise: what is used where it is not given."""
    return click.option(
        "--study",
        metavar="STUDY",
        help=f"Bundled study, or its folder; otherwise {otherwise}.",
    )


def everything(function: F) -> F:
    """--all, for what is shown in lists."""
    return click.option(
        "--all", "everything", is_flag=True, help="All lines of each list, not the first 20."
    )(function)


def text_or_json(function: F) -> F:
    """--format."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="For people, or for programs.",
    )(function)


def depth(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """The number in an option.

    As deep as any tree for `all`, None where the option is not given.
    """
    if text is None:
        return None
    if text == "all":
        return sys.maxsize
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(f'"{text}" is not a depth; a number or all was expected')
    return int(text)


def names(_context: click.Context, _option: click.Parameter, text: str | None) -> list[str]:
    """The names in an option, with commas or blanks between them.

    An empty list where the option is not given.
    """
    if text is None:
        return []
    found = re.split(r"\s*,\s*|\s+", text.strip())
    if "" in found:
        raise click.BadParameter(
            f'"{text}" has an empty name; names with commas between them were expected'
        )
    return found
