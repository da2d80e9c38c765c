"""No YAML makes the spec check crash: whatever is changed in a study, it loads or its problems are told."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from ivig_cdisc.metadata import specs_root, written
from ivig_cdisc.metadata.document import read
from ivig_cdisc.study_check import as_json, check
from tests.sampled import EVERYTHING

from .conftest import StudyFolder
from .mutations import mutate, places
from .test_messages import FOREIGN

# studies with one to three changes
SMALL, TABLES, BUNDLED = (9_000, 600, 400) if EVERYTHING else (150, 40, 12)
CSV = (b'"', b",", b"\n", b"\xe9", b";", b"\x00", b"\xef\xbb\xbf", b"", b'\t"')


def changed(folder: Path, chance: random.Random) -> None:
    """Change one to three nodes of the study's files, or a few bytes of one of them."""
    file = chance.choice(sorted(folder.rglob("*.yaml")))
    if chance.random() < 0.25:
        content = bytearray(file.read_bytes())
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 2)] = chance.choice(
                (b"\t", b":", b"[", b"'", b"\xe9", b"&a ", b"\n")
            )
        file.write_bytes(bytes(content))
        return
    data = read(file).data
    for _ in range(chance.randint(1, 3)):
        if places(data):
            mutate(data, chance)
    file.write_text(written(data), "utf-8")


def tried(folder: Path, seed: int) -> None:
    """Every outcome is a study or problems, each with a file and a reason."""
    changed(folder, random.Random(seed))
    found = check(folder)
    assert found.counts or found.problems
    assert all(problem.reason and problem.line > 0 for problem in found.problems)
    assert not [problem for problem in found.problems if FOREIGN.search(problem.reason)]
    said = [
        (problem.file, problem.line, problem.path, problem.reason) for problem in found.problems
    ]
    assert len(said) == len(set(said))
    assert as_json([found])


@pytest.mark.parametrize("seed", range(SMALL))
def test_of_the_small_study(study: StudyFolder, seed: int) -> None:
    tried(study.folder, seed)


@pytest.mark.parametrize("seed", range(TABLES))
def test_of_a_study_with_tables(tabled: StudyFolder, seed: int) -> None:
    """Every third time bytes of the CSV file are changed, too."""
    chance = random.Random(seed)
    file = tabled.folder / "parameters.csv"
    content = bytearray(file.read_bytes())
    if seed % 3 == 0:
        at = chance.randrange(len(content))
        content[at : at + chance.randint(0, 3)] = chance.choice(CSV)
    file.write_bytes(bytes(content))
    tried(tabled.folder, seed)


@pytest.mark.parametrize("seed", [0, 1, "x", None])
def test_a_stack_of_nothing(study: StudyFolder, seed: object) -> None:
    study.change("sdtm/vs.yaml", "  - take: vitals\n", f"  - stack: {seed}\n")
    assert check(study.folder).problems


@pytest.mark.parametrize("seed", range(BUNDLED))
def test_of_a_bundled_study(tmp_path: Path, seed: int) -> None:
    source = specs_root() / "study" / ("ntr6160", "cdiscpilot01")[seed % 2]
    tried(Path(shutil.copytree(source, tmp_path / "study")), seed)
