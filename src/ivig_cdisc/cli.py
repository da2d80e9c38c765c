"""The command line: arguments in, exit code out. What is heavy is imported by the command that needs it.

Exit codes: 0 clean, 1 findings of severity error, 2 cannot run, 130 and 143 stopped by Ctrl-C and
SIGTERM.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec

import click

from .errors import CdiscError, SpecError

if TYPE_CHECKING:
    from rich.console import Console

    from .pipeline import Progress, Summary

P = ParamSpec("P")


def exits(command: Callable[P, bool]) -> Callable[P, None]:
    """Turn what a command says (clean or not) and what it raises into an exit code and a plain message."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            with _warnings():
                clean = command(*args, **kwargs)
            _flush()
        except SpecError as error:
            _end(f"{error}\n{len(error.problems)} problem(s) in the specs; nothing was read")
        except CdiscError as error:
            _end(f"ivig-cdisc: {error}")
        except OSError as error:
            _end(f"ivig-cdisc: {error.filename or 'stdout'}: {error.strerror or error}")
        except KeyboardInterrupt:
            _end("ivig-cdisc: interrupted", 130)
        sys.exit(0 if clean else 1)

    return run


class _Warning(logging.Handler):
    """What is logged goes to stderr as it is."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"ivig-cdisc: {record.getMessage()}", err=True)


@contextmanager
def _warnings() -> Iterator[None]:
    log, handler = logging.getLogger(__package__), _Warning()
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _flush() -> None:
    """What was told must have reached its reader; OSError where it cannot."""
    if sys.stdout is None:
        raise CdiscError("stdout is closed: what came out cannot be told")
    sys.stdout.flush()


def _end(message: str, code: int = 2) -> NoReturn:
    with suppress(OSError):
        click.echo(message, err=True)
    with suppress(OSError, AttributeError):
        sys.stdout.flush()
        sys.exit(code)
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), 1
    )  # what waits for a full or closed stdout is not tried again
    sys.exit(code)


def listed(_context: click.Context, _option: click.Parameter, text: str | None) -> list[str]:
    """The names in an option, with commas or blanks between them; none where the option is not given."""
    names = [] if text is None else re.split(r"\s*,\s*|\s+", text.strip())
    if "" in names:
        raise click.BadParameter(
            f'"{text}" has an empty name; names with commas between them were expected'
        )
    return names


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("ivig-cdisc"), prog_name="ivig-cdisc")
def main() -> None:
    """Raw clinical trial records to CDISC SDTM and ADaM, validated and traceable."""


@main.command()
@click.argument("raw", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--study",
    default=None,
    help="Bundled study, or its folder; otherwise the bundled one that RAW fits.",
)
@click.option(
    "--partitions",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Convert subjects in N parts.",
)
@click.option(
    "--only",
    metavar="DATASETS",
    callback=listed,
    help="These datasets (DM,ADTIS) and what they need.",
)
@click.option("--no-validation", is_flag=True, help="Convert without examining what was made.")
@click.option("--overwrite", is_flag=True, help="Replace an existing output folder.")
@click.option("--verbose", is_flag=True, help="Show also which rules took longest.")
@exits
def convert(
    raw: Path, out: Path, study: str | None, partitions: int, only: list[str], **flags: bool
) -> bool:
    """Convert a raw export to SDTM and ADaM, examined.

    RAW is a folder of CSV files, an ODM-XML file or a REDCap CSV file; OUT appears whole or not at
    all.
    """
    from .pipeline import convert as convert_study
    from .preparation import recognise

    if study is None:
        fit = recognise(raw)
        study = fit.study
        click.echo(f"study {study}: the export {fit}")
    with _progress() as progress:
        summary = convert_study(
            raw,
            out,
            study=study,
            partitions=partitions,
            only=only,
            validate=not flags["no_validation"],
            overwrite=flags["overwrite"],
            progress=progress,
        )
    _tell(summary)
    if flags["verbose"]:
        _tell_slowest(summary)
    return summary.clean


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--study", default=None, help="Bundled study, or its folder; otherwise the one that OUT names."
)
@exits
def validate(out: Path, study: str | None) -> bool:
    """Examine the datasets in OUT again."""
    from .pipeline import validate as examine

    with _progress() as progress:
        summary = examine(out, study=study, progress=progress)
    _tell(summary)
    return summary.clean


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("dataset")
@click.option("--where", required=True, help="The record: USUBJID=... PARAMCD=TIS AVISIT='Week 9'.")
@click.option("--var", "variable", required=True, help="The variable.")
@click.option(
    "--raw",
    type=click.Path(path_type=Path),
    default=None,
    help="The raw export, to show what was typed.",
)
@click.option(
    "--study", default=None, help="Bundled study, or its folder; otherwise the one that OUT names."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@exits
def trace(
    out: Path,
    dataset: str,
    where: str,
    variable: str,
    raw: Path | None,
    study: str | None,
    form: str,
) -> bool:
    """Show how one cell was derived.

    The tree goes from the cell of DATASET in OUT down to file, line and column of the raw export.
    """
    from .lineage import tree
    from .tracing import trace as traced

    found = traced(out, dataset, where, variable, raw, study=study)
    click.echo(tree.as_json(found) if form == "json" else tree.as_text(found))
    return True


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--study",
    default=None,
    help="Bundled study, or its folder; otherwise the one that the outputs name.",
)
@click.option(
    "--raw1",
    type=click.Path(path_type=Path),
    help="Raw export that OLD was made from; with --raw2.",
)
@click.option(
    "--raw2",
    type=click.Path(path_type=Path),
    help="Raw export that NEW was made from; with --raw1.",
)
@click.option("--sequences", is_flag=True, help="Compare --SEQ, ASEQ and SRCSEQ too.")
@click.option("--all", "everything", is_flag=True, help="All lines of each list, not the first 20.")
@click.option("--json", "as_data", is_flag=True, help="JSON, complete.")
@exits
def diff(
    old: Path, new: Path, study: str | None, raw1: Path | None, raw2: Path | None, **how: bool
) -> bool:
    """Compare two outputs of one study.

    Findings that are new or resolved, records that changed, and which raw cells made an outcome
    change. Exit code 1 means that the outputs differ.
    """
    from .comparison import outputs as comparison

    found = comparison.diff(
        old, new, study=study, raw_old=raw1, raw_new=raw2, sequences=how["sequences"]
    )
    most = None if how["everything"] else comparison.MOST
    click.echo(
        comparison.as_json(found) if how["as_data"] else comparison.as_text(found, most), nl=False
    )
    return found.same


@main.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("subject")
@click.option(
    "--study", default=None, help="Bundled study, or its folder; otherwise the one that OUT names."
)
@click.option(
    "--html", type=click.Path(path_type=Path), help="Write the story to this file as a page."
)
@exits
def explain(out: Path, subject: str, study: str | None, html: Path | None) -> bool:
    """Tell one subject's story in plain sentences."""
    from . import narrative as telling

    story = telling.explain(out, subject, study=study)
    if html is None:
        click.echo(telling.as_text(story), nl=False)
    else:
        _write(html, telling.as_html(story))
    return True


