"""The command line: arguments in, exit code out.

What is heavy is imported by the command that needs it.

Exit codes: 0 clean, 1 findings of severity error, 2 cannot run, 130 and 143 stopped by Ctrl-C and
SIGTERM.
"""

from __future__ import annotations

import click

from .comparison import compare, diff
from .conversion import convert, validate
from .questions import explain, trace
from .specs import new_study, spec

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ivig-cdisc", prog_name="ivig-cdisc")
def main() -> None:
    """Raw clinical trial records to CDISC SDTM and ADaM, validated and traceable."""


for command in (convert, validate, trace, explain, diff, compare, new_study, spec):
    main.add_command(command)
