"""Two datasets compared, as two programmers do.

Attributes, records that only one has, cells that differ.

compare   two files or two folders, XPT, CSV or Dataset-JSON
as_text, as_html, blocks (for a terminal)   what it says
"""

from .datasets import Comparison, compare
from .page import as_html
from .text_report import MOST, as_text, blocks

__all__ = ["MOST", "Comparison", "as_html", "as_text", "blocks", "compare"]
