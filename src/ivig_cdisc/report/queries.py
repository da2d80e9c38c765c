"""Queries as a workbook.

One sheet per site, one row per raw cell, a sentence to send and room for the answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ..findings import SEVERITIES, gather, is_open
from ..metadata import Study
from ..validation.causes import causes, first
from ..xlsx import CELL_LIMIT, new_workbook

ASKED = ("reject", "error", "warning")
NOBODY, NOTHING, EARLIER = "No site", "No queries", "Earlier answers"
NEVER_ASKED = ("FILE-CHANGED", "SPEC-UNDECIDED")  # a site cannot know
REQUEST = "Please check and correct or confirm."
INSIDE = "For the data manager, not for a site: "
READING, TECHNICAL = "RAW-", ("RAW-", "SPEC-", "XPT-")
COLUMNS = {  # of a sheet: column of the frame, width
    "Subject": ("subject", 12),
    "Form": ("form", 18),
    "Line": ("line", 7),
    "Field": ("field", 16),
    "Value": ("value", 18),
    "What is wrong": ("wrong", 44),
    "Query": ("query", 60),
    "Severity": ("severity", 10),
    "Fingerprint": ("fingerprint", 19),
    "Answer": ("answer", 44),
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_queries(
    path: Path, found: pd.DataFrame, study: Study, answers: pd.DataFrame | None = None
) -> None:
    """A workbook of all that a site can be asked about; same findings and answers, same bytes.

    answers: all that were given (Answers.rows); those that belong to no question any more get a
        sheet of their own.
    """
    asked = questions(found, study)
    sites = _sites(asked)
    held = BytesIO()
    title = f"{study.id} queries"
    with new_workbook(held, made=study.cutoff, title=title, subject=study.title) as book:
        formats = _formats(book)
        for site, name in sheet_names(sites).items():
            rows = asked[asked["site"].eq(site)] if site else asked[asked["site"].isna()]
            _write(
                book.add_worksheet(name),
                rows,
                formats,
                f"{study.id}, {name}, data cut-off {study.cutoff}",
            )
        if not sites:
            book.add_worksheet(NOTHING).write_string(0, 0, "There is nothing to ask a site about.")
        if answers is not None and len(rest := _unasked(answers, found)):
            _write(
                book.add_worksheet(EARLIER),
                rest,
                formats,
                f"{study.id}, answers to what is asked no more",
            )
    path.write_bytes(held.getvalue())


def questions(found: pd.DataFrame, study: Study) -> pd.DataFrame:
    """One row per cause that a site can be asked about.

    Open, more than a note, and with a place in the raw export.
    """
    asked = _asked(found)
    told = first(asked)
    forms = {form.file: name for name, form in study.forms.items()}
    made = told.assign(
        form=told["file"].map(forms).astype("str").fillna(told["file"]).str.replace("_", " "),
        field=told["column"],
        value=told["verbatim"],
        wrong=_wrong(told, asked),
        answer=_answers(told, asked),
    )
    made["query"] = [_query(row) for row in made.to_dict("records")]
    order = ["site", "subject", "form", "file", "line", "field", "fingerprint"]
    columns = ["site", *(column for column, _ in COLUMNS.values())]
    return made.sort_values(order, kind="stable", ignore_index=True)[columns]


def _asked(found: pd.DataFrame) -> pd.DataFrame:
    """The findings that a site can be asked about."""
    ordered = gather([found])
    asked = ordered["severity"].isin(ASKED) & is_open(ordered) & ordered["file"].notna()
    return ordered[asked & ~ordered["rule"].isin(NEVER_ASKED)]


def _answers(told: pd.DataFrame, asked: pd.DataFrame) -> list[str]:
    """All that was answered to the findings of each cause."""
    given = asked[asked["answer"].notna()]
    of_cause = (
        given["answer"].groupby(causes(given)).agg(lambda texts: "\n".join(dict.fromkeys(texts)))
    )
    alone = zip(causes(told), told["answer"].fillna(""))
    return [str(of_cause.get(cause, own)) for cause, own in alone]


def _unasked(answers: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The answers that belong to none of the questions."""
    return answers[~answers["fingerprint"].isin(_asked(found)["fingerprint"])]


# ---------------------------------------------------------------- what is said
def _wrong(told: pd.DataFrame, asked: pd.DataFrame) -> pd.Series:
    """What is wrong with each cell: the finding that speaks for it, and what other rules say of it.

    Where reading speaks, datasets only repeat it; and what is technical says nothing that a site
    could act on.
    """
    cause, leading = causes(told), causes(asked)
    by_rule = asked[~asked["rule"].str.startswith(TECHNICAL)]
    others = by_rule["message"].groupby(leading[by_rule.index]).agg(list)
    reading = told["rule"].str.startswith(READING)
    more = [[] if r or pd.isna(c) else others.get(c, []) for r, c in zip(reading, cause)]
    texts = [
        " ".join(dict.fromkeys(sentence_of(text, str(column)) for text in (message, *also)))
        for message, column, also in zip(told["message"], told["column"], more)
    ]
    return pd.Series(texts, index=told.index, dtype="str")


