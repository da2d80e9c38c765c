"""What is no YAML, or is more than a spec can be, is refused in words that name the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.metadata.document import Document, plain, read

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]\n" for i in range(9)
)
COMPLETE = "what stands before this is complete; is a bracket or a quotation mark closed too early?"
REFUSED = {
    "a:\n\tb: 1": (2, "a tab cannot indent YAML; use blanks"),
    "a: |\n x\n\ty": (3, "a tab cannot indent YAML; use blanks"),
    "a: b: c": (1, "a colon is not allowed here; quote text that holds a colon and a blank"),
    "a: @x": (1, "nothing can begin with @; put the text in quotes"),
    "a: [1, 2": (2, "the list that opens with [ on line 1 is not closed, or a comma is missing"),
    "a: {b: 1": (2, "what opens with { on line 1 is not closed, or a comma is missing"),
    "a: 'x\nb: 1": (2, "the quotation mark on line 1 is not closed"),
    "a:\n  b: 1\n c: 2": (
        3,
        "is not indented like the entries before it, or something follows a quote",
    ),
    "- a\nb: 1": (2, "is not indented like the list before it, or its - is missing"),
    "a: 1\nb\nc: 2": (3, "a colon and a value are missing after the key"),
    "a: - b": (1, "the first item of a list (-) goes on a line of its own"),
    'a: "\\q"': (1, "\\ has a meaning within double quotes; use single quotes"),
    "a: *x": (1, "there is no anchor (&) for this alias (*)"),
    "a: &x 1\nb: &x 2": (2, "the anchor (&) is a duplicate; give it another name"),
    "a: \x07": (1, "the character U+0007 is not allowed"),
    "{a: 1}\nb: 2": (2, COMPLETE),
    '"a" b': (1, COMPLETE),
    "a: b\n... x": (2, COMPLETE),
    "%FOO\na: 1": (1, "% begins a directive; quote text that begins with %"),
    "%YAML 1.1\n%YAML 1.1\n---\na: 1": (2, "% begins a directive; quote text that begins with %"),
    "%TAG x\n---\na: 1": (1, "% begins a directive; quote text that begins with %"),
    "a: !e!x 1": (1, "! begins a tag, and tags are not read; quote text that begins with !"),
    "a: !<tag:x>y": (1, "! begins a tag, and tags are not read; quote text that begins with !"),
    "a: ? b": (1, "? begins a key; quote text that begins with ?"),
    'a: "b\n---\nc"': (2, "a line within quotes cannot begin with --- or ...; indent it"),
    'a: "\\uD8"': (1, "\\ has a meaning within double quotes; use single quotes"),
    'a: "\\uD800"': (1, "\\ has a meaning within double quotes; use single quotes"),
    "a: [b:,c]": (1, "a colon is not allowed here; quote text that holds a colon"),
}
LIMITS = {
    "a: 1\n---\nb: 1": "holds several documents; only one may stand in a file",
    "a: !!python/object x": "tag:yaml.org,2002:python/object is a tag, and tags (!) are not read; "
    "quote text that begins with !",
    "a: &x [*x]": "an alias (*) stands inside of what it stands for",
    "[" * 100_000: "is nested more than 40 deep",
    BOMB: "has more than 100000 entries, aliases (*) counted as often as they stand",
    "a: " + "x" * 2_000_000: "is larger than 2 MB, which no spec is",
}


def document(folder: Path, text: str) -> Document:
    file = folder / "spec.yaml"
    file.write_text(text, "utf-8")
    return read(file)


@pytest.mark.parametrize("text", REFUSED)
def test_mistakes_of_yaml(tmp_path: Path, text: str) -> None:
    line, reason = REFUSED[text]
    (problem,) = document(tmp_path, text).problems
    assert (problem.line, problem.reason) == (line, f"is not valid YAML: {reason}")


@pytest.mark.parametrize("text", LIMITS, ids=lambda text: text[:20])
def test_limits(tmp_path: Path, text: str) -> None:
    found = document(tmp_path, text)
    assert [problem.reason for problem in found.problems] == [LIMITS[text]]
    assert found.data is None


def test_the_column_of_a_mistake_is_known(tmp_path: Path) -> None:
    (problem,) = document(tmp_path, "label: @home").problems
    assert problem.column == 8


def test_an_alias_repeats_an_entry(tmp_path: Path) -> None:
    assert document(tmp_path, "a: &x [1, 2]\nb: *x").data == {"a": [1, 2], "b": [1, 2]}


def test_a_merge_key_is_told(tmp_path: Path) -> None:
    found = document(tmp_path, "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1")
    assert [str(p).rpartition("/")[2] for p in found.problems] == [
        "spec.yaml:3: c: << (merge) is not a word of the spec language; write the entries out"
    ]


def test_a_number_that_no_double_holds_is_text() -> None:
    assert plain("1234567890123456789") == 1234567890123456789
    assert plain("9" * 5000) == "9" * 5000
    assert plain("9" * 400 + ".5") == "9" * 400 + ".5"  # would be infinite


@given(
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text("ab:-[]{}&*!|>'\"#?, \n\t", max_size=40)
)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    found = document(tmp_path_factory.getbasetemp(), text)
    assert found.data is None or not any("is not valid YAML" in p.reason for p in found.problems)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.yaml"
    file.write_bytes(content)
    assert all(problem.reason for problem in read(file).problems)
