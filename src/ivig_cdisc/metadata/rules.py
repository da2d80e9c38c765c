"""The rules of a study: what must hold of the records of its datasets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import document as yaml_file
from .document import Document
from .frozen import Place
from .model import Rule
from .salvage import each
from .shape import shape
from .source import RuleSource
from .standard import specs_root
from .terminology import Terminology
from .values import in_condition


def read_rules(folder: Path, terminology: Terminology) -> tuple[list[Rule], list[Document]]:
    """The rules for all studies and those of one, each for one dataset.

    Args:
        folder: of the study.
        terminology: what their constants refer to.

    Returns:
        The rules, and the files in which they stand, with all that is wrong.
    """
    found: dict[str, Rule] = {}
    documents = []
    for file in (*rule_files(specs_root()), *rule_files(folder)):
        document = yaml_file.read(file)
        documents.append(document)
        for i, given in each(document, RuleSource):
            for rule in _expand(document, i, given, terminology):
                key = f"{rule.id} {rule.dataset}"
                if key in found:
                    reason = f"rule {rule.id} is a duplicate for {rule.dataset}"
                    document.complain((i, "id"), reason)
                found[key] = rule
    return list(found.values()), documents


def rule_files(folder: Path) -> list[Path]:
    """The files of rules in a folder of specs, in alphabetical order."""
    return sorted((folder / "rules").glob("*.yaml"))


def _expand(
    document: Document, i: int, given: RuleSource, terminology: Terminology
) -> Iterator[Rule]:
    """One rule for each dataset that it names, `--` replaced by the dataset's name."""
    place = Place(file=document.file, line=document.line((i,)))
    try:
        constants = {p: terminology.refer(c) for p, c in given.with_.items()}
    except (KeyError, TypeError):
        _complain_of_references(document, i, given, terminology)
        return
    general = {
        "id": given.id,
        "severity": given.severity,
        "join": given.join,
        "check": given.check,
        "columns": given.from_,
        "variable": given.variable,
        "message": given.message,
    }
    names = given.dataset
    if isinstance(names, str):
        names = (names,)
    for name in names:
        data = _fill(general, name)
        data |= {"where": in_condition(given.where, name)}
        data |= {"dataset": name, "constants": constants, "place": place}
        rule = shape(document, Rule, data, (i,))
        if rule:
            yield rule


def _complain_of_references(
    document: Document, i: int, given: RuleSource, terminology: Terminology
) -> None:
    for parameter, constant in given.with_.items():
        try:
            terminology.refer(constant)
        except (KeyError, TypeError):
            reason = terminology.missing(constant)
            document.complain((i, "with", parameter), reason)


def _fill(entry: Any, name: str) -> Any:
    if isinstance(entry, str):
        return re.sub(r"(^|(?<=[{\s]))--(?=[A-Z])", name, entry)
    if isinstance(entry, dict):
        return {_fill(key, name): _fill(value, name) for key, value in entry.items()}
    if isinstance(entry, list | tuple):
        return [_fill(item, name) for item in entry]
    return entry
