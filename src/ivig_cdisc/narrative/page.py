"""The story as one HTML file that holds all it needs."""

from __future__ import annotations

from ..pages import render
from .telling import NUMBERS, Story


def as_html(story: Story) -> str:
    """A page without scripts and without anything from elsewhere; all text is escaped.

    Args:
        story: one subject's story.

    Returns:
        HTML.
    """
    return render("story.html", story=story, numbers=NUMBERS)
