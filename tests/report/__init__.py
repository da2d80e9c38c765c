"""Tests of what people read of an examination."""
