"""Datasets as files: a module for each format; none knows the folder that its files are in.

fit          makes every cell fit the format and reports what it changed; same_subjects, which subjects become one by it
write        one dataset, one file; XptFile the same part by part; read a file as the frame it was written from
reading      any dataset file or folder, of whatever origin, as tables that can be compared
"""

from .xpt.dataset import read
from .xpt.fit import fit
from .xpt.identity import same_subjects
from .xpt.writer import XptFile, write

__all__ = ["XptFile", "fit", "read", "same_subjects", "write"]
