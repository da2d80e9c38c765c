"""What the YAML can say, read off the code that reads it: entries, a page, a JSON schema."""

from .entries import Entry, entries
from .page import page
from .schema import FILE as SCHEMA_FILE
from .schema import KINDS, modeline, schema, schema_text
from .telling import as_json, blocks, named

__all__ = [
    "KINDS",
    "SCHEMA_FILE",
    "Entry",
    "as_json",
    "blocks",
    "entries",
    "modeline",
    "named",
    "page",
    "schema",
    "schema_text",
]
