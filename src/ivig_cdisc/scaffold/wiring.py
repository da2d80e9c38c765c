"""One dataset of the new study: which rows it has, and which columns its variables come from."""

from __future__ import annotations

from collections.abc import Mapping
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
class VariableDraft:
    """One variable as the YAML has it.

    guess   why it is guessed so
    decide  what is to decide about it
    inner   it reads what is made on the way, variables and columns of row steps, not columns of
            the form
    """

    data: Mapping[str, Any]
    guess: str = ""
    decide: str = ""
    inner: bool = False

    @property
    def reads(self) -> list[str]:
        """The columns of the form that it reads."""
        given = self.data.get("from", "")
        if self.inner:
            return []
        return [given] if isinstance(given, str) else list(given.values())

    def renamed(self, names: Mapping[str, str]) -> VariableDraft:
        """The same with other names for columns of the form."""
        given = self.data.get("from", "")
        if self.inner or not given:
            return self
        if isinstance(given, str):
            new: Any = names.get(given, given)
        else:
            new = {name: names.get(column, column) for name, column in given.items()}
        return replace(self, data={**self.data, "from": new})


@dataclass
class DatasetDraft:
    """A dataset on its way; made: columns that row steps make."""

    of: str
    form: Form
    variables: dict[str, VariableDraft] = field(default_factory=dict)
    working: dict[str, VariableDraft] = field(default_factory=dict)
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
    def not_guessed(self) -> list[str]:
        """Expected variables that nothing is wired to."""
        expected = [
            known.name for known in standard().sdtm[self.of].values() if known.core == "Exp"
        ]
        return [name for name in expected if name not in self.names]

    @property
    def keys(self) -> list[str]:
        """The standard's keys that are wired, and what tells the records of the form apart."""
        wanted = list(standard().datasets[self.of].keys)
        for column in self.form.key.columns:
            if column in self.form.targets:
                wanted.append(self.form.targets[column].variable)
        if f"{self.of}TEST" in wanted:
            wanted[wanted.index(f"{self.of}TEST")] = f"{self.of}TESTCD"
        return [name for name in dict.fromkeys(wanted) if name in self.names]


def draft(guesses: Guesses, form: Form, *, referenced: bool) -> DatasetDraft:
    """The dataset of a form's domain.

    Args:
        guesses: of the whole export.
        form: that the dataset is made of.
        referenced: DM has RFSTDTC, from which study days are counted.
    """
    made = DatasetDraft(form.domain, form)
    tests = (f"{form.domain}TESTCD", f"{form.domain}TEST")
    for column, target in form.targets.items():
        if not target.is_time and target.variable not in tests:
            made.variables[target.variable] = _variable_draft(form, column, target)
    if is_tall(form):
        _tall(made, guesses)
    elif form.tests:
        _melt(made, guesses)
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
    if not form.domain:
        return False
    if is_findings(form):
        return bool(form.tests) or is_tall(form)
    return bool(form.targets)


# ---------------------------------------------------------------- one column
def _variable_draft(form: Form, column: str, target: Target) -> VariableDraft:
    known = targets.variable(form.domain, target.variable)
    if targets.is_date(known):
        return VariableDraft(_moment(form, column, target.variable), target.why)
    if known.type == "Num":
        return VariableDraft({"derive": "number", "from": {"value": column}}, target.why)
    if form.types[column].name != "code":
        return VariableDraft({"from": column}, target.why)
    return VariableDraft(recode(column, terms.name_of(form, column)), target.why)


def _moment(form: Form, column: str, variable: str) -> dict[str, Any]:
    time = form.column(variable, time=True)
    if not time:
        return {"from": column}
    return {"derive": "iso8601", "from": {"date": column, "time": time}}


def recode(column: str, name: str) -> dict[str, Any]:
    """The wiring of a column whose values become submission values by a list of terms."""
    return {"derive": "recode", "from": {"value": column}, "with": {"terms": {"terms": name}}}


