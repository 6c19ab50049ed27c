"""The supervised worker: whatever a document does to it costs that document only, and nothing stays behind."""

from __future__ import annotations

import mmap
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_run import PLAN

from pipeline import run
from pipeline.batch.jobs import Job
from pipeline.batch.limits import CHARACTERS
from pipeline.batch.supervise import METHOD, NONE, Failure, Limits, Supervisor
from pipeline.batch.tasks import Task
from pipeline.model import Record
from pipeline.model.tables import ProblemRow
from pipeline.read.pulse import pulse
from pipeline.update import Done, Settings, run_folders

ROOT = Path(__file__).parents[1]
LINUX = pytest.mark.skipif(METHOD != "fork", reason="the worker is a copy of this process on Linux only")
SHORT = Limits(seconds=0.6, megabytes=2048)


def hang() -> None:
    while True:
        time.sleep(60)


def hang_in_c() -> None:
    sum(iter(int, 1))


def eat() -> None:
    eaten = []
    while True:
        eaten.append(bytes(64 << 20))


def write_without_end() -> None:
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()


def pulse_for_ever() -> None:
    while True:
        time.sleep(0.05)
        pulse()


def asked_by_name(task: str) -> Any:
    """Do what a task names, or give it back with the process that had it."""
    deeds: dict[str, Callable[[], None]] = {"hang": hang, "abort": os.abort, "pulses": pulse_for_ever}
    return deeds[task]() if task in deeds else (task, os.getpid())


@LINUX
@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (hang, "time_limit"),
        (hang_in_c, "time_limit"),
        (eat, "memory_limit"),
        (os.abort, "reader_crashed"),
        (sys.exit, "reader_crashed"),
        (lambda: os._exit(0), "reader_crashed"),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), "reader_crashed"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "memory_limit"),
    ],
)
def test_a_deed_costs_itself_and_the_next_task_is_answered(deed: Callable[[], None], code: str) -> None:
    deeds: dict[str, Callable[[], None]] = {"deed": deed}

    def function(task: str) -> Any:
        return deeds[task]() if task in deeds else (task, os.getpid())

    with Supervisor(function, SHORT) as supervisor:
        _, before = supervisor.answer("one")
        assert before != os.getpid()
        assert supervisor.answer("again") == ("again", before)
        began = time.monotonic()
        failure = supervisor.answer("deed")
        assert isinstance(failure, Failure)
        assert failure.code == code
        assert time.monotonic() - began < 20
        answer, after = supervisor.answer("two")
        assert answer == "two" and after != before


@LINUX
def test_messages_tell_what_happened_and_what_to_do() -> None:
    with Supervisor(asked_by_name, SHORT) as supervisor:
        slow, crashed = supervisor.answer("hang"), supervisor.answer("abort")
    assert slow.message.startswith("Reading it made no progress for 0.6 s and was stopped")
    assert "--time-limit" in slow.message
    assert "SIGABRT, signal 6" in crashed.message and "--memory-limit" in crashed.message


@LINUX
def test_signs_of_progress_give_more_time_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.batch.worker.PULSE_SECONDS", 0.1)

    def pages(task: int) -> int:
        for _ in range(task):
            time.sleep(0.2)
            pulse()
        return task

    with Supervisor(pages, Limits(seconds=0.8)) as supervisor:
        assert supervisor.answer(8) == 8
    with Supervisor(asked_by_name, Limits(seconds=0.4, whole=3)) as supervisor:
        failure = supervisor.answer("pulses")
        assert failure.code == "time_limit" and "after 1.2 s in all" in failure.message


