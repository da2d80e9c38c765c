"""Which of several studies an export belongs to: the one whose required forms it has.

Only names are looked at: files and headers of a folder, item groups and items of an ODM file,
fields of a REDCap file. A form is there if half of its columns are; what is wrong with it in detail
is for its reader to say.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import RawError
from ..metadata import Form, Study
from .csv_file import DELIMITERS
from .exports import ACCEPTED
from .redcap_layout import CHECKBOX, fields_of

_HEADER = 1 << 16  # bytes of a file in which its header ends
_CHUNK = 1 << 22  # bytes of an ODM file that are searched at a time
_TAG = 1 << 12  # bytes of a start tag that may be cut by the end of a chunk
_GROUP = re.compile(
    rb"<(?:[\w.-]+:)?ItemGroup(?:Def|Data)\s[^>]*?\b(?:ItemGroup)?OID\s*=\s*[\"']([^\"'<]*)"
)
_ITEM = re.compile(rb"\bItemOID\s*=\s*[\"']([^\"'<]*)")


@dataclass(frozen=True)
class Fit:
    """How an export fits a study: the number of forms it requires, and those that are missing."""

    study: str
    required: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        if not self.missing:
            return f"has all {self.required} required forms"
        missing = ", ".join(self.missing)
        return f"misses {len(self.missing)} of {self.required} required forms: {missing}"


def recognise(source: Path, studies: Mapping[str, Study]) -> Fit:
    """The one study that the export fits.

    Args:
        source: the export: a folder, or one file.
        studies: by name.

    Returns:
        The study whose required forms the export has all, and no other's.

    Raises:
        RawError: with what each study misses, where none or several fit.
    """
    whole: list[Fit] = []
    listed = ""
    for name, study in studies.items():
        fit = _fit(name, source, study)
        listed += f"\n  {fit.study}: the export {fit}"
        if fit.required and not fit.missing:
            whole.append(fit)
    if len(whole) == 1:
        return whole[0]
    number = "none"
    if whole:
        number = "several"
    start = "write one: specs/README.md"
    if source.is_dir():
        start = "begin one with `ivig-cdisc new-study NAME --from RAW`"
    cure = f"Name a study by --study (study= in Python), or {start}."
    reason = f"{number} of the bundled studies may be meant{listed}\n{cure}"
    raise RawError(reason, file=source.name)


def _fit(name: str, source: Path, study: Study) -> Fit:
    required = {form.name: form for form in study.forms.values() if form.required}
    there = _there(source, study, required)
    missing = []
    for form in required.values():
        if form.name in there:
            continue
        if source.is_dir():
            missing.append(form.file)
        else:
            missing.append(form.name)
    return Fit(name, len(required), tuple(missing))


def _there(source: Path, study: Study, forms: Mapping[str, Form]) -> set[str]:
    """The forms that the export has."""
    if not source.exists():
        raise RawError(f"is not there; expected {ACCEPTED}", file=str(source))
    if source.is_dir():
        return _in_folder(source, forms)
    if source.suffix.lower() == ".xml":
        return _in_odm(source, forms)
    return _in_redcap(source, study, forms)


def _in_folder(folder: Path, forms: Mapping[str, Form]) -> set[str]:
    there = set()
    for name, form in forms.items():
        header = _header(folder / form.file, form.columns)
        if _is_half(form.columns, header):
            there.add(name)
    return there


def _in_odm(file: Path, forms: Mapping[str, Form]) -> set[str]:
    groups, items = _oids(file)
    there = set()
    for name, form in forms.items():
        if name.casefold() in groups and _has_items(form, items):
            there.add(name)
    return there


def _in_redcap(file: Path, study: Study, forms: Mapping[str, Form]) -> set[str]:
    fields: dict[str, set[str]] = {}
    for name, form in forms.items():
        fields[name] = set(fields_of(form, study).values())
    header = _header(file, set().union(*fields.values()))
    # a checkbox has a field for each of its codes
    names = {name.partition(CHECKBOX)[0] for name in header}
    return {name for name, wanted in fields.items() if _is_half(wanted, names)}


def _is_half(wanted: Collection[str], names: Collection[str]) -> bool:
    return 2 * len(set(wanted) & set(names)) >= len(wanted)


def _header(file: Path, wanted: Collection[str]) -> set[str]:
    """The names in the header of a CSV file, by the delimiter that makes most of them wanted."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_HEADER).decode("utf-8-sig", errors="replace")
    except OSError:
        return set()
    lines = [line for line in text.splitlines() if _may_be_header(line)]
    splits = []
    for mark in DELIMITERS:
        first = next(csv.reader(lines[:1], delimiter=mark), [])
        splits.append({name.strip() for name in first})
    return max(splits, key=lambda names: len(names & set(wanted)))


def _may_be_header(line: str) -> bool:
    """Whether the line is neither blank nor the one that names the delimiter."""
    return bool(line.strip()) and not line.lower().startswith("sep=")


def _has_items(form: Form, items: Collection[str]) -> bool:
    own: set[str] = set()
    for column in form.columns:
        own.add(column.casefold())
        own.add(f"{form.name}.{column}".casefold())
    return 2 * len(own & set(items)) >= len(form.columns)


def _oids(file: Path) -> tuple[set[str], set[str]]:
    """Item groups and items that an ODM file names."""
    groups: set[bytes] = set()
    items: set[bytes] = set()
    with file.open("rb") as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            groups.update(_GROUP.findall(text))
            items.update(_ITEM.findall(text))
            rest = text[-_TAG:]
    return _as_text(groups), _as_text(items)


def _as_text(names: set[bytes]) -> set[str]:
    return {name.decode("utf-8", errors="replace").casefold() for name in names}
