"""Problems of variables that are wired in shared.yaml, told where they are wired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import Problem
from .document import Document
from .frozen import Place
from .source import VariableSource

ENTRY = re.compile(r"shared\.(\d+)(?:\.(.+))?")
# what is said of an entry itself
OF_WIRINGS = re.compile(r"has \w+ and .*: only one of them says|a derivation is missing")


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
