"""Specs as a workbook, and back."""