@main.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    metavar="VARIABLES",
    callback=listed,
    help="What makes a record unique: USUBJID,DSSEQ.",
)
@click.option(
    "--study",
    help="Bundled study, or its folder, for the keys; otherwise the one that an output names.",
)
@click.option(
    "--tolerance",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="For numbers, absolute.",
)
@click.option(
    "--explained",
    type=click.Path(path_type=Path),
    help="YAML with the differences that are known and why.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), help="Write the comparison to this file as a page."
)
@click.option("--all", "everything", is_flag=True, help="All lines of each list, not the first 20.")
@exits
def compare(first: Path, second: Path, html: Path | None, *, everything: bool, **how: Any) -> bool:
    """Compare two datasets, or two folders of them.

    FIRST and SECOND are XPT, CSV or Dataset-JSON, in any combination: attributes, records that only
    one has, cells that differ. Exit code 1 means that they differ, or that a file of a folder
    cannot be compared; with --explained, in anything but what is written there.
    """
    from . import comparison

    found = comparison.compare(first, second, **how)
    click.echo(comparison.as_text(found, None if everything else comparison.MOST), nl=False)
    if html is not None:
        _write(html, comparison.as_html(found))
    return found.clean


@main.command("new-study")
@click.argument("name")
@click.option(
    "--from",
    "raw",
    type=click.Path(path_type=Path),
    required=True,
    help="Raw export: a folder of CSVs.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    help="New folder; otherwise NAME in small letters.",
)
@exits
def new_study(name: str, raw: Path, folder: Path | None) -> bool:
    """Begin the specs of a study from its raw export.

    RAW is a folder with one CSV file per form; of an ODM or REDCap file nothing is guessed. Forms,
    columns, types, codes, date formats and SDTM variables are guessed, every guess is marked as
    one, and what is left to decide is told.
    """
    from . import scaffold

    click.echo(scaffold.new_study(name, raw, folder or Path(name.lower())), nl=False)
    return True


