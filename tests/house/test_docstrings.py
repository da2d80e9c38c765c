"""What others may call says in its docstring what goes in and what comes out."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import ivig_cdisc
from ivig_cdisc import derive


def rooms() -> list[str]:
    return [room.name for room in pkgutil.iter_modules(ivig_cdisc.__path__) if room.ispkg]


def of_room(room: str) -> Iterator[Callable[..., Any]]:
    """The functions that a room offers to others."""
    module = import_module(f"ivig_cdisc.{room}")
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.isfunction(thing):
            yield thing


def derivations() -> Iterator[Callable[..., Any]]:
    for module in pkgutil.walk_packages(derive.__path__, "ivig_cdisc.derive."):
        for name, thing in vars(import_module(module.name)).items():
            own = inspect.isfunction(thing) and thing.__module__ == module.name
            if own and not name.startswith("_"):
                yield thing


def absent(function: Callable[..., Any]) -> list[str]:
    """The sections and parameters that the docstring leaves out."""
    text = inspect.getdoc(function) or ""
    lines = text.splitlines()
    signature = inspect.signature(function)
    wanted = [f"    {name}:" for name in signature.parameters]
    missing = [
        line.strip(" :") for line in wanted if not any(one.startswith(line) for one in lines)
    ]
    if signature.parameters and "Args:" not in lines:
        missing.append("Args")
    if signature.return_annotation not in {None, "None"} and "Returns:" not in lines:
        missing.append("Returns")
    return missing


def offenders(functions: Iterator[Callable[..., Any]]) -> dict[str, list[str]]:
    found = {}
    for function in functions:
        missing = absent(function)
        if missing:
            found[f"{function.__module__}.{function.__qualname__}"] = missing
    return found


def whole(a: int, *, b: int) -> int:
    """It adds.

    Args:
        a: one number.
        b: another one.

    Returns:
        Their sum.
    """
    return a + b


def bare(a: int) -> int:
    """It doubles."""
    return 2 * a


def nothing() -> None:
    """Neither takes nor gives."""


def test_what_is_found() -> None:
    assert absent(whole) == []
    assert absent(nothing) == []
    assert absent(bare) == ["a", "Args", "Returns"]


def test_the_public_face() -> None:
    functions = [getattr(ivig_cdisc, name) for name in ivig_cdisc.__all__]
    assert not offenders(one for one in functions if inspect.isfunction(one))


def test_what_rooms_offer() -> None:
    found: dict[str, list[str]] = {}
    for room in rooms():
        found |= offenders(of_room(room))
    assert not found


def test_derivations() -> None:
    assert not offenders(derivations())
