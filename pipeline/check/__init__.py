"""Verify that an output folder keeps the contract, by reading the files alone."""

from pipeline.check.dataset import check_dataset
from pipeline.check.faults import Fault

__all__ = ["Fault", "check_dataset"]
