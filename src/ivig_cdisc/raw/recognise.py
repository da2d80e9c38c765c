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
from .redcap import fields_of

_HEADER = 1 << 16  # bytes of a file in which its header ends
_CHUNK = 1 << 22  # bytes of an ODM file that are searched at a time
_TAG = 1 << 12  # bytes of a start tag that may be cut by the end of a chunk
_GROUP = re.compile(
    rb"<(?:[\w.-]+:)?ItemGroup(?:Def|Data)\s[^>]*?\b(?:ItemGroup)?OID\s*=\s*[\"']([^\"'<]*)"
)
_ITEM = re.compile(rb"\bItemOID\s*=\s*[\"']([^\"'<]*)")


@dataclass(frozen=True)
class Fit:
    """How an export fits a study: how many forms the study requires, and which of them the export lacks."""

    study: str
    required: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        if not self.missing:
            return f"has all {self.required} required forms"
        return f"lacks {len(self.missing)} of {self.required} required forms: {', '.join(self.missing)}"


def recognise(source: Path, studies: Mapping[str, Study]) -> Fit:
    """The one study that the export fits; RawError, with what each study lacks, where none or several do."""
    fits = [_fit(name, source, study) for name, study in studies.items()]
    whole = [fit for fit in fits if fit.required and not fit.missing]
    if len(whole) == 1:
        return whole[0]
    told = "".join(f"\n  {fit.study}: the export {fit}" for fit in fits)
    reason = f"{'several' if whole else 'none'} of the bundled studies may be meant{told}"
    begin = (
        "begin one with `ivig-cdisc new-study NAME --from RAW`"
        if source.is_dir()
        else "write one: specs/README.md"
    )
    cure = f"Name a study by --study (study= in Python), or {begin}."
    raise RawError(f"{reason}\n{cure}", file=source.name)


def _fit(name: str, source: Path, study: Study) -> Fit:
    required = {form.name: form for form in study.forms.values() if form.required}
    there = _there(source, study, required)
    called = {form: said.file if source.is_dir() else form for form, said in required.items()}
    return Fit(name, len(required), tuple(called[form] for form in required if form not in there))


def _there(source: Path, study: Study, forms: Mapping[str, Form]) -> set[str]:
    """The forms that the export has."""
    if not source.exists():
        raise RawError(f"is not there; expected {ACCEPTED}", file=str(source))
    if source.is_dir():
        return {
            name
            for name, form in forms.items()
            if _is_half(form.columns, _header(source / form.file, form.columns))
        }
    if source.suffix.lower() == ".xml":
        groups, items = _oids(source)
        return {
            name
            for name, form in forms.items()
            if name.casefold() in groups and _has_items(form, items)
        }
    fields = {name: set(fields_of(form, study).values()) for name, form in forms.items()}
    header = _header(source, set().union(*fields.values()))
    names = {
        name.partition("___")[0] for name in header
    }  # a checkbox has a field for each of its codes
    return {name for name, wanted in fields.items() if _is_half(wanted, names)}


def _is_half(wanted: Collection[str], names: Collection[str]) -> bool:
    return 2 * len(set(wanted) & set(names)) >= len(wanted)


def _header(file: Path, wanted: Collection[str]) -> set[str]:
    """The names in the header of a CSV file, by the delimiter that makes most of them wanted ones."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_HEADER).decode("utf-8-sig", errors="replace")
    except OSError:
        return set()
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lower().startswith("sep=")
    ]
    splits = [
        {name.strip() for row in csv.reader(lines[:1], delimiter=mark) for name in row}
        for mark in DELIMITERS
    ]
    return max(splits, key=lambda names: len(names & set(wanted)))


def _has_items(form: Form, items: Collection[str]) -> bool:
    own = {*form.columns, *(f"{form.name}.{column}" for column in form.columns)}
    return 2 * len({name.casefold() for name in own} & set(items)) >= len(form.columns)


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
