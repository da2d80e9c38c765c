"""Who watches a conversion is told each step: which dataset, which part, how much is done."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from ivig_cdisc import Step, convert
from ivig_cdisc.pipeline.progress import PartSteps

RAW = Path(__file__).parents[2] / "examples" / "ntr6160" / "raw"
PROGRAM = Path(sys.executable).with_name("ivig-cdisc")


def test_steps_of_a_conversion_in_two_parts(tmp_path: Path) -> None:
    steps: list[Step] = []
    out = tmp_path / "out"
    convert(
        RAW, out, study="ntr6160", only=["AE"], partitions=2, validate=False, progress=steps.append
    )
    written = [step for step in steps if step.dataset in {"", "DM", "AE"}]  # DM needs internal ones
    assert [(step.stage, step.dataset, step.part) for step in written] == [
        ("reading", "", 0),
        ("building", "DM", 1),
        ("building", "AE", 1),
        ("writing", "", 1),
        ("building", "DM", 2),
        ("building", "AE", 2),
        ("writing", "", 2),
        ("reporting", "", 0),
    ]
    assert {step.parts for step in steps} == {2}
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    second = [step.share for step in steps if step.part == 2]
    assert (shares[0], second[0], shares[-1]) == (0.0, 0.5, 1.0)


def test_more_steps_than_were_announced() -> None:
    """The share stays within its part."""
    steps: list[Step] = []
    counted = PartSteps(steps.append, part=1, parts=2, steps=1)
    for name in ("AE", "DM", "LB"):
        counted.begin("building", name)
    assert [step.share for step in steps] == [0.0, 0.5, 0.5]


def test_a_terminal_shows_a_bar_with_the_dataset(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [PROGRAM, "convert", RAW, tmp_path / "out", "--only", "DM", "--no-validation"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment, close_fds=True
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    process.wait()
    os.close(ours)
    assert re.search(r"building DM .*\d:\d\d:\d\d", shown.decode())


def _read(terminal: int) -> bytes:
    """What the other end wrote; nothing once it is closed."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
