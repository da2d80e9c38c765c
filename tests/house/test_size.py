"""Small functions, small files, names that say something."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

Modules = Mapping[Path, ast.Module]

MEDIAN, LONGEST, FILE = 8, 60, 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "core", "common"}


def lengths(modules: Modules) -> Iterator[tuple[str, int]]:
    """Each function with the lines of its body, docstring left out."""
    for path, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.lineno} {node.name}", body_lines(node)


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = (
        function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    )
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_median_function_is_short(modules: Modules) -> None:
    assert median(length for _, length in lengths(modules)) <= MEDIAN


def test_no_function_is_long(modules: Modules) -> None:
    assert not [(place, length) for place, length in lengths(modules) if length > LONGEST]


def test_no_file_is_long(package: Path) -> None:
    sizes = {
        path.relative_to(package): len(path.read_bytes().splitlines())
        for path in package.rglob("*.py")
    }
    assert not {path: size for path, size in sizes.items() if size > FILE}


def test_names_say_something(modules: Modules) -> None:
    assert not [path for path in modules if EMPTY_NAMES & {path.stem, *path.parts}]
