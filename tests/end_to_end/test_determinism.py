"""The same export gives the same bytes, wherever, however and in whatever order it is converted."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivig_cdisc import Summary, convert

from . import tiny
from .folders import Export, differing, digests

PROGRAM = Path(sys.executable).with_name("ivig-cdisc")
PLACES = {  # what a machine may be set to
    "seed 0, UTC": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "seed 1, Auckland": {
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Auckland",
        "LC_ALL": "POSIX",
        "PYTHONIOENCODING": "utf-8",
    },
    "seed 2, Honolulu, ASCII": {
        "PYTHONHASHSEED": "2",
        "TZ": "Pacific/Honolulu",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
}


# ---------------------------------------------------------------- all files
@pytest.mark.parametrize("partitions", [1, 2])
def test_partitions(raw: Path, out: Path, examined: Summary, partitions: int) -> None:
    """Findings, report and lineage too; one part is the same once more."""
    summary = convert(raw, out, partitions=partitions)
    assert not differing(digests(out), digests(examined.out))
    assert summary.rows == examined.rows
    assert [line.text for line in summary.results] == [line.text for line in examined.results]


def test_many_partitions(raw: Path, out: Path, converted: Summary) -> None:
    """Small parts may be without any record of a kind, and columns without any value."""
    convert(raw, out, partitions=7, validate=False)
    assert not differing(digests(out), digests(converted.out))


@pytest.mark.parametrize("place", ["seed 0, UTC", "seed 1, Auckland"])
def test_settings_of_the_machine(raw: Path, out: Path, converted: Summary, place: str) -> None:
    assert not differing(
        digests(run(raw, out, "--no-validation", env=PLACES[place])), digests(converted.out)
    )


def test_settings_of_the_machine_with_validation(raw: Path, out: Path, examined: Summary) -> None:
    assert not differing(
        digests(run(raw, out, env=PLACES["seed 2, Honolulu, ASCII"])), digests(examined.out)
    )


def test_another_working_folder(raw: Path, out: Path, converted: Summary) -> None:
    """Relative paths, and files that were copied just now."""
    Export(raw).copy(out.parent / "raw")
    run(Path("raw"), Path("out"), "--no-validation", cwd=out.parent)
    assert not differing(digests(out), digests(converted.out))


def run(
    raw: Path, out: Path, *options: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Path:
    """Convert by the real program; it ends with 1, as the example has errors."""
    arguments = [PROGRAM, "convert", raw, out, *options]
    done = subprocess.run(
        arguments, cwd=cwd, env={**os.environ, **(env or {})}, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr.decode(errors="replace")
    return out


# ---------------------------------------------------------------- the datasets
def shuffled_lines(export: Export, order: random.Random) -> None:
    for file in export.files:
        header, *records = [row for _, row in export.rows(file)]
        order.shuffle(records)
        export.write_rows(file, [header, *records])


def shuffled_columns(export: Export, order: random.Random) -> None:
    for file in export.files:
        places = list(range(len(export.header(file))))
        order.shuffle(places)
        export.change(file, lambda _, row, places=places: [row[i] for i in places])


def other_files(export: Export, _order: random.Random) -> None:
    """UTF-8 with its mark, every field in quotes, another line end."""
    for file in export.files:
        records = [
            ";".join(f'"{field}"' for field in _doubled(row)) for _, row in export.rows(file)
        ]
        (export.folder / file).write_bytes("\r\n".join(records).encode("utf-8-sig"))


def _doubled(row: list[str]) -> list[str]:
    return [field.replace('"', '""') for field in row]


@pytest.mark.parametrize(
    ("change", "partitions"), [(shuffled_lines, 2), (shuffled_columns, 1), (other_files, 1)]
)
def test_order_and_form_of_the_files(
    export: Export,
    out: Path,
    converted: Summary,
    change: Callable[[Export, random.Random], None],
    partitions: int,
) -> None:
    """Datasets are the same to the byte; lines in lineage and findings are those of the files."""
    change(export, random.Random(partitions))
    summary = convert(export.folder, out, study="ntr6160", validate=False, partitions=partitions)
    assert not differing(digests(out, "*.xpt"), digests(converted.out, "*.xpt"))
    cells = ["rule", "file", "column", "subject", "verbatim"]
    assert _counted(summary, cells) == _counted(converted, cells)


def _counted(summary: Summary, columns: list[str]) -> list[str]:
    """The findings without their lines; those on encodings are about the file."""
    found = summary.findings[summary.findings["rule"] != "RAW-ENCODING"]
    return sorted("|".join(map(str, row)) for row in found[columns].itertuples(index=False))


def test_subjects_that_become_one_in_whatever_part(tmp_path: Path) -> None:
    """José-1 and Jose-1 are one USUBJID in XPT: what is found of them must not depend on which part they are in."""
    tiny.study(tmp_path / "study")
    head, *lines = tiny.FORM.splitlines(keepends=True)
    ids = ("Jose-1", "Jose-2", "José-1")
    tiny.raw(
        tmp_path / "raw", head + "".join(f"{name}{lines[0].removeprefix('01')}" for name in ids)
    )
    one, three = (
        convert(tmp_path / "raw", tmp_path / f"out{n}", study=tmp_path / "study", partitions=n)
        for n in (1, 3)
    )
    assert one.findings["rule"].eq("XPT-SAME-SUBJECT").sum() == 2
    assert not differing(digests(one.out), digests(three.out))
