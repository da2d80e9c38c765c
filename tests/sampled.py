"""How much the long suites try: a part that is spread over everything in `make test`, all of it in `make test-all`."""

from __future__ import annotations

import os

EVERYTHING = os.environ.get("TESTS") == "all"
