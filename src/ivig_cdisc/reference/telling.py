"""The reference as people read it in a terminal, and as programs do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..errors import CdiscError
from ..terminal import Block, Fact, Heading, Item, Table
from ..text import suggest
from .entries import DATASETS, VARIABLES, Argument, Entry, entries
from .uses import use

KINDS = {"from": "from (columns)", "with": "with (constants)", "": "words"}


def named(name: str | None) -> list[Entry]:
    """The entries of a name; there may be a derivation and a check of one.

    Args:
        name: as it stands in the YAML; None for all that there are.

    Returns:
        The entries, in the order of the reference.

    Raises:
        CdiscError: there is none of that name.
    """
    if name is None:
        return list(entries())
    found = [entry for entry in entries() if entry.name == name]
    if not found:
        near = suggest(name, [entry.name for entry in entries()])
        what = "word, row step, derivation, check or method"
        raise CdiscError(f"there is no {what} {name}{near}")
    return found


def blocks(told: Iterable[Entry], *, whole: bool) -> Iterator[Block]:
    """Entries for a terminal.

    Args:
        told: the entries, those of a family together.
        whole: all of each, or one sentence.

    Returns:
        What `terminal.show` takes.
    """
    for family, listed in groupby(told, key=lambda entry: entry.family):
        if whole:
            for entry in listed:
                yield from _whole(entry)
            continue
        yield Heading(family)
        for entry in listed:
            yield Item(f"{entry.name}: {entry.documentation.says}")
        yield ""


def _whole(entry: Entry) -> Iterator[Block]:
    about = entry.documentation
    yield Heading(f"{entry.name} ({entry.family})")
    yield about.says
    if about.more:
        yield about.more
    for word, several in groupby(entry.arguments, key=lambda argument: argument.word):
        yield Table((KINDS[word], "type", "meaning"), [_row(one) for one in several])
    for label, text in _facts(entry):
        if text:
            yield Fact(label, text)
    found = use(entry)
    if found:
        yield Fact("as in", f"specs/{found.file}:{found.line}")
        yield Item(found.text)
    for line in about.example.splitlines():
        yield Item(line)
    yield ""


def _row(argument: Argument) -> tuple[str, str, str]:
    return argument.written, argument.kind, argument.says


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    about = entry.documentation
    if entry.family in (DATASETS, VARIABLES):
        yield "is", entry.gives
        return
    yield f"gives {entry.gives}".rstrip(), about.gives
    if about.missing not in about.gives:
        yield "missing", about.missing
    yield "source", about.source


def as_json(told: Iterable[Entry]) -> str:
    """Entries for programs.

    Args:
        told: the entries.

    Returns:
        An object with `entries`.
    """
    listed = [_entry(entry) for entry in told]
    return json.dumps({"entries": listed}, ensure_ascii=False, indent=1) + "\n"


def _entry(entry: Entry) -> dict[str, object]:
    about = entry.documentation
    arguments = []
    for one in entry.arguments:
        argument = {
            "word": one.word or None,
            "name": one.name,
            "type": one.kind,
            "required": one.required,
            "meaning": one.says,
        }
        arguments.append(argument)
    return {
        "name": entry.name,
        "family": entry.family,
        "sentence": about.says,
        "more": about.more,
        "arguments": arguments,
        "gives": entry.gives,
        "missing": about.missing,
        "source": about.source,
        "example": about.example,
    }
