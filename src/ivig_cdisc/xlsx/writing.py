"""Workbooks written by xlsxwriter: text is text, and the same content makes the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

import xlsxwriter

from ..errors import ExportError

CELL_LIMIT = 32_767  # characters that a cell can hold
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@contextmanager
def new_workbook(target: IO[bytes], *, made: str, **properties: str) -> Iterator[Any]:
    """A workbook of xlsxwriter inside a `with` block.

    No text in it becomes a formula, a link or a number.

    Args:
        target: takes the bytes when the block ends.
        made: ISO 8601 date that stands in the workbook as its creation.
        properties: of the document, as title and subject.

    Returns:
        The workbook; what is written to it is in `target` after the block.

    Raises:
        ExportError: the workbook cannot hold what it was given.
    """
    try:
        with xlsxwriter.Workbook(target, OPTIONS) as book:
            book.set_properties({**properties, "created": datetime.fromisoformat(made)})
            yield book
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise ExportError(str(error)) from error