# ---------------------------------------------------------------- findings
def _melt(made: DatasetDraft, guesses: Guesses) -> None:
    """One record per test from a form with a column for each."""
    form, of = made.form, made.of
    columns = {column: measured.code for column, measured in form.tests.items()}
    melt: dict[str, Any] = {"columns": columns, "name": TEST, "value": RESULT}
    made.made += [TEST, RESULT]
    if guesses.conventions.missing:
        melt["reason"] = REASON
        made.made.append(REASON)
    made.steps.append({"melt": melt})
    seen = f"{len(form.tests)} columns are called like tests"
    made.variables[f"{of}TESTCD"] = VariableDraft({"from": TEST}, seen, inner=True)
    made.variables[f"{of}TEST"] = _decoded(made)
    made.variables[f"{of}ORRES"] = VariableDraft({"from": RESULT}, inner=True)
    if units(form) and made.has(f"{of}ORRESU"):
        made.variables[f"{of}ORRESU"] = _unit_of_test(made)


def _unit_of_test(made: DatasetDraft) -> VariableDraft:
    without = [measured.code for measured in made.form.tests.values() if not measured.unit]
    data = {
        "derive": "recode_where",
        "from": {"value": TEST, "present": RESULT},
        "with": {"terms": {"terms": f"{made.of}ORRESU"}},
    }
    decide = ""
    if without:
        decide = f"the unit of {', '.join(without)}"
    seen = "by the names of the columns, or the only unit there is"
    return VariableDraft(data, seen, decide, inner=True)


def units(form: Form) -> dict[str, str]:
    """The unit of each test that is a column and whose unit is guessed."""
    return {measured.code: measured.unit for measured in form.tests.values() if measured.unit}


def _tall(made: DatasetDraft, guesses: Guesses) -> None:
    """Test code and name of a form with a record for each test."""
    form, of = made.form, made.of
    code, name = form.column(f"{of}TESTCD"), form.column(f"{of}TEST")
    source = code or name
    why = form.targets[source].why
    if not targets.variable(of, f"{of}TESTCD").codelist:
        for variable, column in ((f"{of}TESTCD", code), (f"{of}TEST", name)):
            if column:
                made.variables[variable] = VariableDraft({"from": column}, why)
    elif form.types[source].name == "code":
        listed = terms.name_of(form, source)
        made.variables[f"{of}TESTCD"] = VariableDraft(recode(source, listed), why)
        made.variables[f"{of}TEST"] = _decoded(made)
    else:
        decide = "more tests than a list can show: give their codes"
        made.variables[f"{of}TESTCD"] = VariableDraft({"from": source}, why, decide)
        made.variables[f"{of}TEST"] = VariableDraft({"from": name or source}, why)
    result = form.column(f"{of}ORRES")
    _unit_of_results(made)
    if result and guesses.conventions.missing:
        made.rename[REASON] = f"{result}.missing"
        made.made.append(REASON)


def _unit_of_results(made: DatasetDraft) -> None:
    """A unit stands beside a result only.

    A form may have it printed beside a test that was not done.
    """
    form, of = made.form, made.of
    unit, result = form.column(f"{of}ORRESU"), form.column(f"{of}ORRES")
    if not (unit and result):
        return
    drafted = made.variables[f"{of}ORRESU"]
    given = {"value": unit, "present": result}
    data: dict[str, Any] = {"derive": "where_present", "from": given}
    if recoded := drafted.data.get("with"):
        data = {"derive": "recode_where", "from": given, "with": recoded}
    made.variables[f"{of}ORRESU"] = replace(drafted, data=data)


def _decoded(made: DatasetDraft) -> VariableDraft:
    of = made.of
    lists = []
    for name in (f"{of}TESTCD", f"{of}TEST"):
        lists.append(targets.variable(of, name).codelist.split("; ")[0])
    terms_of = {"terms": {"decode": lists}}
    data = {"derive": "recode", "from": {"value": f"{of}TESTCD"}, "with": terms_of}
    return VariableDraft(data, inner=True)


# ---------------------------------------------------------------- what follows from the rest
def _visit_number(made: DatasetDraft, guesses: Guesses) -> None:
    visit = made.form.column("VISIT")
    if not visit or "VISITNUM" in made.variables or "VISITNUM" not in guesses.terms:
        return
    made.working[VISIT_NUMBER] = VariableDraft(recode(visit, "VISITNUM"))
    number = {"derive": "number", "from": {"value": VISIT_NUMBER}}
    made.variables["VISITNUM"] = VariableDraft(number, "the list VISITNUM in study.yaml")


