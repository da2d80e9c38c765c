"""Faults put into conversions: whatever stops one, OUT is the old folder or the new one, whole."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ivig_cdisc import convert
from ivig_cdisc.errors import ExportError
from ivig_cdisc.output import atomic_folder, exchange
from tests.full_disk import files_no_longer_than

from . import tiny
from .folders import digests

Cli = Callable[..., Result]
PROGRAM = [sys.executable, "-m", "ivig_cdisc"]
KILLS, STOPS, FULL, RENAMES = 40, 3, 24, 24


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its export, and an output of it."""
    folder = tmp_path_factory.mktemp("faults")
    tiny.study(folder / "study")
    tiny.raw(folder / "raw")
    (folder / "place").mkdir()
    made(folder)
    return folder


def made(place: Path) -> Path:
    return convert(
        place / "raw",
        place / "place" / "out",
        study=place / "study",
        validate=False,
        overwrite=True,
    ).out


def left(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "place").iterdir())


# ---------------------------------------------------------------- kill
def writing_forever(out: Path, source: Path) -> None:
    """What a conversion does to its folders, again and again, without the second that its start takes."""
    while True:
        with atomic_folder(out, overwrite=True) as folder:
            copy(source, folder)


@pytest.mark.parametrize("at_one_stroke", [True, False])
def test_killed_at_any_moment(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_one_stroke: bool
) -> None:
    """Without an exchange at one stroke the folder may be away for a moment: the next run puts it back first."""
    if not at_one_stroke:
        monkeypatch.setattr(exchange, "swap", lambda _one, _other: False)
    source, out = place / "place" / "out", tmp_path / "place" / "out"
    with atomic_folder(out, overwrite=True) as folder:
        copy(source, folder)
    for n in range(KILLS):
        child = os.fork()
        if not child:
            writing_forever(out, source)
        time.sleep(0.0007 * n)  # another moment of its rounds each time
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if at_one_stroke:
            assert tiny.whole(out)
        with (
            pytest.raises(ExportError, match="say --overwrite"),
            atomic_folder(out, overwrite=False),
        ):
            pytest.fail("it is there")
        assert tiny.whole(out)
        assert [path.name for path in out.parent.iterdir()] == ["out"]


def copy(source: Path, folder: Path) -> None:
    for path in sorted(source.rglob("*")):
        new = folder / path.relative_to(source)
        new.mkdir(exist_ok=True) if path.is_dir() else new.write_bytes(path.read_bytes())


# ---------------------------------------------------------------- signals
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_by_a_signal(place: Path, number: signal.Signals) -> None:
    """At any moment from the first import to the end: one line, the exit code of a shell, nothing left."""
    command = [
        *PROGRAM,
        "convert",
        place / "raw",
        place / "place" / "out",
        "--study",
        place / "study",
    ]
    said = {signal.SIGTERM: "ivig-cdisc: terminated", signal.SIGINT: "ivig-cdisc: interrupted"}[
        number
    ]
    for n in range(STOPS):
        run = subprocess.Popen(
            [*command, "--overwrite", "--no-validation"], stderr=subprocess.PIPE, text=True
        )
        assert run.stderr is not None
        if n % 2:
            assert run.stderr.readline() == "reading\n"
            time.sleep(0.02 * n)
        else:
            wait_until_it_listens(run)
            time.sleep(0.1 * n)
        run.send_signal(number)
        lines = run.stderr.read().splitlines()
        run.wait()
        assert run.returncode == 128 + number or (run.returncode == 1 and "writing" in lines), lines
        assert run.returncode == 1 or lines[-1] == said
        assert not [line for line in lines if "Traceback" in line or "Exception" in line], lines
        assert tiny.whole(place / "place" / "out")
        assert left(place) == ["out"]


