"""The manifest names the bytes that were read, though the file may be another by the time it is written."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ivig_cdisc import Step, convert, raw
from ivig_cdisc.metadata import Study, load
from ivig_cdisc.output import read_manifest

EXAMPLE = Path(__file__).parents[2] / "examples" / "ntr6160"


@pytest.fixture(scope="module")
def study() -> Study:
    return load("ntr6160")[0]


@pytest.mark.parametrize("name", ["odm/ntr6160.xml", "redcap/ntr6160.csv"])
def test_one_file(study: Study, name: str) -> None:
    file = EXAMPLE / name
    assert raw.read(file, study).digests == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
    }


def test_a_folder(study: Study) -> None:
    files = sorted((EXAMPLE / "raw").glob("*.csv"))
    expected = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert raw.read(EXAMPLE / "raw", study).digests == expected


def test_a_file_that_changes_while_it_is_converted(tmp_path: Path) -> None:
    source = tmp_path / "raw"
    source.mkdir()
    for file in (EXAMPLE / "raw").glob("*.csv"):
        (source / file.name).write_bytes(file.read_bytes())
    before = hashlib.sha256((source / "subjects.csv").read_bytes()).hexdigest()

    def change(step: Step) -> None:
        if step.stage == "building":
            (source / "subjects.csv").write_bytes((source / "subjects.csv").read_bytes() + b"\n")

    convert(source, tmp_path / "out", only=["DM"], validate=False, progress=change)
    assert read_manifest(tmp_path / "out")["inputs"]["subjects.csv"] == before
