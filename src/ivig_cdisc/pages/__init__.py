"""What pages look like: their templates, one style sheet, one set of components."""

from .rendering import render

__all__ = ["render"]
