"""The plans of a whole study, dataset after dataset, and all that is wrong with the wiring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..errors import Problem
from ..metadata import Form, Study
from .binder import Binder
from .column_types import ColumnTypes, TypeCheck, of_form, of_spec, of_table
from .known_values import known_values
from .plan import Plan, Source
from .row_steps import reason_columns
from .spec_tables import as_frame
from .subjects import Names, Trail, taken_for_granted
from .subjects import of_form as subjects_of


def bind(study: Study) -> tuple[dict[str, Plan], list[Problem]]:
    """A plan for each dataset of the study, and all that is wrong with the wiring.

    Args:
        study: its specs, as they were read.

    Returns:
        The plans by name of the dataset, in the study's order, and the problems. What falls out of
        a parent (SUPP--) has none. Plans with problems are not to be carried out.
    """
    sources: dict[str, Source] = {}
    types: dict[str, ColumnTypes] = {}
    subjects: dict[str, Names] = {}
    for name, form in study.forms.items():
        sources[name] = _form_source(form, study)
        types[name] = of_form(sources[name].columns)
        subjects[name] = subjects_of(form, study.intake.subject)
    for name, table in study.tables.items():
        sources[name] = Source(tuple(table.columns), (), per_subject=False, table=table)
        types[name] = of_table(table)
        subjects[name] = dict.fromkeys(table.columns, False)
    tables = {name: as_frame(table) for name, table in study.tables.items()}
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for spec in study.datasets:
        if spec.parent:  # falls out of its parent when that is finished
            continue
        binder = Binder(spec, sources)
        carried = Binder(spec, sources, carrying=True).plan().origins
        plan = replace(binder.plan(), carried=carried, tables=tables)
        plans[spec.name] = plan
        types[spec.name] = _variable_types(binder, plan, types)
        subjects[spec.name] = _subject_variables(binder, plan, subjects)
        problems += [*binder.problems.found, *_wrong_facts(binder, study)]
        names = tuple(variable.name for variable in spec.variables)
        values: dict[str, frozenset[str]] = {}
        if not binder.problems.found:
            values = known_values(plan, sources)
        per_subject = not spec.per_study
        sources[spec.name] = Source(names, spec.keys, values, per_subject=per_subject)
    return plans, list(dict.fromkeys(problems))


def _form_source(form: Form, study: Study) -> Source:
    codes = {}
    for name, column in form.columns.items():
        if column.terms in study.terms:
            codes[name] = study.terms[column.terms]
    return Source((*form.columns, *reason_columns(form.columns)), form.key, codes)


def _wrong_facts(binder: Binder, study: Study) -> Iterator[Problem]:
    """What does not fit a derivation and stands in a fact, at its line in study.yaml.

    Once for all that read it.
    """
    for wiring, (parameter, *entries), reason in binder.calls.wrong_facts:
        file, line, path = study.fact(wiring.facts[parameter], entries)
        yield Problem(file, line, path, f"{reason} (the {parameter} of {wiring.function})")


def _variable_types(binder: Binder, plan: Plan, known: Mapping[str, ColumnTypes]) -> ColumnTypes:
    """Types of the variables; a column that is wired to something of another type is a problem.

    Where there are problems already, only what the specs say.
    """
    if binder.problems.found:
        return of_spec(plan.spec)
    check = TypeCheck(plan, known)
    types = check.variables()
    for path, reason, wiring in check.mismatches:
        binder.problems.add(path, reason, wiring)
    return types


def _subject_variables(
    binder: Binder, plan: Plan, known: Mapping[str, Names]
) -> Mapping[str, bool]:
    """The variables that name the subject.

    That a record belongs to none, or to several, is a problem; not where there are others already.
    """
    if binder.problems.found:
        return taken_for_granted(plan.spec)
    trail = Trail(plan, known)
    finished = trail.variables()
    for path, reason in trail.lost:
        binder.problems.add(path, reason)
    return finished
