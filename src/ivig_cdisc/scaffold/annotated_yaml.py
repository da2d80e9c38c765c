"""A YAML file line by line, each entry with what was guessed at it and what is left to decide."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..metadata import on_one_line, written

WIDTH = 140
_BESIDE = 3  # blanks before a remark
_INLINE = 118  # characters of a wiring on one line


@dataclass(frozen=True)
class AnnotatedYaml:
    """One or more lines of YAML.

    guess       why it was guessed so
    decide      what is to decide; about: what this is about
    untargeted  what is to decide is where a column goes, and nothing else
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
    entries: tuple[AnnotatedYaml, ...]

    def rendered(self) -> tuple[str, list[Decision]]:
        """The text of the file, and all that is to decide in it, by line."""
        lines: list[str] = []
        decisions: list[Decision] = []
        for entry in self.entries:
            lines += _above(entry)
            if entry.decide:
                at, untargeted = len(lines) + 1, entry.untargeted
                decisions.append(Decision(self.path, at, entry.about, entry.decide, untargeted))
            lines += _beside(entry)
        return "\n".join(lines) + "\n", decisions


def annotated(
    data: Mapping[str, Any] | list[Any],
    depth: int = 0,
    guess: str = "",
    decide: str = "",
    about: str = "",
) -> AnnotatedYaml:
    """The data as YAML.

    Args:
        data: a mapping or a list.
        depth: of the indent; one level is two blanks.
        guess: why it was guessed so.
        decide: what is to decide.
        about: what a decision is about; the first key unless said.
    """
    text = re.sub(r": null$", ":", written(data).rstrip("\n"))
    if isinstance(data, Mapping) and data:
        about = about or next(iter(data))
    return AnnotatedYaml(textwrap.indent(text, "  " * depth), guess, decide, about)


def one_line(name: str, data: Mapping[str, Any]) -> str:
    """The wiring of a variable on one line, as studies have it, if that is not too long."""
    whole = on_one_line({name: dict(data)}).removeprefix("{").removesuffix("}")
    if len(whole) <= _INLINE:
        return whole
    return written({name: dict(data)}).rstrip("\n")


def remarks(sentences: Iterable[str], depth: int = 0) -> list[AnnotatedYaml]:
    """Comments on lines of their own."""
    lines: list[str] = []
    for sentence in sentences:
        lines += _wrapped(f"# {sentence}", "  " * depth)
    return list(map(AnnotatedYaml, lines))


def _comments(entry: AnnotatedYaml) -> list[str]:
    """Comments on one line each, whatever the names of columns in them."""
    comments = []
    if entry.guess:
        comments.append(f"# guess: {entry.guess}")
    if entry.decide:
        comments.append(f"# DECIDE: {entry.decide}")
    return [" ".join(comment.split()) for comment in comments]


def _in_one(entry: AnnotatedYaml) -> str:
    return "  ".join(_comments(entry))


def _fits_beside(entry: AnnotatedYaml) -> bool:
    if "\n" in entry.text:
        return False
    return len(entry.text) + _BESIDE + len(_in_one(entry)) <= WIDTH


def _beside(entry: AnnotatedYaml) -> list[str]:
    """The lines of YAML, with the comments if these fit beside them."""
    comment = _in_one(entry)
    if comment and _fits_beside(entry):
        return [f"{entry.text}{' ' * _BESIDE}{comment}"]
    return entry.text.split("\n")


def _above(entry: AnnotatedYaml) -> list[str]:
    """The comments that do not fit beside the YAML."""
    if not _in_one(entry) or _fits_beside(entry):
        return []
    indent = entry.text[: len(entry.text) - len(entry.text.lstrip(" "))]
    lines: list[str] = []
    for comment in _comments(entry):
        lines += _wrapped(comment, indent)
    return lines


def _wrapped(comment: str, indent: str) -> list[str]:
    return textwrap.wrap(
        comment,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )
