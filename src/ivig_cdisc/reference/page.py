"""The text of docs/functions.md: each entry in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap

from .entries import CHECKED, DATASETS, METHODS, ROWS, SHAPES, VARIABLES, Argument, Entry, entries

WIDTH = 140
HEAD = """\
# What YAML can call

Made by `python docs/make.py` from signatures and docstrings: do not edit it. How functions are
wired is on [one page](../specs/README.md). `ivig-cdisc spec functions NAME` shows all of an entry:
what its arguments mean, what is missing, its source and an example.

- *from* lists columns, *with* constants; what ends with `?` may be left out.
- A column is text (ISO 8601 dates too), a number, a date (a day or moment as ADaM counts it),
  alike (all of one kind, whichever that is) or any; [text] is a list of columns.
- A condition only decides whether there is a value or which; a group, which records belong
  together; a flag, which record of a group gives its value to all of it.
- A constant {text: number} has entries of the form key: value, [text] is a list. What has a
  capital is explained under [Shapes](#shapes). A fact of study.yaml has the shape that its readers
  want.
"""
DERIVATIONS = "## Derivations\n"
HEADINGS = {  # of families that are not a part of the derivations
    DATASETS: "## Words of a dataset\n",
    ROWS: "## Row steps\n\nWhat an entry of `rows` begins with.\n",
    VARIABLES: "## Words of a variable\n",
    CHECKED: "## Checks\n\nWhat `check` of a rule can name.\n",
    METHODS: "## Methods of results\n\nWhat `method` of a result can name.\n",
    SHAPES: "## Shapes\n",
}


def page() -> str:
    """The whole of the page.

    Returns:
        Markdown.
    """
    parts = [HEAD]
    begun = False
    for family, listed in groupby(entries(), key=lambda entry: entry.family):
        if family in HEADINGS:
            parts.append(HEADINGS[family])
        else:
            if not begun:
                parts.append(DERIVATIONS)
            begun = True
            parts.append(f"### {family}\n")
        parts.append("".join(map(_entry, listed)))
    return "\n".join(parts).rstrip() + "\n"


def _entry(entry: Entry) -> str:
    lines = [f"- **{entry.name}**: {entry.documentation.says}".rstrip(": ")]
    arguments = "; ".join(_wiring(entry.arguments))
    if entry.family in (DATASETS, VARIABLES):
        lines = [f"- **{entry.name}** ({entry.gives}): {entry.documentation.says}"]
    elif entry.gives:
        arguments = f"{arguments}; gives {entry.gives}".lstrip("; ")
    if arguments:
        lines.append(f"  {arguments}.")
    text = ""
    for line in lines:
        for piece in wrap(line, WIDTH, subsequent_indent="  "):
            text += f"{piece}\n"
    return text


def _wiring(arguments: Iterable[Argument]) -> Iterator[str]:
    """The arguments by the word under which they stand."""
    for word, several in groupby(arguments, key=lambda argument: argument.word):
        listed = ", ".join(f"`{one.written}` ({one.kind})" for one in several)
        if word:
            yield f"*{word}* {listed}"
        else:
            yield listed
