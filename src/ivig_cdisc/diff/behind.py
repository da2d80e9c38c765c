"""All raw cells behind records: every edge is followed, and only the columns that the specs say matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import pandas as pd

from ..build import Plan
from ..reopen import Opened
from ..spec import First, Join, Melt, Stack, Step, Summarize, Take

Pair = tuple[str, str]  # source, column
Wanted = dict[str, dict[str, set[str]]]  # dataset: source: columns of it that are read
CELLS = ["row", "form", "line", "column"]


def raw_cells(
    opened: Opened, dataset: str, rows: int | Iterable[int], variables: Iterable[str] | None = None
) -> pd.DataFrame:
    """The raw cells behind records of one dataset: row, form, line, column, each once, in this order.

    rows: numbers of the records. variables: only what these are made of; otherwise all of the dataset's. What decides
    which records are taken (where, first, joins) counts as well, and where a value is carried to the other records of
    its group, as a baseline is, so do the cells behind that value. The column that names the subject is left out.
    Nothing is found for a dataset whose parents are not in the output.
    """
    numbers = [rows] if isinstance(rows, int) else list(rows)
    wanted = _wanted(opened, dataset, variables)
    ahead = {dataset: [pd.DataFrame({"start": numbers, "row": numbers}, dtype="int64")]}
    found = []
    for name in _backwards(opened):
        if name in ahead and name in wanted:
            nodes = pd.concat(ahead.pop(name)).drop_duplicates()
            for source, part in _parents(opened, name, nodes, wanted[name]):
                if source in opened.study.forms:
                    found.append(_cells(opened, name, source, part, wanted[name][source]))
                else:
                    ahead.setdefault(source, []).append(part[["start", "row"]])
    return _tidy(found, opened.study.intake.subject)


def columns_read(opened: Opened, dataset: str, variables: Iterable[str]) -> pd.DataFrame:
    """All raw columns that these variables of a dataset are made of or chosen by: form, column."""
    forms, sources = opened.study.forms, _wanted(opened, dataset, variables).values()
    pairs = {(f, c.removesuffix(".missing")) for read in sources for f in set(read) & set(forms) for c in read[f]}
    kept = sorted(pair for pair in pairs if pair[1] != opened.study.intake.subject)
    return pd.DataFrame(kept, columns=["form", "column"], dtype="str")


def _tidy(found: Sequence[pd.DataFrame], subject: str) -> pd.DataFrame:
    if not found:
        return pd.DataFrame({name: pd.Series(dtype="str" if name in {"form", "column"} else "int64") for name in CELLS})
    cells = pd.concat(found, ignore_index=True).drop_duplicates()
    return cells[cells["column"] != subject].sort_values(CELLS, ignore_index=True)


def _backwards(opened: Opened) -> list[str]:
    """Datasets from the last made to the first: a dataset comes before all that it is made of."""
    return [spec.name for spec in reversed(opened.study.datasets)]


# ---------------------------------------------------------------- which columns
def _wanted(opened: Opened, dataset: str, variables: Iterable[str] | None) -> Wanted:
    """For each dataset on the way, the columns that are read from each of its sources."""
    spec = opened.study.dataset(dataset)
    needed: dict[str, set[str]] = {dataset: set(variables or (v.name for v in spec.variables))}
    found: Wanted = {}
    for name in _backwards(opened):
        for source, column in _read(opened, name, needed.get(name, set())):
            found.setdefault(name, {}).setdefault(source, set()).add(column)
            needed.setdefault(source, set()).add(column)
    return found


def _read(opened: Opened, name: str, columns: set[str]) -> Iterator[Pair]:
    """What these columns of a dataset are made of, and what decides which records it has."""
    if not columns:
        return
    for column in columns:
        yield from opened.origins[name].get(column, ())
    if name in opened.plans:
        plan = opened.plans[name]
        yield from _decisive(plan.spec.rows, lambda column: plan.origins.get(column, ()))


def _decisive(steps: Sequence[Step], known: Callable[[str], Iterable[Pair]]) -> Iterator[Pair]:
    """Source columns that row steps read to choose records. known: what a column is made of."""
    for step in steps:
        if isinstance(step, Take):
            yield from ((step.take, column) for column in step.where)
        elif isinstance(step, Stack):
            for branch in step.stack:
                yield from _decisive(branch, partial(_taken, branch[0]))
        elif isinstance(step, Join):
            yield from ((step.join.with_, column) for column in _other_side(step))
        for column in _own_side(step):
            yield from known(column)


def _taken(first: Step, column: str) -> Iterable[Pair]:
    """What a column of a branch is made of: the source's own, under the name that the take gives it."""
    if not isinstance(first, Take) or column in first.set:
        return ()
    return ((first.take, first.rename.get(column, column)),)


