"""Tests of the whole way, from a raw export to the folder that comes out."""
