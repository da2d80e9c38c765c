"""One subject's narrative in sentences, from an output folder; nothing is calculated anew.

explain   the narrative; as_text and as_html what it looks like
"""

from .page import as_html
from .telling import PatientNarrative, Section, Table, as_text, explain

__all__ = ["PatientNarrative", "Section", "Table", "as_html", "as_text", "explain"]
