"""One dataset of the new study: which rows it has, and from which columns its variables come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..metadata import OPEN
from ..metadata.standard import standard
from . import targets, terms
from .column_names import knowledge
from .guesses import Form, Guesses
from .targets import Target

RESULT, TEST, REASON, VISIT_NUMBER = "result", "test", "reason", "visit_number"
_IDENTIFIERS = ("STUDYID", "DOMAIN", "USUBJID")


@dataclass(frozen=True)
class Wired:
    """One variable as the YAML has it, why it is guessed so, and what is to decide about it.

    inner: it reads what is made on the way, variables and columns of row steps, not columns of the
        form.
    """

    data: Mapping[str, Any]
    guess: str = ""
    decide: str = ""
    inner: bool = False


@dataclass
class Draft:
    """A dataset on its way; made: columns that row steps make."""

    of: str
    form: Form
    variables: dict[str, Wired] = field(default_factory=dict)
    working: dict[str, Wired] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    rename: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        return {*self.variables, *self.shared}

    def has(self, name: str) -> bool:
        """Whether the domain of the guide has such a variable."""
        return name in standard().sdtm[self.of]

    @property
    def lacking(self) -> list[str]:
        """Expected variables that nothing is wired to."""
        return [
            v.name
            for v in standard().sdtm[self.of].values()
            if v.core == "Exp" and v.name not in self.names
        ]

    @property
    def keys(self) -> list[str]:
        """The standard's keys that are wired, and what tells the records of the form apart."""
        collected = [
            self.form.targets[c].variable for c in self.form.key.columns if c in self.form.targets
        ]
        tests = [f"{self.of}TESTCD" if v == f"{self.of}TEST" else v for v in collected]
        both = [*standard().datasets[self.of].keys, *tests]
        return list(dict.fromkeys(v for v in both if v in self.names))


def draft(guesses: Guesses, form: Form, *, referenced: bool) -> Draft:
    """The dataset of a form's domain. referenced: DM has RFSTDTC, from which study days are counted."""
    made = Draft(form.domain, form)
    is_wide = bool(form.tests) and not is_tall(form)
    for column, target in form.targets.items():
        if not target.is_time and target.variable.removeprefix(form.domain) not in (
            "TESTCD",
            "TEST",
        ):
            made.variables[target.variable] = _wired(form, column, target)
    if is_wide:
        _melt(made, guesses)
    elif is_tall(form):
        _tall(made, guesses)
    _visit_number(made, guesses)
    _end_time(made)
    _same_as(made)
    _shared(made, referenced=referenced)
    _required(made)
    settle_names(made, guesses.subjects.column)
    return made


def is_findings(form: Form) -> bool:
    """Whether the domain has a record for each test."""
    return f"{form.domain}TESTCD" in standard().sdtm.get(form.domain, {})


def is_tall(form: Form) -> bool:
    """Whether the form has a record for each test, named in a column."""
    return bool(form.column(f"{form.domain}TESTCD") or form.column(f"{form.domain}TEST"))


def is_usable(form: Form) -> bool:
    """Whether enough is guessed of a form for a dataset."""
    return bool(form.domain) and (
        bool(form.tests) or is_tall(form) if is_findings(form) else bool(form.targets)
    )


# ---------------------------------------------------------------- one column
def _wired(form: Form, column: str, target: Target) -> Wired:
    known = targets.variable(form.domain, target.variable)
    if targets.is_date(known):
        return Wired(_moment(form, column, target.variable), target.why)
    if known.type == "Num":
        return Wired({"derive": "number", "from": {"value": column}}, target.why)
    if form.kinds[column].type != "code":
        return Wired({"from": column}, target.why)
    return Wired(recode(column, terms.name_of(form, column)), target.why)


def _moment(form: Form, column: str, variable: str) -> dict[str, Any]:
    time = form.column(variable, time=True)
    return (
        {"derive": "iso8601", "from": {"date": column, "time": time}} if time else {"from": column}
    )


def recode(column: str, name: str) -> dict[str, Any]:
    """The wiring of a column whose values become submission values by a list of terms."""
    return {"derive": "recode", "from": {"value": column}, "with": {"terms": {"terms": name}}}


