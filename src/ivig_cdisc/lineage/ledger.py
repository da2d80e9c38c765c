"""The intake ledger: what became of every row and every column of the raw export.

The counts of rows add up to all that were read.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson
import pandas as pd

from ..engine import Plan
from ..errors import ExportError
from ..metadata import Form, Study
from ..raw import Raw
from .entries import COLUMN, COLUMNS, ROW, Entry, Status, as_frame
from .fates import Fates, fates, filled
from .uses import Use, counted

DUPLICATE_LINE = "RAW-DUPLICATE-LINE"
LEAVING_OUT = ("RAW-NO-SUBJECT", DUPLICATE_LINE, "RAW-DUPLICATE-SUBJECT", "RAW-ODM-REMOVED")
NO_RECORD = "no dataset took it: what they take is empty in it, or a where leaves it out"
NO_COLUMN = "no dataset takes it"


def balance(
    taken: Raw, partitions: Iterable[Sequence[Use]], plans: Mapping[str, Plan], study: Study
) -> pd.DataFrame:
    """The ledger of the whole export.

    Args:
        taken: the export.
        partitions: what `uses.used` says of each partition of the study.
        plans: of the datasets that were made.
        study: the specs.

    Returns:
        Columns as entries.COLUMNS: first the files of forms, then what belongs to none.
    """
    uses: list[Use] = []
    for used in partitions:
        uses += used
    known = fates(plans)
    entries: list[Entry] = []
    for name, form in study.forms.items():
        if name in taken.files:
            entries += _rows(form, taken, uses)
            entries += _columns(form, taken, known)
    entries += _aside(taken)
    return as_frame(entries)


def _aside(taken: Raw) -> Iterator[Entry]:
    """Rows and columns of a file of all forms that belong to none of them."""
    for file in sorted({path.name for path in taken.files.values()}):
        for one in taken.aside:
            status = Status.UNKNOWN
            if one.known:
                status = Status.NOT_SUBMITTED
            yield Entry(file, one.kind, one.name, status, "", one.reason, one.count)


def _file(form: Form, taken: Raw) -> str:
    """The form's file; where one file holds all forms, that and the form."""
    path = taken.files[form.name]
    is_shared = list(taken.files.values()).count(path) > 1
    if is_shared:
        return f"{path.name}: {form.name}"
    return path.name


# ---------------------------------------------------------------- rows
def _rows(form: Form, taken: Raw, uses: Iterable[Use]) -> Iterator[Entry]:
    lines, file = taken.forms[form.name].index, _file(form, taken)
    rest = len(lines)
    of_form = [use for use in uses if use.form == form.name]
    for status, datasets, count in counted(lines, of_form):
        yield Entry(file, ROW, "", status, datasets, "", count)
        rest -= count
    if rest:
        reason = form.not_submitted or NO_RECORD
        yield Entry(file, ROW, "", Status.NOT_SUBMITTED, "", reason, rest)
    yield from _left_out(form, taken)


def _left_out(form: Form, taken: Raw) -> Iterator[Entry]:
    """Records that did not come in, by the rule of the finding that says so."""
    rules = set(LEAVING_OUT)
    if form.duplicates != "first":
        rules.remove(DUPLICATE_LINE)  # found, and kept
    found = taken.findings
    mine = found[found["dataset"].eq(form.name) & found["rule"].isin(rules)]
    for rule, count in mine["rule"].value_counts().sort_index().items():
        yield Entry(_file(form, taken), ROW, "", Status.LEFT_OUT, "", str(rule), int(count))


# ---------------------------------------------------------------- columns
def _columns(form: Form, taken: Raw, known: Fates) -> Iterator[Entry]:
    frame, file = taken.forms[form.name], _file(form, taken)
    for name, column in form.columns.items():
        status, datasets = known.of(form.name, name)
        reason = column.not_submitted or form.not_submitted
        if status == Status.NOT_SUBMITTED:
            reason = reason or NO_COLUMN
        elif status != Status.CONDITION_ONLY:
            reason = ""
        yield Entry(file, COLUMN, name, status, ", ".join(datasets), reason, filled(frame, name))
    for name, count in taken.unknown.get(form.name, {}).items():
        yield Entry(file, COLUMN, name, Status.UNKNOWN, "", "the study does not name it", count)


# ---------------------------------------------------------------- the file
def write(path: Path, entries: pd.DataFrame, taken: Raw, study: Study) -> None:
    """The ledger as JSON.

    For each file what was read, and its rows and columns by what became of them.

    Args:
        path: of the file to write.
        entries: what `balance` gives.
        taken: the export.
        study: the specs.
    """
    read_records = {}
    for form, records in zip(taken.ledger["form"], taken.ledger["records"], strict=True):
        read_records[_file(study.forms[str(form)], taken)] = int(records)
    content = {}
    for file, part in entries.groupby("file", sort=False):
        rows = part[part["kind"] == ROW]
        counted_rows = int(rows["count"].sum())
        content[str(file)] = {
            "read": read_records.get(str(file), counted_rows),
            "rows": counted_rows,
            _heading(ROW): _records(rows),
            _heading(COLUMN): _records(part[part["kind"] == COLUMN]),
        }
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")


def _heading(kind: str) -> str:
    return f"{kind}s by status"


def _records(part: pd.DataFrame) -> list[dict[str, object]]:
    """Entries of one file and kind, without what is empty."""
    entries = part.drop(columns=["file", "kind"]).to_dict("records")
    return [_filled(entry) for entry in entries]


def _filled(entry: Mapping[Hashable, object]) -> dict[str, object]:
    return {str(name): value for name, value in entry.items() if value != ""}


def read(path: Path) -> pd.DataFrame:
    """The ledger that `write` wrote.

    Args:
        path: of the file.

    Returns:
        Columns as entries.COLUMNS.

    Raises:
        ExportError: the file cannot be read.
    """
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ExportError(f"{path} cannot be read; convert the study again") from error
    entries = []
    for file, by_kind in content.items():
        for kind in (ROW, COLUMN):
            for entry in by_kind[_heading(kind)]:
                entries.append({"file": file, "kind": kind, **entry})
    frame = pd.DataFrame(entries, columns=list(COLUMNS), dtype="object")
    return frame.fillna("").astype(COLUMNS)