def _end_time(made: DatasetDraft) -> None:
    """A time of the end without its date belongs to the day of the start, if nothing is said."""
    of, form = made.of, made.form
    start, time = form.column(f"{of}STDTC"), form.column(f"{of}ENDTC", time=True)
    if start and time and f"{of}ENDTC" not in made.variables:
        data = {"derive": "iso8601", "from": {"date": start, "time": time}}
        decide = "whether it ends on the day it starts"
        made.variables[f"{of}ENDTC"] = VariableDraft(data, "a time without a date", decide)


def _same_as(made: DatasetDraft) -> None:
    for name, other in knowledge()["same_as"].items():
        is_own = name.startswith(made.of) and name not in made.variables
        if is_own and other in made.variables:
            seen = f"nothing else found; as {other}"
            made.variables[name] = VariableDraft({"from": other}, seen, inner=True)


def _shared(made: DatasetDraft, *, referenced: bool) -> None:
    """What is wired once for all in shared.yaml, where the variables it reads are there."""
    made.shared = list(_IDENTIFIERS)
    if made.has(f"{made.of}SEQ"):
        made.shared.append(f"{made.of}SEQ")
    if referenced:
        _study_days(made)
    if f"{made.of}ORRES" in made.variables:
        _standard_results(made)


def _study_days(made: DatasetDraft) -> None:
    days = []
    for day, date in {"DY": "DTC", "STDY": "STDTC", "ENDY": "ENDTC"}.items():
        if f"{made.of}{date}" in made.variables and _known(made, f"{made.of}{day}"):
            days.append(f"{made.of}{day}")
    if days:
        made.shared += days
        made.steps.append({"join": {"with": "DM", "on": ["USUBJID"], "take": ["RFSTDTC"]}})
        made.made.append("RFSTDTC")


def _standard_results(made: DatasetDraft) -> None:
    of = made.of
    if _known(made, f"{of}STRESC"):
        made.shared.append(f"{of}STRESC")
    if _known(made, f"{of}STRESN") and _is_measured(made):
        made.shared.append(f"{of}STRESN")
    if f"{of}ORRESU" in made.variables:
        made.shared.append(f"{of}STRESU")
    for name in (f"{of}STAT", f"{of}REASND"):
        if _has_reasons(made) and _known(made, name):
            made.shared.append(name)


def _has_reasons(made: DatasetDraft) -> bool:
    """Whether the rows have why there is no result."""
    for step in made.steps:
        if "reason" in step.get("melt", {}):
            return True
    return bool(made.rename)


def _is_measured(made: DatasetDraft) -> bool:
    """Whether results are numbers."""
    column = made.form.column(f"{made.of}ORRES")
    return not column or made.form.types[column].name in ("number", "result")


def _known(made: DatasetDraft, name: str) -> bool:
    return name not in made.variables and standard().domain_variable(made.of, name) is not None


def _required(made: DatasetDraft) -> None:
    """Required variables that nothing was guessed for, so that the study can be loaded."""
    for known in standard().sdtm[made.of].values():
        if known.core == "Req" and known.name not in made.names:
            made.variables[known.name] = undecided(made.of, known.name)


def undecided(of: str, name: str) -> VariableDraft:
    """A required variable of which nothing is known."""
    label = targets.variable(of, name).label
    return VariableDraft({"value": OPEN}, "", f"required and not found: {label}")


def settle_names(made: DatasetDraft, subject: str) -> None:
    """Rename columns of the form that are called like something else in the dataset."""
    names: dict[str, str] = {}
    for column in made.form.types:
        if column != subject and _is_taken(made, column):
            names[column] = _free(f"collected_{column}", made.form)
    for column, new in names.items():
        made.rename[new] = column
    for drafts in (made.variables, made.working):
        for name, draft in drafts.items():
            drafts[name] = draft.renamed(names)
    for step in made.steps:
        if "melt" in step:
            columns = step["melt"]["columns"]
            step["melt"]["columns"] = {names.get(name, name): columns[name] for name in columns}


def _is_taken(made: DatasetDraft, column: str) -> bool:
    """Whether the name of a column of the form means something else in the dataset."""
    if column in made.made or column in made.working:
        return True
    if column not in made.names:
        return False
    drafts = made.variables | made.working
    return any(name != column and column in draft.reads for name, draft in drafts.items())


def _free(name: str, form: Form) -> str:
    """The name, or a longer one that no column of the form has."""
    while name in form.types:
        name += "_"
    return name
