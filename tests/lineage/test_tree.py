"""A cell is traced to what was typed, and what was typed there is enough to derive the cell again."""

from __future__ import annotations

import csv
import importlib.util
import json
import random
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from ivig_cdisc import convert
from ivig_cdisc.errors import CdiscError
from ivig_cdisc.lineage import ancestors, tree
from ivig_cdisc.lineage.tree import Tracer
from ivig_cdisc.output import StudyOutput, open_output

CHECKOUT = Path(__file__).parents[2]
RAW = CHECKOUT / "examples" / "ntr6160" / "raw"
ENCODINGS = {"adverse_events.csv": "cp1252"}
CELLS = 1000
Place = tuple[str, int, str]  # dataset, row, variable
Leaf = tuple[str, int, str]  # file, line, column
WHOSE = (
    "subject_id",
    "ae_no",
    "inclusion_date",
    "infusion_date",
)  # whose cell it is, and that the subject was treated
FRAME = ("subjects.csv", "infusions.csv", "end_of_study.csv")
TRACED = {  # what the second programmer derives too
    "ADTIS": (
        "AVAL",
        "BASE",
        "CHG",
        "APCHG",
        "ADT",
        "ADY",
        "ABLFL",
        "ANL01FL",
        "POSTRESC",
        "AVALCAT1",
        "CRIT2FL",
    ),
    "ADTTE": ("AVAL", "ADT", "CNSR"),
    "ADAE": ("ASTDT", "AENDT", "ASTDTF", "AENDTF", "TRTEMFL"),
    "ADSL": (
        "SAFFL",
        "EFFFL",
        "TRTSDT",
        "TRTEDT",
        "AGE",
        "RESCDT",
        "CUMDOSE",
        "CUMDOSKG",
        "NCYCLES",
        "EOSDT",
    ),
}
SAME = {
    "ADTIS": ("PARAMCD",),
    "ADTTE": ("PARAMCD",),
    "ADAE": ("AESPID",),
    "ADSL": (),
}  # besides the subject


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> StudyOutput:
    out = tmp_path_factory.mktemp("traced") / "out"
    convert(RAW, out, validate=False)
    return open_output(out)


@pytest.fixture(scope="session")
def tracer(opened: StudyOutput) -> Tracer:
    return Tracer(opened, RAW)


