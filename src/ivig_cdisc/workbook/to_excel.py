"""The YAML files of a study as rows of sheets.

Beside what they say stands what the standard makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import derive
from ..metadata import CONSTANT, COPY, DatasetSpec, Study, Variable, load, origins
from ..metadata.document import read
from ..metadata.steps import verb_of
from ..metadata.terminology import SEVERAL
from ..metadata.together import names_of
from . import passages, tables
from .comments import comments
from .sheets import AS_SAID, ATTRIBUTES, CHANGED, FOLLOWING, METHOD, SHEETS, Row, Rows

LONGEST_LIST = 300  # terms of a CDISC list that are shown
INTAKE = "intake"
TOGETHER = "Together"  # column of the sheet Methods
# entries of study.yaml with a sheet of their own
ELSEWHERE = ("forms", "terms", "codelists", "lengths", "tables", "facts")
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
            found["Waivers"] += [_waiver(entry) for entry in data or []]
        elif name.startswith("rules/"):
            found["Rules"] += [_rule(name, entry) for entry in data or []]
        elif name.startswith("results/"):
            found["Results"] += passages.rows("Results", name, data)
        elif name == passages.NARRATIVE:
            found["Narrative"] += passages.rows("Narrative", name, data)
        elif name.endswith("shared.yaml"):
            for variable, given in _by_name(data or {}).items():
                found["Variables"].append(_shared(found, name, variable, given))
        else:
            _dataset(found, name, data, study)
    found["Tables"] += tables.of_files(study)
    found["Codelists"] += _codelists(study, {row["ID"] for row in found["Codelists"]})
    found["WhereClauses"] += [_clause(row) for row in found["ValueLevel"]]
    return found


def _waiver(entry: Mapping[str, Any]) -> Row:
    return {key.capitalize(): str(text) for key, text in entry.items()}


def files(folder: Path) -> dict[str, Path]:
    """The YAML files of a study that hold specs, by their place in its folder."""
    paths = [folder / "study.yaml"]
    for part in (*LAYERS, "rules", "results"):
        paths += sorted((folder / part).glob("*.yaml"))
    paths += [folder / passages.NARRATIVE, folder / "waivers.yaml"]
    return {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}


# ---------------------------------------------------------------- study.yaml
def _study(found: Rows, data: Mapping[str, Any]) -> None:
    for entry, value in data.items():
        if entry == INTAKE:
            for name, inner in value.items():
                found["Study"].append({"Entry": f"{INTAKE}.{name}", "Value": inner})
        elif entry not in ELSEWHERE or isinstance(value, str):
            found["Study"].append({"Entry": entry, "Value": value})
    found["Tables"] += tables.of_study(data.get("tables") or {})
    for name, value in _of(data, "facts"):
        found["Facts"].append({"Fact": name, "Value": value})
    for name, size in _of(data, "lengths"):
        found["Lengths"].append({"Variable": name, "Length": size})
    for name, form in _of(data, "forms"):
        _form(found, name, form)
    for name, terms in _of(data, "terms"):
        found["Terms"] += _terms(name, terms)
    for name, codelist in _of(data, "codelists"):
        found["Codelists"] += _own_codelist(name, codelist)


def _own_codelist(name: str, given: Mapping[str, Any]) -> list[Row]:
    """The terms of a codelist of the study; one without any is a row too."""
    head = {"ID": name, **_entries(given, "Codelists", but=("terms",)), "Set by": "study"}
    rows = [{**head, "Term": str(term)} for term in given["terms"]]
    return rows or [head]


def _form(found: Rows, name: str, form: Mapping[str, Any]) -> None:
    found["Forms"].append({"Form": name, **_entries(form, "Forms", but=("columns",))})
    for column, given in form["columns"].items():
        row = {"Form": name, "Column": column, **_entries(given or {}, "Columns")}
        found["Columns"].append(row)


def _of(data: Mapping[str, Any], entry: str) -> Iterable[tuple[str, Any]]:
    """What stands in an entry of study.yaml, by name."""
    found = data.get(entry) or {}
    if isinstance(found, str):  # a word for all, which stands in Study
        return ()
    return found.items()


def _terms(name: str, terms: Mapping[str, Any]) -> list[Row]:
    """The pairs of a list of terms; a list without any is a row too."""
    rows: list[Row] = []
    for collected, submitted in terms.items():
        pair = {"Collected Value": collected, "Submission Value": str(submitted)}
        rows.append({"List": name, **pair})
    return rows or [{"List": name}]


def _entries(data: Mapping[str, Any], sheet: str, but: tuple[str, ...] = ()) -> Row:
    """Entries of the YAML under the columns that are called like them."""
    titles = _titles(sheet)
    row: Row = {}
    for key, value in data.items():
        if key not in but:
            row[titles[key]] = value
    return row


def _titles(sheet: str) -> dict[str, str]:
    """The columns of a sheet by their words in the YAML."""
    return {column.name.lower().replace(" ", "_"): column.name for column in SHEETS[sheet]}


# ---------------------------------------------------------------- datasets
def _dataset(found: Rows, name: str, data: Mapping[str, Any], study: Study) -> None:
    spec = study.dataset(str(data["dataset"]))
    found["Datasets"].append(_head(name, data, spec))
    for number, step in enumerate(data["rows"], 1):
        row = {"File": name, "Step": number, "Verb": verb_of(step), "Definition": step}
        found["Rows"].append(row)
    given = _by_name(data.get("variables") or {})
    data = {**data, "variables": given}
    for order, variable in enumerate(spec.variables, 1):
        own = given.get(variable.name)
        if variable.supplemental:
            found["ValueLevel"].append(_value_level(found, name, order, spec, variable, own))
        else:
            found["Variables"].append(_variable(found, name, order, spec, variable, own, data))
    for column, wired in _by_name(data.get("working") or {}).items():
        head = {"File": name, "Dataset": spec.name, "Variable": column, "Part": "working"}
        found["Variables"].append({**head, **_wired(found, spec.name, column, wired)})


def _by_name(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of each variable; of several that are given together, of the first one.

    Each of them has their names in TOGETHER.
    """
    found: dict[str, Any] = {}
    for key, said in given.items():
        names = names_of(key)
        if len(names) == 1:
            found[key] = said
            continue
        for name in names:
            found[name] = {**said, TOGETHER: names}
    return found


