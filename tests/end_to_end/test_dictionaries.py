"""The dictionaries of study.yaml, and their versions, are in manifest.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivig_cdisc import convert

from . import tiny


@pytest.mark.parametrize(
    ("said", "told"),
    [("", {}), ('dictionaries: {MedDRA: {version: "23.10"}}\n', {"MedDRA": "23.10"})],
)
def test_the_manifest_has_the_versions(tmp_path: Path, said: str, told: dict[str, Any]) -> None:
    study = tiny.study(tmp_path / "study")
    head = tiny.STUDY.replace("terms:\n  SEX", f"{said}terms:\n  SEX")
    (study / "study.yaml").write_text(head, "utf-8")
    convert(tiny.raw(tmp_path / "raw"), tmp_path / "out", study=study, validate=False)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["dictionaries"] == told
