"""Excel workbooks, as far as any room that has one does the same.

The libraries are imported here and nowhere else.

new_workbook   one that is written: the same content, the same bytes
load_workbook  one that is read
limits         how large one may be; a larger one is refused before it is opened
"""

from .reading import column_letter, load_workbook
from .writing import CELL_LIMIT, new_workbook

__all__ = ["CELL_LIMIT", "column_letter", "load_workbook", "new_workbook"]
