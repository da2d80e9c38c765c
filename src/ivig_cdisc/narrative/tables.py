"""The records of a passage as a table, with a sentence for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..metadata import Study
from ..metadata import Table as TableSpec
from .filling import Value, filled, first_said
from .sections import Table
from .subject import Record

MISSING = "–"


def table(
    spec: TableSpec,
    says: Sequence[str],
    records: Sequence[Record],
    study: Study,
    value_of: Callable[[Record], Value],
) -> Table:
    """A row for each record, or for each code of a list, with or without a record.

    says: of each record the first of these whose values are all known.
    """
    rows: list[tuple[str, ...]] = []
    sentences: list[str] = []
    for record, is_there in _rows(spec, records, study):
        value = value_of(record)
        cells = [filled(text, value) or MISSING for text in spec.columns.values()]
        rows.append(tuple(cells))
        texts = says
        if not is_there:
            texts = [spec.missing]
        told = first_said(texts, value)
        if told:
            sentences.append(told)
    return Table(tuple(spec.columns), tuple(rows), tuple(sentences))


def _rows(
    spec: TableSpec, records: Sequence[Record], study: Study
) -> Iterator[tuple[Record, bool]]:
    """Records in the order of the table, and whether each is there or stands for a missing one."""
    if not spec.codes:
        for record in records:
            yield record, True
        return
    ((variable, listed),) = spec.codes.items()
    by_code = {record.get(variable): record for record in records}
    for code in study.terms[listed]:
        if code in by_code:
            yield by_code[code], True
        else:
            yield _without_record(spec, study, variable, code), False


def _without_record(spec: TableSpec, study: Study, variable: str, code: str) -> Record:
    """What is known of a code that no record has: the code, and what the tables say of it."""
    known: dict[str, object] = {variable: code}
    for named, table in spec.names.items():
        columns = study.tables[table].columns
        by_code = dict(zip(columns[variable], columns[named], strict=True))
        known[named] = by_code.get(code, code)
    return known