def _head(name: str, data: Mapping[str, Any], spec: DatasetSpec) -> Row:
    structure = "Class"
    if data.get("structure"):
        structure = "Structure"
    head: Row = {
        "File": name,
        "Dataset": spec.name,
        "Label": spec.label,
        "Description": spec.description,
        structure: spec.structure,
        "Key Variables": list(spec.keys),
        "Shared": data.get("shared"),
        "Keep": data.get("keep"),
        "Internal": data.get("internal"),
        "Per": data.get("per"),
        "Transliterate": data.get("transliterate"),
    }
    return _filled(head)


def _filled(row: Row) -> Row:
    """The row without cells that hold nothing."""
    return {column: value for column, value in row.items() if value not in (None, "", [])}


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
    row |= {"Part": _part(variable, data), **_attributes(variable, own)}
    if row["Part"] in FOLLOWING:
        return {**row, **_origin_of(variable)}
    return {**row, **_wired(found, spec.name, variable.name, own)}


def _part(variable: Variable, data: Mapping[str, Any]) -> str:
    """What of the file gives a variable; what nothing gives is expected, and empty."""
    if variable.name in data["variables"]:
        return "variable"
    if variable.name in (data.get("shared") or []):
        return "shared"
    if variable.wiring.function == COPY:
        return "keep"
    return "expected"


def _value_level(
    found: Rows, name: str, order: int, spec: DatasetSpec, variable: Variable, own: Any
) -> Row:
    where = origins.where_clause(f"SUPP{spec.name}", variable.name)
    row: Row = {
        "File": name,
        "Order": str(order),
        "Dataset": where.dataset,
        "Variable": origins.VALUE,
        "Where Clause": where.id,
        "QNAM": variable.name,
    }
    row |= {**_attributes(variable, own), **_qualifier(own)}
    return row | _wired(found, spec.name, variable.name, own)


def _qualifier(own: Mapping[str, Any]) -> Row:
    """What the study says of origin and evaluator itself; the label is an attribute."""
    said = own["supplemental"]
    if isinstance(said, str):
        return {}
    return _filled({"Own Origin": said.get("origin"), "Evaluator": said.get("evaluator")})


