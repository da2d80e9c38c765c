"""A study made ready before any data are read: specs read and bound, every mistake found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import engine, metadata, raw, results, validation
from ..errors import Problem, SpecError
from ..metadata import Study
from . import narrative

__all__ = ["PreparedStudy", "examined", "load_study", "recognise"]


@dataclass(frozen=True)
class PreparedStudy:
    """The specs of a study, bound to functions.

    study      all that the specs say
    plans      by dataset, how it is made, in an order in which they can be made
    narrative  by number of a passage of narrative.yaml, how its records are made
    """

    study: Study
    plans: Mapping[str, engine.Plan]
    narrative: Mapping[int, engine.Plan]


def load_study(study: str | Path) -> PreparedStudy:
    """Read the specs of a study and bind them to functions, without any data.

    Args:
        study: bundled study or a folder with study.yaml.

    Returns:
        The specs, and how each dataset is made.

    Raises:
        SpecError: with every problem there is.
    """
    prepared, problems = examined(study)
    if problems:
        raise SpecError(problems)
    return prepared


def examined(study: str | Path) -> tuple[PreparedStudy, list[Problem]]:
    """The specs, as far as they can be used, and all problems.

    Args:
        study: bundled study or a folder with study.yaml.

    Returns:
        The specs with how each dataset is made, and the problems of all files.

    Raises:
        SpecError: study.yaml cannot be used.
    """
    specs, problems = metadata.load(study)
    plans, unbound = engine.bind(narrative.with_passages(specs))
    passages = narrative.plans_of_passages(specs, plans)
    datasets = {}
    for spec in specs.datasets:
        if spec.name in plans:
            datasets[spec.name] = plans[spec.name]
    found = [
        *problems,
        *unbound,
        *validation.problems(specs),
        *results.problems(specs),
        *narrative.problems(specs, passages, unbound),
    ]
    return PreparedStudy(specs, datasets, passages), found


def recognise(source: Path) -> raw.Fit:
    """The bundled study that an export fits, and how.

    Args:
        source: a folder of CSV files, an ODM-XML file or a REDCap CSV file.

    Returns:
        The study, and the forms by which it was recognised.

    Raises:
        RawError: it fits none, or several.
    """
    return raw.recognise(Path(source), metadata.bundled())
