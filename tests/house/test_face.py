"""The public face: every name is exported, documented, typed and found where it says that it is."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import ivig_cdisc
from ivig_cdisc import CdiscError

NAMES = [name for name in ivig_cdisc.__all__ if name != "__version__"]
PUBLIC = ["compare", "convert", "diff", "explain", "load_study", "trace", "validate"]
HEAVY = "import sys, ivig_cdisc; print(*sys.modules, *dir(ivig_cdisc))"


def test_the_functions_are_those() -> None:
    functions = [name for name in NAMES if inspect.isfunction(getattr(ivig_cdisc, name))]
    assert functions == PUBLIC


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_exported_and_documented(name: str) -> None:
    thing = getattr(ivig_cdisc, name)
    assert name in dir(ivig_cdisc)
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "testing"])
def test_a_public_name_is_where_it_says(name: str) -> None:
    thing = getattr(ivig_cdisc, name)
    assert thing.__name__ == name
    assert getattr(import_module(thing.__module__), name) is thing


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_function_says_what_goes_in_and_out(name: str) -> None:
    function = getattr(ivig_cdisc, name)
    documented = inspect.getdoc(function) or ""
    assert {"Args:", "Returns:", "Raises:"} <= set(documented.splitlines())
    parameters = inspect.signature(function).parameters
    assert not [name for name in parameters if f"    {name}: " not in documented]


def test_every_error_is_exported(package: Path) -> None:
    tree = ast.parse((package / "errors.py").read_text("utf-8"))
    assert {node.name for node in tree.body if isinstance(node, ast.ClassDef)} <= set(NAMES)
    assert {one.__name__ for one in CdiscError.__subclasses__()} <= set(NAMES)


def test_no_module_has_the_name_of_a_public_function(package: Path) -> None:
    """The first import of such a module would take the place of the function."""
    assert not {path.stem for path in package.iterdir()} & set(PUBLIC)


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    run = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    told = set(run.stdout.split())
    assert {"ivig_cdisc", "convert", "testing"} <= told
    assert not told & {"pandas", "numpy", "ivig_cdisc.pipeline", "ivig_cdisc.testing"}


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="module 'ivig_cdisc' has no attribute 'convrt'"):
        ivig_cdisc.convrt  # type: ignore[attr-defined]  # noqa: B018


def test_the_package_says_that_it_is_typed(package: Path) -> None:
    assert (package / "py.typed").is_file()
