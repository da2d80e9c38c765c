"""The output folder as one thing: whole or not at all, signed by its manifest, opened again.

appearing    a folder that appears whole or not at all; write_file one file that does; carry what stays of the old one
StudyFiles   all datasets of a study, part by part; xpt_path, edge_path where each is
manifest     write_manifest, sign_again, read_manifest: what an output folder holds; altered what does not agree with it
reopen       an output folder read back
"""

from .folder import appearing, carry, write_file
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
from .study_files import StudyFiles, edge_path, xpt_path

__all__ = [
    "FOUND",
    "MANIFEST",
    "WORKBOOK",
    "StudyFiles",
    "altered",
    "appearing",
    "carry",
    "digest",
    "edge_path",
    "is_examined",
    "is_output",
    "read_manifest",
    "sign_again",
    "specs_digest",
    "write_file",
    "write_manifest",
    "xpt_path",
]
