"""The records of a passage as a table, with a sentence for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..metadata import Table as TableSpec
from .filling import Value, filled, first_said
from .sections import Table
from .subject import Record

MISSING = "–"
Terms = Mapping[str, Mapping[str, str]]


def table(
    spec: TableSpec,
    says: Sequence[str],
    records: Sequence[Record],
    terms: Terms,
    value_of: Callable[[Record], Value],
) -> Table:
    """A row for each record, or for each code of a list, with or without a record.

    says: of each record the first of these whose values are all known.
    """
    rows: list[tuple[str, ...]] = []
    sentences: list[str] = []
    for record, is_there in _rows(spec, records, terms):
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
    spec: TableSpec, records: Sequence[Record], terms: Terms
) -> Iterator[tuple[Record, bool]]:
    """Records in the order of the table, and whether each is there or stands for a missing one."""
    if not spec.codes:
        for record in records:
            yield record, True
        return
    ((variable, listed),) = spec.codes.items()
    by_code = {record.get(variable): record for record in records}
    for code in terms[listed]:
        if code in by_code:
            yield by_code[code], True
        else:
            yield {variable: code, **_names(spec, terms, code)}, False


def _names(spec: TableSpec, terms: Terms, code: str) -> Record:
    named = {}
    for variable, listed in spec.names.items():
        named[variable] = terms[listed].get(code, code)
    return named
