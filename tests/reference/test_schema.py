"""The JSON schema: every spec that is valid is valid by it, and planted mistakes are refused."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from ivig_cdisc import derive
from ivig_cdisc.cli import main
from ivig_cdisc.engine.calls import FROM_EDGES
from ivig_cdisc.metadata import specs_root
from ivig_cdisc.metadata.document import read
from ivig_cdisc.reference import KINDS, modeline, schema, schema_text
from ivig_cdisc.reference.schema import kind_of
from ivig_cdisc.scaffold import new_study
from ivig_cdisc.study_check import check
from ivig_cdisc.validation import CHECKS
from ivig_cdisc.workbook import read as from_workbook
from ivig_cdisc.workbook import write as to_workbook

CHECKOUT = Path(__file__).parents[2]
TUTORIAL = CHECKOUT / "docs" / "your-study"
FENCE = re.compile(r"^```yaml\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@cache
def checker(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema(), "$ref": f"#/$defs/{kind}"})


def faults(kind: str, data: Any) -> list[str]:
    """What the schema says is wrong: where, and which of its words is not met."""
    found = []
    for error in checker(kind).iter_errors(data):
        found.append(f"{'.'.join(map(str, error.absolute_path))}: {error.validator}")
    return found


def bundled() -> Iterator[tuple[str, Path]]:
    """Every YAML file of the specs with its kind."""
    root = specs_root()
    for folder in sorted((root / "study").iterdir()):
        for file in sorted(folder.rglob("*.yaml")):
            yield kind_of(file.relative_to(folder).as_posix()), file
    for file in sorted((root / "rules").glob("*.yaml")):
        yield "rules", file


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(schema_text()) == schema()
    assert tuple(schema()["$defs"])[: len(KINDS)] == KINDS


def test_every_reference_leads_somewhere() -> None:
    wanted = set(re.findall(r'"#/\$defs/([^"]+)"', schema_text()))
    assert wanted <= set(schema()["$defs"])


@pytest.mark.parametrize(("kind", "file"), list(bundled()), ids=lambda value: str(value)[-40:])
def test_bundled_specs_are_valid(kind: str, file: Path) -> None:
    assert faults(kind, read(file).data) == []


def test_the_tutorial_is_valid(tmp_path: Path) -> None:
    """The files that it begins with, and those that it shows whole."""
    new_study("ABC-01", TUTORIAL / "raw", tmp_path / "abc01")
    for file in sorted((tmp_path / "abc01").rglob("*.yaml")):
        kind = kind_of(file.relative_to(tmp_path / "abc01").as_posix())
        assert faults(kind, read(file).data) == [], file
    text = (TUTORIAL / "README.md").read_text("utf-8")
    for number, block in enumerate(FENCE.findall(text)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, "utf-8")
        data = read(file).data
        if isinstance(data, dict) and "dataset" in data:
            assert faults("dataset", data) == [], block
        elif isinstance(data, list) and "check" in data[0]:
            assert faults("rules", data) == [], block


DATASET = {
    "dataset": "VS",
    "rows": [
        {"take": "vitals"},
        {"melt": {"columns": {"weight": "WEIGHT"}, "name": "test", "value": "result"}},
        {"join": {"with": "DM", "on": ["USUBJID"], "take": {"start": "RFSTDTC"}}},
    ],
    "variables": {
        "VSORRES": {"from": "result"},
        "VSTEST": {
            "derive": "recode",
            "from": {"value": "test"},
            "with": {"terms": {"fact": "tests"}},
        },
        "VSDY": {"derive": "study_day", "from": {"date": "VSDTC", "reference": "start"}},
    },
}
MISTAKES = [  # path, what stands there instead (None: nothing), what the schema says
    (("dataset",), None, ": required"),
    (("colour",), "red", ": additionalProperties"),
    (("rows", 0), {"grab": "vitals"}, "rows.0: oneOf"),
    (("rows", 1, "melt", "nam"), "test", "rows.1: oneOf"),
    (("rows", 2, "join", "unmatched"), "lose", "rows.2: oneOf"),
    (("variables", "VSORRES"), "result", "variables.VSORRES: type"),
    (("variables", "VSORRES", "type"), "Number", "variables.VSORRES.type: enum"),
    (("variables", "VSORRES", "length"), 300, "variables.VSORRES.length: maximum"),
    (("variables", "VSORRES", "range"), [1], "variables.VSORRES.range: anyOf"),
    (("variables", "VSORRES", "with"), {}, "variables.VSORRES: dependentRequired"),
    (("variables", "VSTEST", "derive"), "recod", "variables.VSTEST.derive: enum"),
    (("variables", "VSTEST", "from"), {"valu": "test"}, "variables.VSTEST.from: required"),
    (("variables", "VSTEST", "with"), None, "variables.VSTEST: required"),
    (("variables", "VSTEST", "with", "terms"), "SEX", "variables.VSTEST.with.terms: anyOf"),
    (("variables", "VSDY", "from", "reference"), None, "variables.VSDY.from: required"),
    (("variables", "VSDY", "with"), {"a": 1}, "variables.VSDY.with: additionalProperties"),
]


@pytest.mark.parametrize(("path", "value", "said"), MISTAKES)
def test_a_mistake_is_refused(path: tuple[Any, ...], value: Any, said: str) -> None:
    assert faults("dataset", DATASET) == []
    data = copy.deepcopy(DATASET)
    parent: Any = data
    for key in path[:-1]:
        parent = parent[key]
    if value is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    assert said in faults("dataset", data)


RULE = {
    "id": "R",
    "severity": "note",
    "dataset": "AE",
    "check": "not_before",
    "from": {"end": "AEENDTC", "start": "AESTDTC"},
    "variable": "AEENDTC",
    "message": "No.",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"check": "not_befor"}, ["0.check: enum"]),
        ({"severity": "bad"}, ["0.severity: enum"]),
        ({"from": {"end": "AEENDTC"}}, ["0.from: required"]),
        ({"join": [{"with": "DM", "on": ["USUBJID"]}]}, ["0.join.0: required"]),
    ],
)
def test_rules(change: dict[str, Any], said: list[str]) -> None:
    assert faults("rules", [{**RULE, **change}]) == said


@pytest.mark.parametrize("text", ["012", "1e5", "-99.0"])
def test_what_other_readers_of_yaml_take_for_a_number_may_be_text(text: str) -> None:
    """An editor reads 012 as 12; here it is the text of a site."""
    data = copy.deepcopy(DATASET)
    data["variables"]["VSLOC"] = {"value": float(text)}  # type: ignore[index]
    data["label"] = float(text)
    assert faults("dataset", data) == []


def test_names_are_enumerated() -> None:
    variable = schema()["$defs"]["VariableSource"]["properties"]
    assert set(variable["derive"]["enum"]) == {*derive.FUNCTIONS, *FROM_EDGES}
    assert {"none", "C66742"} <= set(variable["codelist"]["anyOf"][0]["enum"])
    assert set(schema()["$defs"]["RuleSource"]["properties"]["check"]["enum"]) == set(CHECKS)


def test_every_word_is_described() -> None:
    """By its line in the docstring of the model, or by that of the model behind it."""
    bare = []
    for name, made in schema()["$defs"].items():
        for word, given in made.get("properties", {}).items():
            if "description" not in given and "$ref" not in given:
                bare.append(f"{name}.{word}")
    assert bare == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("study.yaml", "# yaml-language-server: $schema=schema.json#/$defs/study"),
        ("sdtm/vs.yaml", "# yaml-language-server: $schema=../schema.json#/$defs/dataset"),
        ("adam/shared.yaml", "# yaml-language-server: $schema=../schema.json#/$defs/shared"),
        ("rules/own.yaml", "# yaml-language-server: $schema=../schema.json#/$defs/rules"),
        ("waivers.yaml", "# yaml-language-server: $schema=schema.json#/$defs/waivers"),
    ],
)
def test_the_line_that_names_it(path: str, line: str) -> None:
    assert modeline(path) == line


def test_a_new_study_names_it_and_keeps_it(tmp_path: Path) -> None:
    """The spec check takes it for what it is, and a workbook brings it back."""
    new = tmp_path / "new"
    new_study("NEW1", TUTORIAL / "raw", new)
    assert json.loads((new / "schema.json").read_text("utf-8")) == schema()
    assert check(new).errors == []
    to_workbook(new, tmp_path / "new.xlsx")
    from_workbook(tmp_path / "new.xlsx", tmp_path / "back")
    for folder in (new, tmp_path / "back"):
        assert (folder / "schema.json").is_file()
        for file in folder.rglob("*.yaml"):
            line = file.read_text("utf-8").partition("\n")[0]
            assert line == modeline(file.relative_to(folder).as_posix())


def test_the_command_shows_or_writes_it(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["spec", "schema"])
    assert (shown.exit_code, shown.output) == (0, schema_text())
    written = CliRunner().invoke(main, ["spec", "schema", str(tmp_path / "schema.json")])
    assert (written.exit_code, written.output) == (0, "")
    assert (tmp_path / "schema.json").read_text("utf-8") == schema_text()
