"""Two conversions of one study, as of two data cuts.

What is new, what is gone, and which raw cells made it so.

diff      the whole comparison of two output folders
as_text, as_json, blocks (for a terminal)   what it says
"""

from .differences import Difference, diff
from .text_report import MOST, as_json, as_text, blocks

__all__ = ["MOST", "Difference", "as_json", "as_text", "blocks", "diff"]
