"""The command line answers at once, and the README knows all of it."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ivig_cdisc.cli import main

HEAVY = ("pandas", "numpy", "scipy", "great_expectations", "pydantic", "pyarrow", "lxml", "jinja2")
LOADED = """
import sys
from ivig_cdisc.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
TIMES_CLICK = 3


def test_help_loads_nothing_heavy() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.rpartition("loaded:")[2].split())
    assert "click" in loaded, run.stdout
    assert not loaded & set(HEAVY)


def test_help_is_quick() -> None:
    """Against the library that any such program loads, measured in turn: a busy machine slows both."""
    program = Path(sys.executable).with_name("ivig-cdisc")
    assert program.exists(), "install the package into the environment that runs the tests"
    pairs = [
        (seconds(program, "--help"), seconds(sys.executable, "-c", "import click"))
        for _ in range(5)
    ]
    assert min(mine for mine, _ in pairs) < TIMES_CLICK * min(its for _, its in pairs)


def seconds(*command: object) -> float:
    """Of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every visible command with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            if not child.hidden:
                yield from commands(child, f"{path} {name}")


def options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield from (
                name
                for name in (*parameter.opts, *parameter.secondary_opts)
                if name.startswith("--")
            )


@pytest.mark.parametrize(("path", "command"), [*commands(main, "ivig-cdisc")])
def test_readme_mentions(checkout: Path, path: str, command: click.Command) -> None:
    readme = (checkout / "README.md").read_text("utf-8")
    names = [path, *options(command)]
    assert not [
        name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", readme)
    ]
