"""A YAML file line by line, each entry with what was guessed at it and what is left to decide."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..metadata import written

WIDTH = 140
_BESIDE = 3  # blanks before a remark
_INLINE = 118  # characters of a wiring on one line


@dataclass(frozen=True)
class Entry:
    """One or more lines of YAML; why it was guessed so; what is to decide, and about what.

    untargeted: what is to decide is where a column goes, and nothing else.
    """

    text: str
    guess: str = ""
    decide: str = ""
    about: str = ""
    untargeted: bool = False


@dataclass(frozen=True)
class Decision:
    """Something to decide: where it stands, and what it is."""

    file: str
    line: int
    about: str
    what: str
    untargeted: bool = False


@dataclass(frozen=True)
class File:
    """A file of the new study: its path inside the folder, and its entries."""

    path: str
    entries: tuple[Entry, ...]

    def rendered(self) -> tuple[str, list[Decision]]:
        """The text of the file, and all that is to decide in it, by line."""
        lines: list[str] = []
        decisions: list[Decision] = []
        for entry in self.entries:
            lines += _above(entry)
            if entry.decide:
                decisions.append(
                    Decision(self.path, len(lines) + 1, entry.about, entry.decide, entry.untargeted)
                )
            lines += _beside(entry)
        return "\n".join(lines) + "\n", decisions


def entry(
    data: Mapping[str, Any] | list[Any],
    depth: int = 0,
    guess: str = "",
    decide: str = "",
    about: str = "",
) -> Entry:
    """The data as YAML, indented; one level is two blanks. about: what a decision is about, otherwise the first key."""
    text = textwrap.indent(re.sub(r": null$", ":", written(data).rstrip("\n")), "  " * depth)
    return Entry(
        text, guess, decide, about or next(iter(data if isinstance(data, Mapping) else ()), "")
    )


def wiring(name: str, data: Mapping[str, Any]) -> str:
    """A variable on one line, as studies have it, if that is not too long."""
    whole = f"{_flow(name)}: {_flow(data)}"
    return whole if len(whole) <= _INLINE else written({name: dict(data)}).rstrip("\n")


def _flow(data: Any) -> str:
    """The data within brackets; scalars as the writer has them there."""
    if isinstance(data, Mapping):
        return f"{{{', '.join(f'{_flow(key)}: {_flow(value)}' for key, value in data.items())}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(_flow, data))}]"
    return written([[data]]).rstrip("\n").removeprefix("- [").removesuffix("]")


def remarks(sentences: Iterable[str], depth: int = 0) -> list[Entry]:
    """Comments on lines of their own."""
    return [
        Entry(line) for sentence in sentences for line in _wrapped(f"# {sentence}", "  " * depth)
    ]


def _said(entry: Entry) -> list[str]:
    """Remarks on one line each, whatever the names of columns in them."""
    said = [f"# guess: {entry.guess}"] * bool(entry.guess) + [f"# DECIDE: {entry.decide}"] * bool(
        entry.decide
    )
    return [" ".join(remark.split()) for remark in said]


def _remark(entry: Entry) -> str:
    return "  ".join(_said(entry))


def _fits_beside(entry: Entry) -> bool:
    return "\n" not in entry.text and len(entry.text) + _BESIDE + len(_remark(entry)) <= WIDTH


def _beside(entry: Entry) -> list[str]:
    remark = _remark(entry)
    return (
        [f"{entry.text}{' ' * _BESIDE}{remark}"]
        if remark and _fits_beside(entry)
        else entry.text.split("\n")
    )


def _above(entry: Entry) -> list[str]:
    if not _remark(entry) or _fits_beside(entry):
        return []
    indent = entry.text[: len(entry.text) - len(entry.text.lstrip(" "))]
    return [line for remark in _said(entry) for line in _wrapped(remark, indent)]


def _wrapped(remark: str, indent: str) -> list[str]:
    return textwrap.wrap(
        remark,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
