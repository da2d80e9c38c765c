"""What a published package needs: dependencies that are used, a licence, and one list of checks everywhere."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest
import yaml

NOT_YET = {"lxml"}  # Define-XML will be checked against its schema by it


@pytest.fixture(scope="module")
def project(checkout: Path) -> dict[str, Any]:
    return dict(tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"])


def imported(modules: Mapping[Path, ast.Module]) -> set[str]:
    """First parts of the names that are imported from outside the package."""
    nodes = [node for tree in modules.values() for node in ast.walk(tree)]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {
        node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    return {name.partition(".")[0] for name in plain | parts}


def named(requirement: str) -> str:
    """The name in a requirement, written one way."""
    return re.split(r"[<>=~!\[; ]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_is_imported_and_no_other(
    project: dict[str, Any], modules: Mapping[Path, ast.Module]
) -> None:
    distributions = packages_distributions()
    used = {named(one) for module in imported(modules) for one in distributions.get(module, ())}
    wanted = {named(requirement) for requirement in project["dependencies"]}
    assert wanted - used == NOT_YET
    assert not used - wanted


def test_the_licence(checkout: Path, project: dict[str, Any]) -> None:
    assert (project["license"], project["license-files"]) == ("MIT", ["LICENSE"])
    lines = (checkout / "LICENSE").read_text("utf-8").splitlines()
    assert lines[0] == "MIT License"
    assert lines[2].endswith(project["authors"][0]["name"])


def test_the_citation_is_of_this_version(checkout: Path, project: dict[str, Any]) -> None:
    cited = yaml.safe_load((checkout / "CITATION.cff").read_text("utf-8"))
    assert (cited["version"], cited["license"]) == (project["version"], project["license"])
    assert cited["authors"] == project["authors"]
    assert project["version"] == version("ivig-cdisc")


def test_hooks_before_a_commit_are_those_of_make_check(checkout: Path) -> None:
    recipe = re.search(
        r"^check:.*\n((?:\t.*\n)+)", (checkout / "Makefile").read_text("utf-8"), flags=re.MULTILINE
    )
    assert recipe
    wanted = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe[1].splitlines()]
    repos = yaml.safe_load((checkout / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert [hook["entry"] for repo in repos for hook in repo["hooks"]] == wanted
    assert [repo["repo"] for repo in repos] == ["local"]


def test_hosted_ci_runs_what_everybody_runs(checkout: Path) -> None:
    jobs = yaml.safe_load((checkout / ".github" / "workflows" / "ci.yml").read_text("utf-8"))[
        "jobs"
    ]
    assert [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step] == [
        ".ci/run"
    ]


def test_links_of_the_readme_say_where_they_lead(checkout: Path) -> None:
    """Where the README is shown without the files, the words of a link are the path to look for."""
    links = re.findall(
        r"\[([^]]+)\]\((?!https?:|#)([^)#]+)[^)]*\)", (checkout / "README.md").read_text("utf-8")
    )
    assert links
    assert not [(text, target) for text, target in links if text != target]