@main.group()
def spec() -> None:
    """Work with the specs of a study."""


@spec.command()
@click.argument("study", default=None, required=False)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@exits
def check(study: str | None, form: str) -> bool:
    """Check the specs of STUDY, a bundled study or a folder, and list all problems at once.

    Without STUDY, all bundled ones. Exit code 2 means that there are problems; warnings alone are
    none.
    """
    from . import study_check

    checked = study_check.check_all(study)
    problems = [problem for one in checked if one.errors for problem in one.problems]
    click.echo(
        study_check.as_json(checked) if form == "json" else study_check.as_text(checked), nl=False
    )
    if problems and form == "json":
        sys.exit(2)
    if problems:
        raise SpecError(problems)
    return True


@spec.command("export")
@click.argument("study")
@click.argument("workbook", type=click.Path(path_type=Path))
@exits
def export_spec(study: str, workbook: Path) -> bool:
    """Write the specs of STUDY as an Excel workbook."""
    from .workbook import write

    write(study, workbook)
    return True


@spec.command("import")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the specs that are in the folder.")
@exits
def import_spec(workbook: Path, folder: Path, **flags: bool) -> bool:
    """Write the specs in an Excel workbook as a study's FOLDER of YAML."""
    from .workbook import read

    read(workbook, folder, overwrite=flags["overwrite"])
    return True


# ---------------------------------------------------------------- what the user sees
def _write(file: Path, text: str) -> None:
    from .output import write_file

    write_file(file, text.encode())


@contextmanager
def _progress() -> Iterator[Progress]:
    """A moving bar on a terminal, plain lines otherwise; on stderr, so that the summary can be piped."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda stage, part, parts: click.echo(_step(stage, part, parts), err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda stage, part, parts: bar.update(
            task, description=_step(stage, part, parts), total=parts, completed=max(part - 1, 0)
        )


def _step(stage: str, part: int, parts: int) -> str:
    return f"{stage} (part {part} of {parts})" if part and parts > 1 else stage


def _tell_slowest(summary: Summary) -> None:
    """The ten rules that took longest; times are told here only, since files are the same in every run."""
    click.echo("\nSlowest rules")
    slowest = summary.rules.nlargest(10, "seconds")
    for seconds, rule, dataset in zip(
        slowest["seconds"], slowest["rule"], slowest["dataset"], strict=True
    ):
        click.echo(f"{seconds:8.3f} s  {rule} on {dataset}")


def _tell(summary: Summary) -> None:
    from rich.console import Console
    from rich.table import Table

    class Plain(Console):
        """rich would end the program without a word."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    console = Plain(
        highlight=False, soft_wrap=True, markup=False, emoji=False
    )  # text is text: [/x] in a path too
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, side in (("dataset", "left"), ("records", "right"), ("holds", "left")):
        table.add_column(heading, justify=side, no_wrap=True)  # type: ignore[arg-type]
    for name, rows in summary.rows.items():
        table.add_row(name, str(rows), summary.study.dataset(name).label)
    console.print(f"\n{summary.study.id}: {summary.study.title}\n", style="bold")
    console.print(table)
    console.print()
    for line in summary.primary:
        console.print(f"{line.label}: ", end="")
        console.print(line.text, style="bold")
    _tell_findings(summary, console)


def _tell_findings(summary: Summary, console: Console) -> None:
    from .report import answered, severities, waived

    told = ", ".join(
        f"{count} {severity}(s)" for severity, count in severities(summary.findings).items()
    )
    left = {"waived": waived(summary.findings), "answered": answered(summary.findings)}
    also = ", ".join(f"{count} {what}" for what, count in left.items() if count)
    console.print(f"\nFindings: {told}{f' ({also})' if also else ''}")
    if gone := len(summary.earlier):
        console.print(f"Answers:  {gone} to findings that are gone; they are kept in findings.xlsx")
    console.print(f"Report:   {summary.out / 'validation' / 'report.html'}")
