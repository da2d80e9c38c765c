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

from ..findings import gather, is_open
from ..metadata import Study
from ..validation.causes import causes, first
from ..xlsx import CELL_LIMIT, new_workbook

COLORS = {"reject": "#7A1F52", "error": "#A3282C", "warning": "#8A5A00"}
ASKED = tuple(COLORS)  # severities
NO_SITE, NO_QUERIES, EARLIER_ANSWERS = "No site", "No queries", "Earlier answers"  # sheets
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
COLUMN_NAMES = [name for name, _ in COLUMNS.values()]
SHEET_LIMIT = 31  # characters of the name of a sheet
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def write_queries(
    path: Path, found: pd.DataFrame, study: Study, answers: pd.DataFrame | None = None
) -> None:
    """A workbook of all that a site can be asked about; same findings and answers, same bytes.

    Args:
        path: of the workbook.
        found: the findings, with fingerprints and answers.
        study: the specs.
        answers: all that were given (Answers.rows); those that belong to no question any more get
            a sheet of their own.
    """
    asked = questions(found, study)
    sites = _sites(asked)
    unasked = pd.DataFrame()
    if answers is not None:
        unasked = _unasked(answers, found)
    held = BytesIO()
    title = f"{study.id} queries"
    with new_workbook(held, made=study.cutoff, title=title, subject=study.title) as book:
        formats = _formats(book)
        for site, name in sheet_names(sites).items():
            rows = asked[asked["site"].fillna("").eq(site)]
            heading = f"{study.id}, {name}, data cut-off {study.cutoff}"
            _write(book.add_worksheet(name), rows, formats, heading)
        if not sites:
            sheet = book.add_worksheet(NO_QUERIES)
            sheet.write_string(0, 0, "There is nothing to ask a site about.")
        if not unasked.empty:
            heading = f"{study.id}, answers to what is asked no more"
            _write(book.add_worksheet(EARLIER_ANSWERS), unasked, formats, heading)
    path.write_bytes(held.getvalue())


def questions(found: pd.DataFrame, study: Study) -> pd.DataFrame:
    """One row per cause that a site can be asked about.

    Open, more than a note, and with a place in the raw export.

    Args:
        found: the findings, with fingerprints and answers.
        study: the specs.

    Returns:
        The site and the columns of COLUMNS, in the order of sites, subjects and places.
    """
    asked = _asked(found)
    leading = first(asked)
    forms = {form.file: name for name, form in study.forms.items()}
    form = leading["file"].map(forms).astype("str").fillna(leading["file"])
    made = leading.assign(
        form=form.str.replace("_", " "),
        field=leading["column"],
        value=leading["verbatim"],
        wrong=_wrong(leading, asked),
        answer=_answers(leading, asked),
    )
    made["query"] = [_query(row) for row in made.to_dict("records")]
    order = ["site", "subject", "form", "file", "line", "field", "fingerprint"]
    return made.sort_values(order, kind="stable", ignore_index=True)[["site", *COLUMN_NAMES]]


def _asked(found: pd.DataFrame) -> pd.DataFrame:
    """The findings that a site can be asked about."""
    ordered = gather([found])
    asked = ordered["severity"].isin(ASKED) & is_open(ordered) & ordered["file"].notna()
    return ordered[asked & ~ordered["rule"].isin(NEVER_ASKED)]


def _answers(leading: pd.DataFrame, asked: pd.DataFrame) -> pd.Series:
    """All that was answered to the findings of each cause."""
    given = asked[asked["answer"].notna()]
    of_cause: dict[Any, str] = {}
    for cause, texts in given["answer"].groupby(causes(given)):
        of_cause[cause] = "\n".join(dict.fromkeys(texts))
    answers: pd.Series = causes(leading).map(of_cause).astype("str")
    return answers.fillna(leading["answer"]).fillna("")


