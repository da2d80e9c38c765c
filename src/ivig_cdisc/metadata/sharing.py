"""Variables that are wired in shared.yaml, and their problems told where they are wired."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ..errors import Problem
from .document import Document
from .frozen import Place
from .salvage import without_values
from .shape import shape
from .source import VariableSource
from .together import each_alone

Shared = dict[str, tuple[VariableSource, Place]]

ENTRY = re.compile(r"shared\.(\d+)(?:\.(.+))?")
# what is said of an entry itself
OF_WIRINGS = re.compile(r"has \w+ and .*: only one of them says|a derivation is missing")


def shared_variables(document: Document, asked: Iterable[str]) -> Shared:
    """What shared.yaml says, variable by variable; those that are wrong are there without values.

    Args:
        document: the file; what is wrong becomes a problem of it.
        asked: the names that datasets share; all are there if the file cannot be read at all.

    Returns:
        The variables by name, each with its place.
    """
    nothing = without_values(VariableSource())
    found: Shared = {}
    if isinstance(document.data, dict):
        wired: dict[str, VariableSource] = {}
        for name, given in document.data.items():
            wired[name] = shape(document, VariableSource, given, (name,)) or nothing
        for name, alone in each_alone(document, (), wired).items():
            found[name] = (alone, Place(file=document.file, line=document.line((name,))))
        return found
    if document.data is not None:
        document.complain((), "should be entries of the form key: value")
    if document.problems:
        for name in asked:
            found[name] = (nothing, Place(file=document.file, line=1))
    return found


def in_shared_file(
    document: Document, names: Sequence[str], shared: Mapping[str, tuple[VariableSource, Place]]
) -> None:
    """Move what is wrong with an entry of shared.yaml there; said once for all that share it.

    Args:
        document: the file of a dataset, with all that is wrong.
        names: the variables that it shares.
        shared: the entries of shared.yaml.
    """
    document.problems = [_moved(problem, names, shared) for problem in document.problems]


def _moved(
    problem: Problem, names: Sequence[str], shared: Mapping[str, tuple[VariableSource, Place]]
) -> Problem:
    found = ENTRY.fullmatch(problem.path)
    if not found or not (found[2] or OF_WIRINGS.match(problem.reason)):
        return problem
    name = names[int(found[1]) - 1]
    if name not in shared:
        name = next((one for one in shared if one.startswith("--") and name.endswith(one[2:])), "")
    if not name:
        return problem
    place = shared[name][1]
    path = ".".join(filter(None, (name, found[2])))
    return Problem(place.file, place.line, path, problem.reason)
