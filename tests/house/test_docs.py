"""What the documents show is true: the examples in docstrings run, and the files they name are there."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivig_cdisc.metadata.document import read
from ivig_cdisc.metadata.shape import shape
from ivig_cdisc.metadata.source import DatasetSource, RuleSource, StudySource, VariableSource

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/decisions.md",
]
LINKED = [
    *DOCUMENTS,
    "docs/api.md",
    "docs/functions.md",
    "docs/odm.md",
    "docs/your-study/README.md",
    "specs/README.md",
]


def test_docstrings_are_run(checkout: Path) -> None:
    settings = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"][
        "ini_options"
    ]
    assert "--doctest-modules" in settings["addopts"]
    assert {"src/ivig_cdisc/derive", "src/ivig_cdisc/validation/checks*"} <= set(
        settings["testpaths"]
    )


def test_every_derivation_shows_an_example(modules: Mapping[Path, ast.Module]) -> None:
    public = [
        (f"{path}:{node.lineno} {node.name}", ast.get_docstring(node) or "")
        for path, tree in modules.items()
        if path.parts[0] == "derive"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert public, "src/ivig_cdisc/derive has no functions"
    assert not [place for place, docstring in public if ">>>" not in docstring]


@pytest.mark.parametrize("document", LINKED)
def test_links_lead_somewhere(checkout: Path, document: str) -> None:
    text = (checkout / document).read_text("utf-8")
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert not [
        target for target in targets if not (checkout / document).parent.joinpath(target).exists()
    ]


@pytest.mark.parametrize("name", ["api.md", "functions.md"])
def test_a_page_is_made_of_what_the_code_says(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """`python docs/make.py` makes the pages anew."""
    monkeypatch.syspath_prepend(str(checkout / "docs"))
    pages = runpy.run_path(str(checkout / "docs" / "make.py"))["PAGES"]
    assert (checkout / "docs" / name).read_text("utf-8") == pages[name]()


def test_the_list_of_functions_says_how_they_are_wired(checkout: Path) -> None:
    made = (checkout / "docs" / "functions.md").read_text("utf-8")
    assert (
        "- **recode**: The submission value of the collected value; a value without one stays as it is."
        in made
    )
    assert "*from* `value` (text); *with* `terms` ({text: text}); gives text." in made
    assert "- **in_range**: The number lies between low and high, both included." in made
    assert "- **Window**: " in made
    assert max(map(len, made.splitlines())) <= 140


def yaml_blocks(document: Path) -> list[str]:
    return re.findall(
        r"^```yaml\n(.*?)^```", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL
    )


def kind(data: Any) -> Any:
    """Which part of the spec language a block shows."""
    if isinstance(data, list):
        return list[RuleSource]
    if "forms" in data:
        return StudySource
    return DatasetSource if "dataset" in data else dict[str, dict[str, VariableSource]]


def entries(data: Any, key: str) -> Iterator[str]:
    """Every value of one key, however deep it stands."""
    if isinstance(data, dict):
        yield from (value for name, value in data.items() if name == key and isinstance(value, str))
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from entries(item, key)


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_yaml_is_the_spec_language(checkout: Path, tmp_path: Path, document: str) -> None:
    for number, block in enumerate(yaml_blocks(checkout / document)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(block, "utf-8")
        content = read(file)
        shape(content, kind(content.data))
        assert not list(map(str, content.problems)), block


@pytest.mark.parametrize("document", DOCUMENTS)
def test_yaml_names_functions_that_exist(
    checkout: Path, modules: Mapping[Path, ast.Module], document: str
) -> None:
    functions = {
        (path.parts[0], node.name)
        for path, tree in modules.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    shown = [yaml.safe_load(block) for block in yaml_blocks(checkout / document)]
    wanted = [*(("derive", name) for name in entries(shown, "derive"))]
    wanted += (("validation", name) for name in entries(shown, "check"))
    assert not set(wanted) - functions
