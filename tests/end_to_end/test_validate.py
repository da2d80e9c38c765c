"""Examining an output folder again says what the conversion said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ivig_cdisc import Summary

from .folders import EXAMPLE, differing, digests

Cli = Callable[..., Result]


@pytest.fixture
def again(examined: Summary, out: Path) -> Path:
    shutil.copytree(examined.out, out)
    return out


def test_the_same_folder_as_before(cli: Cli, again: Path, examined: Summary) -> None:
    result = cli("validate", again)
    assert result.exit_code == 1
    assert differing(digests(again), digests(examined.out)) == []


@pytest.mark.parametrize("source", ["odm/ntr6160.xml", "redcap/ntr6160.csv"])
def test_places_in_one_file_stay(cli: Cli, out: Path, source: str) -> None:
    cli("convert", EXAMPLE / source, out)
    before = digests(out)
    cli("validate", out)
    assert differing(digests(out), before) == []


def test_what_is_no_output(cli: Cli, tmp_path: Path) -> None:
    result = cli("validate", tmp_path)
    assert result.exit_code == 2
    assert "is not an output of ivig-cdisc: manifest.json cannot be read" in result.output


def test_a_file_that_is_damaged(cli: Cli, again: Path) -> None:
    (again / "sdtm" / "dm.xpt").write_bytes(b"no transport file")
    result = cli("validate", again)
    assert result.exit_code == 2
    assert "dm.xpt" in result.output


def test_a_changed_dataset_is_found(cli: Cli, again: Path) -> None:
    """SEX stands behind AGEU; an impossible value is found by the codelist, and no longer placed."""
    path = again / "sdtm" / "dm.xpt"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"YEARSF", b"YEARSX", 1))
    assert cli("validate", again).exit_code == 1
    found = json.loads((again / "validation" / "findings.json").read_bytes())["findings"]
    (codelist,) = [
        f
        for f in found
        if f["message"] == "X is not a term of the codelist Sex (C66731)." and f["row"] == 0
    ]
    assert codelist["file"] is None
    (changed,) = [f for f in found if f["rule"] == "FILE-CHANGED"]
    assert (changed["severity"], changed["file"]) == ("error", "sdtm/dm.xpt")
