"""The specs as Great Expectations suites: the only module that imports great_expectations.

One suite per dataset. Requirements of the spec and rules of specs/rules are expectations on the
whole batch, each with one metric of its own: that keeps the graph of metrics small, and an error
in one of them stays with that one.

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

from ..metadata import DatasetSpec, Place, Rule, Study
from .conformance import ALL_MET, REQUIREMENTS, UNMET, packed
from .requirements import GX_SEVERITY, described, requirements
from .rules import broken, without_joins

QUIET = DataContextConfig(
    store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
    progress_bars=ProgressBarsConfig(globally=False),
    analytics_enabled=False,
)
UNKNOWN_PLACE = Place(file=Path(), line=0)

# a check that fails to run is in the results
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)


class Outcome(NamedTuple):
    """What became of one rule."""

    found: pd.DataFrame | str  # the values that do not meet it, or why it could not be run
    seconds: float


# ---------------------------------------------------------------- metrics and their expectations
# seconds by rule, of the suite that is running
_spent: ContextVar[defaultdict[str, float]] = ContextVar("_spent")


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
            frame = without_joins(_frame(execution_engine, given))
            return REQUIREMENTS[wanted["requirement"]](frame, wanted["variables"])


class BrokenRule(TableMetricProvider):
    """The records of a batch that break one rule."""

    metric_name = "cdisc.rule.broken"
    value_keys = ("rule",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine: PandasExecutionEngine, **given: Any) -> pd.DataFrame:
        rule = Rule.model_validate({**given["metric_value_kwargs"]["rule"], "place": UNKNOWN_PLACE})
        with _timed(rule.id):
            return broken(_frame(execution_engine, given), rule)


class Expect(BatchExpectation):
    """What a metric finds in the whole batch is nothing."""

    def _validate(self, metrics: dict[str, pd.DataFrame], *_: Any, **__: Any) -> dict[str, Any]:
        found = metrics[self.metric_dependencies[0]]
        records = []
        if not found.empty:
            records = found.astype(object).where(found.notna(), None).to_dict("records")
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
    conform = []
    for name, variables in requirements(spec, study).items():
        conform.append(_requirement(name, variables))
    return ExpectationSuite(name=spec.name, expectations=[*conform, *map(_rule, rules)])


def _requirement(name: str, variables: Mapping[str, Any]) -> ExpectVariablesToConform:
    told = described(name)
    return ExpectVariablesToConform(
        requirement=name,
        variables={variable: packed(required) for variable, required in variables.items()},
        description=told["what"],
        severity=Severity(GX_SEVERITY[told["severity"]]),
        meta={"rule": name},
    )


def _rule(rule: Rule) -> ExpectRecordsToMeetRule:
    plain = rule.model_dump(mode="json", by_alias=True, exclude={"place"})
    return ExpectRecordsToMeetRule(
        rule=plain,
        description=rule.message,
        severity=Severity(GX_SEVERITY[rule.severity]),
        meta={"rule": rule.id},
    )


def from_json(written: Mapping[str, Any]) -> ExpectationSuite:
    """A written suite; ValueError where Great Expectations dropped some of it."""
    suite = ExpectationSuite(**written)
    lost = len(written["expectations"]) - len(suite.expectations)
    if lost:
        version = gx.__version__
        raise ValueError(f"Great Expectations {version} does not load {lost} of its expectations")
    return suite


# ---------------------------------------------------------------- running
def batches(frames: Mapping[str, pd.DataFrame]) -> dict[str, Batch]:
    """Each frame as a batch in a context of its own, without files and progress bars."""
    context = gx.get_context(mode="ephemeral", project_config=QUIET)
    source = context.data_sources.add_pandas("datasets")
    found = {}
    for name, frame in frames.items():
        asset = source.add_dataframe_asset(name)
        definition = asset.add_batch_definition_whole_dataframe("whole")
        found[name] = definition.get_batch({"dataframe": frame})
    return found


def run(batch: Batch, suite: ExpectationSuite, passes: int = 2) -> dict[str, Outcome]:
    """For each rule of the suite what became of it."""
    spent: defaultdict[str, float] = defaultdict(float)
    before = _spent.set(spent)
    outcome = {}
    try:
        if suite.expectations:
            outcome = _run(batch, suite, passes)
    finally:
        _spent.reset(before)
    return {name: Outcome(found, spent[name]) for name, found in outcome.items()}


def _run(batch: Batch, suite: ExpectationSuite, passes: int) -> dict[str, Any]:
    if passes == 1:
        return _results(batch, suite, ResultFormat.COMPLETE)
    outcome = _results(batch, suite, ResultFormat.BOOLEAN_ONLY)
    again = [e for e in suite.expectations if outcome[_named(e)] is None]
    if again:
        failed = ExpectationSuite(name=suite.name, expectations=again)
        outcome |= _results(batch, failed, ResultFormat.COMPLETE)
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
        return ALL_MET
    if not result.result:
        return None
    return pd.DataFrame(result.result["unexpected_index_list"], columns=list(UNMET)).astype(UNMET)


def _reason(raised: Mapping[str, Any]) -> str:
    """The message of the exception, if any: one flat entry, or one per metric."""
    entries = list(raised.values())
    if "raised_exception" in raised:
        entries = [raised]
    for entry in entries:
        if entry.get("exception_message"):
            return str(entry["exception_message"])
    return ""
