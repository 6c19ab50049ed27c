"""Patterns that are kept are those that would be compiled, and the quick digest is the one of the library."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from pipeline.quick import plain as module
from pipeline.quick.digest import LARGE, hexadecimal
from pipeline.quick.kept import ENDS
from pipeline.quick.plain import plain

CASES: list[tuple[str, int, str]] = [
    ("[一二三四五六七八九十]+(?P<unit>项)?", 0, "共十二项"),
    ("第 (\\d+) 条 # 条", re.VERBOSE, "第12条"),
    ("(?P<first>a)|(?P<second>b)", re.IGNORECASE, "xB"),
    ("(?<![一-龥])[，。；：,;]", 0, "a，b"),
]


@pytest.mark.parametrize(("source", "flags", "text"), CASES)
def test_a_kept_pattern_is_the_compiled_one(source: str, flags: int, text: str) -> None:
    expected = re.compile(source, flags)
    # Made for the first time, then from what was kept.
    for found in (plain(source, flags), plain(source, flags)):
        assert found == expected and found.flags == expected.flags
        assert found.groupindex == expected.groupindex and found.groups == expected.groups
        was, now = expected.search(text), found.search(text)
        assert was is not None and now is not None
        assert (now.span(), now.groupdict(), now.lastgroup) == (was.span(), was.groupdict(), was.lastgroup)


def test_long_patterns_that_begin_and_end_alike_are_told_apart() -> None:
    ends = "年" * ENDS
    one, other = (plain(f"{ends}{middle}{ends}") for middle in "甲乙")
    assert one.search(f"{ends}甲{ends}") and not one.search(f"{ends}乙{ends}") and other.search(f"{ends}乙{ends}")


def test_bytes_and_a_pattern_that_is_none() -> None:
    assert plain(b"charset=([a-z]+)").findall(b"charset=gbk") == [b"gbk"]
    with pytest.raises(re.error):
        plain("(")


def test_an_engine_that_is_built_otherwise_compiles_at_each_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AttributeError("_code")

    monkeypatch.setattr(module, "_compiled_form", fails)
    assert plain("(?P<year>20[0-9]{2})年是唯一").search("2025年是唯一")


@pytest.mark.parametrize("size", [0, 1, 1000, LARGE - 1, LARGE, LARGE + 1])
def test_the_quick_digest_is_that_of_the_library(size: int) -> None:
    data = b"\xe5\xb9\xb4" * size
    assert hexadecimal(data[:size]) == sha256(data[:size]).hexdigest()
