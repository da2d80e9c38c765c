"""What SDTM wants and rows-then-variables cannot say: SUPP--."""

from .supplement import merge, origins, shortened, split

__all__ = ["merge", "origins", "shortened", "split"]
