"""The narrative as one HTML file that holds all it needs."""

from __future__ import annotations

from ..pages import render
from .telling import NUMBERS, PatientNarrative


def as_html(narrative: PatientNarrative) -> str:
    """A page without scripts and without anything from elsewhere; all text is escaped.

    Args:
        narrative: one subject's narrative.

    Returns:
        HTML.
    """
    return render("narrative.html", narrative=narrative, numbers=NUMBERS)
