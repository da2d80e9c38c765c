"""All benchmarks, one after another: python benchmarks/run.py [--subjects N].

Whole-process figures: wall and CPU seconds and peak memory as the operating system counts them for
each finished run, median of the runs. Speed of XPT writing is given as a ratio to pyreadstat,
measured in the same process in turn.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from simulate import simulate

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "ntr6160" / "raw"


@dataclass(frozen=True)
class Run:
    """One finished process."""

    wall: float
    cpu: float
    peak: float  # MiB


def run(*arguments: str) -> Run:
    """Run ivig-cdisc and wait for it; exit codes 0 and 1 both mean that it converted."""
    command = [sys.executable, "-m", "ivig_cdisc", *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    began = time.perf_counter()
    child = subprocess.Popen(command, **quiet)  # noqa: S603  our own command
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {child.returncode}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def tell(title: str, runs: list[Run], records: int = 0) -> None:
    """One line: medians of the runs."""
    wall = statistics.median(run.wall for run in runs)
    cpu = statistics.median(run.cpu for run in runs)
    peak = statistics.median(run.peak for run in runs)
    speed = ""
    if records:
        speed = f"{records / wall:>12,.0f} raw lines/s"
    print(f"{title:<44}{wall:>8.2f} s wall{cpu:>8.2f} s CPU{peak:>8.0f} MiB{speed}", flush=True)


def example(folder: Path, times: int) -> None:
    """The demo conversion."""
    for title, options in (
        ("example, with validation", ()),
        ("example, without validation", ("--no-validation",)),
    ):
        command = ("convert", str(EXAMPLE), str(folder / "example"), "--overwrite", *options)
        tell(title, [run(*command) for _ in range(times)])


def simulated(folder: Path, subjects: int) -> None:
    """A large study, whole and in parts."""
    raw = folder / "raw"
    simulate(raw, subjects, seed=6160)
    lines = sum(file.read_bytes().count(b"\n") - 1 for file in raw.glob("*.csv"))
    print(f"\n{subjects:,} simulated subjects, {lines:,} raw lines")
    to = ("convert", str(raw), str(folder / "simulated"), "--overwrite", "--partitions")
    for title, options in (("without", ("--no-validation",)), ("with", ())):
        for parts in (1, 8):
            took = run(*to, str(parts), *options)
            tell(f"{parts} part(s), {title} validation", [took], lines)


def main() -> None:
    """Run them all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--subjects", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3, help="runs of the example")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        example(Path(folder), given.times)
        for title, script in (("writing XPT", "xpt.py"), ("dates", "dates.py")):
            print(f"\n{title}", flush=True)
            path = str(Path(__file__).with_name(script))
            subprocess.run([sys.executable, path], check=True)  # noqa: S603  our own script
        simulated(Path(folder), given.subjects)


if __name__ == "__main__":
    main()
