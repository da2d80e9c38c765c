"""Everything that is guessed of an export, put together form by form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..metadata.standard import standard
from . import codes, column_types, conventions, date_formats, keys, subjects, targets, terms, visits
from .column_names import is_one_of
from .column_types import Kind
from .conventions import Marks
from .keys import Key
from .sample import Sample, Sheet
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
    """One file as a form of the study."""

    sheet: Sheet
    domain: str
    why: str
    kinds: Mapping[str, Kind]
    targets: Mapping[str, Target]
    tests: Mapping[str, Measured]
    key: Key
    lent: Mapping[str, str]  # columns that DM takes from here: its variable

    @property
    def name(self) -> str:
        return self.sheet.name

    @property
    def records(self) -> int:
        return len(self.sheet.frame)

    def column(self, variable: str, *, time: bool = False) -> str:
        """The column that is for a variable, or for the time of its date; empty text if there is none."""
        return next(
            (c for c, t in self.targets.items() if (t.variable, t.is_time) == (variable, time)), ""
        )


@dataclass(frozen=True)
class Guesses:
    """What is guessed of the whole export; date: the format that most dates have."""

    name: str
    sample: Sample
    marks: Marks
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
    """All guesses. RawError where no column names the subject in at least half of the files."""
    subject = subjects.column(taken.sheets)
    taken = _with_subject(taken, subject)
    counted = {
        s.name: {c: column_types.counted(s.frame[c]) for c in s.columns} for s in taken.sheets
    }
    found = conventions.find(counts for columns in counted.values() for counts in columns.values())
    seen = {
        s.name: {
            c: column_types.guess(c, counts, len(s.frame), found)
            for c, counts in counted[s.name].items()
        }
        for s in taken.sheets
    }
    seen = _dates_agreed(seen)
    domains = {s.name: targets.domain(s) for s in taken.sheets}
    listed = subjects.find(subject, taken.sheets, {form: of for form, (of, _) in domains.items()})
    domains[listed.form] = ("DM", "it lists the subjects")
    forms = tuple(_form(s, *domains[s.name], seen[s.name], listed) for s in taken.sheets)
    return Guesses(
        name, taken, found, listed, forms, _terms(forms, subject, found), _usual_date(forms)
    )


def _terms(forms: Sequence[Form], subject: str, found: Marks) -> dict[str, Terms]:
    """The lists of codes, and the numbers of the visits."""
    numbers = visits.numbers(forms, subject, found.unknown)
    return terms.find(forms) | ({"VISITNUM": Terms(numbers)} if numbers else {})


def _with_subject(taken: Sample, subject: str) -> Sample:
    """Files without the column of the subject cannot be forms."""
    reason = f"it has no column {subject}, which names the subject in the other files"
    left_out = [(s.file, reason + _hint(s)) for s in taken.sheets if subject not in s.columns]
    sheets = tuple(s for s in taken.sheets if subject in s.columns)
    return replace(taken, sheets=sheets, left_out=tuple(sorted([*taken.left_out, *left_out])))


def _hint(sheet: Sheet) -> str:
    called = [name for name in sheet.columns if is_one_of(name, "subject")]
    return f"; if that is {called[0]} here, it needs the same name in every file" if called else ""


# ---------------------------------------------------------------- one form
def _form(sheet: Sheet, domain: str, why: str, seen: Mapping[str, Kind], listed: Subjects) -> Form:
    domain = domain if domain in standard().datasets else ""
    own = {c: k for c, k in seen.items() if c not in (listed.column, listed.site)}
    aimed = targets.targets(sheet, domain, own) if domain else {}
    measured = (
        targets.tests(sheet, domain, {c: k for c, k in own.items() if c not in aimed})
        if domain
        else {}
    )
    settled = {c: _settled(c, k, aimed.get(c), domain, listed) for c, k in seen.items()}
    settled |= {
        c: column_types.as_number(settled[c]) for c in measured if settled[c].type == "code"
    }
    key = _key(sheet, settled, listed)
    lent = _lent(sheet, settled, aimed, key) if sheet.name != listed.form else {}
    settled |= {c: _settled(c, settled[c], Target(v, ""), "DM", listed) for c, v in lent.items()}
    return Form(sheet, domain, why, settled, aimed, measured, key, lent)


def _lent(
    sheet: Sheet, settled: Mapping[str, Kind], aimed: Mapping[str, Target], key: Key
) -> dict[str, str]:
    """Dates and the like that belong into DM, on a form that each subject has once."""
    if len(key.columns) > 1 or key.repeated:
        return {}
    found = targets.targets(
        sheet, "DM", {c: k for c, k in settled.items() if c not in aimed and c not in key.columns}
    )
    own = {c: t.variable for c, t in found.items() if t.variable not in ("DMDTC", "INVNAM")}
    return {c: v for c, v in own.items() if not targets.variable("DM", v).codelist}


def _key(sheet: Sheet, settled: Mapping[str, Kind], listed: Subjects) -> Key:
    if sheet.name == listed.form:
        return Key((listed.column,), listed.repeated, len(sheet.frame))
    return keys.find(sheet.frame, listed.column, settled)


def _settled(name: str, kind: Kind, target: Target | None, of: str, listed: Subjects) -> Kind:
    """The kind of a column once it is known what it is for."""
    if name in (listed.column, listed.site):
        return replace(
            kind,
            type="text",
            why="names the subject" if name == listed.column else "names the site",
            decide="",
        )
    return _as_aimed(kind, target, of) if target else kind


def _as_aimed(kind: Kind, target: Target, of: str) -> Kind:
    known = targets.variable(of, target.variable)
    if target.is_time or targets.is_date(known):
        return replace(kind, type="time" if target.is_time else "date")
    if known.type == "Num":
        return column_types.as_number(kind)
    if known.codelist:
        return _as_codes(kind, known.codelist, targets.test_names(of, known))
    if known.role == "Topic" or target.variable.removeprefix(of) in _TEXTUAL:
        return replace(kind, type="text", why=column_types.texts(kind.counts))
    if kind.type == "code" and target.variable.endswith("ORRES") and column_types.is_numeric(kind):
        return column_types.as_number(kind)
    return kind


def _as_codes(kind: Kind, codelist: str, names: str) -> Kind:
    """Codes where the values are few, or all of them are terms."""
    values = list(kind.counts.index)
    matched = len(codes.match(values, codelist, names))
    whole = bool(values) and matched == len(values)
    likely = matched * 2 >= len(values) or kind.type in ("code", "number")
    few = bool(values) and column_types.short(kind.counts) and likely
    if whole or few:
        return column_types.coded(kind)
    return replace(kind, type="text")


# ---------------------------------------------------------------- dates
def _dates_agreed(seen: dict[str, dict[str, Kind]]) -> dict[str, dict[str, Kind]]:
    """Dates that two formats fit are read like the other dates: of the form, else of the export."""
    everywhere = _sure(kind for columns in seen.values() for kind in columns.values())
    return {
        form: {c: _agreed(kind, _sure(columns.values()), everywhere) for c, kind in columns.items()}
        for form, columns in seen.items()
    }


def _sure(columns: Iterable[Kind]) -> Counter[str]:
    """Formats that are the only ones to fit, and how many columns have them."""
    return Counter(
        k.format.formats.split("|")[0] for k in columns if k.format and not k.format.rival
    )


def _agreed(kind: Kind, near: Counter[str], far: Counter[str]) -> Kind:
    if kind.format is None or not kind.format.rival:
        return kind
    first, rival = kind.format.formats.split("|")[0], kind.format.rival
    used = next((c for c in (near, far) if c[first] != c[rival]), Counter[str]())
    if used[rival] > used[first]:
        first, rival = rival, first
    where = f", as in {used[first]} other column(s)" if used[first] else ""
    decide = f"AMBIGUOUS: every value fits {first} and {rival}; {first} is taken{where}"
    chosen = replace(
        kind.format, formats=date_formats.swapped(kind.format.formats, first), rival=rival
    )
    return replace(kind, format=chosen, why=chosen.formats, decide=decide)


def _usual_date(forms: Sequence[Form]) -> str:
    written = Counter(
        k.format.formats
        for form in forms
        for k in form.kinds.values()
        if k.type == "date" and k.format
    )
    return max(written, key=lambda f: (written[f], f), default="YYYY-MM-DD")
