"""Read a raw export folder for the oracle: text in, exact values out; what cannot be parsed is missing."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from pathlib import Path

Row = dict[str, str]
Tables = dict[str, list[Row]]

FORMS = (
    "subjects",
    "infusions",
    "core_set",
    "laboratory",
    "adverse_events",
    "medications",
    "vitals",
    "end_of_study",
)
USER_MISSING = {"-95", "-96", "-97", "-98", "-99"}
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
TIME = re.compile(r"(\d{1,2}):(\d{2})")
DATE = re.compile(r"(UN|UNK|\d{1,2})-(UN|UNK|\d{1,2})-(\d{4})")


@dataclass(frozen=True)
class Partial:
    """A collected date: the year is known, month and day perhaps."""

    year: int
    month: int | None = None
    day: int | None = None

    def complete(self) -> date | None:
        """The calendar date, or None where a part is unknown."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def read_folder(folder: Path) -> Tables:
    """All forms the oracle needs; an absent form has no rows."""
    return {form: read_form(folder / f"{form}.csv") for form in FORMS}


def read_form(path: Path) -> list[Row]:
    """The rows of one form, cells stripped, user-missing codes emptied; a line that is a duplicate is one row."""
    if not path.exists():
        return []
    lines = csv.DictReader(io.StringIO(decode(path.read_bytes()), newline=""), delimiter=";")
    distinct = {tuple(line.items()): line for line in lines if None not in line}.values()
    return [
        {name: cell(value) for name, value in line.items() if isinstance(name, str)}
        for line in distinct
    ]


def decode(data: bytes) -> str:
    """UTF-8 with or without BOM, else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def cell(text: str | None) -> str:
    """The text of a cell; a user-missing code is a missing value (rule 5)."""
    stripped = (text or "").strip()
    return "" if stripped in USER_MISSING else stripped


def number(text: str) -> Fraction | None:
    """The exact number, decimal point or comma; None for anything else."""
    return Fraction(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def bounded_number(text: str) -> tuple[Fraction | None, bool]:
    """A laboratory number and whether it was collected as `<n` or `>n` (rule 4: it counts as n)."""
    bounded = text[:1] in ("<", ">")
    value = number(text[1:].strip() if bounded else text)
    return value, bounded and value is not None


def clock(text: str) -> time | None:
    """A 24-hour time HH:MM."""
    found = TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def partial_date(text: str) -> Partial | None:
    """DD-MM-YYYY with unknown day, month or both; an impossible date is missing."""
    found = DATE.fullmatch(text)
    if not found:
        return None
    month = int(found[2]) if found[2].isdigit() else None
    day = int(found[1]) if found[1].isdigit() else None
    try:
        date(int(found[3]), month or 1, day or 1)
    except ValueError:
        return None
    return Partial(int(found[3]), month, day)


def full_date(text: str) -> date | None:
    """A complete date; a partial one is no date here."""
    parts = partial_date(text)
    return parts.complete() if parts else None
