"""The story as one HTML file that holds all it needs."""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files

from .sections import Section, Table
from .telling import NUMBERS, Story


def as_html(story: Story) -> str:
    """A page without scripts and without anything from elsewhere; all text is escaped."""
    template = files(__package__).joinpath("story.html").read_text(encoding="utf-8")
    filled = {
        "study": escape(story.study),
        "title": escape(story.title),
        "cutoff": escape(story.cutoff),
        "subject": escape(story.subject),
        "usubjid": escape(story.usubjid),
        "lead": escape(story.lead),
        "sections": "\n".join(map(_section, story.sections)),
        "numbers": escape(NUMBERS),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: filled[found[1]], template)


def _section(section: Section) -> str:
    before, after = (_paragraphs(part) for part in (section.sentences, section.after))
    table = _table(section.table) if section.table else ""
    return f"<section><h2>{escape(section.title)}</h2><div>{before}{table}{after}</div></section>"


def _paragraphs(sentences: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in sentences)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = "".join(_row(row) for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: tuple[str, ...]) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
