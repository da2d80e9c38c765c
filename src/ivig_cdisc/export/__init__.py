"""What leaves the house: finished datasets as SAS XPORT version 5 files, their row parents, and the folder they are in.

fit          makes every cell fit the format and reports what it changed; same_subjects, which subjects become one by it
write        one dataset, one file; XptFile the same part by part; read a file as the frame it was written from
StudyFiles   all datasets of a study, part by part; xpt_path, edge_path where each is; read_edges its row parents
appearing    a folder that appears whole or not at all; write_file one file that does; carry what stays of the old one
manifest     write_manifest, sign_again, read_manifest: what an output folder holds; altered what does not agree with it
"""

from .edges import no_edges, read_edges
from .fit import fit
from .folder import appearing, carry, write_file
from .identity import same_subjects
from .manifest import (
    FOUND,
    MANIFEST,
    WORKBOOK,
    altered,
    digest,
    is_examined,
    is_output,
    read_manifest,
    sign_again,
    specs_digest,
    write_manifest,
)
from .read import read
from .study import StudyFiles, edge_path, xpt_path
from .xpt import XptFile, write

__all__ = [
    "FOUND",
    "MANIFEST",
    "WORKBOOK",
    "StudyFiles",
    "XptFile",
    "altered",
    "appearing",
    "carry",
    "digest",
    "edge_path",
    "fit",
    "is_examined",
    "is_output",
    "no_edges",
    "read",
    "read_edges",
    "read_manifest",
    "same_subjects",
    "sign_again",
    "specs_digest",
    "write",
    "write_file",
    "write_manifest",
    "xpt_path",
]
