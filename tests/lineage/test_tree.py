"""A cell is traced to what was typed, and what was typed there is enough to derive the cell again."""

from __future__ import annotations

import csv
import importlib.util
import json
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from ivig_cdisc import Summary, trace
from ivig_cdisc.cli import main
from ivig_cdisc.errors import CdiscError
from ivig_cdisc.lineage import ancestors, record, tree_text
from ivig_cdisc.lineage.tree import DerivationTrees, Node
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
        "PSTRESFL",
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
def opened(converted: Summary) -> StudyOutput:
    return open_output(converted.out)


@pytest.fixture(scope="session")
def trees(opened: StudyOutput) -> DerivationTrees:
    return DerivationTrees(opened, RAW)


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


def row_of(opened: StudyOutput, name: str, where: str) -> int:
    known = opened.datasets[name]
    return record.find(known.frame, name, known.spec.keys, where)


# ---------------------------------------------------------------- literal cases
def test_a_collected_cell(opened: StudyOutput, trees: DerivationTrees) -> None:
    row = row_of(opened, "AE", "USUBJID=NTR6160-01-007 AEDECOD=NASOPHARYNGITIS")
    assert tree_text.as_text(trees.tree("AE", row, "AEENDTC")).splitlines() == [
        "AE, USUBJID=NTR6160-01-007 AEDECOD=NASOPHARYNGITIS AESTDTC=2018-03-16 AESPID=2",
        f"AE.AEENDTC [{row}] = '2018-03-09'   copy: As collected or as in the source dataset.",
        f"└─ AE.end_date [{row}] = '2018-03-09'   as in the source record",
        "   └─ adverse_events.csv:15:end_date = '09-03-2018'",
    ]


def test_without_the_raw_export_places_are_known_and_texts_are_not(opened: StudyOutput) -> None:
    row = row_of(opened, "AE", "USUBJID=NTR6160-01-007 AEDECOD=NASOPHARYNGITIS")
    (leaf,) = DerivationTrees(opened).tree("AE", row, "AEENDTC").leaves()
    assert (leaf.dataset, leaf.row, leaf.column, leaf.value) == (
        "adverse_events.csv",
        15,
        "end_date",
        None,
    )


def test_a_supplemental_qualifier(opened: StudyOutput, trees: DerivationTrees) -> None:
    row = row_of(opened, "SUPPDM", "USUBJID=NTR6160-01-008 QNAM=EFFEXCL")
    leaf, *deciding = trees.tree("SUPPDM", row, "QVAL").leaves()
    assert (leaf.dataset, leaf.column, leaf.value) == (
        "end_of_study.csv",
        "excluded_from_efficacy",
        "1",
    )
    assert {one.column for one in deciding} == {"subject_id"}  # by which the form was looked up


def test_the_score_names_its_six_parts_and_their_baselines(
    opened: StudyOutput, trees: DerivationTrees
) -> None:
    row = row_of(opened, "ADTIS", "USUBJID=NTR6160-01-003 PARAMCD=TIS AVISIT='Week 9'")
    found = trees.tree("ADTIS", row, "AVAL")
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


def test_json_is_the_same_tree(opened: StudyOutput, trees: DerivationTrees) -> None:
    row = row_of(opened, "ADSL", "USUBJID=NTR6160-01-001")
    content = json.loads(tree_text.as_json(trees.tree("ADSL", row, "AGE")))
    assert (content["dataset"], content["column"], content["value"]) == ("ADSL", "AGE", "54")
    assert content["rule"] == "copy: As collected or as in the source dataset."


@pytest.mark.parametrize(
    ("dataset", "where", "message"),
    [
        ("ADTIS", "USUBJIDD=X", r"ADTIS has no variable USUBJIDD \(did you mean USUBJID\?\)"),
        (
            "ADTTE",
            "USUBJID=NTR6160-01-001",
            r"4 records of ADTTE fit .*; they differ in PARAMCD \(TTMIN, TTMOD, TTRESC, TTSAE\)",
        ),
        ("ADTTE", "USUBJID=NOBODY", "no record of ADTTE fits .* USUBJID is nowhere 'NOBODY'"),
    ],
)
def test_refusals(opened: StudyOutput, dataset: str, where: str, message: str) -> None:
    with pytest.raises(CdiscError, match=message):
        row_of(opened, dataset, where)


