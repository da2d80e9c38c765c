"""What leaves the house: finished datasets as SAS XPORT version 5 files, their row parents, and the folder they are in.

fit          makes every cell fit the format and reports what it changed
write        one dataset, one file; XptFile the same part by part; read a file as the frame it was written from
StudyFiles   all datasets of a study, part by part; xpt_path, edge_path where each is; read_edges its row parents
appearing    an output folder that appears whole or not at all; write_manifest, read_manifest what it holds,
             digest the SHA-256 of a file
"""

from .edges import read_edges
from .fit import fit
from .folder import appearing, digest, read_manifest, write_manifest
from .read import read
from .study import StudyFiles, edge_path, xpt_path
from .xpt import XptFile, write

__all__ = [
    "StudyFiles",
    "XptFile",
    "appearing",
    "digest",
    "edge_path",
    "fit",
    "read",
    "read_edges",
    "read_manifest",
    "write",
    "write_manifest",
    "xpt_path",
]
