"""The files of the new study: study.yaml, and in sdtm/ one for each dataset and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from textwrap import indent
from typing import Any

from ..metadata import OPEN
from ..reference import modeline
from ..text import first_few
from . import annotated_yaml, codes, demographics, terms, visits, wiring
from .annotated_yaml import AnnotatedYaml, File, annotated, remarks
from .column_types import ColumnType
from .guesses import Form, Guesses
from .sample import ENCODINGS
from .wiring import DatasetDraft, VariableDraft

_SHARED: dict[str, dict[str, Any]] = {
    "STUDYID": {"value": {"fact": "study"}},
    "DOMAIN": {"value": "--"},
    "--SEQ": {"derive": "sequence", "from": {"subject": "USUBJID"}},
    "--STRESC": {"from": "--ORRES", "codelist": "none"},
    "--STRESN": {"derive": "number", "from": {"value": "--STRESC"}},
    "--STRESU": {"from": "--ORRESU"},
    "--STAT": {"derive": "not_done", "from": {"reason": wiring.REASON}},
    "--REASND": {"derive": "reason_not_done", "from": {"reason": wiring.REASON}},
    "--DY": {"derive": "study_day", "from": {"date": "--DTC", "reference": "RFSTDTC"}},
    "--STDY": {"derive": "study_day", "from": {"date": "--STDTC", "reference": "RFSTDTC"}},
    "--ENDY": {"derive": "study_day", "from": {"date": "--ENDTC", "reference": "RFSTDTC"}},
}

_INTRODUCTION = (
    (
        "Begun by `ivig-cdisc new-study` from a raw export: `guess` says why a line is so, "
        "`DECIDE` what is open."
    ),
    (
        "Both are comments and can be deleted. The language of these files is on one page, "
        "specs/README.md."
    ),
)


def study_files(guesses: Guesses) -> list[File]:
    """All files, study.yaml first."""
    chosen = _chosen(guesses)
    exposure = chosen.get("EX")
    if exposure and not exposure.column("EXSTDTC"):
        exposure = None
    dm = demographics.draft(guesses, exposure)
    drafts = [dm]
    for _, form in sorted(chosen.items()):
        drafts.append(wiring.draft(guesses, form, referenced="RFSTDTC" in dm.variables))
    made = [File("study.yaml", tuple(_study(guesses, drafts)))]
    made += [File(f"sdtm/{draft.of.lower()}.yaml", tuple(_dataset(draft))) for draft in drafts]
    if exposure:
        made.append(_exposure(guesses, exposure))
    made.append(File("sdtm/shared.yaml", tuple(_shared(guesses, drafts))))
    return [_with_schema(file) for file in made]


def _with_schema(file: File) -> File:
    """The file with the line by which editors know its schema."""
    return replace(file, entries=(AnnotatedYaml(modeline(file.path)), *file.entries))


def _exposure(guesses: Guesses, exposure: Form) -> File:
    """The internal dataset on the way to DM."""
    data = demographics.exposure_dates(guesses, exposure)
    what = "First and last date of exposure of each subject, a step on the way to DM."
    entries = remarks([what])
    for key, value in data.items():
        entries.append(annotated({key: value}))
    return File("sdtm/exposure.yaml", tuple(entries))


def _chosen(guesses: Guesses) -> dict[str, Form]:
    """The form that the dataset of each domain is made of: the one with the most columns for it."""
    chosen: dict[str, Form] = {}
    for form in sorted(guesses.forms, key=_least_columns):
        if form.domain != "DM" and wiring.is_usable(form):
            chosen.setdefault(form.domain, form)
    return chosen


def _least_columns(form: Form) -> tuple[int, int, str]:
    return -len(form.targets) - len(form.tests), -form.records, form.name


# ---------------------------------------------------------------- study.yaml
def _study(guesses: Guesses, drafts: list[DatasetDraft]) -> Iterator[AnnotatedYaml]:
    yield from remarks(_INTRODUCTION)
    last = visits.last_day(guesses.forms, guesses.conventions.unknown)
    yield annotated({"id": guesses.name})
    yield annotated({"title": OPEN}, decide="the title of the study")
    seen = "the last date in the export" if last else ""
    yield annotated({"cutoff": last or "1900-01-01"}, guess=seen, decide="the data cut-off")
    yield annotated({"lengths": "data"})
    yield AnnotatedYaml("")
    yield AnnotatedYaml("intake:")
    yield from _intake(guesses)
    yield AnnotatedYaml("")
    yield AnnotatedYaml("forms:")
    for file, reason in guesses.sample.left_out:
        yield AnnotatedYaml(f"  # {file} is left out", decide=reason, about=file)
    for form in guesses.forms:
        yield from _form(guesses, form, [draft.form.name for draft in drafts])
    yield from _terms(guesses, drafts)


def _intake(guesses: Guesses) -> Iterator[AnnotatedYaml]:
    conventions, taken, seen = guesses.conventions, guesses.sample, guesses.subjects
    if taken.delimiter != ",":
        why = "by which lines have as many fields as the header"
        yield annotated({"delimiter": taken.delimiter}, 1, why)
    yield from _encodings(guesses)
    if conventions.decimal != (".",):
        yield _decimal(guesses)
    yield annotated({"date": guesses.date}, 1, "the format of most columns of dates")
    if conventions.unknown:
        why = "stands in dates for a part that is not known"
        yield annotated({"unknown": dict(conventions.unknown)}, 1, why)
    if conventions.missing:
        yield _missing(guesses)
    yield _subjects(guesses)
    yield annotated({"subject": seen.column}, 1, f"a column of all {len(taken.files)} forms")
    if seen.site:
        yield annotated({"site": seen.site}, 1, "called so")


def _encodings(guesses: Guesses) -> Iterator[AnnotatedYaml]:
    odd = [sampled.file for sampled in guesses.sample.files if sampled.encoding == ENCODINGS[1]]
    if odd:
        seen = f"{first_few(odd, 3)} not in UTF-8"
        decide = "whether accented letters are read rightly"
        yield annotated({"encodings": list(ENCODINGS)}, 1, seen, decide)


def _decimal(guesses: Guesses) -> AnnotatedYaml:
    conventions, decide = guesses.conventions, ""
    if conventions.thousands:
        decide = "three digits follow every comma, so it may separate thousands"
    why = "the decimal signs of columns of numbers"
    return annotated({"decimal": list(conventions.decimal)}, 1, why, decide)


def _subjects(guesses: Guesses) -> AnnotatedYaml:
    seen, decide = guesses.subjects, []
    if seen.repeated:
        decide.append(f"{seen.repeated} records repeat a subject")
    if seen.unlisted:
        decide.append(f"{seen.unlisted} subjects of other forms are not in it")
    each_once = f"{seen.listed} subjects, each once"
    return annotated({"subjects": seen.form}, 1, each_once, "; ".join(decide))


def _missing(guesses: Guesses) -> AnnotatedYaml:
    """The codes, of which only the words have a meaning that is known."""
    conventions, decide = guesses.conventions, ""
    open_ = [code for code in conventions.missing if code.lstrip("-").isdigit()]
    if open_:
        decide = f"what {', '.join(open_)} means; the code counts as missing in every column"
    seen = f"found in {conventions.columns} columns"
    return annotated({"missing": dict(conventions.missing)}, 1, seen, decide)


def _form(guesses: Guesses, form: Form, used: list[str]) -> Iterator[AnnotatedYaml]:
    about, open_ = f"form {form.name}", _form_open(form, used)
    yield annotated({form.name: None}, 1, _form_seen(form), open_, about)
    if form.sampled.file != f"{form.name}.csv":
        yield annotated({"file": form.sampled.file}, 2)
    yield _key(form)
    yield AnnotatedYaml("    columns:")
    for column, column_type in form.types.items():
        yield _column(guesses, form, column, column_type)


def _key(form: Form) -> AnnotatedYaml:
    repeated, seen, decide = form.key.repeated, "", ""
    if not form.records:
        decide = "no record shows what the key is"
    elif repeated:
        decide = f"{repeated} of {form.key.records} records have the same key as another"
    else:
        seen = "unique"
    return annotated({"key": list(form.key.columns)}, 2, seen, decide, f"key of {form.name}")


def _form_seen(form: Form) -> str:
    records = "1 record"
    if form.records != 1:
        records = f"{form.records} records"
    if not form.domain:
        return records
    return f"{records}; {form.domain}, {form.why}"


def _form_open(form: Form, used: list[str]) -> str:
    if not form.domain:
        return "no domain guessed"
    if form.name in used:
        return ""
    if not wiring.is_usable(form):
        return f"for {form.domain}, but no column of it says so: no dataset is made"
    file = f"sdtm/{form.domain.lower()}.yaml"
    return f"another form for {form.domain}: add it to {file} as a branch of a stack"


def _column(guesses: Guesses, form: Form, column: str, column_type: ColumnType) -> AnnotatedYaml:
    goes = _goes(guesses, form, column)
    seen, decide = [column_type.why], []
    if not column_type.empty:
        seen.append(f"{_percent(column_type.lacking)} missing")
    if column_type.decide:
        decide.append(column_type.decide)
    if goes:
        seen.append(goes)
    else:
        decide.append("no target guessed")
    said = _said(guesses, form, column, column_type)
    about = f"{form.name}.{column}"
    made = annotated({column: said or None}, 3, "; ".join(seen), "; ".join(decide), about)
    return replace(made, untargeted=not goes and not column_type.decide)


def _said(guesses: Guesses, form: Form, column: str, column_type: ColumnType) -> dict[str, Any]:
    """What study.yaml says of a column; nothing of one of text."""
    said: dict[str, Any] = {}
    if column_type.name != "text":
        said["type"] = column_type.name
    if column_type.name == "code":
        said["terms"] = terms.name_of(form, column)
    if column_type.name == "date" and column_type.format:
        formats = column_type.format.formats
        if formats != guesses.date:
            said["format"] = formats
    identifies = column_type.name == "date" or column in form.key.columns
    if column_type.complete and identifies:
        said["required"] = True
    return said


def _goes(guesses: Guesses, form: Form, column: str) -> str:
    """Where the column goes, or would go if a dataset were made of the form."""
    if column == guesses.subjects.column:
        return "USUBJID"
    if column == guesses.subjects.site and form.name == guesses.subjects.form:
        return "SITEID"
    if column in form.dm_candidates and form.name != guesses.subjects.form:
        return f"DM.{form.dm_candidates[column]}"
    if column in form.tests and not wiring.is_tall(form):
        return f"{form.domain}TESTCD {form.tests[column].code}"
    target = form.targets.get(column)
    if not target:
        return ""
    return f"time of {target.variable}" if target.is_time else target.variable


def _percent(share: float) -> str:
    return "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _terms(guesses: Guesses, drafts: list[DatasetDraft]) -> Iterator[AnnotatedYaml]:
    units: dict[str, dict[str, str]] = {}
    for draft in drafts:
        of_tests = wiring.units(draft.form)
        if of_tests and not wiring.is_tall(draft.form):
            units[f"{draft.of}ORRESU"] = of_tests
    if not guesses.terms and not units:
        return
    yield AnnotatedYaml("")
    yield AnnotatedYaml("terms:   # collected value: submission value")
    for name, listed in guesses.terms.items():
        yield annotated({name: dict(listed.values)}, 1, *_terms_seen(name, listed), f"terms {name}")
    for name, values in units.items():
        if name not in guesses.terms:
            why = "by the names of the columns, or the only unit there is"
            yield annotated({name: values}, 1, why)


def _terms_seen(name: str, listed: terms.Terms) -> tuple[str, str]:
    """Why the terms were guessed, and what is to decide about them."""
    if name == "VISITNUM":
        decide = "the numbers of the visits; those not planned have none"
        return "by the usual day of each visit", decide
    if not listed.codelist:
        digits = all(map(str.isdigit, listed.values))
        return "as collected", "what the codes mean" if digits else ""
    number, open_ = len(listed.values), len(listed.open)
    seen = f"{number - open_} of {number} found in {codes.named(listed.codelist)}"
    if not open_:
        return seen, ""
    return seen, f"{open_} of {number} values have no submission value yet"


# ---------------------------------------------------------------- sdtm/
def _dataset(draft: DatasetDraft) -> Iterator[AnnotatedYaml]:
    yield annotated({"dataset": draft.of}, 0, f"from {draft.form.name}: {draft.form.why}")
    yield annotated({"keys": draft.keys})
    yield annotated({"shared": draft.shared})
    yield AnnotatedYaml("rows:")
    take: dict[str, Any] = {"take": draft.form.name}
    if draft.rename:
        take["rename"] = draft.rename
    for step in [take, *draft.steps]:
        yield annotated([step], 1)
    if draft.working:
        yield AnnotatedYaml("working:")
    for name, variable in draft.working.items():
        yield _variable(draft.of, name, variable)
    decide = ""
    if draft.not_guessed:
        decide = f"expected and not guessed: {', '.join(draft.not_guessed)}"
    yield AnnotatedYaml("variables:", decide=decide, about=draft.of)
    for name, variable in draft.variables.items():
        yield _variable(draft.of, name, variable)


def _variable(of: str, name: str, variable: VariableDraft) -> AnnotatedYaml:
    data = variable.data
    if data == {"from": name}:
        data = {}
    text = indent(annotated_yaml.one_line(name, data), "  ")
    return AnnotatedYaml(text, variable.guess, variable.decide, f"{of}.{name}")


def _shared(guesses: Guesses, drafts: list[DatasetDraft]) -> Iterator[AnnotatedYaml]:
    yield from remarks(["Variables that several domains wire alike; -- stands for the domain."])
    used = {"USUBJID"}
    for draft in drafts:
        for name in draft.shared:
            used.add(name if name in _SHARED else f"--{name.removeprefix(draft.of)}")
    wirings = {**_SHARED, "USUBJID": _usubjid(guesses.subjects.column)}
    for name in dict.fromkeys(["STUDYID", "DOMAIN", "USUBJID", *_SHARED]):
        if name in used:
            decide = ""
            if name == "--STRESC" and "--STRESU" in used:
                decide = "results are taken as they are; some may need other units"
            line = annotated_yaml.one_line(name, wirings[name])
            yield AnnotatedYaml(line, decide=decide, about=name)


def _usubjid(subject: str) -> dict[str, Any]:
    if subject.upper() == "USUBJID":
        return {"from": subject}
    study = {"study": {"fact": "study"}}
    return {"derive": "subject_key", "from": {"subject": subject}, "with": study}
