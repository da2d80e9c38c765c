"""Makes the cells of a dataset fit SAS XPORT version 5, and says of every cell what happened to it.

Rules: XPT-CONTROL (note: a line break or tab became a blank), XPT-TRANSLITERATED (note: text
    spelled in ASCII), XPT-SPLIT (note: text goes on in SUPP--), XPT-NON-ASCII (error: a character
    without ASCII spelling became "?"), XPT-LENGTH (error: text was cut), XPT-RANGE (error: a number
    the file cannot hold became missing).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from ...dataset import Dataset
from ...findings import findings, gather
from ...metadata import DatasetSpec, continuations, pieces
from ...text import spans
from . import cells, ibm, layout, spelling
from .identity import same_keys

_SEVERITIES = {
    "XPT-CONTROL": "note",
    "XPT-TRANSLITERATED": "note",
    "XPT-SPLIT": "note",
    "XPT-NON-ASCII": "error",
    "XPT-LENGTH": "error",
    "XPT-RANGE": "error",
}


@dataclass(frozen=True)
class _Fitted:
    """One distinct text as the file holds it, and a message per rule that changed it."""

    text: str
    messages: dict[str, str]


@dataclass(frozen=True)
class _Column:
    """The cells of one column as the file holds them, and what is said of those that are others."""

    cells: pd.Series
    findings: list[pd.DataFrame]


def fit(dataset: Dataset) -> tuple[Dataset, pd.DataFrame]:
    """The dataset with cells that XPORT version 5 can hold.

    And one finding per cell and rule that changed it.

    Records whose keys became the same are reported as well (identity.same_keys).

    Args:
        dataset: it is not changed. Looked at are the columns of the file, and supplemental text.

    Returns:
        The dataset, itself where nothing had to be changed. Missing stays missing, and text that
        goes on in SUPP-- stays whole (see spec.continuations); sdtm.split and sdtm.shortened cut
        it. In a finding row is the index of the record, value the original; subject is USUBJID
        where the frame has it, site and key are left open.

    Raises:
        ExportError: the spec itself does not fit, or a column holds neither text nor numbers as the
            spec says.
    """

    def fit_column(column: pd.Series, field: layout.Field) -> _Column | None:
        return _fit_column(dataset, column, field)

    fields = (*layout.fields(dataset.spec), *layout.supplemental(dataset.spec))
    fitted = cells.for_each(fields, dataset.frame, fit_column)
    changed: dict[str, pd.Series] = {}
    found: list[pd.DataFrame] = []
    for name, column in fitted.items():
        if column is not None:
            changed[name] = column.cells
            found += column.findings
    if not changed:
        return dataset, gather([])
    frame = dataset.frame.assign(**changed)
    return replace(dataset, frame=frame), gather([*found, *same_keys(dataset, frame)])


def _fit_column(dataset: Dataset, column: pd.Series, field: layout.Field) -> _Column | None:
    """The column as the file holds it; nothing where it holds it as it is."""
    if field.variable.type == "Num":
        return _fit_numbers(dataset, column, field)
    return _fit_text(dataset, column, field)


def _fit_numbers(dataset: Dataset, column: pd.Series, field: layout.Field) -> _Column | None:
    bad = cells.beyond_doubles(column) | ~ibm.fits(cells.numbers(column, field.kind))
    if not bad.any():
        return None
    size = f"numbers from {ibm.SMALLEST:.1e} to {ibm.LARGEST:.1e} in size"
    message = f"Became missing: the file holds {size}, and whole numbers to 15 digits."
    original = column[bad].astype("str")
    said = pd.Series(message, original.index)
    found = _found("XPT-RANGE", dataset, field, np.flatnonzero(bad), value=original, message=said)
    return _Column(column.astype("float64").mask(bad), [found])


def _fit_text(dataset: Dataset, column: pd.Series, field: layout.Field) -> _Column | None:
    values = cells.text(column)
    if spelling.is_printable_ascii(values) and cells.longest(values) <= field.width:
        return None
    codes, terms = _coded(column, values)
    fitted = [_fit_term(term, field, dataset.spec) for term in terms]
    found = list(_text_findings(dataset, field, codes, terms, fitted))
    return _Column(_recoded(column, codes, fitted), found)


def _fit_term(text: str, field: layout.Field, spec: DatasetSpec) -> _Fitted:
    """One text without control characters, in ASCII, and as long as can be."""
    flat = spelling.without_control(text)
    if spec.transliterate:
        ascii_text, spelled, lost = spelling.transliterate(flat)
    else:
        ascii_text, spelled, lost = spelling.replace(flat)
    messages = {}
    if flat != text:
        messages["XPT-CONTROL"] = "A line break, tab or other control character became a blank."
    if spelled:
        messages["XPT-TRANSLITERATED"] = f'Written as "{ascii_text}": the file holds ASCII only.'
    if lost:
        characters = " ".join(lost)
        messages["XPT-NON-ASCII"] = f'Written as "{ascii_text}": no ASCII spelling of {characters}.'
    kept, said = _kept(ascii_text, field, spec)
    return _Fitted(kept, messages | said)


def _kept(text: str, field: layout.Field, spec: DatasetSpec) -> tuple[str, dict[str, str]]:
    """A text of ASCII as far as the variable and its continuations hold it.

    And a message per rule that this broke.
    """
    if len(text) <= field.width:
        return text, {}
    further, place = _goes_on(field.variable.name, spec)
    cut = [slice(0, field.width)]
    if further:
        cut = spans(text)[: 1 + len(further)]
    messages = {}
    if names := ", ".join(further[: len(cut) - 1]):
        where = f"Goes on in {place}{names}"
        messages["XPT-SPLIT"] = f"{where}: a variable holds {field.width} bytes."
    kept = text[: cut[-1].stop]
    if kept != text.rstrip(" "):
        messages["XPT-LENGTH"] = f'Cut from {len(text)} to {len(kept)} bytes: "{kept}".'
    return kept, messages


def _goes_on(name: str, spec: DatasetSpec) -> tuple[tuple[str, ...], str]:
    """The names under which a long text goes on, and where they are, for a message."""
    own = pieces(spec).get(name, ())
    if own:
        return own, ""
    return continuations(spec).get(name, ()), f"SUPP{spec.name} as "


def _coded(column: pd.Series, values: pa.Array) -> tuple[NDArray[np.int64], list[str]]:
    """Each distinct text once, and per row its place among them; -1 is missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64), values.to_pylist()
    encoded = values.dictionary_encode()
    return encoded.indices.fill_null(-1).to_numpy().astype(np.int64), encoded.dictionary.to_pylist()


