"""The datasets of a file or a folder.

And what of a folder looks like a dataset and cannot be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import CdiscError, ExportError
from .csv_file import read_csv
from .dataset_json import read_json, read_ndjson
from .parquet_file import read_parquet
from .table import Attributes, Table, repeated
from .xpt import reader
from .xpt.header import Member

PACKED = (".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".tgz")
STATISTICS = (
    ".sas7bdat",
    ".v9xpt",
    ".xport",
    ".cpt",
    ".sav",
    ".zsav",
    ".por",
    ".dta",
    ".rds",
    ".rda",
    ".rdata",
)
TABLES = (".feather", ".arrow", ".xlsx", ".xls", ".tsv")
ORDER = (".xpt", ".json", ".ndjson", ".csv", ".parquet")  # which of several formats is compared
OTHER = (*PACKED, *STATISTICS, *TABLES)  # datasets in formats that are not read


@dataclass(frozen=True)
class Source:
    """Where one dataset is: a file, or one member of an XPT file that has several.

    reason says why it is not read.
    """

    name: str
    path: Path
    member: Member | None = None
    reason: str = ""

    def read(self) -> Table:
        """The dataset; ExportError or RawError, which name the file, where it cannot be read."""
        if self.reason:
            raise ExportError(f"{self.path}: {self.reason}")
        if self.member:
            return read_member(self.member, self.name)
        return READERS[self.path.suffix.lower()](self.path)


def of_file(path: Path) -> dict[str, Source]:
    """The datasets of one file by name in capitals; only an XPT file can have several.

    ExportError or RawError, which name the file, where it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS and suffix != ".xpt":
        expected = ", ".join((".xpt", *READERS))
        raise ExportError(f"{path}: is not a dataset that can be compared; expected {expected}")
    if not path.is_file():
        raise ExportError(f"{path}: is not there, or no file")
    if suffix != ".xpt":
        return {path.stem.upper(): Source(path.stem.upper(), path)}
    return _members(path)


def _members(path: Path) -> dict[str, Source]:
    found = reader.members(path)
    if len(found) == 1:
        return {path.stem.upper(): Source(path.stem.upper(), path, found[0])}
    names = [member.name.upper() for member in found]
    if twice := repeated(names):
        raise ExportError(f"{path}: has {', '.join(twice)} more than once")
    return {name: Source(name, path, member) for name, member in zip(names, found, strict=True)}


# ---------------------------------------------------------------- folders
@dataclass(frozen=True)
class Folder:
    """What a folder holds.

    datasets  by name in capitals
    strange   what looks like a dataset and is not read
    others    names of all other files
    also      a sentence for each dataset that is there in other formats too, which are not compared
    """

    datasets: dict[str, Source]
    strange: list[Source]
    others: list[str]
    also: list[str] = field(default_factory=list)


def of_folder(folder: Path) -> Folder:
    """What a folder holds.

    Of one dataset in several formats it is the file whose format comes first in ORDER. ExportError
    where a name is a duplicate in one format, or the folder cannot be listed.
    """
    found = Folder({}, [], [])
    for path in _listed(folder):
        if path.suffix.lower() in (*READERS, ".xpt"):
            _take(found, folder, path)
        elif path.suffix.lower() in OTHER:
            reason = "is in a format that is not compared"
            found.strange.append(Source(_stem(path), path, reason=reason))
        elif path.is_dir():
            found.strange.extend(_within(path))
        else:
            found.others.append(path.name)
    return found


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise ExportError(f"{folder}: {error.strerror}") from error


def _take(found: Folder, folder: Path, path: Path) -> None:
    """A file that is a dataset by its name; one that cannot be read is none of those to compare."""
    try:
        sources = of_file(path)
    except CdiscError as error:
        sources = {_stem(path): Source(_stem(path), path, reason=reason_of(error, path))}
    for name, source in sources.items():
        known = found.datasets.get(name)
        if known is None:
            found.datasets[name] = source
            continue
        if known.path.suffix.lower() == path.suffix.lower():
            both = f"{known.path.name} and {path.name}"
            raise ExportError(f"{folder}: duplicate dataset {name}, as {both}")
        first, second = sorted((known, source), key=_rank)
        found.datasets[name] = first
        found.also.append(f"{folder}: {first.path.name} is compared, and {second.path.name} is not")


def _rank(source: Source) -> int:
    """The place of a file's format in ORDER."""
    return ORDER.index(source.path.suffix.lower())


def _within(folder: Path) -> Iterator[Source]:
    """A folder in the folder, where it holds datasets: these are not looked into."""
    suffixes = {*READERS, ".xpt", *OTHER}
    inside = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in suffixes]
    if inside:
        found = f"{len(inside)} dataset(s), such as {inside[0].name}"
        reason = f"is a folder with {found}; compare it by itself"
        yield Source(folder.name.upper(), folder, reason=reason)


def _stem(path: Path) -> str:
    return path.name.partition(".")[0].upper()


def reason_of(error: CdiscError, path: Path) -> str:
    """What is wrong with a file, without the way to it."""
    reason = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.name}: ")
    return reason.replace(str(path), path.name)


# ---------------------------------------------------------------- formats
def read_member(member: Member, name: str) -> Table:
    """A dataset of a SAS transport file."""
    rows = reader.load(member)
    variables = {}
    for v in member.variables:
        variables[v.name] = Attributes.of(v.type, v.length, v.label, v.format)
    return Table(
        member.path.name,
        name,
        member.label,
        variables,
        rows.frame,
        title=member.name,
        odd=rows.special,
        facts=tuple(f"{member.path.name}: {fact}" for fact in rows.facts),
        padded=True,
    )


READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": read_csv,
    ".json": read_json,
    ".ndjson": read_ndjson,
    ".parquet": read_parquet,
}