# ---------------------------------------------------------------- findings
def _melt(made: Draft, guesses: Guesses) -> None:
    """One record per test from a form with a column for each."""
    form, of = made.form, made.of
    melt = {"columns": {c: m.code for c, m in form.tests.items()}, "name": TEST, "value": RESULT}
    made.made += [TEST, RESULT]
    if guesses.marks.missing:
        melt["reason"] = REASON
        made.made.append(REASON)
    made.steps.append({"melt": melt})
    made.variables[f"{of}TESTCD"] = Wired(
        {"from": TEST}, f"{len(form.tests)} columns are called like tests", inner=True
    )
    made.variables[f"{of}TEST"] = _decoded(made)
    made.variables[f"{of}ORRES"] = Wired({"from": RESULT}, inner=True)
    if units(form) and made.has(f"{of}ORRESU"):
        without = [m.code for m in form.tests.values() if not m.unit]
        made.variables[f"{of}ORRESU"] = Wired(
            {
                "derive": "recode_where",
                "from": {"value": TEST, "present": RESULT},
                "with": {"terms": {"terms": f"{of}ORRESU"}},
            },
            "by the names of the columns, or the only unit there is",
            f"the unit of {', '.join(without)}" if without else "",
            inner=True,
        )


def units(form: Form) -> dict[str, str]:
    """The unit of each test that is a column and whose unit is guessed."""
    return {m.code: m.unit for m in form.tests.values() if m.unit}


def _tall(made: Draft, guesses: Guesses) -> None:
    """Test code and name of a form with a record for each test."""
    form, of = made.form, made.of
    code, name = form.column(f"{of}TESTCD"), form.column(f"{of}TEST")
    source = code or name
    why = form.targets[source].why
    if not targets.variable(of, f"{of}TESTCD").codelist:
        made.variables |= {
            f"{of}{v}": Wired({"from": c}, why) for v, c in (("TESTCD", code), ("TEST", name)) if c
        }
    elif form.kinds[source].type == "code":
        listed = terms.name_of(form, source)
        made.variables[f"{of}TESTCD"] = Wired(recode(source, listed), why)
        made.variables[f"{of}TEST"] = _decoded(made)
    else:
        made.variables[f"{of}TESTCD"] = Wired(
            {"from": source}, why, "more tests than a list can show: give their codes"
        )
        made.variables[f"{of}TEST"] = Wired({"from": name or source}, why)
    result = form.column(f"{of}ORRES")
    _unit_of_results(made)
    if result and guesses.marks.missing:
        made.rename[REASON] = f"{result}.missing"
        made.made.append(REASON)


def _unit_of_results(made: Draft) -> None:
    """A unit stands beside a result only: a form may have it printed beside a test that was not done."""
    form, of = made.form, made.of
    unit, result = form.column(f"{of}ORRESU"), form.column(f"{of}ORRES")
    if not (unit and result):
        return
    wired = made.variables[f"{of}ORRESU"]
    given = {"value": unit, "present": result}
    terms = wired.data.get("with")
    guarded = {"derive": "recode_where", "from": given, "with": terms} if terms else None
    made.variables[f"{of}ORRESU"] = replace(
        wired, data=guarded or {"derive": "where_present", "from": given}
    )


def _decoded(made: Draft) -> Wired:
    of = made.of
    lists = [targets.variable(of, f"{of}{v}").codelist.split("; ")[0] for v in ("TESTCD", "TEST")]
    data = {
        "derive": "recode",
        "from": {"value": f"{of}TESTCD"},
        "with": {"terms": {"decode": lists}},
    }
    return Wired(data, inner=True)


# ---------------------------------------------------------------- what follows from the rest
def _visit_number(made: Draft, guesses: Guesses) -> None:
    visit = made.form.column("VISIT")
    if not visit or "VISITNUM" in made.variables or "VISITNUM" not in guesses.terms:
        return
    made.working[VISIT_NUMBER] = Wired(recode(visit, "VISITNUM"))
    number = {"derive": "number", "from": {"value": VISIT_NUMBER}}
    made.variables["VISITNUM"] = Wired(number, "the list VISITNUM in study.yaml")


