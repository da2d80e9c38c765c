"""A study made ready: its specs read, bound to functions, and every mistake in them found, before any data are read."""

from __future__ import annotations

from pathlib import Path

from . import engine, metadata, raw, results, validation
from .errors import Problem, SpecError
from .metadata import Study


def load_study(study: str | Path) -> tuple[Study, dict[str, engine.Plan]]:
    """Read the specs of a study and bind them to functions, without any data.

    Args:
        study: bundled study or a folder with study.yaml.

    Returns:
        The specs, and by dataset how it is made.

    Raises:
        SpecError: with every problem there is.
    """
    specs, plans, problems = examined(study)
    if problems:
        raise SpecError(problems)
    return specs, plans


def examined(study: str | Path) -> tuple[Study, dict[str, engine.Plan], list[Problem]]:
    """The study's specs, as far as they can be used, and all problems; SpecError where study.yaml itself cannot be."""
    specs, problems = metadata.load(study)
    plans, unbound = engine.bind(specs)
    found = [*problems, *unbound, *validation.problems(specs), *results.problems(specs)]
    return specs, plans, found


def recognise(source: Path) -> raw.Fit:
    """The bundled study that an export belongs to, and how it fits; RawError where none or several do."""
    return raw.recognise(Path(source), metadata.bundled())