def _unasked(answers: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The answers that belong to none of the questions."""
    return answers[~answers["fingerprint"].isin(_asked(found)["fingerprint"])]


# ---------------------------------------------------------------- what is said
def _wrong(leading: pd.DataFrame, asked: pd.DataFrame) -> pd.Series:
    """What is wrong with each cell: the finding that speaks for it, and what other rules say of it.

    Where reading speaks, datasets only repeat it; and what is technical says nothing that a site
    could act on.
    """
    by_rule = asked[~asked["rule"].str.startswith(TECHNICAL)]
    of_cause: dict[Any, list[str]] = {}
    for cause, others in by_rule["message"].groupby(causes(asked)[by_rule.index]):
        of_cause[cause] = others.tolist()
    texts: list[str] = []
    speaking = zip(leading["rule"], leading["message"], leading["column"], causes(leading))
    for rule, message, column, cause in speaking:
        messages = [message]
        if not rule.startswith(READING):
            messages += of_cause.get(cause, [])
        sentences = [sentence_of(one, str(column)) for one in messages]
        texts.append(" ".join(dict.fromkeys(sentences)))
    return pd.Series(texts, index=leading.index, dtype="str")


def sentence_of(message: str, field: str = "") -> str:
    """A message as a sentence; the name of a field keeps its spelling.

    Args:
        message: of a finding.
        field: the column that it is about.

    >>> sentence_of("left out: identical to line 10"), sentence_of("end_date is empty", "end_date")
    ('Left out: identical to line 10.', 'end_date is empty.')
    """
    text = str(message).strip()
    if not (field and text.startswith(field)):
        text = _capitalized(text)
    if not text.endswith((".", "?", "!")):
        text = f"{text}."
    return text


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _query(row: Mapping[Any, Any]) -> str:
    """The query as it can be sent: where to look, what is wrong, what to do.

    What is said of a whole file or column is no question to a site: no site knows how the export
    was made.
    """
    has_subject = pd.notna(row["subject"])
    has_line = pd.notna(row["line"])
    has_field = pd.notna(row["field"])
    place: list[str] = [row["form"]]
    if has_subject:
        place.insert(0, f"Subject {row['subject']}")
    if has_line:
        place.append(f"line {row['line']}")
    if has_field:
        place.append(row["field"])
    where = ", ".join(place)
    if has_subject or (has_line and has_field):
        return f"{_capitalized(where)}: {row['wrong']} {REQUEST}"
    return f"{INSIDE}{where}: {row['wrong']}"


# ---------------------------------------------------------------- sheets
def _sites(asked: pd.DataFrame) -> list[str]:
    """The sites in order; those without one last, as an empty text."""
    sites = sorted(asked["site"].dropna().unique())
    if asked["site"].isna().any():
        sites.append("")
    return sites


def sheet_names(sites: list[str]) -> dict[str, str]:
    """A name for each site's sheet that every spreadsheet program takes, and no two alike.

    Args:
        sites: in the order of the sheets; an empty text for what has no site.

    >>> sheet_names(["01", "A/B", "a:b", ""])
    {'01': 'Site 01', 'A/B': 'Site A_B', 'a:b': 'Site a_b (2)', '': 'No site'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for site in sites:
        wanted = NO_SITE
        if site:
            wanted = f"Site {site}"
        plain = FORBIDDEN.sub("_", wanted)
        name, number = plain[:SHEET_LIMIT].rstrip(" '"), 1
        while name.casefold() in taken:
            number += 1
            suffix = f" ({number})"
            name = f"{plain[: SHEET_LIMIT - len(suffix)]}{suffix}"
        taken.add(name.casefold())
        names[site] = name
    return names


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "bg_color": "#22262B", "font_color": "#FFFFFF"}
    line = {"border": 1, "border_color": "#D9D6CF"}
    quoted = {"quote_prefix": True}
    answer = {"bg_color": "#FFF9E5"}
    looks: dict[str, dict[str, Any]] = {
        "head": head,
        "text": line,
        "quoted": {**line, **quoted},
        "answer": {**line, **answer},
        "quoted answer": {**line, **answer, **quoted},
    }
    for severity, color in COLORS.items():
        looks[severity] = {**line, "bold": True, "font_color": color}
    usual = {"text_wrap": True, "valign": "top", "font_size": 10}
    return {name: book.add_format({**usual, **look}) for name, look in looks.items()}


def _write(sheet: Any, rows: pd.DataFrame, formats: Mapping[str, Any], title: str) -> None:
    for place, (heading, (_, width)) in enumerate(COLUMNS.items()):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, formats["head"])
    plain = rows[COLUMN_NAMES].astype(object)
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
    look = formats[_look(column, text)]
    if not text:
        sheet.write_blank(*place, None, look)
        return
    if len(text) > CELL_LIMIT:
        text = f"{text[: CELL_LIMIT - 1]}…"
    sheet.write_string(*place, text, look)


def _look(column: str, text: str) -> str:
    """Which of the formats a text has."""
    is_formula = text.startswith(FORMULA)
    if column == "answer" and is_formula:
        return "quoted answer"
    if is_formula:
        return "quoted"
    if column == "answer":
        return "answer"
    if column == "severity" and text:
        return text
    return "text"


def _print_settings(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_header(f"&L{title.replace('&', '&&')[:200]}")
    sheet.set_footer("&LAnswers belong in the last column.&RPage &P of &N")
