"""What the user is told: what was found, what was guessed, what is left to decide, and how to go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from shlex import quote

from .annotated_yaml import Decision
from .guesses import Form, Guesses
from .sample import NAMES


def told(guesses: Guesses, decisions: Sequence[Decision], raw: Path, folder: Path) -> str:
    """The text for the terminal; decisions as file:line: what."""
    first = [d for d in decisions if not d.untargeted]
    columns = [d for d in decisions if d.untargeted]
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
    taken, marks, seen = guesses.sample, guesses.marks, guesses.subjects
    facts = {
        "delimiter": NAMES[taken.delimiter],
        "decimal sign": " and ".join({".": "point", ",": "comma"}[sign] for sign in marks.decimal),
        "dates": guesses.date
        + "".join(f", {token} for an unknown {part}" for part, token in marks.unknown.items()),
        "missing": ", ".join(marks.missing),
        "subjects": f"{seen.listed} in {seen.form}, by the column {seen.column}",
        "sites": seen.site and f"by the column {seen.site}",
        "left out": ", ".join(file for file, _ in taken.left_out),
    }
    heading = f"Found in {raw}: {len(taken.sheets)} forms, {taken.records} records"
    return [heading, *(f"  {name:<13} {fact}" for name, fact in facts.items() if fact)]


def _forms(guesses: Guesses) -> list[str]:
    rows = [_row(form, guesses) for form in guesses.forms]
    table = [("form", "records", "domain", "columns", "with target", "key"), *rows]
    widths = [max(len(row[n]) for row in table) for n in range(5)]
    return ["Guessed", *("  " + _aligned(row, widths) for row in table)]


def _row(form: Form, guesses: Guesses) -> tuple[str, ...]:
    aimed = {guesses.subjects.column, *form.targets, *form.tests, *form.lent}
    if form.name == guesses.subjects.form:
        aimed |= {guesses.subjects.site} - {""}
    counts = str(form.records), form.domain or "?", str(len(form.kinds)), str(len(aimed))
    return (form.name, *counts, ", ".join(form.key.columns))


def _aligned(row: Sequence[str], widths: Iterable[int]) -> str:
    *cells, last = row
    padded = [
        c.ljust(w) if n in (0, 2) else c.rjust(w)
        for n, (c, w) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join([*padded, last]).rstrip()


def _listed(heading: str, decisions: Sequence[Decision], folder: Path) -> list[str]:
    lines = [f"  {folder / d.file}:{d.line}: {d.about}: {d.what}" for d in decisions]
    return [f"{heading} ({len(lines)})", *lines] if lines else []


def _next(raw: Path, folder: Path) -> list[str]:
    return [
        "Next",
        f"  ivig-cdisc spec check {quote(str(folder))}",
        f"  ivig-cdisc convert {quote(str(raw))} OUT --study {quote(str(folder))}",
    ]
