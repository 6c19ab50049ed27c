"""Records → a folder of CSV, JSON and text files with their descriptor."""

from pipeline.write.columns import Column, columns, plain_number
from pipeline.write.dataset import Counts, Register, write_dataset
from pipeline.write.folder import DESCRIPTOR, FolderError, check_folder
from pipeline.write.frames import frame
from pipeline.write.nested import schema
from pipeline.write.package import descriptor

__all__ = [
    "DESCRIPTOR", "Column", "Counts", "FolderError", "Register", "check_folder", "columns", "descriptor", "frame",
    "plain_number", "schema", "write_dataset",
]  # fmt: skip
