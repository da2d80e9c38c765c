"""An export that is a folder with one CSV file per form."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import RawError
from ..findings import findings, gather
from ..spec import Form, Study
from .csv_file import Header, Records, read_header, read_records, read_text
from .intake import (
    bad_cells,
    canonical_frame,
    empty_frame,
    file_findings,
    open_page,
    sift,
    unknown_columns,
    unknown_subjects,
)

LEDGER = {"form": "str", "file": "str", "encoding": "str", "records": "int64", "kept": "int64", "left_out": "int64"}


@dataclass(frozen=True)
class Raw:
    """An export as it came in.

    forms     one frame per form of the study, also for a form that is absent: canonical text, index `line`, columns in
              the order of the spec and then `<column>.missing` with the meaning of user-missing codes
    findings  all that is wrong with the files and their cells
    files     the files that were read, by form
    ledger    LEDGER, one row per file: records = kept + left out, and each record left out has a finding
    unknown   columns that the study does not name, by form
    """

    forms: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    files: dict[str, Path]
    ledger: pd.DataFrame
    unknown: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Taken:
    """One form that has come in."""

    frame: pd.DataFrame
    findings: list[pd.DataFrame]
    entry: tuple[str, str, str, int, int, int]
    unknown: tuple[str, ...]


def read(folder: Path, study: Study) -> Raw:
    """Read all forms of a study; bad records and cells become findings, a file that cannot be read stops the run."""
    files, found = _files(Path(folder), study)
    taken = _take_all(files, study)
    forms = {n: taken[n].frame if n in taken else empty_frame(form, study) for n, form in study.forms.items()}
    found += [part for one in taken.values() for part in one.findings]
    return Raw(
        forms=forms,
        findings=_with_site(gather(found), forms, study),
        files=files,
        ledger=pd.DataFrame([one.entry for one in taken.values()], columns=list(LEDGER)).astype(LEDGER),
        unknown={name: one.unknown for name, one in taken.items() if one.unknown},
    )


def _with_site(found: pd.DataFrame, forms: dict[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Findings with the site of each subject that is known."""
    if not study.intake.site:
        return found
    sites = forms[study.intake.subjects].set_index(study.intake.subject)[study.intake.site]
    return found.assign(site=found["subject"].map(sites).astype("str"))


# ---------------------------------------------------------------- which files
def _files(folder: Path, study: Study) -> tuple[dict[str, Path], list[pd.DataFrame]]:
    """The file of each form that is there, and findings on files that are absent or belong to no form."""
    if not folder.is_dir():
        raise RawError("is not a folder; expected the folder of the raw export", file=str(folder))
    present = {name: folder / form.file for name, form in study.forms.items() if (folder / form.file).is_file()}
    named = {form.file for form in study.forms.values()}
    strange = sorted(p.name for p in folder.iterdir() if p.suffix.lower() == ".csv" and p.name not in named)
    absent = [form for name, form in study.forms.items() if name not in present]
    _refuse_absent([form for form in absent if form.required], strange, folder)
    return present, [*map(_optional_absent, absent), *map(_unknown_file, strange)]


def _refuse_absent(forms: Sequence[Form], strange: Sequence[str], folder: Path) -> None:
    if forms:
        names = ", ".join(_with_hint(form.file, strange) for form in forms)
        reason = f"required files are missing: {names}"
        raise RawError(reason, file=folder.name if len(forms) > 1 else forms[0].file)


def _optional_absent(form: Form) -> pd.DataFrame:
    message = f"the optional file {form.file} is absent; the form is taken as empty"
    return findings(severity="warning", rule="RAW-OPTIONAL-ABSENT", dataset=form.name, message=message, file=form.file)


def _unknown_file(name: str) -> pd.DataFrame:
    message = f"no form of the study names the file {name}; it is not read"
    return findings(severity="note", rule="RAW-UNKNOWN-FILE", message=message, file=name)


def _with_hint(name: str, others: Iterable[str]) -> str:
    """A name, and the near one that may have been meant."""
    near = {other.casefold(): other for other in others}
    match = difflib.get_close_matches(name.casefold(), near, n=1)
    return f"{name} (did you mean {near[match[0]]}?)" if match else name


# ---------------------------------------------------------------- one file after another
def _take_all(files: dict[str, Path], study: Study) -> dict[str, _Taken]:
    """All forms, that of the subjects first; files that cannot be read are refused together."""
    taken: dict[str, _Taken] = {}
    refused: list[RawError] = []
    known = pd.Index([], dtype="str")
    for name in sorted(files, key=lambda name: name != study.intake.subjects):
        try:
            taken[name] = _take(files[name], study.forms[name], study, known)
        except RawError as error:
            refused.append(error)
        if name == study.intake.subjects and name in taken:
            known = pd.Index(taken[name].frame[study.intake.subject])
    if len(refused) > 1:
        raise RawError("\n".join(map(str, refused)))
    if refused:
        raise refused[0]
    return taken


def _take(path: Path, form: Form, study: Study, known: pd.Index) -> _Taken:
    records, encoding = _records(path, form, study)
    page = open_page(form, study, records)
    kept, found = sift(page)
    found += [*file_findings(page, encoding), *bad_cells(page, kept)]
    if form.name != study.intake.subjects:
        found.append(unknown_subjects(page, kept, known))
    entry = (form.name, form.file, encoding, len(page.lines), len(kept), len(page.lines) - len(kept))
    return _Taken(canonical_frame(page, kept), found, entry, unknown_columns(page))


def _records(path: Path, form: Form, study: Study) -> tuple[Records, str]:
    text, encoding = read_text(path, study.intake.encodings)
    header = read_header(text, study.intake.delimiter, form.file)
    _check_delimiter(header, form, study.intake.delimiter)
    _check_header(header, form)
    return read_records(text, header, study.intake.delimiter, form.file), encoding


def _check_delimiter(header: Header, form: Form, delimiter: str) -> None:
    """Refuse a header that is one name, where another delimiter would make it several names of the form."""
    if len(header.names) > 1 or len(form.columns) < 2:
        return
    for other in sorted({";", ",", "\t", "|"} - {delimiter}):
        names = [name.strip(' "') for name in header.names[0].split(other)]
        if len(set(names) & set(form.columns)) > 1:
            reason = f"the header is one field; the delimiter seems to be {other!r}, expected {delimiter!r}"
            raise RawError(reason, file=form.file, line=header.line)


def _check_header(header: Header, form: Form) -> None:
    twice = sorted({name for name in header.names if header.names.count(name) > 1})
    if twice:
        reason = f"columns stand twice in the header: {', '.join(twice)}"
        raise RawError(reason, file=form.file, line=header.line, column=twice[0] if len(twice) == 1 else "")
    strange = [name for name in header.names if name not in form.columns]
    missing = [name for name in form.columns if name not in header.names]
    if missing:
        reason = f"columns are missing in the header: {', '.join(_with_hint(name, strange) for name in missing)}"
        raise RawError(reason, file=form.file, line=header.line, column=missing[0] if len(missing) == 1 else "")
