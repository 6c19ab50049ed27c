"""What all tests share: where things are, the rules, and property tests that give the same answer every time."""

from __future__ import annotations

import pathlib

import pytest
from hypothesis import settings

from pipeline.lexicon import Lexicon, load_lexicon

ROOT = pathlib.Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """Give the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """Give the project's own rules."""
    return load_lexicon()


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """Give the folder of real documents beside the checkout; skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real documents (shared/) is not beside this checkout")
    return SHARED