@pytest.fixture(scope="session")
def oracle() -> ModuleType:
    """The second programmer's plain Python, which shares no code with the package."""
    folder = CHECKOUT / "tests" / "independent"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("oracle", folder / "oracle.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["oracle"] = module
    spec.loader.exec_module(module)
    sys.path.remove(str(folder))
    return module


# ---------------------------------------------------------------- literal cases
def test_a_collected_cell(opened: StudyOutput, tracer: Tracer) -> None:
    row = tree.find(opened, "AE", "USUBJID=NTR6160-01-007 AEDECOD=NASOPHARYNGITIS")
    assert tree.as_text(tracer.tree("AE", row, "AEENDTC")).splitlines() == [
        f"AE.AEENDTC [{row}] = '2018-03-09'   copy: As collected or as in the source dataset.",
        f"└─ AE.end_date [{row}] = '2018-03-09'   as in the source record",
        "   └─ adverse_events.csv:15:end_date = '09-03-2018'",
    ]


def test_without_the_raw_export_places_are_known_and_texts_are_not(opened: StudyOutput) -> None:
    row = tree.find(opened, "AE", "USUBJID=NTR6160-01-007 AEDECOD=NASOPHARYNGITIS")
    (leaf,) = Tracer(opened).tree("AE", row, "AEENDTC").leaves()
    assert (leaf.dataset, leaf.row, leaf.column, leaf.value) == (
        "adverse_events.csv",
        15,
        "end_date",
        None,
    )


def test_a_supplemental_qualifier(opened: StudyOutput, tracer: Tracer) -> None:
    row = tree.find(opened, "SUPPDM", "USUBJID=NTR6160-01-008 QNAM=EFFEXCL")
    leaf, *deciding = tracer.tree("SUPPDM", row, "QVAL").leaves()
    assert (leaf.dataset, leaf.column, leaf.value) == (
        "end_of_study.csv",
        "excluded_from_efficacy",
        "1",
    )
    assert {one.column for one in deciding} == {"subject_id"}  # by which the form was looked up


def test_the_score_names_its_six_parts_and_their_baselines(
    opened: StudyOutput, tracer: Tracer
) -> None:
    row = tree.find(opened, "ADTIS", "USUBJID=NTR6160-01-003 PARAMCD=TIS AVISIT='Week 9'")
    found = tracer.tree("ADTIS", row, "AVAL")
    assert found.value == "37.5"
    typed = {(leaf.dataset, leaf.column) for leaf in found.leaves()}
    measures = ("physician_vas", "patient_vas", "mmt8", "haq_di", "extramuscular_vas", "visit_date")
    assert typed >= {("core_set.csv", column) for column in measures}
    assert typed >= {
        ("laboratory.csv", column) for column in ("test", "result", "upper_limit", "sample_date")
    }
    values = {
        leaf.value
        for leaf in set(found.leaves()) - set(found.decided)
        if leaf.column == "physician_vas"
    }
    assert values == {"8.3", "6.8"}  # baseline and Week 9: exactly 15 % of the range


def test_json_is_the_same_tree(opened: StudyOutput, tracer: Tracer) -> None:
    row = tree.find(opened, "ADSL", "USUBJID=NTR6160-01-001")
    content = json.loads(tree.as_json(tracer.tree("ADSL", row, "AGE")))
    assert (content["dataset"], content["column"], content["value"]) == ("ADSL", "AGE", "54")
    assert content["rule"] == "copy: As collected or as in the source dataset."


@pytest.mark.parametrize(
    ("dataset", "where", "message"),
    [
        ("ADTI", "USUBJID=X", r"has no dataset ADTI \(did you mean ADTIS\?\)"),
        ("ADTIS", "USUBJIDD=X", r"ADTIS has no variable USUBJIDD \(did you mean USUBJID\?\)"),
        ("ADTTE", "USUBJID=NTR6160-01-001", "4 records of ADTTE fit 'USUBJID=NTR6160-01-001'"),
        ("ADTTE", "USUBJID=NOBODY", "no record of ADTTE fits .* USUBJID is nowhere NOBODY"),
    ],
)
def test_refusals(opened: StudyOutput, dataset: str, where: str, message: str) -> None:
    with pytest.raises(CdiscError, match=message):
        tree.find(opened, dataset, where)


# ---------------------------------------------------------------- any cell
def chosen(opened: StudyOutput) -> Iterator[tuple[str, int, str]]:
    """A thousand cells that are not missing, the same in every run."""
    present = [
        (name, int(row), variable)
        for name, variables in TRACED.items()
        for variable in variables
        for row in opened.datasets[name].frame.index[opened.datasets[name].frame[variable].notna()]
    ]
    return iter(random.Random(6160).sample(present, CELLS))  # noqa: S311  a sample, not a secret


def leaves(opened: StudyOutput, cells: list[Place]) -> dict[Place, set[Leaf]]:
    """File, line and column of the raw cells behind each of these cells."""
    found = ancestors(opened.lineage, pd.DataFrame(cells, columns=["dataset", "row", "variable"]))
    files = {name: form.file for name, form in opened.study.forms.items()}
    behind: dict[Place, set[Leaf]] = {cell: set() for cell in cells}
    for cell, form, line, column in found[["cell", "form", "line", "column"]].itertuples(
        index=False
    ):
        behind[cells[cell]].add((files[form], line, column))
    return behind


def test_the_leaves_of_a_tree_are_the_cells_that_the_walk_finds(opened: StudyOutput) -> None:
    cells, tracer = random.Random(1).sample(list(chosen(opened)), 12), Tracer(opened)  # noqa: S311
    for cell, expected in leaves(opened, cells).items():
        assert {
            (leaf.dataset, leaf.row, leaf.column) for leaf in tracer.tree(*cell).leaves()
        } == expected


def test_what_decides_stands_below_the_tree(opened: StudyOutput, tracer: Tracer) -> None:
    row = tree.find(opened, "ADTTE", "USUBJID=NTR6160-01-003 PARAMCD=TTRESC")
    text = tree.as_text(
        tracer.tree("ADTTE", row, "CNSR")
    )  # a constant of the record that was chosen
    first, second, *rest = text.splitlines()
    assert first.startswith(f"ADTTE.CNSR [{row}] = '1'")
    assert second == "Decided whether or which, and gave no value:"
    assert (
        "  infusions.csv:18,19,20,21,22,23:infusion_date" in rest
    )  # SAFFL, since the subject was treated


def reduced(folder: Path, subject: str, kept: set[Leaf]) -> Path:
    """An export that holds nothing but these cells of the subject, and whose they are."""
    for file in sorted(RAW.glob("*.csv")):
        with file.open(encoding=ENCODINGS.get(file.name, "utf-8-sig"), newline="") as stream:
            reader, records, line = csv.reader(stream, delimiter=";"), [], 1
            for row in reader:
                records.append((line, row))
                line = reader.line_num + 1
        header = records[0][1]
        whose = header.index("subject_id")
        rows = [
            [
                value if column in WHOSE or (file.name, line, column) in kept else ""
                for column, value in zip(header, row, strict=True)
            ]
            for line, row in records[1:]
            if row[whose] == subject
            and (file.name in FRAME or any((file.name, line, column) in kept for column in header))
        ]
        with (folder / file.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows([header, *rows])
    return folder


def plain(value: Any) -> Any:
    """As the second programmer has it: dates as dates, missing as it is."""
    return value.date() if isinstance(value, pd.Timestamp) else value


def equal(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, date | str) or theirs is None or theirs == "":
        return bool(ours == theirs)
    return bool(abs(ours - theirs) <= 1e-12 * max(1.0, abs(ours)))


def test_a_thousand_cells_can_be_derived_again_from_the_raw_cells_behind_them(
    opened: StudyOutput, oracle: ModuleType, tmp_path: Path
) -> None:
    wrong, cells = [], list(chosen(opened))
    behind = leaves(opened, cells)
    for name, row, variable in cells:
        record = opened.datasets[name].frame.loc[row]
        found = behind[name, row, variable]
        subject = str(record["USUBJID"]).removeprefix("NTR6160-")
        again = getattr(oracle, name.lower())(reduced(tmp_path, subject, found))
        alike = [r for r in again if all(r[key] == record[key] for key in SAME[name])]
        value = plain(record[variable])
        if not found or not any(equal(value, r[variable]) for r in alike):
            wrong.append((name, row, variable, subject, value, [r[variable] for r in alike][:5]))
    assert not wrong, f"{len(wrong)} of {CELLS}: {wrong[:10]}"
