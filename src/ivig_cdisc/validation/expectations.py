"""The specs as Great Expectations suites: the only module that imports great_expectations.

One suite per dataset. Requirements of the spec and rules of specs/rules are expectations on the
whole batch, each with
one metric of its own: that keeps the graph of metrics small, an error in one of them stays with
that one, and, unlike the map expectations, which return at most 200 failing records, all of them
come back.

Two passes: all expectations with a boolean result, then those that failed with their records.
Results are matched by the expectation's meta, never by position.
"""

from __future__ import annotations

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import, which reads it

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, NamedTuple

import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.result_format import ResultFormat
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metadata_types import FailureSeverity as Severity
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from ..metadata import DatasetSpec, Place, Rule, Study, Variable, continuations, is_open
from .conformance import DATE, DATE_OR_DURATION, NEXT_TERM, NOTHING, REQUIREMENTS, SEVERITY, UNMET
from .rules import broken, own

GX_SEVERITY = {
    "reject": Severity.CRITICAL,
    "error": Severity.CRITICAL,
    "warning": Severity.WARNING,
    "note": Severity.INFO,
}
QUIET = DataContextConfig(
    store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
    progress_bars=ProgressBarsConfig(globally=False),
    analytics_enabled=False,
)
NOWHERE = Place(file=Path(), line=0)

logging.getLogger("great_expectations").setLevel(
    logging.CRITICAL
)  # a check that fails to run is in the results


class Outcome(NamedTuple):
    """What became of one rule: the values that do not meet it, or the reason why it could not be run; and its time."""

    found: pd.DataFrame | str
    seconds: float


# ---------------------------------------------------------------- the two metrics and their
# expectations
_spent: ContextVar[defaultdict[str, float]] = ContextVar(
    "_spent"
)  # seconds by rule, of the suite that is running


@contextmanager
def _timed(name: str) -> Iterator[None]:
    """Add the seconds inside to those of a rule."""
    start = perf_counter()
    try:
        yield
    finally:
        _spent.get()[name] += perf_counter() - start


class UnmetRequirement(TableMetricProvider):
    """The values of a batch that do not meet one requirement of the spec."""

    metric_name = "cdisc.requirement.unmet"
    value_keys = ("requirement", "variables")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: PandasExecutionEngine, **given: Any) -> pd.DataFrame:
        wanted = given["metric_value_kwargs"]
        with _timed(wanted["requirement"]):
            return REQUIREMENTS[wanted["requirement"]](
                own(_frame(execution_engine, given)), wanted["variables"]
            )


class BrokenRule(TableMetricProvider):
    """The records of a batch that break one rule."""

    metric_name = "cdisc.rule.broken"
    value_keys = ("rule",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: PandasExecutionEngine, **given: Any) -> pd.DataFrame:
        rule = Rule.model_validate({**given["metric_value_kwargs"]["rule"], "place": NOWHERE})
        with _timed(rule.id):
            return broken(_frame(execution_engine, given), rule)


class Expect(BatchExpectation):
    """What a metric finds in the whole batch is nothing."""

    def _validate(self, metrics: dict[str, pd.DataFrame], *_: Any, **__: Any) -> dict[str, Any]:
        found = metrics[self.metric_dependencies[0]]
        records = (
            []
            if found.empty
            else found.astype(object).where(found.notna(), None).to_dict("records")
        )
        return {
            "success": found.empty,
            "result": {"unexpected_count": len(found), "unexpected_index_list": records},
        }


class ExpectVariablesToConform(Expect):
    """Every variable meets one requirement of the spec."""

    requirement: str
    variables: dict[str, Any]
    metric_dependencies: ClassVar[tuple[str, ...]] = ("cdisc.requirement.unmet",)
    success_keys: ClassVar[tuple[str, ...]] = ("requirement", "variables")


class ExpectRecordsToMeetRule(Expect):
    """Every record meets one rule of specs/rules."""

    rule: dict[str, Any]
    metric_dependencies: ClassVar[tuple[str, ...]] = ("cdisc.rule.broken",)
    success_keys: ClassVar[tuple[str, ...]] = ("rule",)


def _frame(engine: PandasExecutionEngine, given: Mapping[str, Any]) -> pd.DataFrame:
    return engine.get_compute_domain(
        given["metric_domain_kwargs"], domain_type=MetricDomainTypes.TABLE
    )[0]


# ---------------------------------------------------------------- suites
def suite(spec: DatasetSpec, study: Study, rules: Iterable[Rule]) -> ExpectationSuite:
    """All that is expected of a dataset: its spec unless it is internal, then its rules."""
    wanted = {} if spec.internal else requirements(spec, study)
    conform = [
        ExpectVariablesToConform(
            requirement=name,
            variables=variables,
            description=_first_line(REQUIREMENTS[name]),
            severity=GX_SEVERITY[SEVERITY.get(name, "error")],
            meta={"rule": name},
        )
        for name, variables in wanted.items()
    ]
    return ExpectationSuite(name=spec.name, expectations=[*conform, *map(_rule, rules)])


