"""What the YAML of a study may say: its shape, before it is laid over the standard."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from .collection import Intake
from .frozen import Expression, Frozen, Name, Scalar, Where
from .keeping import Keep, KeptSet
from .lengths import Length, LengthsSource, checked_lengths
from .model import CodelistsBy, existing_day
from .signs import Signs
from .steps import Step
from .table_steps import TableSource

NO_CODELIST = "none"  # what the standard says does not apply, as a codelist to numeric results


QualifierOrigin = Literal["", "CRF", "eDT", "Assigned", "Derived", "Protocol", "Predecessor"]


def _codelist_form(codelist: Any) -> str:
    """How it is said which codelist."""
    if isinstance(codelist, dict | CodelistsBy):
        return "a choice"
    return "a word"


CodelistSaid = Annotated[
    Annotated[str, Tag("a word")] | Annotated[CodelistsBy, Tag("a choice")],
    Discriminator(_codelist_form),
]


class ValueSource(Frozen):
    """A value without conditions: a constant, a copy of a column, or an expression.

    value: a constant: text, a number, or {fact: X} of study.yaml.
    from: the column that is copied.
    compute: the expression that gives it.
    """

    value: Scalar | dict[str, str] | None = None
    from_: str | None = Field(default=None, alias="from")
    compute: Expression = ""


class CaseSource(ValueSource):
    """One case of a variable: when it holds, and the value there; or the value otherwise.

    when: the condition, or the values of columns, or present or absent.
    otherwise: the value where no case holds; a constant, or an entry with from or compute.
    value: a constant: text, a number, or {fact: X} of study.yaml.
    from: the column that is copied.
    compute: the expression that gives it.
    """

    when: Where | None = None
    otherwise: Scalar | ValueSource | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> CaseSource:
        ways = [self.value is not None, self.from_ is not None, bool(self.compute)]
        if self.when is not None and self.otherwise is None and sum(ways) == 1:
            return self
        if self.when is None and self.otherwise is not None and not any(ways):
            return self
        raise ValueError(
            "a case is {when: condition, value: X}, with from or compute in place of value; "
            "the last may be {otherwise: X}"
        )


class Supplemental(Frozen):
    """How a variable leaves as records of SUPP--.

    label: QLABEL.
    origin: QORIG; otherwise CRF, Assigned or Derived, by the wiring.
    evaluator: QEVAL, whose judgement the value is; a term of the codelist EVAL (C78735).
    """

    label: str = Field(min_length=1)
    origin: QualifierOrigin = ""
    evaluator: str = ""


class VariableSource(Frozen):
    """Wiring of a variable and what differs from the standard.

    One of `value`, `from`, `compute`, `cases` or `derive` says where its values come from.

    value: a constant: text, a number, or {fact: X} of study.yaml.
    from: the column that is copied; of a derivation, the column(s) of each of its parameters.
    compute: the expression that gives it.
    cases: conditions, each with its value; the first that holds counts.
    derive: the derivation that makes it.
    with: the constants of the derivation; {terms: X}, {fact: X} and {decode: [A, B]} refer.
    where: the condition of records that have a value; otherwise all.
    label: where it differs from the standard; 40 bytes at most.
    type: where it differs from the standard.
    length: of a Char, in bytes.
    format: SAS display format, as DATE9. or BEST8.
    codelist: an NCI code, several as C1; C2, a list of the study's own, or none; or, where it
        depends on another variable, {by: QSCAT, of: {value: codelist}}.
    dictionary: one of study.yaml of which its values are terms, or none.
    core: how much it is required; Req, Exp and Perm in SDTM, Req, Cond and Perm in ADaM.
    range: the lowest and the highest plausible value, both included.
    supplemental: the label under which it leaves as a record of SUPP--; or also its origin and
        evaluator.
    """

    value: Scalar | dict[str, str] | None = None
    from_: str | dict[str, str | tuple[str, ...]] | None = Field(default=None, alias="from")
    compute: Expression = ""
    cases: tuple[CaseSource, ...] = ()
    derive: str = ""
    with_: dict[str, Any] = Field(default={}, alias="with")
    where: Where = {}
    label: str = ""
    type: Literal["Char", "Num", ""] = ""
    length: Length = 0
    format: str = ""
    codelist: CodelistSaid = ""
    dictionary: str = ""
    core: Literal["Req", "Exp", "Perm", "Cond", ""] = ""
    range: tuple[float, float] | None = None
    supplemental: str | Supplemental = ""

    @property
    def qualifier(self) -> Supplemental | None:
        """How it leaves as records of SUPP--; None where it is a column."""
        if isinstance(self.supplemental, str) and self.supplemental:
            return Supplemental(label=self.supplemental)
        return self.supplemental or None


class DatasetSource(Frozen):
    """One dataset: a file of sdtm/ or adam/.

    dataset: its name.
    label: in SDTM only where it differs from the guide.
    structure: of ADaM; the class of an SDTM dataset is known.
    description: what one record is, as the guide says it.
    keys: what makes a record unique; rows are sorted by it.
    internal: a step on the way that is not written; names are free.
    per: what records belong to; subject, or study where they belong to none.
    transliterate: whether é is written as e where the format holds ASCII only.
    shared: variables that are wired in shared.yaml.
    keep: variables that are copied from the column of the same name; or all of them, or
        {from: ADSL, set: core}.
    rows: the steps that make its records, in order; the first is take, stack, values or events.
    working: columns on the way that are no variables.
    variables: each is derived when what it reads is there.
    """

    dataset: Name
    label: str = ""
    structure: Literal["ADSL", "BDS", "OCCDS", "TTE", ""] = ""
    description: str = ""
    keys: tuple[Name, ...] = ()
    internal: bool = False
    per: Literal["subject", "study"] = "subject"
    transliterate: bool = True
    shared: tuple[Name, ...] = ()
    keep: Keep = ()
    rows: tuple[Step, ...]
    working: dict[Name, VariableSource] = {}
    variables: dict[Name, VariableSource]

    @property
    def kept(self) -> tuple[Name | KeptSet, ...]:
        """What is kept, entry by entry."""
        if isinstance(self.keep, tuple):
            return self.keep
        return (self.keep,)


class FormSource(Signs):
    """One raw form; everything but the columns has a usual value.

    file: its file in the folder of the export, where that is not NAME.csv.
    required: false where the export may not have it.
    key: the columns that make a record unique.
    columns: by name; one of text needs nothing more.
    duplicates: of identical lines keep all, or the first.
    not_submitted: why its records go nowhere, where that is meant.
    decimal: the sign before decimals, or several, where it is not that of the export.
    thousands: the sign between thousands, or several, where it is not that of the export.
    """

    file: str = ""
    required: bool = True
    key: tuple[Name, ...]
    columns: dict[Name, dict[str, Any] | None]
    duplicates: Literal["", "keep", "first"] = ""
    not_submitted: str = ""


class CodelistSource(Frozen):
    """A codelist of the study's own, or terms that it adds to an extensible one.

    name: of one of the study's own.
    extensible: whether values that it does not have are allowed.
    terms: the values, or those that are added.
    """

    name: str = ""
    extensible: bool = False
    terms: tuple[str, ...]


class Dictionary(Frozen):
    """A dictionary that the study is coded with, as MedDRA or WHODrug.

    version: as who maintains it calls it; in quotes.
    """

    version: str = Field(min_length=1)

    @field_validator("version", mode="before")
    @classmethod
    def _as_typed(cls, version: Any) -> Any:
        if isinstance(version, float):
            reason = "is a number, which has no 0 at its end: put it in quotes"
            raise ValueError(reason)  # noqa: TRY004 - pydantic tells no other
        return version


class StudySource(Frozen):
    """What a study collects and says once: study.yaml.

    id: of the study; STUDYID, and the fact `study`.
    title: of the study.
    cutoff: the data cut-off, YYYY-MM-DD; also a fact.
    intake: how the export writes its files.
    forms: the raw forms, by name.
    terms: lists by name; collected value, and the value that is submitted.
    codelists: by NCI code, or by a name of the study's own.
    dictionaries: that terms are coded with, by name; also a fact, the version by name.
    lengths: of text variables in bytes, wherever they are; -- stands for the domain, and
        others: data for the rest, which is as long as its longest value. data: all are.
    facts: anything else that derivations are told, in the shape that these want.
    tables: rows that datasets read, by name; a list of them, or {file: X.csv}.
    adsl_core: variables of ADSL that analysis datasets keep with {from: ADSL, set: core}.
    """

    id: str
    title: str
    cutoff: str
    intake: Intake
    forms: dict[Name, FormSource]
    terms: dict[str, dict[str, str]] = {}
    codelists: dict[str, CodelistSource] = {}
    dictionaries: dict[Name, Dictionary] = {}
    lengths: LengthsSource = {}
    facts: dict[str, Any] = {}
    tables: dict[Name, TableSource] = {}
    adsl_core: tuple[Name, ...] | None = None

    @property
    def versions(self) -> dict[Name, str]:
        """The version of each dictionary."""
        return {name: dictionary.version for name, dictionary in self.dictionaries.items()}

    @field_validator("lengths")
    @classmethod
    def _are_lengths(cls, lengths: LengthsSource) -> LengthsSource:
        return checked_lengths(lengths)

    @field_validator("cutoff")
    @classmethod
    def _is_date(cls, cutoff: str) -> str:
        return existing_day(cutoff)


class RuleSource(Frozen):
    """One rule: what must hold of each record, as a check and its wiring.

    id: its name in findings.
    severity: error, the submission would be wrong; warning, look; note, good to know.
    dataset: one or several; -- in the names below stands for each.
    where: which records; otherwise all.
    join: columns of other datasets.
    check: what must hold.
    from: the column(s) of each parameter of the check; X? is taken if there is one.
    with: the constants of the check.
    variable: what the finding points at.
    message: what the finding says; {X} is the value of the record.
    """

    id: str
    severity: Literal["error", "warning", "note"]
    dataset: Name | tuple[Name, ...]
    where: Where = {}
    join: tuple[dict[str, Any], ...] = ()
    check: str
    from_: dict[str, str | tuple[str, ...]] = Field(default={}, alias="from")
    with_: dict[str, Any] = Field(default={}, alias="with")
    variable: Name
    message: str
