"""What people read in a terminal: lines, lists and tables, laid out by rich.

What is said is made as blocks, without knowing where it will be shown. A terminal has them in its
own width, headings bold. A file or a pipe has plain text that is the same everywhere and never cut.
Values are shown as they are: nothing in them is markup, and control characters are written out.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO

from rich import table as rich_table
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

UNBOUNDED = 10**9  # columns
# Control characters, and those that change the direction of writing
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Heading:
    """A line above others."""

    text: str


@dataclass(frozen=True)
class Fact:
    """A line that says what something is; the value stands out."""

    label: str
    value: str


@dataclass(frozen=True)
class Item:
    """A line of a list; what does not fit in a line goes on under its beginning."""

    text: str
    indent: int = 2


@dataclass(frozen=True)
class Table:
    """Rows under headings. numbers: the headings of columns that are aligned at their right end."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[str] = field(default_factory=frozenset)
    indent: int = 0


Block = str | Heading | Fact | Item | Table  # text by itself is a line


def as_text(blocks: Iterable[Block]) -> str:
    """The blocks as plain text, as a file has them."""
    lines: list[str] = []
    for block in blocks:
        lines += _plain(block)
    return "".join(f"{line}\n" for line in lines)


def show(blocks: Iterable[Block]) -> None:
    """Write the blocks to stdout, in the width of the terminal if it is one.

    OSError where it is closed.
    """
    if sys.stdout is None:  # closed: the command says so at its end
        return
    if not sys.stdout.isatty():
        sys.stdout.write(as_text(blocks))
        return
    terminal = _Terminal(highlight=False, markup=False, emoji=False)
    for block in blocks:
        _print(block, terminal)


def printable(text: str) -> str:
    """Text in one line, in which no value moves the cursor or hides what comes after it."""
    return CONTROL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


# ---------------------------------------------------------------- plain text
def _plain(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from _plain_table(block)
    elif isinstance(block, Fact):
        yield printable(f"{block.label}: {block.value}")
    elif isinstance(block, Item):
        yield " " * block.indent + printable(block.text)
    elif isinstance(block, Heading):
        yield printable(block.text)
    else:
        yield printable(block)


def _plain_table(block: Table) -> Iterator[str]:
    text = StringIO()
    Console(file=text, width=UNBOUNDED, color_system=None, force_terminal=False).print(_rich(block))
    for line in text.getvalue().splitlines():
        yield " " * block.indent + line.rstrip(" ")


# ---------------------------------------------------------------- a terminal
class _Terminal(Console):
    """rich would end the program without a word where the reader has gone."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def _print(block: Block, terminal: Console) -> None:
    if isinstance(block, Table):
        _print_table(block, terminal)
    elif isinstance(block, Fact):
        line = Text(printable(f"{block.label}: "))
        line.append(printable(block.value), style="bold")
        terminal.print(line, soft_wrap=True)
    elif isinstance(block, Item):
        item = Padding(Text(printable(block.text), overflow="fold"), (0, 0, 0, block.indent))
        terminal.print(item)
    elif isinstance(block, Heading):
        terminal.print(Text(printable(block.text), style="bold"), soft_wrap=True)
    else:
        terminal.print(Text(printable(block)), soft_wrap=True)


def _print_table(block: Table, terminal: Console) -> None:
    """A table in the width of the terminal.

    Where its longest words need more, the lines run over.
    """
    table = _rich(block)
    options = terminal.options.update(width=UNBOUNDED)
    longest_words = Measurement.get(terminal, options, table).minimum
    if longest_words + block.indent <= terminal.width:
        terminal.print(Padding(table, (0, 0, 0, block.indent), expand=False))
        return
    for line in _plain_table(block):
        terminal.print(Text(line), soft_wrap=True)


def _rich(block: Table) -> rich_table.Table:
    table = rich_table.Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(block.headings):
        said = Text(printable(heading))
        if heading in block.numbers:
            # never folded, it needs all of its width, blanks at the end of a cell too
            width = said.cell_len
            for row in block.rows:
                width = max(width, Text(printable(row[place])).cell_len)
            table.add_column(said, justify="right", no_wrap=True, min_width=width)
        else:
            table.add_column(said, overflow="fold")
    for row in block.rows:
        table.add_row(*[Text(printable(cell)) for cell in row])
    return table
