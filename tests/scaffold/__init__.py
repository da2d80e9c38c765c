"""Tests of the first draft of a study's specs."""