def sentence_of(message: str, field: str = "") -> str:
    """A message as a sentence; the name of a field keeps its spelling.

    >>> sentence_of("left out: identical to line 10"), sentence_of("end_date is empty", "end_date")
    ('Left out: identical to line 10.', 'end_date is empty.')
    """
    text = str(message).strip()
    start = text if field and text.startswith(field) else text[:1].upper() + text[1:]
    return start if start.endswith((".", "?", "!")) else f"{start}."


def _query(row: Mapping[Any, Any]) -> str:
    """The query as it can be sent: where to look, what is wrong, what to do.

    What is said of a whole file or column is no question to a site: no site knows how the export
    was made.
    """
    subject = f"Subject {row['subject']}" if pd.notna(row["subject"]) else ""
    line = f"line {row['line']}" if pd.notna(row["line"]) else ""
    field = row["field"] if pd.notna(row["field"]) else ""
    where = ", ".join(filter(None, (subject, row["form"], line, field)))
    if not subject and not (line and field):
        return f"{INSIDE}{where}: {row['wrong']}"
    return f"{where[:1].upper()}{where[1:]}: {row['wrong']} {REQUEST}"


# ---------------------------------------------------------------- sheets
def _sites(asked: pd.DataFrame) -> list[str]:
    """The sites in order; those without one last."""
    named = sorted(asked["site"].dropna().unique())
    return [*named, *([""] if asked["site"].isna().any() else [])]


def sheet_names(sites: list[str]) -> dict[str, str]:
    """A name for each site's sheet that every spreadsheet program takes, and no two alike.

    >>> sheet_names(["01", "A/B", "a:b", ""])
    {'01': 'Site 01', 'A/B': 'Site A_B', 'a:b': 'Site a_b (2)', '': 'No site'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for site in sites:
        plain = FORBIDDEN.sub("_", f"Site {site}" if site else NOBODY)
        name, number = plain[:31].rstrip(" '"), 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: 31 - len(f' ({number})')]} ({number})"
        taken.add(name.casefold())
        names[site] = name
    return names


def _formats(book: Any) -> dict[str, Any]:
    usual = {"text_wrap": True, "valign": "top", "font_size": 10}
    line = {"border": 1, "border_color": "#D9D6CF"}
    colors = dict(zip(SEVERITIES, ("#7A1F52", "#A3282C", "#8A5A00", "#45617C")))
    return {
        "head": book.add_format(
            {**usual, "bold": True, "bg_color": "#22262B", "font_color": "#FFFFFF"}
        ),
        "text": book.add_format({**usual, **line}),
        "quoted": book.add_format({**usual, **line, "quote_prefix": True}),
        "answer": book.add_format({**usual, **line, "bg_color": "#FFF9E5"}),
        "quoted answer": book.add_format(
            {**usual, **line, "bg_color": "#FFF9E5", "quote_prefix": True}
        ),
        **{
            s: book.add_format({**usual, **line, "bold": True, "font_color": colors[s]})
            for s in ASKED
        },
    }


def _write(sheet: Any, rows: pd.DataFrame, formats: Mapping[str, Any], title: str) -> None:
    for place, (heading, (_, width)) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, formats["head"])
    plain = rows[[column for column, _ in COLUMNS.values()]].astype(object)
    for number, record in enumerate(plain.where(plain.notna(), "").to_dict("records"), start=1):
        for place, (column, value) in enumerate(record.items()):
            _write_cell(sheet, (number, place), str(column), value, formats)
    sheet.freeze_panes(1, 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:J{len(rows) + 1}"})
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    _print_settings(sheet, title)


def _write_cell(
    sheet: Any, place: tuple[int, int], column: str, value: Any, formats: Mapping[str, Any]
) -> None:
    """One cell: a number as a number, all else as text that no program may take for a formula."""
    if isinstance(value, int):
        sheet.write_number(*place, value, formats["text"])
        return
    text = str(value)
    kind = text if column == "severity" and text else "answer" if column == "answer" else "text"
    kind = (
        kind
        if not text.startswith(FORMULA)
        else "quoted answer"
        if column == "answer"
        else "quoted"
    )
    if not text:
        sheet.write_blank(*place, None, formats[kind])
        return
    sheet.write_string(
        *place, text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…", formats[kind]
    )


def _print_settings(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_header(f"&L{title.replace('&', '&&')[:200]}")
    sheet.set_footer("&LAnswers belong in the last column.&RPage &P of &N")
