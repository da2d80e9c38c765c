"""Damaged files: a comparison or an error that names the file, never anything else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_cdisc.comparison import as_html, as_text, compare
from ivig_cdisc.errors import ExportError, RawError

CSV = b'USUBJID,X\nA,1.5\nB,"q ""x"""\n'
JSON = (
    b'{"records":2,"name":"LB","columns":[{"name":"USUBJID","dataType":"string"},{"name":"X","dataType":"decimal"},'
    b'{"name":"D","dataType":"date","targetDataType":"integer","keySequence":1}],'
    b'"rows":[["A","1.5","2024-01-03"],["B",null,null]]}'
)
ODD = st.sampled_from([bytes([octet]) for octet in b'019ab",.-[]{}:\n\r\t \x00\xe9\xff'] + [b""])


@settings(deadline=None, max_examples=40)
@given(
    whole=st.sampled_from([(".csv", CSV), (".json", JSON)]),
    changes=st.lists(st.tuples(st.floats(0, 1), ODD), min_size=1, max_size=4),
)
def test_changed_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    whole: tuple[str, bytes],
    changes: list[tuple[float, bytes]],
) -> None:
    suffix, octets = whole
    folder = tmp_path_factory.getbasetemp()
    one, two = folder / f"whole{suffix}", folder / f"damaged{suffix}"
    one.write_bytes(octets)
    for place, new in changes:
        at = int(place * (len(octets) - 1))
        octets = octets[:at] + new + octets[at + 1 :]
    two.write_bytes(octets)
    with contextlib.suppress(ExportError, RawError):
        found = compare(one, two)
        assert as_text(found)
        assert as_html(found)