@LINUX
def test_a_long_text_may_take_longer_without_a_sign() -> None:
    def stages(task: int) -> int:
        pulse(task)
        time.sleep(1.2)
        return task

    with Supervisor(stages, Limits(seconds=0.6)) as supervisor:
        assert supervisor.answer(20 * CHARACTERS) == 20 * CHARACTERS
        # What the text before was is forgotten.
        assert supervisor.answer(CHARACTERS // 2).code == "time_limit"
    with Supervisor(stages, Limits(seconds=0.3)) as supervisor:
        failure = supervisor.answer(2 * CHARACTERS)
    assert failure.code == "time_limit" and "made no progress for 0.6 s" in failure.message


@LINUX
def test_a_file_that_grows_without_end_is_stopped_and_removed() -> None:
    folders = []

    def function(task: str) -> str:
        if task == "where":
            return tempfile.gettempdir()
        try:
            write_without_end()
        except OSError as error:
            return error.strerror or ""
        return "written"

    with Supervisor(function, Limits(seconds=20, written_megabytes=8)) as supervisor:
        folders.append(Path(str(supervisor.answer("where"))))
        assert folders[0].is_dir() and folders[0] != Path(tempfile.gettempdir())
        assert supervisor.answer("write") == "File too large"
    assert not folders[0].exists()


def is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def gone(process: int) -> bool:
    """Wait for the end of a process."""
    until = time.monotonic() + 10
    while is_alive(process) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_alive(process)


@LINUX
@pytest.mark.parametrize("forked", [True, False])
def test_what_a_reader_starts_ends_with_it(tmp_path: Path, forked: bool) -> None:
    told = tmp_path / "pid"

    def function(_: str) -> None:
        if forked:
            # Holds the ends of all pipes open, as a program in C may that forks by itself.
            child = os.fork()
            if not child:
                time.sleep(60)
                os._exit(0)
        else:
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid
        told.write_text(str(child), encoding="utf-8")
        os.abort() if forked else hang()

    with Supervisor(function, SHORT) as supervisor:
        failure = supervisor.answer("start")
        assert isinstance(failure, Failure)
        assert gone(int(told.read_text(encoding="utf-8")))


@LINUX
def test_an_interrupt_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = Supervisor(asked_by_name, Limits(seconds=60))
    _, worker = supervisor.answer("one")

    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.batch.process.Link.poll", interrupted)
    with pytest.raises(KeyboardInterrupt), supervisor:
        supervisor.answer("hang")
    assert gone(worker)


@LINUX
def test_a_worker_goes_when_the_program_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = (
        "import os, pathlib, time\n"
        "from pipeline.batch.supervise import Supervisor\n"
        "def function(task):\n"
        f"    pathlib.Path({str(told)!r}).write_text(str(os.getpid()))\n"
        "    time.sleep(60)\n"
        "with Supervisor(function) as supervisor:\n"
        "    supervisor.answer('x')\n"
    )
    # A program that is killed leaves its folder for temporary files.
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    program = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    until = time.monotonic() + 20
    while not (told.exists() and told.read_text(encoding="utf-8")) and time.monotonic() < until:
        time.sleep(0.02)
    worker = int(told.read_text(encoding="utf-8"))
    assert is_alive(worker)
    program.kill()
    program.wait()
    assert gone(worker)


@LINUX
def test_the_worker_is_changed_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.batch.supervise.DOCUMENTS_A_WORKER", 3)
    with Supervisor(asked_by_name) as supervisor:
        workers = [supervisor.answer(str(number))[1] for number in range(7)]
    assert len(set(workers)) == 3 and workers[0] == workers[2] != workers[3]


@LINUX
def test_a_worker_that_needed_much_memory_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.batch.worker.LARGE", 0)
    monkeypatch.setattr("pipeline.batch.worker.LEAST_SERVED", 2)
    with Supervisor(asked_by_name) as supervisor:
        workers = [supervisor.answer(str(number))[1] for number in range(4)]
    assert workers[0] == workers[1] != workers[2] == workers[3]


@LINUX
def test_a_worker_that_is_started_ahead_has_prepared_itself_when_its_time_begins() -> None:
    def prepare() -> None:
        time.sleep(1.0)

    with Supervisor(asked_by_name, SHORT, prepare=prepare) as supervisor:
        supervisor.start_ahead()
        (one,) = supervisor.answers(["one"])
        assert one.seconds < 0.6
        assert supervisor.answer("two") == ("two", one.answer[1])
        supervisor.dismiss()
        assert gone(one.answer[1])


@LINUX
def test_what_hinders_a_worker_to_prepare_itself_is_told_here() -> None:
    def prepare() -> None:
        raise ValueError("rules with faults")

    for ahead in (True, False):
        with Supervisor(asked_by_name, SHORT, prepare=prepare) as supervisor:
            if ahead:
                supervisor.start_ahead()
            with pytest.raises(ValueError, match="rules with faults"):
                supervisor.answer("one")


@LINUX
def test_several_workers_answer_at_once_and_each_fails_alone() -> None:
    with Supervisor(asked_by_name, SHORT, workers=3) as supervisor:
        tasks = ["1", "hang", "2", "abort", "3", "4"]
        found = {answered.task: answered.answer for answered in supervisor.answers(tasks)}
    codes = {task: answer.code for task, answer in found.items() if isinstance(answer, Failure)}
    assert codes == {"hang": "time_limit", "abort": "reader_crashed"}
    assert {answer[0] for task, answer in found.items() if task not in codes} == {"1", "2", "3", "4"}


@LINUX
def test_tasks_that_come_of_answers_are_waited_for() -> None:
    given: list[str] = []
    more = ["c", "b"]

    def tasks() -> Iterator[str]:
        yield "a"
        while more or len(given) < 3:
            yield more.pop() if more and given else NONE

    with Supervisor(asked_by_name, SHORT, workers=2) as supervisor:
        for answered in supervisor.answers(tasks()):
            given.append(answered.task)
    assert given[0] == "a" and sorted(given) == ["a", "b", "c"]


@LINUX
def test_a_program_in_a_group_of_its_own_goes_with_its_worker(tmp_path: Path) -> None:
    """An office program leads its group, so that it can be stopped alone; the folder among its arguments tells."""

    def starts(_: str) -> None:
        here = tempfile.gettempdir()
        command = [sys.executable, "-c", "import time; time.sleep(600)", here]
        child = subprocess.Popen(command, start_new_session=True)
        (tmp_path / "child").write_text(str(child.pid), encoding="utf-8")
        time.sleep(600)

    with Supervisor(starts, Limits(seconds=2)) as supervisor:
        assert isinstance(supervisor.answer("task"), Failure)
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    state = Path(f"/proc/{child}/stat")

    def lives() -> bool:
        return state.exists() and state.read_text(encoding="utf-8").split()[2] != "Z"

    # A busy machine takes its time to end what was killed.
    ends = time.monotonic() + 10
    while lives() and time.monotonic() < ends:
        time.sleep(0.05)
    assert not lives()


def test_a_fresh_process_answers_too() -> None:
    """What Windows and macOS do: the worker imports the function anew, and the main module not at all."""
    with Supervisor(run.document_outcome, method="spawn") as supervisor:
        record = supervisor.answer(Task(Job("计划.txt", PLAN.encode()), ("计划.txt", 1)))
        assert isinstance(record, Record) and len(record.targets) > 2
        refused = supervisor.answer(Task(Job("empty.txt", b""), ("empty.txt", 1)))
        assert isinstance(refused, ProblemRow) and refused.code == "empty_file"


def test_the_bounds_of_one_document_do_not_touch_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if METHOD != "fork":
        pytest.skip("the reader is replaced in this process; only a copy of it has the replacement")
    raw = tmp_path / "raw"
    raw.mkdir()
    deeds = {"b.txt": hang, "c.txt": eat, "d.txt": os.abort}
    for name in ("a.txt", *deeds, "e.txt"):
        (raw / name).write_text(PLAN.replace("12个", f"{ord(name[0])}个"), encoding="utf-8")
    open_source = run.open_source

    def opened(data: bytes, source: str) -> object:
        deeds.get(source, lambda: None)()
        return open_source(data, source)

    monkeypatch.setattr(run, "open_source", opened)
    found: dict[str, str] = {}

    def watch(_: int, __: int, one: Done) -> None:
        found[one.source] = one.code or "read"

    counts = run_folders(
        [raw], tmp_path / "out", watch=watch, settings=Settings(limits=Limits(seconds=3, megabytes=2048))
    )
    assert counts.rows["documents"] == 2
    assert found == {
        "a.txt": "read", "b.txt": "time_limit", "c.txt": "memory_limit", "d.txt": "reader_crashed", "e.txt": "read",
    }  # fmt: skip


@LINUX
def test_what_the_program_itself_takes_is_not_the_document_s() -> None:
    """A program that fetches files from servers has hundreds of megabytes of addresses for its threads."""
    with mmap.mmap(-1, 3 << 30), Supervisor(lambda size: len(bytes(size)), Limits(megabytes=1024)) as supervisor:
        assert supervisor.answer(100 << 20) == 100 << 20
        found = supervisor.answer(2 << 30)
        assert isinstance(found, Failure) and found.code == "memory_limit"
