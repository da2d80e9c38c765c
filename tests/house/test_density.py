"""Short is not dense: few comprehensions and conditional expressions, one in a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

Modules = Mapping[Path, ast.Module]

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LIMITS = {"comprehensions": 20, "conditionals": 6}  # per 1,000 lines of the package


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def expressions(statement: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a statement, those of the statements inside it left out."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield child
            yield from expressions(child)


def counts(statement: ast.stmt) -> tuple[int, int]:
    """How many comprehensions and how many conditional expressions a statement has."""
    nodes = list(expressions(statement))
    comprehensions = sum(isinstance(node, COMPREHENSIONS) for node in nodes)
    conditionals = sum(isinstance(node, ast.IfExp) for node in nodes)
    return comprehensions, conditionals


@pytest.fixture(scope="module")
def found(modules: Modules) -> list[tuple[int, int]]:
    """The counts of each statement of the package."""
    return [counts(statement) for tree in modules.values() for statement in statements(tree)]


@pytest.fixture(scope="module")
def lines(package: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in package.rglob("*.py"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = [a for a in b]", [(1, 0)]),
        ("x = [a if a else c for a in b]", [(1, 1)]),
        ("for a in (b for b in c):\n    x = 1 if a else 2", [(1, 0), (0, 1)]),  # each its own
        ("def f(a=[b for b in c]):\n    return a", [(1, 0), (0, 0)]),
        ("x = [[a for a in b] for b in c]", [(2, 0)]),
        ("x = map(f, y)", [(0, 0)]),
    ],
)
def test_how_it_is_counted(source: str, expected: list[tuple[int, int]]) -> None:
    assert [counts(statement) for statement in statements(ast.parse(source))] == expected


@pytest.mark.parametrize(("position", "name"), list(enumerate(LIMITS)))
def test_density(found: list[tuple[int, int]], lines: int, position: int, name: str) -> None:
    total = sum(one[position] for one in found)
    density = 1000 * total / lines
    assert density <= LIMITS[name], f"{density:.1f} {name} per 1,000 lines"


def test_one_thought_in_a_statement(modules: Modules) -> None:
    crowded = []
    for path, tree in modules.items():
        for statement in statements(tree):
            if sum(counts(statement)) > 1:
                crowded.append(f"{path}:{statement.lineno}")
    assert not crowded
