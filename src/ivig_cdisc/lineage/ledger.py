"""The intake ledger: what became of every row and every column of the raw export; the counts add up to all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pandas as pd

from ..dataset import Dataset
from ..engine import Plan
from ..errors import ExportError
from ..findings import findings, gather
from ..metadata import Form, Study
from ..raw import Raw

COLUMNS = {
    "file": "str",
    "kind": "str",  # row or column
    "name": "str",  # the column
    "status": "str",  # one of STATUSES
    "datasets": "str",  # where it is
    "reason": "str",  # why it is not
    "count": "int64",  # rows; for a column the cells that are not empty
}
STATUSES = (
    "mapped",
    "supplemental",
    "derivation only",
    "condition only",
    "not submitted",
    "unknown",
    "left out",
)
LEAVING_OUT = ("RAW-NO-SUBJECT", "RAW-DUPLICATE-LINE", "RAW-DUPLICATE-SUBJECT", "RAW-ODM-REMOVED")
NO_RECORD = "no dataset took it: what they take is empty in it, or a where leaves it out"
NO_COLUMN = "no dataset takes it"
USED = {"form": "str", "line": "int64", "dataset": "str", "mapped": "bool"}


def nothing() -> pd.DataFrame:
    """A ledger without lines."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})


def used(datasets: Mapping[str, Dataset], study: Study) -> pd.DataFrame:
    """Which raw records went into which datasets (USED); mapped: became a record of one that is written."""
    parts = [_used(dataset, study) for dataset in datasets.values()]
    return pd.concat([pd.DataFrame(columns=list(USED)), *parts]).astype(USED).drop_duplicates()


def _used(dataset: Dataset, study: Study) -> pd.DataFrame:
    edges = dataset.lineage[dataset.lineage["source"].isin(list(study.forms))]
    became = (edges["verb"] == "take") & (not dataset.spec.internal)
    frame = pd.DataFrame(
        {"form": edges["source"].astype("str"), "line": edges["source_row"], "mapped": became}
    )
    told = frame.assign(dataset=dataset.name).sort_values("mapped", ascending=False, kind="stable")
    return told.drop_duplicates(["form", "line", "dataset"])


def balance(
    taken: Raw, parts: Iterable[pd.DataFrame], plans: Mapping[str, Plan], study: Study
) -> pd.DataFrame:
    """The ledger with COLUMNS. parts: what `used` says of each part of the study."""
    everything = pd.concat([pd.DataFrame(columns=list(USED)), *parts]).astype(USED)
    read = [form for name, form in study.forms.items() if name in taken.files]
    known = fates(plans)
    entries = [
        entry
        for form in read
        for entry in (*_rows(form, taken, everything), *_columns(form, taken, known))
    ]
    entries += _aside(taken)
    return pd.DataFrame(entries, columns=list(COLUMNS)).astype(COLUMNS)


def _aside(taken: Raw) -> Iterator[tuple[object, ...]]:
    """Rows and columns of a file of all forms that belong to none of them."""
    for path in sorted({path.name for path in taken.files.values()}):
        for one in taken.aside:
            status = "not submitted" if one.known else "unknown"
            yield path, one.kind, one.name, status, "", one.reason, one.count


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
        chosen = (
            mine[mine["mapped"]]
            if mapped
            else mine[~mine["line"].isin(mine.loc[mine["mapped"], "line"])]
        )
        where = chosen.sort_values("dataset").groupby("line")["dataset"].agg(", ".join)
        for names, count in where.value_counts().sort_index().items():
            yield file, "row", "", status, names, "", count
    if rest := len(lines) - mine["line"].nunique():
        yield file, "row", "", "not submitted", "", form.not_submitted or NO_RECORD, rest
    yield from _left_out(form, taken)


def _left_out(form: Form, taken: Raw) -> Iterator[tuple[object, ...]]:
    """Records that did not come in, by the rule of the finding that says so."""
    rules = set(LEAVING_OUT) - (
        set() if form.duplicates == "first" else {"RAW-DUPLICATE-LINE"}
    )  # else it is kept
    found = taken.findings[
        taken.findings["dataset"].eq(form.name) & taken.findings["rule"].isin(rules)
    ]
    for rule, count in found["rule"].value_counts().sort_index().items():
        yield _file(form, taken), "row", "", "left out", "", rule, count


# ---------------------------------------------------------------- columns
def _columns(form: Form, taken: Raw, known: Fates) -> Iterator[tuple[object, ...]]:
    frame, file = taken.forms[form.name], _file(form, taken)
    for name, column in form.columns.items():
        status, datasets = known.of(form.name, name)
        said = column.not_submitted or form.not_submitted
        reason = {"not submitted": said or NO_COLUMN, "condition only": said}.get(status, "")
        yield file, "column", name, status, ", ".join(datasets), reason, _count(frame, name)
    for name, count in taken.unknown.get(form.name, {}).items():
        yield file, "column", name, "unknown", "", "the study does not name it", count


