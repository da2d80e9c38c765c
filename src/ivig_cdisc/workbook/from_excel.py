"""Rows of sheets as the YAML files of a study.

What equals the standard is not written, what differs is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..metadata import DatasetSpec, Study, Variable, load, written
from ..metadata.source import NO_CODELIST
from . import passages, tables
from .comments import commented
from .sheets import AS_SAID, ATTRIBUTES, CHANGED, FOLLOWING, METHOD, Row, Rows
from .to_excel import INTAKE, TOGETHER

Data = dict[str, Any]
Complain = Callable[[str, Row, str, str], None]  # sheet, row, column, reason
# the standard has these too
HEAD = (("Label", "label"), ("Description", "description"), ("Key Variables", "keys"))
TYPE = "Data Type"
# sheets of variables, and the column that names one
NAMED = {"Variables": "Variable", "ValueLevel": "QNAM"}
WIRED = ("Assigned Value", "Predecessor", "Method")  # columns that say where values come from
HOW = (
    "change the row of shared.yaml, or make its part variable and take it off Shared or Keep "
    "of the sheet Datasets"
)


def texts(rows: Rows, complain: Complain) -> dict[str, str]:
    """The files by their place in the folder of the study; complain is told what cannot be."""
    methods = _methods(rows, complain)
    bare = {"study.yaml": _study(rows), **_datasets(rows, methods, complain)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        of_tables = tables.to_files(rows["Tables"])
        yaml = {name: written(data) for name, data in bare.items()}
        write_files(folder, {**yaml, **of_tables})
        known, _ = load(folder)
        _override(bare, rows, known)
        whole = {**bare, **_rules(rows), **passages.files(rows)}
        waivers = [_kept(row) for row in rows["Waivers"]]
        if waivers:
            whole["waivers.yaml"] = waivers
        files = _with_comments(whole, rows["Comments"], folder / "lines.yaml")
        return {**files, **of_tables}


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Texts as files, by their place in a folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _with_comments(files: Mapping[str, Any], rows: list[Row], place: Path) -> dict[str, str]:
    """Files with their comments, also a file that holds nothing else."""
    said: dict[str, list[Row]] = {name: [] for name in files}
    for row in rows:
        said.setdefault(str(row.get("File")), []).append(row)
    texts = {}
    for name, comments in said.items():
        bare = ""
        if name in files:
            bare = written(files[name])
        texts[name] = commented(bare, place, comments)
    return texts


def _kept(row: Row, but: tuple[str, ...] = ()) -> Data:
    """Cells of a row under the words of the spec language."""
    kept = {}
    for column, value in row.items():
        if column not in but:
            kept[column.lower().replace(" ", "_")] = value
    return kept


# ---------------------------------------------------------------- study.yaml
def _study(rows: Rows) -> Data:
    data: Data = {}
    for row in rows["Study"]:
        entry, _, inner = str(row["Entry"]).partition(".")
        if inner and entry == INTAKE:
            data.setdefault(INTAKE, {})[inner] = row.get("Value")
        else:
            data[str(row["Entry"])] = row.get("Value")
    data["forms"] = _forms(rows)
    terms: Data = {}
    for row in rows["Terms"]:
        of_list = terms.setdefault(row["List"], {})
        if "Collected Value" in row:
            of_list[row["Collected Value"]] = row.get("Submission Value", "")
    more = {
        "tables": tables.to_study(rows["Tables"]),
        "terms": terms,
        "codelists": _codelists(rows),
        "lengths": _pairs(rows["Lengths"], "Variable", "Length"),
        "facts": _pairs(rows["Facts"], "Fact", "Value"),
    }
    for name, given in more.items():
        if given:
            data[name] = given
    return data


def _pairs(rows: list[Row], name: str, value: str) -> Data:
    """What two columns hold, by name."""
    return {row[name]: row.get(value) for row in rows}


def _forms(rows: Rows) -> Data:
    forms: Data = {}
    for row in rows["Forms"]:
        forms[row["Form"]] = {**_kept(row, but=("Form",)), "columns": {}}
    for row in rows["Columns"]:
        columns = forms.setdefault(row["Form"], {}).setdefault("columns", {})
        columns[row["Column"]] = _kept(row, but=("Form", "Column")) or None
    return forms


def _codelists(rows: Rows) -> Data:
    found: Data = {}
    for row in rows["Codelists"]:
        if row.get("Set by") != "study":
            continue
        head = _kept(row, but=("ID", "Set by", "Term"))
        codelist = found.setdefault(row["ID"], {**head, "terms": []})
        if "Term" in row:
            codelist["terms"].append(row["Term"])
    return found


# ---------------------------------------------------------------- datasets
def _methods(rows: Rows, complain: Complain) -> dict[str, Data]:
    methods: dict[str, Data] = {}
    for row in rows["Methods"]:
        if row["ID"] in methods:
            complain("Methods", row, "ID", f"{row['ID']} is a duplicate")
        ways = [column for column in METHOD if column in row]
        if len(ways) != 1:
            wanted = f"one of {', '.join(METHOD)} says how values are derived"
            complain("Methods", row, "Function", f"{wanted}, not {' and '.join(ways) or 'no cell'}")
        given = {word: row.get(column) for column, word in METHOD.items()}
        given |= {"from": row.get("From"), "with": row.get("With"), TOGETHER: row.get(TOGETHER)}
        methods[row["ID"]] = _said(given)
    return methods


def _said(given: Mapping[str, Any]) -> Data:
    """What is said, without what is not."""
    return {word: value for word, value in given.items() if value is not None}


def _datasets(rows: Rows, methods: Mapping[str, Data], complain: Complain) -> dict[str, Data]:
    """The files of datasets without what the standard may say of them."""
    found: dict[str, Data] = {}
    but = ("File", "Class", *dict(HEAD))
    for row in rows["Datasets"]:
        head = _kept(row, but=but)
        found[row["File"]] = {**head, "rows": [], "working": {}, "variables": {}}
    for row in sorted(rows["Rows"], key=lambda row: row.get("Step", 0)):
        if row.get("File") not in found:
            complain("Rows", row, "File", f"{row.get('File')} is not a file of the sheet Datasets")
        else:
            found[row["File"]]["rows"].append(row.get("Definition"))
    for sheet in NAMED:
        for row in rows[sheet]:
            if row.get("Part", "variable") in ("variable", "working"):
                _add(found, sheet, row, _wiring(sheet, row, methods, complain), complain)
    _check_used(rows, complain)
    for data in found.values():
        if not data.get("working", True):
            del data["working"]
    return found


def _check_used(rows: Rows, complain: Complain) -> None:
    """A method that no variable has, and a step that is a duplicate, would be lost."""
    used = {row.get("Method") for row in (*rows["Variables"], *rows["ValueLevel"])}
    for row in rows["Methods"]:
        if row["ID"] not in used:
            complain("Methods", row, "ID", f"no variable has the method {row['ID']}")
    steps: set[tuple[Any, Any]] = set()
    for row in rows["Rows"]:
        step = (row.get("File"), row.get("Step"))
        if step in steps:
            complain("Rows", row, "Step", f"step {step[1]} of {step[0]} is a duplicate")
        steps.add(step)


def _add(found: dict[str, Data], sheet: str, row: Row, wiring: Data, complain: Complain) -> None:
    """One variable in its file.

    Shared.yaml is a file of nothing but variables, and says its attributes itself.
    """
    file, name = str(row.get("File")), row[NAMED[sheet]]
    if file.endswith("shared.yaml"):
        target = found.setdefault(file, {})
        wiring = dict(wiring)
        for column, word in ATTRIBUTES:
            if column.name in row:
                wiring[word] = row[column.name]
    elif file in found:
        part = "variables"
        if row.get("Part") == "working":
            part = "working"
        target = found[file][part]
        wiring = {**wiring, **_set(row)}
    else:
        complain(sheet, row, "File", f"{file} is not a file of the sheet Datasets")
        return
    together = wiring.pop(TOGETHER, [name])
    if name != together[0]:
        return
    name = ", ".join(together)
    if name in target:
        complain(sheet, row, NAMED[sheet], f"{name} is a duplicate in {file}")
    if sheet == "ValueLevel":
        wiring = {"supplemental": _supplemental(row), **wiring}
    target[name] = wiring


def _supplemental(row: Row) -> Any:
    """The label alone, or with the origin and evaluator that the study says."""
    label = row.get("Label", "")
    said = _said({"origin": row.get("Own Origin"), "evaluator": row.get("Evaluator")})
    if said:
        return {"label": label, **said}
    return label


def _wiring(sheet: str, row: Row, methods: Mapping[str, Data], complain: Complain) -> Data:
    """Where values come from, and which records have one."""
    wiring = _source(sheet, row, methods, complain)
    if "Where" in row:
        wiring["where"] = row["Where"]
    return wiring


def _source(sheet: str, row: Row, methods: Mapping[str, Data], complain: Complain) -> Data:
    """Just one of the three cells says where values come from."""
    cells = [column for column in WIRED if column in row]
    if len(cells) != 1:
        wanted = "one of Assigned Value, Predecessor and Method says where values come from"
        said = " and ".join(cells) or "no cell"
        complain(sheet, row, "Method", f"{wanted}, not {said}")
        return {}
    if cells == ["Assigned Value"]:
        return {"value": row["Assigned Value"]}
    if cells == ["Predecessor"]:
        if row["Predecessor"] == row.get("Variable"):
            return {}
        return {"from": row["Predecessor"]}
    if row["Method"] not in methods:
        complain(sheet, row, "Method", f"there is no method {row['Method']} on the sheet Methods")
    return dict(methods.get(row["Method"], {}))


# ---------------------------------------------------------------- what differs from the standard
def _override(files: dict[str, Data], rows: Rows, known: Study) -> None:
    """Write attributes that are not those that the standard gives anyway."""
    specs = _specs(known)
    for row in rows["Datasets"]:
        file = row["File"]
        if file in specs:
            given = _differing_head(row, specs[file])
            data = files[file]
            files[file] = {"dataset": data.pop("dataset"), **given, **data}
    for sheet, name in NAMED.items():
        for row in rows[sheet]:
            spec, part = specs.get(str(row.get("File"))), row.get("Part", "variable")
            if spec is None or part != "variable":
                continue
            own = files[row["File"]]["variables"].get(row[name])
            if own is not None:
                own.update(_differing(row, spec.variable(str(row[name]))))


def _differing_head(row: Row, spec: DatasetSpec) -> Data:
    """What a row says of a dataset that the standard does not say anyway."""
    given = {}
    for column, word in HEAD:
        if column in row and row[column] != _plain(getattr(spec, word)):
            given[word] = row[column]
    return given


def _specs(study: Study) -> dict[str, DatasetSpec]:
    """The datasets by the files that they stand in."""
    found = {}
    for spec in study.datasets:
        if not spec.parent:
            file = spec.place.file
            found[f"{file.parent.name}/{file.name}"] = spec
    return found


def _set(row: Row) -> Data:
    """Attributes that the study has changed, by the column that lists them.

    Range and length stand for themselves.
    """
    listed = [*row.get("Set Here", ()), "Range", "Own Length"]
    found = {}
    for column, word in ATTRIBUTES:
        if column.name in listed:
            found[word] = row.get(column.name)
    return _said(_as_none(found))


def _as_none(found: Data) -> Data:
    """An empty cell of what the standard gives is `none`."""
    empty: Data = {}
    for word in ("codelist", "dictionary"):
        if word in found and not found[word]:
            empty[word] = NO_CODELIST
    return {**found, **empty}


def _differing(row: Row, variable: Variable) -> Data:
    """Attributes of a row that are not those that the standard and the study give.

    Without a codelist it is `none`.
    """
    found = {word: row.get(name) for name, word in _changed(row, variable).items()}
    if variable.supplemental:
        found.pop("label", None)
    if "label" in found and not variable.label:
        # what the standard does not know needs both
        found["type"] = row.get(TYPE) or variable.type
    return _said(_as_none(found))


def _changed(row: Row, variable: Variable) -> dict[str, str]:
    """The columns whose cell is not what the variable has, with their words in the YAML."""
    found = {}
    for column, word in ATTRIBUTES:
        if word in CHANGED and (row.get(column.name) or "") != getattr(
            variable, AS_SAID.get(word, word)
        ):
            found[column.name] = word
    return found


def unread(rows: Rows, study: Study) -> Iterator[tuple[Row, str, str]]:
    """Changes in rows that follow from the sheet Datasets.

    Row, column and what is to be done instead.
    """
    specs = _specs(study)
    for row in rows["Variables"]:
        if row.get("Part", "variable") not in FOLLOWING:
            continue
        name, part, file = str(row["Variable"]), row["Part"], str(row.get("File"))
        variable = _variable(specs.get(file), name)
        if variable is None:
            yield row, "Variable", f"{name} is {part} here, but {row.get('File')} does not have it"
            continue
        own = ("Own Length", "Set Here", "Where", *WIRED)
        others = [column for column in own if column in row]
        for column in (*_changed(row, variable), *others):
            yield row, column, f"{column} is not read here: the part of {name} is {part}; {HOW}"


def _variable(spec: DatasetSpec | None, name: str) -> Variable | None:
    if spec is None:
        return None
    return next((variable for variable in spec.variables if variable.name == name), None)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value


def _rules(rows: Rows) -> dict[str, list[Data]]:
    found: dict[str, list[Data]] = {}
    for row in rows["Rules"]:
        rule = _kept(row, but=("File",))
        names = rule.get("dataset") or [""]
        rule["dataset"] = names
        if len(names) == 1:
            rule["dataset"] = names[0]
        found.setdefault(row["File"], []).append(rule)
    return found
