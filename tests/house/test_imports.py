"""Imports go one way. The table below is the rule; docs/architecture.md shows the same table to the reader."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

import pytest

FLOORS = """
errors ->
findings ->
text ->
terminal ->
iso8601 ->
xlsx -> errors
pages ->
expressions -> text
conditions -> expressions text

metadata -> conditions errors expressions text
derive -> iso8601 text

dataset -> metadata

raw -> errors findings metadata text
engine -> conditions dataset derive errors expressions iso8601 metadata text

sdtm -> dataset metadata text
lineage -> conditions dataset derive engine errors findings metadata raw sdtm text
formats -> dataset errors findings metadata raw text
validation -> conditions dataset errors findings iso8601 metadata text
results -> conditions errors metadata text

preparation -> conditions engine errors metadata raw results text validation
output -> dataset engine errors findings formats lineage metadata preparation sdtm
report -> errors findings lineage metadata pages text validation xlsx
reference -> derive engine errors expressions metadata results terminal text validation

pipeline -> all below

study_check -> errors metadata preparation terminal
comparison -> conditions dataset engine errors findings formats lineage metadata output pages raw terminal text
narrative -> conditions dataset engine errors iso8601 metadata output pages text
scaffold -> errors iso8601 metadata output raw reference terminal text
tracing -> errors lineage output pages text
workbook -> derive errors metadata output preparation reference text xlsx

testing -> errors pipeline preparation
cli -> all below
"""  # a room may import those at the right of its arrow, and itself
ALL = "all below"
FACE = {
    "comparison",
    "errors",
    "lineage",
    "metadata",
    "narrative",
    "pipeline",
    "preparation",
    "testing",
    "tracing",
}
DOORS = {"__init__": FACE, "__main__": {"cli"}}
LIBRARIES = {  # rooms that may import so much from outside the standard library and no more
    "errors": set(),
    "findings": {"pandas"},
    "text": {"pandas"},
    "iso8601": {"pandas", "numpy"},
    "pages": {"jinja2"},
    "terminal": {"rich"},
    "expressions": {"lark", "numpy", "pandas"},
    "conditions": {"pandas", "numpy"},
    "derive": {"pandas", "numpy"},
}
ONE_IMPORTER = {
    "great_expectations": PurePath("validation/expectations.py"),
    "jinja2": PurePath("pages/rendering.py"),
    "openpyxl": PurePath("xlsx/reading.py"),
    "xlsxwriter": PurePath("xlsx/writing.py"),
}

Modules = Mapping[Path, ast.Module]


def room(path: PurePath) -> str:
    """First part of a path inside the package: a folder, or a module on the top floor."""
    return path.parts[0].removesuffix(".py")


def imports(path: PurePath, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Absolute dotted names of everything a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = origin_of(node, path)
            yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)


def origin_of(node: ast.ImportFrom, path: PurePath) -> str:
    if not node.level:
        return node.module or ""
    inside = ("ivig_cdisc", *path.parts[:-1])
    return ".".join(part for part in (*inside[: len(inside) - node.level + 1], node.module) if part)


def edges(modules: Modules) -> Iterator[tuple[str, str, str]]:
    """From room, to room, and where the import stands."""
    for path, tree in modules.items():
        for name, line in imports(path, tree):
            top, _, rest = name.partition(".")
            if top == "ivig_cdisc":
                yield room(path), rest.partition(".")[0], f"{path}:{line} imports {name}"


def table() -> dict[str, set[str]]:
    """The rooms in the order of FLOORS, each with those that it may import."""
    rooms: dict[str, set[str]] = {}
    for line in FLOORS.split("\n"):
        name, arrow, allowed = line.partition(" ->")
        if arrow:
            rooms[name] = set(rooms) if allowed.strip() == ALL else set(allowed.split())
    return rooms


def test_every_room_is_in_the_table(modules: Modules) -> None:
    assert {room(path) for path in modules} == {*table(), *DOORS}


def test_imports_go_one_way(modules: Modules) -> None:
    allowed = {**table(), **DOORS}
    wrong = [
        place
        for source, target, place in edges(modules)
        if target != source and target not in allowed[source] and target not in {"", "__version__"}
    ]
    assert not wrong


def test_what_nobody_imports_is_not_allowed(modules: Modules) -> None:
    """A line of the table that is wider than the code tells a newcomer nothing."""
    used: dict[str, set[str]] = {}
    for source, target, _ in edges(modules):
        used.setdefault(source, set()).add(target)
    named = [
        line.partition(" ->")[0] for line in FLOORS.split("\n") if ALL not in line and "->" in line
    ]
    spare = {name: table()[name] - used.get(name, set()) for name in named}
    assert not {name: rooms for name, rooms in spare.items() if rooms}


def test_a_room_imports_from_the_floors_below_it() -> None:
    below: set[str] = set()
    for floor in FLOORS.strip().split("\n\n"):
        rooms = [line.partition(" ->")[0] for line in floor.split("\n")]
        beside: set[str] = set()
        for name in rooms:
            assert table()[name] <= below | beside, (
                f"{name} may only import what stands above it in the table"
            )
            beside.add(name)
        below |= beside


@pytest.mark.parametrize("name", LIBRARIES)
def test_libraries_of_a_room(modules: Modules, name: str) -> None:
    allowed = {*sys.stdlib_module_names, "ivig_cdisc", *LIBRARIES[name]}
    wrong = [
        f"{path}:{line} imports {module}"
        for path, tree in modules.items()
        if room(path) == name
        for module, line in imports(path, tree)
        if module.partition(".")[0] not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("library", ONE_IMPORTER)
def test_one_importer(modules: Modules, library: str) -> None:
    importers = {
        path
        for path, tree in modules.items()
        for module, _ in imports(path, tree)
        if module.partition(".")[0] == library
    }
    assert importers == {ONE_IMPORTER[library]}


def test_the_drawing_is_the_table(checkout: Path) -> None:
    text = (checkout / "docs" / "architecture.md").read_text("utf-8")
    assert FLOORS.strip() in text
