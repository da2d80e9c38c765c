"""Comparing datasets."""