def _own_side(step: Step) -> Iterable[str]:
    if isinstance(step, Join):
        return tuple(step.join.on)
    if isinstance(step, First):
        return (*step.first.by, *(name.removeprefix("-") for name in step.first.order))
    return step.summarize.by if isinstance(step, Summarize) else ()


def _other_side(step: Join) -> Iterable[str]:
    on = step.join.on
    return on.values() if isinstance(on, dict) else on


# ---------------------------------------------------------------- which records
def _parents(
    opened: Opened, name: str, nodes: pd.DataFrame, wanted: Mapping[str, set[str]]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The records that these were made of, by source: start, row, source_column."""
    made = opened.datasets.get(name)
    edges = made.lineage if made else opened.edges.get(name)
    if edges is None:
        return
    reached = pd.concat([nodes, *_carriers(opened, name, nodes)]).drop_duplicates()
    known = edges["row"].isin(reached["row"]) & edges["source"].isin(list(wanted))
    steps = reached.merge(edges.loc[known, ["row", "source", "source_row", "source_column"]], on="row")
    for source, part in steps.groupby("source", observed=True, sort=False):
        yield str(source), part.drop(columns="row").rename(columns={"source_row": "row"})


def _carriers(opened: Opened, name: str, nodes: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The flagged records of the groups that these belong to, where a value is carried from them to their group."""
    made = opened.datasets.get(name)
    if made is None or name not in opened.plans:
        return
    for groups, flag in _carried(opened.plans[name]):
        if {*groups, flag} <= set(made.frame):
            keys = made.frame[list(groups)]
            flagged = keys[made.frame[flag].eq("Y")].astype("object").rename_axis("carrier").reset_index()
            asked = nodes.join(keys.loc[nodes["row"].unique()].astype("object"), on="row").drop(columns="row")
            yield asked.merge(flagged, on=list(groups)).rename(columns={"carrier": "row"})[["start", "row"]]


def _carried(plan: Plan) -> set[tuple[tuple[str, ...], str]]:
    """Groups and flag of each value that is carried from one record to the others of its group."""
    wirings = [*plan.spec.working.values(), *(v.wiring for v in plan.spec.variables)]
    columns = [wiring.columns for wiring in wirings if wiring.function == "carried"]
    return {(_several(given["groups"]), str(given["flag"])) for given in columns}


def _several(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


def _cells(opened: Opened, dataset: str, form: str, part: pd.DataFrame, columns: set[str]) -> pd.DataFrame:
    """Cells of raw records; of columns that became rows, only the one that the record came from."""
    read = {column.removesuffix(".missing") for column in columns}
    known = pd.Series(sorted(read & set(opened.study.forms[form].columns)), name="column", dtype="str")
    cells = part.rename(columns={"start": "row", "row": "line"}).assign(form=form).merge(known, how="cross")
    own = cells["source_column"].astype("str")
    fits = own.isna() | own.eq(cells["column"]) | ~cells["column"].isin(_melted(opened, dataset))
    return cells.loc[fits, CELLS]


def _melted(opened: Opened, dataset: str) -> set[str]:
    steps = opened.plans[dataset].spec.rows if dataset in opened.plans else ()
    return {column for step in steps if isinstance(step, Melt) for column in step.melt.columns}
