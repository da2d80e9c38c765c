"""What SDTM wants and rows-then-variables cannot say: SUPP--."""

from .supplement import merge, origins, split

__all__ = ["merge", "origins", "split"]
