"""Where the rows and columns of the raw export went, as a part of the report."""

from __future__ import annotations

from html import escape

import pandas as pd

from ..lineage.ledger import STATUSES

LOST = ("not submitted", "unknown", "left out")
UNKNOWN_FILE, UNKNOWN_COLUMN = "RAW-UNKNOWN-FILE", "RAW-UNKNOWN-COLUMN"
NOT_READ = "not read, as no form of the study names it"


def brief(ledger: pd.DataFrame, found: pd.DataFrame) -> str:
    """The ledger in a few words, for the top of the report."""
    if ledger.empty:
        return ""
    told = [_total(ledger, "row", "rows read"), _total(ledger, "column", "columns")]
    unknown = [
        f"<div><dt>{what}</dt><dd>{escape(', '.join(names))}</dd></div>"
        for what, names in (("Unknown columns", _unknown_columns(found)), ("Unknown files", _unknown_files(found)))
        if names
    ]
    return (
        f'<section class="panel"><h2>Raw export</h2><dl class="brief">{"".join([*told, *unknown])}</dl>'
        '<a href="#ledger">Where each column went</a></section>'
    )


def section(ledger: pd.DataFrame, found: pd.DataFrame) -> str:
    """The whole ledger: one line per file, and its columns folded beneath."""
    if ledger.empty:
        return ""
    there = {str(kind): _there(part) for kind, part in ledger.groupby("kind")}
    lines = [_file(str(file), part, there, found) for file, part in ledger.groupby("file")]
    lines += [_unread(file, there) for file in _unknown_files(found) if file not in set(ledger["file"])]
    folded = [_columns(str(file), part) for file, part in ledger.groupby("file")]
    return (
        '<section id="ledger" class="part" aria-labelledby="ledger-heading"><h2 id="ledger-heading">Ledger</h2>'
        "<p>Every row and every column of the raw export, and where it went. "
        "The rows of all statuses add up to the rows read.</p>"
        f'<div class="wide" tabindex="0" role="region" aria-label="Ledger by file"><table>{_head(there)}'
        f"<tbody>{''.join(lines)}</tbody>{_foot(ledger, there)}</table></div>"
        f"<h3>Columns of each file</h3>{''.join(folded)}</section>"
    )


# ---------------------------------------------------------------- what is counted
def _there(part: pd.DataFrame) -> list[str]:
    """The statuses that occur, in their order."""
    return [status for status in STATUSES if part["status"].eq(status).any()]


def _rows(part: pd.DataFrame) -> dict[str, int]:
    """Rows by status."""
    rows = part[part["kind"].eq("row")]
    return {status: int(rows.loc[rows["status"].eq(status), "count"].sum()) for status in STATUSES}


def _kinds(part: pd.DataFrame) -> dict[str, int]:
    """Columns by status."""
    columns = part[part["kind"].eq("column")]
    return {status: int(columns["status"].eq(status).sum()) for status in STATUSES}


def _counts(part: pd.DataFrame, kind: str) -> dict[str, int]:
    return _rows(part) if kind == "row" else _kinds(part)


def _unknown_columns(found: pd.DataFrame, file: str = "") -> list[str]:
    unknown = found[found["rule"].eq(UNKNOWN_COLUMN) & (found["file"].eq(file) if file else found["file"].notna())]
    names = unknown["column"] if file else unknown["file"].str.removesuffix(".csv") + "." + unknown["column"]
    return sorted(names.dropna().unique())


def _unknown_files(found: pd.DataFrame) -> list[str]:
    return sorted(found.loc[found["rule"].eq(UNKNOWN_FILE), "file"].dropna().unique())


# ---------------------------------------------------------------- what is shown
def _total(ledger: pd.DataFrame, kind: str, what: str) -> str:
    counts = _counts(ledger, kind)
    told = ", ".join(f"{n:,} {status}" for status, n in counts.items() if n)
    return f"<div><dt>{sum(counts.values()):,} {what}</dt><dd>{told}</dd></div>"


def _head(there: dict[str, list[str]]) -> str:
    """Two lines of headings: what is counted, then in which status."""
    rows, columns = there.get("row", []), there.get("column", [])
    groups = (("Rows", len(rows) + 1), ("Columns", len(columns) + 1))
    over = "".join(f'<th scope="colgroup" colspan="{n}">{title}</th>' for title, n in groups)
    under = "".join(f'<th scope="col">{status}</th>' for status in ("read", *rows, "in all", *columns))
    return (
        f'<thead><tr><th rowspan="2" scope="col">File</th>{over}<th rowspan="2" scope="col">Unknown columns</th></tr>'
        f"<tr>{under}</tr></thead>"
    )


def _numbers(part: pd.DataFrame, there: dict[str, list[str]]) -> str:
    """Sum and counts by status, of rows and then of columns."""
    cells = []
    for kind in ("row", "column"):
        counts = _counts(part, kind)
        cells += [f'<td class="sum">{sum(counts.values()):,}</td>']
        shown = {status: counts[status] for status in there.get(kind, [])}
        cells += [f'<td class="{_kind(status, n)}">{n:,}</td>' for status, n in shown.items()]
    return "".join(cells)


def _kind(status: str, count: int) -> str:
    if not count:
        return "number zero"
    return "number lost" if status in LOST else "number"


def _file(file: str, part: pd.DataFrame, there: dict[str, list[str]], found: pd.DataFrame) -> str:
    unknown = ", ".join(_unknown_columns(found, file))
    return f'<tr><th scope="row">{escape(file)}</th>{_numbers(part, there)}<td>{escape(unknown)}</td></tr>'


def _unread(file: str, there: dict[str, list[str]]) -> str:
    width = sum(map(len, there.values())) + 3
    return f'<tr><th scope="row">{escape(file)}</th><td colspan="{width}" class="lost">{NOT_READ}</td></tr>'


def _foot(ledger: pd.DataFrame, there: dict[str, list[str]]) -> str:
    return f'<tfoot><tr><th scope="row">All files</th>{_numbers(ledger, there)}<td></td></tr></tfoot>'


def _columns(file: str, part: pd.DataFrame) -> str:
    """What became of each column of a file, rows first."""
    order = part.assign(after=part["kind"].eq("column")).sort_values("after", kind="stable")
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Column", "Status", "Goes to", "Why", "Values"))
    texts = [order[name].fillna("").tolist() for name in ("name", "status", "datasets", "reason")]
    lines = "".join(_line(*cells, count=count) for *cells, count in zip(*texts, order["count"].tolist()))
    return (
        f"<details><summary>{escape(file)}</summary><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table></details>"
    )


def _line(name: str, status: str, datasets: str, reason: str, *, count: int) -> str:
    went = "went lost" if status in LOST else "went"
    return (
        f'<tr><th scope="row">{escape(name) or "<em>rows</em>"}</th><td class="{went}">{escape(status)}</td>'
        f'<td>{escape(datasets)}</td><td>{escape(reason)}</td><td class="number">{count:,}</td></tr>'
    )
