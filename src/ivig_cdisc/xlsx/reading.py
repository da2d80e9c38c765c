"""Workbooks read by openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

__all__ = ["column_letter", "load_workbook", "range_boundaries"]


def load_workbook(path: Path, *, results: bool = False) -> Any:
    """The workbook in a file.

    Args:
        path: of the file.
        results: of formulas, instead of the formulas themselves.

    Returns:
        The workbook as openpyxl has it; the value of an empty cell is None.

    Raises:
        Exception: whatever the damage of a file brings about in openpyxl.
    """
    return openpyxl.load_workbook(path, data_only=results)


def column_letter(number: int) -> str:
    """The letters of a column.

    Args:
        number: of the column, counted from 1.

    Returns:
        The letters as Excel shows them.

    >>> column_letter(28)
    'AB'
    """
    return str(get_column_letter(number))