def _clause(row: Row) -> Row:
    where = origins.where_clause(row["Dataset"], row["QNAM"])
    return {
        "ID": where.id,
        "Dataset": where.dataset,
        "Variable": where.variable,
        "Comparator": where.comparator,
        "Value": where.value,
    }


def _attributes(variable: Variable, own: Any) -> Row:
    """As the standard and the study together make them.

    A length of the variable's own apart from the one in use.
    """
    own = own or {}
    made: Row = {}
    changed = []
    for column, word in ATTRIBUTES:
        made[column.name] = getattr(variable, AS_SAID.get(word, word))
        if word in own and word in CHANGED:
            changed.append(column.name)
    made["Range"] = list(variable.range or ())
    made |= {"Own Length": own.get("length"), "Length": str(variable.length)}
    made["Set Here"] = changed
    return _filled(made)


# ---------------------------------------------------------------- wiring
def _shared(found: Rows, name: str, variable: str, given: Mapping[str, Any] | None) -> Row:
    """An entry of shared.yaml, with what it says and no more.

    Its variables differ from domain to domain.
    """
    given = given or {}
    row: Row = {"File": name, "Dataset": "--", "Variable": variable, "Part": "variable"}
    for column, word in ATTRIBUTES:
        if given.get(word) is not None:
            row[column.name] = given[word]
    layer = name.partition("/")[0].upper()
    return {**row, **_wired(found, f"SHARED.{layer}", variable, given)}


def _wired(found: Rows, dataset: str, variable: str, given: Mapping[str, Any] | None) -> Row:
    """Origin and the one cell that says where values come from.

    A derivation becomes a row of Methods.
    """
    given = given or {}
    row: Row = _source(found, dataset, variable, given)
    if "where" in given:
        row["Where"] = given["where"]
    return row


def _source(found: Rows, dataset: str, variable: str, given: Mapping[str, Any]) -> Row:
    value = given.get("value")
    for word in METHOD.values():
        if word in given:
            first = given.get(TOGETHER, [variable])[0]
            method = origins.method_id(dataset, first)
            if first == variable:
                found["Methods"].append(_method(method, given))
            function = str(given.get("derive", word))
            return {"Origin": origins.origin_type(function, has_value=False), "Method": method}
    if value is not None:
        return {"Origin": origins.origin_type(CONSTANT, has_value=True), "Assigned Value": value}
    copied = origins.origin_type(COPY, has_value=False)
    return {"Origin": copied, "Predecessor": str(given.get("from") or variable)}


def _method(name: str, given: Mapping[str, Any]) -> Row:
    row: Row = {"ID": name, "Type": "Computation", "Description": _description(given)}
    for title, key in (*METHOD.items(), ("From", "from"), ("With", "with"), (TOGETHER, TOGETHER)):
        if key in given:
            row[title] = given[key]
    return row


def _description(given: Mapping[str, Any]) -> str:
    if "derive" in given:
        return origins.method_text(str(given["derive"]), derive.FUNCTIONS)
    if "compute" in given:
        return f"{given['compute']}."
    return "The value of the first case that holds."


def _origin_of(variable: Variable) -> Row:
    wiring = variable.wiring
    has_value = wiring.constants.get("value") is not None
    origin = origins.origin_type(wiring.function, has_value=has_value)
    if not origin:
        return {}
    return {"Origin": origin}


# ---------------------------------------------------------------- terms, rules
def _codelists(study: Study, own: set[str]) -> Iterator[Row]:
    """The terms of CDISC that variables of the study may have; of long lists the number.

    A codelist that is made of several has no rows: these have rows of their own.
    """
    for used in origins.codelists(study):
        codelist = used.codelist
        if codelist.id in own or SEVERAL in codelist.id:
            continue
        head: Row = {
            "ID": codelist.id,
            "Name": codelist.name,
            "Extensible": codelist.extensible,
            "Set by": "CDISC",
        }
        if len(codelist.terms) > LONGEST_LIST:
            yield {**head, "Term": f"({len(codelist.terms)} terms)"}
            continue
        for term, code in codelist.terms.items():
            yield {**head, "Term": term, "NCI Term Code": code}


def _rule(name: str, entry: Mapping[str, Any]) -> Row:
    datasets = entry["dataset"]
    if isinstance(datasets, str):
        datasets = [datasets]
    return {"File": name, **_entries(entry, "Rules"), "Dataset": list(datasets)}