def _end_time(made: Draft) -> None:
    """A time of the end without its date belongs to the day of the start, until somebody says otherwise."""
    of, form = made.of, made.form
    start, time = form.column(f"{of}STDTC"), form.column(f"{of}ENDTC", time=True)
    if start and time and f"{of}ENDTC" not in made.variables:
        data = {"derive": "iso8601", "from": {"date": start, "time": time}}
        made.variables[f"{of}ENDTC"] = Wired(
            data, "a time without a date", "whether it ends on the day it starts"
        )


def _same_as(made: Draft) -> None:
    for name, other in knowledge()["same_as"].items():
        if other in made.variables and name.startswith(made.of) and name not in made.variables:
            made.variables[name] = Wired(
                {"from": other}, f"nothing else found; as {other}", inner=True
            )


def _shared(made: Draft, *, referenced: bool) -> None:
    """What is wired once for all in shared.yaml, where the variables it reads are there."""
    of = made.of
    made.shared = [*_IDENTIFIERS, *([f"{of}SEQ"] if made.has(f"{of}SEQ") else [])]
    wanted = {"DY": "DTC", "STDY": "STDTC", "ENDY": "ENDTC"} if referenced else {}
    days = [
        f"{of}{day}"
        for day, date in wanted.items()
        if f"{of}{date}" in made.variables and _known(made, f"{of}{day}")
    ]
    made.shared += days
    if days:
        made.steps.append({"join": {"with": "DM", "on": ["USUBJID"], "take": ["RFSTDTC"]}})
        made.made.append("RFSTDTC")
    if f"{of}ORRES" not in made.variables:
        return
    made.shared += [f"{of}STRESC"] * _known(made, f"{of}STRESC")
    made.shared += [f"{of}STRESN"] * (_known(made, f"{of}STRESN") and _is_measured(made))
    made.shared += [f"{of}STRESU"] * (f"{of}ORRESU" in made.variables)
    reasons = made.rename or any("melt" in step and "reason" in step["melt"] for step in made.steps)
    made.shared += [f"{of}{v}" for v in ("STAT", "REASND") if reasons and _known(made, f"{of}{v}")]


def _is_measured(made: Draft) -> bool:
    """Whether results are numbers."""
    column = made.form.column(f"{made.of}ORRES")
    return not column or made.form.kinds[column].type in ("number", "result")


def _known(made: Draft, name: str) -> bool:
    return name not in made.variables and standard().domain_variable(made.of, name) is not None


def _required(made: Draft) -> None:
    """Required variables that nothing was guessed for, so that the study can be loaded."""
    for known in standard().sdtm[made.of].values():
        if known.core == "Req" and known.name not in made.names:
            made.variables[known.name] = undecided(made.of, known.name)


def undecided(of: str, name: str) -> Wired:
    """A required variable of which nothing is known."""
    return Wired({"value": OPEN}, "", f"required and not found: {targets.variable(of, name).label}")


def settle_names(made: Draft, subject: str) -> None:
    """Rename columns of the form that are called like something else in the dataset."""
    taken = {*made.made, *made.working}
    reading = {name: _columns(wired) for name, wired in {**made.variables, **made.working}.items()}
    back: dict[str, str] = {}
    for column in made.form.kinds:
        readers = {name for name, read in reading.items() if column in read}
        if column != subject and (column in taken or (column in made.names and readers - {column})):
            back[column] = _free(f"collected_{column}", made.form)
    made.rename |= {new: column for column, new in back.items()}
    made.variables = {name: _renamed(wired, back) for name, wired in made.variables.items()}
    made.working = {name: _renamed(wired, back) for name, wired in made.working.items()}
    for step in made.steps:
        if "melt" in step:
            step["melt"]["columns"] = {
                back.get(c, c): code for c, code in step["melt"]["columns"].items()
            }


def _free(name: str, form: Form) -> str:
    """The name, or a longer one that is no column of the form."""
    return _free(f"{name}_", form) if name in form.kinds else name


def _columns(wired: Wired) -> Sequence[str]:
    given = "" if wired.inner else wired.data.get("from", "")
    return [given] if isinstance(given, str) else list(given.values())


def _renamed(wired: Wired, names: Mapping[str, str]) -> Wired:
    given = "" if wired.inner else wired.data.get("from", "")
    new = (
        names.get(given, given)
        if isinstance(given, str)
        else {p: names.get(c, c) for p, c in given.items()}
    )
    return replace(wired, data={**wired.data, "from": new}) if given else wired
