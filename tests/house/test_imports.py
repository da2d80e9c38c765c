"""Imports go one way. The table below is the rule; docs/architecture.md shows the same table to the reader."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

import pytest

ROOMS = {
    "errors": "",
    "findings": "",
    "text": "",
    "iso8601": "",
    "limits": "errors",
    "conditions": "text",
    "spec": "errors text iso8601",
    "derive": "errors text iso8601",
    "dataset": "errors spec",
    "build": "errors findings text iso8601 conditions spec derive dataset",
    "raw": "errors findings text iso8601 spec dataset",
    "sdtm": "errors text spec derive dataset build",
    "lineage": "errors spec derive dataset build sdtm",
    "validate": "errors findings text iso8601 limits conditions spec dataset",
    "export": "errors findings text iso8601 spec dataset",
    "results": "errors findings text iso8601 spec dataset",
}
TOP = {  # may import everything; and who may import them
    "trace": {"conversion", "revalidation"},
    "ledger": {"conversion", "revalidation"},
    "conversion": {"reopen", "revalidation", "spec_check", "specbook", "cli", "__init__"},
    "spec_check": {"cli"},
    "reopen": {"revalidation", "tree", "diff", "explain", "cli"},
    "tree": {"cli"},
    "diff": {"cli"},
    "explain": {"cli"},
    "revalidation": {"cli"},
    "comparison": {"diff", "cli"},
    "begin": {"cli"},
    "specbook": {"cli"},
    "cli": {"__main__"},
    "__init__": set(),
    "__main__": set(),
}
LIBRARIES = {  # rooms that may import so much from outside the standard library and no more
    "errors": set(),
    "findings": {"pandas"},
    "text": {"pandas"},
    "iso8601": {"pandas", "numpy"},
    "conditions": {"pandas", "numpy"},
    "derive": {"pandas", "numpy"},
}
GREAT_EXPECTATIONS = PurePath("validate/expectations.py")  # the only importer of great_expectations

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


def test_every_room_is_in_the_table(modules: Modules) -> None:
    unknown = {room(path) for path in modules} - set(ROOMS) - set(TOP)
    assert not unknown, "a new room needs its line in ROOMS and in docs/architecture.md"


def test_imports_go_one_way(modules: Modules) -> None:
    wrong = [
        place
        for source, target, place in edges(modules)
        if source in ROOMS and target != source and target not in ROOMS[source].split()
    ]
    assert not wrong


def test_nobody_imports_the_top(modules: Modules) -> None:
    wrong = [place for source, target, place in edges(modules) if source not in {target, *TOP.get(target, {source})}]
    assert not wrong


def test_the_table_has_no_cycle() -> None:
    above: list[str] = []
    for name, allowed in ROOMS.items():
        assert set(allowed.split()) <= set(above), f"{name} may only import what stands above it"
        above.append(name)


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


def test_one_importer_of_great_expectations(modules: Modules) -> None:
    importers = {
        path
        for path, tree in modules.items()
        for module, _ in imports(path, tree)
        if module.partition(".")[0] == "great_expectations"
    }
    assert importers <= {GREAT_EXPECTATIONS}


def test_the_drawing_is_the_table(checkout: Path) -> None:
    text = (checkout / "docs" / "architecture.md").read_text("utf-8")
    drawn = re.findall(r"^(\w+) +-> ?([a-z0-9 ]*?) *$", text, flags=re.MULTILINE)
    expected = {name: set(allowed.split()) or {"nothing"} for name, allowed in ROOMS.items()}
    assert {name: set(allowed.split()) for name, allowed in drawn} == expected