def _recoded(column: pd.Series, codes: NDArray[np.int64], fitted: list[_Fitted]) -> pd.Series:
    """The column with each text replaced; terms of a category that became equal are one."""
    texts = [term.text for term in fitted]
    rows = pd.Series(np.array([*texts, np.nan], object)[codes], column.index, "str", column.name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return rows.astype(pd.CategoricalDtype(list(dict.fromkeys(texts)), column.cat.ordered))
    return rows


def _text_findings(
    dataset: Dataset,
    field: layout.Field,
    codes: NDArray[np.int64],
    terms: list[str],
    fitted: list[_Fitted],
) -> Iterator[pd.DataFrame]:
    originals = pd.Series(terms, dtype="str")
    for rule in _SEVERITIES:
        messages = pd.Series([term.messages.get(rule) for term in fitted], dtype="str")
        rows = np.flatnonzero(np.append(messages.notna(), False)[codes])
        if rows.size:
            terms_there = codes[rows]
            yield _found(
                rule,
                dataset,
                field,
                rows,
                value=originals.take(terms_there),
                message=messages.take(terms_there),
            )


def _found(
    rule: str, dataset: Dataset, field: layout.Field, where: NDArray[np.int64], **columns: pd.Series
) -> pd.DataFrame:
    """Findings of one rule in one column, at rows given by position, with value and message."""
    frame = dataset.frame
    subject = None
    if "USUBJID" in frame:
        subject = frame["USUBJID"].iloc[where].astype("str")
    return findings(
        severity=_SEVERITIES[rule],
        rule=rule,
        dataset=dataset.name,
        row=frame.index[where].to_series(),
        subject=subject,
        variable=field.variable.name,
        **columns,
    )
