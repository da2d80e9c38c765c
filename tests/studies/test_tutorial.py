"""The tutorial is what happens: its commands are run, its edits made, and what it shows is what was told."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2] / "docs" / "your-study"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"# exits with (\d)$")


def run(line: str, folder: Path) -> str:
    """What a command tells; it ends as the tutorial says, with 0 where that says nothing."""
    expected = EXIT.search(line)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    words = shlex.split(line, comments=True)
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PATH": programs, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == int(expected[1] if expected else 0), f"{line}\n{done.stdout}"
    return done.stdout


def shown(told: str, block: str) -> None:
    """Every line of the block is told, in this order; `...` stands for lines that are left out."""
    lines = iter(line.rstrip() for line in told.splitlines())
    for wanted in block.splitlines():
        if wanted.strip() not in {"", "..."}:
            assert wanted.rstrip() in lines, f"not told, or not here: {wanted!r} in\n{told}"


def edit(block: str, folder: Path) -> None:
    """Lines with - become those with +; others say where."""
    name, _, hunk = block.partition("\n")
    file = folder / name.removeprefix("--- ")
    old = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if not line.startswith("+"))
    new = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if not line.startswith("-"))
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{name} does not hold this once:\n{old}\nbut\n{text}"
    file.write_text(text.replace(old, new), "utf-8")


def create(block: str, folder: Path) -> None:
    """A file whose name stands in the first line, as a comment."""
    file = folder / block.partition("\n")[0].removeprefix("# ")
    file.parent.mkdir(exist_ok=True)
    file.write_text(block, "utf-8")


def test_the_afternoon(tmp_path: Path) -> None:
    for name in ("raw", "second"):
        shutil.copytree(HOME / name, tmp_path / name)
    told, commands = "", 0
    for kind, block in BLOCK.findall((HOME / "README.md").read_text("utf-8")):
        if kind == "sh":
            lines = block.splitlines()
            told, commands = "".join(run(line, tmp_path) for line in lines), commands + len(lines)
        elif kind == "text":
            shown(told, block)
        else:
            {"diff": edit, "yaml": create}[kind](block, tmp_path)
    assert commands > 10
    assert (tmp_path / "out" / "adam" / "adsl.xpt").is_file()


def test_what_is_shown_must_be_told() -> None:
    shown("one\ntwo\nthree\n", "one\n...\nthree\n")
    with pytest.raises(AssertionError, match="not told"):
        shown("one\ntwo\n", "two\none\n")
