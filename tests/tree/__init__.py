"""Tracing cells."""
