"""Tests of validate, with small studies of their own."""