def _rule(rule: Rule) -> ExpectRecordsToMeetRule:
    plain = rule.model_dump(mode="json", by_alias=True, exclude={"place"})
    return ExpectRecordsToMeetRule(
        rule=plain,
        description=rule.message,
        severity=GX_SEVERITY[rule.severity],
        meta={"rule": rule.id},
    )


def _first_line(function: Any) -> str:
    return str(function.__doc__).strip().splitlines()[0]


def requirements(spec: DatasetSpec, study: Study) -> dict[str, dict[str, Any]]:
    """What the spec requires: requirement, then variable, then what is required of it. None without a variable."""
    long = continuations(spec)
    lists = {v.name: study.codelists[v.codelist] for v in spec.variables if v.codelist}
    terms = {
        name: {
            "codelist": c.id,
            "name": c.name,
            "extensible": c.extensible,
            "terms": NEXT_TERM.join(c.terms),
        }
        for name, c in lists.items()
    }
    wanted: dict[str, dict[str, Any]] = {
        "SPEC-COLUMN": {v.name: v.label for v in spec.variables},
        "SPEC-TYPE": {v.name: _kind(v) for v in spec.variables},
        "SPEC-LENGTH": {
            v.name: v.length for v in spec.variables if v.type == "Char" and v.name not in long
        },
        "SPEC-REQUIRED": {v.name: v.label for v in spec.variables if _has_value(v, spec)},
        "SPEC-CODELIST": {
            name: listed for name, listed in terms.items() if not listed["extensible"]
        },
        "SPEC-EXTENSIBLE": {name: listed for name, listed in terms.items() if listed["extensible"]},
        "SPEC-KEY": {name: place for place, name in enumerate(spec.keys, start=1)},
        "SPEC-ISO8601": {v.name: _dated(v) for v in spec.variables if v.iso8601},
        "SPEC-RANGE": {v.name: list(v.range) for v in spec.variables if v.range},
    }
    return {name: variables for name, variables in wanted.items() if variables}


def _kind(variable: Variable) -> str:
    return "Date" if variable.kind in {"date", "datetime"} else variable.type


def _has_value(variable: Variable, spec: DatasetSpec) -> bool:
    """Req means a value in SDTM (SDTMIG 4.1.5), but only a variable in ADaM (ADaMIG 3.1), identifiers apart.

    A variable that is still to decide has none, which is told once and not of each record.
    """
    if is_open(variable.wiring.constants.get("value")):
        return False
    return variable.core == "Req" and (spec.standard == "SDTM" or variable.role == "Identifier")


def _dated(variable: Variable) -> str:
    return DATE if variable.name.endswith("DTC") else DATE_OR_DURATION


# ---------------------------------------------------------------- running
def batches(frames: Mapping[str, pd.DataFrame]) -> dict[str, Batch]:
    """Each frame as a batch in a context of its own, which is gone with them; no files, no progress bars."""
    context = gx.get_context(mode="ephemeral", project_config=QUIET)
    source = context.data_sources.add_pandas("datasets")
    return {
        name: source.add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": frame})
        for name, frame in frames.items()
    }


def run(batch: Batch, suite: ExpectationSuite, passes: int = 2) -> dict[str, Outcome]:
    """For each rule of the suite what became of it."""
    spent: defaultdict[str, float] = defaultdict(float)
    before = _spent.set(spent)
    try:
        outcome = _run(batch, suite, passes) if suite.expectations else {}
    finally:
        _spent.reset(before)
    return {name: Outcome(found, spent[name]) for name, found in outcome.items()}


def _run(batch: Batch, suite: ExpectationSuite, passes: int) -> dict[str, Any]:
    if passes == 1:
        return _results(batch, suite, ResultFormat.COMPLETE)
    outcome = _results(batch, suite, ResultFormat.BOOLEAN_ONLY)
    again = [e for e in suite.expectations if outcome[_named(e)] is None]
    if again:
        outcome |= _results(
            batch, ExpectationSuite(name=suite.name, expectations=again), ResultFormat.COMPLETE
        )
    return outcome


def _results(batch: Batch, suite: ExpectationSuite, result_format: ResultFormat) -> dict[str, Any]:
    results = batch.validate(suite, result_format=result_format).results
    return {_named(result.expectation_config): _outcome(result) for result in results}


def _named(expectation: Any) -> str:
    return str(expectation.meta["rule"])


def _outcome(result: Any) -> pd.DataFrame | str | None:
    """What one result says; None if it failed and did not say with which records."""
    reason = _reason(result.exception_info or {})
    if reason:
        return reason
    if result.success:
        return NOTHING
    if not result.result:
        return None
    return pd.DataFrame(result.result["unexpected_index_list"], columns=list(UNMET)).astype(UNMET)


def _reason(raised: Mapping[str, Any]) -> str:
    """The message of the exception, if any: one flat entry, or one per metric."""
    entries = [raised] if "raised_exception" in raised else list(raised.values())
    return next((str(e["exception_message"]) for e in entries if e.get("exception_message")), "")
