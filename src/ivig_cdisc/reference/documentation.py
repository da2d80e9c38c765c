"""Docstrings read as what they are: sentences, sections, and words with their meaning."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

SECTION = re.compile(r"^(Args|Returns|Raises|Yields|Source|Example): *(.*)$")
ARGUMENT = re.compile(r"^(\w+): +(.*)$")
EXAMPLE = ">>> "
SENTENCE = re.compile(r"(?<=[.;])\s+")


@dataclass(frozen=True)
class Documentation:
    """What a docstring says.

    says       the first sentence.
    more       all other prose.
    words      each argument of a function or word of a model, and what it is.
    gives      what comes out.
    source     guide and section, or paper.
    example    the doctest, as it stands.
    """

    says: str
    more: str
    words: Mapping[str, str]
    gives: str
    source: str
    example: str

    @property
    def missing(self) -> str:
        """The sentences that say when there is no value, or what becomes of one that is missing."""
        said: list[str] = []
        for text in (self.says, self.more, *self.words.values(), self.gives):
            said += SENTENCE.split(text)
        about = [sentence for sentence in said if "missing" in sentence.casefold()]
        return " ".join(_as_sentence(sentence) for sentence in dict.fromkeys(about))


@cache
def documentation(thing: Any) -> Documentation:
    """The docstring of a function or a model, in parts.

    Args:
        thing: a function or a class.

    Returns:
        Its parts; each is empty where the docstring does not have it.
    """
    return _parsed(_text(thing), _words(thing))


def _words(thing: Any) -> list[str]:
    """The words of a model, and of those within it, which its docstring speaks of too."""
    found: list[str] = []
    if inspect.isclass(thing) and issubclass(thing, BaseModel):
        for name, field in thing.model_fields.items():
            found.append(field.alias or name)
        for inner in vars(thing).values():
            found += _words(inner)
    return found


def _text(thing: Any) -> str:
    """The docstring; of a class within a model that has none of its own, that of the model."""
    own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    if own:
        return inspect.cleandoc(own)
    outer = str(getattr(thing, "__qualname__", "")).rpartition(".")[0]
    if outer and inspect.isclass(thing):
        return _text(attrgetter(outer)(sys.modules[thing.__module__]))
    return ""


def _parsed(text: str, words: Iterable[str]) -> Documentation:
    prose, _, example = text.partition(EXAMPLE)
    sections: dict[str, list[str]] = {"": []}
    section = ""
    for line in prose.splitlines():
        found = SECTION.match(line)
        if found:
            section = found[1]
            line = found[2]  # noqa: PLW2901
        sections.setdefault(section, []).append(line)
    spoken, meanings = _split(sections[""], words)
    says, _, more = spoken.partition(". ")
    return Documentation(
        says=_as_sentence(says),
        more=more,
        words=meanings | _arguments(sections.get("Args", [])),
        gives=_in_one(sections.get("Returns", [])),
        source=_in_one(sections.get("Source", [])),
        example=f"{EXAMPLE}{example}".rstrip() if example else "",
    )


def _split(lines: Iterable[str], words: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The sentences, and the lines that say what a word is (`word: ...`), by word."""
    known = set(words)
    prose: list[str] = []
    meanings: dict[str, list[str]] = {}
    into = prose
    for line in lines:
        found = ARGUMENT.match(line)
        if found and found[1] in known:
            into = meanings.setdefault(found[1], [])
            into.append(found[2])
        elif not line.strip():
            into = prose
        else:
            into.append(line)
    return _in_one(prose), {word: _as_sentence(_in_one(said)) for word, said in meanings.items()}


def _arguments(lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        entry = ARGUMENT.match(line.removeprefix("    "))
        if entry and line.startswith("    ") and not line.startswith("     "):
            name = entry[1]
            found[name] = [entry[2]]
        elif name and line.strip():
            found[name].append(line)
    return {name: _in_one(said) for name, said in found.items()}


def _in_one(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


def _as_sentence(text: str) -> str:
    text = text.rstrip(" .;")
    if not text:
        return ""
    return f"{text[0].upper()}{text[1:]}."
