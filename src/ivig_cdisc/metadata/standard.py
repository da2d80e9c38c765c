"""The published standards as data: specs/standard, read once."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from .document import read
from .model import Codelist

# fragments of ADaM names (ADaMIG 1.3, 3.1.5)
INDEX = {"xx": r"(\d\d)", "zz": r"(\d\d)", "y": r"(\d)", "w": r"(\d)"}


def specs_root() -> Path:
    """Folder of the specs: inside the installed package, or at the top of the source tree.

    Returns:
        The folder that holds standard/, rules/ and study/.
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "specs"
    if installed.is_dir():
        return installed
    return package.parents[1] / "specs"


@dataclass(frozen=True)
class StandardVariable:
    """What an implementation guide says of a variable."""

    name: str
    order: float
    label: str
    type: str
    length: int
    format: str
    codelist: str
    role: str
    core: str


@dataclass(frozen=True)
class StandardDataset:
    """What an implementation guide says of a dataset."""

    label: str
    structure: str
    description: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Standard:
    """Everything in specs/standard.

    SDTMIG datasets and variables by domain, variables of the SDTM by observation class (`--` for
    the domain), ADaMIG variables by structure, controlled terminology by NCI code.
    """

    datasets: Mapping[str, StandardDataset]
    sdtm: Mapping[str, Mapping[str, StandardVariable]]
    model: Mapping[str, Mapping[str, StandardVariable]]
    adam: Mapping[str, Mapping[str, StandardVariable]]
    codelists: Mapping[str, Codelist]

    def adam_variable(self, structure: str, name: str) -> StandardVariable | None:
        """The variable of that structure or of ADSL, index fragments (AGEGRy, TRTxxP) filled in."""
        groups = [self.adam.get(group, {}) for group in (structure, "ADSL")]
        for group in groups:
            if name in group:
                return group[name]
        for group in groups:
            for variable in group.values():
                found = _indexed(variable, name)
                if found:
                    return found
        return None

    def domain_variable(self, domain: str, name: str) -> StandardVariable | None:
        """The variable as the IG has it in the domain, else as the model has it in the class.

        One of the model stands behind the last variable of the IG that the model has before it.

        Source: SDTMIG 3.4, 2.5.
        """
        known = self.sdtm.get(domain, {})
        if name in known:
            return known[name]
        if domain not in self.datasets:
            return None
        model = self.model.get(self.datasets[domain].structure, {})
        found = model.get(name) or model.get(general_name(name, domain))
        if not found:
            return None
        before = 0.0
        for variable in model.values():
            at = known.get(variable.name.replace("--", domain))
            if at and variable.order < found.order:
                before = max(before, at.order)
        return replace(found, name=name, order=before + found.order / 1000)

    def sdtm_variable(self, name: str) -> StandardVariable | None:
        """The variable in whatever domain has it; for variables that ADaM takes over from SDTM.

        One that no domain of the IG has is looked for in the model: in the class of the domain that
        its name begins with, and then, as VISITDY, in any class.
        """
        for domain in self.sdtm.values():
            if name in domain:
                return domain[name]
        own = self.domain_variable(name[:2], name)
        if own:
            return own
        for known in self.model.values():
            if name in known:
                return known[name]
        return None

    def decode(self, codes: str, names: str) -> dict[str, str]:
        """Pairs of terms of two codelists that share an NCI code, as TESTCD and TEST do."""
        named = {code: term for term, code in self.codelists[names].terms.items()}
        found = {}
        for term, code in self.codelists[codes].terms.items():
            if code in named:
                found[term] = named[code]
        return found


@cache
def standard() -> Standard:
    """All of specs/standard."""
    folder = specs_root() / "standard"
    return Standard(
        datasets={row["dataset"]: _dataset(row) for row in _rows(folder / "sdtm_datasets.csv")},
        sdtm=_variables(folder / "sdtm_variables.csv", "dataset"),
        model=_variables(folder / "sdtm_model.csv", "class"),
        adam=_variables(folder / "adam_variables.csv", "structure"),
        codelists=_codelists(folder / "terminology.csv", folder / "subsets.csv"),
    )


def releases() -> dict[str, str]:
    """Which release of each standard the data are."""
    return dict(read(specs_root() / "standard" / "releases.yaml").data["standards"])


def general_name(name: str, domain: str) -> str:
    """The name of a variable with -- for the domain that it begins with.

    >>> general_name("VSDTC", "VS"), general_name("VISIT", "VS")
    ('--DTC', 'VISIT')
    """
    if name.startswith(domain):
        return f"--{name.removeprefix(domain)}"
    return name


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _dataset(row: dict[str, str]) -> StandardDataset:
    keys = tuple(key for key in row["keys"].split("; ") if key)
    return StandardDataset(row["label"], row["class"], row["structure"], keys)


def _variables(file: Path, group: str) -> dict[str, dict[str, StandardVariable]]:
    found: dict[str, dict[str, StandardVariable]] = {}
    for row in _rows(file):
        found.setdefault(row[group], {})[row["variable"]] = _variable(row)
    return found


def _variable(row: dict[str, str]) -> StandardVariable:
    usual_format = ""
    if row["variable"].endswith("DTC"):
        usual_format = "ISO 8601"
    return StandardVariable(
        name=row["variable"],
        order=float(row["order"]),
        label=row["label"],
        type=row["type"],
        length=int(row["length"]),
        format=row.get("format", usual_format),
        codelist=row.get("codelist", ""),
        role=row["role"],
        core=row.get("core", "Perm"),
    )


def _codelists(file: Path, subsets: Path) -> dict[str, Codelist]:
    """The codelists of CDISC, and those that have some of the terms of another."""
    terms: dict[str, dict[str, str]] = {}
    heads: dict[str, tuple[str, bool]] = {}
    for row in _rows(file):
        heads[row["codelist"]] = (row["name"], row["extensible"] == "Yes")
        terms.setdefault(row["codelist"], {})[row["term"]] = row["term_code"]
    found = {}
    for code, (name, extensible) in heads.items():
        found[code] = Codelist(id=code, name=name, extensible=extensible, terms=terms[code])
    for row in _rows(subsets):
        kept = {term: terms[row["of"]][term] for term in row["terms"].split("; ")}
        code = row["codelist"]
        found[code] = Codelist(id=code, name=row["name"], extensible=False, terms=kept)
    return found


def _indexed(variable: StandardVariable, name: str) -> StandardVariable | None:
    """The variable with the name's numbers for its index fragments, if the name has that form."""
    fragments = re.findall("xx|zz|[yw]", variable.name)
    if not fragments:
        return None
    pattern = re.sub("xx|zz|[yw]", lambda m: INDEX[m[0]], variable.name)
    match = re.fullmatch(pattern, name)
    if not match:
        return None
    label = variable.label
    for fragment, digits in zip(fragments, match.groups(), strict=True):
        number = digits
        if fragment in "yw":
            number = str(int(digits))
        label = re.sub(rf"\b{fragment}\b", number, label)
    return replace(variable, name=name, label=label)
