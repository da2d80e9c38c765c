"""One subject's story in sentences, from an output folder; nothing is calculated anew.

explain   the story; as_text and as_html what it looks like
"""

from .page import as_html
from .telling import Section, Story, Table, as_text, explain

__all__ = ["Section", "Story", "Table", "as_html", "as_text", "explain"]
