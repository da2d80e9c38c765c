"""The page on the spec language is the spec language: its examples are valid, and no word is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from ivig_cdisc import derive
from ivig_cdisc.engine.calls import FROM_EDGES
from ivig_cdisc.metadata import analyses, collection, model, passages, source, specs_root, steps
from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.entries import entries
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.validation.checks import CHECKS

PAGE = (specs_root() / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


class Result(analyses.Analysis):
    """As it is written: its place is added by the reader."""

    place: model.Place | None = None  # type: ignore[assignment]


def kind(data: Any) -> Any:
    """Which part of the language a block shows."""
    if isinstance(data, list):
        if "check" in data[0]:
            return list[source.RuleSource]
        return list[Result] if "method" in data[0] else list[steps.Step]
    if "forms" in data:
        return source.StudySource
    return source.DatasetSource if "dataset" in data else dict[str, source.VariableSource]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(":")[0])
def test_examples_are_the_language(tmp_path: Path, block: str) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(block, "utf-8")
    document = read(file)
    shape(document, kind(document.data))
    assert document.problems == []


WAIVERS = re.findall(r"`(- \{(?:fingerprint|rule): .*?\})`", PAGE + README)


@pytest.mark.parametrize("written", WAIVERS)
def test_waivers_are_as_they_are_read(tmp_path: Path, written: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(written, "utf-8")
    (entry,) = read(file).data
    waiver = model.Waiver(**entry, place=model.Place(file=file, line=1))
    assert waiver.fingerprint == "8faddab6f9c1d9ac" or waiver.rule == "R1"


def test_both_pages_show_waivers() -> None:
    assert [written.partition(":")[0] for written in WAIVERS] == [
        "- {fingerprint",
        "- {rule",
        "- {fingerprint",
    ]


def words(annotation: Any) -> Iterator[str]:
    """All keys that a part of the language may have, those of its parts included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield field.alias or name
            if annotation is not steps.Stack:  # its branches are steps again
                yield from words(field.annotation)
    for inner in get_args(annotation):
        yield from words(inner)


DOCS = Path(__file__).parents[2] / "docs"
ONE_FILE = (DOCS / "odm.md").read_text("utf-8")
FAMILIES = "".join(page.read_text("utf-8") for page in sorted((DOCS / "language").glob("*.md")))
NARRATIVE = (DOCS / "narrative.md").read_text("utf-8")
LANGUAGE = [
    source.StudySource,
    source.DatasetSource,
    source.RuleSource,
    collection.Column,
    analyses.Analysis,
]
ADDED = {"place", "lines"}  # by the reader
TYPES = ["text", "code", "number", "result", "date", "time"]
WORDS = {word for part in LANGUAGE for word in words(part)} - ADDED
PASSAGES = {
    *words(passages.PassageSource),
    *passages.GENERAL,
} - ADDED


@pytest.mark.parametrize("word", sorted({*WORDS, *FROM_EDGES, *TYPES}))
def test_no_word_is_missing(word: str) -> None:
    assert re.search(rf"(?<![\w-]){word}(?![\w-])", PAGE + ONE_FILE + FAMILIES)


@pytest.mark.parametrize("word", sorted(PASSAGES))
def test_no_word_of_the_narrative_is_missing(word: str) -> None:
    assert re.search(rf"(?<![\w-]){word}(?![\w-])", PAGE + NARRATIVE + FAMILIES)


def test_examples_of_the_narrative_are_the_language(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", NARRATIVE, flags=re.DOTALL)
    file = tmp_path / "narrative.yaml"
    file.write_text(block, "utf-8")
    found, document = entries(file, passages.PassageSource, "passages")
    assert document.problems == []
    assert len(found) == 4


def test_functions_that_the_page_names_exist() -> None:
    assert set(re.findall(r"derive: (\w+)", PAGE)) <= set(derive.FUNCTIONS)
    assert set(re.findall(r"check: (\w+)", PAGE)) - {"STUDY"} <= set(CHECKS)


def test_it_is_one_page() -> None:
    lines = PAGE.splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 140
