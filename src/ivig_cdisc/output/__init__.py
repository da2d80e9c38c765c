"""The output folder as one thing: whole or not at all, signed by its manifest, opened again.

atomic_folder   a folder that appears whole or not at all; write_file one file that does; carry what
                stays of the old one
StudyFiles      all datasets of a study, part by part; dataset_path, edge_path where each is
write_manifest  what an output folder holds; sign_again, read_manifest; altered what does not agree
                with it
open_output     an output folder opened again: StudyOutput, whole or no more of it than is asked for
"""

from .folder import atomic_folder, carry, write_file
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
from .opened import StudyOutput, open_output, read_records
from .study_files import StudyFiles, dataset_path, edge_path

__all__ = [
    "FOUND",
    "MANIFEST",
    "WORKBOOK",
    "StudyFiles",
    "StudyOutput",
    "altered",
    "atomic_folder",
    "carry",
    "dataset_path",
    "digest",
    "edge_path",
    "is_examined",
    "is_output",
    "open_output",
    "read_manifest",
    "read_records",
    "sign_again",
    "specs_digest",
    "write_file",
    "write_manifest",
]
