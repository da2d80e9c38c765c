"""The plans of a whole study, dataset after dataset, and all that is wrong with the wiring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..errors import Problem
from ..metadata import Form, Study
from .kinds import Kinds, Walk, by_type, of_form
from .plan import Binder, Plan, Source
from .subjects import Names, Trail, taken_for_granted
from .subjects import of_form as subjects_of


def bind(study: Study) -> tuple[dict[str, Plan], list[Problem]]:
    """A plan for each dataset of the study, in the study's order, and all that is wrong with the wiring."""
    sources = {name: _form_source(form, study) for name, form in study.forms.items()}
    known: dict[str, Kinds] = {name: of_form(source.columns) for name, source in sources.items()}
    subjects: dict[str, Names] = {
        name: subjects_of(form, study.intake.subject) for name, form in study.forms.items()
    }
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for spec in study.datasets:
        if spec.parent:  # falls out of its parent when that is finished
            continue
        binder = Binder(spec, sources)
        carried = Binder(spec, sources, carrying=True).plan().origins
        plans[spec.name] = plan = replace(binder.plan(), carried=carried)
        known[spec.name] = by_type(spec) if binder.problems else _checked(binder, plan, known)
        subjects[spec.name] = (
            taken_for_granted(spec) if binder.problems else _led(binder, plan, subjects)
        )
        problems += [*binder.problems, *_wrong_facts(binder, study)]
        sources[spec.name] = Source(tuple(v.name for v in spec.variables), spec.keys)
    return plans, problems


def _form_source(form: Form, study: Study) -> Source:
    names = tuple(form.columns)
    codes = {
        name: study.terms[column.terms]
        for name, column in form.columns.items()
        if column.terms in study.terms
    }
    return Source((*names, *(f"{name}.missing" for name in names)), form.key, codes)


def _wrong_facts(binder: Binder, study: Study) -> Iterator[Problem]:
    """What does not fit a derivation and stands in a fact, at its line in study.yaml.

    Once for all that read it.
    """
    for wiring, (parameter, *entries), reason in binder.wrong_facts:
        file, line, path = study.fact(wiring.facts[parameter], entries)
        yield Problem(file, line, path, f"{reason} (the {parameter} of {wiring.function})")


def _checked(binder: Binder, plan: Plan, known: Mapping[str, Kinds]) -> dict[str, str]:
    """Kinds of the variables; a column that is wired to something of another kind is a problem."""
    walk = Walk(plan, known)
    made = walk.variables()
    for path, reason, wiring in walk.misfits:
        binder.complain(path, reason, wiring)
    return made


def _led(binder: Binder, plan: Plan, known: Mapping[str, Names]) -> Mapping[str, bool]:
    """The variables that name the subject.

    That a record belongs to none, or to several, is a problem.
    """
    trail = Trail(plan, known)
    finished = trail.variables()
    for path, reason in trail.lost:
        binder.complain(path, reason)
    return finished
