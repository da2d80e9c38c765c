"""The specs of a study examined as a whole: how much there is, and all that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import terminal
from .errors import Problem, SpecError
from .metadata import bundled
from .preparation import examined
from .terminal import Block, Table

COUNTED = ("datasets", "variables", "rules")


@dataclass(frozen=True)
class Checked:
    """One study: its name, how much there is of it, and its problems in order.

    Warnings are among the problems.
    """

    study: str
    counts: Mapping[str, int]  # COUNTED; nothing where study.yaml cannot be used
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the study from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]


def check(study: str | Path) -> Checked:
    """Examine one study; what is wrong is in the result and never raised.

    Args:
        study: bundled study or a folder with study.yaml.

    Returns:
        How much there is of it, and its problems.
    """
    try:
        prepared, problems = examined(study)
    except SpecError as error:
        return Checked(str(study), {}, error.problems)
    specs, plans = prepared.study, prepared.plans
    variables = 0
    for plan in plans.values():
        variables += len(plan.spec.variables)
    counts = dict(zip(COUNTED, (len(plans), variables, len(specs.rules)), strict=True))
    return Checked(specs.id, counts, SpecError([*problems, *specs.undecided]).problems)


def check_all(study: str | Path | None = None) -> list[Checked]:
    """Examine one study, or all that are bundled.

    Args:
        study: bundled study or a folder with study.yaml; None for all that are bundled.

    Returns:
        One entry for each study.
    """
    names: Iterable[str | Path] = bundled()
    if study is not None:
        names = [study]
    return [check(name) for name in names]


def as_text(checked: Iterable[Checked]) -> str:
    """The studies that can be used, and their warnings.

    Args:
        checked: studies that were examined.

    Returns:
        Lines that are never cut, each with its end.
    """
    return terminal.as_text(blocks(checked))


def blocks(checked: Iterable[Checked]) -> Iterator[Block]:
    """The same for a terminal: warnings first, then one row for each study.

    Args:
        checked: studies that were examined.

    Returns:
        What `terminal.show` takes.
    """
    rows = []
    for one in checked:
        if one.errors:
            continue
        yield from map(str, one.problems)
        decisions = "no problem"
        if one.problems:
            decisions = f"{len(one.problems)} to decide"
        rows.append((one.study, *map(str, one.counts.values()), decisions))
    if rows:
        yield Table(("study", *COUNTED, "result"), rows, numbers=frozenset(COUNTED))


def as_json(checked: Iterable[Checked]) -> str:
    """All studies with their problems.

    Args:
        checked: studies that were examined.

    Returns:
        An object with `studies`; the column of a problem is null where it is not known.
    """
    studies = [_entry(one) for one in checked]
    return json.dumps({"studies": studies}, ensure_ascii=False, indent=1) + "\n"


def _entry(one: Checked) -> dict[str, object]:
    problems = []
    for problem in one.problems:
        entry = {
            "file": str(problem.file),
            "line": problem.line,
            "column": problem.column or None,
            "path": problem.path,
            "reason": problem.reason,
            "severity": problem.severity,
        }
        problems.append(entry)
    return {"study": one.study, **one.counts, "problems": problems}
