"""Rows of sheets as the YAML files of a study: what equals the standard is not written, what differs is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..metadata import DatasetSpec, Study, Variable, load, written
from . import stories
from .comments import commented
from .sheets import ATTRIBUTES, CHANGED, FOLLOWING, Row, Rows
from .to_excel import INTAKE

Data = dict[str, Any]
Complain = Callable[[str, Row, str, str], None]  # sheet, row, column, reason
HEAD = (
    ("Label", "label"),
    ("Description", "description"),
    ("Key Variables", "keys"),
)  # the standard has these too
NO_CODELIST = "none"
WIRED = ("Assigned Value", "Predecessor", "Method")  # columns that say where values come from
HOW = "change the row of shared.yaml, or make its part variable and take it off Shared or Keep of the sheet Datasets"


def texts(rows: Rows, complain: Complain) -> dict[str, str]:
    """The YAML files by their place in the folder of the study; complain is told what cannot be."""
    methods = _methods(rows, complain)
    bare = {"study.yaml": _study(rows), **_datasets(rows, methods, complain)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _write(folder, {name: written(data) for name, data in bare.items()})
        known, _ = load(folder)
        _override(bare, rows, known)
        whole = {**bare, **_rules(rows), **stories.files(rows)}
        if waivers := [_kept(row, str.lower) for row in rows["Waivers"]]:
            whole["waivers.yaml"] = waivers
        return _with_comments(whole, rows["Comments"], folder / "lines.yaml")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _with_comments(files: Mapping[str, Any], rows: list[Row], place: Path) -> dict[str, str]:
    """Files with their comments, also a file that holds nothing else."""
    names = [
        *files,
        *dict.fromkeys(str(row.get("File")) for row in rows if row.get("File") not in files),
    ]
    said = {name: [row for row in rows if row.get("File") == name] for name in names}
    return {
        name: commented(written(files[name]) if name in files else "", place, said[name])
        for name in names
    }


def _kept(row: Row, word: Callable[[str], str], but: tuple[str, ...] = ()) -> Data:
    """Cells of a row under the words of the spec language."""
    return {
        word(column).replace(" ", "_"): value for column, value in row.items() if column not in but
    }


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
        pairs = (
            {row["Collected Value"]: row.get("Submission Value", "")}
            if "Collected Value" in row
            else {}
        )
        terms.setdefault(row["List"], {}).update(pairs)
    lengths = {row["Variable"]: row.get("Length") for row in rows["Lengths"]}
    facts = {row["Fact"]: row.get("Value") for row in rows["Facts"]}
    more = {"terms": terms, "codelists": _codelists(rows), "lengths": lengths, "facts": facts}
    return {**data, **{name: given for name, given in more.items() if given}}


def _forms(rows: Rows) -> Data:
    forms: Data = {}
    for row in rows["Forms"]:
        forms[row["Form"]] = {**_kept(row, str.lower, but=("Form",)), "columns": {}}
    for row in rows["Columns"]:
        columns = forms.setdefault(row["Form"], {}).setdefault("columns", {})
        columns[row["Column"]] = _kept(row, str.lower, but=("Form", "Column")) or None
    return forms


def _codelists(rows: Rows) -> Data:
    found: Data = {}
    for row in (r for r in rows["Codelists"] if r.get("Set by") == "study"):
        codelist = found.setdefault(
            row["ID"], {**_kept(row, str.lower, but=("ID", "Set by", "Term")), "terms": []}
        )
        codelist["terms"] += [row["Term"]] if "Term" in row else []
    return found


# ---------------------------------------------------------------- datasets
def _methods(rows: Rows, complain: Complain) -> dict[str, Data]:
    methods: dict[str, Data] = {}
    for row in rows["Methods"]:
        if row["ID"] in methods:
            complain("Methods", row, "ID", f"{row['ID']} stands twice")
        given = {"derive": row.get("Function"), "from": row.get("From"), "with": row.get("With")}
        methods[row["ID"]] = {key: value for key, value in given.items() if value is not None}
    return methods


def _datasets(rows: Rows, methods: Mapping[str, Data], complain: Complain) -> dict[str, Data]:
    """The files of datasets without what the standard may say of them."""
    found: dict[str, Data] = {}
    for row in rows["Datasets"]:
        but = ("File", "Class", *(column for column, _ in HEAD))
        found[row["File"]] = {
            **_kept(row, str.lower, but=but),
            "rows": [],
            "working": {},
            "variables": {},
        }
    for row in sorted(rows["Rows"], key=lambda row: row.get("Step", 0)):
        if row.get("File") not in found:
            complain("Rows", row, "File", f"{row.get('File')} is no file of the sheet Datasets")
        else:
            found[row["File"]]["rows"].append(row.get("Definition"))
    for sheet, row in (
        *(("Variables", r) for r in rows["Variables"]),
        *(("ValueLevel", r) for r in rows["ValueLevel"]),
    ):
        if row.get("Part", "variable") in ("variable", "working"):
            _add(found, sheet, row, _wiring(sheet, row, methods, complain), complain)
    _check_used(rows, complain)
    return {
        name: {k: v for k, v in data.items() if (k, v) != ("working", {})}
        for name, data in found.items()
    }


def _check_used(rows: Rows, complain: Complain) -> None:
    """A method that no variable has, and a step that stands twice, would be lost."""
    used = {row.get("Method") for sheet in ("Variables", "ValueLevel") for row in rows[sheet]}
    for row in rows["Methods"]:
        if row["ID"] not in used:
            complain("Methods", row, "ID", f"no variable has the method {row['ID']}")
    steps: set[tuple[Any, Any]] = set()
    for row in rows["Rows"]:
        step = (row.get("File"), row.get("Step"))
        if step in steps:
            complain("Rows", row, "Step", f"step {step[1]} of {step[0]} stands twice")
        steps.add(step)


def _add(found: dict[str, Data], sheet: str, row: Row, wiring: Data, complain: Complain) -> None:
    """One variable in its file; shared.yaml is a file of nothing but variables, and says its attributes itself."""
    file, name = str(row.get("File")), row["Variable" if sheet == "Variables" else "QNAM"]
    if file.endswith("shared.yaml"):
        target = found.setdefault(file, {})
        wiring = {
            **wiring,
            **{word: row[column.name] for column, word in ATTRIBUTES if column.name in row},
        }
    elif file in found:
        target = found[file]["working" if row.get("Part") == "working" else "variables"]
        wiring = {**wiring, **_set(row)}
    else:
        complain(sheet, row, "File", f"{file} is no file of the sheet Datasets")
        return
    if name in target:
        complain(
            sheet,
            row,
            "Variable" if sheet == "Variables" else "QNAM",
            f"{name} stands twice in {file}",
        )
    target[name] = {
        **({"supplemental": row.get("Label", "")} if sheet == "ValueLevel" else {}),
        **wiring,
    }


def _wiring(sheet: str, row: Row, methods: Mapping[str, Data], complain: Complain) -> Data:
    """Where values come from: just one of the three cells says so."""
    cells = [column for column in WIRED if column in row]
    if len(cells) != 1:
        said = " and ".join(cells) or "no cell"
        complain(
            sheet,
            row,
            "Method",
            f"one of Assigned Value, Predecessor and Method says where values come from, not {said}",
        )
        return {}
    if cells == ["Assigned Value"]:
        return {"value": row["Assigned Value"]}
    if cells == ["Predecessor"]:
        same = row["Predecessor"] == row.get("Variable")
        return {} if same else {"from": row["Predecessor"]}
    if row["Method"] not in methods:
        complain(sheet, row, "Method", f"there is no method {row['Method']} on the sheet Methods")
    return dict(methods.get(row["Method"], {}))


# ---------------------------------------------------------------- what differs from the standard
def _override(files: dict[str, Data], rows: Rows, known: Study) -> None:
    """Write attributes that are not those that the standard gives anyway."""
    specs = {
        spec.place.file.parent.name + "/" + spec.place.file.name: spec
        for spec in known.datasets
        if not spec.parent
    }
    for row in rows["Datasets"]:
        if spec := specs.get(row["File"]):
            data = files[row["File"]]
            head = {word: row[column] for column, word in HEAD if column in row}
            given = {
                word: value for word, value in head.items() if value != _plain(getattr(spec, word))
            }
            files[row["File"]] = {"dataset": data.pop("dataset"), **given, **data}
    for sheet, name in (("Variables", "Variable"), ("ValueLevel", "QNAM")):
        for row in rows[sheet]:
            spec, part = specs.get(str(row.get("File"))), row.get("Part", "variable")
            if spec and part == "variable":
                own = files[row["File"]]["variables"][row[name]]
                own.update(_differing(row, spec.variable(str(row[name]))))


def _specs(study: Study) -> dict[str, DatasetSpec]:
    """The datasets by the files that they stand in."""
    return {
        f"{d.place.file.parent.name}/{d.place.file.name}": d for d in study.datasets if not d.parent
    }


def _set(row: Row) -> Data:
    """Attributes that the study has changed, by the column that lists them; range and length stand for themselves."""
    listed = [*row.get("Set Here", ()), "Range", "Own Length"]
    found = {word: row.get(column.name) for column, word in ATTRIBUTES if column.name in listed}
    if "codelist" in found and not found["codelist"]:
        found["codelist"] = NO_CODELIST
    return {word: value for word, value in found.items() if value is not None}


def _differing(row: Row, variable: Variable) -> Data:
    """Attributes of a row that are not those that the standard and the study give; without a codelist it is `none`."""
    given = {word: row.get(column.name) for column, word in ATTRIBUTES if word in CHANGED}
    found = {
        word: value for word, value in given.items() if (value or "") != getattr(variable, word)
    }
    if variable.supplemental:
        found.pop("label", None)
    if "label" in found and not variable.label:
        found["type"] = given["type"] or variable.type  # what the standard does not know needs both
    if "codelist" in found and not found["codelist"]:
        found["codelist"] = NO_CODELIST
    return {word: value for word, value in found.items() if value is not None}


def unread(rows: Rows, study: Study) -> Iterator[tuple[Row, str, str]]:
    """Changes in rows that follow from the sheet Datasets: row, column and what is to be done instead."""
    for row in rows["Variables"]:
        if row.get("Part", "variable") not in FOLLOWING:
            continue
        of = _specs(study).get(str(row.get("File")))
        variable = (
            next((v for v in of.variables if v.name == row["Variable"]), None) if of else None
        )
        if variable is None:
            yield (
                row,
                "Variable",
                f"{row['Variable']} is {row['Part']} here, but {row.get('File')} does not have it",
            )
            continue
        changed = [
            c.name
            for c, word in ATTRIBUTES
            if word in CHANGED and (row.get(c.name) or "") != getattr(variable, word)
        ]
        more = [name for name in ("Own Length", "Set Here", *WIRED) if name in row]
        for name in (*changed, *more):
            yield (
                row,
                name,
                f"{name} is not read here: the part of {row['Variable']} is {row['Part']}; {HOW}",
            )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _rules(rows: Rows) -> dict[str, list[Data]]:
    found: dict[str, list[Data]] = {}
    for row in rows["Rules"]:
        rule = _kept(row, str.lower, but=("File",))
        names = rule.get("dataset") or [""]
        rule["dataset"] = names[0] if len(names) == 1 else names
        found.setdefault(row["File"], []).append(rule)
    return found
