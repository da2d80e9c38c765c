"""The plans of a whole study, dataset after dataset, and all that is wrong with the wiring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ..errors import Problem
from ..metadata import NOT_THERE, Form, Study, Wiring
from .binder import Binder
from .column_types import ColumnTypes, TypeCheck, of_form, of_spec, of_table
from .known_values import known_values
from .plan import Column, Plan, RowStep, Sort, Source, SpecPath
from .problems import merged
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
        binder = Binder(spec, sources, unread=study.unread)
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
    return plans, merged(problems)


def _form_source(form: Form, study: Study) -> Source:
    codes = {}
    for name, column in form.columns.items():
        if column.terms in study.terms:
            codes[name] = study.terms[column.terms]
    return Source(form.readable, form.key, codes)


def _wrong_facts(binder: Binder, study: Study) -> Iterator[Problem]:
    """What does not fit a derivation and stands in a fact, at its line in study.yaml.

    Once for all that read it.
    """
    for wiring, (parameter, *entries), reason in binder.calls.wrong_facts:
        file, line, path = study.fact(wiring.facts[parameter], entries)
        yield Problem(file, line, path, f"{reason} (the {parameter} of {wiring.function})")


def _variable_types(binder: Binder, plan: Plan, known: Mapping[str, ColumnTypes]) -> ColumnTypes:
    """Types of the variables; a column that is wired to something of another type is a problem.

    Where the rows have problems already, only what the specs say.
    """
    if not _rows_are_known(binder):
        return of_spec(plan.spec)
    check = TypeCheck(_with_sound_calls(plan, binder.calls.faulty), known)
    types = check.variables()
    for path, reason, wiring in check.mismatches:
        binder.problems.add(path, f"{reason}{_overlaid(binder, path, wiring)}", wiring)
    return types


def _overlaid(binder: Binder, path: str | SpecPath, wiring: Wiring | None) -> str:
    """What to say where a column is read that a variable took the name of."""
    for name in wiring.reads if wiring else ():
        if name in binder.overlaid and name != path:
            return f"; {name} is the variable here, not the source's column of that name"
    return ""


def _rows_are_known(binder: Binder) -> bool:
    """Whether all steps can be followed."""
    if binder.steps.blind:
        return False
    rows = f"{binder.spec.name}.rows"
    return not any(problem.path.startswith(rows) for problem in binder.problems.found)


def _has_unknown(binder: Binder) -> bool:
    """Whether nothing is known of the values of some column."""
    return any(wiring.constants.get("value") is NOT_THERE for wiring in binder.wirings.values())


def _with_sound_calls(plan: Plan, faulty: Collection[str]) -> Plan:
    """The plan, in which nothing is known of columns whose calls are wrong."""
    work: list[RowStep | Column | Sort] = []
    for one in plan.work:
        if isinstance(one, Column) and one.name in faulty:
            nothing = {"value": NOT_THERE}
            wiring = one.wiring.model_copy(
                update={"function": "constant", "columns": {}, "constants": nothing}
            )
            work.append(replace(one, wiring=wiring))
        else:
            work.append(one)
    return replace(plan, work=tuple(work))


def _subject_variables(
    binder: Binder, plan: Plan, known: Mapping[str, Names]
) -> Mapping[str, bool]:
    """The variables that name the subject.

    That a record belongs to none, or to several, is a problem; not where there are others already.
    """
    if binder.problems.found or binder.steps.blind or _has_unknown(binder):
        return taken_for_granted(plan.spec)
    trail = Trail(plan, known)
    finished = trail.variables()
    for path, reason in trail.lost:
        binder.problems.add(path, reason)
    return finished
