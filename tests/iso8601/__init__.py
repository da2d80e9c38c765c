"""Dates of reduced precision."""
