"""Templates filled with data: all text is escaped, and what a template names must be there."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, **shown: object) -> str:
    """One HTML file that holds all it needs, with nothing from elsewhere.

    Same data, same text.

    Args:
        template: a file of this folder.
        shown: what it shows, by the names that it uses; text stays text, whatever is in it.

    Returns:
        The text of the file.

    Raises:
        jinja2.UndefinedError: the template uses a name that is not given.
    """
    return _environment().get_template(template).render(shown)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("ivig_cdisc", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["number"] = "{:,}".format
    made.filters["sha256"] = _sha256
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return made


def _sha256(script: str) -> str:
    """The name by which a content security policy allows a script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
