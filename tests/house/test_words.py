"""Messages use the words of the sheet in CONTRIBUTING.md; those that it replaces are in none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

Modules = Mapping[Path, ast.Module]

TERMS = 20


def rows(checkout: Path) -> list[list[str]]:
    """The cells of the sheet, by row."""
    text = (checkout / "CONTRIBUTING.md").read_text("utf-8").partition("### Words of messages")[2]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def replaced(checkout: Path) -> re.Pattern[str]:
    """Any of the words in quotation marks in the last column."""
    words = [word for row in rows(checkout) for word in re.findall(r'"([^"]+)"', row[2])]
    alternatives = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!there )\b(?:{alternatives})\b(?! longer| more)", flags=re.IGNORECASE)


def messages(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module that are more than one word, docstrings left out."""
    statements = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    documentation = {id(value) for value in statements if isinstance(value, ast.Constant)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in documentation:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node


def wrong(modules: Modules, replaced: re.Pattern[str]) -> Iterator[str]:
    """The place of each message with a word that is replaced."""
    for path, tree in modules.items():
        for node in messages(tree):
            if replaced.search(str(node.value)):
                yield f"{path}:{node.lineno}: {node.value!r}"


def test_the_sheet_has_its_terms(checkout: Path) -> None:
    assert len(rows(checkout)) == TERMS
    assert {len(row) for row in rows(checkout)} == {3}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VISIT stands twice", True),
        ("x is no study", True),
        ("the file is no longer there", False),
        ("there is no form visits", False),
        ("somebody was told", True),
        ("untold riches", False),
    ],
)
def test_what_is_found(replaced: re.Pattern[str], text: str, *, found: bool) -> None:
    assert bool(replaced.search(text)) is found


def test_messages_use_the_words_of_the_sheet(modules: Modules, replaced: re.Pattern[str]) -> None:
    assert list(wrong(modules, replaced)) == []
