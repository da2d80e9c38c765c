"""The intake ledger: what became of every row and every column of the raw export; the counts add up to all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson
import pandas as pd

from .build import Plan
from .dataset import Dataset
from .errors import ExportError
from .raw import Raw
from .spec import Form, Study

COLUMNS = {
    "file": "str",
    "kind": "str",  # row or column
    "name": "str",  # the column
    "status": "str",  # one of STATUSES
    "datasets": "str",  # where it is
    "reason": "str",  # why it is not
    "count": "int64",  # rows; for a column the cells that are not empty
}
STATUSES = ("mapped", "supplemental", "derivation only", "not submitted", "unknown", "rejected")
REJECTING = ("RAW-NO-SUBJECT", "RAW-DUPLICATE-LINE", "RAW-DUPLICATE-SUBJECT", "RAW-ODM-REMOVED")
UNFIT = "holds nothing that a dataset takes"
USED = {"form": "str", "line": "int64", "dataset": "str", "mapped": "bool"}


def used(datasets: Mapping[str, Dataset], study: Study) -> pd.DataFrame:
    """Which raw records went into which datasets (USED); mapped: became a record of one that is written."""
    parts = [_used(dataset, study) for dataset in datasets.values()]
    return pd.concat([pd.DataFrame(columns=list(USED)), *parts]).astype(USED).drop_duplicates()


def _used(dataset: Dataset, study: Study) -> pd.DataFrame:
    edges = dataset.lineage[dataset.lineage["source"].isin(list(study.forms))]
    became = (edges["verb"] == "take") & (not dataset.spec.internal)
    frame = pd.DataFrame({"form": edges["source"].astype("str"), "line": edges["source_row"], "mapped": became})
    told = frame.assign(dataset=dataset.name).sort_values("mapped", ascending=False, kind="stable")
    return told.drop_duplicates(["form", "line", "dataset"])


def balance(taken: Raw, parts: Iterable[pd.DataFrame], plans: Mapping[str, Plan], study: Study) -> pd.DataFrame:
    """The ledger with COLUMNS. parts: what `used` says of each part of the study."""
    everything = pd.concat([pd.DataFrame(columns=list(USED)), *parts]).astype(USED)
    read = [form for name, form in study.forms.items() if name in taken.files]
    entries = [entry for form in read for entry in (*_rows(form, taken, everything), *_columns(form, taken, plans))]
    entries += _aside(taken)
    return pd.DataFrame(entries, columns=list(COLUMNS)).astype(COLUMNS)


def _aside(taken: Raw) -> Iterator[tuple[object, ...]]:
    """Rows and columns of a file of all forms that belong to none of them."""
    for path in sorted({path.name for path in taken.files.values()}):
        for one in taken.aside:
            yield path, one.kind, one.name, "unknown", "", one.reason, one.count


def _file(form: Form, taken: Raw) -> str:
    """The form's file; where one file holds all forms, that and the form."""
    path = taken.files[form.name]
    shared = sum(other == path for other in taken.files.values()) > 1
    return f"{path.name}: {form.name}" if shared else path.name


# ---------------------------------------------------------------- rows
def _rows(form: Form, taken: Raw, everything: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    lines, file = taken.forms[form.name].index, _file(form, taken)
    mine = everything[everything["form"] == form.name]
    for status, mapped in (("mapped", True), ("derivation only", False)):
        chosen = mine[mine["mapped"]] if mapped else mine[~mine["line"].isin(mine.loc[mine["mapped"], "line"])]
        where = chosen.sort_values("dataset").groupby("line")["dataset"].agg(", ".join)
        for names, count in where.value_counts().sort_index().items():
            yield file, "row", "", status, names, "", count
    if rest := len(lines) - mine["line"].nunique():
        yield file, "row", "", "not submitted", "", form.not_submitted or UNFIT, rest
    yield from _rejected(form, taken)


def _rejected(form: Form, taken: Raw) -> Iterator[tuple[object, ...]]:
    """Records that did not come in, by the rule of the finding that says so."""
    rules = set(REJECTING) - (set() if form.duplicates == "first" else {"RAW-DUPLICATE-LINE"})  # else it is kept
    found = taken.findings[taken.findings["dataset"].eq(form.name) & taken.findings["rule"].isin(rules)]
    for rule, count in found["rule"].value_counts().sort_index().items():
        yield _file(form, taken), "row", "", "rejected", "", rule, count


# ---------------------------------------------------------------- columns
def _columns(form: Form, taken: Raw, plans: Mapping[str, Plan]) -> Iterator[tuple[object, ...]]:
    frame, file = taken.forms[form.name], _file(form, taken)
    for name, column in form.columns.items():
        status, datasets = _fate(form.name, name, plans)
        reason = (column.not_submitted or form.not_submitted or UNFIT) if status == "not submitted" else ""
        count = int((frame[name].notna() | frame[f"{name}.missing"].notna()).sum())
        yield file, "column", name, status, ", ".join(datasets), reason, count
    for name, count in taken.unknown.get(form.name, {}).items():
        yield file, "column", name, "unknown", "", "the study does not name it", count


def _fate(form: str, column: str, plans: Mapping[str, Plan]) -> tuple[str, list[str]]:
    """What becomes of a column, by the wiring alone."""
    places: dict[str, list[str]] = {"mapped": [], "supplemental": [], "derivation only": []}
    for plan in plans.values():
        for status in _uses(plan, {(form, column), (form, f"{column}.missing")}):
            places[status].append(plan.spec.name)
    return next(((s, sorted(set(names))) for s, names in places.items() if names), ("not submitted", []))


def _uses(plan: Plan, cells: set[tuple[str, str]]) -> Iterator[str]:
    for variable in plan.spec.variables:
        if cells & set(plan.origins.get(variable.name, ())):
            written = "supplemental" if variable.supplemental else "mapped"
            yield "derivation only" if plan.spec.internal else written
    if cells & set(plan.read):
        yield "derivation only"


def write(path: Path, entries: pd.DataFrame, taken: Raw, study: Study) -> None:
    """The ledger as JSON: for each file what was read, and its rows and columns by what became of them."""
    forms, records = taken.ledger["form"], taken.ledger["records"]
    read = {_file(study.forms[str(form)], taken): int(n) for form, n in zip(forms, records, strict=True)}
    content = {
        str(file): {
            "read": read.get(str(file), _rows_of(part)),
            "rows": _rows_of(part),
            **{f"{kind}s by status": _entries(part[part["kind"] == kind]) for kind in ("row", "column")},
        }
        for file, part in entries.groupby("file", sort=False)
    }
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def _rows_of(part: pd.DataFrame) -> int:
    return int(part.loc[part["kind"] == "row", "count"].sum())


def _entries(part: pd.DataFrame) -> list[dict[str, object]]:
    told = part.drop(columns=["file", "kind"]).to_dict("records")
    return [{str(name): value for name, value in entry.items() if value != ""} for entry in told]


def read(path: Path) -> pd.DataFrame:
    """The ledger that `write` wrote; ExportError where it cannot be read."""
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ExportError(f"{path} cannot be read; convert the study again") from error
    entries = [
        {"file": file, "kind": kind, **entry}
        for file, told in content.items()
        for kind in ("row", "column")
        for entry in told[f"{kind}s by status"]
    ]
    return pd.DataFrame(entries, columns=list(COLUMNS)).fillna("").astype(COLUMNS)
