"""The same content as folder, ODM file and REDCap export is the same study."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivig_cdisc import Summary, convert, metadata
from ivig_cdisc.errors import RawError
from ivig_cdisc.metadata import Study
from ivig_cdisc.raw import Raw, partition
from ivig_cdisc.raw import read as read_export

from .written import SOURCES, maker

SAID = ["severity", "rule", "dataset", "subject", "site", "variable", "value", "verbatim"]
OTHERS = ["odm", "redcap"]


@pytest.fixture(scope="module")
def ntr6160() -> Study:
    return metadata.load("ntr6160")[0]


@pytest.fixture(scope="module")
def exports(ntr6160: Study) -> dict[str, Raw]:
    return {kind: read_export(source, ntr6160) for kind, source in SOURCES.items()}


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Summary]:
    out = tmp_path_factory.mktemp("converted")
    return {kind: convert(source, out / kind, validate=False) for kind, source in SOURCES.items()}


TWICE = "medical_history"  # one line is a duplicate; in the other forms of the export each has a key of its own


def same_content(one: Raw, other: Raw, but: str = "") -> None:
    assert list(one.forms) == list(other.forms)
    for form, frame in one.forms.items():
        if form == but:
            continue
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True), other.forms[form].reset_index(drop=True)
        )


def said(found: pd.DataFrame) -> list[tuple[object, ...]]:
    """Findings, but for where they are and for duplicates; that of Windows-1252 is about the CSV file alone."""
    rules = ["RAW-ENCODING", "RAW-DUPLICATE-LINE", "RAW-DUPLICATE-KEY"]
    kept = found.loc[~found["rule"].isin(rules), SAID].fillna("")
    return sorted(kept.itertuples(index=False, name=None))


# ---------------------------------------------------------------- the example
@pytest.mark.parametrize("kind", OTHERS)
def test_the_example_has_the_same_frames(exports: dict[str, Raw], kind: str) -> None:
    same_content(exports["csv"], exports[kind], but=TWICE)


@pytest.mark.parametrize("kind", OTHERS)
def test_a_line_that_stands_twice_is_two_records_where_each_has_a_key(
    exports: dict[str, Raw], kind: str
) -> None:
    def duplicates(raw: Raw) -> list[str]:
        return raw.findings.loc[
            raw.findings["rule"].str.startswith("RAW-DUPLICATE"), "rule"
        ].tolist()

    csv, other = exports["csv"].forms[TWICE], exports[kind].forms[TWICE]
    assert duplicates(exports["csv"]) == ["RAW-DUPLICATE-LINE"]
    assert duplicates(exports[kind]) == ["RAW-DUPLICATE-KEY"]
    assert len(other) == len(csv) + 1
    assert other.drop_duplicates().reset_index(drop=True).equals(csv.reset_index(drop=True))


@pytest.mark.parametrize("kind", OTHERS)
def test_the_example_has_the_same_problems(exports: dict[str, Raw], kind: str) -> None:
    one, other = exports["csv"], exports[kind]
    assert said(one.findings) == said(other.findings)
    assert one.unknown == other.unknown
    assert list(one.unknown["vitals"]) == ["device_no"]
    counts = ["form", "records"]
    pd.testing.assert_frame_equal(one.ledger[counts], other.ledger[counts])
    assert set(other.files.values()) == {SOURCES[kind]}


@pytest.mark.parametrize("kind", OTHERS)
def test_the_index_is_the_line_of_the_record(exports: dict[str, Raw], kind: str) -> None:
    lines = SOURCES[kind].read_text("utf-8").split("\n")
    for form, frame in exports[kind].forms.items():
        mark = {"odm": f'<ItemGroupData ItemGroupOID="{form}"', "redcap": f",{form},"}[kind]
        once = kind == "redcap" and form in {"subjects", "end_of_study"}
        assert all(mark in lines[line - 1] or once for line in frame.index)
        assert frame.index.is_unique


@pytest.mark.parametrize("kind", OTHERS)
def test_the_same_bytes_come_out(converted: dict[str, Summary], kind: str) -> None:
    def transport(kind: str) -> dict[str, bytes]:
        files = sorted(converted[kind].out.glob("*/*.xpt"))
        return {path.stem: path.read_bytes() for path in files if path.stem != "mh"}

    assert len(transport("csv")) > 10
    assert transport("csv") == transport(kind)


def typed_in(kind: str, line: int, column: str) -> bool:
    """Whether a column is on a line of the file, or in its header, or in the record that begins there."""
    lines = SOURCES[kind].read_text("utf-8").split("\n")
    if kind == "redcap":
        return column in lines[0].split(",")
    return column == "SubjectKey" or any(f'"{column}"' in text for text in lines[line : line + 25])


@pytest.mark.parametrize("kind", OTHERS)
def test_findings_point_into_the_file(converted: dict[str, Summary], kind: str) -> None:
    found, csv = converted[kind].findings, converted["csv"].findings
    assert set(found["file"].dropna()) == {SOURCES[kind].name}
    assert said(found) == said(csv)
    cells = found.dropna(subset=["line", "column", "verbatim"])
    assert len(cells) > 5
    assert all(
        typed_in(kind, line, column)
        for line, column in zip(cells["line"], cells["column"], strict=True)
    )


def test_the_example_is_made_of_its_folder(tmp_path: Path) -> None:
    make = maker()
    tables = make.read_folder(SOURCES["csv"])
    make.write_odm(tmp_path / "odm.xml", tables)
    make.write_redcap(tmp_path / "redcap.csv", tables)
    assert (tmp_path / "odm.xml").read_bytes() == SOURCES["odm"].read_bytes()
    assert (tmp_path / "redcap.csv").read_bytes() == SOURCES["redcap"].read_bytes()


# ---------------------------------------------------------------- which kind
@pytest.mark.parametrize("name", ["export.xlsx", "export", "export.zip"])
def test_another_kind_of_file_is_refused(study: Study, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(RawError) as caught:
        read_export(tmp_path / name, study)
    accepted = "a folder with one CSV file per form, an ODM-XML file (.xml) or a REDCap export of all forms (.csv)"
    assert str(caught.value) == f"{name}: is of no kind that can be read; expected {accepted}"


# ---------------------------------------------------------------- any records
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t;,\"'<>&"),
    max_size=8,
)
CELLS = st.tuples(
    st.sampled_from(["S1", "S2", "S9", "-99", "S\n1"]),
    st.sampled_from(["BL", "W9", ""]),
    st.sampled_from(["01-02-2017", "UN-02-2017", "31-02-2017", "-99", ""]),
    st.sampled_from(["8:00", "x", ""]),
    st.sampled_from(["CK", ""]),
    st.sampled_from(["1", "<1,5", "-99", "neg", ""]),
    st.sampled_from(["1", "501", ""]),
)
LAB_COLUMNS = ("subject_id", "visit", "sample_date", "sample_time", "test", "result", "upper_limit")
SUBJECTS = [("S1", "A", "01-02-1960"), ("S2", "B", "UN-UNK-1970")]
EACH = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NOTES = st.lists(st.tuples(st.sampled_from(["S1", "S2", "S3"]), TEXT), min_size=1, max_size=6)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@EACH
@given(labs=st.lists(CELLS, min_size=1, max_size=12), notes=NOTES)
def test_nothing_is_lost_on_the_way(
    study: Study, labs: list[tuple[str, ...]], notes: list[tuple[str, str]]
) -> None:
    make = maker()
    tables = {
        "subjects": make.Table(("subject_id", "site_id", "birth_date"), SUBJECTS),
        "labs": make.Table(LAB_COLUMNS, labs),
        "notes": make.Table(("subject_id", "note"), notes),
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for form, (columns, rows) in tables.items():
            text = "".join(";".join(map(quoted, row)) + "\n" for row in (columns, *rows))
            (folder / f"{form}.csv").write_text(text, "utf-8", newline="\n")
        make.write_odm(folder / "odm" / "study.xml", tables)
        make.write_redcap(folder / "redcap" / "study.csv", tables)
        sources = (folder, folder / "odm" / "study.xml", folder / "redcap" / "study.csv")
        csv, *others = (read_export(source, study) for source in sources)
    for other in others:
        same_content(csv, other)
        assert said(csv.findings) == said(other.findings)
        assert other.ledger["records"].tolist() == [2, len(labs), len(notes)]
        (whole,) = partition(other, 1, study)
        assert sum(map(len, whole.values())) == other.ledger["kept"].sum()
