"""YAML text to nodes, within limits.

What the parser says of mistakes is said in words that name the cure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

DEPTH = 40  # of collections in one another
ANCHOR = "the anchor (&) is a duplicate; give it another name"
PERCENT = "% begins a directive; quote text that begins with %"
TAG = "! begins a tag, and tags are not read; quote text that begins with !"
WORDS = (  # context and problem of libyaml, as far as they tell mistakes apart: what to say of them
    ("", "found a tab character", "a tab cannot indent YAML; use blanks"),
    (
        "",
        "mapping values are not allowed",
        "a colon is not allowed here; quote text that holds a colon and a blank",
    ),
    ("simple key", "could not find expected ':'", "a colon and a value are missing after the key"),
    (
        "flow sequence",
        "did not find",
        "the list that opens with [ on line {line} is not closed, or a comma is missing",
    ),
    (
        "flow mapping",
        "did not find",
        "what opens with {{ on line {line} is not closed, or a comma is missing",
    ),
    ("quoted scalar", "end of stream", "the quotation mark on line {line} is not closed"),
    (
        "block mapping",
        "did not find",
        "is not indented like the entries before it, or something follows a quote",
    ),
    (
        "block collection",
        "did not find",
        "is not indented like the list before it, or its - is missing",
    ),
    (
        "",
        "block sequence entries are not allowed",
        "the first item of a list (-) goes on a line of its own",
    ),
    ("", "but found another document", "holds several documents; only one may stand in a file"),
    ("", "found undefined alias", "there is no anchor (&) for this alias (*)"),
    ("found duplicate anchor", "", ANCHOR),
    (
        "block node",
        "node content",
        "a value is missing here, or a bracket closes that was not opened",
    ),
    ("flow node", "node content", "a value is missing here, or a bracket is not closed"),
    ("alias", "", "* begins an alias; quote text that begins with *"),
    ("anchor", "", "& begins an anchor; quote text that begins with &"),
    ("block scalar", "", "only an indented block of text may follow | or >"),
    ("", "incompatible YAML document", "is written for another version of YAML"),
    (
        "quoted scalar",
        "document indicator",
        "a line within quotes cannot begin with --- or ...; indent it",
    ),
    ("quoted scalar", "", "\\ has a meaning within double quotes; use single quotes"),
    ("plain scalar", "':'", "a colon is not allowed here; quote text that holds a colon"),
    ("directive", "", PERCENT),
    ("", "directive", PERCENT),
    ("tag", "", TAG),
    ("", "tag handle", TAG),
    ("", "mapping keys are not allowed", "? begins a key; quote text that begins with ?"),
    (
        "",
        "<document start>",
        "what stands before this is complete; is a bracket or a quotation mark closed too early?",
    ),
)


OTHERWISE = "this cannot be read; is a bracket, a quotation mark or a colon missing before it?"


class UnreadableError(Exception):
    """A file that cannot be read as YAML: why, and where."""

    def __init__(self, reason: str, line: int = 1, column: int = 0) -> None:
        super().__init__(reason)
        self.line, self.column = line, column


def composed(text: str) -> yaml.Node | None:
    """The root node; None of a file without content. Raises UnreadableError."""
    try:
        for fault in _faults(text):
            raise fault
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise _in_words(error, text) from error


def _faults(text: str) -> Iterator[UnreadableError]:
    """What is well-formed and not accepted.

    Found without building anything, so depth costs nothing.
    """
    depth = documents = 0
    event: Any
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                reason = "holds several documents; only one may stand in a file"
                yield UnreadableError(reason, line, column)
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                yield UnreadableError(f"is nested more than {DEPTH} deep", line, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if getattr(event, "tag", None) is not None:
            cure = "quote text that begins with !"
            reason = f"{event.tag} is a tag, and tags (!) are not read; {cure}"
            yield UnreadableError(reason, line, column)


def _in_words(error: Any, text: str) -> UnreadableError:
    if isinstance(error, yaml.reader.ReaderError):
        return _odd_character(text)
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return UnreadableError(f"is not valid YAML: {OTHERWISE}")
    context, problem = str(error.context or ""), str(error.problem or "")
    begun = error.context_mark or mark
    if "cannot start any token" in problem:
        reason = _first_character(mark, text)
    else:
        reason = _known(context, problem).format(line=begun.line + 1)
    return UnreadableError(f"is not valid YAML: {reason}", mark.line + 1, mark.column + 1)


def _known(context: str, problem: str) -> str:
    """What to say of a mistake."""
    for where, what, words in WORDS:
        if where in context and what in problem:
            return words
    return OTHERWISE


def _first_character(mark: yaml.Mark, text: str) -> str:
    """What is wrong with the character that begins something and cannot."""
    line = [*re.split("\r\n|\r|\n", text), ""][mark.line]
    character = line[mark.column : mark.column + 1]
    if "\t" in (character, *line[: mark.column][:1]):
        return "a tab cannot indent YAML; use blanks"
    return f"nothing can begin with {character}; put the text in quotes"


def _odd_character(text: str) -> UnreadableError:
    """YAML knows no control characters but tabs and line breaks."""
    odd = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if odd is None:
        return UnreadableError("is not valid YAML: it holds a character that YAML does not allow")
    line = text.count("\n", 0, odd.start()) + 1
    return UnreadableError(
        f"is not valid YAML: the character U+{ord(odd[0]):04X} is not allowed", line
    )
