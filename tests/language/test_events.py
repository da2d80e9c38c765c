"""docs/language/events.md, and what an `events` step says of mistakes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc import engine
from ivig_cdisc.engine.binder import Binder
from ivig_cdisc.engine.plan import Source
from ivig_cdisc.metadata import DatasetSpec, resolve
from ivig_cdisc.metadata.document import Document, read
from ivig_cdisc.metadata.keeping import Known
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.metadata.source import DatasetSource
from ivig_cdisc.metadata.standard import standard
from ivig_cdisc.metadata.tables import TableReader
from ivig_cdisc.metadata.terminology import Terminology

from .pages import page, table

TABLES = re.findall(r"\n(\w+)\n\n((?:\|[^\n]*\n)+)", page("events.md"))
(SPEC,) = re.findall(r"```yaml\n(.+?)```", page("events.md"), flags=re.DOTALL)
COLUMNS = {name: table(text) for name, text in TABLES}
FRAMES = {name: pd.DataFrame(dict(zip(*columns, strict=True))) for name, columns in COLUMNS.items()}
KEYS = {"ADSL": ("USUBJID",), "ADRS": ("USUBJID", "ADT")}


def resolved(document: Document, source: DatasetSource) -> DatasetSpec:
    """The dataset over the standard, in a study without terms, facts and tables."""
    known = Known(TableReader(document))
    return resolve.dataset(document, source, "ADaM", {}, Terminology(standard(), {}, {}), known)


def bound(folder: Path, text: str) -> tuple[Any, list[str]]:
    """The plan of a dataset that reads ADSL and ADRS, and what is wrong with it."""
    file = folder / "adtte.yaml"
    file.write_text(text, "utf-8")
    document = read(file)
    source = shape(document, DatasetSource)
    if source is None:
        return None, [str(problem) for problem in document.problems]
    spec = resolved(document, source)
    sources = {}
    for name, key in KEYS.items():
        sources[name] = Source(tuple(FRAMES[name].columns), key)
    binder = Binder(spec, sources)
    plan = binder.plan()
    problems = [*document.problems, *binder.problems.found]
    return plan, [str(problem).removeprefix(f"{folder}/") for problem in problems]


def test_example(tmp_path: Path) -> None:
    plan, problems = bound(tmp_path, SPEC)
    assert problems == []
    made = engine.run(plan, FRAMES, {}).frame.drop(columns="STUDYID")
    pd.testing.assert_frame_equal(
        made[list(FRAMES["result"].columns)], FRAMES["result"], check_dtype=False
    )


def test_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    plan, _ = bound(tmp_path, SPEC)
    turned = {}
    for name, frame in FRAMES.items():
        turned[name] = frame.iloc[::-1]
    pd.testing.assert_frame_equal(
        engine.run(plan, turned, {}).frame, engine.run(plan, FRAMES, {}).frame
    )


def test_trace_leads_to_the_record_that_counts(tmp_path: Path) -> None:
    plan, _ = bound(tmp_path, SPEC)
    made = engine.run(plan, FRAMES, {})
    taken = made.lineage[made.lineage["verb"] == "take"]
    told = [
        f"{row.source} {row.source_row}"
        for row in taken.sort_values("row").itertuples()  # by subject and PARAMCD
    ]
    assert told == [
        *("ADRS 0", "ADSL 0", "ADRS 0"),
        *("ADSL 1", "ADSL 1", "ADRS 3"),
        *("ADSL 2", "ADSL 2", "ADSL 2"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "event: response,",
            "event: respons,",
            "adtte.yaml:15: rows.1.events.parameters.TTRESP: there is no source respons (did you mean response?)",
        ),
        (
            "AVALC = 'Y'",
            "AVALCC = 'Y'",
            "adtte.yaml:10: ADTTE.rows.1.events.sources.response: ADRS has no column AVALCC (did you mean AVALC?)",
        ),
        (
            "SAFFL = 'Y'",
            "SAFFFL = 'Y'",
            "adtte.yaml:7: ADTTE.rows.1.events.for: ADSL has no column SAFFFL (did you mean SAFFL?)",
        ),
        (
            "start: TRTSDT",
            "start: TRTDT",
            "adtte.yaml:7: ADTTE.rows.1.events.for: ADSL has no column TRTDT (did you mean TRTSDT?)",
        ),
        (
            "censor: study_end",
            "censor: [rescue, study_end]",
            "adtte.yaml:16: rows.1.events.parameters.TTRESC: rescue is an event and a censoring of the same parameter",
        ),
        (
            "last_visit: {take: ADRS,",
            "unused: {take: ADSL, date: EOSDT}\n        last_visit: {take: ADRS,",
            "adtte.yaml:12: rows.1.events.sources.unused: no parameter has this source",
        ),
        (
            "date: ADT, says",
            "dat: ADT, says",
            "adtte.yaml:10: rows.1.events.sources.response.dat: is not a word of the spec language (did you mean date?)",
        ),
    ],
)
def test_mistake(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert SPEC.count(before) == 1
    _, told = bound(tmp_path, SPEC.replace(before, after))
    assert problem in [line.replace(f"{tmp_path}/", "") for line in told], told


def test_a_new_name_takes_the_place_of_a_column(tmp_path: Path) -> None:
    """ADRS has an ADT of its own: where another date counts, ADT is that one."""
    frames = {**FRAMES, "ADRS": FRAMES["ADRS"].assign(AENDT=pd.Timestamp("2018-09-09"))}
    text = SPEC.replace("date: ADT, last", "date: AENDT, last")
    file = tmp_path / "adtte.yaml"
    file.write_text(text, "utf-8")
    document = read(file)
    spec = resolved(document, shape(document, DatasetSource))
    sources = {name: Source(tuple(frames[name].columns), key) for name, key in KEYS.items()}
    made = engine.run(Binder(spec, sources).plan(), frames, {}).frame
    second = made[(made["USUBJID"] == "02") & (made["PARAMCD"] == "TTRESP")]
    assert second["ADT"].tolist() == [pd.Timestamp("2018-09-09")]
