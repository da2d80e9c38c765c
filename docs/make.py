"""Writes the pages that are made from signatures and docstrings: functions.md and api.md."""

from __future__ import annotations

import sys
from pathlib import Path

import api

from ivig_cdisc import reference

PAGES = {"api.md": api.page, "functions.md": reference.page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        Path(__file__).with_name(name).write_text(page(), "utf-8")
        sys.stdout.write(f"{name}\n")
