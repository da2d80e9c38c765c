"""The YAML files of a study as rows of sheets; beside what they say stands what the standard makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import derive
from ..metadata import DatasetSpec, Study, Variable, load
from ..metadata.document import read
from . import stories
from .comments import comments
from .sheets import ATTRIBUTES, CHANGED, FOLLOWING, SHEETS, Row, Rows

LONGEST_LIST = 300  # terms of a CDISC list that are shown
VERBS = ("take", "stack", "melt", "join", "first", "summarize")
INTAKE = "intake"
ELSEWHERE = (
    "forms",
    "terms",
    "codelists",
    "lengths",
    "facts",
)  # entries of study.yaml with a sheet of their own
LAYERS = ("sdtm", "adam")


def rows(folder: Path) -> Rows:
    """All rows of all sheets for a folder of specs that can be loaded."""
    study, _ = load(folder)
    found: Rows = {name: [] for name in SHEETS}
    for name, file in files(folder).items():
        data = read(file).data
        found["Comments"] += comments(file, name)
        if name == "study.yaml":
            _study(found, data)
        elif name == "waivers.yaml":
            found["Waivers"] += [
                {key.capitalize(): str(text) for key, text in entry.items()} for entry in data or []
            ]
        elif name.startswith("rules/"):
            found["Rules"] += [_rule(name, entry) for entry in data or []]
        elif name.startswith("results/"):
            found["Results"] += stories.rows("Results", name, data)
        elif name == stories.NARRATIVE:
            found["Narrative"] += stories.rows("Narrative", name, data)
        elif name.endswith("shared.yaml"):
            found["Variables"] += [
                _shared(found, name, variable, given) for variable, given in (data or {}).items()
            ]
        else:
            _dataset(found, name, data, study)
    found["Codelists"] += _codelists(study, {row["ID"] for row in found["Codelists"]})
    found["WhereClauses"] += [_clause(row) for row in found["ValueLevel"]]
    return found


def files(folder: Path) -> dict[str, Path]:
    """The YAML files of a study that hold specs, by their place in its folder."""
    known = [
        folder / "study.yaml",
        *(f for layer in LAYERS for f in sorted((folder / layer).glob("*.yaml"))),
    ]
    more = [
        *sorted((folder / "rules").glob("*.yaml")),
        *sorted((folder / "results").glob("*.yaml")),
        folder / stories.NARRATIVE,
        folder / "waivers.yaml",
    ]
    return {path.relative_to(folder).as_posix(): path for path in (*known, *more) if path.is_file()}


# ---------------------------------------------------------------- study.yaml
def _study(found: Rows, data: Mapping[str, Any]) -> None:
    for entry, value in data.items():
        if entry == INTAKE:
            found["Study"] += [
                {"Entry": f"{INTAKE}.{name}", "Value": inner} for name, inner in value.items()
            ]
        elif entry not in ELSEWHERE:
            found["Study"].append({"Entry": entry, "Value": value})
    found["Facts"] += [
        {"Fact": name, "Value": value} for name, value in (data.get("facts") or {}).items()
    ]
    found["Lengths"] += [
        {"Variable": name, "Length": size} for name, size in (data.get("lengths") or {}).items()
    ]
    for name, form in (data.get("forms") or {}).items():
        found["Forms"].append({"Form": name, **_entries(form, "Forms", but=("columns",))})
        found["Columns"] += [
            {"Form": name, "Column": column, **_entries(given or {}, "Columns")}
            for column, given in form["columns"].items()
        ]
    for name, terms in (data.get("terms") or {}).items():
        told = [
            {"List": name, "Collected Value": old, "Submission Value": str(new)}
            for old, new in terms.items()
        ]
        found["Terms"] += told or [{"List": name}]
    for name, given in (data.get("codelists") or {}).items():
        head = {"ID": name, **_entries(given, "Codelists", but=("terms",)), "Set by": "study"}
        found["Codelists"] += [{**head, "Term": str(term)} for term in given["terms"]] or [head]


def _entries(data: Mapping[str, Any], sheet: str, but: tuple[str, ...] = ()) -> Row:
    """Entries of the YAML under the columns that are called like them."""
    titles = {column.name.lower().replace(" ", "_"): column.name for column in SHEETS[sheet]}
    return {titles[key]: value for key, value in data.items() if key not in but}


# ---------------------------------------------------------------- datasets
def _dataset(found: Rows, name: str, data: Mapping[str, Any], study: Study) -> None:
    spec = study.dataset(str(data["dataset"]))
    found["Datasets"].append(_head(name, data, spec))
    for step, definition in enumerate(data["rows"], 1):
        verb = next((v for v in VERBS if v in definition), "")
        found["Rows"].append({"File": name, "Step": step, "Verb": verb, "Definition": definition})
    given = {**(data.get("variables") or {})}
    for order, variable in enumerate(spec.variables, 1):
        own = given.get(variable.name)
        if variable.supplemental:
            found["ValueLevel"].append(_value_level(found, name, order, spec, variable, own))
        else:
            found["Variables"].append(_variable(found, name, order, spec, variable, own, data))
    for column, wired in (data.get("working") or {}).items():
        head = {"File": name, "Dataset": spec.name, "Variable": column, "Part": "working"}
        found["Variables"].append({**head, **_wired(found, spec.name, column, wired)})


def _head(name: str, data: Mapping[str, Any], spec: DatasetSpec) -> Row:
    head: Row = {
        "File": name,
        "Dataset": spec.name,
        "Label": spec.label,
        "Description": spec.description,
    }
    head |= {"Class" if not data.get("structure") else "Structure": spec.structure}
    head |= {
        "Key Variables": list(spec.keys),
        "Shared": data.get("shared"),
        "Keep": data.get("keep"),
    }
    head |= {"Internal": data.get("internal"), "Transliterate": data.get("transliterate")}
    return {column: value for column, value in head.items() if value not in (None, "", [])}


def _variable(
    found: Rows,
    name: str,
    order: int,
    spec: DatasetSpec,
    variable: Variable,
    own: Any,
    data: Mapping[str, Any],
) -> Row:
    row: Row = {"File": name, "Order": str(order), "Dataset": spec.name, "Variable": variable.name}
    row |= {"Part": _part(variable.name, data), **_attributes(variable, own)}
    if row["Part"] in FOLLOWING:
        return {**row, **_origin_of(variable)}
    return {**row, **_wired(found, spec.name, variable.name, own)}


def _part(name: str, data: Mapping[str, Any]) -> str:
    if name in data["variables"]:
        return "variable"
    return next((part for part in ("shared", "keep") if name in (data.get(part) or [])), "expected")


def _value_level(
    found: Rows, name: str, order: int, spec: DatasetSpec, variable: Variable, own: Any
) -> Row:
    supplement = f"SUPP{spec.name}"
    row: Row = {"File": name, "Order": str(order), "Dataset": supplement, "Variable": "QVAL"}
    row |= {
        "Where Clause": f"WC.{supplement}.{variable.name}",
        "QNAM": variable.name,
        **_attributes(variable, own),
    }
    return {**row, **_wired(found, spec.name, variable.name, own)}


def _clause(row: Row) -> Row:
    where = {
        "Dataset": row["Dataset"],
        "Variable": "QNAM",
        "Comparator": "EQ",
        "Value": row["QNAM"],
    }
    return {"ID": row["Where Clause"], **where}


def _attributes(variable: Variable, own: Any) -> Row:
    """As the standard and the study together make them; a length of the variable's own apart from the one in use."""
    made = {column.name: getattr(variable, word) for column, word in ATTRIBUTES}
    made["Range"] = list(variable.range) if variable.range else None
    made |= {"Own Length": (own or {}).get("length"), "Length": str(variable.length)}
    made["Set Here"] = [
        column.name for column, word in ATTRIBUTES if word in (own or {}) and word in CHANGED
    ] or None
    return {column: value for column, value in made.items() if value not in (None, "")}


