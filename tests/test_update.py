"""Update: only what is new is made, what comes out is what a fresh run gives, and nothing that happens spoils it."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline import find, run
from pipeline.batch import documents, versions
from pipeline.batch.folders import FILE, store_folder
from pipeline.batch.kept import from_bytes, to_bytes
from pipeline.batch.store import BusyError, Store, open_store
from pipeline.batch.supervise import METHOD, Limits
from pipeline.cli import main
from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.model.source import Block, Source
from pipeline.model.tables import Record
from pipeline.normalise import normalise
from pipeline.read import open_source
from pipeline.read.recognition import recognition
from pipeline.segment import segment
from pipeline.update import Done, NothingToReadError, Settings, run_folders
from pipeline.write import FolderError

ROOT = Path(__file__).parents[1]
PLAN = """云州市智慧港口行动计划
（2024—2026年）
一、主要目标
到2026年，自动化泊位达到{}个，港口吞吐量突破3.5亿吨。
二、重点任务
（一）建设智慧码头。每年改造岸桥4台以上。（责任单位：市交通局、市发改委）
"""
LINUX = pytest.mark.skipif(METHOD != "fork", reason="what is replaced in this process is only in a copy of it")
HERE = Settings(isolate=False)


def plan(number: int) -> bytes:
    return PLAN.format(number).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return whole.getvalue()


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # The files are a moment old; their times can still be told apart here.
    monkeypatch.setattr(find, "COARSE_SECONDS", 0)
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_bytes(plan(number + 10))
    (folder / "copy.txt").write_bytes(plan(10))
    (folder / "empty.txt").write_bytes(b"")
    (folder / "more.zip").write_bytes(zipped({"a.txt": plan(20), "in.zip": zipped({"b.txt": plan(21)}), "c.txt": b""}))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fresh(raw: Path, out: Path) -> dict[str, bytes]:
    """Give what a run that knows nothing writes."""
    run_folders([raw], out, settings=Settings(isolate=False, keep=False))
    return contents(out)


def told(raw: Path, out: Path, settings: Settings = HERE) -> dict[str, str]:
    """Run; give for each source whether it was known, made, or failed and how."""
    found: dict[str, str] = {}

    def watch(_: int, __: int, one: Done) -> None:
        found[one.source] = ("known " if one.known else "made ") + (one.code or "well")

    run_folders([raw], out, watch=watch, settings=settings)
    return found


def made(found: dict[str, str]) -> set[str]:
    return {source for source, words in found.items() if words.startswith("made")}


def test_unchanged_files_are_not_opened_and_the_output_is_not_touched(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    first = told(raw, out)
    assert len(first) == 8 and made(first) == set(first)
    before = {path: path.stat() for path in out.rglob("*")}
    opened: list[str] = []
    read_bytes = Path.read_bytes

    def reads(self: Path) -> bytes:
        opened.append(self.name)
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", reads)
    again = told(raw, out)
    assert {source: words.replace("made", "known") for source, words in first.items()} == again | {
        "more.zip/c.txt": "known empty_file", "empty.txt": "known empty_file",
    }  # fmt: skip
    assert not [name for name in opened if (raw / name).exists()]
    assert {path: path.stat() for path in out.rglob("*")} == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda raw: (raw / "1.txt").write_bytes(plan(99)), {"1.txt"}),
        (lambda raw: (raw / "new.txt").write_bytes(plan(98)), {"new.txt"}),
        (lambda raw: (raw / "2.txt").unlink(), set()),
        (lambda raw: (raw / "2.txt").rename(raw / "二.txt"), {"二.txt"}),
        # The copy is now the first with its bytes, so its rows have another id.
        (lambda raw: (raw / "0.txt").unlink(), {"copy.txt"}),
        (lambda raw: (raw / "more.zip").unlink(), set()),
        (
            lambda raw: (raw / "more.zip").write_bytes(zipped({"a.txt": plan(20), "d.txt": plan(22)})),
            {"more.zip/d.txt"},
        ),
        # Same name, same size, other words.
        (lambda raw: (raw / "1.txt").write_bytes(plan(77)), {"1.txt"}),
    ],
)
def test_a_change_costs_what_it_touches(
    raw: Path, tmp_path: Path, change: Callable[[Path], object], expected: set[str]
) -> None:
    out = tmp_path / "out"
    told(raw, out)
    change(raw)
    assert made(told(raw, out)) == expected
    assert contents(out) == fresh(raw, tmp_path / "other")


def test_a_renamed_file_is_not_read_anew(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(raw, tmp_path / "out")
    (raw / "2.txt").rename(raw / "二.txt")
    monkeypatch.setattr(run, "normalise", lambda *_: pytest.fail("normalised again"))
    assert told(raw, tmp_path / "out")["二.txt"] == "made well"


def test_texts_that_stay_are_linked_and_what_someone_wrote_into_them_is_not(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told(raw, out)
    (edited, *others) = sorted((out / "text").iterdir())
    edited.write_bytes(edited.read_bytes() + b"!")
    before = {path: path.stat().st_ino for path in others}
    (raw / "new.txt").write_bytes(plan(50))
    told(raw, out)
    assert {path: path.stat().st_ino for path in others} == before
    assert contents(out) == fresh(raw, tmp_path / "other")


@pytest.mark.parametrize("spoil", ["edit", "remove", "add"])
def test_an_output_that_someone_touched_is_made_right(raw: Path, tmp_path: Path, spoil: str) -> None:
    out = tmp_path / "out"
    told(raw, out)
    if spoil == "edit":
        (out / "targets.csv").write_bytes((out / "targets.csv").read_bytes() + b"\n")
    elif spoil == "remove":
        next((out / "json").iterdir()).unlink()
    else:
        (out / "text" / "mine.txt").write_bytes(b"")
    assert made(told(raw, out)) == set()
    assert contents(out) == fresh(raw, tmp_path / "other")


def counting(name: str, stage: Callable[..., Any], called: list[str]) -> Callable[..., Any]:
    def counted(*arguments: Any) -> Any:
        called.append(name)
        return stage(*arguments)

    return counted


def test_rules_of_a_stage_touch_that_stage_and_those_behind_it(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    for name in ("open_source", "normalise", "segment", "extract"):
        stage: Any = getattr(run, name)

        monkeypatch.setattr(run, name, counting(name, stage, called))
    real = versions.versions()
    told(raw, tmp_path / "out")
    for changed, expected in (
        (real.__class__(real.text, real.outline, b"x"), {"extract"}),
        (real.__class__(real.text, b"x", b"y"), {"segment", "extract"}),
        (real.__class__(b"x", b"y", b"z"), {"open_source", "normalise", "segment", "extract"}),
    ):
        monkeypatch.setattr(documents, "versions", lambda changed=changed: changed)
        called.clear()
        told(raw, tmp_path / "out")
        # Files without text fail in the reader each time.
        assert {name for name in called if name != "open_source"} == expected - {"open_source"}
        assert called.count("open_source") == (7 if "open_source" in expected else 2)


def test_every_data_file_of_the_lexicon_belongs_to_one_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {path.name for path in (ROOT / "pipeline" / "lexicon").iterdir() if path.suffix in (".csv", ".toml")}
    listed = [name for names in versions.FILES.values() for name in names]
    assert sorted(listed) == sorted(files)
    assert set(versions.FILES) == set(Lexicon.__dataclass_fields__)


class Asked:
    """A lexicon that notes which topics are asked for."""

    def __init__(self, lexicon: Lexicon, topics: set[str]) -> None:
        self._lexicon, self._topics = lexicon, topics

    def __getattr__(self, name: str) -> Any:
        self._topics.add(name)
        return getattr(self._lexicon, name)


def test_stages_take_the_topics_that_are_told() -> None:
    from pipeline.extract import extract
    from pipeline.resolve import resolve

    found: dict[str, set[str]] = {"normalise": set(), "segment": set(), "result": set()}
    asked: dict[str, Any] = {stage: Asked(load_lexicon(), topics) for stage, topics in found.items()}
    for path in sorted((ROOT / "raw").iterdir()):
        if path.suffix not in (".txt", ".html", ".docx", ".pdf", ".xlsx"):
            continue
        try:
            source = open_source(path.read_bytes(), path.name)
        except Exception:
            continue
        text = normalise(source, asked["normalise"])
        outline = segment(text, asked["segment"])
        resolve(text, outline, extract(text, outline, asked["result"]), asked["result"])
    for stage, topics in found.items():
        assert topics and topics <= set(versions.TOPICS[stage]), stage


def test_failures_are_known_until_something_may_be_different(raw: Path, tmp_path: Path) -> None:
    told(raw, tmp_path / "out")
    assert told(raw, tmp_path / "out")["empty.txt"] == "known empty_file"
    assert told(raw, tmp_path / "out", Settings(isolate=False, retry=True))["empty.txt"] == "made empty_file"


@LINUX
def test_a_document_that_was_stopped_is_tried_again_with_other_limits(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = run.open_source

    def hangs(data: bytes, source: str) -> Source:
        if source == "1.txt":
            time.sleep(60)
        return opened(data, source)

    monkeypatch.setattr(run, "open_source", hangs)
    short = Settings(limits=Limits(seconds=1), jobs=3)
    assert told(raw, tmp_path / "out", short)["1.txt"] == "made time_limit"
    assert told(raw, tmp_path / "out", short)["1.txt"] == "known time_limit"
    monkeypatch.setattr(run, "open_source", opened)
    again = told(raw, tmp_path / "out", Settings(limits=Limits(seconds=9)))
    assert made(again) == {"1.txt"} and again["1.txt"] == "made well"
    assert contents(tmp_path / "out") == fresh(raw, tmp_path / "other")


@pytest.mark.parametrize("jobs", [1, 4])
def test_any_number_of_workers_writes_the_same(raw: Path, tmp_path: Path, jobs: int) -> None:
    run_folders([raw], tmp_path / "out", settings=Settings(jobs=jobs))
    assert contents(tmp_path / "out") == fresh(raw, tmp_path / "other")


@LINUX
def test_documents_of_images_wait_until_the_others_are_done(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.read import recognition as terms
    from pipeline.read.recognition import RecognitionPostponedError

    opened = run.open_source

    def scanned(data: bytes, source: str) -> Source:
        if source.startswith(("0", "1")) and not terms._terms[-1].allowed:
            raise RecognitionPostponedError
        return opened(data, source)

    monkeypatch.setattr(run, "open_source", scanned)
    for settings in (Settings(isolate=False, keep=False), Settings(jobs=1, keep=False)):
        assert list(told(raw, tmp_path / "out", settings))[-2:] in (["0.txt", "1.txt"], ["1.txt", "0.txt"])
    monkeypatch.setattr(run, "open_source", opened)
    assert contents(tmp_path / "out") == fresh(raw, tmp_path / "other")


def test_a_recognised_page_is_kept(tmp_path: Path) -> None:
    image_module = pytest.importorskip("PIL.Image")
    from pipeline.read.printed import Glyph, Page, Rule
    from pipeline.read.recognition import RecognitionPostponedError, recognised

    page = Page(595.25, 842.0, (Glyph("港", 1.5, 2.25, 11.5, 12.0, 10.0), Glyph("口", 12, 2, 22, 12, 10.0, True)),
                (Rule(0.0, 20.0, 100.0, 20.5),), 90)  # fmt: skip
    image, other = (image_module.new("L", (20, 10), shade) for shade in (255, 0))
    with recognition(allowed=True, folder=tmp_path):
        assert recognised(image, 200.0, lambda: page) == page
    with recognition(allowed=False, folder=tmp_path):
        assert recognised(image, 200.0, lambda: pytest.fail("read again")) == page
        for shown, dots in ((other, 200.0), (image, 300.0)):
            with pytest.raises(RecognitionPostponedError):
                recognised(shown, dots, lambda: page)


def test_two_runs_on_one_output_exclude_each_other(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    told(raw, out)
    before = contents(out)
    with open_store(store_folder(out)):
        with pytest.raises(BusyError, match=rf"Another run is writing .*out \(process {os.getpid()}, since "):
            told(raw, out)
        assert main(["run", str(raw), "-o", str(out)]) == 2
        assert "Another run is writing" in capsys.readouterr().err
        told(raw, tmp_path / "another")
    assert contents(out) == before
    assert made(told(raw, out)) == set()


def test_a_damaged_store_is_made_anew(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told(raw, out)
    (store_folder(out) / FILE).write_bytes(b"not a store at all" * 500)
    assert made(told(raw, out)) == set(told(raw, out))
    assert contents(out) == fresh(raw, tmp_path / "other")


def test_a_damaged_reading_is_made_anew(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    told(raw, out)
    with sqlite3.connect(store_folder(out) / FILE) as base:
        base.execute("UPDATE readings SET content = x'00'")
    base.close()
    real = versions.versions()
    monkeypatch.setattr(documents, "versions", lambda: real.__class__(real.text, real.outline, b"x"))
    assert told(raw, out)["1.txt"] == "made well"
    assert contents(out) == fresh(raw, tmp_path / "other")


class Harm:
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.system, ("exit 1",)


def test_what_is_kept_can_only_be_values_of_the_model() -> None:
    import zlib

    text = normalise(open_source(plan(1), "a.txt"), load_lexicon())
    assert from_bytes(to_bytes(text)) == text
    for harm in (Harm(), print, Path("a"), [os.getcwd]):
        assert from_bytes(zlib.compress(pickle.dumps(harm))) is None
    assert from_bytes(b"") is None
    assert from_bytes(to_bytes(Block("paragraph", 0, 1))) == Block("paragraph", 0, 1)


def test_without_a_cache_nothing_is_left(raw: Path, tmp_path: Path) -> None:
    run_folders([raw], tmp_path / "out", settings=Settings(isolate=False, keep=False))
    assert {path.name for path in tmp_path.iterdir()} == {"raw", "out"}
    run_folders([raw], tmp_path / "out", settings=Settings(isolate=False, cache=tmp_path / "kept"))
    assert {path.name for path in tmp_path.iterdir()} == {"raw", "out", "kept"}
    assert made(told(raw, tmp_path / "out", Settings(isolate=False, cache=tmp_path / "kept"))) == set()


def test_what_is_of_no_file_is_forgotten(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told(raw, out)
    for path in raw.iterdir():
        if path.name != "1.txt":
            path.unlink()
    told(raw, out)
    base = sqlite3.connect(store_folder(out) / FILE)
    counts = [base.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("results", "readings", "files")]
    base.close()
    assert counts == [1, 2, 1]


def test_a_file_that_is_written_to_while_it_is_read_is_told(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    told(raw, out)
    seen = Store.seen

    def stale(self: Any, source: str, stamp: str) -> Any:
        found = seen(self, source, stamp)
        return found._replace(digest="0" * 64) if source == "1.txt" else found

    monkeypatch.setattr(Store, "seen", stale)
    assert told(raw, out)["1.txt"] == "made unreadable"


def test_a_document_that_cannot_be_written_is_a_row(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render = run.render

    def fails(outcome: run.Outcome) -> Any:
        if isinstance(outcome, Record) and outcome.document.source == "1.txt":
            raise RecursionError("too deep")
        return render(outcome)

    monkeypatch.setattr(run, "render", fails)
    found = told(raw, tmp_path / "out")
    assert (found["1.txt"], found["2.txt"]) == ("made internal_error", "made well")


def test_nothing_to_read_leaves_no_cache(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(NothingToReadError):
        run_folders([tmp_path / "raw"], tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"raw"}


KILLED = """
import sys
from pipeline.cli import main
sys.exit(main(["run", sys.argv[1], "-o", sys.argv[2], "-j", "2"]))
"""


@LINUX
def test_a_run_that_is_killed_at_any_moment_is_gone_on_with(raw: Path, tmp_path: Path) -> None:
    """A few moments here; benchmarks/kill.py takes two hundred."""
    out = tmp_path / "out"
    told(raw, out)
    former = contents(out)
    for number in range(30, 60):
        (raw / f"{number}.txt").write_bytes(plan(number))
    expected = fresh(raw, tmp_path / "other")
    random = Random(7)
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(raw), str(out)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(random.uniform(0.3, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert contents(out) in (former, expected) if out.exists() else True
    told(raw, out)
    assert contents(out) == expected
    leftovers = {path.name for path in tmp_path.iterdir()} - {"raw", "out", "other", ".out.cache"}
    assert leftovers == set()
    assert {path.name for path in (tmp_path / ".out.cache").iterdir()} == {FILE}


FULL = """
import resource, sys
from pipeline.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
sys.exit(main(["run", sys.argv[1], "-o", sys.argv[2], "-j", "1"]))
"""


@LINUX
@pytest.mark.parametrize("room", [20_000, 60_000, 90_000, 120_000])
def test_a_full_disk_leaves_the_former_output(raw: Path, tmp_path: Path, room: int) -> None:
    out = tmp_path / "out"
    told(raw, out)
    former = contents(out)
    for number in range(30, 60):
        (raw / f"{number}.txt").write_bytes(plan(number))
    ended = subprocess.run(
        [sys.executable, "-c", FULL, str(raw), str(out), str(room)], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert ended.returncode == 2, ended.stderr
    assert "The former output is untouched" in ended.stderr
    assert contents(out) == former
    told(raw, out)
    assert contents(out) == fresh(raw, tmp_path / "other")


def test_a_disk_that_fails_while_files_are_found_ends_the_run(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Store, source: str, stamp: str, seen: Any) -> None:
        self._do("INSERT INTO nowhere VALUES (1)")

    monkeypatch.setattr(Store, "learn", fails)
    with pytest.raises(FolderError, match="The former output is untouched"):
        told(raw, tmp_path / "out")


def test_the_log_for_programs_is_lines_of_json(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(raw), "-o", str(tmp_path / "out"), "--log-format", "json"]) == 1
    said = capsys.readouterr()
    events = [json.loads(line) for line in said.err.splitlines()]
    assert [event["done"] for event in events] == list(range(1, 9))
    assert {event["status"] for event in events} == {"read", "failed"}
    assert next(event for event in events if event["source"] == "empty.txt")["code"] == "empty_file"
    summary = json.loads(said.out)
    assert (summary["files"], summary["failed"], summary["unchanged"]) == (8, 2, 0)
    assert summary["rows"]["documents"] == 6 and len(summary["slowest"]) == 5


def test_a_second_run_says_what_was_unchanged(raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["run", str(raw), "-o", str(tmp_path / "out")]) == 1
        said = capsys.readouterr()
        # Who looks only at the last run must still learn which files gave no rows.
        assert "empty.txt: empty_file: " in said.err
    assert "unchanged since the last run: 8 of 8 files\n" in said.out
    assert "[" not in said.err


@LINUX
def test_a_folder_that_is_followed_is_read_when_it_changes(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "pipeline", "run", str(raw), "-o", str(out), "--watch", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"6 documents")
        (raw / "new.txt").write_bytes(plan(61))
        lines = iter(process.stdout.readline, b"")
        assert next(line for line in lines if b" documents, " in line).startswith(b"7 documents")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    assert contents(out) == fresh(raw, tmp_path / "other")
