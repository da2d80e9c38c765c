"""Workbooks read by openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

__all__ = ["column_letter", "load_workbook", "range_boundaries"]


def load_workbook(path: Path, *, results: bool = False) -> Any:
    """The workbook in a file, as openpyxl has it, which raises whatever the damage brings about.

    results: of formulas, instead of the formulas themselves.
    """
    return openpyxl.load_workbook(path, data_only=results)


def column_letter(number: int) -> str:
    """The letters of a column, counted from 1.

    >>> column_letter(28)
    'AB'
    """
    return str(get_column_letter(number))
