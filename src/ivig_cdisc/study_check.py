"""The specs of a study examined as a whole: how much there is, and all that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import Problem, SpecError
from .metadata import bundled
from .preparation import examined


@dataclass(frozen=True)
class Checked:
    """One study: its name, how much there is of it, and its problems in order, warnings among them."""

    study: str
    counts: Mapping[str, int]  # datasets, variables, rules; nothing where study.yaml cannot be used
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        """The problems that keep the study from being used."""
        return [problem for problem in self.problems if problem.severity == "error"]


def check(study: str | Path) -> Checked:
    """Examine one study; what is wrong is in the result and never raised."""
    try:
        prepared, problems = examined(study)
    except SpecError as error:
        return Checked(str(study), {}, error.problems)
    specs, plans = prepared.study, prepared.plans
    variables = sum(len(plan.spec.variables) for plan in plans.values())
    counts = {"datasets": len(plans), "variables": variables, "rules": len(specs.rules)}
    return Checked(specs.id, counts, SpecError([*problems, *specs.undecided]).problems)


def check_all(study: str | Path | None = None) -> list[Checked]:
    """Examine one study, or all that are bundled."""
    names: Iterable[str | Path] = bundled()
    if study is not None:
        names = [study]
    return [check(name) for name in names]


def as_text(checked: Iterable[Checked]) -> str:
    """One line for each study that can be used, and one for each of its warnings."""
    lines: list[str] = []
    for one in checked:
        if not one.errors:
            lines += _usable(one)
    return "".join(f"{line}\n" for line in lines)


def _usable(one: Checked) -> list[str]:
    told = "no problem"
    if one.problems:
        told = f"{len(one.problems)} to decide"
    warnings = [str(problem) for problem in one.problems]
    return [*warnings, f"{one.study}: {_counted(one.counts)}: {told}"]


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def as_json(checked: Iterable[Checked]) -> str:
    """All studies with their problems; a column is null where it is not known."""
    studies = [_entry(one) for one in checked]
    return json.dumps({"studies": studies}, ensure_ascii=False, indent=1) + "\n"


def _entry(one: Checked) -> dict[str, object]:
    problems = [_problem(problem) for problem in one.problems]
    return {"study": one.study, **one.counts, "problems": problems}


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "file": str(problem.file),
        "line": problem.line,
        "column": problem.column or None,
        "path": problem.path,
        "reason": problem.reason,
        "severity": problem.severity,
    }