def test_a_condition_as_a_report_has_it(opened: StudyOutput) -> None:
    with_blanks = "USUBJID=NTR6160-01-003 PARAMCD=TIS AVISIT='Week 9'"
    with_commas = "USUBJID=NTR6160-01-003, PARAMCD=TIS, AVISIT='Week 9'"
    assert row_of(opened, "ADTIS", with_commas) == row_of(opened, "ADTIS", with_blanks)
    assert record.conditions("AETERM='pain, left=right' X=a,b") == [
        ("AETERM", "pain, left=right"),
        ("X", "a,b"),
    ]


def test_a_dataset_that_is_not_there(opened: StudyOutput) -> None:
    with pytest.raises(CdiscError, match=r"has no dataset ADTI \(did you mean ADTIS\?\)"):
        trace(opened.out, "adti", "USUBJID=NTR6160-01-003", "AVAL")


def test_a_condition_that_fits_no_record_of_the_subject(opened: StudyOutput) -> None:
    where = "USUBJID=NTR6160-01-003 PARAMCD=TIS AVISIT='Week 99'"
    with pytest.raises(CdiscError, match="AVISIT is nowhere 'Week 99'"):
        trace(opened.out, "ADTIS", where, "AVAL")
    where = "USUBJID=01-003 PARAMCD=TIS"
    with pytest.raises(CdiscError, match=r"\(did you mean NTR6160-01-003\?\)"):
        trace(opened.out, "ADTIS", where, "AVAL")


def test_a_value_is_that_of_the_file(converted: Summary, tmp_path: Path) -> None:
    """Not what would be made of a DM in which one subject has another id."""
    out = shutil.copytree(converted.out, tmp_path / "out")
    dm = out / "sdtm" / "dm.xpt"
    dm.write_bytes(dm.read_bytes().replace(b"NTR6160-01-003", b"NTR6160-01-00Z"))
    for export in (None, RAW):
        assert trace(out, "ADSL", "USUBJID=NTR6160-01-003", "AGE", export).value == "53"
        assert trace(out, "ADSL", "USUBJID=NTR6160-01-004", "AGE", export).value == "59"


def test_numbers_of_a_condition_are_numbers(opened: StudyOutput) -> None:
    where = "USUBJID=NTR6160-01-003 PARAMCD=TIS AVISITN="
    assert row_of(opened, "ADTIS", f"{where}9.0") == row_of(opened, "ADTIS", f"{where}9")


# ---------------------------------------------------------------- the first page
def cell(name: str, *inputs: Node) -> Node:
    return Node("VS", 3, name, "7", "copy: As collected.", inputs)


def typed(line: int) -> Node:
    return Node("vitals.csv", line, "sbp", "120", "as typed", raw=True)


def test_the_first_page_of_a_small_tree_is_all_of_it() -> None:
    node = cell("A", cell("B", typed(2)), typed(3))
    assert tree_text.first_page(node) == tree_text.as_text(node)


def test_a_depth_cuts_the_tree_and_says_so() -> None:
    node = cell("A", cell("B", cell("C", typed(2)), typed(4)), typed(3))
    assert tree_text.first_page(node, 1).splitlines() == [
        "VS.A [3] = '7'   copy: As collected.",
        "├─ VS.B [3] = '7'   copy: As collected.   (+3 below)",
        "└─ vitals.csv:3:sbp = '120'",
        "... 3 of 6 cells. --depth 2 shows 5, --depth all shows all, --html FILE writes a page that folds.",
        "Made of the raw cells:",
        "  vitals.csv:2,3,4:sbp",
    ]
    assert tree_text.first_page(node, 0).splitlines()[0].endswith("   (+5 below)")
    assert tree_text.first_page(node, 99) == tree_text.as_text(node)


