"""Copies of the example that can be changed cell by cell, and what a folder holds."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ivig_cdisc.metadata.study import study_folder

EXAMPLE = Path(__file__).parents[2] / "examples" / "ntr6160"
ENCODINGS = {"subjects.csv": "utf-8-sig", "adverse_events.csv": "cp1252"}
LINE_ENDS = {"infusions.csv": "\r\n"}

Row = list[str]

# The deliberate problems of the example that are errors, and what was meant: a value, or None for a
# line too many.
REPAIRS: dict[tuple[str, int, str], str | None] = {
    ("adverse_events.csv", 15, "end_date"): "19-03-2018",
    ("adverse_events.csv", 29, "description"): "Headache",
    ("adverse_events.csv", 32, "ser_hosp"): "0",
    ("adverse_events.csv", 34, "ser_hosp"): "1",  # `serious` was right, the criterion was forgotten
    ("adverse_events.csv", 38, "severity"): "1",
    ("core_set.csv", 5, "physician_vas"): "1.5",
    ("end_of_study.csv", 18, "reason"): "9",
    ("laboratory.csv", 565, "unit"): "g/L",
    ("laboratory.csv", 614, "subject_id"): None,
    ("medical_history.csv", 11, "mh_no"): None,
    ("medical_history.csv", 12, "start_date"): "UN-03-2018",
    ("medications.csv", 12, "start_date"): "13-03-2018",
    ("medications.csv", 17, "stop_date"): "30-10-2017",
    ("subjects.csv", 18, "sex"): "1",
    ("vitals.csv", 14, "sbp"): "120",
}


@dataclass(frozen=True)
class Export:
    """A folder of raw forms; lines are physical lines, and the header is line 1."""

    folder: Path

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*.csv"))

    def copy(self, folder: Path) -> Export:
        for file in self.files:
            folder.mkdir(exist_ok=True)
            (folder / file).write_bytes((self.folder / file).read_bytes())
        return Export(folder)

    def text(self, file: str) -> str:
        return (self.folder / file).read_bytes().decode(ENCODINGS.get(file, "utf-8"))

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_bytes(text.encode(ENCODINGS.get(file, "utf-8")))

    def header(self, file: str) -> Row:
        return self.rows(file)[0][1]

    def rows(self, file: str) -> list[tuple[int, Row]]:
        """All records, the header too, each with the line it starts on."""
        reader, found, line = (
            csv.reader(io.StringIO(self.text(file), newline=""), delimiter=";"),
            [],
            1,
        )
        for row in reader:
            found.append((line, row))
            line = reader.line_num + 1
        return found

    def write_rows(self, file: str, rows: Iterable[Row]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";", lineterminator=LINE_ENDS.get(file, "\n")).writerows(rows)
        self.write(file, text.getvalue())

    def change(self, file: str, change: Callable[[int, Row], Row | None]) -> None:
        """Each record, the header too, as `change` of its line and fields has it; None leaves it out."""
        changed = [change(line, row) for line, row in self.rows(file)]
        self.write_rows(file, [row for row in changed if row is not None])

    def set(self, file: str, line: int, column: str, value: str | None) -> None:
        """Change one cell; None takes the whole record away."""
        assert line in {n for n, _ in self.rows(file)}, f"no record of {file} starts on line {line}"
        at = self.header(file).index(column)
        self.change(
            file,
            lambda n, row: (
                row if n != line else None if value is None else [*row[:at], value, *row[at + 1 :]]
            ),
        )

    def cell(self, file: str, line: int, column: str) -> str:
        return dict(self.rows(file))[line][self.header(file).index(column)]

    def line(self, file: str, line: int, change: Callable[[str], str]) -> None:
        """Change the text of one physical line, its line end apart."""
        lines = self.text(file).splitlines(keepends=True)
        body = lines[line - 1].rstrip("\r\n")
        lines[line - 1] = change(body) + lines[line - 1][len(body) :]
        self.write(file, "".join(lines))

    def append(self, file: str, *rows: Row) -> int:
        """Add records; returns the line of the first."""
        line = self.text(file).count("\n") + 1
        self.write_rows(file, [*(row for _, row in self.rows(file)), *rows])
        return line

    def fill(self, text: str) -> None:
        """The same text in every cell but that of the subject."""
        for file in self.files:
            subject = self.header(file).index("subject_id")
            records = [
                [v if i == subject else text for i, v in enumerate(row)]
                for _, row in self.rows(file)[1:]
            ]
            self.write_rows(file, [self.header(file), *records])

    def keep(self, subject: str) -> None:
        """The records of one subject."""
        for file in self.files:
            at = self.header(file).index("subject_id")
            records = [row for _, row in self.rows(file)[1:] if row[at] == subject]
            self.write_rows(file, [self.header(file), *records])

    def repair(self) -> None:
        """Take all problems of severity error out, from the last line to the first."""
        for (file, line, column), value in sorted(REPAIRS.items(), key=lambda item: -item[0][1]):
            self.set(file, line, column, value)


def copy_of_example(folder: Path) -> Export:
    return Export(EXAMPLE / "raw").copy(folder)


def copy_of_study(folder: Path, changes: dict[str, tuple[str, str]] | None = None) -> Path:
    """The specs of the example's study in another folder; changes: by file, what is replaced and what by."""
    shutil.copytree(study_folder("ntr6160"), folder)
    for name, (old, new) in (changes or {}).items():
        text = (folder / name).read_text("utf-8")
        assert re.search(old, text, re.MULTILINE), f"{name} does not hold {old}"
        (folder / name).write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), "utf-8")
    return folder


def digests(folder: Path, pattern: str = "*") -> dict[str, str]:
    """SHA-256 of every file, by its path in the folder."""
    files = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Files that are not the same in both, or are in one only."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
