"""Everything that is guessed of an export, put together form by form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ..metadata.standard import standard
from . import codes, column_types, conventions, date_formats, keys, subjects, targets, terms, visits
from .column_names import is_one_of
from .column_types import ColumnType
from .conventions import ExportConventions
from .keys import Key
from .sample import Sample, SampledFile
from .subjects import Subjects
from .targets import Measured, Target
from .terms import Terms

_TEXTUAL = (
    "REFID",
    "SPID",
    "INDC",
    "LOT",
    "NAM",
    "DECOD",
    "BODSYS",
    "SOC",
    "LLT",
    "HLT",
    "HLGT",
    "CLAS",
    "CLASCD",
    "MODIFY",
)


@dataclass(frozen=True)
class Form:
    """One file as a form of the study.

    domain, why    that it is for, and why
    types          of its columns
    targets        the variables that columns are for
    tests          columns that hold the results of one test
    key            what makes a record unique
    dm_candidates  columns that DM takes from here: its variable
    """

    sampled: SampledFile
    domain: str
    why: str
    types: Mapping[str, ColumnType]
    targets: Mapping[str, Target]
    tests: Mapping[str, Measured]
    key: Key
    dm_candidates: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.sampled.name

    @property
    def records(self) -> int:
        return len(self.sampled.frame)

    def column(self, variable: str, *, time: bool = False) -> str:
        """The column for a variable, or for the time of its date; empty if there is none."""
        for column, target in self.targets.items():
            if target.variable == variable and target.is_time == time:
                return column
        return ""


@dataclass(frozen=True)
class Guesses:
    """What is guessed of the whole export; date: the format that most dates have."""

    name: str
    sample: Sample
    conventions: ExportConventions
    subjects: Subjects
    forms: tuple[Form, ...]
    terms: Mapping[str, Terms]
    date: str

    def form(self, name: str) -> Form:
        return next(form for form in self.forms if form.name == name)

    @property
    def of_subjects(self) -> Form:
        return self.form(self.subjects.form)


def guess(name: str, taken: Sample) -> Guesses:
    """All guesses.

    Args:
        name: of the study.
        taken: the files of the export.

    Raises:
        RawError: where no column names the subject in at least half of the files.
    """
    subject = subjects.column(taken.files)
    taken = _with_subject(taken, subject)
    counted: dict[str, dict[str, pd.Series]] = {}
    domains: dict[str, tuple[str, str]] = {}
    every_column: list[pd.Series] = []
    for sampled in taken.files:
        counted[sampled.name] = _counted(sampled)
        domains[sampled.name] = targets.domain(sampled)
        every_column += counted[sampled.name].values()
    found = conventions.find(every_column)
    seen: dict[str, dict[str, ColumnType]] = {}
    for sampled in taken.files:
        seen[sampled.name] = _seen(sampled, counted[sampled.name], found)
    seen = _dates_agreed(seen)
    own_domain = {form: domain for form, (domain, _) in domains.items()}
    listed = subjects.find(subject, taken.files, own_domain)
    domains[listed.form] = ("DM", "it lists the subjects")
    forms = tuple(_form(s, *domains[s.name], seen[s.name], listed) for s in taken.files)
    listed_terms = _terms(forms, subject, found)
    return Guesses(name, taken, found, listed, forms, listed_terms, _usual_date(forms))


def _counted(sampled: SampledFile) -> dict[str, pd.Series]:
    """For each column, records by distinct value."""
    return {column: column_types.counted(sampled.frame[column]) for column in sampled.columns}


def _seen(
    sampled: SampledFile, counted: Mapping[str, pd.Series], found: ExportConventions
) -> dict[str, ColumnType]:
    """The types of the columns by what they hold."""
    records, seen = len(sampled.frame), {}
    for column, counts in counted.items():
        seen[column] = column_types.guess(column, counts, records, found)
    return seen


def _terms(forms: Sequence[Form], subject: str, found: ExportConventions) -> dict[str, Terms]:
    """The lists of codes, and the numbers of the visits."""
    numbers = visits.numbers(forms, subject, found.unknown)
    lists = terms.find(forms)
    if numbers:
        lists["VISITNUM"] = Terms(numbers)
    return lists


def _with_subject(taken: Sample, subject: str) -> Sample:
    """Files without the column of the subject cannot be forms."""
    reason = f"it has no column {subject}, which names the subject in the other files"
    forms, left_out = [], list(taken.left_out)
    for sampled in taken.files:
        if subject in sampled.columns:
            forms.append(sampled)
        else:
            left_out.append((sampled.file, f"{reason}{_hint(sampled)}"))
    return replace(taken, files=tuple(forms), left_out=tuple(sorted(left_out)))


def _hint(sampled: SampledFile) -> str:
    for name in sampled.columns:
        if is_one_of(name, "subject"):
            return f"; if that is {name} here, it needs the same name in every file"
    return ""


# ---------------------------------------------------------------- one form
def _form(
    sampled: SampledFile, domain: str, why: str, seen: Mapping[str, ColumnType], listed: Subjects
) -> Form:
    if domain not in standard().datasets:
        domain = ""
    own = {c: seen[c] for c in seen if c not in (listed.column, listed.site)}
    aimed: dict[str, Target] = {}
    measured: dict[str, Measured] = {}
    if domain:
        aimed = targets.targets(sampled, domain, own)
        others = {column: own[column] for column in own if column not in aimed}
        measured = targets.tests(sampled, domain, others)
    settled: dict[str, ColumnType] = {}
    for column, column_type in seen.items():
        settled[column] = _settled(column, column_type, aimed.get(column), domain, listed)
        if column in measured and settled[column].name == "code":
            settled[column] = column_types.as_number(settled[column])
    key = _key(sampled, settled, listed)
    candidates: dict[str, str] = {}
    if sampled.name != listed.form:
        candidates = _dm_candidates(sampled, settled, aimed, key)
    for column, variable in candidates.items():
        target = Target(variable, "")
        settled[column] = _settled(column, settled[column], target, "DM", listed)
    return Form(sampled, domain, why, settled, aimed, measured, key, candidates)


def _dm_candidates(
    sampled: SampledFile,
    settled: Mapping[str, ColumnType],
    aimed: Mapping[str, Target],
    key: Key,
) -> dict[str, str]:
    """Dates and the like that belong into DM, on a form that each subject has once."""
    if len(key.columns) > 1 or key.repeated:
        return {}
    taken = {*aimed, *key.columns}
    others = {column: settled[column] for column in settled if column not in taken}
    candidates: dict[str, str] = {}
    for column, target in targets.targets(sampled, "DM", others).items():
        variable = target.variable
        is_own = variable in ("DMDTC", "INVNAM")  # of the form itself, not of the subject
        if not is_own and not targets.variable("DM", variable).codelist:
            candidates[column] = variable
    return candidates


def _key(sampled: SampledFile, settled: Mapping[str, ColumnType], listed: Subjects) -> Key:
    if sampled.name == listed.form:
        return Key((listed.column,), listed.repeated, len(sampled.frame))
    return keys.find(sampled.frame, listed.column, settled)


def _settled(
    name: str, column_type: ColumnType, target: Target | None, of: str, listed: Subjects
) -> ColumnType:
    """The type of a column once it is known what it is for."""
    if name == listed.column:
        return replace(column_type, name="text", why="names the subject", decide="")
    if name == listed.site:
        return replace(column_type, name="text", why="names the site", decide="")
    if target is None:
        return column_type
    return _as_aimed(column_type, target, of)


def _as_aimed(column_type: ColumnType, target: Target, of: str) -> ColumnType:
    known = targets.variable(of, target.variable)
    if target.is_time or targets.is_date(known):
        return replace(column_type, name="time" if target.is_time else "date")
    if known.type == "Num":
        return column_types.as_number(column_type)
    if known.codelist:
        return _as_codes(column_type, known.codelist, targets.test_names(of, known))
    if known.role == "Topic" or target.variable.removeprefix(of) in _TEXTUAL:
        return replace(column_type, name="text", why=column_types.texts(column_type.counts))
    is_result = column_type.name == "code" and target.variable.endswith("ORRES")
    if is_result and column_types.is_numeric(column_type):
        return column_types.as_number(column_type)
    return column_type


def _as_codes(column_type: ColumnType, codelist: str, names: str) -> ColumnType:
    """Codes where the values are few, or all of them are terms."""
    values = list(column_type.counts.index)
    matched = len(codes.match(values, codelist, names))
    whole = bool(values) and matched == len(values)
    likely = matched * 2 >= len(values) or column_type.name in ("code", "number")
    few = bool(values) and column_types.short(column_type.counts) and likely
    if whole or few:
        return column_types.coded(column_type)
    return replace(column_type, name="text")


# ---------------------------------------------------------------- dates
def _dates_agreed(seen: dict[str, dict[str, ColumnType]]) -> dict[str, dict[str, ColumnType]]:
    """Dates that two formats fit are read like the other dates: of the form, else of the export."""
    every: list[ColumnType] = []
    for columns in seen.values():
        every += columns.values()
    everywhere = _sure(every)
    agreed: dict[str, dict[str, ColumnType]] = {}
    for form, columns in seen.items():
        near = _sure(columns.values())
        agreed[form] = {name: _agreed(columns[name], near, everywhere) for name in columns}
    return agreed


def _sure(columns: Iterable[ColumnType]) -> Counter[str]:
    """Formats that are the only ones to fit, and how many columns have them."""
    formats: Counter[str] = Counter()
    for column in columns:
        if column.format and not column.format.rival:
            formats[column.format.formats.split("|")[0]] += 1
    return formats


def _agreed(column: ColumnType, near: Counter[str], far: Counter[str]) -> ColumnType:
    """One that two formats fit, in the one that near or else far columns have more often."""
    if column.format is None or not column.format.rival:
        return column
    first, rival = column.format.formats.split("|")[0], column.format.rival
    used = near
    if near[first] == near[rival]:
        used = far
    if used[rival] > used[first]:
        first, rival = rival, first
    where = ""
    if used[first] != used[rival]:
        where = f", as in {used[first]} other column(s)"
    decide = f"AMBIGUOUS: every value fits {first} and {rival}; {first} is taken{where}"
    formats = date_formats.swapped(column.format.formats, first)
    chosen = replace(column.format, formats=formats, rival=rival)
    return replace(column, format=chosen, why=chosen.formats, decide=decide)


def _usual_date(forms: Sequence[Form]) -> str:
    """The formats that most columns of dates have."""
    used: Counter[str] = Counter()
    for form in forms:
        for column in form.types.values():
            if column.name == "date" and column.format:
                used[column.format.formats] += 1
    return max(used, key=lambda formats: (used[formats], formats), default="YYYY-MM-DD")
