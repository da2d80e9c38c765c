"""Manual muscle testing: of which muscles, on which sides."""

from __future__ import annotations

from pathlib import Path

from .exports import converted, rows
from .test_qs import FORM


def test_category_and_place(tmp_path: Path) -> None:
    made = converted(tmp_path, "MK", core_set=FORM)
    assert rows(made, "MK", "MKTESTCD", "MKCAT", "MKLOC", "MKLAT", "MKORRES", "MKSTRESN") == [
        ("MMT8", "IMACS CORE SET", "MUSCLE", "BILATERAL", "120", 120),
        ("MMT8", "IMACS CORE SET", "MUSCLE", "BILATERAL", "130", 130),
    ]
