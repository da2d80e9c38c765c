"""HTML stands in templates, and templates escape."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

Modules = Mapping[Path, ast.Module]

TAG = re.compile(r"(?<!\?P)</?[a-z]")  # (?P<name>...) is a group of a pattern, not an element
OTHERWISE = {"<document start>"}  # what the YAML parser calls it
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b")


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """The string literals of a module that are no docstrings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node


def elements(tree: ast.Module) -> list[tuple[int, str]]:
    """Where a string literal begins or ends an element."""
    found = [(node.lineno, str(node.value)) for node in texts(tree)]
    return [(line, text) for line, text in found if TAG.search(text) and text not in OTHERWISE]


def test_no_html_in_python(modules: Modules) -> None:
    found = {path: elements(tree) for path, tree in modules.items()}
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = '<p>'", True),
        ("x = f'<td class={kind}>{n}</td>'", True),
        ("x = f'{n}</td>'", True),
        ("x = 'a </b> c'", True),
        ("x = '(?P<year>[0-9]+)'", False),
        ("x = 'a < b'", False),
        ("def f():\n    'Numbers <n and so on.'", False),  # a docstring
    ],
)
def test_html_in_python_is_seen(source: str, found: bool) -> None:
    assert bool(elements(ast.parse(source))) is found


def test_templates_escape_all_they_are_given(package: Path) -> None:
    templates = sorted((package / "pages").glob("*.html"))
    assert templates
    assert not {
        path.name: UNESCAPED.findall(path.read_text("utf-8"))
        for path in templates
        if UNESCAPED.search(path.read_text("utf-8"))
    }
