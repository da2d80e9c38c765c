"""An export of any of the kinds that can be read, taken in form by form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import RawError
from ..findings import gather
from ..metadata import Study
from .csv_folder import CsvFolder, open_folder
from .form_extract import Aside, Export, FormExtract
from .intake import (
    bad_cells,
    file_findings,
    screen_records,
    unknown_columns,
    unknown_subjects,
)
from .odm import open_odm
from .parsed_form import canonical_frame, empty_frame, parse_form
from .redcap import open_redcap

LEDGER = {
    "form": "str",
    "file": "str",
    "encoding": "str",
    "records": "int64",
    "kept": "int64",
    "left_out": "int64",
}
ACCEPTED = (
    "a folder with one CSV file per form, an ODM-XML file (.xml) "
    "or a REDCap export of all forms (.csv)"
)


@dataclass(frozen=True)
class Raw:
    """An export as it came in.

    forms     one frame per form of the study, also for a form that is absent: canonical text, index
              `line`, columns in the order of the spec and then `<column>.missing` with the meaning
              of user-missing codes
    findings  all that is wrong with the files and their cells
    files     the files that were read, by form; the same for all where one file holds all forms
    digests   SHA-256 of each of these files, by name, of the bytes that were read
    ledger    LEDGER, one row per form: records = kept + left out, and each record left out has a
              finding
    unknown   columns that the study does not name, by form, and how many of their cells are not
              empty
    aside     rows and columns of a file of all forms that belong to none of them
    """

    forms: dict[str, pd.DataFrame]
    findings: pd.DataFrame
    files: dict[str, Path]
    digests: dict[str, str]
    ledger: pd.DataFrame
    unknown: dict[str, dict[str, int]]
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class _Taken:
    """One form that has come in."""

    frame: pd.DataFrame
    findings: list[pd.DataFrame]
    entry: tuple[str, str, str, int, int, int]
    unknown: dict[str, int]


def read(source: Path, study: Study) -> Raw:
    """Read all forms of a study; bad records and cells become findings.

    Args:
        source: a folder with one CSV file per form, an ODM-XML file (.xml) or a REDCap export of
            all forms (.csv).
        study: says what is collected, and how the export writes it.

    Returns:
        The forms as canonical text, and all that is wrong with them.

    Raises:
        RawError: where a file cannot be read, or a required form is missing; all such files of a
            folder are named at once.
    """
    export = _opened(Path(source), study)
    taken = _take_all(export, study)
    forms = _all_forms(taken, study)
    found, entries = list(export.findings), []
    for form in taken.values():
        found += form.findings
        entries.append(form.entry)
    return Raw(
        forms=forms,
        findings=with_site(gather(found), forms, study),
        files=dict(export.files),
        digests=dict(export.digests),
        ledger=pd.DataFrame(entries, columns=list(LEDGER)).astype(LEDGER),
        unknown={name: form.unknown for name, form in taken.items() if form.unknown},
        aside=tuple(export.aside),
    )


def _all_forms(taken: Mapping[str, _Taken], study: Study) -> dict[str, pd.DataFrame]:
    """The frame of each form of the study; one that is absent has no records."""
    frames: dict[str, pd.DataFrame] = {}
    for name, form in study.forms.items():
        frames[name] = taken[name].frame if name in taken else empty_frame(form, study)
    return frames


def with_subjects(
    found: pd.DataFrame, forms: Mapping[str, pd.DataFrame], study: Study
) -> pd.DataFrame:
    """Findings on lines of forms, with the subject of the line and its site.

    Args:
        found: findings; `dataset` is the form, `line` that of the file.
        forms: by name, the line as index.
        study: the specs.

    Returns:
        The same findings.
    """
    named = found.copy()
    for form, lines in found.groupby("dataset")["line"]:
        subjects = forms[str(form)][study.intake.subject].reindex(lines)
        named.loc[lines.index, "subject"] = subjects.astype("str").to_numpy()
    return with_site(named, forms, study)


def with_site(found: pd.DataFrame, forms: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Findings with the site of each subject that is known."""
    if not study.intake.site:
        return found
    sites = forms[study.intake.subjects].set_index(study.intake.subject)[study.intake.site]
    return found.assign(site=found["subject"].map(sites).astype("str"))


# ---------------------------------------------------------------- which kind
def _opened(source: Path, study: Study) -> Export:
    if source.is_dir():
        return open_folder(source, study)
    if not source.exists():
        raise RawError(f"is not there; expected {ACCEPTED}", file=str(source))
    if source.suffix.lower() == ".xml":
        return open_odm(source, study)
    if source.suffix.lower() == ".csv":
        return open_redcap(source, study)
    raise RawError(f"is of no kind that can be read; expected {ACCEPTED}", file=source.name)


def reopened(files: Mapping[str, Path], study: Study, lines: frozenset[int]) -> Export:
    """The export that these files are, opened once more.

    Args:
        files: of each form.
        study: of the export.
        lines: of one file for all forms, these records only.
    """
    own_file = [path.name == Path(study.forms[form].file).name for form, path in files.items()]
    if all(own_file):
        return CsvFolder(study, files)
    (one,) = set(files.values())
    if one.suffix.lower() == ".xml":
        return open_odm(one, study, lines)
    return open_redcap(one, study, lines)


# ---------------------------------------------------------------- one form after another
def _take_all(export: Export, study: Study) -> dict[str, _Taken]:
    """All forms, that of the subjects first; files that cannot be read are refused together."""
    taken: dict[str, _Taken] = {}
    refused: list[RawError] = []
    sites: dict[str, str] = {}
    for name in sorted(export.files, key=lambda name: name != study.intake.subjects):
        try:
            taken[name] = _take(export.extract(name), study, sites)
        except RawError as error:
            refused.append(error)
        if name == study.intake.subjects and name in taken:
            sites = _sites_of_subjects(taken[name].frame, study)
    if len(refused) > 1:
        raise RawError("\n".join(map(str, refused)))
    if refused:
        raise refused[0]
    return taken


def _sites_of_subjects(frame: pd.DataFrame, study: Study) -> dict[str, str]:
    """The site of each subject that is listed; missing where the study has no sites."""
    sites = pd.Series(index=frame.index, dtype="str")
    if study.intake.site:
        sites = frame[study.intake.site]
    return dict(zip(frame[study.intake.subject], sites, strict=True))


def _take(extract: FormExtract, study: Study, sites: Mapping[str, str]) -> _Taken:
    """One form; sites: of each subject that is listed."""
    parsed, form = parse_form(extract, study, sites), extract.form
    kept, found = screen_records(parsed)
    found += [*file_findings(parsed), *bad_cells(parsed, kept)]
    if form.name != study.intake.subjects:
        found.append(unknown_subjects(parsed, kept, pd.Index(list(sites), dtype="str")))
    records = len(parsed.lines) + extract.left_out
    entry = (form.name, extract.file, extract.encoding, records, len(kept), records - len(kept))
    unknown: dict[str, int] = {}
    for name in unknown_columns(parsed):
        unknown[name] = int(parsed.records.fields[name].notna().sum())
    return _Taken(canonical_frame(parsed, kept), found, entry, unknown)
