"""Written suites, run by Great Expectations alone: they name the rows that the run of the product names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from ivig_cdisc import Summary
from ivig_cdisc.output import open_output
from ivig_cdisc.validation import run

pytestmark = pytest.mark.slow

Place = tuple[str, str, str, int | None]  # dataset, rule, variable, row; no row: the whole dataset

RECIPE = Path(__file__).parents[2] / "docs" / "suites.md"
ALONE = """
import importlib.util, sys
sys.path.append(sys.argv[1])
assert importlib.util.find_spec("ivig_cdisc") is None, "this package is there"
recipe = compile(open(sys.argv[2], encoding="utf-8").read(), "recipe", "exec")
for out in sys.argv[3:]:
    print("OUT", out)
    sys.argv = ["run_suites.py", out]
    exec(recipe, {})
"""

# dataset, row, cells that are planted there, and what that breaks: rule, variable, rows
PLANTED: list[tuple[str, int, dict[str, Any], list[tuple[str, str, list[int]]]]] = [
    ("AE", 2, {"AESEV": "WORSE"}, [("SPEC-CODELIST", "AESEV", [2])]),
    ("AE", 3, {"AESER": "X"}, [("SPEC-CODELIST", "AESER", [3])]),
    ("AE", 4, {"AEENDTC": "2017-02-29"}, [("SPEC-ISO8601", "AEENDTC", [4])]),  # no leap year
    ("AE", 5, {"AEENDTC": "15-06-2017"}, [("SPEC-ISO8601", "AEENDTC", [5])]),
    (
        "AE",
        6,
        {"AESTDTC": "2017-07-4"},
        [("SPEC-ISO8601", "AESTDTC", [6]), ("AE-WITHOUT-START", "AESTDTC", [6])],
    ),
    ("AE", 7, {"AETERM": ""}, [("SPEC-REQUIRED", "AETERM", [7])]),
    (
        "AE",
        8,
        {"AEDECOD": ""},
        [("SPEC-REQUIRED", "AEDECOD", [8]), ("AE-NOT-CODED", "AEDECOD", [8])],
    ),
    ("AE", 12, {"AEOUT": "FATAL"}, [("FATAL-NOT-SERIOUS", "AESDTH", [12])]),
    ("AE", 14, {"AEENDTC": ""}, [("RECOVERED-WITHOUT-END", "AEENDTC", [14])]),
    ("AE", 15, {"AEENDTC": "2017-06-30"}, [("ONGOING-WITH-END", "AEENDTC", [15])]),
    (
        "CM",  # as row 2 of the same subject, but for CMSPID
        4,
        {
            "CMTRT": "Methotrexate",
            "CMSTDTC": "2017-05-05",
            "CMDOSE": 15.0,
            "CMROUTE": "SUBCUTANEOUS",
        },
        [("MEDICATION-TWICE", "CMTRT", [2, 4])],
    ),
    ("ADTTE", 1, {"PARAMCD": "TTMIN"}, [("SPEC-KEY", "PARAMCD", [0, 1])]),
    ("ADTTE", 2, {"AVAL": 0.0}, [("TIME-NOT-POSITIVE", "AVAL", [2])]),
    ("ADTTE", 6, {"CNSR": 2.0}, [("CENSORING-NOT-0-OR-1", "CNSR", [6])]),
    ("ADTTE", 9, {"CNSDTDSC": ""}, [("CENSORED-WITHOUT-REASON", "CNSDTDSC", [9])]),
    ("VS", 0, {"VSSTRESN": 190.0}, [("DIASTOLIC-PRESSURE", "VSSTRESN", [0])]),
    ("VS", 20, {"VSSTRESN": 25.0}, [("BODY-WEIGHT", "VSSTRESN", [20])]),
    (
        "VS",
        21,
        {"VSTESTCD": "WEIGHTLESS"},
        [("SPEC-LENGTH", "VSTESTCD", [21]), ("SPEC-EXTENSIBLE", "VSTESTCD", [21])],
    ),
    ("VS", 33, {"VSSTAT": "NOT DONE"}, [("RESULT-AND-NOT-DONE", "VSORRES", [33])]),
    ("VS", 35, {"VSDTC": ""}, [("RESULT-WITHOUT-DATE", "VSDTC", [35])]),
    ("LB", 0, {"LBSTRESN": -1.0}, [("LAB-NEGATIVE", "LBSTRESN", [0])]),
    ("LB", 21, {"LBSTNRHI": 40.0}, [("REFERENCE-RANGE-REVERSED", "LBSTNRHI", [21])]),  # from 49
    ("LB", 24, {"LBORRESU": ""}, [("RESULT-WITHOUT-UNIT", "LBORRESU", [24])]),
    ("RS", 0, {"RSSTRESN": 10.5}, [("PHYSICIAN-SCALE", "RSSTRESN", [0])]),
    ("QS", 0, {"QSSTRESN": 3.5}, [("HAQ-RANGE", "QSSTRESN", [0])]),
    ("MK", 0, {"MKSTRESN": 151.0}, [("MMT8-RANGE", "MKSTRESN", [0])]),
    ("DM", 3, {"AGE": 17.0}, [("NOT-ADULT", "AGE", [3])]),
    ("ADSL", 2, {"AGEGR1": ""}, [("AGE-WITHOUT-GROUP", "AGEGR1", [2])]),
    ("ADSL", 3, {"DCSREAS": "DEATH"}, [("REASON-OF-COMPLETED", "DCSREAS", [3])]),
    ("EX", 0, {"EXDOSE": 0.0}, [("INFUSION-WITHOUT-DOSE", "EXDOSE", [0])]),
    ("SUPPDM", 1, {"QNAM": "EFFEXCL"}, [("SPEC-KEY", "QNAM", [0, 1])]),
]
WHOLE = [  # dataset, how its file is changed, and what that breaks
    ("MH", {"as text": "MHSTDY"}, ("SPEC-TYPE", "MHSTDY")),
    ("MK", {"without": "MKLOC"}, ("SPEC-COLUMN", "MKLOC")),
    ("CM", {"with": "CMEXTRA"}, ("SPEC-COLUMN", "CMEXTRA")),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has all that is installed here, and not this package."""
    folder = tmp_path_factory.mktemp("alone")
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if not installed.name.startswith(("ivig_cdisc", "_ivig_cdisc", "__editable__")):
            (folder / installed.name).symlink_to(installed)
    return folder


