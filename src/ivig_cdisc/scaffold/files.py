"""The files of the new study: study.yaml, and in sdtm/ one file for each dataset and what they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from textwrap import indent
from typing import Any

from ..metadata import OPEN
from . import annotated_yaml, codes, demographics, terms, visits, wiring
from .annotated_yaml import Entry, File, entry, remarks
from .column_types import Kind
from .guesses import Form, Guesses
from .sample import ENCODINGS
from .wiring import Draft, Wired

_SHARED: dict[str, dict[str, Any]] = {
    "STUDYID": {"value": {"fact": "study"}},
    "DOMAIN": {"value": "--"},
    "--SEQ": {"derive": "sequence", "from": {"subject": "USUBJID"}},
    "--STRESC": {"from": "--ORRES", "codelist": "none"},
    "--STRESN": {"derive": "number", "from": {"value": "--STRESC"}},
    "--STRESU": {"from": "--ORRESU"},
    "--STAT": {"derive": "not_done", "from": {"reason": wiring.REASON}},
    "--REASND": {"from": wiring.REASON},
    "--DY": {"derive": "study_day", "from": {"date": "--DTC", "reference": "RFSTDTC"}},
    "--STDY": {"derive": "study_day", "from": {"date": "--STDTC", "reference": "RFSTDTC"}},
    "--ENDY": {"derive": "study_day", "from": {"date": "--ENDTC", "reference": "RFSTDTC"}},
}


def files(guesses: Guesses) -> list[File]:
    """All files, study.yaml first."""
    chosen = _chosen(guesses)
    exposure = chosen.get("EX")
    exposure = exposure if exposure and exposure.column("EXSTDTC") else None
    dm = demographics.draft(guesses, exposure)
    referenced = "RFSTDTC" in dm.variables
    drafts = [
        dm,
        *(
            wiring.draft(guesses, form, referenced=referenced)
            for of, form in sorted(chosen.items())
        ),
    ]
    made = [File("study.yaml", tuple(_study(guesses, drafts)))]
    made += [File(f"sdtm/{draft.of.lower()}.yaml", tuple(_dataset(draft))) for draft in drafts]
    if exposure:
        data = demographics.exposed(guesses, exposure)
        said = remarks(
            ["First and last date of exposure of each subject, a step on the way to DM."]
        )
        made.append(File("sdtm/exposed.yaml", (*said, *(entry({k: v}) for k, v in data.items()))))
    return [*made, File("sdtm/shared.yaml", tuple(_shared(guesses, drafts)))]


def _chosen(guesses: Guesses) -> dict[str, Form]:
    """The form that the dataset of each domain is made of: the one with the most columns for it."""
    chosen: dict[str, Form] = {}
    for form in sorted(
        guesses.forms, key=lambda f: (-len(f.targets) - len(f.tests), -f.records, f.name)
    ):
        if form.domain != "DM" and wiring.is_usable(form):
            chosen.setdefault(form.domain, form)
    return chosen


# ---------------------------------------------------------------- study.yaml
def _study(guesses: Guesses, drafts: list[Draft]) -> Iterator[Entry]:
    yield from remarks(
        [
            "Begun by `ivig-cdisc new-study` from a raw export: `guess` says why a line is so, `DECIDE` what is open.",
            "Both are comments and can be deleted. The language of these files is on one page, specs/README.md.",
        ]
    )
    last = visits.last_day(guesses.forms, guesses.marks.unknown)
    yield entry({"id": guesses.name})
    yield entry({"title": OPEN}, decide="the title of the study")
    yield entry(
        {"cutoff": last or "1900-01-01"},
        guess="the last date in the export" if last else "",
        decide="the data cut-off",
    )
    yield Entry("")
    yield Entry("intake:")
    yield from _intake(guesses)
    yield Entry("")
    yield Entry("forms:")
    for file, reason in guesses.sample.left_out:
        yield Entry(f"  # {file} is left out", decide=reason, about=file)
    for form in guesses.forms:
        yield from _form(guesses, form, [draft.form.name for draft in drafts])
    yield from _terms(guesses, drafts)


def _intake(guesses: Guesses) -> Iterator[Entry]:
    marks, taken, seen = guesses.marks, guesses.sample, guesses.subjects
    if taken.delimiter != ",":
        yield entry(
            {"delimiter": taken.delimiter}, 1, "by which lines have as many fields as the header"
        )
    odd = [sheet.file for sheet in taken.sheets if sheet.encoding == ENCODINGS[1]]
    if odd:
        yield entry(
            {"encodings": list(ENCODINGS)},
            1,
            f"{_some(odd)} not in UTF-8",
            "whether accented letters are read rightly",
        )
    if marks.decimal != (".",):
        decide = (
            "every comma has three digits behind it, so it may separate thousands"
            if marks.thousands
            else ""
        )
        yield entry(
            {"decimal": list(marks.decimal)}, 1, "the decimal signs of columns of numbers", decide
        )
    yield entry({"date": guesses.date}, 1, "the format of most columns of dates")
    if marks.unknown:
        yield entry(
            {"unknown": dict(marks.unknown)}, 1, "stands in dates for a part that is not known"
        )
    if marks.missing:
        yield from _missing(guesses)
    repeated = f"{seen.repeated} records repeat a subject; " * bool(seen.repeated)
    unlisted = f"{seen.unlisted} subjects of other forms are not in it; " * bool(seen.unlisted)
    odd_ones = (repeated + unlisted).removesuffix("; ")
    yield entry({"subjects": seen.form}, 1, f"{seen.listed} subjects, each once", odd_ones)
    yield entry({"subject": seen.column}, 1, f"a column of all {len(taken.sheets)} forms")
    if seen.site:
        yield entry({"site": seen.site}, 1, "called so")


def _missing(guesses: Guesses) -> Iterator[Entry]:
    """The codes, of which only the words have a meaning that is known."""
    marks = guesses.marks
    open_ = [code for code in marks.missing if code.lstrip("-").isdigit()]
    decide = (
        f"what {', '.join(open_)} means; the code counts as missing in every column"
        if open_
        else ""
    )
    yield entry({"missing": dict(marks.missing)}, 1, f"found in {marks.columns} columns", decide)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _form(guesses: Guesses, form: Form, used: list[str]) -> Iterator[Entry]:
    yield entry({form.name: None}, 1, _form_seen(form), _form_open(form, used), f"form {form.name}")
    if form.sheet.file != f"{form.name}.csv":
        yield entry({"file": form.sheet.file}, 2)
    repeated = form.key.repeated
    decide = "" if form.records else "no record shows what the key is"
    if repeated:
        decide = f"{repeated} of {form.key.records} records have the same key as another"
    unique = "unique" if form.records and not repeated else ""
    yield entry({"key": list(form.key.columns)}, 2, unique, decide, f"key of {form.name}")
    yield Entry("    columns:")
    for column, kind in form.kinds.items():
        yield _column(guesses, form, column, kind)


def _form_seen(form: Form) -> str:
    records = f"{form.records} records" if form.records != 1 else "1 record"
    return f"{records}; {form.domain}, {form.why}" if form.domain else records


def _form_open(form: Form, used: list[str]) -> str:
    if not form.domain:
        return "no domain guessed"
    if form.name in used:
        return ""
    if not wiring.is_usable(form):
        return f"for {form.domain}, but no column of it says so: no dataset is made"
    return f"another form for {form.domain}: add it to sdtm/{form.domain.lower()}.yaml as a branch of a stack"


def _column(guesses: Guesses, form: Form, column: str, kind: Kind) -> Entry:
    said: dict[str, Any] = {} if kind.type == "text" else {"type": kind.type}
    if kind.type == "code":
        said["terms"] = terms.name_of(form, column)
    if kind.type == "date" and kind.format and kind.format.formats != guesses.date:
        said["format"] = kind.format.formats
    if kind.complete and (kind.type == "date" or column in form.key.columns):
        said["required"] = True
    goes = _goes(guesses, form, column)
    lacking = "" if kind.empty else f"; {_percent(kind.lacking)} missing"
    seen = f"{kind.why}{lacking}" + (f"; {goes}" if goes else "")
    decide = "; ".join(filter(None, (kind.decide, "" if goes else "no target guessed")))
    made = entry({column: said or None}, 3, seen, decide, f"{form.name}.{column}")
    return replace(made, untargeted=not goes and not kind.decide)


def _goes(guesses: Guesses, form: Form, column: str) -> str:
    """Where the column goes, or would go if a dataset were made of the form."""
    if column == guesses.subjects.column:
        return "USUBJID"
    if column == guesses.subjects.site and form.name == guesses.subjects.form:
        return "SITEID"
    if column in form.lent and form.name != guesses.subjects.form:
        return f"DM.{form.lent[column]}"
    if column in form.tests and not wiring.is_tall(form):
        return f"{form.domain}TESTCD {form.tests[column].code}"
    target = form.targets.get(column)
    return (f"time of {target.variable}" if target.is_time else target.variable) if target else ""


def _percent(share: float) -> str:
    return "<1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _terms(guesses: Guesses, drafts: list[Draft]) -> Iterator[Entry]:
    units = {
        f"{d.of}ORRESU": wiring.units(d.form)
        for d in drafts
        if d.form.tests and not wiring.is_tall(d.form)
    }
    if not guesses.terms and not any(units.values()):
        return
    yield Entry("")
    yield Entry("terms:   # collected value: submission value")
    for name, listed in guesses.terms.items():
        yield entry({name: dict(listed.values)}, 1, *_terms_seen(name, listed), f"terms {name}")
    for name, values in units.items():
        if values and name not in guesses.terms:
            yield entry({name: values}, 1, "by the names of the columns, or the only unit there is")


def _terms_seen(name: str, listed: terms.Terms) -> tuple[str, str]:
    if name == "VISITNUM":
        return (
            "by the usual day of each visit",
            "the numbers of the visits; those not planned have none",
        )
    if not listed.codelist:
        digits = all(value.isdigit() for value in listed.values)
        return "as collected", "what the codes mean" if digits else ""
    number, open_ = len(listed.values), len(listed.open)
    seen = f"{number - open_} of {number} found in {codes.named(listed.codelist)}"
    return seen, f"{open_} of {number} values have no submission value yet" if open_ else ""


# ---------------------------------------------------------------- sdtm/
def _dataset(draft: Draft) -> Iterator[Entry]:
    yield entry({"dataset": draft.of}, 0, f"from {draft.form.name}: {draft.form.why}")
    yield entry({"keys": draft.keys})
    yield entry({"shared": draft.shared})
    yield Entry("rows:")
    yield entry(
        [{"take": draft.form.name, **({"rename": draft.rename} if draft.rename else {})}], 1
    )
    yield from (entry([step], 1) for step in draft.steps)
    if draft.working:
        yield Entry("working:")
        yield from (_variable(draft.of, name, wired) for name, wired in draft.working.items())
    decide = f"expected and not guessed: {', '.join(draft.lacking)}" if draft.lacking else ""
    yield Entry("variables:", decide=decide, about=draft.of)
    yield from (_variable(draft.of, name, wired) for name, wired in draft.variables.items())


def _variable(of: str, name: str, wired: Wired) -> Entry:
    data = {} if wired.data == {"from": name} else wired.data
    return Entry(
        indent(annotated_yaml.wiring(name, data), "  "), wired.guess, wired.decide, f"{of}.{name}"
    )


def _shared(guesses: Guesses, drafts: list[Draft]) -> Iterator[Entry]:
    subject = guesses.subjects.column
    yield from remarks(["Variables that several domains wire alike; -- stands for the domain."])
    used = {n if n in _SHARED else f"--{n.removeprefix(d.of)}" for d in drafts for n in d.shared}
    wired: Mapping[str, dict[str, Any]] = {**_SHARED, "USUBJID": _usubjid(subject)}
    order = ["STUDYID", "DOMAIN", "USUBJID", *_SHARED]
    for name in dict.fromkeys(order):
        if name in used or name == "USUBJID":
            is_converted = name == "--STRESC" and "--STRESU" in used
            decide = (
                "results are taken as they are; some may need other units" if is_converted else ""
            )
            yield Entry(annotated_yaml.wiring(name, wired[name]), decide=decide, about=name)


def _usubjid(subject: str) -> dict[str, Any]:
    if subject.upper() == "USUBJID":
        return {"from": subject}
    return {
        "derive": "subject_key",
        "from": {"subject": subject},
        "with": {"study": {"fact": "study"}},
    }
