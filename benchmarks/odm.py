"""Speed and memory of reading ODM-XML: python benchmarks/odm.py [--megabytes N] [--xml FILE].

A simulated study is written as one ODM file, which is then read in a process of its own: MB/s of
the first pass over the file and of the whole of `raw.read`, and peak memory of that process beside
what the frames themselves take.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

from simulate import simulate

ROOT = Path(__file__).resolve().parents[1]
BYTES_OF_A_SUBJECT = 45_000  # in the ODM file, about
# each in a process of its own, so that the peak of one is not counted for the other
STEPS = ("generate", "read")


def maker() -> ModuleType:
    """The script that writes exports in other forms."""
    path = ROOT / "examples" / "ntr6160" / "make_forms.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def generate(path: Path, megabytes: int) -> None:
    """Write an ODM file of at least about this size."""
    folder = path.with_suffix("")
    simulate(folder, max(1, megabytes * 1_000_000 // BYTES_OF_A_SUBJECT), seed=6160)
    make = maker()
    make.write_odm(path, make.read_folder(folder))


def peak() -> float:
    """MiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path) -> None:
    """Read the file and print the figures.

    Speed is by CPU time, which does not count what else the machine does.
    """
    from ivig_cdisc import metadata, raw
    from ivig_cdisc.raw.odm import open_odm

    study, _ = metadata.load("ntr6160")
    size, before = path.stat().st_size / 1e6, peak()
    began = time.process_time()
    opened = open_odm(path, study)
    tell("first pass over the file", size / (time.process_time() - began))
    del opened
    began = time.process_time()
    taken = raw.read(path, study)
    tell("raw.read, frames and findings", size / (time.process_time() - began))
    frames = sum(frame.memory_usage(deep=True).sum() for frame in taken.forms.values()) / 2**20
    print(f"{size:,.0f} MB of XML, {taken.ledger['records'].sum():,} records; ", end="")
    print(f"before reading {before:.0f} MiB, the frames are {frames:.0f} MiB")


def tell(title: str, speed: float) -> None:
    """One line: MB/s and the peak so far."""
    print(f"{title:<32}{speed:>8.1f} MB/s{peak():>8.0f} MiB peak")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--xml", type=Path, help="a file that is there already")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step == "generate":
        generate(given.xml, given.megabytes)
    elif given.step == "read":
        measure(given.xml)
    else:
        run_steps(given.xml, given.megabytes)


def run_steps(xml: Path | None, megabytes: int) -> None:
    """Generate a file unless one is there, and read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = xml or Path(folder) / "study.xml"
        for step in STEPS:
            if step == "generate" and xml:
                continue
            options = ["--megabytes", str(megabytes), "--xml", str(path), "--step", step]
            command = [sys.executable, __file__, *options]
            subprocess.run(command, check=True)  # noqa: S603  this script itself


if __name__ == "__main__":
    main()
