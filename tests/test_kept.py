"""What is kept between starts: it comes back as it was, and counts for nothing when it is damaged, old or not ours."""

from __future__ import annotations

import pathlib
import pickle
import sys

import pytest
import regex

from pipeline.lexicon import Lexicon, load_lexicon, read_lexicon, ready
from pipeline.quick import kept
from pipeline.quick.kept import Shelf
from pipeline.quick.pattern import pattern

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise")


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Keep things in a folder of the test, also where the environment says that nothing is to be kept."""
    monkeypatch.setattr(kept, "_folders", lambda: [str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path


def test_a_content_comes_back_for_what_it_was_made_from_only() -> None:
    kept.write("rules", ("a.csv", 1), b"one\ntwo")
    assert kept.read("rules", ("a.csv", 1)) == b"one\ntwo"
    assert kept.read("rules", ("a.csv", 2)) is None
    assert kept.read("others", ("a.csv", 1)) is None


def test_a_damaged_file_is_no_file(folder: pathlib.Path) -> None:
    kept.write("rules", 1, b"content")
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[:-1], whole + b"x", whole.replace(b"content", b"CONTENT"), b"", b"\n"):
        file.write_bytes(damaged)
        assert kept.read("rules", 1) is None


def test_nothing_is_written_where_python_writes_no_byte_code(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept.write("rules", 1, b"content")
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_is_passed_over(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(kept, "_folders", lambda: [str(tmp_path / "file" / "below"), str(tmp_path / "own")])
    kept.write("rules", 1, b"content")
    assert kept.read("rules", 1) == b"content"
    assert len(list((tmp_path / "own").iterdir())) == 1


@POSIX
def test_a_folder_that_others_may_write_to_is_not_trusted(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = tmp_path / "zhengce"
    assert kept._own_folder() == str(own)
    own.mkdir()
    own.chmod(0o777)
    assert kept._own_folder() == ""
    own.chmod(0o700)
    assert kept._own_folder() == str(own)


def test_a_shelf_keeps_what_was_put_there_by_several_processes() -> None:
    one, other = Shelf("things", 1), Shelf("things", 1)
    one.put("a", (1, "x"))
    other.put("b", {"y": 2})
    one.close()
    other.close()
    later = Shelf("things", 1)
    assert (later.get("a"), later.get("b"), later.get("c")) == ((1, "x"), {"y": 2}, None)
    assert Shelf("things", 2).get("a") is None


def test_a_kept_pattern_finds_what_a_fresh_one_finds() -> None:
    words = r"(?P<place>\p{Han}{2,3})[市县]  # 云州市"
    fresh, again = pattern(words, regex.VERBOSE), pattern(words, regex.VERBOSE)
    assert again.pattern == fresh.pattern == words
    assert again.flags == fresh.flags == regex.compile(words, regex.VERBOSE).flags
    for found in (fresh, again):
        assert found.search("青湖县")["place"] == "青湖"  # type: ignore[index]


def test_kept_rules_are_those_of_the_files() -> None:
    stamps = ready.stamps()
    assert ready.kept_lexicon(stamps) is None
    read = read_lexicon()
    ready.keep(read, stamps)
    again = ready.kept_lexicon(stamps)
    assert again is not None
    for topic in ("places", "measures", "families", "wording", "contrasts", "indicators"):
        assert getattr(again, topic) == getattr(read, topic)
    assert list(again.places.by_name.items()) == list(read.places.by_name.items())
    assert list(again.bodies.forms.items()) == list(read.bodies.forms.items())
    assert {name: found.pattern for name, found in again.patterns.by_id.items()} == {
        name: found.pattern for name, found in read.patterns.by_id.items()
    }


def test_a_changed_data_file_is_seen(tmp_path: pathlib.Path) -> None:
    data = tmp_path / "lexicon"
    data.mkdir()
    (data / "roles.csv").write_text("word\n", encoding="utf-8")
    before = sorted(ready._stamps(str(data)))
    (data / "roles.csv").write_text("word\nlead\n", encoding="utf-8")
    assert sorted(ready._stamps(str(data))) != before
    (data / "zones.csv").write_text("", encoding="utf-8")
    assert [stamp[0] for stamp in sorted(ready._stamps(str(data)))] == ["roles.csv", "zones.csv"]


def test_a_kept_file_makes_nothing_but_rules(tmp_path: pathlib.Path) -> None:
    stamps = ready.stamps()
    kept.write(ready.FILE, stamps, pickle.dumps((tmp_path, print)))
    assert ready.kept_lexicon(stamps) is None
    assert isinstance(load_lexicon(), Lexicon)
