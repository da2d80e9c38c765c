"""What SDTM wants and rows-then-variables cannot say: SUPP--, and long text in pieces."""

from .supplement import merge, origins, shortened, split, whole

__all__ = ["merge", "origins", "shortened", "split", "whole"]