@pytest.fixture(scope="module")
def planted(examined: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the output with errors in cells of its transport files."""
    out = tmp_path_factory.mktemp("planted") / "out"
    shutil.copytree(examined.out, out)
    for path in sorted(out.glob("*/*.xpt")):
        cells = [(row, cells) for name, row, cells, _ in PLANTED if name == path.stem.upper()]
        if cells:
            frame, labels = read(path)
            for row, changed_cells in cells:
                frame.loc[row, list(changed_cells)] = list(changed_cells.values())
            write(path, frame, labels)
    return out


@pytest.fixture(scope="module")
def altered(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that, whose files have other columns, too: this package would not open it."""
    out = tmp_path_factory.mktemp("altered") / "out"
    shutil.copytree(planted, out)
    for name, change, _ in WHOLE:
        path = out / "sdtm" / f"{name.lower()}.xpt"
        frame, labels = read(path)
        write(path, changed(frame, **change), {**labels, "CMEXTRA": "Extra"})
    return out


def read(path: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """A transport file and the labels of its columns."""
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    return frame, meta.column_names_to_labels


def write(path: Path, frame: pd.DataFrame, labels: dict[str, str]) -> None:
    """By another program, which makes text columns as wide as their text."""
    pyreadstat.write_xport(
        frame,
        str(path),
        table_name=path.stem.upper(),
        column_labels=[labels[name] for name in frame.columns],
        file_format_version=5,
    )


def changed(frame: pd.DataFrame, **change: str) -> pd.DataFrame:
    """A dataset with a column too few or too many, or with one of numbers as text."""
    ((how, name),) = change.items()
    if how == "without":
        return frame.drop(columns=name)
    if how == "with":
        return frame.assign(**{name: "more"})
    return frame.assign(**{name: frame[name].map("{:.0f}".format, na_action="ignore").fillna("")})


@pytest.fixture(scope="module")
def said(
    examined: Summary, altered: Path, site: Path, tmp_path_factory: Any
) -> dict[Path, set[Place]]:
    """What Great Expectations alone says of both folders, by the recipe of the documentation."""
    (recipe,) = re.findall(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)
    folder = tmp_path_factory.mktemp("recipe")
    (folder / "recipe.py").write_text(recipe, encoding="utf-8")
    ran = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            ALONE,
            site,
            folder / "recipe.py",
            examined.out,
            altered,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[Path, set[Place]] = {}
    for line in ran.stdout.splitlines():
        if line.startswith("OUT "):
            places = found.setdefault(Path(line.removeprefix("OUT ")), set())
        else:
            places |= named(json.loads(line))
    return found


def named(line: Mapping[str, Any]) -> set[Place]:
    """The places that one line of the recipe names."""
    if line["could_not_run"]:
        return set()
    dataset, rule, variable = line["dataset"], line["rule"], line["variable"]
    if "details" in line:
        mismatched = line["details"]["mismatched"]
        names = {*mismatched.get("unexpected", []), *mismatched.get("missing", [])}
        return {(dataset, rule, name, None) for name in names}
    rows = line.get("unexpected_index_list", [None])
    return {(dataset, rule, variable, row) for row in rows}


def run_of_product(out: Path, whole: Sequence[Any] = ()) -> set[Place]:
    """The places that the product names in the files of a folder, of what the suites speak of.

    A report has of these one for each raw cell; here are all. whole: changes of WHOLE.
    """
    opened = open_output(out)
    datasets = dict(opened.datasets)
    for name, change, _ in whole:
        datasets[name] = replace(datasets[name], frame=changed(datasets[name].frame, **change))
    found = run(datasets, opened.study).findings
    places: set[Place] = set()
    for path in out.glob("validation/suites/*.json"):
        suite = json.loads(path.read_bytes())
        left_out = {(one["rule"], one["variable"]) for one in suite["meta"]["not_included"]}
        own = found[found["dataset"].eq(suite["name"])]
        for rule, variable, row in zip(own["rule"], own["variable"], own["row"]):
            if (rule, variable) not in left_out:
                places.add((suite["name"], rule, variable, None if pd.isna(row) else int(row)))
    return places


def test_the_example(examined: Summary, said: dict[Path, set[Place]]) -> None:
    ours = run_of_product(examined.out)
    assert said[examined.out] == ours
    assert ("ADSL", "SPEC-CODELIST", "SEX", 16) in ours  # one of the planned problems


def test_planted_errors(
    examined: Summary, planted: Path, altered: Path, said: dict[Path, set[Place]]
) -> None:
    ours = run_of_product(planted, WHOLE)
    assert said[altered] == ours
    expected: set[Place] = set()
    for dataset, _, _, broken in PLANTED:
        for rule, variable, rows in broken:
            expected |= {(dataset, rule, variable, row) for row in rows}
    for dataset, _, (rule, variable) in WHOLE:
        expected.add((dataset, rule, variable, None))
    assert ours - said[examined.out] == expected
