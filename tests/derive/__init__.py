"""Derivations at their boundaries."""
