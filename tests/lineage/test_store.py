"""Edges on disk: the same bytes however the study was cut, and read back as they were."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_cdisc.dataset import EDGES
from ivig_cdisc.errors import ExportError
from ivig_cdisc.lineage.store import EdgeFile, no_edges, read_edges, shifted

FORMS = ("labs", "vitals", "visits", "DM", "AE")
LINES = st.integers(min_value=0, max_value=10**6)
EDGE = st.tuples(
    LINES,
    st.sampled_from(FORMS),
    LINES,
    st.sampled_from((None, "sbp", "dbp", "größe")),
    st.sampled_from(("take", "join")),
    st.integers(min_value=-1, max_value=3),
)


def edges(lines: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=list(EDGES)).astype(EDGES)


def written(path: Path, parts: list[pd.DataFrame], group: int) -> bytes:
    file = EdgeFile(path, group)
    for part in parts:
        file.append(part)
    file.close()
    return path.read_bytes()


def plain(found: pd.DataFrame) -> list[tuple[object, ...]]:
    texts = found.astype({name: "object" for name, kind in EDGES.items() if kind == "category"})
    return list(texts.where(texts.notna(), None).itertuples(index=False, name=None))


# Row groups of three edges: their borders are crossed, met and missed by every cut there is.
@given(st.lists(EDGE, max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_the_bytes_do_not_tell_how_the_study_was_cut(
    lines: list[tuple[object, ...]], cuts: list[int]
) -> None:
    bounds = [0, *sorted(min(cut, len(lines)) for cut in cuts), len(lines)]
    parts = [edges(lines[a:b]) for a, b in pairwise(bounds)]
    with TemporaryDirectory() as name:
        whole = written(Path(name) / "whole.parquet", [edges(lines)], 3)
        assert written(Path(name) / "parts.parquet", parts, 3) == whole
        assert plain(read_edges(Path(name) / "parts.parquet")) == lines


def test_row_groups_are_full_but_for_the_last(tmp_path: Path) -> None:
    lines = [(row, "labs", row + 2, None, "take", -1) for row in range(8)]
    written(tmp_path / "vs.parquet", [edges(lines[:5]), edges(lines[5:])], 3)
    file = pq.ParquetFile(tmp_path / "vs.parquet").metadata
    sizes = [file.row_group(group).num_rows for group in range(file.num_row_groups)]
    assert sizes == [3, 3, 2]


# Numbers of many digits do not fit a dictionary page: an encoding that gives up when the page is
# full gives up earlier or later with the size of the parts.
def test_many_different_numbers_are_encoded_alike_in_any_cut(tmp_path: Path) -> None:
    count = 200_000
    frame = pd.DataFrame({"row": range(count), "source": "labs", "source_row": range(count)})
    whole = frame.assign(source_column=None, verb="take", branch=-1).astype(EDGES)
    parts = [whole.iloc[:70_001], whole.iloc[70_001:]]
    kept = written(tmp_path / "one.parquet", [whole], 150_000)
    assert written(tmp_path / "two.parquet", parts, 150_000) == kept


def test_the_edges_of_some_rows(tmp_path: Path) -> None:
    lines = [(row, "labs", 10 * row, "sbp", "take", 0) for row in (0, 1, 1, 2, 7)]
    written(tmp_path / "vs.parquet", [edges(lines)], 2)
    found = read_edges(tmp_path / "vs.parquet", rows=[1, 7, 9])
    assert plain(found) == [lines[1], lines[2], lines[4]]


def test_no_edges_are_written_and_read(tmp_path: Path) -> None:
    written(tmp_path / "vs.parquet", [no_edges()], 3)
    assert plain(read_edges(tmp_path / "vs.parquet")) == []


def test_rows_are_counted_from_the_first_subject_of_the_study() -> None:
    # lines of a raw form are the same in every part
    part = edges([(0, "labs", 5, None, "take", -1), (1, "DM", 0, None, "join", -1)])
    assert plain(shifted(part, 100, {"DM": 7, "VS": 100})) == [
        (100, "labs", 5, None, "take", -1),
        (101, "DM", 7, None, "join", -1),
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet at all"])
def test_a_file_that_is_not_lineage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vs.parquet"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=r"vs\.parquet cannot be read as lineage"):
        read_edges(path)


def test_a_parquet_file_of_something_else(tmp_path: Path) -> None:
    pd.DataFrame({"row": [1]}).to_parquet(tmp_path / "vs.parquet")
    with pytest.raises(ExportError, match="convert the study again"):
        read_edges(tmp_path / "vs.parquet")
