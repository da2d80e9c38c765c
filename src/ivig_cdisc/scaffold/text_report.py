"""What the user reads: what was found and guessed, what is left to decide, how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from ..raw.numbers import NAMES as SIGNS
from ..terminal import Table, as_text
from .annotated_yaml import Decision
from .guesses import Form, Guesses
from .sample import NAMES

HEADINGS = ("form", "records", "domain", "columns", "with target", "key")
NUMBERS = frozenset({"records", "columns", "with target"})


def report_text(guesses: Guesses, decisions: Sequence[Decision], raw: Path, folder: Path) -> str:
    """The text for the terminal.

    Args:
        guesses: of the whole export.
        decisions: all that is to decide, listed as file:line: what.
        raw: folder of the export.
        folder: of the new study.

    Returns:
        Sections with a blank line between them; one without content is left out.
    """
    first: list[Decision] = []
    columns: list[Decision] = []
    for decision in decisions:
        if decision.untargeted:
            columns.append(decision)
        else:
            first.append(decision)
    sections = [
        [f"{guesses.name}: a first draft of its specs is in {folder}"],
        _found(guesses, raw),
        _forms(guesses),
        _listed("To decide", first, folder),
        _listed("Columns without a target", columns, folder),
        _next(raw, folder),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _found(guesses: Guesses, raw: Path) -> list[str]:
    taken, conventions, seen = guesses.sample, guesses.conventions, guesses.subjects
    signs = [SIGNS[sign] for sign in conventions.decimal]
    left_out = [file for file, _ in taken.left_out]
    facts = {
        "delimiter": NAMES[taken.delimiter],
        "decimal sign": " and ".join(signs),
        "dates": _dates(guesses),
        "missing": ", ".join(conventions.missing),
        "subjects": f"{seen.listed} in {seen.form}, by the column {seen.column}",
        "sites": seen.site and f"by the column {seen.site}",
        "left out": ", ".join(left_out),
    }
    lines = [f"Found in {raw}: {len(taken.files)} forms, {taken.records} records"]
    for name, fact in facts.items():
        if fact:
            lines.append(f"  {name:<13} {fact}")
    return lines


def _dates(guesses: Guesses) -> str:
    ways = [guesses.date]
    for part, token in guesses.conventions.unknown.items():
        ways.append(f"{token} for an unknown {part}")
    return ", ".join(ways)


def _forms(guesses: Guesses) -> list[str]:
    rows = [_row(form, guesses) for form in guesses.forms]
    table = Table(HEADINGS, rows, numbers=NUMBERS, indent=2)
    return ["Guessed", *as_text([table]).splitlines()]


def _row(form: Form, guesses: Guesses) -> tuple[str, ...]:
    aimed = {guesses.subjects.column, *form.targets, *form.tests, *form.dm_candidates}
    if form.name == guesses.subjects.form and guesses.subjects.site:
        aimed.add(guesses.subjects.site)
    counts = str(form.records), form.domain or "?", str(len(form.types)), str(len(aimed))
    return (form.name, *counts, ", ".join(form.key.columns))


def _listed(heading: str, decisions: Sequence[Decision], folder: Path) -> list[str]:
    if not decisions:
        return []
    lines = [f"{heading} ({len(decisions)})"]
    for decision in decisions:
        place = f"{folder / decision.file}:{decision.line}"
        lines.append(f"  {place}: {decision.about}: {decision.what}")
    return lines


def _next(raw: Path, folder: Path) -> list[str]:
    return [
        "Next",
        f"  ivig-cdisc spec check {quote(str(folder))}",
        f"  ivig-cdisc convert {quote(str(raw))} OUT --study {quote(str(folder))}",
    ]