def test_a_page_goes_as_deep_as_it_holds() -> None:
    # 1 + 1 + 58 cells fill a page; one more, and the last level is left out
    for width, lines in ((58, 60), (59, 5)):
        node = cell("A", cell("B", *(typed(line) for line in range(width))))
        assert len(tree_text.first_page(node).splitlines()) == lines
    wide = cell("A", *(typed(line) for line in range(100)))
    assert len(tree_text.first_page(wide).splitlines()) == 101  # what it is made of is always told


def test_of_much_that_decided_the_first_page_tells_the_beginning() -> None:
    decided = tuple(Node(f"f{n}.csv", 2, "x", None, "as typed", raw=True) for n in range(10, 35))
    node = Node("VS", 3, "A", "7", "copy: As collected.", (typed(2), typed(3)), decided=decided)
    *_, last, closing = tree_text.first_page(node).splitlines()
    assert last == "  f29.csv:2:x"
    assert closing == "  ... and 5 more lines with --depth all"
    assert tree_text.first_page(node, 99).splitlines()[-1] == "  f34.csv:2:x"


def test_the_command(opened: StudyOutput, tmp_path: Path) -> None:
    where = "USUBJID=NTR6160-01-001 PARAMCD=TIS AVISIT='Week 9'"
    asked = ["trace", str(opened.out), "ADTIS", "--where", where, "--var", "AVAL"]
    shown = CliRunner().invoke(main, [*asked, "--depth", "1"]).stdout.splitlines()
    assert shown[0] == "ADTIS, USUBJID=NTR6160-01-001 PARAMCD=TIS AVISITN=9 ADT=2017-05-08"
    assert shown[1] == "ADTIS.AVAL [53] = '87.5'   copy: As collected or as in the source dataset."
    assert shown[3].startswith("... 2 of ")
    assert "  core_set.csv:2,6:mmt8" in shown
    usual = CliRunner().invoke(main, asked).stdout.splitlines()
    whole = CliRunner().invoke(main, [*asked, "--depth", "all"]).stdout.splitlines()
    assert len(usual) <= 90
    assert len(whole) > 200
    assert CliRunner().invoke(main, [*asked, "--html", str(tmp_path / "a.html")]).stdout == ""
    assert "<details" in (tmp_path / "a.html").read_text("utf-8")
    refused = CliRunner().invoke(main, [*asked, "--depth", "-1"])
    assert refused.exit_code == 2
    assert '"-1" is not a depth; a number or all was expected' in refused.stderr


# ---------------------------------------------------------------- any cell
def chosen(opened: StudyOutput) -> Iterator[tuple[str, int, str]]:
    """A thousand cells that are not missing, the same in every run."""
    present = [
        (name, int(row), variable)
        for name, variables in TRACED.items()
        for variable in variables
        for row in opened.datasets[name].frame.index[opened.datasets[name].frame[variable].notna()]
    ]
    return iter(random.Random(6160).sample(present, CELLS))


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
    cells, trees = random.Random(1).sample(list(chosen(opened)), 12), DerivationTrees(opened)
    for cell, expected in leaves(opened, cells).items():
        assert {
            (leaf.dataset, leaf.row, leaf.column) for leaf in trees.tree(*cell).leaves()
        } == expected


def test_what_decides_stands_below_the_tree(opened: StudyOutput, trees: DerivationTrees) -> None:
    row = row_of(opened, "ADTTE", "USUBJID=NTR6160-01-003 PARAMCD=TTRESC")
    text = tree_text.as_text(
        trees.tree("ADTTE", row, "CNSR")
    )  # a constant of the record that was chosen
    record, first, second, *rest = text.splitlines()
    assert record == "ADTTE, USUBJID=NTR6160-01-003 PARAMCD=TTRESC"
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