# ---------------------------------------------------------------- wiring
def _shared(found: Rows, name: str, variable: str, given: Mapping[str, Any] | None) -> Row:
    """An entry of shared.yaml, with what it says and no more: its variables differ from domain to domain."""
    said = {column.name: (given or {}).get(word) for column, word in ATTRIBUTES}
    head = {"File": name, "Dataset": "--", "Variable": variable, "Part": "variable"}
    kept = {column: value for column, value in said.items() if value is not None}
    return {
        **head,
        **kept,
        **_wired(found, f"SHARED.{name.partition('/')[0].upper()}", variable, given),
    }


def _wired(found: Rows, dataset: str, variable: str, given: Mapping[str, Any] | None) -> Row:
    """Origin and the one cell that says where values come from; a derivation becomes a row of Methods."""
    given = given or {}
    if "derive" in given:
        method = f"MT.{dataset}.{variable}"
        found["Methods"].append(_method(method, given))
        return {"Origin": "Derived", "Method": method}
    if given.get("value") is not None:
        return {"Origin": "Assigned", "Assigned Value": given["value"]}
    return {"Origin": "Predecessor", "Predecessor": str(given.get("from") or variable)}


def _method(name: str, given: Mapping[str, Any]) -> Row:
    function = derive.FUNCTIONS.get(str(given["derive"]))
    said = (
        " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        if function
        else "Read off the lineage."
    )
    row: Row = {"ID": name, "Type": "Computation", "Description": said, "Function": given["derive"]}
    return {
        **row,
        **{
            title: given[key] for title, key in (("From", "from"), ("With", "with")) if key in given
        },
    }


def _origin_of(variable: Variable) -> Row:
    if variable.wiring.function == "constant":
        return {"Origin": "Assigned"} if variable.wiring.constants.get("value") is not None else {}
    return {"Origin": "Predecessor" if variable.wiring.function == "copy" else "Derived"}


# ---------------------------------------------------------------- terms, rules
def _codelists(study: Study, told: set[str]) -> Iterator[Row]:
    """The terms of CDISC that variables of the study may have; of long lists the number."""
    used = {
        part for d in study.datasets for v in d.variables for part in v.codelist.split("; ") if part
    }
    for name in sorted(used - told):
        codelist = study.codelists.get(name)
        if codelist is None:
            continue
        head: Row = {
            "ID": name,
            "Name": codelist.name,
            "Extensible": codelist.extensible,
            "Set by": "CDISC",
        }
        if len(codelist.terms) > LONGEST_LIST:
            yield {**head, "Term": f"({len(codelist.terms)} terms)"}
            continue
        yield from (
            {**head, "Term": term, "NCI Term Code": code} for term, code in codelist.terms.items()
        )


def _rule(name: str, entry: Mapping[str, Any]) -> Row:
    titles = {column.name.lower(): column.name for column in SHEETS["Rules"]}
    row: Row = {"File": name, **{titles[key]: value for key, value in entry.items()}}
    row["Dataset"] = (
        [entry["dataset"]] if isinstance(entry["dataset"], str) else list(entry["dataset"])
    )
    return row