@dataclass(frozen=True)
class Fates:
    """What becomes of raw columns, by the wiring alone.

    standing  (form, column): the written datasets that its values stand in, and whether only as supplemental qualifiers
    deciding  (form, column): the datasets where it decides whether a record or a value is there, or which
    """

    standing: Mapping[tuple[str, str], Mapping[str, str]]
    deciding: Mapping[tuple[str, str], set[str]]

    def of(self, form: str, column: str) -> tuple[str, list[str]]:
        """Status and datasets of one column, with the reasons of its missing cells."""
        cells = ((form, column), (form, f"{column}.missing"))
        standing = {
            name: status for cell in cells for name, status in self.standing.get(cell, {}).items()
        }
        for status in ("mapped", "supplemental"):
            if names := sorted(name for name, how in standing.items() if how == status):
                return status, names
        decides = sorted(set().union(*(self.deciding.get(cell, set()) for cell in cells)))
        return ("condition only" if decides else "not submitted"), decides


def fates(plans: Mapping[str, Plan]) -> Fates:
    """Follow each column through internal datasets to those that are written."""
    standing: dict[tuple[str, str], dict[str, str]] = {}
    deciding: dict[tuple[str, str], set[str]] = {}
    for plan in reversed(list(plans.values())):
        name = plan.spec.name
        for variable in plan.spec.variables:
            here = {name: "supplemental" if variable.supplemental else "mapped"}
            reached = standing.get((name, variable.name), {}) if plan.spec.internal else here
            for cell in plan.carried.get(variable.name, ()) if reached else ():
                known = standing.setdefault(cell, {})
                known.update({to: how for to, how in reached.items() if known.get(to) != "mapped"})
        read = (
            cell for variable in plan.spec.variables for cell in plan.origins.get(variable.name, ())
        )
        for cell in {*plan.read, *read}:
            deciding.setdefault(cell, set()).add(name)
    return Fates(standing, deciding)


def losses(taken: Raw, plans: Mapping[str, Plan], study: Study) -> pd.DataFrame:
    """Findings on collected values that stand in no dataset, where the specs do not say why (`not_submitted`).

    plans: of all datasets of the study, also of those that are not wanted this time.
    """
    known = fates(plans)
    read = [
        form for name, form in study.forms.items() if name in taken.files and not form.not_submitted
    ]
    return gather(
        [found for form in read for found in _losses_of(form, taken.forms[form.name], known)]
    )


def _losses_of(form: Form, frame: pd.DataFrame, known: Fates) -> Iterator[pd.DataFrame]:
    told = {name: known.of(form.name, name) for name in form.columns}
    if len(frame) and all(status == "not submitted" for status, _ in told.values()):
        message = (
            f"no dataset takes the form {form.name}; if that is meant, say why with not_submitted"
        )
        yield findings(
            severity="warning",
            rule="RAW-NOT-TAKEN",
            dataset=form.name,
            message=message,
            file=form.file,
        )
        return
    for name, (status, datasets) in told.items():
        if form.columns[name].not_submitted or not _count(frame, name):
            continue
        place = {"dataset": form.name, "variable": name, "file": form.file, "column": name}
        if status == "condition only":
            message = f"only decides in {', '.join(datasets)}; what it holds stands in no dataset"
            yield findings(severity="warning", rule="RAW-CONDITION-ONLY", message=message, **place)
        if status == "not submitted":
            message = "no dataset takes this column; if that is meant, say why with not_submitted"
            yield findings(severity="warning", rule="RAW-NOT-TAKEN", message=message, **place)


def _count(frame: pd.DataFrame, column: str) -> int:
    return int((frame[column].notna() | frame[f"{column}.missing"].notna()).sum())


def write(path: Path, entries: pd.DataFrame, taken: Raw, study: Study) -> None:
    """The ledger as JSON: for each file what was read, and its rows and columns by what became of them."""
    forms, records = taken.ledger["form"], taken.ledger["records"]
    read = {
        _file(study.forms[str(form)], taken): int(n) for form, n in zip(forms, records, strict=True)
    }
    content = {
        str(file): {
            "read": read.get(str(file), _rows_of(part)),
            "rows": _rows_of(part),
            **{
                f"{kind}s by status": _entries(part[part["kind"] == kind])
                for kind in ("row", "column")
            },
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
    return pd.DataFrame(entries, columns=list(COLUMNS), dtype="object").fillna("").astype(COLUMNS)
