"""A row step is carried out by the verb that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...metadata import (
    Cross,
    Filter,
    First,
    Join,
    Last,
    Lookup,
    Melt,
    Stack,
    Step,
    Summarize,
    Take,
    Transpose,
)
from ..rows import Rows, Sources
from .filter import filter_rows
from .groups import first, last, summarize
from .join import join
from .melt import melt
from .tables import cross, lookup
from .take import stack, take
from .transpose import transpose

ALONE: Mapping[type, Callable[[Rows, Any], Rows]] = {  # verbs that read no other source
    Melt: melt,
    Transpose: transpose,
    Filter: filter_rows,
    First: first,
    Last: last,
    Summarize: summarize,
}


def start(step: Step, sources: Sources) -> Rows:
    """Carry out the first step of a dataset.

    Args:
        step: take or stack.
        sources: raw forms, tables and finished datasets, by name.

    Returns:
        The rows, with the index of the source; of a stack numbered from 0.

    Raises:
        TypeError: the step is another one.
    """
    if isinstance(step, Stack):
        return stack([_branch(branch, sources) for branch in step.stack])
    if isinstance(step, Take):
        return take(step, sources)
    raise TypeError("the first step is take or stack")


def _branch(steps: Sequence[Step], sources: Sources) -> Rows:
    """The rows of one branch of a stack."""
    head, *tail = steps
    rows = start(head, sources)
    for step in tail:
        rows = apply(rows, step, sources)
    return rows


def apply(rows: Rows, step: Step, sources: Sources) -> Rows:
    """Carry out one of the steps after the first.

    Args:
        rows: as they are before it.
        step: any but take and stack.
        sources: raw forms, tables and finished datasets, by name.

    Returns:
        The rows after it, with an index of their own where a record becomes several, or several
        become one.

    Raises:
        TypeError: the step is take or stack, or a statistic of numbers is asked of text.
    """
    if isinstance(step, Join):
        return join(rows, step, sources)
    if isinstance(step, Lookup):
        return lookup(rows, step, sources)
    if isinstance(step, Cross):
        return cross(rows, step, sources)
    if type(step) not in ALONE:
        raise TypeError("take and stack only start")
    return ALONE[type(step)](rows, step)