UNRAISABLE = """
import signal, sys, time, weakref
from ivig_cdisc import __main__, cli

signal.signal(signal.SIGINT, signal.default_int_handler)  # the background of a shell ignores it

class Thing:
    pass

def command(**_how):
    thing = Thing()
    kept = weakref.ref(thing, lambda _: signal.raise_signal(int(sys.argv[1])))
    del thing
    time.sleep(20)

cli.main = command
__main__.main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_where_no_exception_can_leave(number: signal.Signals) -> None:
    """Python drops what is raised in the callback of a weak reference, and imports have such callbacks."""
    command = [sys.executable, "-c", UNRAISABLE, str(int(number))]
    run = subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)
    said = {signal.SIGTERM: "ivig-cdisc: terminated\n", signal.SIGINT: "ivig-cdisc: interrupted\n"}[
        number
    ]
    assert (run.returncode, run.stderr) == (128 + number, said)


def wait_until_it_listens(run: subprocess.Popen[str]) -> None:
    """Python itself takes some milliseconds to start, and then dies of a signal as any program does."""
    status = Path(f"/proc/{run.pid}/status")
    if not status.exists():
        time.sleep(0.3)
        return
    while run.poll() is None:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) & (1 << (signal.SIGTERM - 1)):
            return
        time.sleep(0.002)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_while_folders_are_written(
    place: Path, tmp_path: Path, number: signal.Signals
) -> None:
    source, out = place / "place" / "out", tmp_path / "place" / "out"
    with atomic_folder(out, overwrite=True) as folder:
        copy(source, folder)
    for n in range(RENAMES):
        child = os.fork()
        if not child:
            stopped_in_child(out, source)
        time.sleep(0.03 + 0.0007 * n)
        os.kill(child, number)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 128 + number
        assert tiny.whole(out)
        assert [path.name for path in out.parent.iterdir()] == ["out"]


def stopped_in_child(out: Path, source: Path) -> None:
    def stop(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code: object = 99
    try:
        writing_forever(out, source)
    except SystemExit as stopped:
        code = stopped.code
    finally:
        os._exit(int(str(code)))


# ---------------------------------------------------------------- no space
@pytest.mark.parametrize("size", [n * 180 for n in range(FULL)])
def test_no_room_for_a_file(place: Path, cli: Cli, size: int) -> None:
    """Each file in turn, down to none at all, does not get whole; report.html is the longest."""
    before = digests(place / "place" / "out")
    with files_no_longer_than(size):
        result = cli(
            "convert", place / "raw", place / "place" / "out", "--study", place / "study", "--overwrite",
            "--no-validation",
        )  # fmt: skip
    assert result.exit_code == 2
    assert "File too large" in result.stderr
    assert "Traceback" not in result.stderr
    assert digests(place / "place" / "out") == before
    assert left(place) == ["out"]


@pytest.mark.parametrize("written", range(FULL))
def test_a_disk_that_fills_up(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The disk is full after so many files."""
    source, out = place / "place" / "out", tmp_path / "place" / "out"
    with atomic_folder(out, overwrite=True) as folder:
        copy(source, folder)
    real, count = Path.write_bytes, [0]

    def write(path: Path, content: bytes) -> int:
        count[0] += 1
        if count[0] > written % 7:
            real(path, content[: written * 10])  # half a file stays
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", write)
    with (
        pytest.raises(ExportError, match="No space left on device"),
        atomic_folder(out, overwrite=True) as folder,
    ):
        copy(source, folder)
    assert tiny.whole(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


# ---------------------------------------------------------------- renames that fail
@pytest.mark.parametrize("n", range(RENAMES))
def test_a_rename_fails(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    """At one stroke, in the first or in the second of two steps; with each of eight errors."""
    error = [
        errno.EIO,
        errno.EACCES,
        errno.EBUSY,
        errno.ENOSPC,
        errno.EROFS,
        errno.ENOTEMPTY,
        errno.EXDEV,
        errno.EIO,
    ]
    number, source, out = error[n // 3], place / "place" / "out", tmp_path / "place" / "out"
    with atomic_folder(out, overwrite=True) as folder:
        copy(source, folder)
    real = Path.rename

    def swap(_one: Path, _other: Path) -> bool:
        if n % 3 == 0:
            raise OSError(number, os.strerror(number), str(out))
        return False

    def rename(path: Path, target: Path) -> Path:
        if path.name == {1: "out", 2: "new"}[n % 3]:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, target)

    monkeypatch.setattr(exchange, "swap", swap)
    monkeypatch.setattr(Path, "rename", rename)
    with (
        pytest.raises(ExportError, match=f"{os.strerror(number)}.*is as it was"),
        atomic_folder(out, overwrite=True) as new,
    ):
        copy(source, new)
    assert tiny.whole(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


# ---------------------------------------------------------------- where the words go
@pytest.mark.parametrize(
    ("redirected", "reason"),
    [
        ("> /dev/full", "ivig-cdisc: stdout: No space left on device"),
        ("| true", "ivig-cdisc: stdout: Broken pipe"),
        (">&-", "ivig-cdisc: stdout is closed: the result cannot be written"),
    ],
)
def test_nobody_can_read_stdout(place: Path, tmp_path: Path, redirected: str, reason: str) -> None:
    command = " ".join(
        map(str, [*PROGRAM, "new-study", "X", "--from", place / "raw", "--to", tmp_path / "x"])
    )
    slow = command if redirected != "| true" else f"{{ sleep 1; {command}; echo $? >&2; }}"
    run = subprocess.run(
        ["bash", "-c", f"{slow} {redirected}"], capture_output=True, text=True, check=False
    )
    told = run.stderr.splitlines()
    assert told[0] == reason
    assert told[1:] == ([] if redirected != "| true" else ["2"])
    assert run.returncode == (2 if redirected != "| true" else 0)


def test_help_on_a_full_device() -> None:
    run = subprocess.run(
        ["bash", "-c", f"{' '.join(PROGRAM)} --help > /dev/full"], capture_output=True, check=False
    )
    assert (run.returncode, run.stderr) == (2, b"ivig-cdisc: stdout: No space left on device\n")


def test_brackets_in_a_path_are_text(place: Path, tmp_path: Path, cli: Cli) -> None:
    out = tmp_path / "[/b] :smile: [red]"
    result = cli("convert", place / "raw", out, "--study", place / "study", "--no-validation")
    assert result.exit_code == 1
    assert f"{out}/validation/report.html" in result.stdout
    assert "A tiny study [/b] in brackets" in result.stdout
